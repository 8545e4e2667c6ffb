"""The Markdown editor: lists go on, words are counted, nothing typed is lost."""

from __future__ import annotations

import pytest

from modules.sdk.ui.editor import Editor, continuation
from tests.ui.conftest import Bench, settle


@pytest.mark.parametrize(
    ("line", "prefix"),
    [
        ("- a", "- "),
        ("  * a", "  * "),
        ("3. a", "4. "),
        ("9) a", "10) "),
        ("- [x] a", "- [ ] "),
        ("> a", "> "),
        ("plain", ""),
        ("-no space", ""),
    ],
)
def test_what_the_next_line_begins_with(line, prefix):
    assert continuation(line)[0] == prefix


async def test_enter_continues_a_list_and_an_empty_item_ends_it():
    editor = Editor()
    app = Bench(editor)
    async with app.run_test(size=(60, 10)) as pilot:
        editor.focus()
        await pilot.press("minus", "space", "a", "enter", "b", "enter", "enter", "c")
        assert editor.text == "- a\n- b\nc"


async def test_tab_indents_items():
    editor = Editor("- a")
    app = Bench(editor)
    async with app.run_test(size=(60, 10)) as pilot:
        editor.focus()
        editor.move_cursor((0, 3))
        await pilot.press("tab")
        assert editor.text == "  - a"
        await pilot.press("shift+tab")
        assert editor.text == "- a"


async def test_escape_leaves_with_the_text_and_keeps_the_draft():
    drafts: list[str] = []
    editor = Editor("one", draft=drafts.append)
    app = Bench(editor)
    async with app.run_test(size=(60, 10)) as pilot:
        editor.focus()
        editor.move_cursor((0, 3))
        await pilot.press("space", "t", "w", "o", "escape")
        await settle(pilot)
        assert drafts == ["one two"]
        assert app.said[0].text == "one two"
        assert editor.status == "2 words"


async def test_a_draft_is_kept_after_a_rest_and_when_it_is_taken_away():
    drafts: list[str] = []
    editor = Editor(draft=drafts.append)
    app = Bench(editor)
    async with app.run_test(size=(60, 10)) as pilot:
        editor.focus()
        await pilot.press("a")
        assert editor.status == "0 words · edited"
        editor.keep()
        await pilot.press("b")
        await editor.remove()
        assert drafts == ["a", "ab"]
