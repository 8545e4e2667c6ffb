"""A vault with a few sample records of one module, to drive its commands on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from mana_tui.workspace import Workspace
from modules.sdk import Module, Query, Seed
from modules.sdk.registry import Catalog
from modules.sdk.slot import resolve
from storage.kind import describe
from storage.record import Record, kind_of
from storage.vault import Vault

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SEEDS = 16


class Sample:
    """A workspace, the seeds of a module in it, and a clock that goes on by itself."""

    def __init__(self, workspace: Workspace, module: Module) -> None:
        self.workspace = workspace
        self.module = module

    def pick(self, ref: Any) -> st.SearchStrategy[str]:
        """Ids of records that are there; of one that is not where there is none."""
        return st.sampled_from(self.ids(self.type_of(ref)) or ["nothing"])

    def ids(self, record: type[Record]) -> list[str]:
        """The live records of a type."""
        return self.workspace.store.ids(Query(record))

    @property
    def names(self) -> list[str]:
        """Titles and tags that are there: some commands take those instead of ids."""
        store = self.workspace.store
        said = set(store.tag_names().values())
        for record in self.module.records:
            title = describe(record).title
            said |= {
                text for one in store.all(Query(record)) if (text := getattr(one, title))
            }
        return sorted(text for text in said if isinstance(text, str))

    def type_of(self, ref: Any) -> type[Record]:
        """The record type a `Ref` names: the type, its kind, or its name in the module."""
        if isinstance(ref, type):
            return ref
        kind = ref if "." in ref else f"{self.module.name}.{ref.lower()}"
        return self.workspace.vault.catalog.kind(kind).record


@contextmanager
def sample_of(module: Module, folder: Path) -> Iterator[Sample]:
    """A new vault with the module's seeds, closed at the end."""
    ticks = iter(range(10**9))

    def clock() -> datetime:
        return MONDAY + timedelta(seconds=next(ticks))

    vault = Vault.create(folder, os.urandom(32), Catalog(), person="Ada", clock=clock)
    workspace = Workspace(vault, clock=clock, zone=ZoneInfo("Europe/Zurich"), locale="en")
    try:
        with vault.batch("Seed"):
            for record in seeds(module, workspace, SEEDS):
                workspace.store.put(record)
        yield Sample(workspace, module)
    finally:
        workspace.close()


def seeds(module: Module, workspace: Workspace, count: int) -> list[Record]:
    """The module's sample records, always the same ones."""
    chance = Random(f"{module.name} 1")
    return [
        record
        for slot in module.slots
        if isinstance(slot, Seed)
        for record in resolve(slot.records)(workspace, count, chance, **slot.options)
    ]


def kinds(module: Module) -> set[str]:
    """What the module keeps."""
    return {kind_of(record) for record in module.records}
