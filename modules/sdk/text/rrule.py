"""RFC 5545 rules as text and as fields, and the wall-clock times they name.

The work is bounded whatever the rule says: nothing repeats more often than hourly, no
period later than a century after the moment asked for is looked at, a count is capped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import product
from typing import Any

import msgspec

from modules.sdk.text.tokens import pattern
from storage.errors import UserError

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY")
MOST_INTERVAL = 10_000
MOST_COUNT = 10_000
HORIZON = 100
"""Years after the moment asked for beyond which nothing is looked for."""
MOST_STEPS = 100_000
LAST_YEAR = 9990


class Fields(msgspec.Struct, frozen=True, kw_only=True):
    """The parts of a rule. `days` are (n, weekday) pairs, n 0 for every one of them.

    `until` is the last wall time there may be, in UTC where `until_utc` is set.
    """

    freq: str
    interval: int = 1
    count: int | None = None
    until: datetime | None = None
    until_utc: bool = False
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    days: tuple[tuple[int, int], ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0

    @property
    def plain(self) -> bool:
        """Whether it only says how often."""
        return not (
            self.months or self.weeks or self.year_days or self.month_days or self.days
            or self.hours or self.minutes or self.positions
        )  # fmt: skip


# --- text -----------------------------------------------------------------------------

_LISTS: dict[str, tuple[str, int, int]] = {
    "BYMONTH": ("months", 1, 12),
    "BYWEEKNO": ("weeks", -53, 53),
    "BYYEARDAY": ("year_days", -366, 366),
    "BYMONTHDAY": ("month_days", -31, 31),
    "BYHOUR": ("hours", 0, 23),
    "BYMINUTE": ("minutes", 0, 59),
    "BYSETPOS": ("positions", -366, 366),
}


@lru_cache(maxsize=512)
def fields(text: str) -> Fields:
    """Read `FREQ=WEEKLY;BYDAY=MO,WE`; UserError names the part that cannot be used."""
    if len(text) > 1000:
        raise UserError("This repeat rule is too long.", hint="at most 1,000 characters")
    made: dict[str, Any] = {}
    for part in text.strip().upper().removeprefix("RRULE:").strip(";").split(";"):
        name, _, value = part.partition("=")
        made |= _read(name.strip(), value.strip())
    if "freq" not in made:
        raise UserError(
            "A repeat rule needs a frequency.", hint="like FREQ=WEEKLY;BYDAY=MO"
        )
    if made.get("count") and made.get("until"):
        made.pop("count")
    return Fields(**made)


def _read(name: str, value: str) -> dict[str, Any]:
    if name == "FREQ":
        return _frequency(value)
    if name in ("INTERVAL", "COUNT") and pattern(r"0{0,9}[1-9]\d{0,8}").fullmatch(value):
        most = MOST_INTERVAL if name == "INTERVAL" else MOST_COUNT
        return {name.lower(): min(int(value), most)}
    if name in _LISTS:
        return _numbers(name, value)
    if name == "BYDAY":
        return {"days": tuple(_weekday(one) for one in value.split(",")[:400])}
    if name == "UNTIL":
        return _until(value)
    if name == "WKST" and value in WEEKDAYS:
        return {"week_start": WEEKDAYS.index(value)}
    if name == "BYSECOND":
        return {}
    raise _unusable(f"{name}={value}")


def _frequency(value: str) -> dict[str, Any]:
    if value in ("MINUTELY", "SECONDLY"):
        raise UserError("Nothing repeats more often than every hour here.")
    if value not in FREQUENCIES:
        raise _unusable(f"FREQ={value}")
    return {"freq": value}


def _numbers(name: str, value: str) -> dict[str, Any]:
    field, low, high = _LISTS[name]
    numbers = []
    for one in value.split(",")[:400]:
        if not pattern(r"[+-]?\d{1,3}").fullmatch(one.strip()):
            raise _unusable(f"{name}={value}")
        number = int(one)
        if not low <= number <= high or (number == 0 and low < 0):
            raise _unusable(f"{name}={value}")
        numbers.append(number)
    return {field: tuple(dict.fromkeys(sorted(numbers)))}


def _weekday(text: str) -> tuple[int, int]:
    found = pattern(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)").fullmatch(text.strip())
    if not found or (found[1] and not 1 <= abs(int(found[1])) <= 53):
        raise _unusable(f"BYDAY={text}")
    return int(found[1] or 0), WEEKDAYS.index(found[2])


def _until(value: str) -> dict[str, Any]:
    try:
        if len(value) == 8:
            day = date.fromisoformat(value)
            return {"until": datetime.combine(day, time(23, 59, 59))}
        last = datetime.fromisoformat(value.removesuffix("Z"))
    except ValueError:
        raise _unusable(f"UNTIL={value}") from None
    return {"until": last, "until_utc": value.endswith("Z")}


def _unusable(part: str) -> UserError:
    shown = part if len(part) <= 60 else part[:59] + "…"
    return UserError(f"The repeat rule's {shown} cannot be used.")


def text_of(rule: Fields) -> str:
    """The rule as RFC 5545 text, its parts in one fixed order."""
    said = [f"FREQ={rule.freq}"]
    if rule.interval > 1:
        said.append(f"INTERVAL={rule.interval}")
    for name, (field, _, _) in _LISTS.items():
        numbers = getattr(rule, field)
        if numbers:
            said.append(f"{name}={','.join(map(str, numbers))}")
    if rule.days:
        said.append(
            "BYDAY=" + ",".join(f"{n or ''}{WEEKDAYS[day]}" for n, day in rule.days)
        )
    if rule.week_start:
        said.append(f"WKST={WEEKDAYS[rule.week_start]}")
    if rule.until is not None:
        said.append("UNTIL=" + _until_text(rule))
    if rule.count is not None:
        said.append(f"COUNT={rule.count}")
    return ";".join(said)


def _until_text(rule: Fields) -> str:
    last = rule.until
    assert last is not None
    if not rule.until_utc and last.time() == time(23, 59, 59):
        return f"{last:%Y%m%d}"
    return f"{last:%Y%m%dT%H%M%S}" + ("Z" if rule.until_utc else "")


# --- times -------------------------------------------------------------------------------


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
