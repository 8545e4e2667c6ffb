"""RFC 5545 recurrence rules over wall times: what a rule says, and the times it names.

The times equal those of `dateutil.rrule`, whose reading of the RFC every tool in this
field shares. Two things differ on purpose. A rule is entered near the range that is asked
for, not at its first day; and every walk is bounded, so that a hostile rule (each second,
a billion times, never on any day) costs a fixed number of steps.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Callable, Iterator
from datetime import MAXYEAR, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile

import msgspec

from storage.errors import UserError

YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY, SECONDLY = range(7)
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST_YEAR = 9990
"""The last year whose times can be moved between zones."""

STEPS = 120_000
"""The most periods (years, days, seconds, …) one walk looks at."""

MOST = 5_000
"""The most times one walk returns."""

LATEST = datetime.max  # noqa: DTZ901 - wall time
_UNIT = {HOURLY: 3600, MINUTELY: 60, SECONDLY: 1}
_RANGES = {
    "BYSETPOS": (-366, 366), "BYMONTH": (1, 12), "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366), "BYWEEKNO": (-53, 53), "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59), "BYSECOND": (0, 59),
}  # fmt: skip
_NOT_ZERO = ("BYSETPOS", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO")


class BadRule(UserError):
    """The text is no recurrence rule."""


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One RRULE. `until` is its text (a date, or a time, perhaps in UTC: `Z`)."""

    freq: int
    interval: int = 1
    count: int | None = None
    until: str = ""
    wkst: int = 0
    bysetpos: tuple[int, ...] = ()
    bymonth: tuple[int, ...] = ()
    bymonthday: tuple[int, ...] = ()
    byyearday: tuple[int, ...] = ()
    byweekno: tuple[int, ...] = ()
    byday: tuple[tuple[int, int], ...] = ()
    byhour: tuple[int, ...] = ()
    byminute: tuple[int, ...] = ()
    bysecond: tuple[int, ...] = ()


# --- reading and writing ---------------------------------------------------------------


@lru_cache(maxsize=4096)
def parse(text: str) -> Rule:
    """Read `FREQ=WEEKLY;BYDAY=MO,WE`; BadRule says what cannot be used."""
    if len(text) > 20_000:
        raise BadRule("The rule is longer than 20,000 characters.")
    said: dict[str, object] = {}
    for part in text.strip().removeprefix("RRULE:").split(";"):
        name, equals, value = part.strip().partition("=")
        if not equals:
            if name:
                raise BadRule(f"{name[:40]!r} is not part of a recurrence rule.")
            continue
        _read(name.strip().upper(), value.strip().upper(), said)
    if "freq" not in said:
        raise BadRule("The rule has no FREQ.")
    return Rule(**said)  # type: ignore[arg-type]


def _read(name: str, value: str, said: dict[str, object]) -> None:
    if name in _RANGES:
        said[name.lower()] = tuple(sorted({_in_range(name, v) for v in value.split(",")}))
    elif name in _PARTS:
        said |= _PARTS[name](value)
    elif not name.startswith("X-"):
        raise BadRule(f"{name[:40]!r} is not part of a recurrence rule.")


def _freq(value: str) -> dict[str, object]:
    if value not in FREQUENCIES:
        raise BadRule(f"FREQ cannot be {value[:40]!r}.")
    return {"freq": FREQUENCIES.index(value)}


def _count(value: str) -> dict[str, object]:
    number = _number("COUNT", value)
    return {"count": number} if number >= 0 else {}  # a negative one is a known fault


def _only(name: str, known: str) -> Callable[[str], dict[str, object]]:
    """A part of which only one value is supported."""

    def check(value: str) -> dict[str, object]:
        if value != known:
            raise BadRule(f"{name} {value[:40]} is not supported.")
        return {}

    return check


def _number(name: str, value: str) -> int:
    try:
        return int(value[:20])
    except ValueError:
        raise BadRule(f"{name} cannot be {value[:40]!r}.") from None


def _in_range(name: str, value: str) -> int:
    low, high = _RANGES[name]
    number = _number(name, value)
    if not low <= number <= high or (number == 0 and name in _NOT_ZERO):
        raise BadRule(f"{name} cannot be {number}.")
    return number


