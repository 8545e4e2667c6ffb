"""Recognises a day, or a first and a last day, at a place in a line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta

from modules.sdk.text import lexicon
from modules.sdk.text.calendar_dates import (
    Day,
    Words,
    iso,
    named,
    numeric,
    of_month,
    year_at,
)
from modules.sdk.text.months import add_months, in_year, valid
from modules.sdk.text.relative_days import (
    coming,
    monday_of,
    move,
    offset,
    relative,
    weekday,
    word,
)
from modules.sdk.text.tokens import (
    Found,
    Here,
    Need,
    Token,
    When,
    key_at,
    pattern,
    whole_number,
)

FAR = timedelta(days=366 * 200)


def match_day(words: Words, index: int, here: Here) -> Found | None:
    """`tomorrow`, `by friday`, `24.12.`, `24–27 dec`, `in 3 days`, `this weekend`."""
    at, led = _skip_lead(words, index)
    found = match_range(words, at, here) or match_instant(words, at, here)
    if found is None:
        day = _day(words, at, here, led)
        if day is None:
            return _day_and_part(words, at, here)
        found = _with_end(words, day, here, led)
    need: Need = "" if led else found.need
    return Found(found.kind, found.end, found.value, need)


def single_day(words: Words, index: int, here: Here) -> tuple[date, int] | None:
    """One day and the word after it, as if a preposition stood before."""
    at, _ = _skip_lead(words, index)
    day = _day(words, at, here, True)
    return (day[0], day[1]) if day else None


def _skip_lead(words: Words, index: int) -> tuple[int, bool]:
    at = index
    while at - index < 3 and key_at(words, at) in lexicon.DUE:
        at += 1
    return at, at > index


def _day(words: Words, at: int, here: Here, led: bool) -> Day | None:
    for form in _FORMS:
        found = form(words, at, here, led)
        if found is not None and abs(found[0] - here.today) < FAR:
            return found
    return None


_FORMS: tuple[Callable[[Words, int, Here, bool], Day | None], ...] = (
    iso, named, numeric, word, weekday, relative, offset, of_month,
)  # fmt: skip


# --- several days, day and part of day ----------------------------------------------------------


def match_range(words: Words, at: int, here: Here) -> Found | None:
    """Several days: `this weekend`, `24.–27.12.`, `24-27 dec`, `dec 24-27`, `mon-fri`."""
    first, second = key_at(words, at), key_at(words, at + 1)
    if second in lexicon.WEEKEND and (first in lexicon.THIS or first in lexicon.NEXT):
        return _weekend(here, at + 2, first in lexicon.NEXT)
    if first in lexicon.WEEKEND or (first == "the" and second in lexicon.WEEKEND):
        return None
    found = pattern(r"(\d{1,2})\.?-(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?").fullmatch(first)
    if found:
        return _span((found[1], found[2]), (int(found[3]), found[4]), here, at + 1)
    return _named_range(words, at, here) or _glued_range(words, at, here)


def _weekend(here: Here, end: int, following: bool) -> Found:
    saturday = monday_of(here.today) + timedelta(days=12 if following else 5)
    sunday = saturday + timedelta(days=1)
    first = sunday if here.today == sunday else saturday
    return Found("day", end, When(day=first, last_day=sunday if first < sunday else None))


def _span(
    days: tuple[str, str], of: tuple[int, str | int | None], here: Here, end: int
) -> Found | None:
    last_day = in_year(int(days[1]), of[0], of[1], here)
    start = valid(last_day.year, of[0], int(days[0])) if last_day else None
    if not start or not last_day or start > last_day:
        return None
    return Found("day", end, When(day=start, last_day=last_day))


def _named_range(words: Words, at: int, here: Here) -> Found | None:
    days = pattern(r"(\d{1,2})\.?-(\d{1,2})\.?")
    before, after = key_at(words, at), key_at(words, at + 1)
    found, month = days.fullmatch(before), lexicon.MONTHS.get(after)
    if not found:
        found, month = days.fullmatch(after), lexicon.MONTHS.get(before)
    if not found or not month:
        return None
    year, end = year_at(words, at + 2)
    return _span((found[1], found[2]), (month, year), here, end)


def _glued_range(words: Words, at: int, here: Here) -> Found | None:
    key = key_at(words, at)
    first, dash, last = key.partition("-")
    if not dash or not first or not last or pattern(r"[\d-]+").fullmatch(key):
        return None
    if not (first in lexicon.ALL_WEEKDAYS or first[0].isdigit()):
        return None
    halves = [Token(half, half, 0, 0) for half in (first, last)]
    one, two = _day(halves[:1], 0, here, True), _day(halves[1:], 0, here, True)
    return _joined(one[0], two[0], at + 1) if one and two else None


def _joined(first: date, last: date, end: int) -> Found | None:
    while last < first and (first - last).days < 7:
        last += timedelta(days=7)
    if last < first:
        last = add_months(last, 12)
    return Found("day", end, When(day=first, last_day=last)) if last > first else None


def _with_end(words: Words, day: Day, here: Here, led: bool) -> Found:
    """A second day after a dash, or after `to` where the first was led by `from`."""
    first, end, need = day
    if key_at(words, end) == "-" or (led and key_at(words, end) in lexicon.TO):
        last = _day(words, end + 1, here, True)
        joined = _joined(first, last[0], last[1]) if last else None
        if joined:
            return joined
    return Found("day", end, When(day=first), need)


def match_instant(words: Words, at: int, here: Here) -> Found | None:
    """`in 2 hours`, `in 90 min`, `+2h`: a moment from now."""
    glued = pattern(r"(\+?)(\d{1,4})([a-z]+)").fullmatch(key_at(words, at))
    unit, count, end = "", 0, at
    if glued and glued[1]:
        unit, count, end = glued[3], int(glued[2]), at + 1
    elif key_at(words, at) == "in":
        glued = pattern(r"(\d{1,4})([a-z]+)").fullmatch(key_at(words, at + 1))
        number = whole_number(key_at(words, at + 1))
        if glued:
            unit, count, end = glued[2], int(glued[1]), at + 2
        elif number is not None:
            unit, count, end = key_at(words, at + 2), number, at + 3
    seconds = {"hour": 3600, "minute": 60}.get(lexicon.UNITS.get(unit, ""))
    if seconds is None:
        day = move(here.today, count, lexicon.UNITS.get(unit, ""), end) if unit else None
        return Found("day", end, When(day=day[0])) if day else None
    then = here.now + timedelta(seconds=seconds * count)
    return Found("when", end, When(day=then.date(), start=time(then.hour, then.minute)))


def _day_and_part(words: Words, at: int, here: Here) -> Found | None:
    """`tonight`, `this evening`, `heute abend` is two parts, `Freitagabend` is one word."""
    key = key_at(words, at)
    if key == "tonight":
        return Found("when", at + 1, When(day=here.today, start=time(19)))
    if key in lexicon.THIS and key_at(words, at + 1) in lexicon.DAYTIMES:
        hour = lexicon.DAYTIMES[key_at(words, at + 1)]
        return Found("when", at + 2, When(day=here.today, start=time(hour)))
    for name, number in lexicon.WEEKDAYS.items():
        if len(name) > 5 and key.startswith(name) and key[len(name) :] in lexicon.DAYTIMES:
            hour = lexicon.DAYTIMES[key[len(name) :]]
            return Found("when", at + 1, When(day=coming(number, here), start=time(hour)))
    return None
