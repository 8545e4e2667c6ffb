"""The file: keys, modes, damage, newer versions; each with its own error."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from storage import migrate
from storage.database import Database
from storage.errors import (
    DamagedError,
    LockedError,
    NoVault,
    Refused,
    TooNew,
    UnavailableError,
)
from storage.kind import Kind
from storage.query import Query
from storage.store import Store
from storage.vault import Vault
from tests.storage.conftest import KEY
from tests.storage.kinds import Catalog, Note, Task, everything


def test_a_wrong_key_is_told_apart_and_prints_nothing(
    folder: Path, vault: Vault, capfd: pytest.CaptureFixture[str]
) -> None:
    vault.close()
    with pytest.raises(LockedError, match="key does not fit"):
        Vault.open(folder, bytes(32), Catalog())
    assert capfd.readouterr() == ("", "")


def test_no_vault_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoVault):
        Vault.open(tmp_path, KEY, Catalog())


def test_a_vault_is_never_overwritten(folder: Path, vault: Vault, store: Store) -> None:
    with pytest.raises(Refused):
        Vault.create(folder, KEY, Catalog(), person="Mallory")
    assert store.scope == vault.scope()


def test_modes_are_tight_and_looser_ones_refused(
    folder: Path, vault: Vault, store: Store
) -> None:
    store.put(Task(title="x"))
    for path in (folder, *folder.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    vault.close()
    for path, mode in ((folder, 0o750), (folder / "vault.db", 0o640)):
        before = path.stat().st_mode
        path.chmod(mode)
        with pytest.raises(Refused) as caught:
            Vault.open(folder, KEY, Catalog())
        assert "chmod" in caught.value.hint
        path.chmod(before)
    Vault.open(folder, KEY, Catalog()).close()


def test_nothing_can_be_read_in_the_files(folder: Path, vault: Vault, store: Store) -> None:
    store.put(
        Note(title="Xylophon", text="Xylophon " * 1000, tags=store.tag_ids(["Xylophon"]))
    )
    for path in folder.iterdir():
        found = path.read_bytes()
        assert b"Xylophon" not in found
        assert b"SQLite format" not in found
        assert b"CREATE TABLE" not in found


@pytest.mark.parametrize("page", [0, 1, 2, 5, 9])
def test_a_damaged_page_is_never_read_as_a_value(
    folder: Path, vault: Vault, store: Store, page: int
) -> None:
    made = store.put_many([Task(title=f"task {n}") for n in range(200)])
    vault.close()
    path = folder / "vault.db"
    whole = bytearray(path.read_bytes())
    whole[page * 4096 + 1000] ^= 1
    path.write_bytes(whole)
    with pytest.raises(DamagedError), Vault.open(folder, KEY, Catalog()) as damaged:  # noqa: PT012
        again = damaged.store(store.scope)
        assert again.many(Task, [one.id for one in made]) == made
        migrate.check(damaged.db)


def test_a_damaged_salt_is_harmless(folder: Path, vault: Vault) -> None:
    vault.close()
    path = folder / "vault.db"
    whole = bytearray(path.read_bytes())
    whole[3] ^= 1
    path.write_bytes(whole)
    with Vault.open(folder, KEY, Catalog()) as again:
        migrate.check(again.db)


def test_a_newer_vault_can_be_read_but_not_written(
    folder: Path, vault: Vault, store: Store
) -> None:
    made = store.put(Task(title="kept"))
    vault.db.execute("PRAGMA user_version = 99")
    vault.close()
    before = (folder / "vault.db").read_bytes()
    with Vault.open(folder, KEY, Catalog()) as again:
        assert again.read_only
        read = again.store(again.scope())
        assert read.all(Query(Task)) == [made]
        assert read.all(Query(Note)) == []  # its table is not there and cannot be made
        assert read.tags() == []
        for write in (
            lambda: read.put(Task(title="new")),
            lambda: read.delete(Task, made.id),
            read.undo,
            lambda: again.meta("x", "y"),
        ):
            with pytest.raises(TooNew):
                write()
    assert (folder / "vault.db").read_bytes() == before


def test_a_step_backs_up_first_and_failing_leaves_the_vault(
    folder: Path, vault: Vault, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = store.put(Task(title="kept"))
    vault.close()

    def add(db: Database) -> None:
        db.execute("CREATE TABLE extra (a TEXT) STRICT")

    def fail(db: Database) -> None:
        db.execute("DELETE FROM todo_task")
        raise RuntimeError

    steps = migrate.STEPS
    monkeypatch.setattr(migrate, "STEPS", (*steps, fail))
    with pytest.raises(RuntimeError):
        Vault.open(folder, KEY, Catalog())
    monkeypatch.setattr(migrate, "STEPS", (*steps, add))
    with Vault.open(folder, KEY, Catalog()) as again:
        assert migrate.version_of(again.db) == len(steps) + 1
        assert again.store(store.scope).get(Task, made.id) == made
    (backup,) = folder.glob("vault.before-*.db")
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    copy = Database.open(backup, KEY, application_id=migrate.APPLICATION_ID)
    assert migrate.version_of(copy) == len(steps)
    assert copy.value("SELECT count(*) FROM todo_task") == 1
    copy.close()


def test_closing_ends_every_thread_and_forgets_the_key(vault: Vault, store: Store) -> None:
    store.put_many([Task(title="x") for _ in range(2000)])
    started, failures = threading.Event(), []

    def read() -> None:
        try:
            while True:
                store.all(Query(Task))
                started.set()
        except Exception as error:  # noqa: BLE001 - looked at below
            failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for one in threads:
        one.start()
    started.wait()
    vault.close()
    for one in threads:
        one.join()
    assert [type(error).__mro__[1] for error in failures] == [LockedError] * 3
    for use in (lambda: store.put(Task(title="x")), vault.poll, vault.db.key, vault.spaces):
        with pytest.raises(LockedError):
            use()


def test_a_read_only_folder_is_explained(
    folder: Path, vault: Vault, reopen: Callable[[], Vault]
) -> None:
    if os.geteuid() == 0:
        vault.close()
        (folder / "vault.db").rename(folder / "gone.db")
        with pytest.raises(NoVault):
            Vault.open(folder, KEY, Catalog())
        return
    vault.close()
    folder.chmod(0o500)
    try:
        with pytest.raises(Exception, match=r"cannot be used|read"):
            reopen().meta("x", "y")
    finally:
        folder.chmod(0o700)


def test_a_backup_is_whole_and_checked(folder: Path, vault: Vault, store: Store) -> None:
    made = store.put(Task(title="x"))
    migrate.back_up(vault.db, folder / "copy.db")
    copy = Database.open(folder / "copy.db", KEY, application_id=migrate.APPLICATION_ID)
    assert copy.value("SELECT id FROM todo_task") == made.id
    copy.close()
    migrate.check(vault.db)


def test_a_full_disk_loses_nothing(vault: Vault, store: Store) -> None:
    kept = store.put(Task(title="kept"))
    store.put(Note(title="kept"))
    pages = vault.db.value("PRAGMA page_count")
    vault.db.execute(f"PRAGMA max_page_count = {pages + 3}")
    before, last = everything(vault.db), vault.last_seq()
    with pytest.raises(UnavailableError, match="disk is full"), vault.batch("Large"):  # noqa: PT012
        store.put(Task(title="small"))
        store.put(Note(title="x", text="x" * 100_000))
    assert (everything(vault.db), vault.last_seq()) == (before, last)
    vault.db.execute("PRAGMA max_page_count = 1000000")
    store.put(Note(title="x", text="x" * 100_000))
    assert store.get(Task, kept.id) == kept
    migrate.check(vault.db)


def test_writing_costs_few_statements(vault: Vault, store: Store) -> None:
    task = store.put(Task(title="x"))
    tag = store.tag_ids(["t"])
    counts: list[int] = []
    for act in (
        lambda: store.put(Task(title="y")),
        lambda: store.put(msgspec.structs.replace(task, title="z", tags=tag)),
        lambda: store.get(Task, task.id),
        lambda: store.all(Query(Task).limit(50)),
        lambda: store.put_many([Task(title="y") for _ in range(1000)]),
    ):
        before = vault.db.statements
        act()
        counts.append(vault.db.statements - before)
    assert counts[2:4] == [1, 1]
    assert max(counts) <= 16


def test_a_vault_is_made_whole_or_not_at_all(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(mode=0o700)
    (folder / "vault.db.new").write_bytes(b"left by a killed process")
    with Vault.create(folder, KEY, Catalog(), person="Ada") as vault:
        assert vault.spaces()[0].slug == "@me"
    assert sorted(path.name for path in folder.glob("vault.db*")) == ["vault.db"]

    class Broken(Catalog):
        def kind(self, name: str) -> Kind:
            if name == "member":
                raise RuntimeError
            return super().kind(name)

    with pytest.raises(RuntimeError):
        Vault.create(tmp_path / "other", KEY, Broken(), person="Ada")
    with pytest.raises(NoVault):
        Vault.open(tmp_path / "other", KEY, Catalog())
    Vault.create(tmp_path / "other", KEY, Catalog(), person="Ada").close()
