"""Text as cells of a terminal: clean of what would command it, cut and padded by width."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from modules.sdk.text.clean import line as clean
from modules.sdk.text.clean import lines

__all__ = ["clean", "clean_lines", "cut", "fit", "width"]


def clean_lines(text: str) -> list[str]:
    """Several lines, each safe to print; a tab becomes four spaces."""
    return lines(text).split("\n") if text else []


def width(text: str) -> int:
    """How many cells clean text takes on Textual's screen."""
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
