"""The occurrences of an event between two instants.

What one is equals `recurring_ical_events`: overrides, exclusions by day or time, periods,
later versions, "this and future" moves. Local times are kept as wall times and become
instants last, so an occurrence in the hour that a clock change skips still happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import msgspec

from modules.calendar import rule as rules
from modules.calendar import walking
from modules.calendar.model import OPEN, Event, Moment, unperiod
from modules.calendar.zones import Zones, end_of, iana, instant, read, start_of

SLACK = timedelta(days=2)
"""How much a range is widened before wall times are compared with it."""


EARLIEST = datetime.min  # noqa: DTZ901 - wall time


class Occurrence(msgspec.Struct, frozen=True, kw_only=True):
    """One time an event happens.

    `event` is what describes it: the series, or the override that replaced it. `start`
    and `end` are both days, floating, or in a zone; the end is exclusive. `occurs` is the
    moment the series names it by.
    """

    event: Event
    start: Moment
    end: Moment
    occurs: Moment

    @property
    def all_day(self) -> bool:
        """Whether it has days but no times."""
        return not isinstance(self.start, datetime)

    def instants(self, home: tzinfo) -> tuple[datetime, datetime]:
        """Start and end in UTC. An end that a clock change moved before the start follows
        it by the time the clock says."""
        start, end = instant(self.start, home), instant(self.end, home)
        if end < start and isinstance(self.start, datetime):
            wall = _wall(self.end, None) - _wall(self.start, None)
            end = start + max(wall, timedelta())
        return start, end

    def day(self, home: tzinfo) -> date:
        """The local day it starts on."""
        if not isinstance(self.start, datetime):
            return self.start
        return self.instants(home)[0].astimezone(home).date()


class Found(msgspec.Struct, frozen=True):
    """Occurrences in order of start. `whole` is false when there were too many."""

    occurrences: tuple[Occurrence, ...]
    whole: bool = True


class Series:
    """An event with its overrides, ready to be asked for a range.

    `home` is the person's zone: days and floating times are taken there. A core of None
    means that only overrides are known.
    """

    def __init__(
        self,
        core: Event | None,
        overrides: Sequence[Event],
        home: tzinfo,
        zones: Zones = iana,
    ) -> None:
        self.core, self.home, self.zones = core, home, zones
        self.overrides: dict[datetime, Event] = {}
        self.onwards: list[datetime] = []
        for event in overrides:
            ids = _ids(read(event.occurs, zones))
            for one in ids:
                held = self.overrides.get(one)
                if held is None or event.sequence > held.sequence:
                    self.overrides[one] = event
            if event.onwards:
                self.onwards.append(ids[0])
        self.onwards.sort()
        self.whole = True
        if core is not None:
            self._prepare(core)

    def _prepare(self, core: Event) -> None:
        start, end = start_of(core, self.zones), end_of(core, self.zones)
        out = [read(text, self.zones) for text in core.exdate]
        self.lengths: dict[datetime, timedelta] = {}
        extra = [self._extra(text) for text in core.rdate]
        self.tz = next(
            (m.tzinfo for m in (start, end, *out, *extra)
             if isinstance(m, datetime) and m.tzinfo is not None), None,
        )  # fmt: skip
        self.dates = not isinstance(start, datetime)
        self.all_dates = not any(
            isinstance(m, datetime) for m in (start, end, *out, *extra)
        )
        self.start = _wall(start, self.tz)
        self.extra = {_wall(m, self.tz) for m in extra}
        self.out_days = {m for m in out if not isinstance(m, datetime)}
        self.out = {one for m in out for one in _ids(m)}
        self.rules = [rules.parse(text) for text in dict.fromkeys(core.rrule)]

    def _extra(self, text: str) -> Moment:
        """A further moment; a period's length is remembered."""
        begin, length = unperiod(text)
        at = read(begin, self.zones)
        if length is not None:
            self.lengths |= dict.fromkeys(_ids(at), length)
        return at

    # --- asking ------------------------------------------------------------------------

    def between(self, low: datetime, high: datetime, most: int = walking.MOST) -> Found:
        """What touches the time from `low` to `high` (aware, half open), soonest first."""
        self.whole = True
        found = [o for o in self._all(low, high, most) if self._touches(o, low, high)]
        found.sort(key=lambda o: instant(o.start, self.home))
        return Found(tuple(found[:most]), self.whole and len(found) <= most)

    def _touches(self, found: Occurrence, low: datetime, high: datetime) -> bool:
        start, end = found.instants(self.home)
        return low <= start < high if start == end else start < high and low < end

    def _all(self, low: datetime, high: datetime, most: int) -> Iterator[Occurrence]:
        used: set[str] = set()
        seen: set[datetime] = set()
        if self.core is not None:
            for at in self._starts(low, high, most):
                ids = self._ids_at(at)
                if at in seen or self._excluded(at, ids):
                    continue
                event = next(
                    (self.overrides[i] for i in reversed(ids) if i in self.overrides), None
                )
                if event is None:
                    seen.add(at)
                    yield self._at(at, ids)
                elif event.id not in used:
                    used.add(event.id)
                    yield self.own(event)
        for event in {e.id: e for e in self.overrides.values()}.values():
            if event.id not in used and not self._dropped(event):
                yield self.own(event)

    def own(self, event: Event) -> Occurrence:
        """An override, or a single event, as the one occurrence that it is."""
        start = start_of(event, self.zones)
        occurs = read(event.occurs, self.zones) if event.occurs else start
        return Occurrence(
            event=event, start=start, end=end_of(event, self.zones), occurs=occurs
        )

    def _at(self, at: datetime, ids: tuple[datetime, ...]) -> Occurrence:
        """The occurrence that the rule names at a wall time."""
        core = self.core
        assert core is not None
        event, moved = core, timedelta()
        for later in self.onwards:
            if later >= ids[0]:
                break
            event = self.overrides[later]
        if event is not core:
            moved = _gap(read(event.occurs, self.zones), start_of(event, self.zones))
        length = _gap(start_of(event, self.zones), end_of(event, self.zones))
        for one in ids:
            length = self.lengths.get(one, length)
        begin = at + moved
        start, end = self._as_moment(begin), self._as_moment(begin + length)
        if core.end_zone and core.end_zone != core.zone and isinstance(start, datetime):
            end = (start.astimezone(UTC) + length).astimezone(start.tzinfo)
        return Occurrence(event=event, start=start, end=end, occurs=self._as_moment(at))

    def _as_moment(self, at: datetime) -> Moment:
        return at.date() if self.dates else at.replace(tzinfo=self.tz)

    # --- starts ----------------------------------------------------------------------------

    def _starts(self, low: datetime, high: datetime, most: int) -> Iterator[datetime]:
        back, ahead = self._reach()
        first = _earlier(self._range_wall(low), back + SLACK)
        last = _later(self._range_wall(high), ahead + SLACK)
        untils = [self.until(rule) for rule in self.rules]
        known = [until for until in untils if until is not None]
        begins = () if known and self._aware(self.start) > max(known) else (self.start,)
        yield from (at for at in {*self.extra, *begins} if first <= at <= last)
        for rule, until in zip(self.rules, untils, strict=True):
            wall = (
                None if until is None else _later(_wall(until, self.tz), timedelta(hours=3))
            )
            times = walking.between(rule, self.start, first, last, until=wall, most=most)
            self.whole &= times.whole
            for at in times.times:
                if until is None or self._aware(at) <= until:
                    yield at

    def _reach(self) -> tuple[timedelta, timedelta]:
        """How far before and after a range an occurrence that touches it may be named."""
        core = self.core
        assert core is not None
        back, ahead = max(core.length, timedelta()), timedelta()
        for event in (self.overrides[later] for later in self.onwards):
            moved = _gap(read(event.occurs, self.zones), start_of(event, self.zones))
            back, ahead = max(back, event.length + moved), max(ahead, -moved)
        return max(back, *self.lengths.values(), timedelta()), ahead

    def _range_wall(self, at: datetime) -> datetime:
        return at.astimezone(self.tz or self.home).replace(tzinfo=None)

    def until(self, rule: rules.Rule) -> datetime | None:
        """The end of a rule: in UTC, or a wall time where the series has no zone."""
        if not rule.until:
            return None
        until = rules.parse_until(rule.until[:8] if self.all_dates else rule.until)
        wall = until if isinstance(until, datetime) else datetime.combine(until, time())
        if self.tz is None:
            return wall.replace(tzinfo=None)
        return wall if wall.tzinfo is not None else wall.replace(tzinfo=UTC)

    def _aware(self, at: datetime) -> datetime:
        return at if self.tz is None else at.replace(tzinfo=self.tz)

    def _ids_at(self, at: datetime) -> tuple[datetime, ...]:
        return _ids(at if self.tz is None else at.replace(tzinfo=self.tz))

    def _excluded(self, at: datetime, ids: tuple[datetime, ...]) -> bool:
        return at.date() in self.out_days or not self.out.isdisjoint(ids)

    def _dropped(self, event: Event) -> bool:
        """Whether an override that the rule did not reach must not be shown."""
        core = self.core
        if core is None:
            return False
        ids = _ids(read(event.occurs, self.zones))
        if not self.out.isdisjoint(ids):
            return True
        if (
            not (event.rrule or event.rdate or event.exdate)
            or event.sequence >= core.sequence
        ):
            return False
        day = datetime.combine(ids[0].date(), time())
        low = day.replace(tzinfo=UTC) - SLACK
        names = {
            one
            for at in self._starts(low, low + 3 * SLACK, walking.MOST)
            if not self._excluded(at, self._ids_at(at))
            for one in self._ids_at(at)
        }
        return names.isdisjoint(ids)


