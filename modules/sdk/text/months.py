"""Dates some months on, and dates without a year."""

from __future__ import annotations

from datetime import date

from modules.sdk.text.tokens import Here


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last one there is in that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return clip(year, month + 1, day.day)


def clip(year: int, month: int, day: int) -> date:
    """A date, or the last of its month where the month is shorter."""
    while day > 28:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1
    return date(year, month, day)


def in_year(day: int, month: int, year: str | int | None, here: Here) -> date | None:
    """A date; without a year the next one there is (or, looking back, the latest)."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    if year:
        full = int(year) + (2000 if int(year) < 100 else 0)
        return valid(full, month, day)
    step = -1 if here.past else 1
    for full in range(here.today.year, here.today.year + 9 * step, step):
        found = valid(full, month, day)
        if found and (found <= here.today if here.past else found >= here.today):
            return found
    return None


def valid(year: int, month: int, day: int) -> date | None:
    """A date, or None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
