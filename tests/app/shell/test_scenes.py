"""Scenes: every operation by key or command, undone by `u`; panes that cannot be shown."""

from __future__ import annotations

import random

import pytest

from mana_tui.app import ManaApp
from mana_tui.scene import PaneEntry, Scene, find_scene, scenes, widths, with_keys
from mana_tui.workspace import Workspace
from storage.errors import NotFound, Refused
from tests.app.shell.conftest import make_app
from tests.app.shell.driving import driving, press, said, screen


def panes(workspace: Workspace, name: str = "1") -> list[str]:
    found = find_scene(workspace.store, workspace.space, name)
    return [f"{p.module}.{p.pane}" if p.pane else p.module for p in found.panes]


def test_a_space_without_scenes_has_the_default_one(workspace: Workspace) -> None:
    before = workspace.store.batches()
    (only,) = scenes(workspace.store, workspace.space)
    assert only.name == "Today"
    assert workspace.store.batches() == before


def test_changing_the_default_scene_stores_it_and_undo_brings_it_back(
    workspace: Workspace,
) -> None:
    workspace.run("scene.rename", {"scene": "1", "name": "Morning"})
    assert [s.name for s in scenes(workspace.store, workspace.space)] == ["Morning"]
    workspace.run("undo", {})
    assert [s.name for s in scenes(workspace.store, workspace.space)] == ["Today"]
    workspace.run("scene.rename", {"scene": "1", "name": "Evening"})
    assert [s.name for s in scenes(workspace.store, workspace.space)] == ["Evening"]


OPERATIONS = (
    ("scene.new", {"name": "More", "modules": ["things"]}),
    ("scene.rename", {"scene": "1", "name": "Other"}),
    ("scene.icon", {"scene": "1", "icon": "◆"}),
    ("scene.describe", {"scene": "1", "description": "what for"}),
    ("scene.duplicate", {"scene": "1"}),
    ("scene.reorder", {"scene": "1", "to": 2}),
    ("scene.delete", {"scene": "2"}),
    ("scene.add-pane", {"scene": "1", "module": "things.other", "at": 1}),
    ("scene.remove-pane", {"scene": "1", "pane": 2}),
    ("scene.move-pane", {"scene": "1", "pane": 1, "to": 2}),
    ("scene.width", {"scene": "1", "pane": 1, "width": 44}),
    ("scene.collapse", {"scene": "1", "pane": 2}),
    ("scene.scope", {"scene": "1", "tags": ["home"]}),
    ("scene.scope", {"scene": "1", "tags": []}),
    ("scene.lens", {"scene": "1", "lens": "agent"}),
)


def state(workspace: Workspace) -> list[tuple[object, ...]]:
    return [
        (s.name, s.icon, s.description, s.panes, s.scope, s.lens)
        for s in scenes(workspace.store, workspace.space)
    ]


def test_a_walk_over_all_operations_with_undo_after_each(
    workspace: Workspace, scene: Scene
) -> None:
    workspace.store.tag_ids(["home"])
    workspace.run("scene.new", {"name": "Second", "modules": ["things"]})
    start = state(workspace)
    walk = random.Random(7)
    for command, values in walk.choices(OPERATIONS, k=60):
        workspace.run(command, values)
        if state(workspace) != start:
            workspace.run("undo", {})
        assert state(workspace) == start, command


def test_every_operation_changes_something(workspace: Workspace, scene: Scene) -> None:
    workspace.store.tag_ids(["home"])
    workspace.run("scene.new", {"name": "Second", "modules": ["things"]})
    for command, values in OPERATIONS[:-2]:
        before = state(workspace)
        workspace.run(command, values)
        assert state(workspace) != before, command
        workspace.run("undo", {})


def test_refusals(workspace: Workspace, scene: Scene) -> None:
    with pytest.raises(Refused, match="only scene"):
        workspace.run("scene.delete", {"scene": "1"})
    with pytest.raises(NotFound, match="no scene"):
        workspace.run("scene.rename", {"scene": "nowhere", "name": "x"})
    with pytest.raises(NotFound):
        workspace.run("scene.add-pane", {"scene": "1", "module": "nothing"})


def test_widths_share_what_is_left_and_never_less_than_the_least() -> None:
    a, b, c = (
        PaneEntry(module="a"),
        PaneEntry(module="b", width=40),
        PaneEntry(module="c", collapsed=True),
    )
    assert widths([a, b, c], 120) == [77, 40, 3]
    assert widths([a, a, a], 100) == [33, 33, 34]
    assert min(widths([a] * 6, 80)) >= 24
    assert sum(widths([b], 100)) == 100


async def test_panes_move_fold_zoom_and_come_back_by_undo(
    app: ManaApp, workspace: Workspace
) -> None:
    async with driving(app) as pilot:
        desk = pilot.app.bench.desk
        first, second = desk.strip.panes
        await press(pilot, "L")
        assert panes(workspace) == ["things.other", "things"]
        assert desk.strip.panes == [second, first], "panes are moved, not made anew"
        assert desk.pane is first
        await press(pilot, "u")
        assert panes(workspace) == ["things", "things.other"]
        await press(pilot, "-")
        assert first.size.width == 3
        await press(pilot, "u")
        assert first.size.width > 40
        await press(pilot, "z")
        assert first.size.width == 120
        assert not second.display
        await press(pilot, "escape")
        assert second.display
        await press(pilot, "l")
        assert desk.pane is second
        await press(pilot, "h")
        assert desk.pane is first


