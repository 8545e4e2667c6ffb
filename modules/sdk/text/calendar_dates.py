"""Recognises a date of the calendar at a place in a line: `24.12.`, `dec 24th`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from modules.sdk.text import lexicon
from modules.sdk.text.months import add_months, in_year, valid
from modules.sdk.text.tokens import Here, Need, Token, key_at, ordinal_day, pattern

Words = Sequence[Token]
Day = tuple[date, int, Need]
"""A day, the word after it, what must be around it."""


def iso(words: Words, at: int, _here: Here, _led: bool) -> Day | None:
    """`2026-12-24`, `20261224`, `2026-W52`."""
    key = key_at(words, at)
    if pattern(r"\d{4}-?w\d\d").fullmatch(key):
        return _made(lambda: date.fromisocalendar(int(key[:4]), int(key[-2:]), 1), at)
    if pattern(r"\d{4}-\d{1,2}-\d{1,2}").fullmatch(key):
        year, month, day = map(int, key.split("-"))
        return _made(lambda: date(year, month, day), at)
    if pattern(r"20\d{6}").fullmatch(key):
        return _made(lambda: date(int(key[:4]), int(key[4:6]), int(key[6:])), at)
    found = pattern(r"(20\d\d)[./](\d{1,2})[./](\d{1,2})").fullmatch(key)
    return _made(lambda: date(*map(int, found.groups())), at) if found else None


def _made(make: Callable[[], date], at: int) -> Day | None:
    try:
        return make(), at + 1, ""
    except ValueError:
        return None


def numeric(words: Words, at: int, here: Here, led: bool) -> Day | None:
    """`24.12.`, `24.12.26`, `24/12`, `12/24/2026`; `24.12` after a preposition."""
    key = key_at(words, at)
    found = pattern(r"(\d{1,2})\.(\d{1,2})(?:\.(\d{4}|\d{2})?)?").fullmatch(key)
    if found:
        if key.count(".") == 1 and not led:
            return None
        return _dated(int(found[1]), int(found[2]), found[3], here, at + 1)
    found = pattern(r"(\d{1,2})([/-])(\d{1,2})(?:\2(\d{4}|\d{2}))?").fullmatch(key)
    if not found or (found[2] == "-" and not found[4]):
        return None
    first, second = int(found[1]), int(found[3])
    swap = not lexicon.day_first(here.locale)
    day, month = (second, first) if swap else (first, second)
    dated = _dated(day, month, found[4], here, at + 1)
    return (*dated[:2], "" if found[4] else "weak") if dated else None


def _dated(day: int, month: int, year: str | None, here: Here, end: int) -> Day | None:
    placed = in_year(day, month, year, here)
    return (placed, end, "") if placed else None


def _day_number(key: str) -> int | None:
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 3 else None
    return number if number is not None and 1 <= number <= 31 else ordinal_day(key)


def year_at(words: Words, at: int) -> tuple[int | None, int]:
    """A year of four digits and the word after it, or None and the same place."""
    key = key_at(words, at)
    if len(key) == 4 and key.isascii() and key.isdigit() and 1900 <= int(key) <= 2199:
        return int(key), at + 1
    return None, at


def named(words: Words, at: int, here: Here, _led: bool) -> Day | None:
    """`24 dec`, `24. Dezember 2026`, `24th of december`, `dec 24th, 2026`, `24dec`."""
    first = key_at(words, at)
    day = _day_number(first)
    if day is not None:
        of = at + (2 if key_at(words, at + 1) == "of" else 1)
        month = lexicon.MONTHS.get(key_at(words, of))
        end = of + 1
    else:
        month, day, end = (
            lexicon.MONTHS.get(first),
            _day_number(key_at(words, at + 1)),
            at + 2,
        )
        glued = (
            pattern(r"(\d{1,2})([a-zä]{3,9})").fullmatch(first) if month is None else None
        )
        if glued:
            day, month, end = int(glued[1]), lexicon.MONTHS.get(glued[2]), at + 1
    if month is None or day is None:
        return None
    year, end = year_at(words, end)
    return _dated(day, month, str(year) if year else None, here, end)


def of_month(words: Words, at: int, here: Here, led: bool) -> Day | None:
    """`on the 24th`, `am 24.`: the next such day of a month."""
    day = ordinal_day(key_at(words, at))
    if not led or day is None:
        return None
    step = -1 if here.past else 1
    for months in range(0, 13 * step, step):
        first = add_months(here.today.replace(day=1), months)
        found = valid(first.year, first.month, day)
        if found and (found <= here.today if here.past else found >= here.today):
            return found, at + 1, ""
    return None
