"""Any text as one word, so that line formats can carry it; and back."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
_SPACE = re.compile(_BLANK.pattern + r"|%(?=[0-9A-Fa-f]{2})")
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")


def packed(text: str) -> str:
    """Text without any blank: what would split it is written as `%20`."""
    return _SPACE.sub(lambda found: quote(found[0], safe=""), text)


def unpacked(word: str) -> str:
    """The text again."""
    return unquote(word) if "%" in word else word


def named(name: str) -> str:
    """A name of a project or tag as one word: `My home` becomes `My_home`."""
    word = name.replace("%", "%25").replace("_", "%5F").replace(" ", "_")
    return _BLANK.sub(lambda found: quote(found[0], safe=""), word)


def unnamed(word: str) -> str:
    """The name again."""
    return unpacked(word.replace("_", " "))


def has_escape(word: str) -> bool:
    """Whether something in it looks like `%20`."""
    return "%" in word and _ESCAPED.search(word) is not None
