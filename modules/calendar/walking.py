"""The times a recurrence rule names, as naive wall times.

They equal those of `dateutil.rrule`, whose reading of RFC 5545 every tool in this field
shares. Two things differ on purpose. A rule is entered near the range that is asked for,
not at its first day; and every walk is bounded, so that a hostile rule (each second, a
billion times, never on any day) costs a fixed number of steps.
"""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, time, timedelta
from itertools import islice, takewhile

import msgspec

from modules.calendar.rule import (
    DAILY,
    HOURLY,
    MINUTELY,
    MONTHLY,
    SECONDLY,
    WEEKLY,
    YEARLY,
    Rule,
)

STEPS = 120_000
"""The most periods (years, days, seconds, …) one walk looks at."""

MOST = 5_000
"""The most times one walk returns."""

LATEST = datetime.max  # noqa: DTZ901 - wall time
_UNIT = {HOURLY: 3600, MINUTELY: 60, SECONDLY: 1}


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
