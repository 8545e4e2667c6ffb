"""Questions asked of calendars: what happens between two instants, and what is free."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from modules.calendar.model import LONG, OPEN, Calendar, Event, Zone
from modules.calendar.occurrence import Found, Occurrence, Series, bounds
from modules.calendar.zones import Zones, iana, with_tables
from modules.sdk import Agenda, Context, Query, Span, Store, col
from modules.sdk.slot import resolve
from storage.errors import NotFound
from storage.query import Condition

FAR = timedelta(days=366 * 12)
"""How far ahead the next occurrence of a series is looked for."""


def zones_of(store: Store) -> Zones:
    """Finds zones by name: IANA's, and the space's own, which are read when one is met."""
    own: Zones | None = None

    def find(name: str) -> tzinfo | None:
        nonlocal own
        found = iana(name) if name else None
        if found is None and "~" in name:
            own = own or with_tables(store.all(Query(Zone)))
            found = own(name)
        return found

    return find


def local_day(day: date, home: tzinfo) -> tuple[datetime, datetime]:
    """The first instant of a local day, and of the next."""
    start = datetime.combine(day, time(), home)
    return start, datetime.combine(day + timedelta(days=1), time(), home)


# --- events in a range ----------------------------------------------------------------


def candidates(
    store: Store, low: datetime, high: datetime, where: Sequence[Condition] = ()
) -> list[Event]:
    """Events that may touch a range, by the index: short ones that begin near it, long and
    recurring ones whose bounds overlap it."""
    short = Query(Event).where(
        col("long") == False,  # noqa: E712 - a condition
        col("first") >= low - LONG - timedelta(days=2),
        col("first") < high,
        *where,
    )
    long = Query(Event).where(
        col("long") == True,  # noqa: E712 - a condition
        col("last") >= low,
        col("first") < high,
        *where,
    )
    return store.all(short) + store.all(long)


def occurrences(
    store: Store,
    low: datetime,
    high: datetime,
    home: tzinfo,
    where: Sequence[Condition] = (),
) -> list[Occurrence]:
    """Everything that happens between two aware instants, soonest first."""
    zones = zones_of(store)
    found: list[Occurrence] = []
    for core, overrides in families(store, candidates(store, low, high, where)):
        found += expand(core, overrides, low, high, home, zones).occurrences
    return sorted(found, key=lambda o: (o.instants(home)[0], not o.all_day, o.event.title))


def families(
    store: Store, events: Iterable[Event]
) -> list[tuple[Event | None, tuple[Event, ...]]]:
    """Events with what belongs to them: a series with all its overrides, an override with
    its series."""
    cores: dict[str, Event] = {}
    overrides: dict[str, Event] = {}
    for event in events:
        (overrides if event.occurs else cores)[event.id] = event
    known = {event.uid for event in cores.values()}
    missing = {e.uid for e in overrides.values()} - known
    for event in _by_uid(store, missing, col("occurs") == ""):
        cores[event.id] = event
    recurring = {event.uid for event in cores.values() if event.recurs}
    for event in _by_uid(store, recurring, col("occurs") > ""):
        overrides[event.id] = event
    by_uid: dict[str, list[Event]] = {}
    for event in overrides.values():
        by_uid.setdefault(event.uid, []).append(event)
    made = [(core, tuple(by_uid.pop(core.uid, ()))) for core in cores.values()]
    return [*made, *((None, tuple(rest)) for rest in by_uid.values())]


def _by_uid(store: Store, uids: set[str], also: Condition) -> list[Event]:
    found: list[Event] = []
    wanted = sorted(uids)
    for begin in range(0, len(wanted), 500):
        part = wanted[begin : begin + 500]
        found += store.all(
            Query(Event).where(col("uid").one_of(part), also).order("uid", "occurs")
        )
    return found


def expand(  # noqa: PLR0917 - a family, a range, a place
    core: Event | None,
    overrides: tuple[Event, ...],
    low: datetime,
    high: datetime,
    home: tzinfo,
    zones: Zones = iana,
) -> Found:
    """The occurrences of one family in a range; remembered for as long as nothing changes."""
    if core is not None and not core.recurs and not overrides:
        return Series(core, (), home, zones).between(low, high)
    events = overrides if core is None else (core, *overrides)
    if any(iana(e.zone) is None for e in events if e.zone) or not isinstance(
        home, ZoneInfo
    ):
        return Series(core, overrides, home, zones).between(low, high)
    return _remembered(core, overrides, low, high, home)


@lru_cache(maxsize=8192)
def _remembered(
    core: Event | None,
    overrides: tuple[Event, ...],
    low: datetime,
    high: datetime,
    home: ZoneInfo,
) -> Found:
    return Series(core, overrides, home).between(low, high)


# --- one event ---------------------------------------------------------------------------


def family(store: Store, event: Event) -> tuple[Event, tuple[Event, ...]]:
    """The series an event belongs to (itself, where it is none) and its overrides."""
    if event.occurs:
        core = store.first(Query(Event).where(col("uid") == event.uid, col("occurs") == ""))
        if core is None:
            return event, ()
    else:
        core = event
    if not core.recurs:
        return core, ()
    return core, tuple(_by_uid(store, {core.uid}, col("occurs") > ""))


def following(
    store: Store, event: Event, home: tzinfo, after: datetime, count: int = 5
) -> list[Occurrence]:
    """The next occurrences of an event's series that end after an instant."""
    core, overrides = family(store, event)
    return next_of(core, overrides, home, after, count, zones_of(store))


