"""Recognises a day, or a first and a last day, at a place in a line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, time, timedelta

from modules.sdk.text import lexicon
from modules.sdk.text.times import match_time
from modules.sdk.text.tokens import (
    Found,
    Here,
    Need,
    Token,
    When,
    key_at,
    ordinal_day,
    pattern,
    whole_number,
)

Words = Sequence[Token]
Day = tuple[date, int, Need]
"""A day, the word after it, what must be around it."""

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


# --- words ----------------------------------------------------------------------------


def _word(words: Words, at: int, here: Here, led: bool) -> Day | None:
    key = key_at(words, at)
    if key not in lexicon.DAYS:
        return None
    if key in ("morgen", "heute") and key_at(words, at - 1) == "guten":
        return None
    if key == "morgen" and led and key_at(words, at - 1) == "am":
        return None
    weak = key in lexicon.WEAK_DAYS
    if weak and words[at].text[0].isupper():
        return None
    return here.today + timedelta(days=lexicon.DAYS[key]), at + 1, "weak" if weak else ""


def _weekday(words: Words, at: int, here: Here, led: bool) -> Day | None:
    key = key_at(words, at)
    number = lexicon.WEEKDAYS.get(key)
    need: Need = ""
    if number is None:
        number, need = _weak_weekday(words, at, key, here, led)
    if number is None:
        return None
    day, end = _coming(number, here), at + 1
    dated = _numeric(words, end, here, True) or _named(words, end, here, True)
    return (dated[0], dated[1], "") if dated else (day, end, need)


def _weak_weekday(
    words: Words, at: int, key: str, here: Here, led: bool
) -> tuple[int | None, Need]:
    if key in lexicon.WEAK_WEEKDAYS:
        return lexicon.WEAK_WEEKDAYS[key], "weak"
    number = lexicon.SHORT_WEEKDAYS.get(key)
    if number is None or led:
        return number, ""
    lower = key in ("do", "so") and not words[at].text[0].isupper()
    clock = match_time(words, at + 1)
    if clock is not None and (clock.need == "" or key not in ("do", "so")) and not lower:
        return number, ""
    german = lexicon.language(here.locale) == "de"
    return (number if german and at and not lower else None), "weak"


def _coming(weekday: int, here: Here) -> date:
    ahead = (weekday - here.today.weekday() - 1) % 7 + 1
    return here.today + timedelta(days=ahead - 7 if here.past else ahead)


# --- relative ---------------------------------------------------------------------------


def _relative(words: Words, at: int, here: Here, led: bool) -> Day | None:
    """`next week`, `this friday`, `letzten Freitag`, `end of month`."""
    first, second = key_at(words, at), key_at(words, at + 1)
    if first in lexicon.NEXT:
        return _next(second, here, at + 2)
    if first in lexicon.THIS or first in lexicon.COMING:
        return _this(second, here, at + 2)
    if first in lexicon.LAST and (
        led or second in lexicon.ALL_WEEKDAYS or second in _SPANS
    ):
        return _last(second, here, at + 2)
    return _period_end(words, at, here)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


_SPANS = {
    word: unit for word, unit in lexicon.UNITS.items() if unit in ("week", "month", "year")
}


def _next(word: str, here: Here, end: int) -> Day | None:
    monday = _monday(here.today) + timedelta(days=7)
    if word in lexicon.ALL_WEEKDAYS:
        return monday + timedelta(days=lexicon.ALL_WEEKDAYS[word]), end, ""
    unit = _SPANS.get(word) if len(word) > 1 else None
    if unit == "week":
        return monday, end, ""
    if unit in ("month", "year"):
        first = add_months(here.today, 12 if unit == "year" else 1)
        return first.replace(day=1, month=1 if unit == "year" else first.month), end, ""
    return None


def _this(word: str, here: Here, end: int) -> Day | None:
    if word in lexicon.ALL_WEEKDAYS:
        ahead = (lexicon.ALL_WEEKDAYS[word] - here.today.weekday()) % 7
        return here.today + timedelta(days=ahead), end, ""
    if _SPANS.get(word) == "week" and len(word) > 1:
        return max(_monday(here.today) + timedelta(days=4), here.today), end, ""
    return None


def _last(word: str, here: Here, end: int) -> Day | None:
    if word in lexicon.ALL_WEEKDAYS:
        back = (here.today.weekday() - lexicon.ALL_WEEKDAYS[word] - 1) % 7 + 1
        return here.today - timedelta(days=back), end, ""
    unit = _SPANS.get(word) if len(word) > 1 else None
    if unit == "week":
        return _monday(here.today) - timedelta(days=7), end, ""
    if unit in ("month", "year"):
        first = add_months(here.today, -12 if unit == "year" else -1)
        return first.replace(day=1, month=1 if unit == "year" else first.month), end, ""
    return None


def _period_end(words: Words, at: int, here: Here) -> Day | None:
    key = key_at(words, at)
    end = at + 1
    if key in ("end", "ende") and key_at(words, at + 1) in (
        "of",
        "der",
        "des",
        "dieser",
        "dieses",
    ):
        end = at + 3
        key = {"week": "eow", "woche": "eow", "month": "eom", "monats": "eom", "year": "eoy",
               "jahres": "eoy"}.get(key_at(words, at + 2), "")  # fmt: skip
    elif key in ("monatsende", "jahresende"):
        key = "eom" if key == "monatsende" else "eoy"
    today = here.today
    if key == "eow":
        return max(_monday(today) + timedelta(days=4), today), end, ""
    if key == "eom":
        return add_months(today.replace(day=1), 1) - timedelta(days=1), end, ""
    return (date(today.year, 12, 31), end, "") if key == "eoy" else None


def _offset(words: Words, at: int, here: Here, _led: bool) -> Day | None:
    """`+3d`, `in 3 days`, `in einer Woche`, `3 days ago`, `vor 3 Tagen`."""
    glued = pattern(r"([+-])(\d{1,4})([a-zäü]+)").fullmatch(key_at(words, at))
    if glued:
        unit = lexicon.UNITS.get(glued[3], "")
        count = int(glued[2]) * (1 if glued[1] == "+" else -1)
        return _move(here.today, count, unit, at + 1)
    before = key_at(words, at)
    sign = {"in": 1, "within": 1, "vor": -1, "before": 0}.get(before, 0)
    count = _count(words, at + 1 if sign else at)
    if count is None:
        return None
    number, past = count
    unit = lexicon.UNITS.get(key_at(words, past), "")
    if sign:
        return _move(here.today, sign * number, unit, past + 1)
    ago = key_at(words, past + 1) in ("ago", "her")
    return _move(here.today, -number, unit, past + 2) if ago else None


def _count(words: Words, at: int) -> tuple[int, int] | None:
    glued = pattern(r"(\d{1,4})([a-zäü]+)").fullmatch(key_at(words, at))
    if glued:
        return None
    if key_at(words, at) in ("a", "ein") and key_at(words, at + 1) in ("couple", "paar"):
        return 2, at + (3 if key_at(words, at + 2) == "of" else 2)
    number = whole_number(key_at(words, at))
    return None if number is None else (number, at + 1)


def _move(day: date, count: int, unit: str, end: int) -> Day | None:
    try:
        if unit in ("day", "week"):
            return day + timedelta(days=count * (7 if unit == "week" else 1)), end, ""
        months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
        return None if months is None else (add_months(day, count * months), end, "")
    except (OverflowError, ValueError):
        return None


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


# --- calendar dates -------------------------------------------------------------------------


def _iso(words: Words, at: int, _here: Here, _led: bool) -> Day | None:
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


def _numeric(words: Words, at: int, here: Here, led: bool) -> Day | None:
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


def in_year(day: int, month: int, year: str | int | None, here: Here) -> date | None:
    """A date; without a year the next one there is (or, looking back, the latest)."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    if year:
        full = int(year) + (2000 if int(year) < 100 else 0)
        return _valid(full, month, day)
    step = -1 if here.past else 1
    for full in range(here.today.year, here.today.year + 9 * step, step):
        found = _valid(full, month, day)
        if found and (found <= here.today if here.past else found >= here.today):
            return found
    return None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_number(key: str) -> int | None:
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 3 else None
    return number if number is not None and 1 <= number <= 31 else ordinal_day(key)


