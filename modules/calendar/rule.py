"""RFC 5545 recurrence rules: what their text says. `walking` finds the times they name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache

import msgspec

from storage.errors import UserError

YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY, SECONDLY = range(7)
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST_YEAR = 9990
"""The last year whose times can be moved between zones."""

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
