"""The check finds what is not as it was written, and repairs only add."""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import settings

from storage import backup
from storage.check import CHECKS, Finding, check, counts
from storage.crypto.kdf import Cost
from storage.crypto.slots import create
from storage.errors import NoVault
from storage.record import Record, new_id
from storage.repair import repair
from storage.search import Search
from storage.store import Store
from storage.vault import Vault
from tests.storage.kinds import Catalog, Note, Place, Task, everything
from tests.storage.test_machine import History, TestHistory

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)


@pytest.fixture
def key(folder: Path) -> bytes:
    return create(folder, "secret", cost=CHEAP)


@pytest.fixture
def vault(folder: Path, key: bytes):
    made = Vault.create(folder, key, Catalog(), person="Ada")
    yield made
    made.close()


@pytest.fixture
def look(folder: Path, key: bytes) -> Callable[..., list[Finding]]:
    def found(**how: object) -> list[Finding]:
        return list(check(folder, key, Catalog(), search=Search, **how))  # type: ignore[arg-type]

    return found


def fill(vault: Vault, store: Store) -> Task:
    """A vault with one of everything that happens to records."""
    task = store.put(Task(title="a", tags=store.tag_ids(["one", "two"]), slug="a"))
    child = store.put(Task(title="child", parent=task.id))
    note = store.put(
        Note(title="n", picture=b"\x00\xff", score=0.1, place=Place("x", 1.0), task=task.id)
    )
    store.link(task, "related", note)
    store.put(msgspec.structs.replace(task, title="b", priority=3, tags=()))
    store.put(msgspec.structs.replace(note, visibility="private", score=3.0))
    store.undo()
    store.redo()
    store.delete(Task, task.id)
    store.restore(Task, task.id)
    gone = store.put(Task(title="gone"))
    store.delete(Task, gone.id)
    store.purge(Task, gone.id)
    undone = store.put(Note(title="undone", tags=store.tag_ids(["one"])))
    store.undo()
    store.redo()
    store.undo()
    assert store.find(Note, undone.id) is None
    store.put_many([Note(title=f"{n}", text="x" * 200) for n in range(1200)])
    vault.new_space("Family", "fam", "family")
    return store.get(Task, child.id)


def test_a_vault_that_is_fine(vault: Vault, store: Store, look, folder, key) -> None:
    fill(vault, store)
    store.put_many([Note(title="later", text="later")])
    assert look(deep=True) == []
    said = counts(folder, key, Catalog())
    rows = sum(
        len(rows) for name, rows in everything(vault.db).items() if name != "tagging"
    )
    assert (said.records, said.blobs) == (rows, 0)
    assert said.changes == vault.db.value("SELECT count(*) FROM change")


def test_a_field_added_later_and_trimmed_history_are_fine(
    folder: Path, key: bytes, look
) -> None:
    now = datetime(2026, 1, 1, 9, tzinfo=UTC)
    with Vault.create(folder, key, Catalog(), person="Ada", clock=lambda: now) as vault:
        store = vault.store(vault.scope())
        task = store.put(Task(title="0"))
        for step in range(9):
            now += timedelta(hours=3)
            task = store.put(msgspec.structs.replace(task, title=str(step)))
        now += timedelta(days=90)
        assert store.trim(now - timedelta(days=40))

    class Later(Record, kind="todo.task"):
        title: str
        slug: str = ""
        energy: int = 5
        parent: str | None = None

    with Vault.open(folder, key, Catalog(Later)) as vault:
        assert vault.store(vault.scope()).get(Later, task.id).energy == 5
    assert look() == []


BREAK: dict[str, tuple[str, str, str]] = {
    "a value": ("UPDATE todo_task SET title = 'x'", "history", ""),
    "an empty value": ("UPDATE todo_task SET done = ''", "history", ""),
    "a tag": ("DELETE FROM tagging", "history", ""),
    "a row": ("DELETE FROM todo_task", "history", "row"),
    "a history": ("DELETE FROM change WHERE kind = 'todo.task'", "history", "history"),
    "a beginning": ("DELETE FROM change WHERE kind = 'todo.task' AND field = '*'", "history", ""),
    "a removed one": (
        "UPDATE change SET after = NULL WHERE kind = 'todo.task' AND field = '*'", "history", ""),
    "a clock": ("UPDATE change SET at = 1 WHERE field = 'title'", "history", ""),
    "shorts": ("DELETE FROM short WHERE kind = 'todo.task'", "shorts", "short"),
    "another short": ("UPDATE short SET short = 'zzzz' WHERE kind = 'todo.task'", "shorts", "short"),
    "a tag of nothing": ("INSERT INTO tagging VALUES ('todo.task', 'nobody', 't')", "tags", ""),
    "a tag never made": (
        "INSERT INTO tagging SELECT 'todo.task', id, 'nothing' FROM todo_task", "tags", ""),
    "a person": ("DELETE FROM meta WHERE name = 'person'", "facts", ""),
    "a space": ("UPDATE space SET slug = 'other'", "facts", ""),
}  # fmt: skip


