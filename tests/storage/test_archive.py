"""Archives told one by one: what is written, what meets what is there, what is refused."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from storage.blob import Blob
from storage.errors import (
    DamagedError,
    NotFound,
    Refused,
    TooNew,
    UnavailableError,
    UserError,
)
from storage.portable.form import checksum, pack
from storage.portable.merge import Counts, Taken
from storage.portable.read import Archive
from storage.portable.take import take_archive
from storage.portable.write import write_archive
from storage.query import Query
from storage.record import Record
from storage.store import Store
from storage.vault import Vault
from tests.storage.kinds import Catalog, Mood, Note, Task, everything

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)


class Lean(Catalog):
    """A program without the module of notes."""

    def __init__(self) -> None:
        super().__init__()
        del self._kinds["notes.note"]


@contextmanager
def opened(folder: Path, catalog: Any = None, name: str = "Ada") -> Iterator[Vault]:
    """A new vault whose clock goes on by a second each time it is asked."""
    ticks = iter(range(10**9))
    made = Vault.create(
        folder,
        os.urandom(32),
        catalog or Catalog(),
        person=name,
        clock=lambda: NOW + timedelta(seconds=next(ticks)),
    )
    try:
        yield made
    finally:
        made.close()


def write(vault: Vault, folder: Path, **options: Any) -> Path:
    """Everything, as the test program writes it."""
    write_archive(vault, folder, vault.spaces(), program="test", **options)
    return folder


def read(vault: Vault, folder: Path, **options: Any) -> Taken:
    """What the first space got."""
    return take_archive(vault, Archive.open(folder), **options)[0]


def lines(folder: Path, kind: str) -> list[dict[str, Any]]:
    """The records of a kind in the personal space."""
    path = folder / "spaces/@me/records" / f"{kind}.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()]


def filled(vault: Vault) -> Store:
    """A store with a task, its child in the trash with a note, a tag, a link, a mood."""
    store = vault.store(vault.scope())
    (home,) = store.tag_ids(["Home"])
    root = store.put(Task(title="Root", due=NOW.date(), tags=(home,)))
    child = store.put(Task(title="Child", parent=root.id))
    note = store.put(
        Note(title="On it", task=child.id, picture=b"\x00\xff", counts={"a": 1})
    )
    store.link(root, "related", note)
    store.put(Mood(level=3, visibility="private"))
    store.delete(Task, child.id)
    return store


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of what `filled` makes."""
    with opened(tmp_path / "source") as vault:
        filled(vault)
        return write(vault, tmp_path / "archive")


# --- writing -----------------------------------------------------------------------------


def test_anybody_can_read_and_check_it(archive: Path) -> None:
    index = json.loads((archive / "index.json").read_text())
    body = {name: value for name, value in index.items() if name != "checksum"}
    listed = json.dumps(body, sort_keys=True, separators=(",", ":"))

    assert index["checksum"] == sha256(listed.encode()).hexdigest()
    assert (index["format"], index["version"], index["program"]) == (
        "mana archive",
        1,
        "test",
    )
    there = {str(p.relative_to(archive)): p for p in archive.rglob("*") if p.is_file()}
    assert there.keys() == index["files"].keys() | {"index.json"}
    for name, said in index["files"].items():
        data = there[name].read_bytes()
        assert (sha256(data).hexdigest(), len(data)) == (said["sha256"], said["bytes"])
        assert there[name].stat().st_mode & 0o077 == 0
    root, child = lines(archive, "todo.task")
    assert (root["title"], root["due"], root["deleted"]) == ("Root", "2026-11-23", None)
    assert child["deleted"].endswith("Z")
    assert lines(archive, "notes.note")[0]["counts"] == {"a": 1}
    (line, *_) = (archive / "spaces/@me/records/todo.task.jsonl").read_bytes().split(b"\n")
    assert line[6:22] == sha256(line[24:]).hexdigest()[:16].encode()
    assert root["tags"] == [lines(archive, "tag")[0]["id"]]
    assert list(root)[1:-1] == list(index["kinds"]["todo.task"]["columns"])


def test_what_is_there_is_never_overwritten(archive: Path, tmp_path: Path) -> None:
    before = sorted(archive.rglob("*"))
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with opened(tmp_path / "other") as vault:
        for taken in ("archive", "link", "archive/index.json"):
            with pytest.raises((Refused, UnavailableError)):
                write(vault, tmp_path / taken)
        with pytest.raises(Refused, match="vault's folder"):
            write(vault, tmp_path / "other" / "archive")
        write(vault, tmp_path / "empty")
    assert sorted(archive.rglob("*")) == before
    assert (tmp_path / "empty" / "index.json").is_file()


