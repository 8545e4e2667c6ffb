"""What the calendar offers the rest of the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from modules.calendar import queries
from modules.calendar.model import Calendar, Event, Person
from modules.calendar.occurrence import Occurrence
from modules.sdk import Context, Query, Record, Reminder, Span, TodayLine
from modules.sdk.text.dates import format_time

if TYPE_CHECKING:
    from random import Random

    from modules.sdk.text.capture import Captured

KIND = "calendar.event"
ICON = "▦"
FAR = timedelta(days=62)
"""Reminders earlier than this before an event are not looked for."""


# --- the agenda -----------------------------------------------------------------------


def spans(context: Context, start: datetime, end: datetime) -> list[Span]:
    """Events of the calendars that are shown, between two aware instants."""
    store = context.store
    known = {c.id: c for c in store.all(Query(Calendar))}
    where = queries.shown(store)
    found = queries.occurrences(store, start, end, context.zone, where)
    cancelled = context.setting("calendar.show_cancelled")
    return [
        span(one, known, context)
        for one in found
        if cancelled or one.event.status != "cancelled"
    ]


def span(found: Occurrence, known: dict[str, Calendar], context: Context) -> Span:
    """One occurrence as a span."""
    event = found.event
    start, end = (at.astimezone(context.zone) for at in found.instants(context.zone))
    calendar = known.get(event.calendar)
    day = last_day = None
    if not isinstance(found.start, datetime) and not isinstance(found.end, datetime):
        day, last_day = found.start, found.end - timedelta(days=1)
    return Span(
        title=event.title or "(no title)",
        start=start,
        end=end,
        kind=KIND,
        record=event.id,
        space=event.space,
        day=day,
        last_day=last_day,
        done=event.status == "cancelled",
        busy=event.busy and event.status != "cancelled",
        group=calendar.name if calendar else "",
        color=event.color or (calendar.color if calendar else ""),
        icon="↻" if event.recurs or event.occurs else "",
        place=event.place,
    )


def today(context: Context, day: date) -> list[TodayLine]:
    """The day's events: all-day ones first, then by time; those that are over are done."""
    low, high = queries.local_day(day, context.zone)
    now = context.now()
    return [
        TodayLine(
            text=_line(one, context),
            section="Calendar",
            kind=KIND,
            record=one.record,
            icon=one.icon or ICON,
            weight=0 if one.day else 1,
            done=one.done or (one.day is None and one.end <= now) or None,
            at=None if one.day else one.start,
            minutes=0 if one.day else int((one.end - one.start) / timedelta(minutes=1)),
        )
        for one in spans(context, low, high)
    ]


def _line(one: Span, context: Context) -> str:
    where = f" ({one.place})" if one.place else ""
    if one.day:
        return f"{one.title}{where}"
    clock = f"{format_time(one.start.time(), context.locale)}"
    return f"{clock} {one.title}{where}"


def reminders(context: Context, since: datetime, until: datetime) -> list[Reminder]:
    """Reminders of events that fall between two instants."""
    made: list[Reminder] = []
    low, high = since - timedelta(days=2), until + FAR
    default = context.setting("calendar.remind_minutes") or 0
    for one in queries.occurrences(context.store, low, high, context.zone):
        if one.event.status == "cancelled":
            continue
        for at in _moments(one, context, default):
            if since <= at < until:
                start = one.instants(context.zone)[0].astimezone(context.zone)
                clock = "" if one.all_day else f" {start:%H:%M}"
                text = f"{one.event.title or 'Event'}{clock}"
                made.append(Reminder(at=at, text=text, kind=KIND, record=one.event.id))
    return sorted(made, key=lambda r: r.at)


def _moments(found: Occurrence, context: Context, default: int) -> Iterator[datetime]:
    start, end = found.instants(context.zone)
    alarms = found.event.alarms
    if not alarms and default and not found.all_day:
        yield start - timedelta(minutes=default)
    for alarm in alarms:
        if alarm.at is not None:
            yield alarm.at
        else:
            yield (end if alarm.end else start) - alarm.before


# --- capture ---------------------------------------------------------------------------


def captured(line: Captured, context: Context) -> dict[str, Any]:
    """`calendar.add` values of a captured line. The first `@name` is a calendar where
    there is one of that name, else someone who takes part."""
    values: dict[str, Any] = {"title": line.title or line.line or "Event"}
    people = list(line.people)
    known = {c.name.casefold(): c.name for c in queries.calendars(context.store)}
    if people and people[0].casefold() in known:
        values["calendar"] = known[people.pop(0).casefold()]
    said = {
        "people": tuple(people),
        "place": line.place,
        "repeat": line.repeat.rrule if line.repeat is not None else "",
        "tags": line.tags,
        "url": next(iter(line.links), ""),
        "all_day": "all_day" in line.extra,
    }
    return values | _when(line, context) | {k: v for k, v in said.items() if v}


def _when(line: Captured, context: Context) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if line.start is not None:
        day = line.day or context.today()
        start = datetime.combine(day, line.start, context.zone)
        said["start"] = start
        if line.end is not None:
            end = datetime.combine(line.last_day or day, line.end, context.zone)
            said["end"] = end if end > start else end + timedelta(days=1)
    elif line.day is not None:
        said["day"] = line.day
        if line.last_day is not None:
            said["last_day"] = line.last_day
    if line.estimate is not None and "end" not in said:
        said["duration"] = line.estimate
        if line.start is None and line.day is not None:
            said |= {"start": _next_hour(line.day, context)}
            said.pop("day", None)
    return said


def _next_hour(day: date, context: Context) -> datetime:
    now = context.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return datetime.combine(day, now.time(), context.zone)


def parts(text: str, locale: str) -> list[Any]:
    """All-day words of a line."""
    import re

    from modules.sdk.text.capture import Part

    found = re.search(
        r"\b(ganzt[äa]gig|ganzer tag|ganzen tag|all[- ]day)\b", text, re.IGNORECASE
    )
    if not found:
        return []
    return [Part("all_day", found.start(), found.end(), found[0], True)]


# --- search, seeds ------------------------------------------------------------------------


def document(event: Event) -> dict[str, Any]:
    """What search reads of an event."""
    people = [event.organizer, *event.people] if event.organizer else list(event.people)
    return {
        "title": event.title,
        "body": "\n".join(filter(None, (event.place, event.description, event.url))),
        "people": [_who(p) for p in people],
        "date": event.day,
        "state": "done" if event.status == "cancelled" else "open",
    }


def _who(person: Person) -> str:
    return f"{person.name} {person.email}".strip()


def seeds(context: Context, count: int, random: Random, **_: Any) -> Iterator[Record]:
    """Realistic weeks around today."""
    from modules.calendar.seed import records

    return records(context, count, random)
