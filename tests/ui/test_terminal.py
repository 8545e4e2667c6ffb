"""What every terminal must be able to show: ASCII, linear, narrow, wide characters."""

from __future__ import annotations

import subprocess
import sys

import pytest

from modules.sdk.ui.cells import clean, cut, fit, width
from modules.sdk.ui.glyphs import ASCII, LINEAR, UNICODE
from tests.ui.conftest import Bench, Chore, settle, text_of
from tests.ui.samples import ChoreList


@pytest.mark.parametrize(
    ("text", "cells", "expected"),
    [
        ("abc", 5, "abc  "),
        ("abcdef", 4, "abc…"),
        ("面包面包", 5, "面包…"),
        ("面包面包", 4, "面… "),
        ("x🌱", 3, "x🌱"),
        ("", 2, "  "),
        ("abc", 0, ""),
        ("abc", 1, "…"),
    ],
)
def test_fit_is_exact(text, cells, expected):
    assert fit(text, cells) == expected
    assert width(fit(text, cells)) == cells


def test_fit_leans_right_and_centres():
    assert fit("ab", 5, align="right") == "   ab"
    assert fit("ab", 5, align="center") == " ab  "
    assert cut("abcdef", 4, "~") == "abc~"


def test_clean_leaves_one_printable_line():
    assert clean("a\tb\nc") == "a b c"
    assert clean("⚠\ufe0f 👍🏽") == "⚠ 👍"
    assert clean("a\u202eb\u200bc\x1b[0m") == "abc[0m"


def test_glyphs_of_one_cell_stay_of_one_cell():
    for name in UNICODE.__struct_fields__:
        value = getattr(UNICODE, name)
        if isinstance(value, str) and name not in ("ramp", "parts", "shades"):
            assert width(value) == 1, name
    for glyphs in (ASCII, LINEAR):
        assert all(
            str(getattr(glyphs, name)).isascii() for name in glyphs.__struct_fields__
        )
        assert len(glyphs.ramp) == len(UNICODE.ramp)
        assert len(glyphs.parts) == len(UNICODE.parts)
        assert len(glyphs.shades) == len(UNICODE.shades)


@pytest.mark.parametrize("glyphs", [ASCII, LINEAR], ids=["ascii", "linear"])
async def test_a_list_without_drawn_characters(workspace, chores, glyphs):
    app = Bench(ChoreList(workspace), glyphs=glyphs)
    async with app.run_test(size=(60, 12)) as pilot:
        await settle(pilot)
        await pilot.press("x")
        lines = text_of(app)
        assert all(line.isascii() for line in lines)
        assert lines[1].startswith(" * Chore 000")
        assert lines[2].startswith(">  Chore 001")


async def test_wide_characters_keep_columns_in_line(workspace):
    for title in ("plain", "面包面包", "🌱 plant", "⚠\ufe0f warn", "e\u0301clair"):
        workspace.store.put(Chore(title=title, room="kitchen"))
    app = Bench(ChoreList(workspace))
    async with app.run_test(size=(70, 12)) as pilot:
        await settle(pilot)
        starts = {
            width(line[: line.index("kitchen")])
            for line in text_of(app)
            if "kitchen" in line
        }
        assert len(starts) == 1


def test_the_way_to_the_first_paint_imports_nothing_heavy():
    heavy = ["textual.widgets._markdown", "textual.widgets._text_area", "textual.widgets._data_table",
             "textual.widgets._tabbed_content", "markdown_it"]  # fmt: skip
    wanted = "modules.sdk.ui.list, modules.sdk.ui.grids.time, modules.sdk.ui.detail, modules.sdk.ui.tracker"
    code = f"import sys, {wanted}; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
