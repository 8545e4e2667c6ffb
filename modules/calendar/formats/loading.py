"""A whole `.ics` file: its calendars, their events, and what cannot be used, one by one."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import msgspec

from modules.calendar.formats.lines import Item, Part, items, parts, unescape
from modules.calendar.formats.reading import Read, event
from modules.calendar.formats.vtimezone import Definitions
from modules.calendar.model import Zone
from modules.calendar.zones import guess, iana
from storage.errors import UserError

OTHERS = {
    "VTODO": "It is a task, not an event.",
    "VJOURNAL": "It is a journal entry, not an event.",
    "VFREEBUSY": "It says when someone is free or busy, and is no event.",
    "VAVAILABILITY": "It says when someone is available, and is no event.",
    "VALARM": "A reminder outside of an event.",
}
"""Why components that are no events are kept, but not shown in a calendar."""

_USED = frozenset((
    "VERSION", "PRODID", "CALSCALE", "METHOD", "NAME", "X-WR-CALNAME", "X-WR-CALDESC",
    "DESCRIPTION", "COLOR", "X-APPLE-CALENDAR-COLOR", "X-WR-TIMEZONE",
))  # fmt: skip


class Unusable(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a file that is not an event we can use."""

    item: str
    reason: str
    component: str
    raw: str


class Loaded(msgspec.Struct, kw_only=True):
    """One calendar of a file."""

    name: str = ""
    color: str = ""
    description: str = ""
    zone: str = ""
    raw: str = ""
    events: list[Read] = []
    unusable: list[Unusable] = []


class File(msgspec.Struct, kw_only=True):
    """What a file holds."""

    calendars: list[Loaded]
    zones: list[Zone]


def load(data: bytes) -> File:
    """Read a file; nothing in it raises."""
    zones = Definitions()
    frames: dict[int, Item] = {}
    rest: list[Item] = []
    for item in items(data):
        if item.name == "VTIMEZONE":
            zones.add(item)
        elif item.name == "VCALENDAR":
            frames[item.calendar] = item
        else:
            rest.append(item)
    calendars = {number: _calendar(frame) for number, frame in frames.items()}
    refused = {n: reason for n, frame in frames.items() if (reason := _refuses(frame))}
    for item in rest:
        calendar = calendars.setdefault(item.calendar, Loaded(events=[], unusable=[]))
        _take(item, calendar, zones, refused.get(item.calendar, ""))
    first = calendars.setdefault(min(calendars, default=0), Loaded(events=[], unusable=[]))
    for item in zones.items.values():
        zones(_tzid(item))
    for item, reason in zones.problems:
        first.unusable.append(unusable(item, reason))
    for calendar in calendars.values():
        calendar.events = list(_newest(calendar))
    return File(
        calendars=[calendars[n] for n in sorted(calendars)], zones=list(zones.used.values())
    )


def _tzid(item: Item) -> str:
    own, _, _ = parts(item.lines)
    return next((p.value.strip() for p in own if p.name == "TZID"), "")


def _take(item: Item, calendar: Loaded, zones: Definitions, refused: str) -> None:
    if item.name != "VEVENT":
        _descend(item, calendar, zones, refused)
        reason = (
            OTHERS.get(item.name)
            or item.problem
            or f"mana does not know a {item.name[:40]}."
        )
        calendar.unusable.append(unusable(item, reason))
        return
    try:
        if refused:
            raise UserError(refused)
        calendar.events.append(
            event(item, zones, iana(calendar.zone) if calendar.zone else None)
        )
    except UserError as error:
        calendar.unusable.append(unusable(item, str(error)))


def _descend(item: Item, calendar: Loaded, zones: Definitions, refused: str) -> None:
    """Events inside a component that mana does not know."""
    if item.name in OTHERS or not item.name:
        return
    _, inside, _ = parts(item.lines)
    for name, lines in inside:
        if name == "VEVENT":
            _take(Item(name, lines, item.calendar), calendar, zones, refused)


def unusable(item: Item, reason: str) -> Unusable:
    """Name an item by what it says of itself."""
    own, _, _ = parts(item.lines)
    said: dict[str, Part] = {}
    for one in own:
        said.setdefault(one.name, one)
    label = next((said[n].value for n in ("SUMMARY", "UID", "TZID") if n in said), "")
    if not label and item.lines:
        label = item.lines[0]
    name = f"{item.name or 'text'} {' '.join(unescape(label).split())}"
    return Unusable(
        item=name[:200].strip(), reason=reason[:900], component=item.name[:40], raw=item.raw
    )


def _calendar(frame: Item) -> Loaded:
    own, _, odd = parts(frame.lines)
    said: dict[str, Part] = {}
    for one in own:
        said.setdefault(one.name, one)

    def of(*names: str) -> str:
        return next((unescape(said[n].value).strip() for n in names if n in said), "")

    kept = [one.line for one in own if one.name not in _USED] + odd
    return Loaded(
        name=" ".join(of("X-WR-CALNAME", "NAME").split())[:200],
        color=of("COLOR", "X-APPLE-CALENDAR-COLOR")[:40],
        description=of("X-WR-CALDESC", "DESCRIPTION")[:100_000],
        zone=guess(of("X-WR-TIMEZONE")) if "X-WR-TIMEZONE" in said else "",
        raw="\n".join(kept)[:200_000],
        events=[],
        unusable=[],
    )


def _refuses(frame: Item) -> str:
    for line in frame.lines:
        name, _, value = line.partition(":")
        if name.strip().upper() == "CALSCALE" and value.strip().upper() != "GREGORIAN":
            return f"The calendar scale {value.strip()[:40]} is not supported."
    return ""


def _newest(calendar: Loaded) -> Iterable[Read]:
    """The highest version of each event and override; older ones are kept as unusable.

    Events without a UID get one from their text, so that importing again finds them.
    """
    best: dict[tuple[str, str], Read] = {}
    nameless: dict[str, int] = {}
    for said in calendar.events:
        read, found = said, said.event
        if not found.uid:
            digest = blake2b(
                found.raw.encode("utf-8", "replace"), digest_size=12
            ).hexdigest()
            nameless[digest] = nameless.get(digest, 0) + 1
            found = msgspec.structs.replace(
                found, uid=f"{digest}-{nameless[digest]}@no-uid"
            )
            read = Read(found, read.categories)
        key = (found.uid, found.occurs)
        held = best.get(key)
        if held is None:
            best[key] = read
            continue
        older = found
        if found.sequence > held.event.sequence:
            best[key], older = read, held.event
        calendar.unusable.append(
            Unusable(
                item=f"VEVENT {older.title or older.uid}"[:200],
                reason="The file has another version of the same event (UID) that counts.",
                component="VEVENT",
                raw=older.raw,
            )
        )
    return best.values()