def next_of(  # noqa: PLR0917 - a family, a place, how far
    core: Event,
    overrides: tuple[Event, ...],
    home: tzinfo,
    after: datetime,
    count: int = 5,
    zones: Zones = iana,
) -> list[Occurrence]:
    """The same of a series that is not stored yet."""
    series = Series(
        None if core.occurs else core,
        overrides or ((core,) if core.occurs else ()),
        home,
        zones,
    )
    span, low = timedelta(days=32), after
    found: list[Occurrence] = []
    while len(found) < count and low < after + FAR:
        high = min(low + span, OPEN)
        seen = {o.occurs for o in found}
        more = series.between(low, high, most=2000).occurrences
        found += [o for o in more if o.occurs not in seen]
        low, span = high, span * 4
    return found[:count]


def occurrence_on(
    store: Store, event: Event, home: tzinfo, day: date, at: time | None = None
) -> Occurrence:
    """The occurrence of an event on a local day (at a local time, where there are several)."""
    core, overrides = family(store, event)
    zones = zones_of(store)
    low, high = local_day(day, home)
    wide = timedelta(days=1)
    for found in expand(core, overrides, low - wide, high + wide, home, zones).occurrences:
        if found.day(home) == day and at in (None, _local_time(found, home)):
            return found
    coming = next_of(core, overrides, home, low, 3, zones)
    said = ", ".join(f"{o.day(home):%a %d %b %Y}" for o in coming)
    raise NotFound(
        f"{core.title or 'The event'} does not happen on {day:%a %d %b %Y}.",
        hint=f"next: {said}" if said else "it is over by then",
    )


def _local_time(found: Occurrence, home: tzinfo) -> time | None:
    if found.all_day:
        return None
    return found.instants(home)[0].astimezone(home).time().replace(second=0)


def bounded(event: Event, home: tzinfo, zones: Zones = iana) -> Event:
    """The event with the columns that the index reads."""
    first, last = bounds(event, home, zones)
    long = event.recurs or last - first > LONG
    return msgspec.structs.replace(event, first=first, last=last, long=long)


# --- calendars -----------------------------------------------------------------------------


def calendars(store: Store) -> list[Calendar]:
    """Every calendar, the default one first, then by name."""
    return sorted(
        store.all(Query(Calendar)), key=lambda c: (not c.default, c.name.casefold())
    )


def calendar_named(store: Store, name: str) -> Calendar:
    """A calendar by name without case, an unambiguous start of it, or a (short) id."""
    found = calendars(store)
    wanted = name.casefold()
    for test in (str.__eq__, str.startswith):
        fits = [c for c in found if test(c.name.casefold(), wanted)]
        if len(fits) == 1:
            return fits[0]
    for one in found:
        if name in (one.id, one.short):
            return one
    known = ", ".join(c.name for c in found)
    raise NotFound(
        f"There is no calendar {name!r}.", hint=f"known: {known}" if known else ""
    )


def shown(store: Store) -> Sequence[Condition]:
    """What keeps the events of hidden calendars out."""
    hidden = [c.id for c in calendars(store) if not c.visible]
    return (~col("calendar").one_of(hidden),) if hidden else ()


# --- all kinds of spans ----------------------------------------------------------------------


def spans(context: Context, low: datetime, high: datetime) -> list[Span]:
    """What every module offers for the time between two instants, soonest first."""
    found: list[Span] = []
    for _, slot in context.slots(Agenda):
        found += resolve(slot.spans)(context, low, high)
    return sorted(found, key=lambda s: (s.start, s.day is None, s.title))


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time in which nothing busy is planned."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it is."""
        return self.end - self.start


def busy(found: Iterable[Span]) -> list[tuple[datetime, datetime]]:
    """The stretches that are taken, joined. All-day spans take time only when they say so
    by being busy and not all-day: a birthday does not block a day."""
    taken: list[tuple[datetime, datetime]] = []
    blocking = (
        s for s in found if s.busy and not s.actual and s.day is None and s.end > s.start
    )
    for span in sorted(blocking, key=lambda s: s.start):
        if taken and span.start <= taken[-1][1]:
            taken[-1] = (taken[-1][0], max(taken[-1][1], span.end))
        else:
            taken.append((span.start, span.end))
    return taken


def gaps(
    taken: Iterable[tuple[datetime, datetime]],
    windows: Iterable[tuple[datetime, datetime]],
    least: timedelta,
) -> list[Gap]:
    """What is free inside some windows, at least so long."""
    blocks = list(taken)
    found: list[Gap] = []
    for low, high in windows:
        at = low
        for start, end in blocks:
            if end <= at or start >= high:
                continue
            if start - at >= least:
                found.append(Gap(start=at, end=start))
            at = max(at, end)
        if high - at >= least:
            found.append(Gap(start=at, end=high))
    return found


def clashes(found: Sequence[Span]) -> list[tuple[Span, Span]]:
    """Pairs of busy planned spans that overlap."""
    timed = [
        s for s in found if s.busy and not s.actual and s.day is None and s.end > s.start
    ]
    timed.sort(key=lambda s: s.start)
    pairs: list[tuple[Span, Span]] = []
    for index, one in enumerate(timed):
        for other in timed[index + 1 :]:
            if other.start >= one.end:
                break
            pairs.append((one, other))
    return pairs


def utc(at: datetime) -> datetime:
    """An aware instant in UTC."""
    return at.astimezone(UTC)
