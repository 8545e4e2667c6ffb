"""The wall-clock times that a rule names.

The work is bounded whatever the rule says: no period later than a century after the
moment asked for is looked at, a count and the steps of an hourly rule are capped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from itertools import product
from typing import Any

import msgspec

from modules.sdk.text.rrule import Fields

HORIZON = 100
"""Years after the moment asked for beyond which nothing is looked for."""
MOST_STEPS = 100_000
LAST_YEAR = 9990


def walls(
    rule: Fields, start: datetime, after: datetime | None = None, *, strict: bool = False
) -> Iterator[datetime]:
    """The wall times a rule names from `start` on, not before `after`; with `strict` later.

    Both are naive. The rule's phase (every second week) and what it leaves out (the day of
    the month) come from `start`, which itself only counts where the rule names it.
    """
    rule = _filled(rule, start)
    low = after if after is not None and after > start else start
    counted = rule.count or 0
    found = 0
    for one in _candidates(rule, start, start if counted else low):
        if rule.until is not None and one > rule.until:
            return
        if one < start:
            continue
        found += 1
        if one > low or (
            one == low and not (strict and after is not None and after >= start)
        ):
            yield one
        if counted and found >= counted:
            return


def _filled(rule: Fields, start: datetime) -> Fields:
    """What a rule leaves out is taken from the start."""
    more: dict[str, Any] = {}
    if not (rule.weeks or rule.year_days or rule.month_days or rule.days):
        if rule.freq == "YEARLY":
            more = {"month_days": (start.day,), "months": rule.months or (start.month,)}
        elif rule.freq == "MONTHLY":
            more = {"month_days": (start.day,)}
        elif rule.freq == "WEEKLY":
            more = {"days": ((0, start.weekday()),)}
    return msgspec.structs.replace(rule, **more) if more else rule


def _candidates(rule: Fields, start: datetime, low: datetime) -> Iterator[datetime]:
    if rule.freq == "HOURLY":
        yield from _hourly(rule, start, low)
        return
    fits = day_test(rule)
    clocks = _clocks(rule, start)
    last_year = min(max(start, low).year + HORIZON, LAST_YEAR)
    for days in _periods(rule, start.date(), low.date(), last_year):
        made = [
            datetime.combine(day, clock) for day in days if fits(day) for clock in clocks
        ]
        if rule.positions and made:
            size = len(made)
            made = [made[p - 1 if p > 0 else p] for p in rule.positions if abs(p) <= size]
            made = sorted(set(made))
        yield from made


def _clocks(rule: Fields, start: datetime) -> list[time]:
    hours, minutes = rule.hours or (start.hour,), rule.minutes or (start.minute,)
    return [time(hour, minute, start.second) for hour, minute in product(hours, minutes)]


def _hourly(rule: Fields, start: datetime, low: datetime) -> Iterator[datetime]:
    fits = day_test(rule)
    step = timedelta(hours=rule.interval)
    at = start + step * max(0, (low - start) // step)
    for _ in range(MOST_STEPS):
        if (not rule.hours or at.hour in rule.hours) and fits(at.date()):
            yield at
        if at.year >= LAST_YEAR:
            return
        at += step


def _periods(rule: Fields, start: date, low: date, last_year: int) -> Iterator[list[date]]:
    """The days of each period a rule looks at, from the one that may hold `low`."""
    if rule.freq == "YEARLY":
        first = start.year + (low.year - start.year) // rule.interval * rule.interval
        for year in range(first, last_year + 1, rule.interval):
            yield _year_days(rule, year)
    elif rule.freq == "MONTHLY":
        begin = start.year * 12 + start.month - 1
        ahead = low.year * 12 + low.month - 1 - begin
        for month in range(begin + ahead // rule.interval * rule.interval, last_year * 12 + 12,
                           rule.interval):  # fmt: skip
            yield _month_days(month // 12, month % 12 + 1)
    else:
        yield from _short_periods(rule, start, low, last_year)


def _short_periods(
    rule: Fields, start: date, low: date, last_year: int
) -> Iterator[list[date]]:
    size = 7 if rule.freq == "WEEKLY" else 1
    if size == 7:
        start -= timedelta(days=(start.weekday() - rule.week_start) % 7)
    step = size * rule.interval
    at = start.toordinal() + max(0, (low - start).days) // step * step
    last = date(last_year, 12, 31).toordinal()
    while at <= last:
        yield [date.fromordinal(at + day) for day in range(size)]
        at += step


def _year_days(rule: Fields, year: int) -> list[date]:
    narrow = rule.months and not (rule.weeks or rule.year_days)
    months = rule.months if narrow else range(1, 13)
    return [day for month in months for day in _month_days(year, month)]


def _month_days(year: int, month: int) -> list[date]:
    first = date(year, month, 1).toordinal()
    return [date.fromordinal(first + day) for day in range(days_in(year, month))]


def days_in(year: int, month: int) -> int:
    """How many days a month has."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


# --- which days fit --------------------------------------------------------------------------


def day_test(rule: Fields) -> Callable[[date], bool]:
    """Whether a day fits everything a rule says of days."""
    tests: list[Callable[[date], bool]] = []
    if rule.months:
        tests.append(lambda day: day.month in rule.months)
    if rule.month_days:
        tests.append(
            lambda day: _counts(day.day, days_in(day.year, day.month), rule.month_days)
        )
    if rule.year_days:
        tests.append(lambda day: _counts(
            day.timetuple().tm_yday, 337 + days_in(day.year, 2), rule.year_days))  # fmt: skip
    if rule.weeks:
        tests.append(lambda day: _counts(*_week(day, rule.week_start), rule.weeks))
    if rule.days:
        tests.append(_weekday_test(rule))
    return lambda day: all(test(day) for test in tests)


def _counts(place: int, of: int, wanted: tuple[int, ...]) -> bool:
    """Whether a place, counted from either end, is wanted."""
    return place in wanted or place - of - 1 in wanted


def _weekday_test(rule: Fields) -> Callable[[date], bool]:
    near = rule.freq not in ("YEARLY", "MONTHLY")
    plain = {day for n, day in rule.days if n == 0 or near}
    placed = {pair for pair in rule.days if pair[0] != 0 and not near}
    yearly = rule.freq == "YEARLY" and not rule.months

    def fits(day: date) -> bool:
        weekday = day.weekday()
        if weekday in plain:
            return True
        if not placed:
            return False
        place = day.timetuple().tm_yday if yearly else day.day
        of = 337 + days_in(day.year, 2) if yearly else days_in(day.year, day.month)
        nth, from_end = (place - 1) // 7 + 1, -((of - place) // 7 + 1)
        return (nth, weekday) in placed or (from_end, weekday) in placed

    return fits


def _week(day: date, week_start: int) -> tuple[int, int]:
    """(number, how many) of a day's week in the year that holds most of it."""
    first_day = day - timedelta(days=(day.weekday() - week_start) % 7)
    year = (first_day + timedelta(days=3)).year
    first, following = _first_week(year, week_start), _first_week(year + 1, week_start)
    return (first_day - first).days // 7 + 1, (following - first).days // 7


def _first_week(year: int, week_start: int) -> date:
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=(fourth.weekday() - week_start) % 7)
