"""RFC 5545 rules as text and as fields; nothing repeats more often than hourly."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import msgspec

from modules.sdk.text.tokens import pattern
from storage.errors import UserError

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY")
MOST_INTERVAL = 10_000
MOST_COUNT = 10_000


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
