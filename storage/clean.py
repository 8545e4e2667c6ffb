"""Text loses what could reach a terminal as a command, before it is stored."""

from __future__ import annotations

import re
from typing import Any

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_BREAKS = re.compile("\r\n|[\r\n\t\u2028\u2029]")
_MOST_DEEP = 64


def clean_line(text: str) -> str:
    """One line: breaks and tabs become spaces, control and bidi characters go."""
    if text.isprintable():
        return text
    return _FORBIDDEN.sub("", _BREAKS.sub(" ", text))


def clean_text(text: str) -> str:
    """Several lines: keeps line feeds and tabs, drops control and bidi characters."""
    if text.isprintable():
        return text
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _FORBIDDEN.sub("", text)


def clean_tree(value: Any, multiline: bool, deep: int = 0) -> Any:
    """Every string of nested builtins, keys too."""
    if isinstance(value, str):
        return clean_text(value) if multiline else clean_line(value)
    if deep > _MOST_DEEP:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {
            clean_tree(key, False): clean_tree(one, multiline, deep + 1)
            for key, one in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [clean_tree(one, multiline, deep + 1) for one in value]
    return value
