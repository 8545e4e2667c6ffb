"""Several processes on one file, and processes that are killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storage import migrate
from storage.change import Commit
from storage.query import Query
from storage.store import Store
from storage.vault import Vault
from tests.storage.kinds import Task

KILLS = 30


def start(*words: object) -> subprocess.Popen[str]:
    """Another process that writes."""
    line = [sys.executable, "-m", "tests.storage.writers", *map(str, words)]
    return subprocess.Popen(line, stderr=subprocess.PIPE, text=True)


def test_two_processes_write_at_once(vault: Vault, store: Store, folder: Path) -> None:
    """Even the tables they write to are made by both at the same time."""
    told: list[Commit] = []
    vault.listen(told.append)
    vault.poll()
    others = [start("write", folder, name, 40) for name in ("one", "two")]
    while any(one.poll() is None for one in others):
        vault.poll()
        try:
            others[0].wait(0.01)
        except subprocess.TimeoutExpired:
            continue
    assert [(one.communicate()[1], one.returncode) for one in others] == [("", 0)] * 2
    vault.poll()
    found = store.all(Query(Task))
    assert sorted(one.title for one in found) == sorted(
        f"{name} {n}" for name in ("one", "two") for n in range(40)
    )
    assert len({one.short for one in found}) == 80
    heard = [id for commit in told for id in commit.ids]
    assert sorted(heard) == sorted(
        [one.id for one in found] + [tag.id for tag in store.tags()]
    )
    assert [tag.name for tag in store.tags()] == ["shared"]
    seqs = [row[0] for row in vault.db.rows("SELECT seq FROM change ORDER BY seq")]
    assert seqs == list(range(1, len(seqs) + 1))
    migrate.check(vault.db)


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_no_acknowledged_write_is_lost_by_kill_9(vault: Vault, folder: Path) -> None:
    vault.close()
    child = start("kill", folder, KILLS, 1)
    assert (child.communicate()[1], child.returncode) == ("", 0)
