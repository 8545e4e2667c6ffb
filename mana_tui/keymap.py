"""Keys as data: presets and `keys.toml` bind ids of actions and commands to chords.

A chord is one or more keys in a row (`j`, `ctrl+d`, `g t`). Three contexts are asked in
this order: the module of the active pane (its commands), the view on top of it (its
actions), then global (the shell's actions, and commands bound everywhere). An id belongs to
its context; `[global]` in `keys.toml` binds a command everywhere.

    preset = "vim"

    [keys]
    "todo.done" = ["space", "D"]    # instead of its own keys
    "pane.zoom" = []                # no key at all

    [global]
    "todo.add" = "T"                # in every pane
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from mana_tui.actions import ACTIONS
from storage.errors import UserError

if TYPE_CHECKING:
    from modules.sdk.module import Module

Chord = tuple[str, ...]
Table = dict[Chord, tuple[str, ...]]

PRESETS = Path(__file__).parent / "presets" / "keymaps"
DEFAULT = "vim"
LONGEST = 4
"""Keys in one chord, at most."""

NAMED = frozenset(
    [
        "space",
        "enter",
        "escape",
        "tab",
        "backspace",
        "delete",
        "insert",
        "home",
        "end",
        "pageup",
        "pagedown",
        "up",
        "down",
        "left",
        "right",
    ]
) | {f"f{n}" for n in range(1, 25)}
MODIFIERS = frozenset({"ctrl", "alt", "shift", "super", "meta"})
SAME = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "pgup": "pageup",
    "pgdn": "pagedown",
}
SAY = {
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "space": "space",
    "up": "↑",
    "down": "↓",
}
"""Shorter names for key hints."""


def token(key: str, character: str | None) -> str:
    """What the keymap calls a key press of Textual's: `?`, `G`, `space`, `ctrl+d`."""
    if character and character.isprintable() and character != " " and "+" not in key[1:]:
        return character
    return SAME.get(key, key)


def chord(text: str) -> Chord:
    """Keys in a row from text such as `g t`; UserError names a key nobody can press."""
    keys = tuple(SAME.get(part, part) for part in text.split())
    if not keys or len(keys) > LONGEST:
        raise UserError(f"{text!r} is no key.", hint="such as j, G, ctrl+d or g t")
    for key in keys:
        if not _is_key(key):
            raise UserError(f"{key!r} is no key.", hint="such as j, G, ctrl+d, space or f1")
    return keys


def _is_key(key: str) -> bool:
    if len(key) == 1:
        return key.isprintable() and key != " "
    *modifiers, last = (
        key.split("+") if not key.endswith("++") else [*key[:-2].split("+"), "+"]
    )
    return set(modifiers) <= MODIFIERS and (
        last in NAMED or (bool(modifiers) and len(last) > 0)
    )


def spell(keys: Chord) -> str:
    """A chord as people read it."""
    return " ".join(SAY.get(key, key) for key in keys)


class Layer(msgspec.Struct):
    """The bindings of one context: chords to ids, and which chords only begin others."""

    table: Table
    begun: frozenset[Chord]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, Chord]]) -> Layer:
        """Make it from (id, chord) rows; several ids may share a chord, in order."""
        table: Table = {}
        for id, keys in rows:
            table[keys] = (*table.get(keys, ()), id)
        return cls(table, frozenset(k[:n] for k in table for n in range(1, len(k))))


