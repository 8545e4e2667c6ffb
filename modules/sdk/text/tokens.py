"""A line cut into words, each with its place in the line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cache
from typing import Any, Literal

import msgspec

DASHES = str.maketrans({"–": "-", "—": "-", "−": "-", "‒": "-"})

pattern = cache(re.compile)
"""Compile an expression when it is first needed."""


class Token(msgspec.Struct, frozen=True):
    """A word: as typed, as compared (lower case, plain dashes, no closing punctuation),
    and from where to where it stands. `fixed` words stop parsing: they were in quotes."""

    text: str
    key: str
    start: int
    end: int
    fixed: bool = False


class When(msgspec.Struct, frozen=True):
    """A day or days, a time or times; whatever was not said is None.

    `last_day` is inclusive. An `end` that is not after `start` is on the next day.
    """

    day: date | None = None
    last_day: date | None = None
    start: time | None = None
    end: time | None = None


Need = Literal["", "loose", "weak", "after", "hour"]


class Found(msgspec.Struct, frozen=True):
    """Something recognised: what kind, up to which word, and what it means.

    `need` says what must be around it to count: nothing; `loose` a start of the line or
    another part before it, or `weak` a place where the line could end; `after` a day
    before it; `hour` both a day before it and such a place after it.
    """

    kind: str
    end: int
    value: Any
    need: Need = ""


class Here(msgspec.Struct, frozen=True):
    """When and where a line is read. `past` takes a date without a year as gone by."""

    now: datetime
    locale: str = "en"
    past: bool = False
    currency: str = "EUR"

    @property
    def today(self) -> date:
        """The local day."""
        return self.now.date()


def key_of(word: str) -> str:
    """A word as it is compared."""
    key = word.lower().translate(DASHES).rstrip(",;:!?)…")
    if not key:
        return word
    return key[:-1] if key[-1] == "." and key[:-1].isalpha() else key


def words_of(text: str, offset: int = 0) -> list[Token]:
    """Every word of a text; positions count from `offset`."""
    return [
        Token(
            word.group(), key_of(word.group()), offset + word.start(), offset + word.end()
        )
        for word in pattern(r"\S+").finditer(text)
    ]


def key_at(words: Sequence[Token], index: int) -> str:
    """The word at a place as it is compared; nothing beyond the end or within quotes."""
    if 0 <= index < len(words) and not words[index].fixed:
        return words[index].key
    return ""


def whole_number(key: str, most: int = 9999) -> int | None:
    """`12`, `twelve`, `zwölf`: a number, or None."""
    from modules.sdk.text.lexicon import NUMBERS

    if key.isascii() and key.isdigit() and len(key) <= 5 and int(key) <= most:
        return int(key)
    return NUMBERS.get(key)


def ordinal_day(key: str) -> int | None:
    """`24th`, `24.`: a day of the month, or None."""
    found = pattern(r"(\d{1,2})(?:st|nd|rd|th|\.)").fullmatch(key)
    return int(found[1]) if found and 1 <= int(found[1]) <= 31 else None