async def test_a_pane_is_added_next_to_the_active_one_and_removed(
    app: ManaApp, workspace: Workspace
) -> None:
    async with driving(app) as pilot:
        await press(pilot, "+", *"other", "enter")
        assert panes(workspace) == ["things", "things.other", "things.other"]
        assert pilot.app.bench.desk.strip.active == 1
        await press(pilot, "g", "q")
        assert panes(workspace) == ["things", "things.other"]


async def test_width_is_shown_at_once_and_one_undo(
    app: ManaApp, workspace: Workspace
) -> None:
    async with driving(app) as pilot:
        pane = pilot.app.bench.desk.pane
        before = pane.size.width
        await press(pilot, ">", ">", ">")
        assert pane.size.width == before + 12
        pilot.app.bench.desk.flush()
        await press(pilot)
        assert (
            find_scene(workspace.store, workspace.space, "1").panes[0].width == before + 12
        )
        await press(pilot, "u")
        assert pane.size.width == before


async def test_scenes_are_made_shown_and_kept_mounted(
    app: ManaApp, workspace: Workspace
) -> None:
    workspace.run("scene.new", {"name": "Second", "modules": ["things"]})
    async with driving(app) as pilot:
        desk = pilot.app.bench.desk
        first = desk.strip
        assert len(desk.strips) == 1, "a scene that was never shown is not mounted"
        await press(pilot, "]")
        assert desk.scene.name == "Second"
        assert not first.display
        second = desk.strip
        await press(pilot, "[")
        assert desk.strip is first
        assert first.display
        assert second.is_attached
        await press(pilot, "s", *"rename", "enter", "ctrl+u", *"Home", "enter")
        assert "Home" in screen(pilot)
        assert desk.strip is first


async def test_digits_go_to_scenes_but_count_before_movement(
    app: ManaApp, workspace: Workspace
) -> None:
    workspace.run("scene.new", {"name": "Second", "modules": ["things"]})
    async with driving(app) as pilot:
        bench = pilot.app.bench
        await press(pilot, "2")
        assert bench.desk.at == 1
        bench.reader._leaped -= 1.0
        await press(pilot, "1")
        assert bench.desk.at == 0
        bench.reader._leaped -= 1.0
        await press(pilot, "2", "j")
        assert bench.desk.at == 0
        assert bench.desk.view.current.title == "cherry"


async def test_a_pane_of_an_unknown_module_says_so_and_can_be_removed(
    workspace: Workspace, scene: Scene
) -> None:
    broken = (PaneEntry(module="teleport"), *scene.panes)
    workspace.store.put(Scene(id=scene.id, name="Today", panes=with_keys(broken)))
    async with driving(make_app(workspace)) as pilot:
        assert "teleport" in screen(pilot)
        assert "g q" in screen(pilot)
        await press(pilot, "g", "q")
        assert panes(workspace) == ["things", "things.other"]
        assert "apple" in screen(pilot)


async def test_a_module_the_space_has_not_says_so(workspace: Workspace) -> None:
    workspace.vault.new_space("Team", "team", "team")
    workspace.switch("team")
    workspace.store.put(Scene(name="Work", panes=with_keys([PaneEntry(module="things")])))
    async with driving(make_app(workspace)) as pilot:
        assert "not part of a team space" in screen(pilot)


async def test_scope_narrows_the_panes_and_shows_its_tags(
    app: ManaApp, workspace: Workspace
) -> None:
    workspace.run("things.add", {"title": "elder", "tags": ["home"]})
    workspace.run("things.add", {"title": "fig", "tags": ["work"]})
    async with driving(app) as pilot:
        await press(pilot, "#", *"home", "tab", "enter")
        assert "#home" in screen(pilot).splitlines()[0]
        shown = [pilot.app.bench.desk.view.row(n).title for n in range(5)]
        assert shown == ["apple", "banana", "cherry", "damson", "elder"]
        await press(pilot, "u")
        assert "fig" in screen(pilot)


async def test_another_space_shows_its_own_scenes_and_the_way_back(
    app: ManaApp, workspace: Workspace
) -> None:
    workspace.vault.new_space("Family", "family", "family")
    async with driving(app) as pilot:
        await press(pilot, "S", *"fam", "enter")
        assert "Family" in screen(pilot).splitlines()[0]
        assert "apple" not in screen(pilot)
        await press(pilot, "S", *"pers", "enter")
        assert "apple" in screen(pilot)


async def test_what_a_pane_looked_like_is_there_again(
    workspace: Workspace, scene: Scene
) -> None:
    app = make_app(workspace)
    async with driving(app) as pilot:
        await press(pilot, ")", "j", "j")
        app.bench.desk.remember()
    async with driving(make_app(workspace)) as pilot:
        view = pilot.app.bench.desk.view
        assert view.tab == 1
        assert view.current.title == "cherry"
        assert workspace.store.batches()[0].title != "Remember", "looks are no history"


async def test_nothing_breaks_in_small_terminals(app: ManaApp) -> None:
    for size in ((80, 24), (40, 10), (20, 5), (200, 60)):
        async with driving(make_app(app.make(None)), size=size) as pilot:
            assert pilot.app.bench.desk.pane.size.width > 0
            await press(
                pilot, "l", "j", "colon", "escape", "question_mark", "escape", "s", "escape"
            )
            await press(pilot, "A", "x", "escape")
            assert len(screen(pilot).splitlines()) == size[1]


async def test_resizing_keeps_pane_cursor_and_what_is_typed(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "l", "j", "A", *"hello")
        await pilot.resize_terminal(40, 12)
        await press(pilot)
        assert "hello" in screen(pilot)
        await pilot.resize_terminal(130, 40)
        await press(pilot, "escape")
        assert pilot.app.bench.desk.strip.active == 1
        assert pilot.app.bench.desk.view.current.title == "banana"
        assert not said(pilot)