class Keymap:
    """The keys in effect: a preset with a person's own keys over it.

    `own` maps ids to chords that stand instead of the keys an action or command declares.
    """

    def __init__(
        self,
        own: Mapping[str, tuple[Chord, ...]],
        everywhere: Mapping[str, tuple[Chord, ...]] | None = None,
    ) -> None:
        self.own = dict(own)
        self.everywhere = dict(everywhere or {})
        self._layers: dict[Any, Layer] = {}
        self._go: dict[str, str] = {}
        self.shared = self._shared()

    def _shared(self) -> Layer:
        rows = [(id, keys) for id, chords in self.everywhere.items() for keys in chords]
        rows += [(id, keys) for id in ACTIONS for keys in self.own.get(id, ())]
        rows += [(f"go.{name}", ("g", letter)) for letter, name in self._go.items()]
        rows += [
            (id, keys)
            for id, chords in self.own.items()
            for keys in chords
            if id not in ACTIONS and id.startswith("go.")
        ]
        return Layer.of(rows)

    def with_modules(self, modules: Iterable[Module]) -> None:
        """Add `g` and the letter of every module that has one; the first of a letter wins."""
        self._go = {}
        for module in modules:
            if module.go and f"go.{module.name}" not in self.own:
                self._go.setdefault(module.go, module.name)
        self.shared = self._shared()

    def keys_of(self, id: str, declared: Sequence[str] = ()) -> tuple[Chord, ...]:
        """The chords of an id: a person's own, else those it declares."""
        if id in self.own:
            return self.own[id]
        return tuple(chord(text) for text in declared if text)

    def layer(
        self, name: Any, ids: Callable[[], Iterable[tuple[str, Sequence[str]]]]
    ) -> Layer:
        """The bindings of a view class or module, made once: `ids` gives (id, keys)."""
        found = self._layers.get(name)
        if found is None:
            rows = [
                (id, keys) for id, declared in ids() for keys in self.keys_of(id, declared)
            ]
            found = self._layers[name] = Layer.of(rows)
        return found

    def look_up(self, keys: Chord, layers: Sequence[Layer]) -> tuple[tuple[str, ...], bool]:
        """(ids to try in order, whether more keys are awaited)."""
        ids: tuple[str, ...] = ()
        for layer in layers:
            if not ids and keys in layer.begun:
                return (), True
            ids += layer.table.get(keys, ())
        return ids, False

    def continuations(self, keys: Chord, layers: Sequence[Layer]) -> dict[Chord, str]:
        """What may come after the keys typed so far: rest of the chord to its id."""
        found: dict[Chord, str] = {}
        for layer in layers:
            for full, ids in layer.table.items():
                if len(full) > len(keys) and full[: len(keys)] == keys:
                    found.setdefault(full[len(keys) :], ids[0])
        return found


# --- reading -------------------------------------------------------------------------------


def presets() -> tuple[str, ...]:
    """The names of the presets there are."""
    return tuple(sorted(path.stem for path in PRESETS.glob("*.toml")))


def load(folder: Path | None = None, preset: str = "") -> Keymap:
    """The keymap of a config folder's `keys.toml`; UserError when it cannot be read.

    An entry that names no key is left out: `check` says so.
    """
    mine = _read(folder / "keys.toml") if folder is not None else {}
    wanted = preset or str(mine.get("preset") or DEFAULT)
    own = _chords(_preset(wanted if wanted in presets() else DEFAULT), [])
    own |= _chords(mine.get("keys", {}), [])
    return Keymap(own, _chords(mine.get("global", {}), []))


def _preset(name: str) -> dict[str, Any]:
    said = _read(PRESETS / f"{name}.toml")
    under = _preset(said["over"]) if "over" in said else {}
    return {**under, **said["keys"]}


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UserError(f"{path.name} cannot be read: {error}", hint=str(path)) from error


def _chords(said: Any, wrong: list[str]) -> dict[str, tuple[Chord, ...]]:
    if not isinstance(said, dict):
        wrong.append("[keys] and [global] map ids to keys.")
        return {}
    found: dict[str, tuple[Chord, ...]] = {}
    for id, texts in said.items():
        good: list[Chord] = []
        for text in (
            [texts]
            if isinstance(texts, str)
            else texts
            if isinstance(texts, list)
            else [""]
        ):
            try:
                good.append(chord(str(text)))
            except UserError as error:
                wrong.append(f"{id}: {error}")
        found[id] = tuple(good)
    return found


def check(paths: Any, config: Any = None) -> list[str]:
    """What is wrong with a person's keys, one sentence each (`mana keys --check`)."""
    from mana_tui.keycheck import check as found

    return found(paths)


def listing(paths: Any, config: Any = None) -> list[dict[str, str]]:
    """The keys in effect: context, key, id, title (`mana keys`)."""
    from mana_tui.keycheck import listing as rows

    return rows(paths)
