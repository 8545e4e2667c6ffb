"""Text as it is compared: without case, accents, ligatures; scripts without spaces cut."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LETTERS = str.maketrans(
    {
        "ß": "ss", "ẞ": "ss", "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o",
        "ł": "l", "Ł": "l", "đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "þ": "th", "Þ": "th",
        "ı": "i", "İ": "i", "ħ": "h", "Ħ": "h", "ŋ": "n", "Ŋ": "n",
    }
)  # fmt: skip
_MARKS = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0640\u064b-\u065f\u0670]+"
)
_SOLID = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, kana, Han, Hangul: words are not set apart by spaces."""
_ONE_SOLID = re.compile(f"[{_SOLID}]")
_TOKEN = re.compile(f"[{_SOLID}]|[^\\W_{_SOLID}]+")


def fold(text: str) -> str:
    """Text for the index: `Straße Zoë 東京` becomes `strasse zoe  東  京 `.

    Every character of a script without spaces becomes a word of its own, so that a
    phrase finds any part of it, one or two characters too.
    """
    if text.isascii():
        return text.lower()
    return _ONE_SOLID.sub(r" \g<0> ", _fold(text))


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text, folded."""
    return tuple(word for word in _TOKEN.findall(_fold(text)) if word.isalnum())


def is_solid(token: str) -> bool:
    """Whether a token is a character of a script without spaces."""
    return _ONE_SOLID.match(token) is not None


def fold_with_places(text: str) -> tuple[str, list[int] | None]:
    """Text folded character by character, and where each folded character came from.

    The places are None when nothing moved.
    """
    if text.isascii():
        return text.lower(), None
    parts = [_character(char) for char in text]
    folded = "".join(parts)
    if len(folded) == len(text) and all(parts):
        return folded, None
    return folded, [at for at, part in enumerate(parts) for _ in part]


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    flat = unicodedata.normalize("NFKD", text).translate(_LETTERS).casefold()
    return unicodedata.normalize("NFC", _MARKS.sub("", flat))


@lru_cache(maxsize=8192)
def _character(char: str) -> str:
    return _fold(char)
