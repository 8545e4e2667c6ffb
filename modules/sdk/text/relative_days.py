"""Recognises a day by its distance at a place in a line: `tomorrow`, `fri`, `in 3 days`."""

from __future__ import annotations

from datetime import date, timedelta

from modules.sdk.text import lexicon
from modules.sdk.text.calendar_dates import Day, Words, named, numeric
from modules.sdk.text.months import add_months
from modules.sdk.text.times import match_time
from modules.sdk.text.tokens import Here, Need, key_at, pattern, whole_number


def word(words: Words, at: int, here: Here, led: bool) -> Day | None:
    """`today`, `übermorgen`, `tom`."""
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


def weekday(words: Words, at: int, here: Here, led: bool) -> Day | None:
    """`fri`, `Freitag`, `Fri 27 Nov`: the coming one, or the date that follows."""
    key = key_at(words, at)
    number = lexicon.WEEKDAYS.get(key)
    need: Need = ""
    if number is None:
        number, need = _weak_weekday(words, at, key, here, led)
    if number is None:
        return None
    day, end = coming(number, here), at + 1
    dated = numeric(words, end, here, True) or named(words, end, here, True)
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


def coming(weekday: int, here: Here) -> date:
    """The next such weekday after today; looking back, the last one before it."""
    ahead = (weekday - here.today.weekday() - 1) % 7 + 1
    return here.today + timedelta(days=ahead - 7 if here.past else ahead)


def relative(words: Words, at: int, here: Here, led: bool) -> Day | None:
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


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


_SPANS = {
    word: unit for word, unit in lexicon.UNITS.items() if unit in ("week", "month", "year")
}


def _next(word: str, here: Here, end: int) -> Day | None:
    monday = monday_of(here.today) + timedelta(days=7)
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
        return max(monday_of(here.today) + timedelta(days=4), here.today), end, ""
    return None


def _last(word: str, here: Here, end: int) -> Day | None:
    if word in lexicon.ALL_WEEKDAYS:
        back = (here.today.weekday() - lexicon.ALL_WEEKDAYS[word] - 1) % 7 + 1
        return here.today - timedelta(days=back), end, ""
    unit = _SPANS.get(word) if len(word) > 1 else None
    if unit == "week":
        return monday_of(here.today) - timedelta(days=7), end, ""
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
        return max(monday_of(today) + timedelta(days=4), today), end, ""
    if key == "eom":
        return add_months(today.replace(day=1), 1) - timedelta(days=1), end, ""
    return (date(today.year, 12, 31), end, "") if key == "eoy" else None


def offset(words: Words, at: int, here: Here, _led: bool) -> Day | None:
    """`+3d`, `in 3 days`, `in einer Woche`, `3 days ago`, `vor 3 Tagen`."""
    glued = pattern(r"([+-])(\d{1,4})([a-zäü]+)").fullmatch(key_at(words, at))
    if glued:
        unit = lexicon.UNITS.get(glued[3], "")
        count = int(glued[2]) * (1 if glued[1] == "+" else -1)
        return move(here.today, count, unit, at + 1)
    before = key_at(words, at)
    sign = {"in": 1, "within": 1, "vor": -1, "before": 0}.get(before, 0)
    count = _count(words, at + 1 if sign else at)
    if count is None:
        return None
    number, past = count
    unit = lexicon.UNITS.get(key_at(words, past), "")
    if sign:
        return move(here.today, sign * number, unit, past + 1)
    ago = key_at(words, past + 1) in ("ago", "her")
    return move(here.today, -number, unit, past + 2) if ago else None


def _count(words: Words, at: int) -> tuple[int, int] | None:
    glued = pattern(r"(\d{1,4})([a-zäü]+)").fullmatch(key_at(words, at))
    if glued:
        return None
    if key_at(words, at) in ("a", "ein") and key_at(words, at + 1) in ("couple", "paar"):
        return 2, at + (3 if key_at(words, at + 2) == "of" else 2)
    number = whole_number(key_at(words, at))
    return None if number is None else (number, at + 1)


def move(day: date, count: int, unit: str, end: int) -> Day | None:
    """So many days, weeks, months, quarters or years on; None for other units."""
    try:
        if unit in ("day", "week"):
            return day + timedelta(days=count * (7 if unit == "week" else 1)), end, ""
        months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
        return None if months is None else (add_months(day, count * months), end, "")
    except (OverflowError, ValueError):
        return None
