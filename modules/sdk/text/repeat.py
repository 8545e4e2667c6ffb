"""Repeat rules in words, both ways: `every last friday`, `alle 2 Wochen am Montag`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

import msgspec

from modules.sdk.text import lexicon
from modules.sdk.text.days import single_day
from modules.sdk.text.recurrence import Anchor, Rule, rule_of
from modules.sdk.text.rrule import Fields
from modules.sdk.text.tokens import (
    Found,
    Here,
    Need,
    Token,
    key_at,
    ordinal_day,
    pattern,
    whole_number,
)

Words = Sequence[Token]
Parts = dict[str, Any]
Piece = tuple[Parts, int]
"""What was understood, and the word after it."""

FREQUENCY: dict[str, Parts] = {
    "day": {"freq": "DAILY"},
    "week": {"freq": "WEEKLY"},
    "month": {"freq": "MONTHLY"},
    "quarter": {"freq": "MONTHLY", "interval": 3},
    "year": {"freq": "YEARLY"},
    "hour": {"freq": "HOURLY"},
}
WORKWEEK = tuple((0, day) for day in range(5))
_SINGLE: dict[tuple[str, ...], Parts] = {
    ("daily", "täglich"): FREQUENCY["day"],
    ("weekly", "wöchentlich"): FREQUENCY["week"],
    ("biweekly", "fortnightly", "zweiwöchentlich"): {"freq": "WEEKLY", "interval": 2},
    ("monthly", "monatlich"): FREQUENCY["month"],
    ("quarterly", "vierteljährlich"): FREQUENCY["quarter"],
    ("yearly", "annually", "jährlich"): FREQUENCY["year"],
    ("weekdays", "werktags", "wochentags"): {"freq": "WEEKLY", "days": WORKWEEK},
}
SINGLE = {word: parts for words, parts in _SINGLE.items() for word in words}
"""Words that say how often by themselves."""

WORKDAYS = frozenset({"weekday", "workday", "werktag", "wochentag", "arbeitstag"})
OTHER = frozenset({"other", "zweite", "zweiten", "zweiter", "zweites", "2nd", "2."})
ON = frozenset({"on", "am", "an", "im", "in", "jeweils", "the", "den", "dem", "immer"})
AND = frozenset({"and", "und", "&", "+"})
NOT_PAST = (
    ("skipping", "missed", "ones"),
    ("skipping", "missed"),
    ("verpasstes", "entfällt"),
)
DONE = frozenset({"completion", "done", "completed", "completing", "erledigung", "abschluss",
                  "finishing"})  # fmt: skip


def match_repeat(words: Words, at: int, here: Here) -> Found | None:
    """`every day`, `every mon,wed`, `every month on the 24th`, `after 3 days`, `täglich`."""
    found = _every(words, at, here) or _after(words, at) or _single(words, at, here)
    if found is None:
        return None
    parts, end, anchor, need = found
    more, end = _limit(words, end, here)
    if _after_done(words, end):
        anchor, end = "completion", end + 2
    for said in NOT_PAST:
        if tuple(key_at(words, end + place) for place in range(len(said))) == said:
            anchor, end = "schedule-not-past", end + len(said)
    return Found("repeat", end, rule_of(Fields(**{**parts, **more}), anchor), need)


def _after_done(words: Words, at: int) -> bool:
    return key_at(words, at) in ("after", "nach") and key_at(words, at + 1) in DONE


# --- every ---------------------------------------------------------------------------------

Match = tuple[Parts, int, Anchor, Need]


def _every(words: Words, at: int, here: Here) -> Match | None:
    if key_at(words, at) not in lexicon.EVERY:
        return None
    anchor: Anchor = "completion" if words[at].text.endswith("!") else "schedule"
    at += 1
    found = _part_of_day(words, at) or _counted(words, at, here) or _on(words, at, here)
    return (*found, anchor, "") if found else None


def _part_of_day(words: Words, at: int) -> Piece | None:
    """`every morning`: the hour is read on its own, after this."""
    if key_at(words, at) in ("morning", "evening", "afternoon", "night", "morgen", "abend",
                             "mittag", "nachmittag", "vormittag", "nacht"):  # fmt: skip
        return FREQUENCY["day"], at
    return None


def _counted(words: Words, at: int, here: Here) -> Piece | None:
    """`day`, `2 weeks`, `other month`, `3rd day`, `weekday`, `weekend`."""
    key = key_at(words, at)
    if key in WORKDAYS:
        return {"freq": "WEEKLY", "days": WORKWEEK}, at + 1
    if key in lexicon.WEEKEND:
        return {"freq": "WEEKLY", "days": ((0, 5),)}, at + 1
    interval, at = _interval(words, at)
    key = key_at(words, at)
    if interval is None or not 1 <= interval <= 1000:
        return None
    if key in lexicon.ALL_WEEKDAYS and interval > 1:
        days, end = _weekday_list(words, at)
        return {"freq": "WEEKLY", "interval": interval, "days": days}, end
    unit = lexicon.UNITS.get(key, "")
    if unit not in FREQUENCY or (len(key) == 1 and key_at(words, at - 1) in lexicon.EVERY):
        return None
    parts = dict(FREQUENCY[unit])
    parts["interval"] = parts.get("interval", 1) * interval
    more, end = _tail(words, at + 1, unit, here)
    return parts | more, end


def _interval(words: Words, at: int) -> tuple[int | None, int]:
    key = key_at(words, at)
    if key == "other" or (key in OTHER and key_at(words, at + 1) in lexicon.UNITS):
        return 2, at + 1
    if key_at(words, at + 1) in lexicon.UNITS:
        place = ordinal_day(key) or lexicon.ORDINALS.get(key)
        number = place if place is not None else whole_number(key)
        if number is not None:
            return (number, at + 1) if number > 0 else (None, at)
    number = whole_number(key)
    return (number, at + 1) if number is not None else (1, at)


def _tail(words: Words, at: int, unit: str, here: Here) -> Piece:
    """`on mon,wed` after weeks, `on the 24th` or `on the last friday` after months."""
    if unit not in ("week", "month", "year", "quarter"):
        return {}, at
    start = _skip(words, at, ON)
    led = start > at
    if unit == "week":
        days, end = _weekday_list(words, start, habits=True)
        plural = key_at(words, start) in lexicon.WEEKDAY_HABITS
        return ({"days": days}, end) if days and (led or plural) else ({}, at)
    if not led:
        return {}, at
    found = _in_month(words, start) if unit != "year" else _in_year(words, start, here)
    if found is None:
        return {}, at
    return {key: value for key, value in found[0].items() if key != "freq"}, found[1]


def _skip(words: Words, at: int, which: frozenset[str], most: int = 3) -> int:
    end = at
    while end - at < most and key_at(words, end) in which:
        end += 1
    return end


# --- on which days ------------------------------------------------------------------------------


def _on(words: Words, at: int, here: Here) -> Piece | None:
    """`mon,wed`, `24th`, `1st and 15th`, `last friday`, `24 dec`."""
    days, end = _weekday_list(words, at)
    if days:
        return {"freq": "WEEKLY", "days": days}, end
    return _in_year(words, at, here) or _in_month(words, at)


def _weekday_list(
    words: Words, at: int, *, habits: bool = False
) -> tuple[tuple[tuple[int, int], ...], int]:
    names = lexicon.ALL_WEEKDAYS | (lexicon.WEEKDAY_HABITS if habits else {})
    found: list[int] = []
    end = at
    while end < len(words):
        after = end + 1 if found and key_at(words, end) in AND else end
        parts = [part for part in pattern(r"[,/&+]").split(key_at(words, after)) if part]
        joined = after > end or not found or words[end - 1].text.endswith(",")
        if not joined or not parts or any(part not in names for part in parts):
            break
        found += [names[part] for part in parts]
        end = after + 1
    return tuple((0, day) for day in sorted(set(found))), end


def _in_month(words: Words, at: int) -> Piece | None:
    placed = _placed_weekday(words, at)
    if placed:
        return placed
    if key_at(words, at) in lexicon.LAST and key_at(words, at + 1) in ("day", "tag"):
        return {"freq": "MONTHLY", "month_days": (-1,)}, _of_month(words, at + 2)
    numbers: list[int] = []
    end = at
    while end < len(words):
        after = _skip(words, end, AND | ON) if numbers else end
        day = ordinal_day(key_at(words, after))
        if day is None or (
            after == end and numbers and not words[end - 1].text.endswith(",")
        ):
            break
        numbers.append(day)
        end = after + 1
    if not numbers:
        return None
    return _month_days(numbers), _of_month(words, end)


def _month_days(numbers: list[int]) -> Parts:
    """The 29th, 30th or 31st alone is the last day of a shorter month."""
    if len(numbers) == 1 and numbers[0] > 28:
        last = tuple(range(28, numbers[0] + 1))
        return {"freq": "MONTHLY", "month_days": last, "positions": (-1,)}
    return {"freq": "MONTHLY", "month_days": tuple(sorted(set(numbers)))}


def _placed_weekday(words: Words, at: int) -> Piece | None:
    """`last friday`, `1st monday of the month`, `ersten Montag im Monat`."""
    place = lexicon.ORDINALS.get(key_at(words, at))
    if place is None:
        day = ordinal_day(key_at(words, at))
        place = day if day is not None and day <= 5 else None
    weekday = lexicon.ALL_WEEKDAYS.get(key_at(words, at + 1))
    if place is None or weekday is None:
        return None
    return {"freq": "MONTHLY", "days": ((place, weekday),)}, _of_month(words, at + 2)


def _of_month(words: Words, at: int) -> int:
    """Past `of the month`, `of each month`, `im Monat`, `des Monats`."""
    if key_at(words, at) in ("of", "im", "des", "jedes", "in"):
        for end in (at + 1, at + 2):
            if key_at(words, end) in ("month", "monat", "monats"):
                return end + 1
    return at


def _in_year(words: Words, at: int, here: Here) -> Piece | None:
    """`24 dec`, `dec 24`, `24.12.`: a day of every year."""
    named = key_at(words, at) in lexicon.MONTHS or key_at(words, at + 1) in lexicon.MONTHS
    dotted = pattern(r"\d{1,2}\.\d{1,2}\.?").fullmatch(key_at(words, at))
    if not (named or dotted):
        return None
    found = single_day(words, at, here)
    if found is None:
        return None
    day, end = found
    parts: Parts = {"freq": "YEARLY", "months": (day.month,), "month_days": (day.day,)}
    if (day.month, day.day) == (2, 29):
        parts |= {"month_days": (28, 29), "positions": (-1,)}
    return parts, end


# --- without every ------------------------------------------------------------------------------


def _after(words: Words, at: int) -> Match | None:
    """`after 3 days`, `nach einer Woche`, `3 days after completion`."""
    led = key_at(words, at) in ("after", "nach")
    start = at + 1 if led else at
    count = whole_number(key_at(words, start), 1000)
    unit = lexicon.UNITS.get(key_at(words, start + 1), "")
    if not count or unit not in FREQUENCY or len(key_at(words, start + 1)) == 1:
        return None
    if not led and not _after_done(words, start + 2):
        return None
    parts = dict(FREQUENCY[unit])
    parts["interval"] = parts.get("interval", 1) * count
    return parts, start + 2, "completion", ""


def _single(words: Words, at: int, here: Here) -> Match | None:
    """`daily`, `monthly on the 1st`, `on mondays`, `montags`."""
    on = _skip(words, at, ON, 1)
    if key_at(words, on) in lexicon.WEEKDAY_HABITS:
        days, end = _weekday_list(words, on, habits=True)
        return {"freq": "WEEKLY", "days": days}, end, "schedule", "" if on > at else "weak"
    parts = SINGLE.get(key_at(words, at))
    if parts is None:
        return None
    unit = {"WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}.get(parts["freq"], "")
    more, end = _tail(words, at + 1, "" if "days" in parts else unit, here)
    return {**parts, **more}, end, "schedule", "" if more else "weak"


def _limit(words: Words, at: int, here: Here) -> Piece:
    """`until 24 dec`, `bis Freitag`, `5 times`, `5 mal`, `5x`."""
    key = key_at(words, at)
    if key in ("until", "till", "bis"):
        found = single_day(words, at + 1, here)
        if found:
            return {"until": datetime.combine(found[0], time(23, 59, 59))}, found[1]
    start = at + 1 if key in ("for", "für") else at
    glued = pattern(r"(\d{1,4})x").fullmatch(key_at(words, start))
    if glued and int(glued[1]):
        return {"count": int(glued[1])}, start + 1
    number = whole_number(key_at(words, start))
    if number and key_at(words, start + 1) in ("times", "mal"):
        return {"count": number}, start + 2
    return {}, at


# --- in words --------------------------------------------------------------------------------------


def words_for(rule: Rule, locale: str) -> str:
    """A rule as people say it."""
    from modules.sdk.text.repeat_words import English, German

    speech = German(locale) if lexicon.language(locale) == "de" else English(locale)
    return speech.say(msgspec.structs.replace(rule.fields), rule.anchor)