def _day(value: str) -> tuple[int, int]:
    day, nth = value[-2:], value[:-2]
    if day not in DAYS:
        raise BadRule(f"{value[:40]!r} is no day of the week.")
    number = _number("BYDAY", nth) if nth else 0
    if not -53 <= number <= 53 or (nth and number == 0):
        raise BadRule(f"There is no {value[:40]} day.")
    return number, DAYS.index(day)


def _until(value: str) -> dict[str, object]:
    parse_until(value)
    return {"until": value}


def _days(value: str) -> dict[str, object]:
    return {"byday": tuple(dict.fromkeys(_day(v) for v in value.split(",") if v))}


_PARTS: dict[str, Callable[[str], dict[str, object]]] = {
    "FREQ": _freq,
    "COUNT": _count,
    "INTERVAL": lambda v: {"interval": min(max(_number("INTERVAL", v), 1), 10**6)},
    "UNTIL": _until,
    "WKST": lambda v: {"wkst": _day(v)[1]},
    "BYDAY": _days,
    "RSCALE": _only("The calendar scale", "GREGORIAN"),
    "SKIP": _only("SKIP", "OMIT"),
}


def _stamp(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - wall time


def parse_until(value: str) -> date | datetime:
    """The moment of an UNTIL: a date, a local time, or one in UTC."""
    from datetime import UTC

    try:
        if len(value) == 8:
            return min(_stamp(value + "T000000").date(), date(LAST_YEAR, 12, 31))
        at = _stamp(value.removesuffix("Z"))
    except ValueError:
        raise BadRule(f"UNTIL cannot be {value[:40]!r}.") from None
    if at.year > LAST_YEAR:
        at = datetime(LAST_YEAR, 12, 31)  # noqa: DTZ001 - wall time
    return at.replace(tzinfo=UTC) if value.endswith("Z") else at


def text(rule: Rule) -> str:
    """The rule as RFC 5545 writes it."""
    parts = [f"FREQ={FREQUENCIES[rule.freq]}"]
    if rule.interval != 1:
        parts.append(f"INTERVAL={rule.interval}")
    if rule.count is not None:
        parts.append(f"COUNT={rule.count}")
    if rule.until:
        parts.append(f"UNTIL={rule.until}")
    if rule.byday:
        parts.append("BYDAY=" + ",".join(f"{n or ''}{DAYS[d]}" for n, d in rule.byday))
    named = ((name, getattr(rule, name.lower())) for name in _RANGES)
    parts += [f"{name}=" + ",".join(map(str, values)) for name, values in named if values]
    if rule.wkst:
        parts.append(f"WKST={DAYS[rule.wkst]}")
    return ";".join(parts)


# --- the times a rule names ------------------------------------------------------------


class Times(msgspec.Struct, frozen=True):
    """Wall times in order. `whole` is false when the walk had to stop early."""

    times: tuple[datetime, ...]
    whole: bool = True


def between(
    rule: Rule,
    start: datetime,
    low: datetime,
    high: datetime,
    *,
    until: datetime | None = None,
    most: int = MOST,
) -> Times:
    """The times of a rule that begins at `start`, from `low` to `high`, both inclusive.

    All are naive wall times of one zone; so is `until`, which is inclusive.
    """
    high = min(high, until) if until is not None else high
    count = rule.count
    if count is not None and (last := _last_of_plain(rule, start, count)) is not None:
        high, count = min(high, last), None
    if count == 0 or high < start:
        return Times(())
    walk = _Walk(rule, start, start if count is not None else max(low, start), high)
    named = takewhile(lambda at: at <= high, islice(walk, count))
    found = tuple(islice((at for at in named if at >= low), most))
    return Times(found, not walk.spent and len(found) < most)


def _last_of_plain(rule: Rule, start: datetime, count: int) -> datetime | None:
    """The last time of a counted rule without BY parts, by arithmetic."""
    named = ("bysetpos", "bymonth", "bymonthday", "byyearday", "byweekno", "byday",
             "byhour", "byminute", "bysecond")  # fmt: skip
    if count == 0 or rule.freq < WEEKLY or any(getattr(rule, name) for name in named):
        return None
    seconds = {WEEKLY: 604_800, DAILY: 86_400}.get(rule.freq) or _UNIT[rule.freq]
    try:
        return start + timedelta(seconds=seconds * rule.interval * (count - 1))
    except OverflowError:
        return LATEST


class _Walk:
    """Goes through a rule's periods near a range and yields the times of each."""

    def __init__(self, rule: Rule, start: datetime, low: datetime, high: datetime) -> None:
        self.rule, self.start, self.high = rule, start, high
        self.low = max(low, start)
        self.steps = 0
        self.spent = False
        self.fits = _DayTest(rule, start)

    def __iter__(self) -> Iterator[datetime]:
        periods = self._long_periods() if self.rule.freq < HOURLY else self._short_periods()
        for days, times in periods:
            self.steps += 1
            if self.steps > STEPS:
                self.spent = True
                return
            for at in self._named(days, times):
                if at >= self.start:
                    yield at

    def _named(self, days: list[date], times: list[time]) -> Iterator[datetime]:
        if not self.rule.bysetpos:
            for day in days:
                for at in times:
                    yield datetime.combine(day, at)
            return
        picked: set[datetime] = set()
        for position in self.rule.bysetpos if times and days else ():
            at, slot = divmod(position if position < 0 else position - 1, len(times))
            if -len(days) <= at < len(days):
                picked.add(datetime.combine(days[at], times[slot]))
        yield from sorted(picked)

    # --- years, months, weeks, days

    def _long_periods(self) -> Iterator[tuple[list[date], list[time]]]:
        rule, start = self.rule, self.start
        times = [
            time(h, m, s)
            for h in rule.byhour or (start.hour,)
            for m in rule.byminute or (start.minute,)
            for s in rule.bysecond or (start.second,)
        ]
        walks = (self._years, self._months, self._weeks, self._days)
        for days in walks[rule.freq]():
            yield days, times

    def _years(self) -> Iterator[list[date]]:
        year = self.start.year
        year += (self.low.year - year) // self.rule.interval * self.rule.interval
        while year <= min(self.high.year, MAXYEAR):
            yield self.fits.year(year)
            year += self.rule.interval

    def _months(self) -> Iterator[list[date]]:
        first = self.start.year * 12 + self.start.month - 1
        low = self.low.year * 12 + self.low.month - 1
        month = first + (low - first) // self.rule.interval * self.rule.interval
        last = min(self.high.year * 12 + self.high.month - 1, MAXYEAR * 12 + 11)
        while month <= last:
            yield self.fits.month(month // 12, month % 12 + 1)
            month += self.rule.interval

    def _weeks(self) -> Iterator[list[date]]:
        first = self.start.toordinal()
        week = first - (self.start.weekday() - self.rule.wkst) % 7
        step = 7 * self.rule.interval
        week += (self.low.toordinal() - week) // step * step
        while week <= min(self.high.toordinal(), date.max.toordinal() - 7):
            days = (date.fromordinal(n) for n in range(max(week, first), week + 7))
            yield [day for day in days if self.fits(day)]
            week += step

    def _days(self) -> Iterator[list[date]]:
        first, step = self.start.toordinal(), self.rule.interval
        at = first + (self.low.toordinal() - first) // step * step
        while at <= min(self.high.toordinal(), date.max.toordinal()):
            day = date.fromordinal(at)
            yield [day] if self.fits(day) else []
            at += step

    # --- hours, minutes, seconds

    def _short_periods(self) -> Iterator[tuple[list[date], list[time]]]:
        rule, start = self.rule, self.start
        unit = _UNIT[rule.freq]
        base = datetime.combine(start.date(), time())
        origin = ((start - base) // timedelta(seconds=1)) // unit
        step = rule.interval
        low = (self.low - base) // timedelta(seconds=unit)
        at = origin + max((low - origin) // step, 0) * step
        last = (min(self.high, LATEST) - base) // timedelta(seconds=unit)
        per_day = 86_400 // unit
        while at <= last:
            day = date.fromordinal(base.toordinal() + at // per_day)
            if not self.fits(day):  # on to the next day's first step
                yield [], []
                at += max(-(-((at // per_day + 1) * per_day - at) // step), 1) * step
                continue
            yield [day], self._times_in(at % per_day * unit)
            at += step

    def _times_in(self, second: int) -> list[time]:
        rule, start = self.rule, self.start
        hour, minute, second = second // 3600, second // 60 % 60, second % 60
        if rule.byhour and hour not in rule.byhour:
            return []
        if rule.freq == HOURLY:
            minutes = rule.byminute or (start.minute,)
            seconds = rule.bysecond or (start.second,)
            return [time(hour, m, s) for m in minutes for s in seconds]
        if rule.byminute and minute not in rule.byminute:
            return []
        if rule.freq == MINUTELY:
            return [time(hour, minute, s) for s in rule.bysecond or (start.second,)]
        if rule.bysecond and second not in rule.bysecond:
            return []
        return [time(hour, minute, second)]


class _DayTest:
    """Whether a day passes the BY parts of a rule; and which days of a year or month do."""

    def __init__(self, rule: Rule, start: datetime) -> None:
        self.freq = rule.freq
        self.wkst = rule.wkst
        named = rule.byweekno or rule.byyearday or rule.bymonthday or rule.byday
        self.months = frozenset(rule.bymonth)
        self.monthdays = frozenset(rule.bymonthday)
        days = rule.byday
        if not named:
            if rule.freq == YEARLY:
                self.months = self.months or frozenset({start.month})
                self.monthdays = frozenset({start.day})
            elif rule.freq == MONTHLY:
                self.monthdays = frozenset({start.day})
            elif rule.freq == WEEKLY:
                days = ((0, start.weekday()),)
        plain = rule.freq > MONTHLY
        self.weekdays = frozenset(d for n, d in days if plain or not n)
        self.nth = frozenset((n, d) for n, d in days if n and not plain)
        self.of_year = rule.freq == YEARLY and not rule.bymonth
        self.yeardays = frozenset(rule.byyearday)
        self.weeknos = frozenset(rule.byweekno)

    def __call__(self, day: date) -> bool:
        if self.months and day.month not in self.months:
            return False
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        return self._monthday(day) and self._rare(day)

    def _monthday(self, day: date) -> bool:
        if not self.monthdays or day.day in self.monthdays:
            return True
        return day.day - monthrange(day.year, day.month)[1] - 1 in self.monthdays

    def _rare(self, day: date) -> bool:
        if self.nth and not self._nth(day):
            return False
        if self.yeardays:
            number = day.timetuple().tm_yday
            size = 366 if isleap(day.year) else 365
            if number not in self.yeardays and number - size - 1 not in self.yeardays:
                return False
        return not self.weeknos or self._weekno(day)

    def _nth(self, day: date) -> bool:
        if self.of_year:
            at, size = day.timetuple().tm_yday, 366 if isleap(day.year) else 365
        else:
            at, size = day.day, monthrange(day.year, day.month)[1]
        weekday = day.weekday()
        return ((at - 1) // 7 + 1, weekday) in self.nth or (
            -((size - at) // 7 + 1),
            weekday,
        ) in self.nth

    def _weekno(self, day: date) -> bool:
        year, number = week_of(day, self.wkst)
        if number in self.weeknos:
            return True
        weeks = week_of(_safe(year, 12, 28), self.wkst)[1]
        return year <= day.year and number - weeks - 1 in self.weeknos

    def year(self, year: int) -> list[date]:
        """The days of a year that pass, in order."""
        months = sorted(self.months) if self.months else range(1, 13)
        return [day for month in months for day in self.month(year, month)]

    def month(self, year: int, month: int) -> list[date]:
        """The days of a month that pass, in order."""
        if self.months and month not in self.months:
            return []
        size = monthrange(year, month)[1]
        days: range | list[int] = range(1, size + 1)
        if self.monthdays:
            days = sorted({d if d > 0 else size + 1 + d for d in self.monthdays})
        made = (date(year, month, day) for day in days if 1 <= day <= size)
        return [day for day in made if self(day)]


def week_of(day: date, wkst: int = 0) -> tuple[int, int]:
    """(year, number) of a day's week: the first week has four days of the year."""
    fourth = day.toordinal() - (day.weekday() - wkst) % 7 + 3
    middle = date.fromordinal(min(max(fourth, 1), date.max.toordinal()))
    return middle.year, (middle.timetuple().tm_yday - 1) // 7 + 1


def _safe(year: int, month: int, day: int) -> date:
    return date(min(max(year, 1), MAXYEAR), month, day)