def test_stopped_or_failed_it_leaves_nothing(tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(done: int, total: int | None, what: str) -> None:
        assert what
        if "note" in what:
            raise Stopped

    def full(_: Any) -> Iterator[tuple[str, Iterator[bytes]]]:
        def pieces() -> Iterator[bytes]:
            yield b"half"
            raise OSError(28, "No space left on device")

        yield "notes/x.md", pieces()

    with opened(tmp_path / "source") as vault:
        filled(vault)
        with pytest.raises(Stopped):
            write(vault, tmp_path / "archive", progress=stop)
        with pytest.raises(UnavailableError, match="No space left"):
            write(vault, tmp_path / "archive", twins=full)
        vault.store(vault.scope()).put(Task(title="still writes"))
    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_a_twin_that_fails_is_said_and_left_out(tmp_path: Path) -> None:
    def twins(_: Any) -> Iterator[tuple[str, Iterator[bytes]]]:
        yield "a.md", (x for x in [b"fine"])
        yield "b.md", (bytes(1 // zero) for zero in [0])

    with opened(tmp_path / "source") as vault:
        folder = write(vault, tmp_path / "archive", twins=twins)
    index = json.loads((folder / "index.json").read_text())
    assert [path.name for path in (folder / "spaces/@me/readable").iterdir()] == ["a.md"]
    assert "ZeroDivisionError" in index["problems"][0]


def test_it_is_one_moment_of_the_vault(tmp_path: Path) -> None:
    """Another process may write meanwhile; what it writes is not half in it."""
    key, folder = os.urandom(32), tmp_path / "source"
    Vault.create(folder, key, Catalog(), person="Ada").close()
    with (
        Vault.open(folder, key, Catalog()) as vault,
        Vault.open(folder, key, Catalog()) as other,
    ):
        vault.store(vault.scope()).put(Task(title="before"))
        done: list[Record] = []

        def meanwhile(*_: Any) -> None:
            if not done:
                done.append(other.store(other.scope()).put(Task(title="meanwhile")))

        made = write(vault, tmp_path / "archive", progress=meanwhile)
    assert done
    assert [task["title"] for task in lines(made, "todo.task")] == ["before"]


# --- meeting what is there ------------------------------------------------------------------


def test_deletions_come_back_as_they_went(archive: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "new") as vault:
        read(vault, archive)
        store = vault.store(vault.scope())
        assert (
            vault.person == json.loads((archive / "index.json").read_text())["person"]["id"]
        )
        child = next(one for one in store.trash() if one.title == "Child")
        assert {one.title for one in store.trash()} == {"Child", "On it"}
        store.restore(Task, child.id)
        assert store.trash() == []
        assert store.count(Query(Mood)) == 1
        assert [batch.title for batch in store.batches()][1:] == [
            "Read an archive",
            "New space Personal",
        ]


def test_one_undo_takes_it_back_beside_what_was_there(
    archive: Path, tmp_path: Path
) -> None:
    with opened(tmp_path / "new", name="Bo") as vault:
        store = vault.store(vault.scope())
        store.put(Task(title="mine"))
        before = everything(vault.db)
        assert read(vault, archive, dry_run=True).kinds["todo.task"] == Counts(new=2)
        assert everything(vault.db) == before
        read(vault, archive)
        after = everything(vault.db)
        assert {one.author for one in store.all(Query(Task))} == {vault.person}
        undone = store.undo()
        assert undone is not None
        assert not undone.kept
        assert everything(vault.db) == before
        store.redo()
        assert everything(vault.db) == after
        assert read(vault, archive).kinds["todo.task"] == Counts(same=2)


@pytest.mark.parametrize(
    ("change", "prefer", "title", "counts", "conflicts"),
    [
        ("archive", "newer", "theirs", Counts(replaced=1, same=1), 0),
        ("vault", "newer", "ours", Counts(kept=1, same=1), 0),
        ("both", "newer", "ours", Counts(same=1), 1),
        ("both", "archive", "theirs", Counts(replaced=1, same=1), 0),
        ("both", "vault", "ours", Counts(kept=1, same=1), 0),
    ],
)
def test_the_later_one_stays_unless_told(
    change: str, prefer: Any, title: str, counts: Counts, conflicts: int, tmp_path: Path
) -> None:
    with opened(tmp_path / "vault") as vault:
        store = filled(vault)
        (root,) = store.all(Query(Task))
        later = root.updated + timedelta(days=1)
        set_title(vault, root.id, "theirs", later if change != "vault" else root.updated)
        folder = write(vault, tmp_path / "archive")
        set_title(vault, root.id, "ours", root.updated if change == "archive" else later)
        done = read(vault, folder, prefer=prefer)
        assert store.get(Task, root.id).title == title
        assert (done.kinds["todo.task"], len(done.conflicts)) == (counts, conflicts)
        assert all(c.id == root.id and "title" in c.reason for c in done.conflicts)
        if counts.replaced:
            store.undo()
            assert store.get(Task, root.id).title == "ours"


def set_title(vault: Vault, id: str, title: str, updated: datetime) -> None:
    """Write as another computer would have."""
    with vault.writing("Elsewhere"):
        vault.db.execute(
            "UPDATE todo_task SET title = ?, updated = ? WHERE id = ?",
            (title, updated.isoformat(timespec="microseconds")[:26] + "Z", id),
        )


def test_a_stopped_reading_changes_nothing(archive: Path, tmp_path: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(done: int, total: int | None, what: str) -> None:
        if "task" in what:
            raise Stopped

    with opened(tmp_path / "new") as vault:
        before, person = everything(vault.db), vault.person
        with pytest.raises(Stopped):
            read(vault, archive, progress=stop)
        assert (everything(vault.db), vault.meta("person")) == (before, person)
        assert read(vault, archive).rejected == []


def test_names_that_are_taken(tmp_path: Path) -> None:
    with opened(tmp_path / "source") as vault:
        club = vault.new_space("Club", "club", "club")
        store = vault.store(vault.scope("club"))
        store.put(Task(title="theirs", slug="one", tags=store.tag_ids(["Home"])))
        store.put(Task(title="free", slug="two"))
        folder = write(vault, tmp_path / "archive")
    with opened(tmp_path / "new") as vault:
        vault.new_space("Ours", "club", "family")
        _, made = take_archive(vault, Archive.open(folder))
        assert made.space == "club-2"
        assert vault.scope("club-2").space == club.id
        inside = vault.store(vault.scope("club-2"))
        (task,) = inside.all(Query(Task).limit(1))
        assert inside.tag_names()[task.tags[0]] == "Home"
    with opened(tmp_path / "third") as vault:
        store = vault.store(vault.scope())
        (home,) = store.tag_ids(["HOME"])
        store.put(Task(title="ours", slug="ONE"))
        rename_to_personal(folder)
        done = read(vault, folder, only=["@me"])
        assert done.kinds["todo.task"] == Counts(new=1)
        assert [one.reason for one in done.conflicts] == ["another one has its slug"]
        assert store.tag_names() == {home: "HOME"}


def rename_to_personal(folder: Path) -> None:
    """Make the club the personal space of this archive."""

    def edit(index: dict[str, Any]) -> None:
        _, club = index["spaces"]
        index["spaces"] = [club | {"slug": "@me", "type": "personal"}]

    edit_index(folder, edit)


def edit_index(folder: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    """Change an index and make its checksum fit, as anybody can."""
    path = folder / "index.json"
    index = json.loads(path.read_text())
    del index["checksum"]
    edit(index)
    path.write_text(json.dumps(index | {"checksum": checksum(index)}))


def test_a_kind_without_its_module_is_kept(archive: Path, tmp_path: Path) -> None:
    folder, key = tmp_path / "new", os.urandom(32)
    Vault.create(folder, key, Lean(), person="Ada").close()
    with Vault.open(folder, key, Lean()) as vault:
        done = read(vault, archive)
        assert done.without_module == ["notes.note"]
        again = write(vault, tmp_path / "again")
        assert lines(again, "notes.note")[0]["title"] == "On it"
        store = vault.store(vault.scope())
        assert not (undone := store.undo()) or not undone.kept
        store.redo()
    with Vault.open(folder, key, Catalog()) as vault:  # the module is there now
        (found,) = vault.store(vault.scope()).trash()[:1]
        store = vault.store(msgspec.structs.replace(vault.scope(), state="all"))
        (note,) = store.all(Query(Note))
        assert (note.title, note.picture, note.counts) == ("On it", b"\x00\xff", {"a": 1})
        assert found
        last = write(vault, tmp_path / "last")
    assert lines(last, "notes.note") == lines(archive, "notes.note")


def test_files_that_records_carry(tmp_path: Path) -> None:
    small, large = b"small" * 10, os.urandom(2**20 + 7)
    with opened(tmp_path / "source") as vault:
        store = vault.store(vault.scope())
        ids = [vault.blobs.put(io.BytesIO(data)).id for data in (small, large)]
        store.put(Note(title="with files", items=tuple(ids), text="blob-" + "0" * 64))
        folder = write(vault, tmp_path / "archive")
    names = [sha256(data).hexdigest() for data in (small, large)]
    assert lines(folder, "notes.note")[0]["items"] == [f"blob-{name}" for name in names]
    assert [(folder / "blobs" / name).read_bytes() for name in names] == [small, large]
    with opened(tmp_path / "new") as vault:
        assert read(vault, folder, dry_run=True).rejected == []
        read(vault, folder)
        (note,) = vault.store(vault.scope()).all(Query(Note))
        found = [
            vault.blobs.open(msgspec.convert({"id": id}, Blob)).read() for id in note.items
        ]
        assert found == [small, large]
        assert note.text == "blob-" + "0" * 64
        again = write(vault, tmp_path / "again")
        assert read(vault, folder).kinds["notes.note"] == Counts(same=1)
    assert lines(again, "notes.note") == lines(folder, "notes.note")


# --- damaged, hostile -------------------------------------------------------------------------


def task_file(archive: Path) -> Path:
    """Where the tasks are."""
    return archive / "spaces/@me/records/todo.task.jsonl"


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda data: data.replace(b"Root", b"Boot"), ":1: its check does not fit"),
        (lambda data: data[:-9], ":2: it is cut off"),
        (lambda data: data[: data.index(b"\n") + 1], "1 of 2 lines are there"),
        (lambda data: b"{" + data, ":1: it does not begin as a line does"),
        (lambda data: b"".join(reversed(data.splitlines(keepends=True))), "not those that"),
    ],
)
def test_damage_is_named_and_the_rest_only_taken_when_asked(
    harm: Callable[[bytes], bytes], said: str, archive: Path, tmp_path: Path
) -> None:
    path = task_file(archive)
    path.write_bytes(harm(path.read_bytes()))
    with opened(tmp_path / "new") as vault:
        before = everything(vault.db)
        with pytest.raises(DamagedError, match=r"todo\.task\.jsonl") as error:
            read(vault, archive)
        assert said in str(error.value)
        assert "--partly" in error.value.hint
        assert everything(vault.db) == before
        done = read(vault, archive, partly=True)
        assert any(said in f"{one.item}: {one.reason}" for one in done.problems)
        store = vault.store(msgspec.structs.replace(vault.scope(), state="all"))
        assert {task.title for task in store.all(Query(Task))} <= {"Root", "Child"}
        assert store.count(Query(Note)) == 1


def test_a_vault_without_the_record_of_its_space_is_made_whole(
    archive: Path, tmp_path: Path
) -> None:
    (archive / "spaces/@me/records/space.jsonl").unlink()
    with opened(tmp_path / "new") as vault:
        read(vault, archive, partly=True)
        assert [space.name for space in vault.spaces()] == ["Personal"]
        assert vault.store(vault.scope()).count(Query(Task)) == 1


@pytest.mark.parametrize(
    ("edit", "error"),
    [
        (lambda i: i.update(version=2), TooNew),
        (lambda i: i.update(format="other"), UserError),
        (lambda i: i.update(spaces=7), DamagedError),
        (lambda i: i["spaces"][0].update(folder="../../x"), DamagedError),
        (lambda i: i["spaces"][0].update(folder=".."), DamagedError),
        (lambda i: i["spaces"][0]["counts"].update({"../x": 1}), DamagedError),
        (lambda i: i["kinds"].update({"change": i["kinds"]["tag"], "a/b": i["kinds"]["tag"]}),
         DamagedError),
        (lambda i: i["kinds"]["todo.task"]["columns"].update({'x" TEXT); --': "text"}),
         DamagedError),
        (lambda i: i["kinds"]["todo.task"]["columns"].update(x="TEXT"), DamagedError),
        (lambda i: i["kinds"]["todo.task"]["columns"].update(
            {f"x{n}": "text" for n in range(600)}), DamagedError),
    ],
)  # fmt: skip
def test_an_index_is_not_believed(edit: Any, error: type[Exception], archive: Path) -> None:
    edit_index(archive, edit)
    with pytest.raises(error):
        Archive.open(archive)


@pytest.mark.parametrize("name", ["change", "short", "todo_task", "sqlite.x", "meta"])
def test_no_kind_takes_a_table_of_the_vault(
    name: str, archive: Path, tmp_path: Path
) -> None:
    records = archive / "spaces/@me/records"
    (records / "tag.jsonl").rename(records / f"{name}.jsonl")

    def edit(index: dict[str, Any]) -> None:
        index["kinds"][name] = index["kinds"]["tag"]
        index["spaces"][0]["counts"][name] = 1
        index["files"][f"spaces/@me/records/{name}.jsonl"] = index["files"].pop(
            "spaces/@me/records/tag.jsonl"
        )
        del index["spaces"][0]["counts"]["tag"]

    edit_index(archive, edit)
    with opened(tmp_path / "new") as vault:
        done = read(vault, archive)
        assert [p.reason for p in done.problems if name in p.file] == [
            "no kind can be called that"
        ]
        assert vault.store(vault.scope()).undo() is not None


def forge(archive: Path, *bodies: bytes) -> None:
    """Replace the tasks by lines with checks that fit."""
    data = b"".join(pack(body) for body in bodies)
    task_file(archive).write_bytes(data)

    def edit(index: dict[str, Any]) -> None:
        said = {
            "bytes": len(data),
            "sha256": sha256(data).hexdigest(),
            "lines": len(bodies),
        }
        index["files"]["spaces/@me/records/todo.task.jsonl"] = said

    edit_index(archive, edit)


def test_forged_lines_are_refused_one_by_one(archive: Path, tmp_path: Path) -> None:
    good = lines(archive, "todo.task")[0]
    good.pop("#")

    def but(**changed: Any) -> bytes:
        return json.dumps(good | {"id": f"f{len(changed)}{id(changed)}"} | changed).encode()

    bad = [
        but(title=7), but(title=None), but(id=""), but(id=None), but(id="x\ny"), but(due="soon"),
        but(priority=2**70), but(priority=1.5), but(visibility="all"), but(created="never"),
        but(visibility="private", author="somebody"), but(tags="x"), but(tags=[1]),
        b'{"id":' + b"[" * 100_000 + b"]" * 100_000 + b"}", b'{"id"}', b'{"title":"\xff"}',
        json.dumps(good).encode(),
    ]  # fmt: skip
    fine = [json.dumps(good).encode(), but(title="\x1b[2Jclean\u202e", tags=["f" * 26])]
    forge(archive, *fine, *bad)
    with opened(tmp_path / "new") as vault:
        done = read(vault, archive)
        assert done.kinds["todo.task"] == Counts(new=2)
        assert {p.line for p in done.problems if p.line} == set(range(3, 3 + len(bad)))
        store = vault.store(vault.scope())
        assert sorted(t.title for t in store.all(Query(Task))) == ["Root", "[2Jclean"]
        assert store.undo() is not None


def test_a_line_without_end_is_not_read(archive: Path, tmp_path: Path) -> None:
    with task_file(archive).open("ab") as file:
        file.truncate(40 * 2**20)
    with (
        opened(tmp_path / "new") as vault,
        pytest.raises(DamagedError, match="longer than any line"),
    ):
        read(vault, archive)


def test_links_and_pipes_are_not_opened(archive: Path, tmp_path: Path) -> None:
    path = task_file(archive)
    path.rename(tmp_path / "elsewhere")
    for make in (lambda: path.symlink_to(tmp_path / "elsewhere"), lambda: os.mkfifo(path)):
        make()
        with (
            opened(tmp_path / f"new-{os.urandom(4).hex()}") as vault,
            pytest.raises(DamagedError, match="is missing"),
        ):
            read(vault, archive)
        path.unlink()


def test_only_an_empty_vault_takes_a_history(archive: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "another") as vault:
        filled(vault)
        folder = write(vault, tmp_path / "with", history=True)
        with pytest.raises(Refused, match="holds nothing"):
            read(vault, folder, history=True)
        before = everything(vault.db)
    with opened(tmp_path / "new") as vault:
        with pytest.raises(UserError, match="no history"):
            read(vault, archive, history=True)
        done = read(vault, folder, history=True)
        assert (done.problems, everything(vault.db)) == ([], before)
        store = vault.store(vault.scope())
        assert store.batches()[0].title == "Delete"
        undone = store.undo()
        assert undone is not None
        assert [one.title for one in store.trash()] == []
        fresh = store.put(Task(title="goes on"))
        assert store.history(fresh.id)[0].at > store.batches()[-1].started


def test_what_is_no_archive_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Archive.open(tmp_path / "nothing")
    with pytest.raises(UserError, match="no archive"):
        Archive.open(tmp_path)
    (tmp_path / "index.json").write_bytes(b"[" * 200_000)
    with pytest.raises(DamagedError, match="not JSON"):
        Archive.open(tmp_path)
