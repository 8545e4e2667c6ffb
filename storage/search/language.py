"""The query language of search: text to words and filters, errors that point.

For example: rent "last invoice" -draft tag:home,work kind:task due:<friday from:anna has:link
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches
from typing import Literal

import msgspec

from storage.errors import UserError
from storage.search.dates import WORDS, Days, parse_days
from storage.search.document import STATES
from storage.search.fold import is_solid, tokens

LONGEST = 1000
MOST_TERMS = 50
SHORT = 2
"""Unfinished words up to this long are looked for in titles only."""

COLUMNS = {"from": "people", "to": "people", "with": "people", "title": "title"}
DATED = {"due": "day", "date": "day", "created": "created", "updated": "updated"}
OPEN_ENDED = {"before": "<", "after": ">"}
HAS = ("link", "attachment", "note", "tag", "date")
PLACES = ("trash", "all")
KEYS = ("tag", "kind", "in", "is", "has", *COLUMNS, *DATED, *OPEN_ENDED)

_KEY = re.compile(r"([A-Za-z]+):(?!/)")
_BOUND = re.compile(r"(<=|>=|<|>|=)?(.+)", re.DOTALL)


class QueryError(UserError):
    """A query that cannot be understood; `at` is the offset of the character."""

    def __init__(self, message: str, query: str, at: int, *, hint: str = "") -> None:
        shown = " ".join(query.split("\n"))
        super().__init__(f"{message}\n  {shown}\n  {' ' * at}^", hint=hint)
        self.query = query
        self.at = at


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """Words to find side by side, the last perhaps unfinished (`prefix`)."""

    words: tuple[str, ...]
    prefix: bool
    negated: bool = False
    column: str = ""
    at: int = 0

    @property
    def short(self) -> bool:
        """One or two letters that may be the start of anything."""
        only = self.words[0] if len(self.words) == 1 else ""
        return self.prefix and 0 < len(only) <= SHORT and not is_solid(only)


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """Any of some values of one property."""

    key: str
    values: tuple[str, ...]
    negated: bool = False
    at: int = 0


class Between(msgspec.Struct, frozen=True, kw_only=True):
    """Days from `first` up to, not with, `after`; either may be open."""

    column: str
    first: date | None = None
    after: date | None = None
    negated: bool = False


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """A query taken apart. Everything must hold."""

    terms: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()
    dates: tuple[Between, ...] = ()
    state: Literal["live", "trash", "all"] = "live"

    @property
    def empty(self) -> bool:
        """Nothing was asked."""
        return not (self.terms or self.filters or self.dates or self.state != "live")


class _Piece(msgspec.Struct, frozen=True):
    """One part as typed: its key, its text, where each begins, whether quoted."""

    key: str
    text: str
    quoted: bool
    negated: bool
    at: int
    value_at: int


def parse(query: str, today: date) -> Parsed:
    """Take a query apart; QueryError says what is wrong and where."""
    if len(query) > LONGEST:
        raise QueryError(
            f"A query has at most {LONGEST} characters.", query[: LONGEST + 1], LONGEST
        )
    pieces = _cut(query)
    terms: list[Term] = []
    filters: list[Filter] = []
    dates: list[Between] = []
    for piece in pieces:
        if not piece.key or piece.key in COLUMNS:
            terms += _terms(piece)
        elif piece.key in DATED or piece.key in OPEN_ENDED:
            dates.append(_between(query, piece, today))
        else:
            filters.append(_filter(query, piece))
    if len(pieces) > MOST_TERMS:
        raise QueryError(
            f"A query has at most {MOST_TERMS} parts.", query, pieces[MOST_TERMS].at
        )
    if pieces and not (terms or filters or dates):
        raise QueryError("There is no letter or digit to look for.", query, pieces[0].at)
    return _parsed(query, terms, filters, dates)


def _parsed(
    query: str, terms: Sequence[Term], filters: Sequence[Filter], dates: Sequence[Between]
) -> Parsed:
    state: Literal["live", "trash", "all"] = "live"
    kept: list[Filter] = []
    for one in filters:
        place = one.values[0].lower() if one.key == "in" and len(one.values) == 1 else ""
        if place not in PLACES:
            kept.append(one)
        elif one.negated:
            raise QueryError(
                "The trash is left out anyway.", query, one.at, hint="leave it out"
            )
        else:
            state = "trash" if place == "trash" else "all"
    return Parsed(terms=tuple(terms), filters=tuple(kept), dates=tuple(dates), state=state)


# --- cutting --------------------------------------------------------------------------


def _cut(query: str) -> list[_Piece]:
    found: list[_Piece] = []
    at = 0
    while at < len(query):
        if query[at].isspace():
            at += 1
            continue
        piece, at = _piece(query, at)
        if piece is not None:
            found.append(piece)
    return found


def _piece(query: str, start: int) -> tuple[_Piece | None, int]:
    at = start
    negated = query[at] == "-" and at + 1 < len(query) and not query[at + 1].isspace()
    at += negated
    key = _KEY.match(query, at)
    word = key[1].lower() if key else ""
    if key and _is_key(query, word, at, key.end()):
        at = key.end()
        if at >= len(query) or query[at].isspace():
            raise QueryError(
                f"{word}: needs a value.", query, at, hint=f"for example {_example(word)}"
            )
    else:
        word = ""
    text, end, quoted = _value(query, at, plain=not word)
    if quoted and not text.strip():
        raise QueryError("There is nothing between the quotes.", query, at)
    return _Piece(word, text, quoted, negated, start, at), end


def _is_key(query: str, word: str, at: int, end: int) -> bool:
    if word in KEYS:
        return True
    if end >= len(query) or query[end].isspace():
        return False
    nearest = get_close_matches(word, KEYS, 1, 0.5)
    if query[end].isdigit() and not nearest:
        return False
    meant = f"did you mean {nearest[0]}: ? " if nearest else ""
    raise QueryError(
        f"There is no filter {word}:.",
        query,
        at,
        hint=f'{meant}"{word}:…" in quotes looks for the text',
    )


def _value(query: str, at: int, *, plain: bool) -> tuple[str, int, bool]:
    """(text, where it ends, whether all of it was quoted)."""
    if plain and query[at] == '"':
        end = _closing(query, at) + 1
        return query[at + 1 : end - 1], end, True
    end = at
    while end < len(query) and not query[end].isspace():
        if query[end] == '"':
            if plain:
                break
            end = _closing(query, end)
        end += 1
    text = query[at:end]
    if text[:1] == '"' and text.find('"', 1) == len(text) - 1:
        return text[1:-1], end, True
    return text, end, False


def _closing(query: str, at: int) -> int:
    end = query.find('"', at + 1)
    if end < 0:
        raise QueryError("This quote is never closed.", query, at, hint='add a "')
    return end


# --- what a piece means -----------------------------------------------------------------


def _terms(piece: _Piece) -> list[Term]:
    column = COLUMNS.get(piece.key, "")
    texts = _listed(piece) if piece.key else [(piece.text, piece.quoted)]
    found = []
    for text, quoted in texts:
        words = tokens(text)
        if words:
            found.append(
                Term(
                    words=words,
                    prefix=not quoted and not is_solid(words[-1]),
                    negated=piece.negated,
                    column=column,
                    at=piece.at,
                )
            )
    return found


def _filter(query: str, piece: _Piece) -> Filter:
    values = tuple(text.strip() for text, _ in _listed(piece))
    known = {"has": HAS, "is": STATES}.get(piece.key)
    for value in values:
        if not value:
            raise QueryError(f"{piece.key}: needs a value.", query, piece.value_at)
        if known and value.lower() not in known:
            raise QueryError(
                f"{piece.key}: knows {', '.join(known)}.",
                query,
                piece.value_at,
                hint=nearest_hint(value.lower(), known),
            )
    if known:
        values = tuple(value.lower() for value in values)
    return Filter(key=piece.key, values=values, negated=piece.negated, at=piece.value_at)


def _between(query: str, piece: _Piece, today: date) -> Between:
    text = piece.text.strip()
    if piece.key in OPEN_ENDED:
        days = _days(query, piece, text, today, piece.value_at)
        return _bounded(piece, OPEN_ENDED[piece.key], "any", days)
    column = DATED[piece.key]
    if text.lower() in ("none", "any"):
        has_it = (text.lower() == "any") != piece.negated
        return Between(
            column=column, first=date.min if has_it else None, negated=not has_it
        )
    left, dots, right = text.partition("..")
    if dots:
        first = _days(query, piece, left, today, piece.value_at) if left else None
        last = (
            _days(query, piece, right, today, piece.value_at + len(left) + 2)
            if right
            else None
        )
        if first is None and last is None:
            raise QueryError(
                "A span of days needs a beginning or an end.", query, piece.value_at
            )
        return Between(
            column=column,
            first=first and first[0],
            after=last and last[1],
            negated=piece.negated,
        )
    said = _BOUND.fullmatch(text)
    if said is None:
        raise QueryError(f"{piece.key}: needs a date.", query, piece.value_at)
    at = piece.value_at + said.start(2)
    return _bounded(piece, said[1] or "=", column, _days(query, piece, said[2], today, at))


def _bounded(piece: _Piece, sign: str, column: str, days: Days) -> Between:
    first, after = days
    spans = {
        "=": (first, after),
        "<": (None, first),
        "<=": (None, after),
        ">": (after, None),
        ">=": (first, None),
    }
    start, end = spans[sign]
    return Between(column=column, first=start, after=end, negated=piece.negated)


def _days(query: str, piece: _Piece, text: str, today: date, at: int) -> Days:
    past = piece.key not in ("due", "date")
    found = parse_days(text, today, past=past)
    if found is None:
        raise QueryError(
            f"{text!r} is not a date.",
            query,
            at,
            hint=nearest_hint(text.lower(), WORDS)
            or "for example 2026-11-24, 2026-11, friday, -7d",
        )
    return found


def _listed(piece: _Piece) -> list[tuple[str, bool]]:
    """`home,"to do"` as its parts; a quoted value is one part."""
    if piece.quoted:
        return [(piece.text, True)]
    parts = re.findall(r'"([^"]*)"|([^,"]+)|(?:^|,)(?=,|$)', piece.text)
    return [(quoted or plain, bool(quoted)) for quoted, plain in parts]


def nearest_hint(text: str, known: Sequence[str]) -> str:
    """`did you mean …?` for the nearest known word, or nothing."""
    nearest = get_close_matches(text, known, 1, 0.5)
    return f"did you mean {nearest[0]}?" if nearest else ""


def _example(key: str) -> str:
    known = {
        "tag": "tag:home",
        "kind": "kind:task",
        "in": "in:trash",
        "is": "is:open",
        "has": "has:link",
    }
    return known.get(key, f"{key}:2026-11-24" if key not in COLUMNS else f"{key}:anna")
