"""Notes on screen: the list, the page, writing in place, drafts."""

from __future__ import annotations

from typing import Any

from mana_tui.workspace import Workspace
from modules.notes.model import Note
from modules.notes.views.note import NoteView, Unwritten
from modules.notes.views.notes import NotesView
from modules.sdk.ui.view import View
from storage.query import Query
from tests.ui.conftest import Bench, settle, text_of


def add(workspace: Workspace, content: str, **values: object) -> Note:
    return workspace.run("notes.add", {"content": content, **values})


async def obey(app: Bench, workspace: Workspace) -> None:
    """Run what the view asked for, as the shell does."""
    for message in app.said:
        if isinstance(message, View.Run):
            workspace.run(message.command_id, message.values)
    app.said = [one for one in app.said if not isinstance(one, View.Run)]


async def test_the_list_shows_titles_texts_and_tags_pinned_first(
    workspace: Workspace,
) -> None:
    pinned = add(workspace, "Pinned one\nwith text", tags=["home"], color="blue")
    add(workspace, "Newer\nother words")
    workspace.run("notes.pin", {"notes": [pinned.id]})
    view = NotesView(workspace)
    app = Bench(view)
    async with app.run_test(size=(100, 20)) as pilot:
        await settle(pilot)
        lines = [line for line in text_of(app) if line.strip()]
        first = next(i for i, line in enumerate(lines) if "Pinned one" in line)
        assert "^" in lines[first]
        assert "with text" in lines[first]
        assert "#home" in lines[first]
        assert "Newer" in lines[first + 1]
        loads = view.loads
        add(workspace, "Third")
        await settle(pilot)
        assert "Third" in "\n".join(text_of(app))
        assert view.loads == loads + 1


async def test_the_page_shows_text_and_links_both_ways(workspace: Workspace) -> None:
    other = add(workspace, "Other\nsee [[Main]]")
    main = add(
        workspace, "# Main\n\n- [x] done **bold**\n- [ ] open\n\n[[Other]] [[Nowhere]]"
    )
    view = NoteView(workspace, id=main.id)
    app = Bench(view)
    async with app.run_test(size=(80, 40)) as pilot:
        await settle(pilot)
        shown = "\n".join(text_of(app))
        assert shown.count("Main") == 2  # its heading, and the line that links here
        for said in ("1 of 2 done", "bold", "Links to", "not written yet", "Linked from"):
            assert said in shown
        targets = [line.target for line in view.lines() if line.target is not None]
        assert Unwritten("Nowhere") in targets
        assert view.open(Unwritten("Nowhere"))
        assert {getattr(target, "id", None) for target in targets} >= {other.id}
        await pilot.pause()
        asked = [one for one in app.said if isinstance(one, View.Ask)]
        assert asked[0].values == {"title": "Nowhere"}


async def test_writing_in_place_saves_on_escape(workspace: Workspace) -> None:
    note = add(workspace, "One")
    view = NoteView(workspace, id=note.id)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("e")
        await pilot.pause()
        assert app.focused is view.editor
        await pilot.press("space", "t", "w", "o")
        assert "edited" in view.status
        await pilot.press("escape")
        await pilot.pause()
        assert any(isinstance(one, View.Run) for one in app.said)
        await obey(app, workspace)
        await settle(pilot)
        assert workspace.store.get(Note, note.id).content == "One two"
        assert "One two" in "\n".join(text_of(app))
        assert view.editor is None
        assert view.draft == ""


async def test_nothing_typed_is_lost_when_the_app_dies(workspace: Workspace) -> None:
    note = add(workspace, "One")
    app: Any = Bench(NoteView(workspace, id=note.id))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("e", "exclamation_mark")
    assert workspace.store.get(Note, note.id).content == "One"
    view = NoteView(workspace, id=note.id)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "draft that was not saved" in "\n".join(text_of(app))
        await pilot.press("e")
        await pilot.pause()
        assert view.editor is not None
        assert view.editor.text == "One!"
        await pilot.press("escape")
        await pilot.pause()
        await obey(app, workspace)
        await settle(pilot)
    assert workspace.store.get(Note, note.id).content == "One!"
    fresh = NoteView(workspace, id=note.id)
    fresh.load(workspace.store)
    assert fresh.draft == ""


async def test_a_draft_can_be_forgotten(workspace: Workspace) -> None:
    note = add(workspace, "One")
    workspace.vault.meta(f"draft:notes.note:{note.id}", "Two")
    view = NoteView(workspace, id=note.id)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("D")
        await pilot.pause()
        assert "draft" not in "\n".join(text_of(app))
    assert not workspace.vault.meta(f"draft:notes.note:{note.id}")


async def test_locking_keeps_the_draft_and_leaves_nothing_on_the_screen(
    workspace: Workspace,
) -> None:
    note = add(workspace, "Sesame")
    view = NoteView(workspace, id=note.id)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("e", "x")
        view.clear_content()
        await pilot.pause()
        assert "Sesame" not in "\n".join(text_of(app))
        assert not view.query("Editor")
        assert view.shown is None
    assert workspace.vault.meta(f"draft:notes.note:{note.id}") == "Sesamex"


async def test_a_list_of_many_notes_reads_only_what_is_seen(
    workspace: Workspace, reads: Any
) -> None:
    workspace.store.put_many(
        [Note(title=f"Note {i}", name=f"note {i}") for i in range(2000)]
    )
    view = NotesView(workspace)
    async with Bench(view).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert reads.rows("all") + reads.rows("many") <= 3 * 128
        assert workspace.store.count(Query(Note)) == 2000


async def test_e_on_a_row_opens_the_note_to_write(workspace: Workspace) -> None:
    note = add(workspace, "One")
    app = Bench(NotesView(workspace))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("e")
        await pilot.pause()
        (pushed,) = [one.view for one in app.said if isinstance(one, View.Push)]
        assert isinstance(pushed, NoteView)
        assert pushed.id_shown == note.id


def test_a_note_is_shown_by_its_own_view(workspace: Workspace) -> None:
    from mana_tui.widgets.opening import view_of

    note = add(workspace, "One")
    assert isinstance(view_of(workspace, "notes.note", note.id), NoteView)
