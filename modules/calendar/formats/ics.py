"""`.ics` files and folders of them (vdir), in and out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from hashlib import blake2b
from pathlib import Path

import msgspec

from modules.calendar.formats.lines import fold, part
from modules.calendar.formats.loading import OTHERS, Loaded, Unusable, load
from modules.calendar.formats.reading import Read
from modules.calendar.formats.writing import calendar_bytes, timed
from modules.calendar.model import COLORS, Broken, Calendar, Event, Zone
from modules.calendar.queries import bounded, calendars, zones_of
from modules.calendar.zones import Zones
from modules.sdk import Context, Query, Record, Rejected, Source, col, stable_id
from storage.errors import UserError

MOST_FILES = 200_000


# --- in ------------------------------------------------------------------------------


def detect(path: Path, head: bytes) -> bool:
    """An iCalendar file with events, or a folder that holds `.ics` files."""
    if path.is_dir():
        return any(path.glob("*.ics")) or any(path.glob("*/*.ics"))
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096].upper()
    if not (
        start.startswith(b"BEGIN:V") or (path.suffix.lower() in (".ics", ".ical", ".ifb"))
    ):
        return False
    tasks = b"BEGIN:VTODO" in start and b"BEGIN:VEVENT" not in start
    return not tasks and not start.startswith(b"BEGIN:VCARD")


def read_in(context: Context, source: Source) -> Iterator[Record | Rejected]:
    """Read a file, or a folder with one calendar per folder of `.ics` files."""
    reader = _Reader(context)
    if source.data is None and source.path.is_dir():
        yield from _folder(reader, source.path)
    else:
        name = source.path.stem if source.path.name != "-" else ""
        yield from reader.file(source.read(), name, source.path.name)


def _folder(reader: _Reader, root: Path) -> Iterator[Record | Rejected]:
    files = sorted(p for p in root.glob("**/*.ics") if p.is_file())[:MOST_FILES]
    for number, path in enumerate(files):
        reader.context.progress(number, len(files), path.name)
        folder = path.parent
        name = _said(folder / "displayname") or folder.name
        try:
            data = Source(path=path).read()
        except (OSError, UserError) as error:
            yield Rejected(item=path.name, reason=str(error)[:300])
            continue
        yield from reader.file(
            data, name, str(path.relative_to(root)), _said(folder / "color"), folder=True
        )


def _said(path: Path) -> str:
    """What vdir keeps beside the files: a name, a colour."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return " ".join(file.read(400).decode("utf-8", "replace").split())[:200]


class _Reader:
    """Gives loaded events their ids, calendars, tags and bounds."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.store = context.store
        self.space = context.space.id
        self.known = {c.name.casefold(): c for c in calendars(self.store)}

    def file(
        self, data: bytes, name: str, source: str, color: str = "", *, folder: bool = False
    ) -> Iterator[Record | Rejected]:
        """Everything one file holds."""
        found = load(data)
        for zone in found.zones:
            zone = msgspec.structs.replace(zone, id=self._id("calendar.zone", zone.name))  # noqa: PLW2901
            if self.store.find(Zone, zone.id) is None:
                yield zone
        zones = _also(zones_of(self.store), found.zones)
        for number, loaded in enumerate(found.calendars):
            if not (loaded.events or loaded.unusable):
                continue
            label = name if folder else loaded.name or name
            if number and label == name:
                label = f"{label} {number + 1}"
            calendar, fresh = self._calendar(label, loaded, color, source)
            if fresh:
                yield calendar
            yield from self._events(loaded, calendar, zones)
            for one in loaded.unusable:
                yield self._broken(one, calendar, source)
                yield Rejected(item=one.item, reason=one.reason, raw=one.raw)

    def _id(self, kind: str, *parts: str) -> str:
        return stable_id(kind, self.space, *parts)

    def _calendar(
        self, name: str, loaded: Loaded, color: str, source: str
    ) -> tuple[Calendar, bool]:
        """The calendar of this name, there already or new."""
        name = name or "Imported"
        held = self.known.get(name.casefold())
        if held is not None:
            return held, False
        made = Calendar(
            id=self._id("calendar.calendar", name.casefold()),
            name=name,
            color=loaded.color or color or COLORS[len(self.known) % len(COLORS)],
            default=not self.known,
            zone=loaded.zone,
            description=loaded.description,
            source=source[:1000],
            raw=loaded.raw,
        )
        self.known[name.casefold()] = made
        return made, True

    def _events(
        self, loaded: Loaded, calendar: Calendar, zones: Zones
    ) -> Iterator[Record | Rejected]:
        tags: dict[str, str] = {}
        for begin in range(0, len(loaded.events), 500):
            chunk = [self._event(r, calendar) for r in loaded.events[begin : begin + 500]]
            held = {e.id: e for e in self.store.many(Event, [e.id for e, _ in chunk])}
            for event, names in sorted(chunk, key=lambda pair: bool(pair[0].occurs)):
                there = held.get(event.id)
                if there is not None and there.sequence > event.sequence >= 0:
                    yield Rejected(
                        item=f"VEVENT {event.title or event.uid}"[:200],
                        reason="The calendar has a newer version of it.",
                        raw=event.raw,
                    )
                    continue
                yield self._finished(event, names, tags, zones, there)

    def _event(self, read: Read, calendar: Calendar) -> tuple[Event, tuple[str, ...]]:
        event = read.event
        core = self._id("calendar.event", event.uid, "")
        made = msgspec.structs.replace(
            event,
            id=self._id("calendar.event", event.uid, event.occurs)
            if event.occurs
            else core,
            calendar=calendar.id,
            series=core if event.occurs else None,
        )
        return made, read.categories

    def _finished(
        self, event: Event, names: tuple[str, ...], tags: dict[str, str], zones: Zones,
        there: Event | None,
    ) -> Event:  # fmt: skip
        new = [n for n in names if n.casefold() not in tags]
        for name, id in zip(new, self.store.tag_ids(new) if new else (), strict=True):
            tags[name.casefold()] = id
        own = tuple(dict.fromkeys(tags[n.casefold()] for n in names))
        if there is not None:
            own = tuple(dict.fromkeys((*there.tags, *own)))
            event = msgspec.structs.replace(
                event, calendar=there.calendar or event.calendar
            )
        event = msgspec.structs.replace(event, tags=own)
        return bounded(event, self.context.zone, zones)

    def _broken(self, one: Unusable, calendar: Calendar, source: str) -> Broken:
        digest = blake2b(one.raw.encode("utf-8", "replace"), digest_size=16).hexdigest()
        return Broken(
            id=self._id("calendar.broken", one.component, digest),
            item=one.item or one.component or "text",
            reason=one.reason,
            component=one.component,
            raw=one.raw,
            calendar=calendar.id,
            source=source[:1000],
        )


def _also(zones: Zones, more: Iterable[Zone]) -> Zones:
    """A finder that knows zones which are not stored yet."""
    from modules.calendar.zones import with_tables

    own = with_tables(more)
    return lambda name: own(name) or zones(name)


# --- out ------------------------------------------------------------------------------------


def write(context: Context, ids: Iterable[str] | None) -> Iterator[bytes]:
    """The space's events, or some of them with their overrides, as one calendar."""
    store = context.store
    if ids is None:
        events: Iterable[Event] = store.each(Query(Event).order("uid", "occurs"))
        yield from _written(context, None, events, store.all(Query(Broken)))
        return
    found = store.many(Event, list(ids))
    uids = [e.uid for e in found if not e.occurs]
    overrides = store.all(Query(Event).where(col("uid").one_of(uids), col("occurs") > ""))
    every = {e.id: e for e in [*found, *overrides] if e.deleted is None}
    yield from _written(context, None, every.values(), ())


