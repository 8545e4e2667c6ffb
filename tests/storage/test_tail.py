"""A log that lost its end is noticed: SQLite alone drops acknowledged commits silently."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import tail
from storage.check import check
from storage.errors import DamagedError, UnavailableError
from storage.query import Query
from storage.vault import Vault
from tests.storage.conftest import KEY
from tests.storage.kinds import Catalog, Note, Task

FRAME = 4096 + 24


@pytest.fixture
def killed(made: Path, tmp_path: Path) -> Path:
    """A vault as a killed process leaves it: fifty tasks, all of them in the log."""
    return Path(shutil.copytree(made, tmp_path / "vault"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    live, left = (tmp_path_factory.mktemp("tail") / name for name in ("live", "left"))
    Vault.create(live, KEY, Catalog(), person="Ada").close()
    with Vault.open(live, KEY, Catalog()) as vault:
        store = vault.store(vault.scope())
        for number in range(50):
            store.put(Task(title=f"task {number}"))
        shutil.copytree(live, left, ignore=shutil.ignore_patterns("*-shm"))
    return left


def tasks(folder: Path) -> list[str]:
    with Vault.open(folder, KEY, Catalog()) as vault:
        return [one.title for one in vault.store(vault.scope()).all(Query(Task))]


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_a_log_left_by_a_kill_is_whole(killed: Path) -> None:
    assert tasks(killed) == [f"task {n}" for n in range(50)]
    assert not (killed / "vault.db-wal").exists()
    assert len(tasks(killed)) == 50


@pytest.mark.parametrize("at", [0, 3, 12, 17, 25, 32, 36, 40, 48, 100, 20 * FRAME, -FRAME])
def test_a_flipped_bit_is_noticed_and_the_log_kept(killed: Path, at: int) -> None:
    log = killed / "vault.db-wal"
    whole = log.read_bytes()
    flip(log, at % len(whole))
    for _ in range(2):  # it stays noticed
        with pytest.raises(DamagedError, match="missing: the log"):
            tasks(killed)
        assert "open" in {one.check for one in check(killed, KEY, Catalog())}
    flip(log, at % len(whole))  # and nothing was made worse
    assert log.read_bytes() == whole
    assert len(tasks(killed)) == 50


@pytest.mark.parametrize("length", [0, 16, 32, FRAME, 60 * FRAME])
def test_a_log_cut_short_is_noticed(killed: Path, length: int) -> None:
    with (killed / "vault.db-wal").open("r+b") as log:
        log.truncate(length)
    with pytest.raises(DamagedError, match="missing: the log"):
        tasks(killed)


def test_a_log_that_is_gone_is_noticed(killed: Path) -> None:
    (killed / "vault.db-wal").unlink()
    with pytest.raises(DamagedError, match="missing") as caught:
        tasks(killed)
    assert "vault.db-tail" in caught.value.hint
    (killed / "vault.db-tail").unlink()  # a person may go on without them
    with Vault.open(killed, KEY, Catalog()) as vault:
        assert vault.spaces()


@pytest.mark.parametrize("at", range(0, 48, 5))
def test_a_damaged_mark_takes_nothing_away(killed: Path, at: int) -> None:
    flip(killed / "vault.db-tail", at)
    assert len(tasks(killed)) == 50


def test_a_log_half_folded_in_is_noticed_though_the_newest_change_is_there(
    killed: Path, tmp_path: Path
) -> None:
    """Folded in and then cut in the middle, a log would lay old pages over new ones."""
    with Vault.open(killed, KEY, Catalog()) as vault:
        store = vault.store(vault.scope())
        for _ in range(30):
            store.put(Note(title="x", text="x" * 3000))
        vault.db.rows("PRAGMA wal_checkpoint(PASSIVE)")
        left = shutil.copytree(
            killed, tmp_path / "half", ignore=shutil.ignore_patterns("*-shm")
        )
    flip(left / "vault.db-wal", 10 * FRAME)
    with pytest.raises(DamagedError):
        tasks(left)


def test_an_old_mark_raises_no_alarm(killed: Path) -> None:
    """What a power failure leaves: the mark is not synced, the log is."""
    mark = (killed / "vault.db-tail").read_bytes()
    for turn in range(3):
        with Vault.open(killed, KEY, Catalog()) as vault:
            store = vault.store(vault.scope())
            for _ in range(5):
                store.put(Task(title=f"turn {turn}"))
        (killed / "vault.db-tail").write_bytes(mark)
    assert len(tasks(killed)) == 65


def test_no_alarm_while_logs_are_ended_and_begun(killed: Path) -> None:
    """Others open the vault while one writes, folds the log in and starts it anew."""
    done, failures = threading.Event(), []

    def look() -> None:
        try:
            while not done.is_set():
                tasks(killed)
        except Exception as error:  # noqa: BLE001 - looked at below
            failures.append(error)

    threads = [threading.Thread(target=look) for _ in range(2)]
    with Vault.open(killed, KEY, Catalog()) as vault:
        store = vault.store(vault.scope())
        for one in threads:
            one.start()
        for number in range(60):
            store.put(Task(title="x"))
            if number % 3 == 0:
                vault.db.rows("PRAGMA wal_checkpoint(RESTART)")
        done.set()
        for one in threads:
            one.join()
    assert failures == []
    assert len(tasks(killed)) == 110


def test_what_is_marked_is_what_was_acknowledged(killed: Path) -> None:
    with Vault.open(killed, KEY, Catalog()) as vault:
        store = vault.store(vault.scope())
        for _ in range(3):
            store.put(Task(title="x"))
            mark = tail.read(killed / "vault.db", KEY)
            assert mark is not None
            assert (mark.seq, mark.frames) == (vault.last_seq(), vault.db.frames())
        assert tail.read(killed / "vault.db", bytes(32)) is None


@pytest.mark.parametrize("end", ["removed", "replaced"])
def test_a_folder_that_is_gone_takes_no_writes(
    killed: Path, end: str, tmp_path: Path
) -> None:
    with Vault.open(killed, KEY, Catalog()) as vault:
        store = vault.store(vault.scope())
        killed.rename(tmp_path / "elsewhere")
        if end == "replaced":
            shutil.copytree(tmp_path / "elsewhere", killed)
        acts: list[Callable[[], object]] = [
            lambda: store.put(Task(title="x")),
            store.undo,
            lambda: vault.meta("x", "y"),
        ]
        for act in acts:
            with pytest.raises(UnavailableError, match="removed or replaced"):
                act()
    assert len(tasks(tmp_path / "elsewhere")) == 50


def test_a_mark_that_cannot_be_written_fails_no_write(killed: Path) -> None:
    with Vault.open(killed, KEY, Catalog()) as vault:
        store = vault.store(vault.scope())
        (killed / "vault.db-tail").unlink()
        (killed / "vault.db-tail").mkdir()
        kept = store.put(Task(title="kept"))
        assert store.get(Task, kept.id) == kept
        (killed / "vault.db-tail").rmdir()
    assert tasks(killed)[-1] == "kept"
