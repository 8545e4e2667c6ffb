"""Keys reach actions and commands, with counts, chords, repeats, and in the right order."""

from __future__ import annotations

from mana_tui.app import ManaApp
from tests.app.shell.driving import current, driving, press, said, screen, titles


async def test_keys_move_the_cursor_and_run_commands(app: ManaApp) -> None:
    async with driving(app) as pilot:
        assert titles(pilot) == ["apple", "banana", "cherry", "damson"]
        await press(pilot, "j", "space")
        assert titles(pilot) == ["apple", "cherry", "damson"]
        assert "Finish things: banana" in said(pilot)
        assert current(pilot) == "cherry"


async def test_typing_ahead_acts_on_what_one_would_have_seen(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "d", "d", "d")
        assert titles(pilot) == ["damson"]


async def test_a_count_before_movement_and_command(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "2", "j")
        assert current(pilot) == "cherry"
        await press(pilot, "g", "g", "3", "d")
        assert titles(pilot) == ["damson"]
        assert "3" in said(pilot)
        await press(pilot, "u")
        assert len(titles(pilot)) == 4


async def test_marks_are_what_the_command_takes(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "x", "j", "x", "space")
        assert titles(pilot) == ["banana", "damson"]


async def test_undo_and_redo_name_what_they_did(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "d")
        await press(pilot, "u")
        assert titles(pilot) == ["apple", "banana", "cherry", "damson"]
        assert said(pilot) == "Undone: Delete things"
        await press(pilot, "U")
        assert titles(pilot) == ["banana", "cherry", "damson"]
        assert said(pilot) == "Done again: Delete things"
        await press(pilot, "u", "u", "u", "u", "u", "u", "u", "u")
        assert "nothing to undo" in said(pilot)


async def test_the_dot_repeats_on_the_row_under_the_cursor(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "space", "full_stop")
        assert titles(pilot) == ["cherry", "damson"]


async def test_a_chord_waits_and_shows_what_may_follow(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "G", "g")
        assert "trash" in screen(pilot)
        await press(pilot, "escape", "g", "g")
        assert current(pilot) == "apple"
        await press(pilot, "g", "y")
        assert "does nothing" in said(pilot)


async def test_escape_never_quits(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, *["escape"] * 5)
        assert app.is_running
        assert app.bench is not None


async def test_a_refusal_is_one_line_with_details_behind_a_key(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "W")
        assert said(pilot) == "Not on a Sunday."
        assert "try Monday" in screen(pilot)
        await press(pilot, "g", "question_mark")
        assert "Refused" in screen(pilot)


async def test_a_question_is_asked_before_and_no_is_the_default(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "D")
        assert "Really wipe?" in screen(pilot)
        await press(pilot, "enter")
        assert len(titles(pilot)) == 4
        await press(pilot, "D", "down", "enter")
        assert len(titles(pilot)) == 3


async def test_read_only_refuses_every_change(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "R", "d")
        assert len(titles(pilot)) == 4
        assert "read-only" in said(pilot)
        await press(pilot, "R", "d")
        assert len(titles(pilot)) == 3


async def test_edit_opens_a_form_that_knows_the_record(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "e")
        assert "Edit thing" in screen(pilot)
        await press(pilot, "end", "s", "enter")
        assert titles(pilot)[0] == "apples"
        assert pilot.app.focused is app.bench
        await press(pilot, "e")
        await press(pilot, "escape")
        await press(pilot, "j")
        assert current(pilot) == "banana"


async def test_the_palette_finds_and_runs(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "colon", *"delth")
        assert "Delete things" in screen(pilot)
        await press(pilot, "enter")
        assert titles(pilot) == ["banana", "cherry", "damson"]
        await press(pilot, "colon", "escape")
        assert pilot.app.focused is app.bench


async def test_colon_q_quits(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await pilot.press("colon", "q", "enter")
        await pilot.pause(0.05)
        assert not app.is_running or app.return_value == 0


async def test_help_lists_the_keys_and_does_them(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "question_mark", *"finish")
        assert "space" in screen(pilot)
        await press(pilot, "enter")
        assert titles(pilot) == ["banana", "cherry", "damson"]


async def test_every_surface_opens_and_gives_the_keys_back(app: ManaApp) -> None:
    surfaces = {
        ":": "Palette",
        "s": "Scenes",
        "S": "Spaces",
        "?": "Keys",
        "f1": "Manual",
        "i": "About",
        "t": "Tags of 1 record",
        "#": "Scope",
        "+": "Add a pane",
        "ctrl+f": "Search",
    }
    async with driving(app) as pilot:
        for key, title in surfaces.items():
            await press(pilot, key)
            assert title in screen(pilot), key
            await press(pilot, "escape")
            assert title not in screen(pilot), key
        for chord, title in (("g x", "Trash"), ("g u", "History"), ("g /", "Search")):
            await press(pilot, *chord.split())
            assert title in screen(pilot), chord
            await press(pilot, "escape")
        assert current(pilot) == "apple"


async def test_the_trash_gives_back_and_history_reverts(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "d", "g", "x", "enter")
        assert len(titles(pilot)) == 4
        await press(pilot, "space", "d", "g", "u", "down", "enter", "down", "enter")
        assert "banana" in titles(pilot), "finishing it was reverted"
        assert "cherry" not in titles(pilot), "deleting it was not"


async def test_search_finds_while_one_types_and_opens(app: ManaApp) -> None:
    import asyncio

    async with driving(app) as pilot:
        await press(pilot, "ctrl+f", *"cherry")
        for _ in range(200):
            await asyncio.sleep(0.01)
            if "cherry" in str([c.title for c in app.picker.shown]):
                break
        await press(pilot, "enter")
        assert len(app.bench.desk.pane.stack) == 2
        await press(pilot, "escape")
        assert len(app.bench.desk.pane.stack) == 1


async def test_tags_are_ticked_and_made(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "t", *"home", "enter")
        store = app.bench.workspace.store
        assert list(store.tag_names().values()) == ["home"]
        assert app.bench.desk.view.current.tags
        await press(pilot, "t", "space", "enter")
        assert not app.bench.desk.view.current.tags
