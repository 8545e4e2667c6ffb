"""Random histories against a plain model: undo and redo restore identical rows."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from storage.link import Link
from storage.query import Query
from storage.record import Record
from storage.tag import Tag
from storage.vault import Vault
from tests.storage.conftest import KEY
from tests.storage.kinds import Catalog, Note, Task, everything

Model = dict[str, Record]
words = st.text("abc äß\x1b\n", min_size=1, max_size=6)


@dataclass
class Did:
    """A batch as the model remembers it, and the batch that it reverts."""

    id: str
    before: Any
    after: Any
    reverts: Did | None = None
    holds: bool = True

    def turn(self, *, holds: bool) -> None:
        """It is undone, or done again; what it reverts turns the other way."""
        self.holds = holds
        if self.reverts is not None:
            self.reverts.turn(holds=not holds)


class History(RuleBasedStateMachine):
    """The model is a dict of records; each batch remembers it before and after."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.vault = Vault.create(self.folder / "v", KEY, Catalog(), person="Ada")
        self.store = self.vault.store(self.vault.scope())
        self.every = self.store.within(
            msgspec.structs.replace(self.store.scope, state="all")
        )
        self.batches: list[Did] = []
        self.undone: list[tuple[Did, Any, Any]] = []
        self.store.tags()
        self.state = self.seen()

    def teardown(self) -> None:
        if hasattr(self, "vault"):
            self.vault.close()
            shutil.rmtree(self.folder)

    def seen(self) -> Any:
        return everything(self.vault.db)

    def done(self) -> None:
        """Remember a batch if it changed anything."""
        now = self.seen()
        if now != self.state:
            newest = self.store.batches(1)[0].id
            self.batches.append(Did(newest, self.state, now))
            self.undone.clear()
            self.state = now

    def some(self, record: type[Record], data: Any, *, live: bool = True) -> Any:
        found = (self.store if live else self.every).all(Query(record))
        return data.draw(st.sampled_from(found)) if found else None

    @rule(title=words, data=st.data())
    def add(self, title: str, data: Any) -> None:
        parent = self.some(Task, data) if data.draw(st.booleans()) else None
        tag = self.some(Tag, data)
        made = self.store.put(
            Task(
                title=title,
                parent=parent.id if parent else None,
                tags=(tag.id,) if tag else (),
            )
        )
        assert self.store.get(Task, made.id) == made
        self.done()

    @rule(texts=st.lists(words, max_size=4))
    def import_notes(self, texts: list[str]) -> None:
        made = self.store.put_many([Note(title="n", text=text) for text in texts])
        assert self.store.many(Note, [one.id for one in made]) == made
        self.done()

    @rule(title=words, data=st.data())
    def change(self, title: str, data: Any) -> None:
        old = self.some(Task, data, live=False)
        if old is not None:
            new = self.store.put(msgspec.structs.replace(old, title=title, priority=5))
            assert self.store.get(Task, old.id) == new
            self.done()

    @rule(name=st.sampled_from(["Home", "work", "HOME", "Über"]))
    def tag(self, name: str) -> None:
        before = self.store.tag_names()
        (tag,) = self.store.tag_ids([name])
        known = [id for id, word in before.items() if word.casefold() == name.casefold()]
        assert known in ([], [tag])
        self.done()

    @rule(data=st.data())
    def retag(self, data: Any) -> None:
        old, tag = self.some(Task, data), self.some(Tag, data)
        if old is not None and tag is not None:
            tags = tuple(set(old.tags) ^ {tag.id})
            new = self.store.put(msgspec.structs.replace(old, tags=tags))
            assert set(new.tags) == set(tags)
            self.done()

    @rule(record=st.sampled_from([Task, Note, Tag]), data=st.data())
    def delete(self, record: type[Record], data: Any) -> None:
        old = self.some(record, data)
        if old is not None:
            self.store.delete(record, old.id)
            assert all(old.id not in task.tags for task in self.every.all(Query(Task)))
            self.done()

    @rule(record=st.sampled_from([Task, Note]), data=st.data())
    def restore(self, record: type[Record], data: Any) -> None:
        old = self.some(record, data, live=False)
        if old is not None:
            assert self.store.restore(record, old.id).deleted is None
            self.done()

    @rule(data=st.data())
    def link(self, data: Any) -> None:
        one, other = self.some(Task, data), self.some(Note, data)
        if one is not None and other is not None:
            made = self.store.link(one, "related", other)
            assert self.store.link(other, "related", one) == made
            assert made in self.store.links(one.id)
            assert made in self.store.links(other.id)
            self.done()

    @rule(data=st.data())
    def unlink(self, data: Any) -> None:
        link = self.some(Link, data)
        if link is not None:
            self.store.unlink(link)
            assert link not in self.store.links(link.from_id)
            self.done()

    @rule()
    def undo(self) -> None:
        effective = [one for one in self.batches if one.holds and one.before != one.after]
        done = self.store.undo()
        if not effective:
            assert done is None
            return
        assert done is not None
        one = effective[-1]
        assert done.of.id == one.id
        before, self.state = self.state, self.seen()
        if before == one.after:
            assert (self.state, done.kept) == (one.before, ())
        if before != self.state:
            self.undone.append((one, self.state, before))
        one.turn(holds=False)

    @rule()
    def redo(self) -> None:
        done = self.store.redo()
        if not self.undone:
            assert done is None
            return
        assert done is not None
        one, before, after = self.undone.pop()
        assert done.of.id == one.id
        if self.state == before:
            assert (self.seen(), done.kept) == (after, ())
        self.state = self.seen()
        one.turn(holds=True)

    @precondition(lambda self: any(one.holds for one in getattr(self, "batches", ())))
    @rule(data=st.data())
    def revert(self, data: Any) -> None:
        one = data.draw(st.sampled_from([one for one in self.batches if one.holds]))
        done = self.store.revert(one.id)
        one.turn(holds=False)
        now = self.seen()
        self.batches.append(Did(done.batch.id, self.state, now, one))
        self.undone.clear()
        self.state = now

    @rule()
    def restart(self) -> None:
        self.vault.close()
        self.vault = Vault.open(self.folder / "v", KEY, Catalog())
        self.store = self.vault.store(self.store.scope)
        self.every = self.vault.store(self.every.scope)

    @invariant()
    def nothing_dangles(self) -> None:
        if not hasattr(self, "vault"):
            return
        db = self.vault.db
        tagged = db.rows("SELECT tag FROM tagging WHERE tag NOT IN (SELECT id FROM tag)")
        assert tagged == []
        tasks = {task.id for task in self.every.all(Query(Task))}
        notes = {note.id for note in self.every.all(Query(Note))}
        for link in self.every.all(Query(Link)):
            assert link.deleted or {link.from_id, link.to_id} <= tasks | notes
        numbers = [row[0] for row in db.rows("SELECT at FROM change ORDER BY seq")]
        assert numbers == sorted(numbers)


TestHistory = History.TestCase
TestHistory.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
