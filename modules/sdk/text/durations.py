"""Lengths of time as people type them and read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from modules.sdk.text.lexicon import UNITS, language
from modules.sdk.text.tokens import Found, Token, key_at, pattern, whole_number, words_of
from storage.errors import UserError

HINT = "like 30m, 1h30, 1:30, 90 min, 2 hours, 1.5h, 3d"
MOST = timedelta(days=36_500)

SECONDS = {"day": 86_400, "week": 604_800, "hour": 3600, "minute": 60, "second": 1}
_GLUED = (
    r"(?:(\d{1,4}(?:[.,]\d{1,2})?)(?:h|hr|hrs|hours?|std|stunden?)(?:(\d{1,2})(?![\dms]))?)?"
    r"(?:(\d{1,4})(?:m|min|mins|minutes?|minuten?))?(?:(\d{1,4})(?:s|sec|secs|sek))?"
)


def parse_duration(text: str, locale: str = "en") -> timedelta:
    """`30m`, `1h30`, `1:30`, `90 min`, `1.5 Stunden`, `2 days 4h`; a bare number is minutes.

    A day has 24 hours. UserError when the text is anything else, or not positive.
    """
    words = words_of(text.strip().removeprefix("~")) if len(text) <= 100 else []
    total, at = timedelta(), 0
    while at < len(words):
        if at and key_at(words, at) in ("and", "und"):
            at += 1
        found = _bare(words) or _one(words, at)
        if found is None:
            break
        total, at = total + found[0], found[1]
    if not words or at < len(words) or not timedelta() < total <= MOST:
        shown = text if len(text) <= 60 else text[:59] + "…"
        raise UserError(f"{shown!r} is not a length of time.", hint=HINT)
    return total


def _bare(words: Sequence[Token]) -> tuple[timedelta, int] | None:
    key = key_at(words, 0)
    if len(words) == 1 and key.isascii() and key.isdigit() and len(key) <= 6:
        return timedelta(minutes=int(key)), 1
    clock = pattern(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?").fullmatch(key)
    if len(words) == 1 and clock:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds), 1
    return None


def _one(words: Sequence[Token], at: int) -> tuple[timedelta, int] | None:
    found = glued(key_at(words, at))
    return _spaced(words, at) if found is None else (found, at + 1)


def glued(key: str) -> timedelta | None:
    """`1h30m`, `30min`, `3d`, `2w`, written together; None when it is anything else."""
    long = pattern(r"(\d{1,4}(?:[.,]\d{1,2})?)([a-z]+)").fullmatch(key)
    unit = UNITS.get(long[2]) if long else None
    if long and unit in ("day", "week"):
        return timedelta(seconds=_number(long[1]) * SECONDS[unit])
    found = pattern(_GLUED).fullmatch(key)
    if not found or not key:
        return None
    hours, past, minutes, seconds = (_number(part or "0") for part in found.groups())
    return timedelta(hours=hours, minutes=past + minutes, seconds=seconds)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _spaced(words: Sequence[Token], at: int) -> tuple[timedelta, int] | None:
    key, unit = key_at(words, at), UNITS.get(key_at(words, at + 1), "")
    if key_at(words, at + 1) == "m":
        unit = "minute"
    if unit not in SECONDS:
        return None
    if pattern(r"\d{1,4}[.,]\d{1,2}").fullmatch(key):
        return timedelta(seconds=_number(key) * SECONDS[unit]), at + 2
    number = whole_number(key)
    if key in ("half", "halbe") or (key, key_at(words, at + 1)) == ("half", "an"):
        number = 0
    return None if number is None else (timedelta(seconds=number * SECONDS[unit]), at + 2)


WORKDAY = timedelta(hours=8)
"""A day of work, where an estimate is given in days."""


def match_estimate(words: Sequence[Token], at: int) -> Found | None:
    """`~30m`, `~1h30`, `~2 hours`, `30min`, `2 Stunden`, `for 2 hours`; days as `days`."""
    key = key_at(words, at)
    if key.startswith("~") and len(key) > 1:
        return _tilde(words, at, key[1:])
    led = key in ("for", "für", "fuer")
    start = at + 1 if led else at
    found = glued(key_at(words, start))
    if found and pattern(r"\d+(?:[.,]\d+)?(?:h|std|min)\w*").match(key_at(words, start)):
        return Found("estimate", start + 1, found)
    spaced = _spaced(words, start)
    if spaced is None:
        return None
    return _of_unit(words, start, spaced, led)


def _tilde(words: Sequence[Token], at: int, key: str) -> Found | None:
    rest = [Token(key, key, 0, 0), *words[at + 1 : at + 2]]
    if key.isascii() and key.isdigit() and key_at(rest, 1) not in UNITS:
        return Found("estimate", at + 1, timedelta(minutes=int(key[:6])))
    found = _one(rest, 0)
    if found is None:
        return None
    length, used = found
    clock = pattern(r"[\d.,](?:h|std|min|m)").search(key) or UNITS.get(key_at(rest, 1)) in (
        "hour",
        "minute",
    )
    if length.seconds == 0 and length.days and not clock:
        length = WORKDAY * length.days
    return Found("estimate", at + used, length) if length else None


def _of_unit(
    words: Sequence[Token], start: int, spaced: tuple[timedelta, int], led: bool
) -> Found | None:
    length, end = spaced
    unit = UNITS.get(key_at(words, start + 1))
    article = key_at(words, start) in ("a", "an", "ein", "eine", "einen", "einer")
    if not length or (article and not led):
        return None
    if unit == "day":
        return Found("days", end, length.days, "" if led else "weak")
    if unit == "week":
        return Found("days", end, length.days, "weak") if led else None
    return Found("estimate", end, length)


def format_duration(length: timedelta, locale: str = "en") -> str:
    """`1h30`, `45m`, `2d 4h`, `30s`: what `parse_duration` reads again."""
    seconds = round(length.total_seconds())
    if seconds < 0:
        return "-" + format_duration(-length, locale)
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, left = divmod(rest, 60)
    if not days and not hours and left:
        return f"{minutes}m{left}s" if minutes else f"{left}s"
    clock = f"{hours}h{minutes:02}" if hours and minutes else f"{hours}h" if hours else ""
    clock = clock or (f"{minutes}m" if minutes or not days else "")
    return f"{days}d {clock}".strip() if days else clock


def format_hours(length: timedelta) -> str:
    """Hours and minutes on a clock: `7:30` for seven and a half hours."""
    minutes = round(length.total_seconds() / 60)
    sign, minutes = ("-" if minutes < 0 else ""), abs(minutes)
    return f"{sign}{minutes // 60}:{minutes % 60:02}"


def say_duration(length: timedelta, locale: str = "en") -> str:
    """In words: `1 hour 30 minutes`, `2 Stunden`."""
    german = language(locale) == "de"
    names = {86_400: ("Tag", "Tage") if german else ("day", "days"),
             3600: ("Stunde", "Stunden") if german else ("hour", "hours"),
             60: ("Minute", "Minuten") if german else ("minute", "minutes")}  # fmt: skip
    rest, said = round(length.total_seconds()), []
    for size, (one, many) in names.items():
        count, rest = divmod(rest, size)
        if count:
            said.append(f"{count} {one if count == 1 else many}")
    return " ".join(said) or f"0 {names[60][1]}"
