"""What `mana keys` says: every key in effect, and what is wrong with `keys.toml`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from difflib import get_close_matches
from importlib import import_module
from typing import Any

import msgspec

from mana_tui.actions import ACTIONS
from mana_tui.keymap import Chord, Keymap, _chords, _read, load, presets, spell
from modules.sdk.module import Module
from storage.errors import UserError


class Bound(msgspec.Struct, frozen=True, kw_only=True):
    """One key in effect."""

    context: str
    keys: Chord
    id: str
    title: str


def effective(keymap: Keymap, modules: list[Module]) -> list[Bound]:
    """Every key in effect, by context: global, then each module with its views."""
    keymap.with_modules(modules)
    titles = {id: one.title for id, one in ACTIONS.items()}
    titles |= {f"go.{m.name}": f"Go to {m.title}" for m in modules}
    titles |= {f"{m.name}.{c.name}": c.title for m in modules for c in m.commands}
    rows = [
        Bound(context="global", keys=keys, id=id, title=titles.get(id, id))
        for keys, ids in keymap.shared.table.items()
        for id in ids
    ]
    for module in modules:
        for command in module.commands:
            id = f"{module.name}.{command.name}"
            rows += [
                Bound(context=module.name, keys=keys, id=id, title=command.title)
                for keys in keymap.keys_of(id, (command.key,))
            ]
    seen: set[tuple[Chord, str]] = set()
    for context, action in _view_actions(modules):
        for keys in keymap.keys_of(action.id, action.keys):
            if (keys, action.id) not in seen:
                seen.add((keys, action.id))
                rows.append(
                    Bound(context=context, keys=keys, id=action.id, title=action.title)
                )
    return rows


def _view_actions(modules: list[Module]) -> Iterator[tuple[str, Any]]:
    """(context, action) of every view there is; importing views needs the interface kit."""
    for path in ("modules.sdk.ui.list:ListView", "modules.sdk.ui.detail:DetailView"):
        for action in _view(path).ACTIONS:
            yield action.id.partition(".")[0], action
    for module in modules:
        for pane in module.panes:
            for action in _view(pane.view).ACTIONS:
                yield action.id.partition(".")[0], action


def _view(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


def problems(said: dict[str, Any], keymap: Keymap, rows: list[Bound]) -> list[str]:
    """Every mistake of a `keys.toml` as a sentence, and every key that means two things."""
    wrong: list[str] = []
    if (preset := said.get("preset")) is not None and preset not in presets():
        wrong.append(f"There is no preset {preset!r}; known: {', '.join(presets())}.")
    wrong += [
        f"Unknown section {name!r}."
        for name in said
        if name not in ("preset", "keys", "global")
    ]
    known = {row.id for row in rows} | set(ACTIONS)
    for section in ("keys", "global"):
        for id in _chords(said.get(section, {}), wrong):
            if id not in known and id not in _every_command(rows):
                near = get_close_matches(id, known, n=1)
                wrong.append(
                    f"There is no {id!r}"
                    + (f"; did you mean {near[0]!r}?" if near else ".")
                )
    return wrong + _conflicts(rows) + _hidden(rows)


def _every_command(rows: list[Bound]) -> set[str]:
    from mana_tui.commands.opened import SHELL
    from modules.sdk import registry

    return set(SHELL) | {
        f"{m.name}.{c.name}" for m in registry.all_modules() for c in m.commands
    }


def _conflicts(rows: list[Bound]) -> list[str]:
    """Two ids on one chord of a context, and a chord that another one begins with."""
    by: dict[tuple[str, Chord], list[str]] = defaultdict(list)
    for row in rows:
        if row.id not in by[row.context, row.keys]:
            by[row.context, row.keys].append(row.id)
    wrong = [
        f"{spell(keys)!r} means {' and '.join(ids)} in {context}."
        for (context, keys), ids in by.items()
        if len(ids) > 1
    ]
    for (context, keys), ids in by.items():
        for n in range(1, len(keys)):
            wrong += [
                f"{spell(keys)!r} ({ids[0]}) hides {spell(keys[:n])!r} ({shorter}) in {context}."
                for shorter in by.get((context, keys[:n]), ())
            ]
    return wrong


GIVES_WAY = frozenset({"capture.here", "pane.back", "pane.next", "pane.previous"})
"""Keys everywhere that a pane may take: its own way to add, to go back, to go sideways."""


def _hidden(rows: list[Bound]) -> list[str]:
    """Keys that work everywhere except where a pane took them for something else."""
    everywhere = {
        row.keys: row.id
        for row in rows
        if row.context == "global" and row.id not in GIVES_WAY
    }
    found = {
        f"{spell(row.keys)!r} ({row.id}) hides {everywhere[row.keys]} in {row.context}."
        for row in rows
        if row.context != "global" and everywhere.get(row.keys, row.id) != row.id
    }
    return sorted(found)


def check(paths: Any) -> list[str]:
    """What is wrong with the keys of a config folder; nothing when they are fine."""
    from modules.sdk import registry

    modules = list(registry.all_modules())
    try:
        keymap = load(paths.config)
    except UserError as error:
        return [str(error)]
    rows = effective(keymap, modules)
    return problems(_read(paths.config / "keys.toml"), keymap, rows)


def listing(paths: Any) -> list[dict[str, str]]:
    """The keys in effect as plain rows: context, key, id, title."""
    from modules.sdk import registry

    rows = effective(load(paths.config), list(registry.all_modules()))
    return [
        {"context": r.context, "key": " ".join(r.keys), "id": r.id, "title": r.title}
        for r in rows
    ]
