"""One surface at a time, and keys wait for the one they are meant for."""

from __future__ import annotations

import asyncio
import threading

import pytest

from mana_tui.app import ManaApp
from mana_tui.widgets.sheet import Sheet
from mana_tui.workspace import Workspace
from storage.errors import NotFound, UserError
from storage.query import Query
from tests.app.shell.driving import driving, press, said, screen, titles
from tests.app.shell.samples import Thing

ALL = ["apple", "banana", "cherry", "damson"]


async def test_a_second_form_never_opens_over_the_first(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "ctrl+e")
        first = app.query_one(Sheet)
        app.open_form("things.add", {})
        await press(pilot)
        assert list(app.query(Sheet)) == [first]
        assert "open form first" in said(pilot)
        await press(pilot, "escape")
        assert not app.query(Sheet)
        assert "Edit thing" not in screen(pilot)
        await press(pilot, "j", "d")
        assert titles(pilot) == ["apple", "cherry", "damson"], "the keys are the list's"


@pytest.mark.parametrize("keys", [("ctrl+e",), ("e",), ("ctrl+w", "t")])
async def test_letters_typed_while_a_form_opens_are_its_own(
    app: ManaApp, keys: tuple[str, ...]
) -> None:
    async with driving(app) as pilot:
        await press(pilot, *keys, "end", "d", "d", "space", "u")
        assert len(app.query(Sheet)) == 1
        await press(pilot, "enter")
        assert sorted(titles(pilot)) == sorted(["appledd u", *ALL[1:]])


async def test_letters_typed_while_a_filter_opens_are_its_own(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "/", "d")
        assert titles(pilot) == ["damson"]
        await press(pilot, "escape")
        assert titles(pilot) == ALL


async def test_a_question_that_is_left_gives_the_keys_back(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "ctrl+w", "escape", "d")
        assert titles(pilot) == ALL[1:]


async def test_the_panes_never_get_keys_under_a_form(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "e")
        app.set_focus(app.bench)
        await press(pilot, "end", "d", "d")
        app.set_focus(None)
        await press(pilot, "s", "enter")
        assert titles(pilot) == ["appledds", *ALL[1:]]
        assert not app.query(Sheet)


async def test_a_palette_over_a_form_gives_the_keys_back_to_the_form(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "e")
        app.bench.pickers.palette()
        await press(pilot, "escape", "end", "s", "enter")
        assert titles(pilot)[0] == "apples"


async def test_a_scene_without_panes_says_how_to_add_one(
    app: ManaApp, workspace: Workspace
) -> None:
    workspace.run("scene.new", {"name": "Bare"})
    async with driving(app) as pilot:
        await press(pilot, "2")
        assert "This scene has no panes." in screen(pilot)
        assert "+ adds one" in screen(pilot)
        await press(pilot, "+", *"Other", "enter")
        assert "no panes" not in screen(pilot)
        assert titles(pilot) == ALL
        await press(pilot, "g", "q")
        assert "This scene has no panes." in screen(pilot)
        assert "+ adds one" in screen(pilot)


async def test_a_new_scene_from_the_palette_asks_for_its_panes(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, ":", *"new scene", "enter", *"Work", "enter")
        assert "Panes of Work" in screen(pilot)
        await press(pilot, "space", "enter")
        assert titles(pilot) == ALL
        assert app.bench.desk.scene.name == "Work"


async def test_a_form_names_what_is_referred_to_and_takes_names(
    app: ManaApp, workspace: Workspace
) -> None:
    ids = {one.title: one.id for one in workspace.store.all(Query(Thing))}
    workspace.run("things.edit", {"thing": ids["banana"], "parent": "CHERRY"})
    workspace.run("things.edit", {"thing": ids["apple"], "parent": "cherry/banana"})
    async with driving(app) as pilot:
        await press(pilot, "e")
        assert "cherry/banana" in screen(pilot)
        assert ids["banana"] not in screen(pilot)
        await press(pilot, "end", "s", "enter")
    store = workspace.store
    assert store.get(Thing, ids["apple"]).title == "apples"
    assert store.get(Thing, ids["apple"]).parent == ids["banana"]
    workspace.run("things.add", {"title": "Cherry"})
    with pytest.raises(UserError, match="Several"):
        workspace.run("things.edit", {"thing": ids["damson"], "parent": "cherry"})
    with pytest.raises(NotFound, match="no 'elder'"):
        workspace.run("things.edit", {"thing": ids["damson"], "parent": "elder"})


async def test_every_key_is_hinted_once(app: ManaApp) -> None:
    async with driving(app) as pilot:
        keys = [key for key, _ in app.bench.hints()]
        assert len(keys) == len(set(keys))
        await press(pilot, "enter")
        keys = [key for key, _ in app.bench.hints()]
        assert "e" in keys
        assert len(keys) == len(set(keys))


async def test_a_search_says_that_it_searches_until_it_has_an_answer(
    app: ManaApp, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    go, answer = threading.Event(), workspace.search

    def slow(*args: object) -> object:
        go.wait(5)
        return answer(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(workspace, "search", slow)
    async with driving(app) as pilot:
        await press(pilot, "ctrl+f", *"zebra")
        assert "Searching …" in screen(pilot)
        assert "Nothing found." not in screen(pilot)
        go.set()
        for _ in range(200):
            await asyncio.sleep(0.01)
            if "Nothing found." in screen(pilot):
                break
        assert "Nothing found." in screen(pilot)


async def test_a_key_that_does_nothing_says_so(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "E")
        assert said(pilot) == "E does nothing here."
        await press(pilot, "escape", "G", "j")
        assert said(pilot) == "", "moving on at the end is no mistake"


async def test_a_picture_of_the_screen_shows_all_of_it(app: ManaApp) -> None:
    async with driving(app, (80, 24)) as pilot:
        picture = pilot.app.export_screenshot()
        assert "banana" in picture
        assert picture.count("<text") > 24
