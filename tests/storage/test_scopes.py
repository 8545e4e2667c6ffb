"""Nothing written in one space is ever seen in another, by anyone who may not."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from storage.errors import (
    ManaError,
    ModuleNotInSpace,
    NotFound,
    Refused,
    ScopeNotReady,
    UserError,
)
from storage.query import Query
from storage.scope import Across, Scope
from storage.store import Store
from storage.tag import Tag
from storage.vault import Vault
from tests.storage.conftest import KEY
from tests.storage.kinds import Catalog, Mood, Note, Task


@pytest.fixture
def family(vault: Vault) -> Store:
    """A shared space."""
    return vault.store(vault.scope(vault.new_space("Family", "fam", "family").slug))


def each_call(record: type[Any], id: str) -> list[Callable[[Store], Any]]:
    """Every read and write that names a kind."""
    query = Query(record)
    made = record(level=1) if record is Mood else record(title="x")
    return [
        lambda s: s.get(record, id),
        lambda s: s.find(record, id),
        lambda s: s.many(record, [id]),
        lambda s: s.all(query),
        lambda s: list(s.each(query)),
        lambda s: s.first(query),
        lambda s: s.count(query),
        lambda s: s.ids(query),
        lambda s: s.groups(query, "visibility"),
        lambda s: s.values(query, "id"),
        lambda s: s.hidden(query.where()) if s.scope.tags else s.count(query),
        lambda s: s.explain(query),
        lambda s: s.resolve("abcd", record),
        lambda s: s.as_of(record, id, made.created),
        lambda s: s.put(made),
        lambda s: s.put_many([made]),
        lambda s: s.delete(record, id),
        lambda s: s.restore(record, id),
        lambda s: s.purge(record, id),
        lambda s: s.link(made, "related", made),
    ]


def test_a_kind_the_space_lacks_is_refused_everywhere(store: Store, family: Store) -> None:
    mood = store.put(Mood(level=3))
    for call in each_call(Mood, mood.id):
        with pytest.raises(ModuleNotInSpace):
            call(family)
    assert store.all(Query(Mood)) == [mood]


def test_no_space_is_not_every_space(vault: Vault, store: Store) -> None:
    task = store.put(Task(title="x"))
    nowhere = vault.store(msgspec.structs.replace(store.scope, space=""))
    calls = [
        *each_call(Task, task.id),
        lambda s: s.batches(),
        lambda s: s.undo(),
        lambda s: s.tags(),
    ]
    for call in calls:
        with pytest.raises(ScopeNotReady):
            call(nowhere)


def writes(record: type[Any], id: str, link: Any) -> list[Callable[[Store], Any]]:
    """Every call that could change something."""
    return [
        lambda s: s.put(record(title="x")),
        lambda s: s.put_many([record(title="x")]),
        lambda s: s.delete(record, id),
        lambda s: s.restore(record, id),
        lambda s: s.purge(record, id),
        lambda s: s.unlink(link),
        lambda s: s.tag_ids(["new"]),
        lambda s: s.undo(),
        lambda s: s.redo(),
        lambda s: s.revert("x"),
        lambda s: s.expire(s.vault.clock()),
    ]


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"archived": True}])
def test_viewers_and_archived_spaces_only_read(
    vault: Vault, family: Store, change: dict[str, Any]
) -> None:
    task, note = family.put(Task(title="x")), family.put(Note(title="y"))
    link = family.link(task, "related", note)
    seen = vault.store(msgspec.structs.replace(family.scope, **change))
    assert seen.all(Query(Task)) == [task]
    last = vault.last_seq()
    for write in writes(Task, task.id, link):
        with pytest.raises(Refused):
            write(seen)
    assert vault.last_seq() == last


def test_private_records_are_their_authors_alone(vault: Vault, family: Store) -> None:
    mine = family.put(Task(title="secret", visibility="private"))
    ours = family.put(Task(title="ours"))
    link = family.link(mine, "blocks", ours)
    other = vault.store(msgspec.structs.replace(family.scope, person="bob"))
    assert other.all(Query(Task)) == [ours]
    assert (other.count(Query(Task)), other.links(ours.id)) == (1, [])
    assert [change.record for change in other.history(mine.id)] == []
    assert mine.id not in {c.record for b in other.batches() for c in other.changes(b.id)}
    for call in (
        lambda: other.get(Task, mine.id),
        lambda: other.resolve(mine.short),
        lambda: other.resolve(mine.id),
        lambda: other.delete(Task, mine.id),
        lambda: other.purge(Task, mine.id),
    ):
        with pytest.raises(NotFound):
            call()
    with pytest.raises(Refused):
        other.put(msgspec.structs.replace(mine, title="taken"))
    with pytest.raises(Refused):
        other.put(msgspec.structs.replace(ours, visibility="private"))
    family.put(msgspec.structs.replace(mine, visibility="space"))
    assert other.get(Task, mine.id).title == "secret"
    assert {c.field for c in other.history(mine.id)} == {"visibility", "updated"}
    assert link in family.links(ours.id)


def test_states_show_live_trash_or_both(store: Store) -> None:
    live, dead = store.put_many([Task(title="live"), Task(title="dead")])
    dead = store.delete(Task, dead.id)
    seen = {
        state: store.within(msgspec.structs.replace(store.scope, state=state)).all(
            Query(Task)
        )
        for state in ("live", "trash", "all")
    }
    assert seen == {"live": [live], "trash": [dead], "all": [live, dead]}
    assert [(one.kind, one.title) for one in store.trash()] == [("todo.task", "dead")]


def test_across_reads_where_the_kind_may_be(
    vault: Vault, store: Store, family: Store
) -> None:
    one = store.put(Task(title="b", priority=1))
    two = family.put(Task(title="a", priority=2))
    secret = family.put(Task(title="c", visibility="private"))
    mood = store.put(Mood(level=1))
    family.delete(Task, family.put(Task(title="gone")).id)
    across = vault.across(Across(spaces=(store.scope, family.scope)))
    assert across.all(Query(Task).order("title")) == [two, one, secret]
    assert across.all(Query(Task).order("-priority").limit(1)) == [two]
    assert across.count(Query(Task)) == 3
    assert across.all(Query(Mood)) == [mood]
    assert across.get(Task, two.id).space == family.scope.space
    bob = msgspec.structs.replace(family.scope, person="bob")
    assert vault.across(Across(spaces=(bob,))).all(Query(Task)) == [two]
    assert vault.across(Across(spaces=())).all(Query(Task)) == []
    with pytest.raises(NotFound):
        vault.across(Across(spaces=(store.scope,))).get(Task, two.id)


def test_spaces_have_one_slug_each_and_keep_old_ones(vault: Vault, family: Store) -> None:
    for slug in ("fam", "FAM", "@me"):
        with pytest.raises(UserError):
            vault.new_space("Other", slug, "club")
    space = vault.spaces()[1]
    family.put(msgspec.structs.replace(space, slug="kin", archived=True))
    assert vault.scope("fam") == vault.scope("kin") == vault.scope(space.id)
    assert vault.scope("kin").archived
    assert vault.scope("kin").role == "owner"
    with pytest.raises(UserError):
        vault.new_space("Other", "fam", "club")
    with pytest.raises(UserError):
        vault.store(vault.scope()).put(
            msgspec.structs.replace(vault.spaces()[0], slug="KIN")
        )
    archived = vault.store(vault.scope("kin"))
    archived.put(msgspec.structs.replace(vault.spaces()[1], archived=False))
    assert not vault.scope("kin").archived
    with pytest.raises(NotFound):
        vault.scope("nowhere")
    assert [one.slug for one in vault.spaces()] == ["@me", "kin"]


def test_a_space_cannot_undo_its_own_making(store: Store, family: Store) -> None:
    for one in (store, family):
        assert one.undo() is None
        assert one.vault.scope(one.scope.space) == one.scope


class Leaks(RuleBasedStateMachine):
    """Three spaces and two people; every record says in its title who may see it."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.vault = Vault.create(self.folder / "v", KEY, Catalog(), person="Ada")
        self.vault.new_space("F", "f", "family")
        self.vault.new_space("C", "c", "club")
        self.stores = [
            self.vault.store(msgspec.structs.replace(self.vault.scope(slug), person=person))
            for slug in ("@me", "f", "c")
            for person in ("ada", "bob")
        ]
        self.ids: list[tuple[type[Any], str]] = []

    def teardown(self) -> None:
        if hasattr(self, "vault"):
            self.vault.close()
            shutil.rmtree(self.folder)

    def label(self, scope: Scope, visibility: str) -> str:
        return f"{scope.space} {scope.person if visibility == 'private' else ''}"

    @rule(who=st.integers(0, 5), kind=st.sampled_from([Task, Note]), private=st.booleans())
    def put(self, who: int, kind: type[Any], private: bool) -> None:
        store = self.stores[who]
        visibility = "private" if private else "space"
        made = store.put(
            kind(title=self.label(store.scope, visibility), visibility=visibility)
        )
        self.ids.append((kind, made.id))

    @rule(who=st.integers(0, 5))
    def tag(self, who: int) -> None:
        store = self.stores[who]
        (tag,) = store.tag_ids([store.scope.space])
        self.ids.append((Tag, tag))
        for task in store.all(Query(Task).limit(2)):
            store.put(msgspec.structs.replace(task, tags=(tag,)))

    @rule(who=st.integers(0, 5), what=st.sampled_from(["undo", "redo", "expire"]))
    def act(self, who: int, what: str) -> None:
        store = self.stores[who]
        getattr(store, what)(*([self.vault.clock()] if what == "expire" else []))

    @rule(
        who=st.integers(0, 5),
        what=st.sampled_from(["delete", "restore", "purge", "put", "revert"]),
        data=st.data(),
    )
    def meddle(self, who: int, what: str, data: Any) -> None:
        """Try it on anything, also on what is not there for this person."""
        if not self.ids:
            return
        kind, id = data.draw(st.sampled_from(self.ids))
        store = self.stores[who]
        seen = store.find(kind, id)
        try:
            if what == "revert":
                source = data.draw(st.sampled_from(self.stores))
                store.revert(data.draw(st.sampled_from(source.batches())).id)
            elif what == "put":
                for other in self.stores:
                    if (found := other.find(kind, id)) is not None:
                        store.put(found)
            else:
                getattr(store, what)(kind, id)
        except ManaError:
            assert what in ("revert", "put") or seen is None or kind is Tag

    @invariant()
    def nobody_sees_what_is_not_theirs(self) -> None:
        for store in getattr(self, "stores", ()):
            scope = store.scope
            mine = {self.label(scope, "space"), self.label(scope, "private")}
            every = store.within(msgspec.structs.replace(scope, state="all"))
            for kind in (Task, Note):
                found = every.all(Query(kind))
                assert {one.title for one in found} <= mine
                assert {one.space for one in found} <= {scope.space}
                tags = {tag for one in found for tag in one.tags}
                assert tags <= {tag.id for tag in every.all(Query(Tag))}
            for batch in store.batches(5):
                for change in store.changes(batch.id):
                    said = change.after if change.field == "*" else None
                    if said and change.kind in ("todo.task", "notes.note"):
                        assert said["title"] in mine
            assert {one.title for one in store.trash()} <= mine | {scope.space}


TestLeaks = Leaks.TestCase
TestLeaks.settings = settings(
    max_examples=12,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
