"""A flipped bit anywhere is noticed or harmless: no wrong value, no change lost silently."""

from __future__ import annotations

import random
import secrets
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from mana_tui.inbox import file_waiting, seal_line
from mana_tui.paths import Paths
from mana_tui.session import key_of
from mana_tui.setup import Setup
from modules.sdk import Query, registry
from modules.todo.model import Task
from storage import backup, restore
from storage.crypto import slots
from tests.modules.sample import seeds
from tests.program import PASSPHRASE, environment, new_home, surroundings
from tests.proofs.flipping import Content, checked, content, flipped, outcomes

Say = Callable[..., None]
FLIPS = {"vault": 300, "log": 250, "header": 150, "backup": 150, "capture": 150}


class Made(NamedTuple):
    """A home, and copies of what is in it."""

    home: Path
    key: bytes
    closed: Path
    killed: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A vault with the samples of every module: closed, and as a kill leaves it."""
    base = tmp_path_factory.mktemp("flips")
    home = new_home(base / "home")
    with surroundings(environment(home, password=False)):
        folder = Paths.find().data
        workspace = Setup({"no_input": True, "quiet": True}).workspace()
        for module in registry.all_modules():
            with workspace.vault.batch(f"Samples of {module.name}"):
                for record in seeds(module, workspace, 25):
                    workspace.store.put(record)
        workspace.run("undo")
        key = key_of(Paths.find())
        workspace.close()
        shutil.copytree(folder, base / "closed")
        workspace = Setup({"no_input": True, "quiet": True}).workspace()
        for number in range(25):
            workspace.run("todo.add", {"title": f"in the log {number}", "tags": ("log",)})
        killed = shutil.copytree(
            folder, base / "killed", ignore=shutil.ignore_patterns("*-shm")
        )
        workspace.close()
    return Made(home, key, base / "closed", killed)


def record(say: Say, name: str, found: Counter[str]) -> None:
    said = ", ".join(f"{count} {what}" for what, count in sorted(found.items()))
    say(f"bit flips: {name}", found.total(), f"0 wrong values: {said}")


def test_the_vault(made: Made, tmp_path: Path, say: Say) -> None:
    seed = secrets.token_hex(4)

    def read(folder: Path) -> Content:
        return content(folder, made.key)

    found = outcomes(
        FLIPS["vault"], seed, made.closed, tmp_path / "v",
        lambda folder, _: folder / "vault.db", read,
        lambda folder: checked(folder, made.key),
    )  # fmt: skip
    assert found["detected"] > FLIPS["vault"] * 0.9
    record(say, "vault.db", found)


def test_the_log(made: Made, tmp_path: Path, say: Say) -> None:
    """Frames, their headers, the log's header, and the mark beside it."""
    seed = secrets.token_hex(4)

    def file(folder: Path, chance: random.Random) -> Path:
        return folder / ("vault.db-wal" if chance.random() < 0.95 else "vault.db-tail")

    found = outcomes(
        FLIPS["log"], seed, made.killed, tmp_path / "v", file,
        lambda folder: content(folder, made.key),
    )  # fmt: skip
    assert found["detected"] > FLIPS["log"] * 0.8
    record(say, "vault.db-wal, -tail after a kill", found)


def test_the_header(made: Made, tmp_path: Path, say: Say) -> None:
    seed = secrets.token_hex(4)

    def read(folder: Path) -> Content:
        return {"key": [(slots.unlock(folder, PASSPHRASE),)]}

    found = outcomes(
        FLIPS["header"], seed, made.closed, tmp_path / "v",
        lambda folder, _: folder / "keyslots.json", read,
    )  # fmt: skip
    assert found["detected"] > FLIPS["header"] * 0.9
    record(say, "keyslots.json", found)


def test_a_backup(made: Made, tmp_path: Path, say: Say) -> None:
    seed = secrets.token_hex(4)
    home = shutil.copytree(made.closed, tmp_path / "made")
    from datetime import UTC, datetime

    from modules.sdk.registry import Catalog
    from storage.vault import Vault

    with Vault.open(home, made.key, Catalog()) as vault:
        path = backup.make(vault.db, at=datetime.now(UTC)).backup.path

    def file(folder: Path, chance: random.Random) -> Path:
        return chance.choice([one for one in sorted(folder.iterdir()) if one.is_file()])

    def read(folder: Path) -> Content:
        staged = tmp_path / "staged"
        try:
            restore.stage(backup.read_backup(folder), staged, made.key)
            return content(staged, made.key)
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    found = outcomes(FLIPS["backup"], seed, path, tmp_path / path.name, file, read)
    assert found["detected"] > FLIPS["backup"] * 0.9
    record(say, "a backup", found)


def test_a_capture(made: Made, say: Say) -> None:
    """A line sealed while the vault was locked is filed as it was typed, or set aside."""
    chance, found = random.Random(secrets.token_hex(4)), Counter[str]()
    with surroundings(environment(made.home, password=False)):
        paths = Paths.find()
        seal_line(paths, "t milk and honey")
        (sealed,) = (paths.data / "inbox").glob("*.seal")
        whole = sealed.read_bytes()
        sealed.unlink()
        workspace = Setup({"no_input": True, "quiet": True}).workspace()
        try:
            before = workspace.store.ids(Query(Task))
            for _ in range(FLIPS["capture"]):
                sealed.write_bytes(whole)
                flipped(sealed, chance)
                filed = file_waiting(workspace, lambda _: None)
                assert workspace.store.ids(Query(Task)) == before
                assert filed.lines == 0
                assert len(filed.notes) == 1
                assert not sealed.exists()
                found["detected"] += 1
            sealed.write_bytes(whole)
            assert file_waiting(workspace, lambda _: None).lines == 1
            assert workspace.store.all(Query(Task))[-1].title == "milk and honey"
        finally:
            workspace.close()
    assert len(list((paths.data / "inbox" / "aside").iterdir())) == FLIPS["capture"]
    record(say, "a sealed capture", found)
