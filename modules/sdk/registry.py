"""Finding modules: every package under `modules` that has a `module`, and the entry-point
group `mana.modules` for those of other people. Nothing is imported before it is asked for."""

from __future__ import annotations

import pkgutil
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import modules
from modules.sdk.command import Command
from modules.sdk.module import Module
from storage.errors import DamagedError, NotFound
from storage.kind import Kind, describe
from storage.link import Link
from storage.record import Record, kind_of
from storage.space import Member, Space
from storage.tag import Tag

NOT_MODULES = frozenset({"sdk"})
GROUP = "mana.modules"

_core: dict[str, type[Record]] = {kind_of(one): one for one in (Space, Member, Tag, Link)}


def add_core(record: type[Record]) -> type[Record]:
    """Let the workspace itself keep a kind that belongs to no module (scenes, settings)."""
    _core[kind_of(record)] = record
    return record


@cache
def built_in() -> tuple[str, ...]:
    """Names of the modules in this package, importing none of them."""
    found = pkgutil.iter_modules(modules.__path__)
    return tuple(sorted(m.name for m in found if m.ispkg and m.name not in NOT_MODULES))


@cache
def third_party() -> dict[str, str]:
    """Name to import path of installed modules of other people."""
    if not _announced():
        return {}
    from importlib.metadata import entry_points  # 12 ms: only when there is one

    return {point.name: point.value for point in entry_points(group=GROUP)}


def _announced() -> bool:
    """Whether any installed package has our group, looking at files only: asking the
    standard library costs a tenth of a start. What is no folder is left to it."""
    wanted = f"[{GROUP}]".encode()
    for place in map(Path, sys.path):
        if place.is_file():
            return True
        for found in place.glob("*.*-info/entry_points.txt"):
            if wanted in found.read_bytes():
                return True
    return False


def names() -> tuple[str, ...]:
    """Every module's name; ours win over others' of the same name."""
    return tuple(sorted({*built_in(), *third_party()}))


@cache
def load(name: str) -> Module:
    """Import one manifest, or NotFound. A module that fails to load says so by name."""
    if name in built_in():
        path = f"modules.{name}:module"
    elif name in third_party():
        path = third_party()[name]
    else:
        raise NotFound(f"There is no module {name!r}.", hint="mana modules lists them")
    package, _, attribute = path.partition(":")
    manifest = getattr(import_module(package), attribute or "module")
    if not isinstance(manifest, Module) or manifest.name != name:
        raise DamagedError(f"The module {name!r} has no manifest of that name.")
    return manifest


def all_modules() -> tuple[Module, ...]:
    """Every manifest. A third-party module that cannot be imported is left out."""
    found: list[Module] = [load(name) for name in built_in()]
    for name in third_party():
        if name in built_in():
            continue
        try:
            found.append(load(name))
        except Exception as error:  # noqa: BLE001 - other people's code; reported, not hidden
            broken[name] = f"{type(error).__name__}: {error}"
    return tuple(found)


broken: dict[str, str] = {}
"""Third-party modules that could not be loaded, and why; `mana modules` shows them."""


def find(command_id: str) -> Command[..., Any]:
    """The command behind an id such as `todo.add`."""
    module, _, name = command_id.partition(".")
    for command in load(module).commands:
        if command.name == name:
            return command
    raise NotFound(
        f"There is no command {command_id!r}.", hint=f"mana {module} --help lists them"
    )


class Catalog:
    """What the store asks for kinds: loads the one module a kind belongs to."""

    @staticmethod
    @cache
    def kind(name: str) -> Kind:
        """The kind of this name, or NotFound."""
        if name in _core:
            return describe(_core[name])
        module = load(name.partition(".")[0])
        for record in module.records:
            if kind_of(record) == name:
                return describe(record, frozenset(module.spaces))
        raise NotFound(f"The module {module.name!r} keeps no {name!r}.")

    @staticmethod
    def kinds() -> tuple[Kind, ...]:
        """Every kind there is."""
        mine = [describe(record) for record in _core.values()]
        return tuple(
            mine
            + [
                describe(record, frozenset(module.spaces))
                for module in all_modules()
                for record in module.records
            ]
        )
