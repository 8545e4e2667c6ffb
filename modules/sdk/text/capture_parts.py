"""Finds the recognised parts of one captured item: which words mean what.

Every word is looked at once by every recogniser; what is recognised and not dismissed is
then taken from left to right, where its surroundings allow it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cache

from modules.sdk.text import lexicon, money
from modules.sdk.text.days import match_day
from modules.sdk.text.durations import match_estimate
from modules.sdk.text.repeat import SINGLE, match_repeat
from modules.sdk.text.times import match_time
from modules.sdk.text.tokens import Found, Here, Token, key_at, pattern, words_of

Words = Sequence[Token]
Range = tuple[int, int]

MOST_WORDS = 600
"""Words of one item that are looked at; what comes later is title."""

QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«"}
CLOSING = "?!)…"
"""Marks behind a part that stay in the title."""


# --- words and quotes ------------------------------------------------------------------


def tokens(line: str, start: int, end: int) -> list[Token]:
    """The words of a stretch of the line; what stands in quotes is one fixed word."""
    made: list[Token] = []
    at = start
    for opening, closing in quoted(line, start, end):
        made += words_of(line[at:opening], at)
        inner = line[opening + 1 : closing]
        made.append(Token(inner, "", opening, closing + 1, fixed=True))
        at = closing + 1
    return made + words_of(line[at:end], at)


def quoted(line: str, start: int, end: int) -> Iterator[Range]:
    """(opening, closing) places of every pair of quotes that starts a word."""
    at, missing = start, set[str]()
    for found in pattern(r'(?:(?<=[\s@#+])|^)["“„«»]').finditer(line, start, end):
        opening = found.end() - 1
        if opening < at or line[opening] in missing:
            continue
        places = [line.find(mark, opening + 1, end) for mark in QUOTES[line[opening]]]
        closing = min((place for place in places if place >= 0), default=-1)
        if closing < 0:
            missing.add(line[opening])
        elif closing > opening + 1:
            yield opening, closing
            at = closing + 1


# --- recognisers -----------------------------------------------------------------------


def _named(words: Words, at: int, mark: str) -> tuple[str, int] | None:
    """`#name` or `#"some words"`: the name and the word after it."""
    word = words[at]
    if word.fixed or not word.text.startswith(mark):
        return None
    if word.text == mark:
        quote = words[at + 1] if at + 1 < len(words) else None
        inner = (
            quote.text.strip() if quote and quote.fixed and quote.start == word.end else ""
        )
        return (inner, at + 2) if inner else None
    found = pattern(r"(?=\d*[^\W\d])([\w](?:[\w/&.'’-]*[\w])?)[,;:!?.)…]*").fullmatch(
        word.text[1:]
    )
    return (found[1], at + 1) if found else None


def _tag(words: Words, at: int, _here: Here) -> Found | None:
    named = _named(words, at, "#")
    return Found("tag", named[1], named[0]) if named else None


def _person(words: Words, at: int, _here: Here) -> Found | None:
    named = _named(words, at, "@")
    return Found("person", named[1], named[0]) if named else None


def _project(words: Words, at: int, _here: Here) -> Found | None:
    named = _named(words, at, "+")
    return (
        Found("project", named[1], named[0])
        if named and not named[0][0].isdigit()
        else None
    )


def _place(words: Words, at: int, _here: Here) -> Found | None:
    """`at "Café Central"`."""
    if key_at(words, at) not in ("at", "in", "im", "bei", "beim", "am") or at + 1 >= len(
        words
    ):
        return None
    quote = words[at + 1]
    inner = quote.text.strip() if quote.fixed else ""
    return Found("place", at + 2, inner) if inner else None


def _priority(words: Words, at: int, here: Here) -> Found | None:
    word = words[at]
    key = key_at(words, at)
    if word.fixed:
        return None
    if word.text in ("!", "!!", "!!!"):
        return Found("priority", at + 1, 4 - len(word.text))
    if pattern(r"p[1-4]").fullmatch(key):
        return Found("priority", at + 1, int(key[1]))
    if key.startswith("!") and key[1:] in lexicon.PRIORITIES:
        return Found("priority", at + 1, lexicon.PRIORITIES[key[1:]])
    german = lexicon.language(here.locale) == "de" and key in lexicon.GERMAN_PRIORITIES
    if key in lexicon.PLAIN_PRIORITIES or german:
        return Found("priority", at + 1, lexicon.PRIORITIES[key], "weak")
    return None


def _link(words: Words, at: int, _here: Here) -> Found | None:
    key = key_at(words, at)
    if key.startswith(("http://", "https://", "www.")) and len(key) > 8:
        return Found("link", at + 1, address(words[at].text))
    return None


def address(word: str) -> str:
    """A URL without the marks of the sentence around it."""
    bare = word.rstrip(".,;:!?…\"'")
    while bare.endswith(")") and bare.count(")") > bare.count("("):
        bare = bare[:-1].rstrip(".,;:!?…")
    return bare


def _amount(words: Words, at: int, here: Here) -> Found | None:
    return money.match_amount(words, at, here.locale)


def _time(words: Words, at: int, _here: Here) -> Found | None:
    return match_time(words, at)


def _estimate(words: Words, at: int, _here: Here) -> Found | None:
    return match_estimate(words, at)


Recogniser = Callable[[Words, int, Here], Found | None]
RECOGNISERS: tuple[tuple[frozenset[str], Recogniser], ...] = (
    (frozenset({"repeat"}), match_repeat),
    (frozenset({"link"}), _link),
    (frozenset({"amount"}), _amount),
    (frozenset({"day"}), match_day),
    (frozenset({"time"}), _time),
    (frozenset({"estimate"}), _estimate),
    (frozenset({"priority"}), _priority),
    (frozenset({"tag"}), _tag),
    (frozenset({"person"}), _person),
    (frozenset({"project"}), _project),
    (frozenset({"place", "where"}), _place),
)
"""What a kind must take for a recogniser to be asked; the first of the longest wins."""


@cache
def _starters() -> frozenset[str]:
    """Every word a part can start with."""
    return frozenset(
        {"in", "vor", "before", "within", "after", "nach", "end", "ende", "eow", "eom", "eoy",
         "monatsende", "jahresende", "half", "halbe", "quarter", "viertel", "dreiviertel",
         "halb", "tonight", "p1", "p2", "p3", "p4", "for", "für", "fuer", "im", "bei", "beim", "jeweils"}
    ).union(
        lexicon.DUE, lexicon.AT, lexicon.DAYS, lexicon.ALL_WEEKDAYS, lexicon.WEEKDAY_HABITS,
        lexicon.MONTHS, lexicon.NEXT, lexicon.COMING, lexicon.THIS, lexicon.LAST,
        lexicon.CLOCK, lexicon.DAYTIMES, lexicon.EVERY, lexicon.NUMBERS, lexicon.PRIORITIES,
        SINGLE, money.SIGNS, money.PLAIN, (code.lower() for code in money.CODES),
    )  # fmt: skip


_FIRST = frozenset("0123456789#@+!~-€$£¥₹₽₺₩")
_NAMES = tuple(sorted({name[:3] for name in lexicon.WEEKDAYS}))


def _may_start(key: str) -> bool:
    return bool(key) and (
        key[0] in _FIRST
        or key in _starters()
        or key.startswith(("http", "www.", "fr.", "sfr.", "us$", *_NAMES))
        or key.partition("-")[0] in lexicon.SHORT_WEEKDAYS
        or not key[0].isascii()
    )


# --- choosing --------------------------------------------------------------------------------


def recognise(
    words: Words, here: Here, takes: Collection[str], dismissed: Collection[Range]
) -> list[tuple[int, Found]]:
    """(first word, what was found), from left to right, nothing overlapping."""
    words = words[:MOST_WORDS]
    wanted = [one for needs, one in RECOGNISERS if any(need in takes for need in needs)]
    found: list[Found | None] = []
    for at in range(len(words)):
        starts = not words[at].fixed and _may_start(words[at].key)
        found.append(_best(words, at, here, wanted, dismissed) if starts else None)
    closes = _closes(words, found)
    return list(_taken(found, closes))


def _best(
    words: Words,
    at: int,
    here: Here,
    wanted: Sequence[Recogniser],
    dismissed: Collection[Range],
) -> Found | None:
    best: Found | None = None
    for recogniser in wanted:
        found = recogniser(words, at, here)
        if found is None or (best is not None and found.end <= best.end):
            continue
        end = min(found.end, len(words))
        if not any(start < words[end - 1].end and words[at].start < stop
                   for start, stop in dismissed):  # fmt: skip
            best = found
    return best


def _closes(words: Words, found: Sequence[Found | None]) -> list[bool]:
    """For each place whether the line could end before it."""
    closes = [False] * len(words) + [True]
    for at in range(len(words) - 1, -1, -1):
        one = found[at]
        closes[at] = (
            words[at].fixed
            or words[at].key in lexicon.FOLLOW
            or (
                one is not None
                and (one.need == "" or (one.need != "after" and closes[one.end]))
            )
        )
    return closes


def _taken(
    found: Sequence[Found | None], closes: Sequence[bool]
) -> Iterator[tuple[int, Found]]:
    at, before = 0, ""
    while at < len(found):
        one = found[at]
        if one is None or not _allowed(one, at, before, closes):
            at, before = at + 1, ""
            continue
        yield at, one
        at, before = one.end, one.kind


def _allowed(one: Found, at: int, before: str, closes: Sequence[bool]) -> bool:
    if one.need == "":
        return True
    if one.need == "after":
        return before in ("day", "repeat")
    if one.need == "hour":
        return before in ("day", "repeat") and closes[one.end]
    if one.need == "loose" and (at == 0 or before):
        return True
    return closes[one.end]


def where(words: Words, taken: Sequence[tuple[int, Found]]) -> tuple[int, int] | None:
    """The words of an unquoted place: `at Café Central`, `bei Ana`, `im Büro`, up to the
    next part or the end; the last such word leads."""
    words = words[:MOST_WORDS]
    used = {at: one.end for at, one in taken}
    stops = {at for first, last in used.items() for at in range(first, last)}
    for at in range(len(words) - 2, 0, -1):
        free = at not in stops and at + 1 not in stops and not words[at + 1].fixed
        if free and _leads(words, at):
            return at, _run_end(words, at + 1, stops)
    return None


def _run_end(words: Words, at: int, stops: Collection[int]) -> int:
    while at < len(words) and at not in stops and not words[at].fixed:
        at += 1
    return at


def _leads(words: Words, at: int) -> bool:
    key, after = key_at(words, at), words[at + 1] if at + 1 < len(words) else None
    if after is None or key not in ("at", "bei", "beim", "im", "in", "am"):
        return False
    return key in ("at", "bei", "beim", "im") or after.text[0].isupper()
