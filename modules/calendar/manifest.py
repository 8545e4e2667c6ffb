"""What the calendar offers the rest and lets a person change: data only."""

from __future__ import annotations

from modules.sdk.module import Pane
from modules.sdk.setting import Setting
from modules.sdk.slot import (
    Agenda,
    Capture,
    Detail,
    Export,
    Import,
    Remind,
    Search,
    Seed,
    Slot,
    Today,
)

PANES: tuple[Pane, ...] = (
    Pane(
        name="calendar",
        title="Calendar",
        view="modules.calendar.views.calendar:CalendarView",
    ),
)

SLOTS: tuple[Slot, ...] = (
    Agenda(title="Events", spans="modules.calendar.slots:spans"),
    Today(title="Calendar", lines="modules.calendar.slots:today", order=10),
    Capture(
        letter="e",
        words=("event", "termin"),
        title="Event",
        command="calendar.add",
        values="modules.calendar.slots:captured",
        parts="modules.calendar.slots:parts",
    ),
    Detail(kind="calendar.event", view="modules.calendar.views.detail:EventView"),
    Detail(kind="calendar.broken", view="modules.calendar.views.lists:BrokenView"),
    Search(kind="calendar.event", document="modules.calendar.slots:document"),
    Seed(records="modules.calendar.slots:seeds", share=0.6),
    Remind(reminders="modules.calendar.slots:reminders"),
    Import(
        format="ics",
        title="iCalendar",
        detect="modules.calendar.formats.ics:detect",
        read="modules.calendar.formats.ics:read_in",
    ),
    Import(
        format="vdir",
        title="Folder of iCalendar files",
        detect="modules.calendar.formats.ics:detect",
        read="modules.calendar.formats.ics:read_in",
        folder=True,
    ),
    Export(
        format="ics",
        title="iCalendar",
        write="modules.calendar.formats.ics:write",
        extension="ics",
    ),
)

SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="default_minutes",
        title="An event takes, unless said otherwise",
        type=int,
        default=60,
        help="Minutes.",
    ),
    Setting(
        name="remind_minutes",
        title="Remind before events without a reminder of their own",
        type=int,
        default=0,
        help="Minutes; 0 for not at all.",
    ),
    Setting(
        name="show_cancelled",
        title="Show cancelled events",
        type=bool,
        default=False,
    ),
    Setting(
        name="view",
        title="What the calendar opens with",
        type=str,
        default="week",
        help="week, day, month, agenda or year.",
    ),
)
