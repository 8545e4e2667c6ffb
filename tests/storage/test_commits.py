"""Transactions, batches, rehearsals; who is told of what."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from storage.actor import Actor
from storage.change import Commit
from storage.errors import UserError
from storage.query import Query
from storage.store import Store
from storage.vault import Vault
from tests.storage.conftest import KEY
from tests.storage.kinds import Catalog, Note, Task, everything


def test_a_batch_is_one_commit_and_one_undo(vault: Vault, store: Store) -> None:
    told: list[Commit] = []
    vault.listen(told.append)
    agent = Actor(kind="agent", id="a1", name="Mana")
    with vault.batch("Plan the day", origin="cli", actor=agent):
        one = store.put(Task(title="a"))
        with store.transaction("ignored") as batch:
            other = store.put(Note(title="b"))
        store.put(msgspec.structs.replace(one, priority=2))
        assert told == []
    (commit,) = told
    assert commit.kinds == {"todo.task", "notes.note"}
    assert commit.ids == {one.id, other.id}
    assert commit.spaces == {store.scope.space}
    assert (commit.batch, commit.last_seq, commit.foreign) == (
        batch.id,
        vault.last_seq(),
        False,
    )
    (newest,) = store.batches(1)
    assert (newest.id, newest.title, newest.actor, newest.origin) == (
        batch.id,
        "Plan the day",
        agent,
        "cli",
    )
    assert [(one.field, one.actor) for one in store.changes(batch.id)] == [
        ("*", agent),
        ("*", agent),
        ("priority", agent),
        ("updated", agent),
    ]
    assert store.undo() is not None
    assert store.count(Query(Task)) + store.count(Query(Note)) == 0


def test_a_batch_that_changes_nothing_leaves_no_trace(vault: Vault, store: Store) -> None:
    before, told = everything(vault.db), []
    vault.listen(told.append)
    with vault.batch("Nothing"):
        store.tags()
    assert (everything(vault.db), told) == (before, [])
    assert "Nothing" not in [one.title for one in store.batches()]


@pytest.mark.parametrize("how", ["batch", "transaction"])
def test_an_exception_takes_everything_back(vault: Vault, store: Store, how: str) -> None:
    kept = store.put(Task(title="kept"))
    before, last, told = everything(vault.db), vault.last_seq(), []
    vault.listen(told.append)
    opened = vault.batch("x") if how == "batch" else store.transaction("x")
    with pytest.raises(RuntimeError), opened:  # noqa: PT012
        store.put_many([Task(title=f"{n}") for n in range(20)])
        store.put(Note(title="the kind's first use is taken back too"))
        store.delete(Task, kept.id)
        raise RuntimeError
    assert (everything(vault.db), vault.last_seq(), told) == (before, last, [])
    assert store.put(Note(title="and made again")).short


def test_a_part_may_fail_on_its_own(store: Store) -> None:
    store.put(Task(title="first", slug="a"))
    with store.transaction("Import"):
        store.put(Task(title="good"))
        with pytest.raises(UserError):
            store.put_many([Task(title="lost"), Task(title="bad", slug="a")])
        with pytest.raises(RuntimeError), store.transaction():  # noqa: PT012
            store.put(Task(title="lost too"))
            raise RuntimeError
        store.put(Task(title="good too"))
    assert [one.title for one in store.all(Query(Task))] == ["first", "good", "good too"]
    assert store.undo() is not None
    assert [one.title for one in store.all(Query(Task))] == ["first"]


def test_a_rehearsal_shows_what_would_change(vault: Vault, store: Store) -> None:
    old = store.put(Task(title="old"))
    before, told = everything(vault.db), []
    vault.listen(told.append)
    with vault.rehearse() as changes:
        with vault.batch("Import"), store.transaction() as batch:
            store.put_many([Task(title=f"{n}") for n in range(3)])
        store.put(msgspec.structs.replace(old, title="new"))
        assert [one.field for one in changes()] == ["*", "*", "*", "title", "updated"]
        assert len(store.changes(batch.id)) == 5
        assert store.count(Query(Task)) == 4
    assert (everything(vault.db), told) == (before, [])
    assert store.get(Task, old.id) == old


def test_a_failing_listener_does_not_keep_others_from_hearing(
    vault: Vault, store: Store
) -> None:
    heard: list[Commit] = []

    def fail(_: Commit) -> None:
        raise RuntimeError

    stop = vault.listen(fail)
    vault.listen(heard.append)
    with pytest.raises(RuntimeError):
        store.put(Task(title="x"))
    assert len(heard) == 1
    assert store.count(Query(Task)) == 1
    stop()
    store.put(Task(title="y"))
    assert len(heard) == 2


def test_a_store_hears_of_its_own_space(vault: Vault, store: Store) -> None:
    family = vault.store(vault.scope(vault.new_space("Family", "fam", "family").id))
    heard: list[Commit] = []
    stop = store.listen(heard.append)
    family.put(Task(title="x"))
    assert heard == []
    store.put(Task(title="y"))
    stop()
    store.put(Task(title="z"))
    assert len(heard) == 1


def test_other_commits_are_noticed_once_and_own_ones_never(
    vault: Vault, store: Store, folder: Path
) -> None:
    told: list[Commit] = []
    vault.poll()
    vault.listen(told.append)
    store.put(Task(title="mine"))
    thread = threading.Thread(target=lambda: store.put(Task(title="mine too")))
    thread.start()
    thread.join()
    vault.poll()
    assert [one.foreign for one in told] == [False, False]
    with Vault.open(folder, KEY, Catalog()) as other:
        theirs = other.store(store.scope)
        with other.batch("Both"):
            one, two = theirs.put(Task(title="theirs")), theirs.put(Note(title="theirs"))
        third = theirs.put(Task(title="again"))
    store.put(Task(title="mine"))
    del told[:]
    vault.poll()
    vault.poll()
    assert [(one.ids, one.foreign) for one in told] == [
        ({one.id, two.id}, True),
        ({third.id}, True),
    ]
    assert told[0].kinds == {"todo.task", "notes.note"}
    assert store.get(Note, two.id) == two


def test_changes_after_feeds_search(vault: Vault, store: Store) -> None:
    seq = vault.last_seq()
    made = store.put_many([Task(title=f"{n}") for n in range(12)])
    store.purge(Task, made[0].id)
    found = list(vault.changes_after(seq))
    assert [row[3] for row in found] == [one.id for one in made[1:]] + [made[0].id]
    assert {row[1:3] for row in found} == {(store.scope.space, "todo.task")}
    assert found[-1][0] == vault.last_seq()


def test_the_clock_never_goes_back(folder: Path) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    with Vault.create(folder, KEY, Catalog(), person="Ada", clock=lambda: now) as vault:
        store = vault.store(vault.scope())
        one = store.put(Task(title="x"))
        now -= timedelta(days=365)
        two = store.put(msgspec.structs.replace(one, title="y"))
        assert two.updated > one.updated
    with Vault.open(folder, KEY, Catalog(), clock=lambda: now) as vault:
        store = vault.store(vault.scope())
        three = store.put(msgspec.structs.replace(two, title="z"))
        assert three.updated > two.updated
        assert store.as_of(Task, one.id, two.updated) == two
        assert store.as_of(Task, one.id, one.created - timedelta(seconds=1)) is None
