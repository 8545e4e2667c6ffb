"""Notes through their commands: titles, links both ways, folders, boxes, capture."""

from __future__ import annotations

import pytest

from mana_tui.workspace import Workspace
from modules.notes import queries
from modules.notes.model import Note, preview
from modules.notes.slots import document
from storage.errors import NotFound, UserError
from storage.query import Query
from tests.conftest import Clock


@pytest.fixture
def add(workspace: Workspace):
    """Write a note."""

    def write(content: str = "", **values: object) -> Note:
        return workspace.run("notes.add", {"content": content, **values})

    return write


def titles(workspace: Workspace, **values: object) -> list[str]:
    return [note.title for note in workspace.run("notes.list", values)]


def test_the_first_line_is_the_title_and_the_title_follows_it(workspace, add) -> None:
    note = add("## **Bread** and [salt](https://a.example)\n\nflour")
    assert note.title == "Bread and salt"
    assert preview(note) == "flour"
    changed = workspace.run("notes.edit", {"note": note.short, "content": "Cake\nmilk"})
    assert changed.title == "Cake"
    named = workspace.run("notes.edit", {"note": note.id, "title": "Baking"})
    again = workspace.run("notes.edit", {"note": note.id, "content": "Pie\nmilk"})
    assert (named.title, again.title) == ("Baking", "Baking")


def test_a_note_needs_words(workspace, add) -> None:
    with pytest.raises(UserError):
        add("  \n ")
    note = add("x")
    with pytest.raises(UserError):
        workspace.run("notes.edit", {"note": note.id})
    with pytest.raises(UserError):
        workspace.run("notes.edit", {"note": note.id, "content": "", "title": ""})


def test_pinned_notes_come_first_then_the_newest_change(
    workspace, add, clock: Clock
) -> None:
    for name in ("one", "two", "three"):
        add(name)
        clock.advance(minutes=1)
    workspace.run("notes.pin", {"notes": [workspace.store.first(Query(Note)).id]})
    two = workspace.run("notes.list", {"query": "two"})[0]
    clock.advance(minutes=1)
    workspace.run("notes.append", {"note": two.id, "text": "more"})
    assert titles(workspace) == ["one", "two", "three"]
    assert workspace.store.get(Note, two.id).content == "two\nmore"


def test_flags_turn_over_for_all_that_are_marked(workspace, add) -> None:
    one, two = add("one"), add("two")
    both = {"notes": [one.id, two.id]}
    workspace.run("notes.archive", {"notes": [one.id]})
    assert titles(workspace) == ["two"]
    assert titles(workspace, archived=True) == ["one"]
    workspace.run("notes.archive", both)
    assert titles(workspace) == []
    workspace.run("notes.archive", both)
    assert len(titles(workspace)) == 2


def test_lists_narrow_by_words_tag_and_folder(workspace, add) -> None:
    add("alpha", tags=["Home"], folder="Work / Ideas ")
    add("beta", tags=["home"], folder="/Work//")
    add("gamma", folder="Workshop/../x")
    assert titles(workspace, query="alph") == ["alpha"]
    assert sorted(titles(workspace, tag="#HOME")) == ["alpha", "beta"]
    assert sorted(titles(workspace, folder="Work")) == ["alpha", "beta"]
    assert titles(workspace, folder="Workshop") == ["gamma"]
    assert workspace.run("notes.folders") == {"Work": 1, "Work/Ideas": 1, "Workshop/x": 1}


