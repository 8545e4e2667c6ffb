"""The lines of a record around what was found, with the places to mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from storage.search.fold import fold_with_places, is_solid
from storage.search.language import Term

Spans = tuple[tuple[int, int], ...]
WIDTH = 120
BEFORE = 30
MOST_READ = 50_000
"""Characters of a body that are looked through for something to show."""


def mark(text: str, terms: Sequence[Term]) -> Spans:
    """Where the terms occur in a text: (start, end) pairs in order, not overlapping."""
    pattern = _pattern(
        tuple((term.words, term.prefix) for term in terms if not term.negated)
    )
    if pattern is None or not text:
        return ()
    folded, places = fold_with_places(text)
    found = []
    for match in pattern.finditer(folded):
        start, end = match.span()
        if places is not None:
            start, end = places[start], places[end - 1] + 1
        found.append((start, end))
    return tuple(found)


def snippet(body: str, terms: Sequence[Term], width: int = WIDTH) -> tuple[str, Spans]:
    """One line of a body around the first hit, and the hits in it.

    Without a hit the beginning; `…` stands for what was left out.
    """
    text = body[:MOST_READ]
    marks = mark(text, terms)
    start = _start(text, marks[0][0]) if marks else 0
    end = min(len(text), start + width)
    lead = "… " if start else ""
    line = lead + _one_line(text[start:end]) + (" …" if end < len(body) else "")
    shift = len(lead) - start
    return line, tuple(
        (a + shift, min(b, end) + shift) for a, b in marks if start <= a < end
    )


def _start(text: str, hit: int) -> int:
    if hit <= BEFORE:
        return 0
    space = text.find(" ", hit - BEFORE, hit)
    return space + 1 if space >= 0 else hit - BEFORE


def _one_line(text: str) -> str:
    """The same length, so that marks stay where they are."""
    return "".join(char if char.isprintable() else " " for char in text)


@lru_cache(maxsize=64)
def _pattern(terms: tuple[tuple[tuple[str, ...], bool], ...]) -> re.Pattern[str] | None:
    parts = sorted(
        (_phrase(words, prefix) for words, prefix in terms), key=len, reverse=True
    )
    return re.compile("|".join(parts)) if parts else None


def _phrase(words: tuple[str, ...], prefix: bool) -> str:
    said = re.escape(words[0])
    for before, word in pairwise(words):
        gap = r"[\W_]*" if is_solid(before) or is_solid(word) else r"[\W_]+"
        said += gap + re.escape(word)
    left = "" if is_solid(words[0]) else r"(?<![^\W_])"
    right = "" if is_solid(words[-1]) else (r"[^\W_]*" if prefix else r"(?![^\W_])")
    return left + said + right