def _year(words: Words, at: int) -> tuple[int | None, int]:
    key = key_at(words, at)
    if len(key) == 4 and key.isascii() and key.isdigit() and 1900 <= int(key) <= 2199:
        return int(key), at + 1
    return None, at


def _named(words: Words, at: int, here: Here, _led: bool) -> Day | None:
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
    year, end = _year(words, end)
    return _dated(day, month, str(year) if year else None, here, end)


def _of_month(words: Words, at: int, here: Here, led: bool) -> Day | None:
    """`on the 24th`, `am 24.`: the next such day of a month."""
    day = ordinal_day(key_at(words, at))
    if not led or day is None:
        return None
    step = -1 if here.past else 1
    for months in range(0, 13 * step, step):
        first = add_months(here.today.replace(day=1), months)
        found = _valid(first.year, first.month, day)
        if found and (found <= here.today if here.past else found >= here.today):
            return found, at + 1, ""
    return None


_FORMS: tuple[Callable[[Words, int, Here, bool], Day | None], ...] = (
    _iso, _named, _numeric, _word, _weekday, _relative, _offset, _of_month,
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
    saturday = _monday(here.today) + timedelta(days=12 if following else 5)
    sunday = saturday + timedelta(days=1)
    first = sunday if here.today == sunday else saturday
    return Found("day", end, When(day=first, last_day=sunday if first < sunday else None))


def _span(
    days: tuple[str, str], of: tuple[int, str | int | None], here: Here, end: int
) -> Found | None:
    last_day = in_year(int(days[1]), of[0], of[1], here)
    start = _valid(last_day.year, of[0], int(days[0])) if last_day else None
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
    year, end = _year(words, at + 2)
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
        day = _move(here.today, count, lexicon.UNITS.get(unit, ""), end) if unit else None
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
            return Found("when", at + 1, When(day=_coming(number, here), start=time(hour)))
    return None
