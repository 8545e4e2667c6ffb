"""Key presses become ids with a count: chords, counts, digits that also name scenes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from mana_tui.actions import ACTIONS
from mana_tui.keymap import Chord, Keymap, Layer

QUICK = 0.25
"""Seconds within which `2j` is a count and not scene 2, then down."""

MOST_COUNT = 9999


class Read(msgspec.Struct, frozen=True):
    """What a key press came to.

    `ids` are tried in order, `count` times (0: none was typed). `take_back` says that the
    digit before was a count after all: the scene it went to is left again. `unknown` is a
    chord that means nothing.
    """

    ids: tuple[str, ...] = ()
    count: int = 0
    take_back: bool = False
    waiting: bool = False
    unknown: Chord = ()


class KeyReader:
    """Reads one key after another. `can_go(n)` says whether digit n leads to another scene."""

    def __init__(self, can_go: Callable[[int], bool]) -> None:
        self.keys: Chord = ()
        self.count = ""
        self._can_go = can_go
        self._leap = ""
        self._leaped = 0.0

    @property
    def pending(self) -> str:
        """What was typed and waits for more, for the status line."""
        return " ".join(part for part in (self.count, *self.keys) if part)

    def clear(self) -> bool:
        """Forget what waits; False when nothing did."""
        waited = bool(self.keys or self.count)
        self.keys, self.count, self._leap = (), "", ""
        return waited

    def feed(self, key: str, keymap: Keymap, layers: Sequence[Layer], now: float) -> Read:
        """One more key, at a moment (seconds)."""
        leap = self._leap if now - self._leaped <= QUICK else ""
        self._leap = ""
        if not self.keys and key.isdecimal() and len(key) == 1:
            read = self._digit(key, leap, keymap, layers, now)
            if read is not None:
                return read
        self.keys = (*self.keys, key)
        ids, more = keymap.look_up(self.keys, layers)
        if more:
            return Read(waiting=True, take_back=self._leaped_to(leap))
        typed, count = self.keys, int(self.count or leap or 0)
        take_back = bool(leap) and bool(ids) and countable(ids[0])
        self.keys, self.count = (), ""
        if not ids:
            return Read(unknown=typed)
        if leap and not take_back:
            count = 0
        return Read(ids=ids, count=min(count, MOST_COUNT), take_back=take_back)

    def _leaped_to(self, leap: str) -> bool:
        if leap:
            self.count = leap
        return bool(leap)

    def _digit(
        self, key: str, leap: str, keymap: Keymap, layers: Sequence[Layer], now: float
    ) -> Read | None:
        """A digit that counts, or that goes to a scene; None for one with other meaning."""
        if leap or self.count:
            self.count = ((leap or self.count) + key)[:5]
            return Read(waiting=True, take_back=bool(leap))
        if key == "0":
            return None
        ids, _ = keymap.look_up((key,), layers)
        if not ids or not ids[0].startswith("scene.goto-"):
            if ids:
                return None
        elif self._can_go(int(ids[0].rpartition("-")[2])):
            self._leap, self._leaped = key, now
            return Read(ids=ids)
        self.count = key
        return Read(waiting=True)


def countable(id: str) -> bool:
    """Whether a count before it makes sense: movement and commands, not surfaces."""
    return id not in ACTIONS or id in (
        "undo",
        "redo",
        "repeat",
        "pane.wider",
        "pane.narrower",
    )
