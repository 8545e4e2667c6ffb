"""Text as cells of a terminal: clean of what would command it, cut and padded by width."""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size

UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: what a terminal obeys
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"  # invisible, or turning the line round
    "\ufe00-\ufe0f\U000e0000-\U000e0fff"  # variation selectors and tag characters
    "\U0001f3fb-\U0001f3ff\ud800-\udfff]"  # skin tones, halves of characters
)
"""Selectors, joiners and skin tones go because terminals disagree how wide they are."""


def clean(text: str) -> str:
    """One line that is safe to print and whose width everyone agrees on."""
    if text.isascii() and text.isprintable():
        return text
    return UNSAFE.sub(
        lambda found: " " if found[0] in "\t\n\r\v\f\u2028\u2029" else "", text
    )


def clean_lines(text: str) -> list[str]:
    """Several lines, each clean; tabs become four spaces."""
    return [clean(line.expandtabs(4)) for line in text.splitlines()] if text else []


def width(text: str) -> int:
    """How many cells clean text takes."""
    return len(text) if text.isascii() else cell_len(text)


def cut(text: str, most: int, more: str = "…") -> str:
    """At most so many cells, `more` at the end where something was left out."""
    if width(text) <= most:
        return text
    room = most - width(more)
    if room < 0:
        return more[: max(0, most)]
    if text.isascii():
        return text[:room] + more
    kept = set_cell_size(text, room)
    return kept.rstrip() + more if kept[-1:] == " " else kept + more


def fit(text: str, cells: int, more: str = "…", align: str = "left") -> str:
    """Exactly so many cells: cut, or padded on the side it does not lean to."""
    if cells <= 0:
        return ""
    has = width(text)
    if has > cells:
        text = cut(text, cells, more)
        has = width(text)
    if has == cells:
        return text
    pad = " " * (cells - has)
    if align == "right":
        return pad + text
    if align == "center":
        left = (cells - has) // 2
        return " " * left + text + " " * (cells - has - left)
    return text + pad
