"""What is left of a captured item when its parts are taken out: its title."""

from __future__ import annotations

from collections.abc import Sequence

from modules.sdk.text.capture_parts import CLOSING, Range, quoted
from modules.sdk.text.tokens import pattern


def title_of(line: str, start: int, end: int, parts: Sequence[Range]) -> tuple[str, str]:
    """The text without its parts and quotes, and the same with quoted text masked."""
    pairs = [
        pair for pair in quoted(line, start, end)
        if all(pair[1] < first or last <= pair[0] for first, last in parts)
    ]  # fmt: skip
    pieces: list[tuple[str, str]] = []
    at = start
    for stop, after in [*parts, (end, end)]:
        pieces.append(_piece(line, at, stop, pairs))
        at = after
    title = shadow = ""
    for text, masked in pieces:
        title, shadow = _joined(title, text), _joined(shadow, masked)
    return title.strip(), shadow.strip()


def _piece(line: str, start: int, end: int, pairs: Sequence[Range]) -> tuple[str, str]:
    text = masked = ""
    at = start
    for opening, closing in pairs:
        if start <= opening and closing < end:
            inner = line[opening + 1 : closing]
            text += line[at:opening] + inner
            masked += line[at:opening] + pattern(r"\S").sub("\0", inner)
            at = closing + 1
    return text + line[at:end], masked + line[at:end]


def _joined(before: str, after: str) -> str:
    if not before.strip():
        return after.lstrip() if after[:1].isspace() or not before else before + after
    if not after.strip():
        return before
    if after[0].isspace() or before[-1].isspace():
        glue = "" if after[0] in CLOSING else " "
        return before.rstrip() + glue + after.lstrip()
    return before + after


def split_title(title: str, shadow: str) -> tuple[str, tuple[str, ...]]:
    """`Title: a, b, c` is a title and three subtasks."""
    colon = shadow.find(": ")
    if colon < 2 or "," not in shadow[colon:]:
        return title, ()
    items, at = [], colon + 2
    for found in [*pattern(r",").finditer(shadow, at), None]:
        stop = found.start() if found else len(shadow)
        items.append(title[at:stop].strip())
        at = stop + 1
    items = [item for item in items if item]
    return (title[:colon].strip(), tuple(items)) if len(items) > 1 else (title, ())
