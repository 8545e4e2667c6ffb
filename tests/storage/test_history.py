"""Undo, redo, revert, trash and purge, told one by one; the machine does the rest."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from storage.errors import NotFound, Refused
from storage.kind import Kind
from storage.link import Link
from storage.query import Query
from storage.record import NEVER
from storage.store import Store
from storage.tag import Tag
from storage.vault import Vault
from tests.storage.conftest import KEY
from tests.storage.kinds import Catalog, Note, Task, everything


def test_undo_and_redo_work_after_a_restart(vault: Vault, store: Store, reopen) -> None:
    with vault.batch("Add things"):
        (home,) = store.tag_ids(["Home"])
        task = store.put(Task(title="a", tags=(home,)))
        note = store.put(Note(title="b", picture=b"\xff\x00"))
        store.link(task, "blocks", note)
    after = everything(vault.db)
    vault = reopen()
    done = vault.store(store.scope).undo()
    assert done is not None
    assert (done.of.title, done.batch.title, done.kept) == (
        "Add things",
        "Undo: Add things",
        (),
    )
    assert "todo.task" not in everything(vault.db)
    vault = reopen()
    done = vault.store(store.scope).redo()
    assert done is not None
    assert (done.of.title, done.batch.title) == ("Add things", "Redo: Add things")
    assert everything(vault.db) == after
    assert vault.store(store.scope).redo() is None


def test_revert_keeps_what_was_changed_since_and_says_so(store: Store) -> None:
    task = store.put(Task(title="one", notes="first"))
    with store.transaction("Both"):
        changed = store.put(msgspec.structs.replace(task, title="two", notes="second"))
    batch = store.batches(1)[0].id
    store.put(msgspec.structs.replace(changed, title="three"))
    done = store.revert(batch)
    assert done.kept == (("todo.task", task.id, "title", "changed since"),)
    found = store.get(Task, task.id)
    assert (found.title, found.notes) == ("three", "first")
    assert found.updated > changed.updated
    with pytest.raises(Refused, match="already"):
        store.revert(batch)
    assert store.undo() is not None
    assert store.get(Task, task.id).notes == "second"
    with pytest.raises(NotFound):
        store.revert("nothing")


def test_what_something_else_belongs_to_stays(store: Store) -> None:
    with store.transaction("Begin"):
        (home,) = store.tag_ids(["Home"])
        parent, linked, free = store.put_many([Task(title=word) for word in "abc"])
    batch = store.batches(1)[0].id
    child = store.put(Note(title="child", task=parent.id, tags=(home,)))
    store.link(child, "related", linked)
    done = store.revert(batch)
    assert {(id, why) for _, id, _, why in done.kept} == {
        (one, "something else belongs to it now") for one in (home, parent.id, linked.id)
    }
    assert store.find(Task, free.id) is None
    assert store.get(Note, child.id).tags == (home,)


def test_a_name_taken_meanwhile_stays_taken(store: Store) -> None:
    (home,) = store.tag_ids(["Home"])
    store.delete(Tag, home)
    batch = store.batches(1)[0].id
    store.tag_ids(["home"])
    done = store.revert(batch)
    assert [why for *_, why in done.kept] == ["another one has its name now"]
    assert [tag.name for tag in store.tags()] == ["home"]


def test_writing_ends_redo(store: Store) -> None:
    store.put(Task(title="a"))
    store.undo()
    store.put(Task(title="b"))
    assert store.redo() is None
    assert [one.title for one in store.all(Query(Task))] == ["b"]


def test_deleting_takes_children_along_and_restoring_brings_them_back(store: Store) -> None:
    top = store.put(Task(title="top"))
    middle = store.put(Task(title="middle", parent=top.id))
    leaf = store.put(Note(title="leaf", task=middle.id))
    gone = store.put(Task(title="gone before", parent=top.id))
    store.delete(Task, gone.id)
    last = store.vault.last_seq()
    dead = store.delete(Task, top.id)
    assert store.vault.last_seq() == last + 3
    assert store.count(Query(Task)) + store.count(Query(Note)) == 0
    assert [one.title for one in store.trash()][-1] == "gone before"
    assert store.delete(Task, top.id) == dead  # again changes nothing
    assert store.restore(Task, top.id) == top
    assert store.many(Task, [middle.id, gone.id])[0] == middle
    assert store.get(Note, leaf.id) == leaf
    assert store.get(Task, gone.id).deleted is not None
    store.delete(Task, top.id)
    store.restore(Note, leaf.id)  # a child alone comes alone
    assert store.get(Task, top.id).deleted is not None
    assert store.get(Note, leaf.id).deleted is None


def test_links_survive_in_the_trash(store: Store) -> None:
    one, other = store.put(Task(title="a")), store.put(Note(title="b"))
    link = store.link(one, "blocks", other)
    store.delete(Task, one.id)
    assert store.links(other.id) == [link]
    store.restore(Task, one.id)
    store.unlink(link)
    assert store.links(one.id) == []
    assert store.undo() is not None
    assert store.links(one.id) == [link]


def test_a_purge_leaves_nothing_of_it(vault: Vault, store: Store) -> None:
    top = store.put(Task(title="Xylophon", tags=store.tag_ids(["t"])))
    child = store.put(Note(title="Xylophon", text="Xylophon", task=top.id))
    other = store.put(Task(title="other"))
    store.link(other, "related", child)
    store.put(msgspec.structs.replace(top, notes="Xylophon"))
    store.delete(Task, top.id)
    store.purge(Task, top.id)
    for table in [
        row[0] for row in vault.db.rows("SELECT name FROM sqlite_master WHERE type='table'")
    ]:
        assert "Xylophon" not in repr(vault.db.rows(f"SELECT * FROM {table}")), table
    assert store.find(Task, top.id) is None
    assert store.find(Note, child.id) is None
    assert store.links(other.id) == []
    assert vault.db.rows("SELECT * FROM short WHERE record = ?", (top.id,)) == []
    (ended,) = store.history(top.id)
    assert (ended.field, ended.before, ended.after) == ("*", None, None)
    while (done := store.undo()) is not None:
        assert top.id not in [id for _, id, _, why in done.kept if why != "ended for good"]
    assert store.count(Query(Task)) == 0
    assert store.count(Query(Link)) == 0


def test_the_trash_expires(store: Store) -> None:
    old, new, live = store.put_many([Task(title=word) for word in ("old", "new", "live")])
    store.delete(Task, old.id)
    new = store.delete(Task, new.id)
    assert new.deleted is not None
    assert store.expire(new.deleted) == 1
    assert store.find(Task, old.id) is None
    assert store.get(Task, new.id) == new
    assert store.get(Task, live.id) == live


def test_history_tells_each_field(vault: Vault, store: Store) -> None:
    task = store.put(Task(title="a"))
    (tag,) = store.tag_ids(["t"])
    task = store.put(msgspec.structs.replace(task, title="b", tags=(tag,)))
    dead = store.delete(Task, task.id)
    told = [(one.field, one.before, one.after) for one in store.history(task.id)]
    assert told[0] == ("deleted", None, dead.deleted)
    assert told[1][0] == "tags"
    assert told[1] == ("tags", (), (tag,))
    assert ("title", "a", "b") in told
    assert (told[-1][0], told[-1][1], told[-1][2]["title"]) == ("*", None, "a")
    assert {one.actor for one in store.history(task.id)} == {vault.actor}
    assert store.as_of(Task, task.id, task.updated) == task
    assert store.as_of(Task, task.id, NEVER) is None


def test_batches_come_in_pages(store: Store) -> None:
    for n in range(5):
        with store.transaction(f"{n}"):
            store.put(Task(title=f"{n}"))
    first = store.batches(2)
    assert [one.title for one in first] == ["4", "3"]
    assert [one.title for one in store.batches(2, before=first[-1].id)] == ["2", "1"]


def test_an_import_of_thousands_is_one_undo(store: Store) -> None:
    store.put_many([Task(title=f"{n}") for n in range(3000)])
    assert store.undo() is not None
    assert store.count(Query(Task)) == 0
    assert store.redo() is not None
    assert store.count(Query(Task)) == 3000


def test_records_of_a_missing_module_are_undone_and_purged_all_the_same(
    vault: Vault, store: Store, folder: Path
) -> None:
    task = store.put(Task(title="parent"))
    note = store.put(Note(title="child", task=task.id))
    vault.close()

    class Fewer(Catalog):
        def kind(self, name: str) -> Kind:
            if name == "notes.note":
                raise NotFound("its module is not installed")
            return super().kind(name)

    with Vault.open(folder, KEY, Fewer()) as vault:
        store = vault.store(store.scope)
        with pytest.raises(NotFound):
            store.resolve(note.short)
        assert store.history(note.id)[-1].after["title"] == "child"
        store.delete(Task, task.id)
        assert [one.title for one in store.trash()] == ["child", "parent"]
        assert store.undo() is not None
        assert store.undo() is not None  # the child goes
        assert store.redo() is not None
        store.delete(Task, task.id)
        assert store.expire(vault.clock()) > 0
        assert vault.db.value("SELECT count(*) FROM notes_note") == 0
