"""Everything every module keeps goes into an archive and comes back, to the byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from mana_tui.workspace import Workspace
from modules.sdk import registry
from storage.errors import UserError
from storage.record import SHARED, Record
from storage.space import SpaceType
from storage.vault import Vault
from tests.conftest import Clock
from tests.modules import values

RECORDS = [(m, record) for m in registry.all_modules() for record in m.records]
SPACES: tuple[tuple[str, str, SpaceType], ...] = (
    ("Studio", "studio", "brand"),
    ("The club", "the club/2", "club"),
)


@contextmanager
def opened(folder: Path, clock: Clock) -> Iterator[Workspace]:
    """A new vault that holds nothing."""
    vault = Vault.create(
        folder, os.urandom(32), registry.Catalog(), person="Ada", clock=clock
    )
    made = Workspace(vault, clock=clock, zone=ZoneInfo("Europe/Zurich"), locale="en")
    try:
        yield made
    finally:
        made.close()


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def fill(workspace: Workspace, data: st.DataObject, clock: Clock) -> None:
    """Records of every kind with drawn values in every space: tagged, linked, private,
    changed, in the trash, undone."""
    for name, slug, type in SPACES:
        workspace.vault.new_space(name, slug, type)
    for space in workspace.vault.spaces():
        workspace.switch(space.id)
        store, made = workspace.store, []
        tags = store.tag_ids(["Home", "größer"])
        for module, record in RECORDS:
            if space.type in module.spaces:
                made += put_some(workspace, record, data, tags, made)
        clock.advance(seconds=data.draw(st.integers(0, 3)))
        for one, other in zip(made[::3], made[1::3], strict=False):
            store.link(one, "related", other)
        for record in made[::4]:
            store.delete(type_of(record), record.id)
        if data.draw(st.booleans()):
            store.undo()
    workspace.switch("@me")


def type_of(record: Record) -> type[Record]:
    """Its class."""
    return type(record)


def put_some(
    workspace: Workspace,
    record: type[Record],
    data: st.DataObject,
    tags: tuple[str, ...],
    there: list[Any],
) -> list[Record]:
    """A few records of one kind; what its own rules refuse is left out."""
    own = set(record.__struct_fields__) - set(SHARED)
    ids = [one.id for one in there if isinstance(one, record)] or ["0" * 26]
    drawn = values.fields_of(record, lambda _: st.sampled_from(ids), own)
    found = []
    for number, given_values in enumerate(
        data.draw(st.lists(drawn, min_size=1, max_size=2))
    ):
        private = "private" if number else "space"
        try:
            found.append(
                workspace.store.put(
                    record(**given_values, tags=tags[:number], visibility=private)
                )
            )
        except UserError:
            continue
    return found


@pytest.mark.parametrize("history", [False, True])
def test_what_is_written_and_read_is_written_the_same(
    history: bool, tmp_path_factory: pytest.TempPathFactory, clock: Clock
) -> None:
    @settings(max_examples=1 if history else 2, phases=[Phase.generate], database=None)
    @given(st.data())
    def drive(data: st.DataObject) -> None:
        folder = tmp_path_factory.mktemp("archive")
        with opened(folder / "one", clock) as workspace:
            fill(workspace, data, clock)
            workspace.run(
                "archive.write", {"folder": str(folder / "a"), "history": history}
            )
        with opened(folder / "two", clock) as workspace:
            read = {"folder": str(folder / "a"), "history": history}
            taken = workspace.run("archive.read", read)
            assert not [one for space in taken for one in space.rejected]
            workspace.run(
                "archive.write", {"folder": str(folder / "b"), "history": history}
            )
            assert not [
                one.problems + one.conflicts
                for one in workspace.run("archive.read", {"folder": str(folder / "a")})
                if one.rejected or any(c.new or c.replaced for c in one.kinds.values())
            ]
        one, other = tree(folder / "a"), tree(folder / "b")
        assert one.keys() == other.keys()
        for name in one:
            assert one[name] == other[name], name

    drive()
