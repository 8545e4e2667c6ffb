"""Where spans stand: tables of layout, then the grids themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from modules.sdk.slot import Span
from modules.sdk.ui.grids.layout import (
    add_months,
    bars_of,
    blocks_of,
    by_day,
    days_of,
    instant,
    week_start,
)
from modules.sdk.ui.grids.month import MonthGrid
from modules.sdk.ui.grids.time import DayGrid, WeekGrid
from modules.sdk.ui.grids.year import YearMap, YearView
from modules.sdk.ui.view import View
from tests.ui.conftest import Bench, Chore, settle, text_of

ZURICH = ZoneInfo("Europe/Zurich")
MONDAY = date(2026, 11, 23)


def span(title: str, start: str, minutes: int, **more) -> Span:
    begin = datetime.fromisoformat(start).replace(tzinfo=ZURICH)
    end = (begin.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(ZURICH)
    return Span(title=title, start=begin, end=end, kind="chore.chore", record=title, **more)


def days(title: str, first: str, last: str) -> Span:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    return Span(
        title=title,
        start=datetime(begin.year, begin.month, begin.day, tzinfo=ZURICH),
        end=datetime(end.year, end.month, end.day, tzinfo=ZURICH) + timedelta(days=1),
        day=begin,
        last_day=end,
        kind="chore.chore",
        record=title,
    )


def laid(*spans: Span, day: date = MONDAY, minutes: int = 30) -> dict[str, tuple[int, ...]]:
    """title → (top, end, lane, lanes, wide)"""
    return {
        b.span.title: (b.top, b.end, b.lane, b.lanes, b.wide)
        for b in blocks_of(spans, day, ZURICH, minutes)
    }


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        pytest.param([("a", "09:00", 60)], {"a": (18, 20, 0, 1, 1)}, id="alone"),
        pytest.param(
            [("a", "09:10", 10)], {"a": (18, 19, 0, 1, 1)}, id="short takes a row"
        ),
        pytest.param(
            [("a", "09:00", 0)], {"a": (18, 19, 0, 1, 1)}, id="a moment takes a row"
        ),
        pytest.param(
            [("a", "09:00", 60), ("b", "10:00", 60)],
            {"a": (18, 20, 0, 1, 1), "b": (20, 22, 0, 1, 1)},
            id="one after another do not overlap",
        ),
        pytest.param(
            [("a", "09:00", 60), ("b", "09:30", 60)],
            {"a": (18, 20, 0, 2, 1), "b": (19, 21, 1, 2, 1)},
            id="two overlap",
        ),
        pytest.param(
            [("a", "09:00", 120), ("b", "09:00", 60), ("c", "10:00", 60)],
            {"a": (18, 22, 0, 2, 1), "b": (18, 20, 1, 2, 1), "c": (20, 22, 1, 2, 1)},
            id="a lane is used again",
        ),
        pytest.param(
            [
                ("a", "09:00", 30),
                ("b", "09:00", 120),
                ("c", "09:00", 30),
                ("d", "10:00", 60),
            ],
            {
                "b": (18, 22, 0, 3, 1),
                "a": (18, 19, 1, 3, 1),
                "c": (18, 19, 2, 3, 1),
                "d": (20, 22, 1, 3, 2),
            },
            id="what stands alone beside grows",
        ),
        pytest.param(
            [("a", "23:30", 60)], {"a": (47, 48, 0, 1, 1)}, id="past midnight is cut"
        ),
    ],
)
def test_blocks_of_a_day(spans, expected):
    made = [span(title, f"2026-11-23T{clock}", minutes) for title, clock, minutes in spans]
    assert laid(*made) == expected


def test_a_span_over_midnight_goes_on_the_next_day():
    night = span("night", "2026-11-23T22:00", 240)
    (first,) = blocks_of([night], MONDAY, ZURICH)
    (second,) = blocks_of([night], MONDAY + timedelta(days=1), ZURICH)
    assert (first.top, first.end, first.before, first.after) == (44, 48, False, True)
    assert (second.top, second.end, second.before, second.after) == (0, 4, True, False)
    assert blocks_of([night], MONDAY + timedelta(days=2), ZURICH) == []
    ends = span("ends", "2026-11-23T22:00", 120)
    assert blocks_of([ends], MONDAY + timedelta(days=1), ZURICH) == []


def test_the_repeated_hour_stands_side_by_side():
    autumn = date(2026, 10, 25)
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 in summer time
    spans = [
        Span(title=t, start=at, end=at + timedelta(minutes=30), kind="k", record=t)
        for t, at in (("summer", first), ("winter", first + timedelta(hours=1)))
    ]
    assert laid(*spans, day=autumn) == {
        "summer": (5, 6, 0, 2, 1),
        "winter": (5, 6, 1, 2, 1),
    }


def test_a_span_over_the_repeated_hour_keeps_at_least_a_row():
    start = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)  # 02:45 summer time
    one = Span(
        title="x", start=start, end=start + timedelta(minutes=30), kind="k", record="x"
    )
    assert laid(one, day=date(2026, 10, 25)) == {"x": (5, 6, 0, 1, 1)}


def test_the_skipped_hour_is_a_gap():
    spring = date(2026, 3, 29)
    over = span("over", "2026-03-29T01:30", 60)  # until 03:30
    assert laid(over, day=spring) == {"over": (3, 7, 0, 1, 1)}
    assert instant(spring, 150, ZURICH).strftime("%H:%M %z") == "03:30 +0200"
    assert instant(spring, 240, ZURICH).strftime("%H:%M %z") == "04:00 +0200"


def test_all_day_spans_are_bars_in_lanes():
    spans = [
        days("conference", "2026-11-25", "2026-11-27"),
        days("holiday", "2026-11-20", "2026-11-24"),
        days("birthday", "2026-11-23", "2026-11-23"),
        days("next week", "2026-11-29", "2026-12-02"),
        days("elsewhere", "2026-12-10", "2026-12-11"),
    ]
    bars = {b.span.title: (b.first, b.last, b.lane, b.before, b.after)
            for b in bars_of(spans, MONDAY, 7, ZURICH)}  # fmt: skip
    assert bars == {
        "holiday": (0, 1, 0, True, False),
        "birthday": (0, 0, 1, False, False),
        "conference": (2, 4, 0, False, False),
        "next week": (6, 6, 0, False, True),
    }


def test_days_a_span_touches():
    assert days_of(span("x", "2026-11-23T22:00", 120), ZURICH) == (MONDAY, MONDAY)
    assert days_of(span("x", "2026-11-23T22:00", 121), ZURICH)[1] == date(2026, 11, 24)
    assert days_of(days("x", "2026-11-23", "2026-11-24"), ZURICH)[1] == date(2026, 11, 24)
    found = by_day([span("b", "2026-11-24T09:00", 10), days("a", "2026-11-23", "2026-11-24")],
                   MONDAY, 3, ZURICH)  # fmt: skip
    assert [[s.title for s in day] for day in found] == [["a"], ["a", "b"], []]


def test_weeks_and_months():
    assert week_start(date(2026, 11, 22)) == date(2026, 11, 16)
    assert week_start(date(2026, 11, 22), 6) == date(2026, 11, 22)
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2026, 12, 31), 2) == date(2027, 2, 28)
    assert add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert add_months(date(2026, 11, 30), 1) == date(2026, 12, 30)


# --- the grids -----------------------------------------------------------------------------


def feed(grid_class, spans):
    """A grid that is fed with these spans and notes what it was asked for."""

    class Fed(grid_class):
        add_command = "chore.add"

        def __init__(self, *args, **options):
            self.asked = []
            super().__init__(*args, **options)

        def read(self, context, start, end):
            self.asked.append((start, end))
            return [one for one in spans if one.end > start and one.start < end]

    return Fed


WEEK = [
    span("Stand-up", "2026-11-23T09:00", 15),
    span("Design", "2026-11-23T10:00", 90),
    span("Dentist", "2026-11-24T11:00", 60),
    span("Call", "2026-11-24T11:00", 30),
    span("\x1b[31mEvil", "2026-11-25T12:00", 60),
    days("Conference", "2026-11-25", "2026-11-27"),
]


async def test_the_week_shows_hours_days_and_bars(workspace):
    app = Bench(feed(WeekGrid, WEEK)(workspace))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = text_of(app)
        assert lines[0].split() == ["▶Mon", "23", "Tue", "24", "Wed", "25", "Thu", "26", "Fri",
                                    "27", "Sat", "28", "Sun", "29"]  # fmt: skip
        assert "Conference" in lines[1]
        assert any("09:00 ▎Stand-up" in line for line in lines)
        assert any(line.startswith("09:30▶") for line in lines)
        assert "\x1b" not in "".join(lines)
        first, after = app.widget.asked[0]
        assert (first.isoformat(), after.isoformat()) == (
            "2026-11-23T00:00:00+01:00", "2026-11-30T00:00:00+01:00",
        )  # fmt: skip


async def test_only_the_shown_week_is_read(workspace):
    many = [
        span(f"s{i}", f"{date(2025, 1, 1) + timedelta(days=i % 1000)}T09:00", 30)
        for i in range(5000)
    ]
    app = Bench(feed(WeekGrid, many)(workspace))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert len(app.widget.spans) == 35
        await pilot.press("l", "l", "j")
        await settle(pilot)
        assert len(app.widget.asked) == 1
        await pilot.press("right_curly_bracket")
        await settle(pilot)
        assert len(app.widget.asked) == 2


@pytest.mark.parametrize(("width", "columns"), [(80, 7), (52, 5), (34, 3), (20, 1)])
async def test_narrow_weeks_show_fewer_days_and_keep_the_cursor(workspace, width, columns):
    grid = feed(WeekGrid, WEEK)(workspace)
    app = Bench(grid)
    async with app.run_test(size=(width, 20)) as pilot:
        await settle(pilot)
        assert len(grid.columns) == columns
        for _ in range(8):
            await pilot.press("l")
            await settle(pilot)
            assert grid.column is not None
        assert grid.day >= date(2026, 11, 29)


async def test_the_cursor_finds_spans_side_by_side(workspace):
    grid = feed(WeekGrid, WEEK)(workspace)
    app = Bench(grid)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert grid.row == 19
        await pilot.press("l", "j", "j", "j")
        assert grid.current.title == "Dentist"
        await pilot.press("l")
        assert (grid.current.title, grid.day) == ("Call", date(2026, 11, 24))
        await pilot.press("l")
        assert (grid.current, grid.day) == (None, date(2026, 11, 25))
        await pilot.press("N", "N", "N")
        assert grid.current.title == "Design"
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.said[-1], View.Open)
        assert app.said[-1].id == "Design"
        assert grid.selection().ids == ("Design",)
        assert grid.selection().record is Chore


async def test_an_empty_place_offers_to_add_there(workspace):
    grid = feed(DayGrid, WEEK)(workspace)
    app = Bench(grid)
    async with app.run_test(size=(60, 24)) as pilot:
        await settle(pilot)
        await pilot.press("up", "up", "up", "v", "up")
        await pilot.pause()
        assert grid.here() == {
            "start": datetime(2026, 11, 23, 7, 30, tzinfo=ZURICH),
            "end": datetime(2026, 11, 23, 8, 30, tzinfo=ZURICH),
        }
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.said[-1], View.Ask)
        assert app.said[-1].command_id == "chore.add"
        await pilot.press("escape")
        assert "end" not in grid.here()


async def test_rows_get_finer_and_coarser_around_the_cursor(workspace):
    grid = feed(DayGrid, WEEK)(workspace)
    app = Bench(grid)
    async with app.run_test(size=(60, 24)) as pilot:
        await settle(pilot)
        assert grid.perform("grid.finer")
        await pilot.pause()
        assert (grid.minutes, grid.rows, grid.row) == (15, 96, 38)
        assert not grid.perform("grid.finer")
        assert grid.perform("grid.coarser")
        assert grid.perform("grid.coarser")
        await pilot.pause()
        assert (grid.minutes, grid.row) == (60, 9)


async def test_the_month_shows_six_weeks(workspace):
    class Month(feed(MonthGrid, WEEK)):
        day_view = staticmethod(lambda context, day: DayGrid(context, day=day))

    grid = Month(workspace)
    app = Bench(grid)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = text_of(app)
        assert lines[0].split() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        assert lines[13].split()[0] == "▶23"
        assert "▎Conference" in lines[14]
        assert grid.title == "November 2026"
        await pilot.press("n")
        assert grid.day == date(2026, 11, 24)
        await pilot.press("j", "j", "enter")
        await settle(pilot)
        assert grid.title == "December 2026"
        (push,) = app.said
        assert push.view.day == date(2026, 12, 8)


async def test_the_year_has_a_cell_per_day_and_walks(workspace):
    class Year(YearView):
        unit = "chores"

        def numbers(self, store, first, after):
            return {MONDAY: 4.0, MONDAY - timedelta(days=1): 1.0}

    view = Year(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 12)) as pilot:
        await settle(pilot)
        assert view.status == "4 chores"
        await pilot.press("k")
        assert view.status == "1 chores"
        await pilot.press("h")
        assert view.day == date(2026, 11, 15)
        heat = view.map
        assert [
            heat.level(day)
            for day in (MONDAY, MONDAY - timedelta(days=1), date(2026, 1, 1))
        ] == [4, 1, 0]
        assert heat.first == date(2025, 11, 24)


async def test_levels_are_quarters_of_the_largest(workspace):
    heat = YearMap({MONDAY - timedelta(days=i): i for i in range(9)}, until=MONDAY)
    assert [heat.level(MONDAY - timedelta(days=i)) for i in range(9)] == [
        0,
        1,
        1,
        2,
        2,
        3,
        3,
        4,
        4,
    ]
