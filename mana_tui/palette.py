"""Choices and how well they fit what was typed: the ranking behind every picker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nsmallest
from typing import Any

import msgspec

MOST = 200
"""Choices shown at most; typing on narrows them."""


class Choice(msgspec.Struct):
    """Something to pick: what it is called, what it does, its keys, what it stands for.

    `also` are further words it is found by. `mark` is set for choices that are on.
    `heading` starts a section. `dead` ones are only read.
    """

    title: str
    detail: str = ""
    keys: str = ""
    icon: str = ""
    value: Any = None
    also: str = ""
    mark: bool | None = None
    dead: bool = False
    tone: str = ""
    low: str = ""

    def __post_init__(self) -> None:
        """Keep what is compared ready."""
        if not self.low:
            self.low = self.title.casefold()


def rank(query: str, choices: Sequence[Choice], most: int = MOST) -> list[Choice]:
    """The choices that fit, best first; all of them in their own order for an empty query.

    Every word must fit somewhere. A title's start beats a word's start, that beats the
    inside of a word, that beats scattered letters, that beats the further words.
    """
    words = query.casefold().split()
    if not words:
        return list(choices[:most])
    found: list[tuple[int, int, Choice]] = []
    for place, choice in enumerate(choices):
        score = _score(words, choice)
        if score is not None:
            found.append((score, place, choice))
    return [choice for _, _, choice in nsmallest(most, found, key=lambda one: one[:2])]


def _score(words: list[str], choice: Choice) -> int | None:
    total = 0
    for word in words:
        one = _one(word, choice)
        if one is None:
            return None
        total += one
    return total * 100 + min(len(choice.low), 99)


def _one(word: str, choice: Choice) -> int | None:
    title = choice.low
    at = title.find(word)
    if at == 0:
        return 0
    if at > 0:
        if title[at - 1].isalnum() and " " + word not in title:
            return 4
        return 1
    if choice.also and word in choice.also.casefold():
        return 6
    spread = _spread(word, title)
    return None if spread is None else 5 + spread


def _spread(word: str, title: str) -> int | None:
    """How far apart the letters of a word stand in a title, in order; None if they do not."""
    if len(word) < 2:
        return None
    at = first = title.find(word[0])
    if at < 0:
        return None
    for letter in word[1:]:
        at = title.find(letter, at + 1)
        if at < 0:
            return None
    gap = at - first + 1 - len(word)
    return 3 + gap if gap <= 3 * len(word) else None


def hit_letters(query: str, title: str) -> set[int]:
    """Which letters of a title the query found, to draw them stronger."""
    low = title.casefold()
    if len(low) != len(title):
        return set()
    hits: set[int] = set()
    for word in query.casefold().split():
        at = low.find(word)
        if at >= 0:
            hits.update(range(at, at + len(word)))
            continue
        at = -1
        for letter in word:
            at = low.find(letter, at + 1)
            if at < 0:
                break
            hits.add(at)
    return hits


def sections(groups: Iterable[tuple[str, Iterable[Choice]]]) -> list[Choice]:
    """Choices under headings."""
    done: list[Choice] = []
    for heading, choices in groups:
        inside = list(choices)
        if inside:
            done += [Choice(heading, dead=True, tone="heading"), *inside]
    return done