@pytest.mark.parametrize("what", BREAK)
def test_what_was_changed_behind_the_store(
    vault: Vault, store: Store, look, what: str
) -> None:
    task = store.put(Task(title="secret word", tags=store.tag_ids(["t"])))
    store.put(msgspec.structs.replace(task, title="secret words", notes="n"))
    sql, name, fix = BREAK[what]
    vault.db.execute("PRAGMA foreign_keys = OFF")
    before = everything(vault.db)
    vault.db.execute(sql)
    found = look()
    assert name in {one.check for one in found}
    assert fix in {one.repair for one in found}
    assert "secret" not in repr(found)
    done = repair(vault, found, search=Search)
    assert {one.repair for one in done} - {"search"} == ({fix} if fix else set())
    if fix:
        assert look() == []
        assert everything(vault.db) == before
        assert store.get(Task, task.id).title == "secret words"


def test_a_link_that_leads_nowhere(vault: Vault, store: Store, look) -> None:
    one, two = store.put_many([Task(title="1"), Task(title="2")])
    link = store.link(one, "blocks", two)
    nobody = new_id()
    vault.db.execute("UPDATE link SET to_id = ? WHERE id = ?", (nobody, link.id))
    found = look()
    assert {o.check for o in found} == {"history", "links"}


def test_search_is_compared(vault: Vault, store: Store, look) -> None:
    store.put_many([Note(title=f"n {n}") for n in range(50)])
    search = Search(vault)
    search.catch_up()
    search.index.db.execute("DELETE FROM doc WHERE n % 2 = 0")
    found = look()
    assert {o.repair for o in found} == {"search"}
    assert repair(vault, found, search=Search) == found
    assert look() == []
    search.close()


def test_files_and_header(
    vault: Vault, store: Store, folder: Path, key: bytes, look
) -> None:
    store.put(Task(title="x"))
    (folder / "inbox").mkdir(mode=0o755)
    (folder / "inbox").chmod(0o755)
    (folder / "search.db").touch()
    (folder / "search.db").chmod(0o644)
    found = list(check(folder, key, Catalog()))
    assert [(o.where, o.next.split()[:2]) for o in found] == [
        ("inbox", ["chmod", "700"]),
        ("search.db", ["chmod", "600"]),
    ]
    (folder / "inbox").rmdir()
    (folder / "search.db").unlink()
    (folder / "keyslots.json").write_bytes(
        (folder / "keyslots.json").read_bytes().replace(b'"created"', b'"creates"')
    )
    found = list(check(folder, key, Catalog()))
    assert [(o.check, o.where) for o in found] == [("header", "keyslots.json")]
    shutil.rmtree(folder)
    folder.mkdir(mode=0o700)
    with pytest.raises(NoVault):
        list(check(folder, key, Catalog()))


def test_a_flipped_byte_is_found_anywhere(
    vault: Vault, store: Store, folder: Path, key: bytes
) -> None:
    store.put_many([Note(title="x", text="y" * 900) for _ in range(60)])
    vault.close()
    path = folder / "vault.db"
    good = path.read_bytes()
    chance = random.Random(4)
    for at in (0, 15, 16, 100, *(chance.randrange(len(good)) for _ in range(30))):
        data = bytearray(good)
        data[at] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        assert list(check(folder, key, Catalog())), at
    for size in (0, 5000, len(good) - 4096):
        path.write_bytes(good[:size])
        assert list(check(folder, key, Catalog())), size
    path.write_bytes(good)
    assert list(check(folder, key, Catalog())) == []


def test_only_the_first_of_many_are_listed(vault: Vault, store: Store, look) -> None:
    store.put_many([Note(title="x") for _ in range(30)])
    vault.db.execute("DELETE FROM short WHERE kind = 'notes.note'")
    found = [one for one in look(most=10) if one.check == "shorts"]
    assert (len(found), found[-1].what) == (11, "and more of the same kind")
    repair(vault, look(most=1000), search=Search)
    assert look() == []


def test_blobs(vault: Vault, store: Store, folder: Path, look) -> None:
    large, small = (
        vault.blobs.put(io.BytesIO(b"x" * 3_000_000)),
        vault.blobs.put(io.BytesIO(b"y")),
    )
    store.put(Note(title=large.id))
    store.put(Note(title=small.id))
    one = backup.make(vault.db, at=datetime.now(UTC)).backup
    assert look(deep=True) == []
    (path,) = (folder / "blobs").glob("??/*")
    data = path.read_bytes()
    path.write_bytes(data[:100_000] + b"!" + data[100_001:])
    assert look() == []
    assert [o.what for o in look(deep=True)] == ["its content is damaged"]
    path.write_bytes(data[:-1])
    assert [o.what for o in look()] == ["its file has the wrong length"]
    path.unlink()
    found = look()
    assert [(o.what, o.repair) for o in found] == [("its file is missing", "blob")]
    assert repair(vault, found) == []
    assert repair(vault, found, backups=[one.path]) == found
    assert look(deep=True) == []
    vault.db.execute("DELETE FROM blob WHERE data IS NOT NULL")
    assert [o.what for o in look()] == ["a record holds it; it is not here"]


class Sound(History):
    """Whatever people do, undo and undo again, the check finds nothing."""

    def teardown(self) -> None:
        found = [str(one) for look in CHECKS.values() for one in look(self.vault)]
        super().teardown()
        assert found == []


Sound.TestCase.settings = settings(
    TestHistory.settings, max_examples=6, stateful_step_count=25
)
TestSound = Sound.TestCase
del TestHistory  # it runs where it is
