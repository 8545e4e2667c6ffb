"""A record whole: fields, text, links both ways, editing through the module's command."""

from __future__ import annotations

from datetime import date

import pytest

from modules.sdk import registry
from modules.sdk.command import Command
from modules.sdk.field import Ref
from modules.sdk.ui.detail import DetailView, Other, detail_view
from modules.sdk.ui.form import Form
from modules.sdk.ui.view import View
from tests.ui.conftest import Bench, Chore, settle, text_of


@pytest.fixture
def kettle(workspace) -> Chore:
    store = workspace.store
    made = store.put(
        Chore(
            title="Descale the kettle",
            due=date(2026, 11, 24),
            room="kitchen",
            note="# How\n\n- vinegar",
            tags=store.tag_ids(["home"]),
        )
    )
    other = store.put(Chore(title="Buy vinegar"))
    store.link(other, "blocks", made)
    store.link(made, "reference", other)
    return made


async def test_shows_fields_text_tags_and_links_from_both_ends(workspace, kettle):
    app = Bench(DetailView(workspace, record=Chore, id=kettle.id))
    async with app.run_test(size=(70, 30)) as pilot:
        await settle(pilot)
        screen = [" ".join(line.split()) for line in text_of(app)]
        assert "Descale the kettle" in screen[0]
        assert "#home" in screen
        assert "Due Tue 24 Nov, tomorrow" in screen
        assert "• vinegar" in screen
        assert "blocked by → Buy vinegar" in screen
        assert "reference → Buy vinegar" in screen
        assert app.widget.title == "Descale the kettle"
        assert app.widget.selection().ids == (kettle.id,)


async def test_enter_on_a_link_opens_the_other_record(workspace, kettle):
    view = DetailView(workspace, record=Chore, id=kettle.id)
    app = Bench(view)
    async with app.run_test(size=(70, 30)) as pilot:
        await settle(pilot)
        for _ in range(12):
            await pilot.press("j")
        assert isinstance(view.page.target, Other)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.said[-1], View.Open)
        assert app.said[-1].kind == "chore.chore"


async def test_follows_changes_and_keeps_the_cursor(workspace, kettle):
    view = DetailView(workspace, record=Chore, id=kettle.id)
    app = Bench(view)
    async with app.run_test(size=(70, 30)) as pilot:
        await settle(pilot)
        await pilot.press("j", "j", "j", "j", "j")
        target = view.page.target
        workspace.store.put(Chore(id=kettle.id, title="Descale it", room="cellar"))
        await settle(pilot)
        assert "Descale it" in text_of(app)[0]
        assert target is not None
        assert view.page.target == target
        workspace.store.delete(Chore, kettle.id)
        await settle(pilot)
        assert "In the trash" in "\n".join(text_of(app))


async def test_a_record_that_is_gone_is_a_problem_in_place(workspace):
    app = Bench(DetailView(workspace, record=Chore, id="0" * 26))
    async with app.run_test(size=(70, 30)) as pilot:
        await settle(pilot)
        assert "▲" in text_of(app)[0]


@pytest.fixture
def edit_command(monkeypatch, workspace):
    def edit(context, chore: Ref[Chore], room: str | None = None, due: date | None = None):
        """Change a chore."""

    made = Command(edit, "Edit chore", name="edit")
    monkeypatch.setattr(registry, "find", lambda _: made)
    monkeypatch.setattr(type(workspace), "has", lambda self, _: True)


async def test_e_edits_the_field_under_the_cursor_in_place(workspace, kettle, edit_command):
    view = DetailView(workspace, record=Chore, id=kettle.id)
    app = Bench(view)
    async with app.run_test(size=(70, 30)) as pilot:
        await settle(pilot)
        while getattr(view.page.target, "name", "") != "room":
            await pilot.press("j")
        await pilot.press("e")
        await settle(pilot)
        form = app.query_one(Form)
        assert [row.param.name for row in form.rows] == ["room"]
        form.rows[0].editor.value = "bath"
        await pilot.press("enter")
        await settle(pilot)
        (run,) = app.said
        assert isinstance(run, View.Run)
        assert run.command_id == "chore.edit"
        assert run.values == {"chore": kettle.id, "room": "bath"}
        assert not app.query(Form)


async def test_e_elsewhere_asks_with_everything(workspace, kettle, edit_command):
    view = DetailView(workspace, record=Chore, id=kettle.id)
    app = Bench(view)
    async with app.run_test(size=(70, 30)) as pilot:
        await settle(pilot)
        await pilot.press("e")
        await pilot.pause()
        (ask,) = app.said
        assert isinstance(ask, View.Ask)
        assert ask.values["room"] == "kitchen"
        assert ask.values["chore"] == kettle.id


async def test_any_kind_has_a_view(workspace, kettle):
    view = detail_view(workspace, "chore.chore", kettle.id)
    assert isinstance(view, DetailView)