# --- wall times ------------------------------------------------------------------------------


def _wall(value: Moment, tz: tzinfo | None) -> datetime:
    """A moment as a naive wall time of a zone."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time())
    if value.tzinfo is not None and tz is not None and value.tzinfo is not tz:
        value = value.astimezone(tz)
    return value.replace(tzinfo=None, fold=0)


def _gap(one: Moment, other: Moment) -> timedelta:
    """From one moment to another: on the clock within a zone, else in real time."""
    times = isinstance(one, datetime) and isinstance(other, datetime)
    if times and (one.tzinfo is None) == (other.tzinfo is None):  # type: ignore[union-attr]
        return other - one  # type: ignore[operator]
    return _wall(other, None) - _wall(one, None)


def _ids(value: Moment) -> tuple[datetime, ...]:
    """What identifies an occurrence: its time in UTC, and its wall time, both naive."""
    if not isinstance(value, datetime):
        return (datetime.combine(value, time()),)
    if value.tzinfo is None:
        return (value,)
    return (value.astimezone(UTC).replace(tzinfo=None), value.replace(tzinfo=None, fold=0))


def _earlier(at: datetime, by: timedelta) -> datetime:
    return at - by if at - EARLIEST > by else EARLIEST


def _later(at: datetime, by: timedelta) -> datetime:
    return at + by if walking.LATEST - at > by else walking.LATEST


# --- bounds: what the index knows ----------------------------------------------------------------


def bounds(event: Event, home: tzinfo, zones: Zones = iana) -> tuple[datetime, datetime]:
    """The instants before and after which no occurrence of an event lies.

    A day on either side is added where the person's zone decides (days, floating times).
    """
    series = Series(event, (), home, zones)
    first, last = series.own(event).instants(home)
    if event.recurs:
        extra = [instant(read(unperiod(t)[0], zones), home) for t in event.rdate]
        first = min([first, *extra])
        last = _last(series, [last, *extra], event, home)
    if event.start_time is None or not event.zone:
        day = timedelta(days=1)
        first, last = first - day, _until_open(last, day)
    return first, last


def _last(
    series: Series, known: Iterable[datetime], event: Event, home: tzinfo
) -> datetime:
    length = max(event.length, *series.lengths.values(), timedelta())
    ends = [_until_open(at, length) for at in known]
    for one in series.rules:
        until = series.until(one)
        if until is not None:
            ends.append(_until_open(instant(until, home), length + timedelta(days=1)))
        elif one.count is not None and one.count <= 5_000:
            times = walking.between(one, series.start, series.start, walking.LATEST)
            if not times.whole or any(t.year > rules.LAST_YEAR for t in times.times[-1:]):
                return OPEN
            last = (instant(t.replace(tzinfo=series.tz), home) for t in times.times[-1:])
            ends += [_until_open(at, length) for at in last]
        else:
            return OPEN
    return max(ends)


def _until_open(at: datetime, by: timedelta) -> datetime:
    """Later by a length, but not after the end of time."""
    return at + by if OPEN - at > by else OPEN
