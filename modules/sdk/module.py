"""The manifest: what a module is, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from modules.sdk.command import Command
from modules.sdk.job import Job
from modules.sdk.setting import Setting
from modules.sdk.slot import Slot
from storage.record import Record
from storage.space import SPACE_TYPES, SpaceType

EVERYWHERE: tuple[SpaceType, ...] = SPACE_TYPES
PERSONAL: tuple[SpaceType, ...] = ("personal",)


class Pane(msgspec.Struct, frozen=True, kw_only=True):
    """A surface of a module. `view` names a `View` class by import path, so that listing
    modules imports no widget; `options` are its keyword arguments."""

    name: str
    title: str
    view: str
    options: Mapping[str, Any] = {}


class Module(msgspec.Struct, frozen=True, kw_only=True):
    """A complete module.

    `name` is the folder's name and the first part of every id. `icon` is one cell wide.
    `summary` says in one line what it is for. `go` is the letter after `g`. `empty` says
    in a sentence or two what an empty pane teaches. `spaces` are the types it is for.
    """

    name: str
    title: str
    icon: str
    summary: str
    spaces: tuple[SpaceType, ...] = EVERYWHERE
    go: str = ""
    records: tuple[type[Record], ...] = ()
    commands: tuple[Command[..., Any], ...] = ()
    panes: tuple[Pane, ...] = ()
    slots: tuple[Slot, ...] = ()
    settings: tuple[Setting, ...] = ()
    jobs: tuple[Job, ...] = ()
    empty: str = ""
