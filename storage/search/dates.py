"""Dates in a search: a day, week, month or year, by number, word or distance."""

from __future__ import annotations

import re
from datetime import date, timedelta

Days = tuple[date, date]
"""First day, and the first day after."""

_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon montag mo", "tuesday tue dienstag di", "wednesday wed mittwoch mi",
            "thursday thu donnerstag do", "friday fri freitag fr", "saturday sat samstag sa",
            "sunday sun sonntag so",
        )
    )
    for name in names.split()
}  # fmt: skip
_DAYS = {
    "today": 0, "heute": 0, "tomorrow": 1, "morgen": 1, "yesterday": -1, "gestern": -1,
}  # fmt: skip
_PERIODS = {
    "week": "week", "woche": "week", "month": "month", "monat": "month",
    "year": "year", "jahr": "year",
}  # fmt: skip
_SHIFTS = {"": 0, "this-": 0, "next-": 1, "last-": -1}
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_WEEK = re.compile(r"(\d{4})-?w(\d{1,2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?")
_AWAY = re.compile(r"([+-]?)(\d{1,4})([dwmy])")
WORDS = (*_DAYS, *_PERIODS, *_WEEKDAYS)


def parse_days(text: str, today: date, *, past: bool = False) -> Days | None:
    """The days a text names, or None when it names none.

    `past` looks back where the text does not say: for `created:friday` the last one,
    for `due:friday` the next one, today counting in both. `2026-11`, `2026-w48`,
    `24.12.`, `next-week`, `-7d`, `2w` are understood.
    """
    word = text.strip().lower()
    for reader in (_word, _period, _numbers, _away):
        try:
            found = reader(word, today, past)
        except (ValueError, OverflowError):
            return None
        if found is not None:
            return found
    return None


def _word(word: str, today: date, past: bool) -> Days | None:
    if word in _DAYS:
        return _one(today + timedelta(days=_DAYS[word]))
    if word in _WEEKDAYS:
        ahead = (_WEEKDAYS[word] - today.weekday()) % 7
        return _one(today + timedelta(days=ahead - 7 if past and ahead else ahead))
    return None


def _period(word: str, today: date, past: bool) -> Days | None:
    for prefix, shift in _SHIFTS.items():
        period = (
            _PERIODS.get(word.removeprefix(prefix)) if word.startswith(prefix) else None
        )
        if period == "week":
            monday = today - timedelta(days=today.weekday() - 7 * shift)
            return monday, monday + timedelta(days=7)
        if period == "month":
            return _month(today.year, today.month + shift)
        if period == "year":
            return _year(today.year + shift)
    return None


def _numbers(word: str, today: date, past: bool) -> Days | None:
    if found := _WEEK.fullmatch(word):
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
        return monday, monday + timedelta(days=7)
    if found := _DOTTED.fullmatch(word):
        return _one(_dotted(found, today, past))
    found = _ISO.fullmatch(word)
    if not found:
        return None
    year, month, day = found[1], found[2], found[3]
    if day:
        return _one(date(int(year), int(month), int(day)))
    if month:
        date(int(year), int(month), 1)
        return _month(int(year), int(month))
    return _year(int(year))


def _dotted(found: re.Match[str], today: date, past: bool) -> date:
    day = date(int(found[3] or today.year), int(found[2]), int(found[1]))
    if found[3]:
        return day
    if past and day > today:
        return day.replace(year=day.year - 1)
    return day.replace(year=day.year + 1) if not past and day < today else day


def _away(word: str, today: date, past: bool) -> Days | None:
    found = _AWAY.fullmatch(word)
    if not found:
        return None
    sign = -1 if found[1] == "-" or (past and not found[1]) else 1
    count = sign * int(found[2])
    if found[3] in "dw":
        return _one(today + timedelta(days=count * (7 if found[3] == "w" else 1)))
    months = count * (12 if found[3] == "y" else 1)
    first = _month(today.year, today.month + months)[0]
    last = _month(first.year, first.month)[1] - timedelta(days=1)
    return _one(first.replace(day=min(today.day, last.day)))


def _one(day: date) -> Days:
    return day, day + timedelta(days=1)


def _month(year: int, month: int) -> Days:
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    after = month + 1
    return first, date(year + (after - 1) // 12, (after - 1) % 12 + 1, 1)


def _year(year: int) -> Days:
    return date(year, 1, 1), date(year + 1, 1, 1)
