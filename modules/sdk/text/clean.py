"""Text made safe and measurable for a terminal."""

from __future__ import annotations

from functools import lru_cache
from unicodedata import category, east_asian_width

from modules.sdk.text.tokens import pattern

_BREAKS = r"[\r\n\t\v\f\x1c-\x1e\x85\u2028\u2029]+"
_CONTROL = (
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 without tab and line feed, DEL, C1
    r"\u00ad\u061c\u180e\u200b\u200e\u200f"  # invisible and directional marks
    r"\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ufe0e\ufe0f\U0001f3fb-\U0001f3ff"  # variation selectors, skin tones
    r"\U000e0000-\U000e0fff\ud800-\udfff]"  # language tags, lone surrogates
)
_JOINED = r"(?<=[\u2190-\U0001faff])\u200d(?=[\u2190-\U0001faff])"


def line(text: str) -> str:
    """One line to show: breaks become spaces; controls, directional marks, variation
    selectors, skin tones and emoji joiners go, so that every terminal agrees on cells."""
    if text.isascii() and text.isprintable():
        return text
    return _strip(pattern(_BREAKS).sub(" ", text))


def lines(text: str) -> str:
    """The same for several lines: keeps line feeds, a tab becomes four spaces."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return _strip(text)


def _strip(text: str) -> str:
    return pattern(_JOINED).sub("", pattern(_CONTROL).sub("", text))


@lru_cache(maxsize=4096)
def cells(character: str) -> int:
    """Cells one character takes: 0, 1 or 2."""
    if category(character) in ("Mn", "Me", "Cf", "Cc", "Cs") and character != "\u00ad":
        return 0
    if "\u1160" <= character <= "\u11ff":
        return 0
    return 2 if east_asian_width(character) in ("W", "F") else 1


def width(text: str) -> int:
    """Cells a text takes once it went through `line`."""
    if text.isascii():
        return len(text)
    return sum(map(cells, text))


def crop(text: str, room: int) -> str:
    """The text in at most `room` cells, its end replaced by `…` where it is longer."""
    if len(text) <= room and text.isascii():
        return text
    if width(text) <= room:
        return text
    if room <= 0:
        return ""
    kept, left = 0, room - 1
    for character in text:
        left -= cells(character)
        if left < 0:
            break
        kept += 1
    return text[:kept].rstrip() + "…"


def pad(text: str, room: int, align: str = "left") -> str:
    """The text in exactly `room` cells."""
    text = crop(text, room)
    space = " " * (room - width(text))
    return space + text if align == "right" else text + space
