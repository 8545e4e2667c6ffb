"""What reading commands return: one occurrence, told flat, for people, tools and JSON."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

import msgspec

from modules.calendar.model import Calendar
from modules.calendar.occurrence import Occurrence


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One occurrence of an event. `start` and `end` are local to the person; an all-day
    one has `day` and `last_day` (inclusive) as well."""

    id: str
    short: str
    title: str
    start: datetime
    end: datetime
    day: date | None = None
    last_day: date | None = None
    calendar: str = ""
    place: str = ""
    status: str = "confirmed"
    busy: bool = True
    repeats: bool = False
    people: tuple[str, ...] = ()
    url: str = ""
    color: str = ""


def entry(found: Occurrence, calendars: dict[str, Calendar], home: tzinfo) -> Entry:
    """An occurrence as an entry."""
    event = found.event
    start, end = (at.astimezone(home) for at in found.instants(home))
    day = last_day = None
    if not isinstance(found.start, datetime) and not isinstance(found.end, datetime):
        day, last_day = found.start, found.end - timedelta(days=1)
    calendar = calendars.get(event.calendar)
    return Entry(
        id=event.id,
        short=event.short,
        title=event.title or "(no title)",
        start=start,
        end=end,
        day=day,
        last_day=last_day,
        calendar=calendar.name if calendar else "",
        place=event.place,
        status=event.status,
        busy=event.busy and event.status != "cancelled",
        repeats=event.recurs or bool(event.occurs),
        people=tuple(map(str, event.people)),
        url=event.url,
        color=event.color or (calendar.color if calendar else ""),
    )
