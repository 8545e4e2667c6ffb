"""Every pane of every module in the real app: empty, it teaches; full, it shows; and every
kind of capture comes back as what was typed."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from mana_tui import crash
from mana_tui.adding import capture
from mana_tui.app import ManaApp
from mana_tui.scene import PaneEntry, Scene, with_keys
from mana_tui.workspace import Workspace
from modules.sdk import Capture, Seed, registry
from modules.sdk.slot import resolve
from modules.sdk.ui.empty import Empty
from tests.app.shell.driving import driving, press, screen, settle

PANES = [(m.name, p.name) for m in registry.all_modules() for p in m.panes]
CAPTURES = [
    (m.name, slot)
    for m in registry.all_modules()
    for slot in m.slots
    if isinstance(slot, Capture)
]
LINES = {"mood": "7 happy fine walk", "drink": "water 300"}
"""What fits kinds whose line is not a title."""

DRAWN_WHEN_EMPTY = {("calendar", "calendar"), ("journal", "year"), ("myday", "myday")}
"""Panes that show time itself: an empty week is a week, and a day asks its question."""


@pytest.fixture(autouse=True)
def reports(tmp_path: Path) -> Path:
    """Crash reports stay in the test's folder."""
    crash.keep_in(tmp_path / "crashes")
    return tmp_path / "crashes"


def written(reports: Path) -> list[str]:
    """What crash reports say."""
    return [one.read_text() for one in reports.glob("*")]


def show(workspace: Workspace, module: str, pane: str) -> ManaApp:
    """The app on a scene of one pane."""
    entry = PaneEntry(module=module, pane=pane)
    workspace.store.put(Scene(name="One", panes=with_keys((entry,))))
    return ManaApp(lambda _typed: workspace.vault, make=lambda _vault: workspace)


@pytest.mark.parametrize(("module", "pane"), PANES)
@pytest.mark.parametrize("size", [(140, 40), (40, 10)])
async def test_an_empty_pane_teaches(
    workspace: Workspace, reports: Path, module: str, pane: str, size: tuple[int, int]
) -> None:
    async with driving(show(workspace, module, pane), size) as pilot:
        await settle(pilot)
        empty = pilot.app.query(Empty)
        if (module, pane) not in DRAWN_WHEN_EMPTY:
            assert [one.text.strip() for one in empty if one.display], screen(pilot)
        assert "cannot be shown" not in screen(pilot)
    assert not written(reports)


@pytest.mark.parametrize(("module", "pane"), PANES)
async def test_a_full_pane_shows_what_there_is(
    workspace: Workspace, reports: Path, module: str, pane: str
) -> None:
    _seed(workspace, module)
    async with driving(show(workspace, module, pane), (100, 30)) as pilot:
        await settle(pilot)
        assert "cannot be shown" not in screen(pilot)
        if module != "myday":  # it shows what others have
            assert not [one for one in pilot.app.query(Empty) if one.display], screen(pilot)
    assert not written(reports)


async def test_a_zoomed_list_uses_its_new_width_in_every_row(workspace: Workspace) -> None:
    for title in ("Answer the landlord", "Book the train", "Call Ada"):
        workspace.run("todo.add", {"title": title, "due": "2026-11-20", "project": "Home"})
    entries = with_keys(
        tuple(PaneEntry(module=name) for name in ("todo", "notes", "calendar"))
    )
    workspace.store.put(Scene(name="One", panes=entries))
    app = ManaApp(lambda _typed: workspace.vault, make=lambda _vault: workspace)
    async with driving(app, (110, 20)) as pilot:
        await press(pilot, "z")
        rows = [
            line
            for line in screen(pilot).splitlines()
            if "☐ " in line and "Todo" not in line
        ]
        assert len(rows) == 3
        assert all("3d late" in row and "Home" in row for row in rows), screen(pilot)


def _seed(workspace: Workspace, name: str) -> None:
    for slot in registry.load(name).slots:
        if isinstance(slot, Seed):
            made: list[Any] = list(
                resolve(slot.records)(workspace, 40, Random("seed"), **slot.options)
            )
            for record in made:
                workspace.store.put(record)


@pytest.mark.parametrize(("module", "slot"), CAPTURES, ids=[name for name, _ in CAPTURES])
def test_what_is_captured_is_what_was_typed(
    workspace: Workspace, module: str, slot: Capture
) -> None:
    line = LINES.get(module, "Call Ada about the boat")
    (said,) = capture(workspace, f"{slot.letter} {line}", dry_run=True)
    assert said.record is None
    (made,) = capture(workspace, f"{slot.letter} {line}")
    kind = workspace.vault.catalog.kind(f"{module}.{type(made.record).__name__.lower()}")
    told = " ".join(
        str(getattr(made.record, name)) for name in (*kind.record.__struct_fields__,)
    )
    assert all(word in told for word in line.split()), told
    workspace.run("undo")
    assert workspace.store.find(kind.record, made.record.id) is None