def write_calendar(context: Context, calendar: Calendar) -> Iterator[bytes]:
    """One calendar, what could not be used of it among it."""
    query = Query(Event).where(col("calendar") == calendar.id).order("uid", "occurs")
    kept = Query(Broken).where(col("calendar") == calendar.id)
    yield from _written(
        context, calendar, context.store.each(query), context.store.all(kept)
    )


def _written(
    context: Context,
    calendar: Calendar | None,
    events: Iterable[Event],
    kept: Iterable[Broken],
) -> Iterator[bytes]:
    names = context.store.tag_names()
    pairs = ((e, tuple(names[t] for t in e.tags if t in names)) for e in events)
    rest = [b.raw for b in kept if b.component in ("VEVENT", *OTHERS) and b.raw]
    own = context.store.all(Query(Zone))
    yield from calendar_bytes(calendar, pairs, zones_of(context.store), own, rest)


# --- repairing -------------------------------------------------------------------------------


def mended(
    raw: str,
    *,
    start: datetime | None,
    end: datetime | None,
    rule: str,
    without: Iterable[str],
    zone: tzinfo,
) -> str:
    """The text of an item with some of its lines replaced or left out."""
    gone = {name.strip().upper() for name in without}
    added: list[str] = []
    if start is not None:
        gone |= {"DTSTART"}
        added.append(timed("DTSTART", _here(start, zone)))
    if end is not None:
        gone |= {"DTEND", "DURATION"}
        added.append(timed("DTEND", _here(end, zone)))
    if rule:
        gone.add("RRULE")
        added += [] if rule.lower() == "never" else [f"RRULE:{rule.removeprefix('RRULE:')}"]
    if not gone:
        raise UserError(
            "Say what is to be different.",
            hint="--start, --end, --rule, --without or --raw",
        )
    lines = raw.split("\n")
    kept = [line for line in lines if _name(line) not in gone]
    return "\n".join([*kept[:1], *added, *kept[1:]])


def _here(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(microsecond=0) if at.tzinfo is not UTC else at


def _name(line: str) -> str:
    found = part(line)
    return found.name if found else line.partition(":")[0].partition("=")[0].strip().upper()


def only_event(context: Context, text: str, calendar: str) -> Event:
    """The one event of a text, ready to be put; UserError says what is still wrong."""
    data = b"".join(fold(line) for line in text.replace("\r\n", "\n").split("\n"))
    found = load(data)
    reads = [r for c in found.calendars for r in c.events]
    if len(reads) != 1:
        wrong = [u.reason for c in found.calendars for u in c.unusable]
        raise UserError(
            wrong[0] if wrong else "There is no event in it.",
            hint="mana calendar broken-show shows its text",
        )
    reader = _Reader(context)
    home = context.store.get(Calendar, calendar)
    event, names = reader._event(reads[0], home)  # noqa: SLF001 - the same module's
    return reader._finished(event, names, {}, zones_of(context.store), None)  # noqa: SLF001
