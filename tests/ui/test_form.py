"""Forms: asked from types, checked while one types, never losing what was typed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Literal

import msgspec

from modules.sdk.field import Duration, Line, Money, Scale, Text, Title, says
from modules.sdk.outside import params_of
from modules.sdk.ui.choice import Choice
from modules.sdk.ui.fields import FieldRow, options_of
from modules.sdk.ui.form import Form
from modules.sdk.ui.values import Check, as_text
from tests.ui.conftest import Bench, settle, text_of


class Ask(msgspec.Struct, kw_only=True):
    """What the form under test asks for."""

    title: Title
    due: Annotated[date | None, says("the day it must be done")] = None
    level: Annotated[int, Scale(1, 5)] = 3
    mood: Literal["calm", "happy", "sad"] = "calm"
    tags: tuple[Line, ...] = ()
    length: Duration | None = None
    note: Text = ""
    big: Annotated[int, Scale(1, 5000)] = 250
    done: bool = False


class Bigger(Ask, kw_only=True):
    """More than fits."""

    one: Line = ""
    two: Line = ""
    three: Line = ""
    four: Line = ""


def row(form: Form, name: str) -> FieldRow:
    return next(row for row in form.rows if row.param.name == name)


async def test_enter_saves_what_was_typed(workspace):
    form = Form(workspace, Ask, {"due": date(2026, 11, 24)})
    app = Bench(form)
    async with app.run_test(size=(80, 30)) as pilot:
        await settle(pilot)
        await pilot.press(*"Tea", "enter")
        await pilot.pause()
        (done,) = app.said
        assert isinstance(done, Form.Done)
        assert done.values["title"] == "Tea"
        assert done.values["due"] == "2026-11-24"
        assert done.values["level"] == "3"
        assert "length" not in done.values


async def test_what_is_missing_keeps_the_form_open_and_says_so(workspace):
    form = Form(workspace, Ask)
    app = Bench(form)
    async with app.run_test(size=(80, 30)) as pilot:
        await settle(pilot)
        row(form, "due").editor.focus()
        await pilot.press("enter")
        await pilot.pause()
        assert app.said == []
        assert row(form, "title").editor.has_focus
        assert "Title is missing." in "\n".join(text_of(app))


async def test_a_day_is_understood_while_typing_and_refused_on_leaving(workspace):
    form = Form(workspace, Ask, {"title": "Tea"})
    app = Bench(form)
    async with app.run_test(size=(80, 30)) as pilot:
        await settle(pilot)
        due = row(form, "due")
        due.editor.focus()
        await pilot.press(*"tomorrow")
        await pilot.pause()
        assert due.message == "Tue 24 Nov, tomorrow"
        due.editor.value = "someday maybe"
        await pilot.pause()
        assert not due.wrong
        await pilot.press("tab")
        await pilot.pause()
        assert due.wrong
        assert any("▲" in line for line in text_of(app))
        due.editor.focus()
        due.editor.value = "friday"
        await pilot.pause()
        assert not due.wrong


async def test_choices_by_arrow_letter_and_number(workspace):
    form = Form(workspace, Ask, {"title": "Tea"})
    app = Bench(form)
    async with app.run_test(size=(80, 30)) as pilot:
        await settle(pilot)
        row(form, "mood").editor.focus()
        await pilot.press("right")
        assert row(form, "mood").raw == "happy"
        await pilot.press("s")
        assert row(form, "mood").raw == "sad"
        row(form, "level").editor.focus()
        await pilot.press("5")
        assert row(form, "level").raw == "5"
        assert "[5]" in "\n".join(text_of(app))
        await pilot.press("enter")
        await pilot.pause()
        assert app.said[0].values["mood"] == "sad"


async def test_tags_say_which_are_new(workspace):
    workspace.store.tag_ids(["home"])
    form = Form(workspace, Ask, {"title": "Tea", "tags": "home, garden"})
    app = Bench(form)
    async with app.run_test(size=(80, 30)) as pilot:
        await settle(pilot)
        assert row(form, "tags").message == "#home  #garden (new)"
        suggested = await row(form, "tags").editor.suggester.get_suggestion("x, ho")
        assert suggested == "x, home"


async def test_escape_cancels_and_hands_the_draft_over(workspace):
    drafts: list[dict] = []
    form = Form(workspace, Ask, draft=drafts.append)
    app = Bench(form)
    async with app.run_test(size=(80, 30)) as pilot:
        await settle(pilot)
        await pilot.press(*"Te", "escape")
        await pilot.pause()
        (cancelled,) = app.said
        assert isinstance(cancelled, Form.Cancelled)
        assert cancelled.changed
        assert cancelled.values["title"] == "Te"
        assert drafts[-1]["title"] == "Te"


async def test_several_lines_take_enter_and_tab_leaves(workspace):
    form = Form(workspace, Ask, {"title": "Tea"})
    app = Bench(form)
    async with app.run_test(size=(80, 30)) as pilot:
        await settle(pilot)
        row(form, "note").editor.focus()
        await pilot.press("a", "enter", "b")
        assert row(form, "note").raw == "a\nb"
        await pilot.press("tab")
        assert row(form, "big").editor.has_focus
        await pilot.press("enter")
        await pilot.pause()
        assert app.said[0].values["note"] == "a\nb"


async def test_long_forms_begin_short_and_grow_at_the_end(workspace):
    form = Form(workspace, Bigger, {"title": "Tea"})
    app = Bench(form)
    async with app.run_test(size=(80, 40)) as pilot:
        await settle(pilot)
        assert sum(row.display for row in form.rows) == 9
        row(form, "done").editor.focus()
        await pilot.press("tab")
        await pilot.pause()
        assert all(row.display for row in form.rows)
        assert row(form, "one").editor.has_focus


async def test_what_the_command_refuses_is_said_at_its_field(workspace):
    form = Form(workspace, Ask, {"title": "Tea"})
    app = Bench(form)
    async with app.run_test(size=(80, 30)) as pilot:
        await settle(pilot)
        form.refuse("due", "That day is over.")
        await pilot.pause()
        assert row(form, "due").editor.has_focus
        assert "That day is over." in "\n".join(text_of(app))


async def test_only_asks_for_some_and_hands_the_rest_on(workspace):
    form = Form(workspace, Ask, {"title": "Tea", "due": "2026-11-24"}, only=("due",))
    app = Bench(form)
    async with app.run_test(size=(80, 30)) as pilot:
        await settle(pilot)
        assert len(form.rows) == 1
        await pilot.press("enter")
        await pilot.pause()
        assert app.said[0].values == {"title": "Tea", "due": "2026-11-24"}


def test_which_fields_have_few_values():
    annotations = {field.name: field.type for field in msgspec.structs.fields(Ask)}
    options = {p.name: options_of(p, annotations[p.name]) for p in params_of(Ask)}
    assert options["level"] == ["1", "2", "3", "4", "5"]
    assert options["mood"] == ["calm", "happy", "sad"]
    assert options["done"] == ["no", "yes"]
    assert options["big"] == options["title"] == []


def test_values_read_back_as_they_were_typed(workspace):
    moment = datetime(2026, 11, 24, 9, 5, tzinfo=workspace.zone)
    typed = {
        date(2026, 11, 24): "2026-11-24",
        moment: "2026-11-24 09:05",
        timedelta(minutes=90): "1h30",
        True: "yes",
        "x": "x",
    }
    assert [as_text(value, workspace) for value in typed] == list(typed.values())
    assert as_text(None, workspace) == ""
    assert as_text(("a", "b"), workspace) == "a, b"
    assert as_text(Money(amount=3, currency="CHF"), workspace) == "3 CHF"


def test_a_check_says_what_the_command_would(workspace):
    params = {param.name: param for param in params_of(Ask)}
    annotations = {field.name: field.type for field in msgspec.structs.fields(Ask)}

    def check(name: str) -> Check:
        return Check(params[name], annotations[name], workspace)

    assert check("title").problem("") == "Title is missing."
    assert check("title").problem("x") == ""
    assert "9999" not in check("level").problem("4")
    assert check("level").problem("9") != ""
    assert check("length").understood("1h30") == "1 hour 30 minutes"


async def test_many_options_show_one_at_a_time(workspace):
    choice = Choice([f"option number {i}" for i in range(20)], "option number 3")
    app = Bench(choice)
    async with app.run_test(size=(50, 3)) as pilot:
        await settle(pilot)
        assert "< option number 3 >  4/20" in text_of(app)[0]
