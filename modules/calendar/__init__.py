"""Calendar: what happens when, of this module and of all others."""

from modules.calendar.commands.calendars import (
    add_calendar,
    delete_calendars,
    edit_calendar,
    hide,
    list_calendars,
)
from modules.calendar.commands.events import add, delete, duplicate, edit, move, resize
from modules.calendar.commands.files import (
    broken,
    broken_delete,
    broken_show,
    export,
    repair,
)
from modules.calendar.commands.reading import (
    day,
    find,
    free,
    list_,
    month,
    show,
    today,
    week,
)
from modules.calendar.manifest import PANES, SETTINGS, SLOTS
from modules.calendar.model import Broken, Calendar, Event, Zone
from modules.sdk import Module

module = Module(
    name="calendar",
    title="Calendar",
    icon="▦",
    summary="Days, weeks and months with everything that is planned.",
    go="c",
    records=(Event, Calendar, Broken, Zone),
    commands=(
        add, list_, show, edit, move, resize, delete, duplicate, find, free, today, day, week,
        month, export, list_calendars, add_calendar, edit_calendar, hide, delete_calendars,
        broken, broken_show, repair, broken_delete,
    ),
    panes=PANES,
    slots=SLOTS,
    settings=SETTINGS,
    empty="Nothing is planned. Press a to add an event here, or import a calendar: "
    "mana import calendar.ics",
)  # fmt: skip
