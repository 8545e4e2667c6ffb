"""One line being typed: text, a cursor, and the keys every shell knows. No screen."""

from __future__ import annotations

import re

MOST = 2000
"""Characters of a line, at most."""

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")


class Line:
    """Text and where the next character goes (`at`, counted in characters)."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.at = len(text)

    def set(self, text: str, at: int | None = None) -> None:
        """Another text; the cursor at its end unless told otherwise."""
        self.text = text[:MOST]
        self.at = len(self.text) if at is None else max(0, min(at, len(self.text)))

    def insert(self, text: str) -> bool:
        """Type or paste; line ends become spaces. False when nothing fits."""
        text = CONTROL.sub(" ", text)[: MOST - len(self.text)]
        if not text:
            return False
        self.text = self.text[: self.at] + text + self.text[self.at :]
        self.at += len(text)
        return True

    def cut(self, start: int, end: int) -> bool:
        """Take out what is between two places; False when that is nothing."""
        start, end = max(0, start), min(end, len(self.text))
        if start >= end:
            return False
        self.text = self.text[:start] + self.text[end:]
        self.at = start
        return True

    def word_left(self) -> int:
        """Where the word before the cursor starts."""
        left = self.text[: self.at].rstrip()
        return len(left) - len(re.split(r"\s", left)[-1])

    def word_right(self) -> int:
        """Where the word after the cursor ends."""
        found = re.match(r"\s*\S*", self.text[self.at :])
        return self.at + (found.end() if found else 0)

    def key(self, key: str, character: str | None) -> bool | None:
        """Handle a key press.

        True when the text changed, False when only the cursor moved (or nothing happened),
        None when the key means nothing to a line.
        """
        if character is not None and character.isprintable() and "+" not in key[1:]:
            return self.insert(character)
        change = CHANGES.get(key)
        if change is not None:
            return change(self)
        move = MOVES.get(key)
        if move is None:
            return None
        self.at = max(0, min(move(self), len(self.text)))
        return False


CHANGES = {
    "backspace": lambda line: line.cut(line.at - 1, line.at),
    "delete": lambda line: line.cut(line.at, line.at + 1),
    "ctrl+d": lambda line: line.cut(line.at, line.at + 1),
    "ctrl+w": lambda line: line.cut(line.word_left(), line.at),
    "alt+backspace": lambda line: line.cut(line.word_left(), line.at),
    "ctrl+u": lambda line: line.cut(0, line.at),
    "ctrl+k": lambda line: line.cut(line.at, len(line.text)),
}
MOVES = {
    "left": lambda line: line.at - 1,
    "right": lambda line: line.at + 1,
    "home": lambda _: 0,
    "end": lambda line: len(line.text),
    "ctrl+a": lambda _: 0,
    "ctrl+e": lambda line: len(line.text),
    "ctrl+left": lambda line: line.word_left(),
    "ctrl+right": lambda line: line.word_right(),
    "alt+b": lambda line: line.word_left(),
    "alt+f": lambda line: line.word_right(),
}