def test_links_lead_both_ways_by_title_alias_and_path(workspace, add) -> None:
    hub = add("# Hub\n[[spoke]] [[Work/Second One|2]] [[Nobody]] [[#here]] ![[Alias]]")
    spoke = add("# Spoke\nback to [[HUB#top]]")
    second = add("# Second One\n")
    third = add("# Third\nThe hub is meant, the hubris is not.")
    workspace.run("notes.edit", {"note": third.id, "aliases": ["alias"]})
    links = workspace.run("notes.links", {"note": hub.id})
    assert {link.target: link.note for link in links.to} == {
        "spoke": spoke.id, "Work/Second One": second.id, "Nobody": None, "Alias": third.id,
    }  # fmt: skip
    assert [(one.note, one.line) for one in links.back] == [(spoke.id, "back to HUB#top")]
    assert [one.title for one in queries.mentions(workspace.store, second)] == []
    assert links.mentions == []
    hubs = workspace.run("notes.rename", {"note": hub.id, "title": "Hubs"})
    assert workspace.store.get(Note, spoke.id).content.endswith("[[Hubs#top]]")
    assert [m.note for m in queries.backlinks(workspace.store, hubs)] == [spoke.id]


def test_who_only_says_the_name_is_a_mention(workspace, add) -> None:
    note = add("Garden shed")
    add("We need a garden shed soon.")
    add("Garden sheds are many.")
    assert [one.line for one in queries.mentions(workspace.store, note)] == [
        "We need a garden shed soon."
    ]


def test_renaming_is_one_undo(workspace, add) -> None:
    one, two = add("One"), add("see [[One]]")
    workspace.run("notes.rename", {"note": one.id, "title": "Uno"})
    workspace.run("undo")
    assert workspace.store.get(Note, two.id).content == "see [[One]]"
    assert workspace.store.get(Note, one.id).title == "One"


def test_boxes_are_ticked_one_by_one(workspace, add) -> None:
    note = add("- [ ] a\n```\n- [ ] code\n```\n1. [x] b\n")
    after = workspace.run("notes.check", {"note": note.id, "box": 1})
    assert after.content == "- [x] a\n```\n- [ ] code\n```\n1. [x] b\n"
    after = workspace.run("notes.check", {"note": note.id, "box": 2, "done": False})
    assert "1. [ ] b" in after.content
    with pytest.raises(NotFound, match="2 checkboxes"):
        workspace.run("notes.check", {"note": note.id, "box": 3})


def test_open_boxes_become_linked_tasks(workspace, add) -> None:
    note = add("# Plan\n- [ ] call Ada\n- [x] done\n- [ ] **write**")
    tasks = workspace.run("notes.tasks", {"note": note.id})
    assert [task.title for task in tasks] == ["call Ada", "write"]
    assert "- [ ]" not in workspace.store.get(Note, note.id).content
    assert {link.to_id for link in workspace.store.links(note.id)} == {t.id for t in tasks}
    workspace.run("undo")
    assert "- [ ] call Ada" in workspace.store.get(Note, note.id).content


def test_a_template_fills_in_the_day(workspace, add) -> None:
    made = add("# {{title}}\nOn {{date}} at {{time}}", tags=["work"], color="blue")
    workspace.run("notes.template", {"notes": [made.id]})
    assert titles(workspace) == []
    note = add("more", title="Weekly", template=made.id)
    assert note.content == "# Weekly\nOn 2026-11-23 at 09:30\n\nmore"
    assert (note.color, note.tags) == ("blue", made.tags)


def test_a_captured_line_is_a_note_and_keeps_its_words(workspace) -> None:
    (made,) = workspace.run("add", {"text": "n Ask about tomorrow 9:00 #idea"})
    note = made.record
    assert (note.title, note.content) == ("Ask about tomorrow 9:00",) * 2
    assert workspace.store.tag_names()[note.tags[0]] == "idea"


def test_search_reads_the_words_not_the_marks(workspace, add) -> None:
    note = add("# Soup\n\n- [ ] **lentils** and [[Stock|broth]]")
    assert document(note)["body"] == "Soup\nlentils and broth"
    assert document(note)["title"] == "Soup"


def test_lists_and_links_follow_an_index(workspace) -> None:
    for query in (
        queries.live(), queries.archive(), queries.templates(),
        Query(Note).where(queries.col("name").one_of(["a", "b"])),
    ):  # fmt: skip
        plan = workspace.store.explain(query)
        assert plan[0].startswith("SEARCH t USING"), plan
        if query.orders:
            assert not any("TEMP B-TREE" in step for step in plan), plan
