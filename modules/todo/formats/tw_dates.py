"""Taskwarrior's dates and recurrences, both ways."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

_STAMP = re.compile(r"^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$")
_ENDS = (time(0, 0), time(23, 59, 59))
"""Times of day that mean the day itself."""

_NAMED = {
    "daily": (1, "DAILY"), "day": (1, "DAILY"), "weekly": (1, "WEEKLY"),
    "sennight": (1, "WEEKLY"), "biweekly": (2, "WEEKLY"), "fortnight": (2, "WEEKLY"),
    "monthly": (1, "MONTHLY"), "month": (1, "MONTHLY"), "bimonthly": (2, "MONTHLY"),
    "quarterly": (3, "MONTHLY"), "semiannual": (6, "MONTHLY"), "yearly": (1, "YEARLY"),
    "annual": (1, "YEARLY"), "biannual": (2, "YEARLY"), "biyearly": (2, "YEARLY"),
}  # fmt: skip
_UNITS = {
    "d": (1, "DAILY"), "day": (1, "DAILY"), "days": (1, "DAILY"),
    "w": (1, "WEEKLY"), "wk": (1, "WEEKLY"), "wks": (1, "WEEKLY"), "week": (1, "WEEKLY"),
    "weeks": (1, "WEEKLY"), "mo": (1, "MONTHLY"), "mth": (1, "MONTHLY"),
    "mths": (1, "MONTHLY"), "mnths": (1, "MONTHLY"), "month": (1, "MONTHLY"),
    "months": (1, "MONTHLY"), "m": (1, "MONTHLY"), "q": (3, "MONTHLY"),
    "qtr": (3, "MONTHLY"), "qtrs": (3, "MONTHLY"), "y": (1, "YEARLY"), "yr": (1, "YEARLY"),
    "yrs": (1, "YEARLY"), "year": (1, "YEARLY"), "years": (1, "YEARLY"),
}  # fmt: skip
_COUNTED = re.compile(r"^(\d{1,4}) ?([a-z]+)$")
_ISO = re.compile(r"^p(\d{1,4})([dwmy])$")
WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def moment(text: object) -> datetime:
    """An instant as Taskwarrior or ISO 8601 write it; ValueError."""
    if not isinstance(text, str):
        raise ValueError(f"{text!r:.40} is no date")  # noqa: TRY004 - one kind of failure
    found = _STAMP.match(text)
    if found:
        year, month, day, hour, minute, second = map(int, found.groups())
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    try:
        made = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no date") from None
    return made if made.tzinfo else made.replace(tzinfo=UTC)


def stamp(at: datetime) -> str:
    """`20261124T090000Z`."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def local(text: object, zone: ZoneInfo) -> tuple[date, time | None]:
    """The local day of an instant, and the time where it is not just the day."""
    here = moment(text).astimezone(zone)
    at = here.time()
    return here.date(), None if at in _ENDS else at.replace(second=0, microsecond=0)


def instant(day: date, at: time | None, zone: ZoneInfo) -> str:
    """The stamp of a local day, at midnight where it has no time."""
    return stamp(datetime.combine(day, at or time(), tzinfo=zone))


def rule(recur: str) -> str:
    """An RFC 5545 rule of `weekly`, `2wks`, `P1M`, `weekdays`; empty when it is none."""
    text = recur.strip().lower()
    if text in ("weekdays", "weekday"):
        return WEEKDAYS
    many = 1
    known = _NAMED.get(text)
    if known is None and (found := _COUNTED.match(text) or _ISO.match(text)):
        many, known = int(found[1]), _UNITS.get(found[2])
    if known is None or not many:
        return ""
    every = many * known[0]
    return f"FREQ={known[1]}" + (f";INTERVAL={every}" if every > 1 else "")


def recur(rrule: str) -> str:
    """`2weeks` for a rule that only says how often; empty for any other."""
    if rrule == WEEKDAYS:
        return "weekdays"
    found = re.fullmatch(
        r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(?:;INTERVAL=(\d{1,4}))?", rrule
    )
    if found is None:
        return ""
    unit = {"DAILY": "days", "WEEKLY": "weeks", "MONTHLY": "months", "YEARLY": "years"}[
        found[1]
    ]
    return f"{found[2]}{unit}" if found[2] else found[1].lower()
