"""Recognises a time of day, or a first and a last one, at a place in a line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from modules.sdk.text import lexicon
from modules.sdk.text.tokens import Found, Need, Token, When, key_at, pattern, whole_number

Words = Sequence[Token]

CLOCK = r"(\d{1,2})(?::(\d{2}))?(am|pm|a\.m\.?|p\.m\.?|uhr)?"


class Clock:
    """An hour and a minute as typed: `half` is am, pm or neither; `sure` says that it can
    only be a time."""

    __slots__ = ("end", "half", "hour", "minute", "sure")

    def __init__(self, hour: int, minute: int, half: str, sure: bool, end: int) -> None:
        self.hour, self.minute, self.half, self.sure, self.end = (
            hour,
            minute,
            half,
            sure,
            end,
        )

    def time(self, half: str = "") -> time | None:
        """The time of day, or None when there is no such time."""
        half, hour = self.half or half, self.hour
        if half and not 1 <= hour <= 12:
            return None
        if half:
            hour = hour % 12 + (12 if half == "pm" else 0)
        if hour == 24 and self.minute == 0:
            hour = 0
        return time(hour, self.minute) if hour < 24 and self.minute < 60 else None


def match_time(words: Words, index: int) -> Found | None:
    """`9:00`, `at 9`, `9am`, `14–15:30`, `von 9 bis 11 Uhr`, `noon`, `halb zehn`."""
    led = key_at(words, index) in lexicon.AT
    at = index + 1 if led else index
    found = _range(words, at, led) or _spoken(words, at) or _single(words, at, led)
    return found or _part_of_day(words, index)


def _clock(key: str, words: Words, end: int) -> Clock | None:
    found = pattern(CLOCK).fullmatch(key) or pattern(r"(\d{1,2})\.(\d{2})(uhr)").fullmatch(
        key
    )
    if not found:
        return None
    suffix = (found[3] or "").replace(".", "")
    after = key_at(words, end).replace(".", "")
    if not suffix and after in ("am", "pm", "uhr", "o'clock", "o’clock") and end:
        suffix, end = after, end + 1
        if suffix == "am" and not _closes(words, end):
            suffix, end = "", end - 1
    half = suffix if suffix in ("am", "pm") else ""
    return Clock(int(found[1]), int(found[2] or 0), half, bool(suffix or found[2]), end)


def _closes(words: Words, at: int) -> bool:
    """`9 am Bahnhof` is German: `am` is a suffix only where no name follows it."""
    return at >= len(words) or not words[at].text[0].isupper()


def _dotted(words: Words, at: int) -> Clock | None:
    """`9.30 Uhr`: a dot only where Uhr follows."""
    found = pattern(r"(\d{1,2})\.(\d{2})").fullmatch(key_at(words, at))
    if not found or key_at(words, at + 1) != "uhr":
        return None
    return Clock(int(found[1]), int(found[2]), "", True, at + 2)


def _at(words: Words, at: int) -> Clock | None:
    return _clock(key_at(words, at), words, at + 1) or _dotted(words, at)


def _single(words: Words, at: int, led: bool) -> Found | None:
    key = key_at(words, at)
    if key in lexicon.CLOCK:
        sure = led or key not in lexicon.WEAK_CLOCK
        return Found(
            "time", at + 1, When(start=time(lexicon.CLOCK[key])), "" if sure else "weak"
        )
    clock = _at(words, at)
    found = clock.time() if clock else None
    if clock is None or found is None or (clock.hour == 24):
        return None
    need: Need = "" if clock.sure else ("weak" if led else "hour")
    return Found("time", clock.end, When(start=found), need)


def _range(words: Words, at: int, led: bool) -> Found | None:
    key = key_at(words, at)
    left, dash, right = key.partition("-")
    if dash:
        first, last = _clock(left, (), 0), _clock(right, words, at + 1)
    else:
        first = _at(words, at)
        between = key_at(words, first.end) if first else ""
        if not first or not (
            between == "-" or ((led or first.sure) and between in lexicon.TO)
        ):
            return None
        last = _at(words, first.end + 1)
    if not first or not last:
        return None
    return _between(words, at, first, last, led)


def _between(words: Words, at: int, first: Clock, last: Clock, led: bool) -> Found | None:
    start, end = _halves(first, last)
    if start is None or end is None or start == end:
        return None
    sure = first.sure or last.sure or led
    if not sure and key_at(words, at - 1) in lexicon.NOT_TIME_AFTER:
        return None
    return Found("time", last.end, When(start=start, end=end), "" if sure else "loose")


def _halves(first: Clock, last: Clock) -> tuple[time | None, time | None]:
    """`2-4pm` is 14–16, `11-1pm` 11–13, `9-5` 9–17."""
    start, end = first.time(), last.time()
    if last.half and not first.half and first.hour <= 12:
        same = first.time(last.half)
        if same and end:
            start = same if same < end else first.time("am" if last.half == "pm" else "pm")
    elif start and end and end <= start and not (first.half or last.half):
        later = (
            last.time("pm") if last.hour < 12 and first.hour <= 12 and last.hour else None
        )
        end = later if later and later > start else end
    return start, end


def _spoken(words: Words, at: int) -> Found | None:
    """`half past 9`, `quarter to 9`, `halb zehn`, `Viertel nach 9`."""
    first, second = key_at(words, at), key_at(words, at + 1)
    shift = {("half", "past"): 30, ("quarter", "past"): 15, ("quarter", "to"): -15,
             ("viertel", "nach"): 15, ("viertel", "vor"): -15,
             ("dreiviertel", second): -15}.get((first, second))  # fmt: skip
    past = at + (1 if first == "dreiviertel" else 2)
    if first == "halb":
        shift, past = -30, at + 1
    hour = whole_number(key_at(words, past)) if shift is not None else None
    if shift is None or hour is None or not 0 < hour <= 24:
        return None
    minutes = (hour * 60 + shift) % 1440
    end = past + (2 if key_at(words, past + 1) == "uhr" else 1)
    return Found("time", end, When(start=time(minutes // 60, minutes % 60)))


def _part_of_day(words: Words, at: int) -> Found | None:
    """`in the evening`, `am Abend`; `evening` alone only after a day."""
    key, second = key_at(words, at), key_at(words, at + 1)
    if key == "in" and second == "the" and key_at(words, at + 2) in lexicon.DAYTIMES:
        hour = lexicon.DAYTIMES[key_at(words, at + 2)]
        return Found("time", at + 3, When(start=time(hour)))
    if key in ("am", "at") and second in lexicon.DAYTIMES:
        return Found("time", at + 2, When(start=time(lexicon.DAYTIMES[second])))
    if key in lexicon.DAYTIMES:
        return Found("time", at + 1, When(start=time(lexicon.DAYTIMES[key])), "after")
    return None
