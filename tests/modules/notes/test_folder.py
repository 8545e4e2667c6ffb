"""A folder of Markdown files, both ways."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mana_tui.workspace import Workspace
from modules.notes.formats.file import note_of, text_of
from modules.notes.formats.folder import detect, detect_file, safe_name
from modules.notes.model import Note
from modules.sdk.text import frontmatter
from storage.query import Query

OBSIDIAN = """---
tags: [reading, "deep work"]
aliases:
  - The Other Name
created: 2024-02-03
cssclasses: wide
nested:
  key: value
  list: [1, 2]
---

# Reading list

See [[Second|the second]] and ![[picture.png]] #todo/soon and #42.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small Obsidian vault."""
    top = tmp_path / "Obsidian"
    (top / "Work" / "Deep").mkdir(parents=True)
    (top / ".obsidian").mkdir()
    (top / ".obsidian" / "app.json").write_text("{}")
    (top / "Reading.md").write_text(OBSIDIAN)
    (top / "Work" / "Deep" / "Second.md").write_text("Back to [[Reading]].")
    (top / "Work" / "broken.md").write_bytes(b"\xff\xfe\x00bad")
    (top / "picture.png").write_bytes(b"\x89PNG")
    return top


def test_a_folder_comes_in_whole(workspace: Workspace, folder: Path) -> None:
    (done,) = workspace.run("import", {"files": [str(folder)]})
    assert (done.format, done.new) == ("markdown-folder", 2)
    assert {item.item: item.reason for item in done.rejected} == {
        "picture.png": "an attachment: only text is taken",
        "Work/broken.md": "not UTF-8 text",
    }
    notes = {note.title: note for note in workspace.store.all(Query(Note))}
    reading, second = notes["Reading"], notes["Second"]
    names = workspace.store.tag_names()
    assert {names[tag] for tag in reading.tags} == {"reading", "deep work", "todo/soon"}
    assert reading.aliases == ("The Other Name",)
    assert reading.created == datetime(2024, 2, 2, 23, tzinfo=UTC)
    assert reading.front == "cssclasses: wide\nnested:\n  key: value\n  list: [1, 2]"
    assert second.folder == "Work/Deep"
    links = workspace.run("notes.links", {"note": reading.id})
    assert [one.note for one in links.back] == [second.id]
    assert {one.target: one.note for one in links.to} == {
        "Second": second.id,
        "picture.png": None,
    }


def test_twice_changes_nothing_and_it_is_one_undo(
    workspace: Workspace, folder: Path
) -> None:
    workspace.run("import", {"files": [str(folder)]})
    (again,) = workspace.run("import", {"files": [str(folder)]})
    assert (again.new, again.changed, again.same) == (0, 0, 2)
    workspace.run("undo")
    assert workspace.store.count(Query(Note)) == 0


def test_out_and_in_again_gives_the_same_notes(
    workspace: Workspace, tmp_path: Path
) -> None:
    add = lambda **values: workspace.run("notes.add", values)  # noqa: E731
    add(title="A/B: c?", content="---\nnot front matter\n", tags=["x y", "z"], color="red")
    add(title="a/b: C?", content="other", folder="Deep/Down")
    add(title="same", content="one", pinned=True)
    add(title="Same", content="two\n\n")
    add(title="con", content="\n\nthree")
    before = workspace.store.all(Query(Note).order("id"))
    out = tmp_path / "out"
    said = workspace.run("notes.export", {"folder": str(out)})
    assert said.data == {"written": 5, "same": 0, "differ": 0}
    assert workspace.run("notes.export", {"folder": str(out)}).data["same"] == 5
    (done,) = workspace.run("import", {"files": [str(out)]})
    assert (done.same, done.changed, done.new, done.rejected) == (5, 0, 0, [])
    assert workspace.store.all(Query(Note).order("id")) == before
    assert {oct(path.stat().st_mode & 0o777) for path in out.rglob("*.md")} == {"0o600"}


def test_a_file_that_differs_is_left_unless_told_otherwise(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.run("notes.add", {"title": "One", "content": "mine"})
    file = tmp_path / "One.md"
    file.write_text("theirs")
    assert workspace.run("notes.export", {"folder": str(tmp_path)}).data["differ"] == 1
    assert file.read_text() == "theirs"
    workspace.run("notes.export", {"folder": str(tmp_path), "overwrite": True})
    assert file.read_text().endswith("mine")


def test_only_folders_and_files_of_markdown_are_taken(tmp_path: Path, folder: Path) -> None:
    assert detect(folder, b"")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert not detect(empty, b"")
    assert detect_file(Path("a.md"), b"# Text\n\nwords\n- [ ] one box\n")
    assert not detect_file(Path("a.md"), b"# Tasks\n- [ ] one\n- [ ] two\n")
    assert not detect_file(Path("a.txt"), b"words")


def test_links_out_of_the_folder_are_not_followed(
    workspace: Workspace, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    top = tmp_path / "top"
    top.mkdir()
    (top / "a.md").write_text("a")
    (top / "b.md").symlink_to(secret)
    (top / "loop").symlink_to(top)
    (done,) = workspace.run("import", {"files": [str(top)]})
    assert done.new == 1


@pytest.mark.parametrize(
    ("title", "name"),
    [("../../etc/passwd", "-..-etc-passwd"), ("..", ""), ("CON", "CON-"), ("a\x00b", "ab"),
     ("x" * 300, "x" * 120), (" . ", ""), ("ü" * 100, "ü" * 60)],
)  # fmt: skip
def test_names_are_safe_for_every_file_system(title: str, name: str) -> None:
    assert safe_name(title) == name


lines = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=40)


@given(
    st.builds(
        Note,
        title=lines.map(str.strip).filter(bool),
        content=st.lists(lines, max_size=5).map("\n".join),
        color=st.sampled_from(["", "red", "gray"]),
        pinned=st.booleans(),
        archived=st.booleans(),
        aliases=st.lists(lines.map(str.strip).filter(bool), max_size=3).map(tuple),
    )
)
def test_a_file_gives_its_note_back(workspace: Workspace, note: Note) -> None:
    text = text_of(note, {})
    back = note_of(workspace, "x.md", text, note.updated)
    wanted = ("id", "title", "content", "color", "pinned", "archived", "aliases", "created")
    assert {n: getattr(back, n) for n in wanted} == {n: getattr(note, n) for n in wanted}


@given(
    st.dictionaries(
        st.from_regex(r"[a-z]{1,8}", fullmatch=True),
        lines | st.lists(lines, min_size=1),
        max_size=5,
    ),
    lines,
)
def test_front_matter_reads_what_it_wrote(properties: dict, body: str) -> None:
    said = {
        k: v.strip() if isinstance(v, str) else [one.strip() or "x" for one in v]
        for k, v in properties.items()
    }
    assert frontmatter.split(frontmatter.join(said, body)) == (said, body)


@given(st.text(max_size=200))
def test_any_text_is_a_file(workspace: Workspace, text: str) -> None:
    for said in (text, f"---\n{text}\n---\nbody"):
        note = note_of(workspace, "x.md", said, datetime(2026, 1, 1, tzinfo=UTC))
        assert len(note.title) <= 1000
