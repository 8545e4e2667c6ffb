"""Events become iCalendar text. What was imported and is unchanged is written as it was,
line by line; only what changed since is written anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta

import msgspec

from modules.calendar.formats.lines import Part, escape, fold, parameter, part
from modules.calendar.formats.loading import load
from modules.calendar.formats.reading import Read
from modules.calendar.formats.vtimezone import definition
from modules.calendar.model import (
    OPEN,
    Alarm,
    Calendar,
    Event,
    Moment,
    Person,
    Zone,
    unperiod,
)
from modules.calendar.zones import Zones, end_of, guess, iana, read, start_of

PRODID = "-//mana//mana calendar//EN"

GROUPS: Mapping[str, tuple[str, ...]] = {
    "UID": ("uid",),
    "SUMMARY": ("title",),
    "LOCATION": ("place",),
    "DESCRIPTION": ("description",),
    "URL": ("url",),
    "COLOR": ("color",),
    "STATUS": ("status",),
    "TRANSP": ("busy",),
    "CLASS": ("visibility",),
    "SEQUENCE": ("sequence",),
    "DTSTART DTEND DURATION": (
        "day", "start_time", "last_day", "end_time", "zone", "end_zone",
    ),
    "RRULE": ("rrule",),
    "RDATE": ("rdate",),
    "EXDATE": ("exdate",),
    "RECURRENCE-ID": ("occurs", "onwards"),
    "ORGANIZER": ("organizer",),
    "ATTENDEE": ("people",),
    "CATEGORIES": ("categories",),
    "VALARM": ("alarms",),
}  # fmt: skip
"""Which fields of an event each property says."""

_EMPTY = Read(Event(day=date.min, last_day=date.min, sequence=-1), ())


def lines_of(event: Event, categories: Iterable[str], zones: Zones = iana) -> list[str]:
    """A VEVENT as unfolded lines."""
    mine = Read(event, tuple(categories))
    kept, said = _imported(event)
    changed = [
        (names.split(), fields)
        for names, fields in GROUPS.items()
        if any(_get(mine, field) != _get(said, field) for field in fields)
    ]
    gone = {name for names, _ in changed for name in names}
    lines = [*_without(kept, gone)]
    if not kept:
        lines.append(f"DTSTAMP:{_utc(event.updated)}")
        lines.append(f"CREATED:{_utc(event.created)}")
    for names, _ in changed:
        lines += _WRITE[names[0]](mine, zones)
    return ["BEGIN:VEVENT", *lines, "END:VEVENT"]


def _imported(event: Event) -> tuple[list[str], Read]:
    """The lines it came with and what they say, or nothing."""
    if not event.raw:
        return [], _EMPTY
    file = load(event.raw.encode("utf-8", "replace"))
    reads = [one for calendar in file.calendars for one in calendar.events]
    if len(reads) != 1:
        return [], _EMPTY
    said = reads[0]
    if said.event.uid.endswith("@no-uid"):
        said = Read(msgspec.structs.replace(said.event, uid=""), said.categories)
    return event.raw.split("\n")[1:-1], said


def _get(read: Read, field: str) -> object:
    return read.categories if field == "categories" else getattr(read.event, field)


def _without(lines: Iterable[str], gone: set[str]) -> Iterator[str]:
    """Lines of an event without some of its properties (or its VALARM parts)."""
    inside = 0
    dropping = False
    for line in lines:
        upper = line.upper()
        if upper.startswith("BEGIN:"):
            if not inside:
                dropping = upper[6:].strip() in gone
            inside += 1
        if inside:
            if not dropping:
                yield line
            if upper.startswith("END:"):
                inside -= 1
            continue
        found: Part | None = part(line)
        if found is None or found.name not in gone:
            yield line


# --- one property each ------------------------------------------------------------------------


def _text(name: str, field: str) -> Callable[[Read, Zones], list[str]]:
    def write(read: Read, _: Zones) -> list[str]:
        value = getattr(read.event, field)
        return [f"{name}:{escape(value)}"] if value else []

    return write


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def timed(name: str, value: Moment, params: str = "") -> str:
    """A property that holds one moment."""
    if not isinstance(value, datetime):
        return f"{name}{params};VALUE=DATE:{value:%Y%m%d}"
    if value.tzinfo is UTC:
        return f"{name}{params}:{value:%Y%m%dT%H%M%SZ}"
    if value.tzinfo is None:
        return f"{name}{params}:{value:%Y%m%dT%H%M%S}"
    return f"{name}{params};TZID={parameter(str(value.tzinfo))}:{value:%Y%m%dT%H%M%S}"


def _span(read: Read, zones: Zones) -> list[str]:
    event = read.event
    start, end = start_of(event, zones), end_of(event, zones)
    return [timed("DTSTART", start), *([timed("DTEND", end)] if end != start else [])]


def _recurrence(read: Read, zones: Zones) -> list[str]:
    event = read.event
    if not event.occurs:
        return []
    params = ";RANGE=THISANDFUTURE" if event.onwards else ""
    return [timed("RECURRENCE-ID", _moment(event.occurs, event, zones), params)]


def _moment(text: str, _: Event, zones: Zones) -> Moment:
    return read(text, zones)


def _dates(name: str, field: str) -> Callable[[Read, Zones], list[str]]:
    def write(one: Read, zones: Zones) -> list[str]:
        found = []
        for text in getattr(one.event, field):
            begin, length = unperiod(text)
            line = timed(name, read(begin, zones))
            if length is not None:
                head, _, value = line.partition(":")
                line = f"{head};VALUE=PERIOD:{value}/{written(length)}"
            found.append(line)
        return found

    return write


def written(length: timedelta) -> str:
    """A DURATION."""
    seconds = int(length.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    days, rest = divmod(seconds, 86_400)
    if seconds and not rest:
        return f"{sign}P{days}D"
    clock = "".join(
        f"{n}{unit}" for n, unit in ((rest // 3600, "H"), (rest // 60 % 60, "M"), (rest % 60, "S"))
        if n
    )  # fmt: skip
    return f"{sign}P{f'{days}D' if days else ''}T{clock or '0S'}"


def _person(name: str, person: Person) -> str:
    params = f";CN={parameter(person.name)}" if person.name else ""
    if person.role:
        params += f";ROLE={parameter(person.role.upper())}"
    if person.answer:
        params += f";PARTSTAT={parameter(person.answer.upper())}"
    if person.email:
        return f"{name}{params}:mailto:{person.email}"
    return f"{name}{params}:urn:uuid:{person.name.encode().hex()[:32] or '0'}"


def _alarm(alarm: Alarm) -> list[str]:
    if alarm.at is not None:
        trigger = f"TRIGGER;VALUE=DATE-TIME:{_utc(alarm.at)}"
    else:
        related = ";RELATED=END" if alarm.end else ""
        trigger = f"TRIGGER{related}:{written(-alarm.before)}"
    text = f"DESCRIPTION:{escape(alarm.text)}"
    return ["BEGIN:VALARM", "ACTION:DISPLAY", trigger, text, "END:VALARM"]


def _privacy(read: Read, _: Zones) -> list[str]:
    return ["CLASS:PRIVATE"] if read.event.visibility == "private" else []


_WRITE: Mapping[str, Callable[[Read, Zones], list[str]]] = {
    "UID": _text("UID", "uid"),
    "SUMMARY": _text("SUMMARY", "title"),
    "LOCATION": _text("LOCATION", "place"),
    "DESCRIPTION": _text("DESCRIPTION", "description"),
    "URL": lambda r, _: [f"URL:{r.event.url}"] if r.event.url else [],
    "COLOR": _text("COLOR", "color"),
    "STATUS": lambda r, _: [f"STATUS:{r.event.status.upper()}"],
    "TRANSP": lambda r, _: [f"TRANSP:{'OPAQUE' if r.event.busy else 'TRANSPARENT'}"],
    "CLASS": _privacy,
    "SEQUENCE": lambda r, _: (
        [f"SEQUENCE:{r.event.sequence}"] if r.event.sequence >= 0 else []
    ),
    "DTSTART": _span,
    "RRULE": lambda r, _: [f"RRULE:{rule}" for rule in r.event.rrule],
    "RDATE": _dates("RDATE", "rdate"),
    "EXDATE": _dates("EXDATE", "exdate"),
    "RECURRENCE-ID": _recurrence,
    "ORGANIZER": lambda r, _: (
        [_person("ORGANIZER", r.event.organizer)] if r.event.organizer else []
    ),
    "ATTENDEE": lambda r, _: [_person("ATTENDEE", p) for p in r.event.people],
    "CATEGORIES": lambda r, _: [f"CATEGORIES:{escape(name)}" for name in r.categories],
    "VALARM": lambda r, _: [line for a in r.event.alarms for line in _alarm(a)],
}


# --- whole files ----------------------------------------------------------------------------------


def calendar_bytes(
    calendar: Calendar | None,
    events: Iterable[tuple[Event, tuple[str, ...]]],
    zones: Zones = iana,
    own: Iterable[Zone] = (),
    rest: Iterable[str] = (),
) -> Iterator[bytes]:
    """One VCALENDAR: its own lines, the zones it names, its events, and raw components."""
    found = [(event, lines_of(event, tags, zones)) for event, tags in events]
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODID}", "CALSCALE:GREGORIAN"]
    if calendar is not None:
        head += [f"X-WR-CALNAME:{escape(calendar.name)}", f"NAME:{escape(calendar.name)}"]
        head += [f"COLOR:{escape(calendar.color)}"] if calendar.color else []
        head += (
            [f"X-WR-CALDESC:{escape(calendar.description)}"] if calendar.description else []
        )
        head += [line for line in calendar.raw.split("\n") if line]
    for line in [*head, *_definitions(found, own)]:
        yield fold(line)
    for _, lines in found:
        yield b"".join(fold(line) for line in lines)
    for raw in rest:
        yield b"".join(fold(line) for line in raw.split("\n"))
    yield fold("END:VCALENDAR")


def _definitions(found: list[tuple[Event, list[str]]], own: Iterable[Zone]) -> list[str]:
    used: dict[str, set[int]] = {}
    for event, lines in found:
        last = event.day.year + 10 if event.last >= OPEN else event.last.year
        for line in lines:
            if "TZID" not in line or (one := part(line)) is None:
                continue
            if tzid := one.params.get("TZID", ""):
                used.setdefault(tzid, set()).update(range(event.day.year, last + 1))
    written_out: list[str] = []
    known = {zone.name: zone for zone in own}
    for tzid, years in sorted(used.items()):
        zone = known.get(tzid)
        if zone is not None:
            written_out += [
                f"TZID:{tzid}" if line.upper().startswith("TZID") else line
                for line in zone.raw.split("\n")
            ]
        elif name := guess(tzid):
            made = definition(name, range(min(years), max(years) + 1))
            written_out += [
                f"TZID:{tzid}" if line == f"TZID:{name}" else line for line in made
            ]
    return written_out
