"""Values go in, clean and typed, and come out the same."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import NotFound, Refused, UserError
from storage.query import Query, col
from storage.record import Record, new_id
from storage.store import Store
from storage.vault import Vault
from tests.storage.conftest import KEY
from tests.storage.kinds import Catalog, Note, Place, Task

line = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp"), codec="utf-8"),
    max_size=20,
)
notes = st.builds(
    Note,
    title=line,
    text=line,
    at=st.none() | st.datetimes(timezones=st.just(UTC)),
    day=st.none() | st.dates(),
    wall=st.none() | st.times(),
    length=st.none() | st.integers(-(10**6), 10**6).map(lambda n: timedelta(seconds=n)),
    cost=st.none() | st.decimals(allow_nan=False, allow_infinity=False),
    score=st.floats(allow_nan=False, allow_infinity=False),
    stars=st.none() | st.integers(-(2**63), 2**63 - 1),
    open=st.booleans(),
    mood=st.sampled_from(["calm", "happy"]),
    picture=st.binary(max_size=20),
    place=st.none()
    | st.builds(Place, line, st.floats(allow_nan=False, allow_infinity=False)),
    items=st.lists(line, max_size=3).map(tuple),
    counts=st.dictionaries(line, st.integers(0, 9), max_size=3),
    visibility=st.sampled_from(["space", "private"]),
)


@given(note=notes, changed=notes)
def test_every_type_survives(store: Store, note: Note, changed: Note) -> None:
    made = store.put(note)
    shared = {name: getattr(made, name) for name in Record.__struct_fields__}
    assert made == msgspec.structs.replace(
        note, **{name: value for name, value in shared.items() if name != "visibility"}
    )
    assert store.get(Note, note.id) == made
    later = store.put(msgspec.structs.replace(changed, id=note.id))
    assert store.get(Note, note.id) == later
    assert store.as_of(Note, note.id, made.updated) == made
    if later != made:
        assert store.undo() is not None
        assert store.get(Note, note.id) == made


@given(text=st.text(st.characters(codec=None), max_size=30))
def test_nothing_stored_reaches_a_terminal_as_a_command(store: Store, text: str) -> None:
    made = store.put(Note(title=text, text=text, items=(text,), place=Place(text)))
    assert made == store.get(Note, made.id)
    for said in (made.title, made.text.replace("\n", "").replace("\t", ""), *made.items):
        assert not [c for c in said if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")]
        assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069") & set(said)


def test_lines_and_texts_are_cleaned_differently(store: Store) -> None:
    made = store.put(Note(title="a\r\nb\tc\x1b[31m\x9b", text="a\r\nb\tc\x1b[31m\x85"))
    assert (made.title, made.text) == ("a b c[31m", "a\nb\tc[31m")


@pytest.mark.parametrize(
    "wrong",
    [
        Note(title="x", at=datetime(2026, 1, 1)),
        Note(title="x", score=float("nan")),
        Note(title="x", cost=Decimal("inf")),
        Note(title="x", stars=2**63),
    ],
)
def test_values_no_file_can_hold_are_refused(store: Store, wrong: Note) -> None:
    with pytest.raises(UserError):
        store.put(wrong)
    assert store.count(Query(Note)) == 0


def test_the_store_fills_what_is_its_own(vault: Vault, store: Store) -> None:
    made = store.put(Task(title="x"))
    assert (made.space, made.author) == (store.scope.space, vault.person)
    assert made.created == made.updated
    assert made.id.endswith(made.short)
    later = store.put(
        msgspec.structs.replace(
            made, title="y", author="mallory", short="zzzz", deleted=made.created
        )
    )
    assert (later.author, later.short, later.deleted) == (made.author, made.short, None)
    assert later.created == made.created < later.updated


def test_dates_of_imported_records_are_kept(store: Store) -> None:
    then = datetime(2001, 2, 3, tzinfo=UTC)
    made = store.put(Task(title="old", created=then, updated=then))
    assert (made.created, made.updated) == (then, then)
    again = store.put(Task(id=made.id, title="old"))
    assert again == made


def test_writing_the_same_again_writes_nothing(vault: Vault, store: Store) -> None:
    made = store.put_many([Task(title=f"{n}", due=None) for n in range(5)])
    last, told = vault.last_seq(), []
    vault.listen(told.append)
    assert (
        store.put_many([msgspec.structs.replace(one, updated=one.created) for one in made])
        == made
    )
    assert (vault.last_seq(), told) == (last, [])


def test_many_at_once_equal_one_by_one(vault: Vault, store: Store) -> None:
    old = store.put(Task(title="old"))
    fresh = [Task(title=f"{n}") for n in range(2500)]
    changed = msgspec.structs.replace(old, title="new")
    before = vault.db.statements
    made = store.put_many(
        [
            *fresh[:700],
            changed,
            *fresh[700:],
            msgspec.structs.replace(fresh[0], title="twice"),
        ]
    )
    assert vault.db.statements - before < 60
    assert store.many(Task, [one.id for one in made[:-1]])[1:] == made[1:-1]
    assert store.get(Task, fresh[0].id).title == "twice"
    assert store.get(Task, old.id).title == "new"
    assert len({one.short for one in made}) == 2501
    assert store.undo() is not None
    assert store.all(Query(Task)) == [old]


def test_unique_rules_know_no_case_and_no_trash(vault: Vault, store: Store) -> None:
    one = store.put(Task(title="a", slug="Home"))
    store.put_many([Task(title="b"), Task(title="c")])  # empty ones do not collide
    with pytest.raises(UserError, match="another task with this slug"):
        store.put(Task(title="d", slug="hOME"))
    with pytest.raises(UserError, match="slug"):
        store.put_many([Task(title="e"), Task(title="f", slug="home")])
    assert store.count(Query(Task)) == 3
    store.delete(Task, one.id)
    store.put(Task(title="g", slug="home"))
    with pytest.raises(UserError, match="slug"):
        store.restore(Task, one.id)
    family = vault.store(vault.scope(vault.new_space("Family", "fam", "family").slug))
    assert family.put(Task(title="h", slug="home")).slug == "home"


def test_short_ids_stay_and_are_never_given_twice(store: Store) -> None:
    ids = [new_id()[:18] + f"{n}000abcd" for n in "xyz"]
    made = store.put_many([Task(id=id, title="x") for id in ids])
    assert [one.short for one in made] == ["abcd", "0abcd", "00abcd"]
    assert store.undo() is not None
    other = store.put(Task(id="0" * 22 + "abcd", title="y"))
    assert other.short == "000abcd"  # three are reserved
    again = store.put(Task(id=ids[0], title="x"))
    assert again.short == "abcd"
    assert store.resolve("ABCD") == ("todo.task", ids[0])
    store.delete(Task, ids[0])
    assert store.resolve("abcd") == ("todo.task", ids[0])
    store.purge(Task, ids[0])
    with pytest.raises(NotFound):
        store.resolve(ids[0])


def test_an_unclear_start_names_the_candidates(store: Store) -> None:
    ids = ["1" * 22 + "abcd", "2" * 22 + "abce"]
    store.put_many([Task(id=id, title="x") for id in ids])
    assert store.resolve("1" * 9) == ("todo.task", ids[0])
    with pytest.raises(UserError, match="several") as caught:
        store.resolve("abc")
    assert "abcd" in caught.value.hint
    assert "abce" in caught.value.hint
    for wrong in ("", "%", "zzzz", "abc'"):
        with pytest.raises(NotFound):
            store.resolve(wrong)
    with pytest.raises(NotFound):
        store.resolve("abcd", Note)


def test_tags_are_of_the_space_and_alive(vault: Vault, store: Store) -> None:
    home, work = store.tag_ids(["Home", " work "])
    assert store.tag_ids(["HOME"]) == (home,)
    with pytest.raises(NotFound):
        store.tag_ids(["new"], create=False)
    task = store.put(Task(title="x", tags=(work, home, work)))
    assert task.tags == tuple(sorted((home, work)))
    family = vault.store(vault.scope(vault.new_space("Family", "fam", "family").id))
    with pytest.raises(UserError, match="another space"):
        family.put(Task(title="x", tags=(home,)))
    store.delete(Task, task.id)
    from storage.tag import Tag

    store.delete(Tag, home)
    assert store.get(Task, task.id).tags == (work,)
    assert store.put(msgspec.structs.replace(task, title="stale")).tags == (work,)
    store.restore(Tag, home)
    assert store.tag_names()[home] == "Home"


def test_deleting_and_restoring_a_tag_gives_it_back(store: Store) -> None:
    from storage.tag import Tag

    home, work = store.tag_ids(["Home", "Work"])
    one, other = store.put_many(
        [Task(title="x", tags=(home,)), Note(title="y", tags=(home, work))]
    )
    store.delete(Tag, home)
    assert store.get(Task, one.id).tags == ()
    store.put(msgspec.structs.replace(store.get(Note, other.id), tags=()))
    store.restore(Tag, home)
    assert store.get(Task, one.id).tags == (home,)
    assert store.get(Note, other.id).tags == ()


def test_an_id_of_another_space_cannot_be_taken(vault: Vault, store: Store) -> None:
    task = store.put(Task(title="mine"))
    family = vault.store(vault.scope(vault.new_space("Family", "fam", "family").id))
    with pytest.raises(Refused):
        family.put(Task(id=task.id, title="theirs"))
    with pytest.raises(Refused):
        family.put(task)
    assert store.get(Task, task.id) == task


# --- shapes that change -------------------------------------------------------------------


def _later() -> type[Record]:
    class Later(
        Record,
        kind="todo.task",
        indexes=(("done", "due"), ("place",)),
        unique=(),
        parent="parent",
    ):
        title: str
        place: str = "home"
        weight: float | None = None
        blob: bytes | None = None
        parent: Annotated[str, msgspec.Meta(extra={"ref": "Task"})] | None = None

    return Later


def test_fields_are_added_and_unknown_ones_survive(
    vault: Vault, folder, store: Store
) -> None:
    old = store.put(Task(title="old", slug="s", priority=3))
    vault.close()
    later_kind = _later()
    vault = Vault.open(folder, KEY, Catalog(later_kind))
    later = vault.store(store.scope)
    assert later.get(later_kind, old.id).place == "home"
    assert later.ids(Query(later_kind).where(col("place") == "home")) == [old.id]
    new = later.put(later_kind(title="new", place="away", weight=2.5, blob=b"\xff\x00"))
    later.put(msgspec.structs.replace(later.get(later_kind, old.id), title="renamed"))
    vault.close()

    vault = Vault.open(folder, KEY, Catalog())
    store = vault.store(store.scope)
    assert store.get(Task, old.id).slug == "s"
    assert store.get(Task, old.id).priority == 3
    store.put(msgspec.structs.replace(store.get(Task, new.id), priority=1))
    store.undo()
    assert store.undo() is not None  # the renaming
    assert store.undo() is not None  # the newer program's record goes
    assert store.find(Task, new.id) is None
    assert store.redo() is not None
    vault.close()

    with Vault.open(folder, KEY, Catalog(later_kind)) as vault:
        found = vault.store(store.scope).get(later_kind, new.id)
        assert found == new


def test_a_shape_is_made_once(vault: Vault, store: Store, folder, reopen) -> None:
    store.put(Task(title="x"))
    again = reopen()
    before = again.db.rows("SELECT * FROM sqlite_master")
    statements = again.db.statements
    again.store(store.scope).all(Query(Task))
    assert again.db.statements - statements == 2  # is the shape known? then the read
    assert again.db.rows("SELECT * FROM sqlite_master") == before


def test_a_prepared_vault_has_no_schema_work_left(
    vault: Vault, folder, store: Store
) -> None:
    import subprocess
    import sys

    last = vault.last_seq()
    vault.prepare()
    assert vault.last_seq() == last
    vault.close()
    script = (
        "import sys; from pathlib import Path\n"
        "from storage.vault import Vault\n"
        "from tests.storage.kinds import *\n"
        f"vault = Vault.open(Path(sys.argv[1]), {KEY!r}, Catalog())\n"
        "store = vault.store(vault.scope())\n"
        "store.delete(Task, store.put(Task(title='x', tags=store.tag_ids(['t']))).id)\n"
        "store.undo(); vault.close()\n"
        "print(sorted({'sqlite_utils', 'click', 'cryptography', 'dateutil'} & set(sys.modules)))"
    )
    line = [sys.executable, "-c", script, str(folder)]
    assert subprocess.run(line, capture_output=True, text=True, check=True).stdout == "[]\n"


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "plain", "notes": "one"},
        {"title": "two\nlines\x1b", "notes": "kept\nline\r\n"},
        {"title": "dated", "due": date(2026, 1, 2), "done": datetime.now(UTC)},
        {"title": "elsewhere", "done": datetime.now(timezone(timedelta(hours=2)))},
    ],
)
def test_put_returns_what_is_read(store: Store, fields: dict[str, Any]) -> None:
    made = store.put(Task(**fields))
    read = store.get(Task, made.id)

    assert made == read
    assert repr(made) == repr(read)  # the same types and time zones too
    changed = store.put(msgspec.structs.replace(made, title="other"))
    assert repr(changed) == repr(store.get(Task, made.id))
