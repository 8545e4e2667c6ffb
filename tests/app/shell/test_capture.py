"""The capture bar: chips while typing, words for what will be, one undo; and its headless half."""

from __future__ import annotations

from datetime import date

import pytest

from mana_tui.adding import capture
from mana_tui.app import ManaApp
from mana_tui.widgets.capturebar import CaptureBar, moved
from mana_tui.workspace import Workspace
from storage.errors import UserError
from tests.app.shell.driving import driving, press, said, screen, titles


async def test_add_here_opens_the_bar_with_the_panes_kind(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "a", *"elder tomorrow #home")
        assert "Add: Thing" in screen(pilot)
        assert "Thing “elder”" in screen(pilot)
        assert "new: #home" in screen(pilot)
        await press(pilot, "enter")
        assert "elder" in titles(pilot)
        assert "Add thing: elder" in said(pilot)
        assert app.focused is app.bench
        await press(pilot, "u")
        assert "elder" not in titles(pilot)


async def test_backspace_on_a_chip_makes_it_text_again(
    app: ManaApp, workspace: Workspace
) -> None:
    async with driving(app) as pilot:
        await press(pilot, "a", *"read tomorrow")
        bar = app.query_one(CaptureBar)
        assert [chip.text for chip in bar.chips] == ["tomorrow"]
        await press(pilot, "backspace")
        assert bar.line.text == "read tomorrow"
        assert not bar.chips
        await press(pilot, *" now", "enter")
        assert "read tomorrow now" in titles(pilot)
        await press(pilot, "a", *"x", "enter")


async def test_several_items_are_one_undo(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "a", *"elder ;; fig tomorrow", "enter")
        assert titles(pilot)[-2:] == ["elder", "fig"]
        await press(pilot, "u")
        assert titles(pilot) == ["apple", "banana", "cherry", "damson"]


async def test_a_refused_line_comes_back_with_the_reason(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "R", "a", *"elder", "enter")
        assert "elder" in screen(pilot)
        assert "read-only" in screen(pilot)
        await press(pilot, "escape", "R", "a")
        assert app.query_one(CaptureBar).line.text == "elder", "kept as a draft"


async def test_tab_completes_a_tag(app: ManaApp, workspace: Workspace) -> None:
    workspace.store.tag_ids(["household"])
    async with driving(app) as pilot:
        await press(pilot, "a", *"elder #hou", "tab")
        assert app.query_one(CaptureBar).line.text == "elder #household "
        assert "new:" not in screen(pilot)


def test_the_headless_half_makes_the_same(workspace: Workspace) -> None:
    made = capture(workspace, "elder tomorrow #home ;; i fig")
    assert [one.record.title for one in made] == ["elder", "fig"]
    assert made[0].record.due == date(2026, 11, 24)
    assert made[0].said.startswith("Thing “elder”")


def test_a_dry_run_makes_nothing(workspace: Workspace) -> None:
    before = workspace.store.batches()
    (planned,) = capture(workspace, "elder", dry_run=True)
    assert planned.command == "things.add"
    assert planned.record is None
    assert workspace.store.batches() == before


def test_an_empty_line_is_refused(workspace: Workspace) -> None:
    with pytest.raises(UserError, match="nothing to add"):
        capture(workspace, "   ")


def test_dismissed_stretches_move_with_the_text() -> None:
    at = frozenset({(5, 8)})
    assert moved(at, "pay a fri", "pay an a fri") == {(8, 11)}
    assert moved(at, "word fri", "word fri x") == at
    assert moved(at, "word fri", "word frx") == set()
