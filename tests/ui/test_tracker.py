"""Trackers: today, streaks, charts, presets; charts and tables by themselves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from modules.sdk.listing import Col, Listing, Row
from modules.sdk.ui.chart import Bars, bar, columns, moving_average, spark
from modules.sdk.ui.glyphs import ASCII
from modules.sdk.ui.table import ListColumn, Table, columns_of
from modules.sdk.ui.tracker import Figures, TrackerView
from modules.sdk.ui.view import View
from tests.ui.conftest import Bench, Sip, settle, text_of

NOW = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
PRESETS = ({"what": "water", "glasses": 1}, {"what": "tea", "glasses": 2})


@pytest.fixture
def sips(workspace):
    """Two entries a day for five days, three glasses a day; four days ago only one."""
    made = []
    for day in range(5):
        at = NOW - timedelta(days=day, hours=1)
        made.append(Sip(at=at, glasses=1))
        if day != 4:
            made.append(Sip(at=at, what="tea", glasses=2))
    return workspace.store.put_many(made)


def tracker(workspace, **options):
    options = {"record": Sip, "ask": ("what", "glasses"), "chart": "glasses", "unit": "glasses",
               "total": True, "target": 3.0, "presets": PRESETS} | options  # fmt: skip
    return TrackerView(workspace, **options)


async def test_today_against_the_target_streak_and_log(workspace, sips):
    view = tracker(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 30)) as pilot:
        await settle(pilot)
        lines = text_of(app)
        assert "Today 3 of 3 glasses" in lines[0]
        assert "100 %" in lines[0]
        assert "Streak 4 days" in lines[1]
        assert "p 1 water 1" in lines[2]
        assert view.head.known.numbers[-5:] == (1.0, 3.0, 3.0, 3.0, 3.0)
        assert any(line.split()[:1] == ["Yesterday"] for line in lines)
        assert len(view.ids) == 9


async def test_presets_run_the_log_command(workspace, sips):
    view = tracker(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 30)) as pilot:
        await settle(pilot)
        assert view.perform("tracker.preset-2")
        assert view.perform("tracker.again")
        assert not view.perform("tracker.preset-9")
        await pilot.pause()
        assert [type(said) for said in app.said] == [View.Run, View.Run]
        assert app.said[0].command_id == "sip.log"
        assert app.said[1].values == {"what": "tea", "glasses": 2}


async def test_a_day_is_a_local_day(workspace):
    late = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # already Monday in Zurich
    workspace.store.put(Sip(at=late, glasses=2))
    view = tracker(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 30)) as pilot:
        await settle(pilot)
        assert view.head.known.today == 2


async def test_low_panes_leave_the_chart_out(workspace, sips):
    view = tracker(workspace)
    app = Bench(view)
    async with app.run_test(size=(60, 14)) as pilot:
        await settle(pilot)
        assert not view.trend.display


def test_streaks():
    def streak(numbers, target=None):
        entries = tuple(int(n is not None) for n in numbers)
        return Figures(numbers=tuple(numbers), entries=entries, first=NOW.date()).streak(
            target
        )

    assert streak([1, 1, None, 1, 1]) == 2
    assert streak([1, 1, 1, None]) == 3  # today is still open
    assert streak([1, None, None]) == 0
    assert streak([3, 2, 3, 3], 3) == 2
    assert streak([]) == 0


def test_averages_skip_gaps():
    assert moving_average([1, None, 3], 2) == [1, 1, 3]
    assert moving_average([2, 4, 6, 8], 2) == [2, 3, 5, 7]
    assert moving_average([None], 7) == [None]


def test_charts_have_ascii_twins():
    assert spark([0, 1, None, 2]) == "▁▅ █"
    assert spark([0, 1, None, 2], ASCII).isascii()
    assert bar(0.5, 4) == "██"
    assert bar(2.0, 4) == "████"
    assert bar(0.3, 4, ASCII).isascii()
    assert columns([1, 2], 2) == [" █", "██"]
    assert columns([0, 0], 1) == ["  "]


async def test_bars_line_up():
    app = Bench(Bars([("work", 4, "4 h"), ("面包", 2, "2 h"), ("none", 0, "0 h")]))
    async with app.run_test(size=(40, 5)) as pilot:
        app.widget.set_rows(app.widget.rows)
        await settle(pilot)
        lines = text_of(app)
        assert lines[0].rstrip().endswith("4 h")
        assert lines[0].count("█") == 2 * lines[1].count("█")
        assert "█" not in lines[2]


async def test_a_table_filters_in_memory(workspace):
    listing = Listing(
        columns=(Col(title="name", grow=True), Col(title="count", align="right")),
        rows=tuple(Row((name, str(i))) for i, name in enumerate(("ant", "bee", "cat"))),
    )
    chosen = []
    table = Table(
        workspace, columns=columns_of(listing), items=listing.rows, chosen=chosen.append
    )
    app = Bench(table)
    async with app.run_test(size=(40, 10)) as pilot:
        await settle(pilot)
        assert table.status == "3"
        await pilot.press("slash", "b", "enter")
        await settle(pilot)
        assert table.status == "/b · 1"
        await pilot.press("enter")
        assert chosen == [listing.rows[1]]
        await pilot.press("escape")
        await settle(pilot)
        assert table.status == "3"
        table.set_items([])
        await settle(pilot)
        assert "Nothing here." in "\n".join(text_of(app))


def test_listing_columns_are_as_wide_as_their_cells():
    listing = Listing(
        columns=(Col(title="n"), Col(title="x", grow=True)), rows=(Row(("abcdefg", "y")),)
    )
    assert [(c.width, c.priority) for c in columns_of(listing)] == [(7, 0), (0, 0)]
    assert isinstance(columns_of(listing)[0], ListColumn)
