"""Vaults of every released format open, read and write, and so do those of a newer mana."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from mana_tui.workspace import Workspace
from modules.notes.model import Note
from modules.sdk import Query
from modules.sdk.registry import Catalog
from modules.todo.model import Task
from storage.check import check
from storage.crypto.slots import unlock
from storage.errors import TooNew
from storage.vault import Vault
from tests.program import Program, unlocked
from tests.storage.vaults.make import said, workspace_of

KEPT = sorted((Path(__file__).parent / "vaults").glob("format-*"))


@pytest.fixture(params=KEPT, ids=lambda path: path.name)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """A home with a copy of the vault, and what was written down about it."""
    home = tmp_path / "home"
    folder = home / "data" / "default"
    folder.mkdir(parents=True, mode=0o700)
    for name in ("keyslots.json", "vault.db"):
        shutil.copyfile(request.param / name, folder / name)
        (folder / name).chmod(0o600)
    return home, json.loads((request.param / "expected.json").read_text())


@pytest.fixture
def folder(kept: tuple[Path, dict[str, Any]]) -> Path:
    return kept[0] / "data" / "default"


@pytest.fixture
def key(folder: Path, kept: tuple[Path, dict[str, Any]]) -> bytes:
    return unlock(folder, kept[1]["passphrase"])


@pytest.fixture
def workspace(folder: Path, key: bytes) -> Iterator[Workspace]:
    made = workspace_of(Vault.open(folder, key, Catalog()))
    yield made
    made.close()


def test_there_is_one_of_each_format() -> None:
    assert [path.name for path in KEPT] == [f"format-{n + 1}" for n in range(len(KEPT))]
    assert KEPT


def test_everything_written_then_is_there(
    kept: tuple[Path, dict[str, Any]], workspace: Workspace
) -> None:
    """Fields a later version added may be more; nothing may be less."""
    now = msgspec.json.decode(msgspec.json.encode(said(workspace)))
    for space, then in kept[1]["contents"].items():
        for name, wanted in then.items():
            found = now[space][name]
            if name in ("tags", "trash", "history"):
                assert found == wanted, (space, name)
                continue
            assert [one["id"] for one in found] == [one["id"] for one in wanted], name
            for one, other in zip(found, wanted, strict=True):
                assert {field: one.get(field) for field in other} == other, name


def test_it_can_be_worked_on(workspace: Workspace, folder: Path, key: bytes) -> None:
    assert "last" in {note.title for note in workspace.store.all(Query(Note))}
    workspace.run("undo")
    assert "last" not in {note.title for note in workspace.store.all(Query(Note))}
    made = workspace.run("todo.add", {"title": "by a later version", "tags": ("home",)})
    assert workspace.store.get(Task, made.id) == made
    assert [hit.id for hit in workspace.search("lovelace")]
    for _ in range(30):
        if workspace.run("undo") is None:
            break
    assert workspace.store.all(Query(Task)) == []
    workspace.vault.close()
    assert list(check(folder, key, Catalog(), deep=True)) == []


def test_a_newer_one_is_read_and_never_written(folder: Path, key: bytes) -> None:
    """More tables, more columns, another number: what is known is read, exit 13 on writes."""
    with Vault.open(folder, key, Catalog()) as vault:
        vault.db.execute("ALTER TABLE todo_task ADD COLUMN aura TEXT")
        vault.db.execute("UPDATE todo_task SET aura = 'green'")
        vault.db.execute("CREATE TABLE later_thing (id TEXT PRIMARY KEY, what TEXT) STRICT")
        vault.db.execute("PRAGMA user_version = 99")
    before = (folder / "vault.db").read_bytes()
    cli = Program(unlocked(folder.parents[1]))
    listed = cli("todo", "list", "--json").json
    assert "Call Ada Lovelace" in {task["title"] for task in listed}
    for words in (("todo", "add", "x"), ("undo",), ("tag", "add", "x")):
        done = cli(*words)
        assert done.code == TooNew.exit_code, f"{words}: {done.err}{done.out}"
        assert "newer" in done.err
    assert (folder / "vault.db").read_bytes() == before


def test_what_a_newer_one_added_survives_our_writes(folder: Path, key: bytes) -> None:
    """A column and a table of a module we have in an older version: not ours to lose."""
    with Vault.open(folder, key, Catalog()) as vault:
        vault.db.execute("ALTER TABLE todo_task ADD COLUMN aura TEXT")
        vault.db.execute("UPDATE todo_task SET aura = 'green'")
        vault.db.execute("CREATE TABLE later_thing (id TEXT PRIMARY KEY, what TEXT) STRICT")
        vault.db.execute("INSERT INTO later_thing VALUES ('1', 'kept')")
    vault = Vault.open(folder, key, Catalog())
    workspace = workspace_of(vault)
    tasks = workspace.store.ids(Query(Task))
    workspace.run("todo.edit", {"tasks": tuple(tasks), "priority": 4, "notes": "more"})
    workspace.run("todo.delete", {"tasks": tuple(tasks[:1])})
    workspace.run("undo")
    workspace.run("undo")
    auras = {row[0] for row in vault.db.rows("SELECT aura FROM todo_task")}
    assert auras == {"green"}
    assert vault.db.rows("SELECT what FROM later_thing") == [("kept",)]
    workspace.close()
