"""The calendar's pane: pictures of spans of all modules, and events edited in place."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from mana_tui.workspace import Workspace
from modules.calendar.model import Broken, Calendar, Event
from modules.calendar.views.asking import DragLine, FilterLine, JumpLine, ScopeLine
from modules.calendar.views.calendar import NAMES, CalendarView
from modules.calendar.views.detail import EventView
from modules.calendar.views.lists import BrokenList, BrokenView, CalendarList
from modules.sdk import Query
from modules.sdk.ui.view import View
from tests.ui.conftest import Bench, settle, text_of


@pytest.fixture
def week(workspace: Workspace) -> Workspace:
    """A week with a series, overlapping events, an all-day stay, a task."""
    add = [
        {"title": "Team", "when": "tue 14:00", "duration": "1h", "repeat": "every tue"},
        {"title": "Dentist", "when": "tue 14:30-15:30"},
        {"title": "Fair", "day": "2026-11-25", "last_day": "2026-11-27"},
        {"title": "Lunch", "when": "today 12-13", "place": "Café"},
    ]
    for values in add:
        workspace.run("calendar.add", values)
    return workspace


def bench(workspace: Workspace, **options: Any) -> Bench:
    return Bench(CalendarView(workspace, **options))


@pytest.mark.parametrize(
    ("view", "size"),
    [*((name, (80, 24)) for name in NAMES), ("week", (140, 40)), ("week", (60, 16))],
)
async def test_every_picture_draws_at_every_size(
    week: Workspace, view: str, size: tuple[int, int]
) -> None:
    app = bench(week, view=view)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        screen = "\n".join(text_of(app))
        assert f"[{view.title()}]" in screen
        if view in ("week", "agenda") and size[0] >= 80:
            assert "Lunch" in screen
        if view in ("week", "month", "agenda") and size[1] >= 24:
            assert "Fair" in screen
        assert app.widget.title  # type: ignore[attr-defined]


async def test_overlapping_events_stand_side_by_side(week: Workspace) -> None:
    app = bench(week)
    async with app.run_test(size=(140, 40)) as pilot:
        await settle(pilot)
        lines = [line for line in text_of(app) if "Team" in line or "Dentist" in line]
        team = next(line for line in lines if "Team" in line)
        dentist = next(line for line in lines if "Dentist" in line)
        assert team.index("Team") != dentist.index("Dentist")


async def test_switching_keeps_the_day_and_loads_only_what_is_seen(week: Workspace) -> None:
    app = bench(week)
    view: Any = app.widget
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert list(view.pictures) == ["week"]
        await pilot.press("l", "l")
        view.perform("calendar.next-view")
        await settle(pilot)
        assert view.picture.day == date(2026, 11, 25)
        assert "Fair" in "\n".join(text_of(app))
        assert [one.loads for one in view.pictures.values()] == [1, 1]
        week.run("calendar.add", {"title": "New", "when": "2026-11-25 10-11"})
        await settle(pilot)
        assert [one.loads for one in view.pictures.values()] == [1, 2]
        assert "New" in "\n".join(text_of(app))
        assert view.state() == {"view": "day", "only": ""}


async def to_series(app: Bench, pilot: Any) -> Any:
    """Stand on Tuesday's occurrence of the series."""
    view: Any = app.widget
    await settle(pilot)
    view.go_to_day(date(2026, 11, 24))
    view.picture.go_to_row(28)
    await settle(pilot)
    assert view.span.title == "Team"
    return view


async def test_deleting_asks_how_much_of_a_series(week: Workspace) -> None:
    app = bench(week)
    async with app.run_test(size=(140, 40)) as pilot:
        view = await to_series(app, pilot)
        for key, scope in (("t", "this"), ("f", "following"), ("a", "all")):
            app.said.clear()
            view.perform("calendar.delete")
            await pilot.pause()
            assert view.query_one(ScopeLine).has_focus
            await pilot.press(key)
            await pilot.pause()
            said = next(one for one in app.said if isinstance(one, View.Run))
            assert said.command_id == "calendar.delete"
            assert said.values["scope"] == scope
            assert said.values["on"] == date(2026, 11, 24)
            assert not view.query(ScopeLine)
    week.run(said.command_id, said.values)
    assert "Team" not in [e.title for e in week.run("calendar.list", {"days": 14})]


async def test_escape_leaves_everything_as_it_was(week: Workspace) -> None:
    app = bench(week)
    async with app.run_test(size=(140, 40)) as pilot:
        view = await to_series(app, pilot)
        for action in ("calendar.delete", "calendar.move", "calendar.jump"):
            assert view.perform(action)
            await pilot.pause()
            await pilot.press("escape")
            await pilot.pause()
        assert not [one for one in app.said if isinstance(one, View.Run)]
        assert view.span.title == "Team"
        assert not view.query(ScopeLine)
        assert not view.query(DragLine)
        assert not view.query(JumpLine)


async def test_an_event_is_dragged_by_keys(week: Workspace) -> None:
    app = bench(week)
    async with app.run_test(size=(140, 40)) as pilot:
        view = await to_series(app, pilot)
        view.go_to_day(date(2026, 11, 23))
        view.picture.go_to_row(24)
        assert view.span.title == "Lunch"
        view.perform("calendar.move")
        await settle(pilot)
        await pilot.press("l", "down", "down", "+")
        await settle(pilot)
        assert "13:00" in "\n".join(text_of(app))
        await pilot.press("enter")
        await settle(pilot)
        said = next(one for one in app.said if isinstance(one, View.Run))
        (moved,) = week.run(said.command_id, said.values)
        assert moved.day == date(2026, 11, 24)
        assert (f"{moved.start_time:%H:%M}", f"{moved.end_time:%H:%M}") == (
            "13:00",
            "14:30",
        )


async def test_adding_takes_the_cell_under_the_cursor(week: Workspace) -> None:
    app = bench(week)
    async with app.run_test(size=(140, 40)) as pilot:
        view = await to_series(app, pilot)
        view.picture.go_to_row(16)
        view.perform("calendar.add")
        await pilot.pause()
        said = next(one for one in app.said if isinstance(one, View.Ask))
        assert said.command_id == "calendar.add"
        assert said.values["start"] == datetime(2026, 11, 24, 8, tzinfo=week.zone)


async def test_jumping_goes_to_what_is_typed(week: Workspace) -> None:
    app = bench(week)
    async with app.run_test(size=(140, 40)) as pilot:
        view = await to_series(app, pilot)
        view.perform("calendar.jump")
        await settle(pilot)
        view.query_one(JumpLine).value = "nonsense"
        await pilot.press("enter")
        assert view.query_one(JumpLine).has_class("-invalid")
        view.query_one(JumpLine).value = "24.12."
        await pilot.press("enter")
        await settle(pilot)
        assert view.picture.day == date(2026, 12, 24)


async def test_filtering_shows_one_kind_or_calendar(week: Workspace) -> None:
    week.run("calendar.calendar-add", {"name": "Work"})
    week.run("calendar.add", {"title": "Report", "when": "today 9-10", "calendar": "Work"})
    app = bench(week, view="agenda")
    async with app.run_test(size=(140, 40)) as pilot:
        view: Any = app.widget
        await settle(pilot)
        for _ in range(8):
            view.perform("calendar.filter")
            await settle(pilot)
            if view.only == "Work":
                break
        screen = "\n".join(text_of(app))
        assert "Report" in screen
        assert "Lunch" not in screen
        assert view.back()
        await settle(pilot)
        assert "Lunch" in "\n".join(text_of(app))


async def test_filtering_by_words_takes_the_keys_until_it_is_answered(
    week: Workspace,
) -> None:
    week.run("calendar.add", {"title": "Report", "when": "today 9-10", "place": "Bern"})
    app = bench(week, view="agenda")
    async with app.run_test(size=(140, 40)) as pilot:
        view: Any = app.widget
        await settle(pilot)
        view.perform("calendar.find-here")
        await settle(pilot)
        await pilot.press(*"bern re", "enter")
        await settle(pilot)
        screen = "\n".join(text_of(app))
        assert "Report" in screen
        assert "Lunch" not in screen
        assert "/bern re" in view.title
        assert view.state()["only"] == "/bern re"
        view.perform("calendar.find-here")
        await settle(pilot)
        assert view.query_one(FilterLine).value == "bern re"
        await pilot.press("escape")
        assert view.back()
        await settle(pilot)
        assert "Lunch" in "\n".join(text_of(app))


async def test_a_month_opens_a_day(week: Workspace) -> None:
    app = bench(week, view="month")
    async with app.run_test(size=(140, 40)) as pilot:
        view: Any = app.widget
        await settle(pilot)
        view.go_to_day(date(2026, 11, 26))
        await pilot.press("enter")
        await settle(pilot)
        assert view.state()["view"] == "day"
        assert view.picture.day == date(2026, 11, 26)


async def test_the_detail_tells_the_next_dates(week: Workspace) -> None:
    team = next(e for e in week.store.all(Query(Event)) if e.title == "Team")
    app = Bench(EventView(week, record=Event, id=team.id))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        screen = "\n".join(text_of(app))
        for said in ("Team", "every Tue", "Tue 1 Dec", "Tue 22 Dec", "Personal"):
            assert said in screen


async def test_what_is_unusable_is_listed_with_its_text(week: Workspace) -> None:
    kept = week.store.put(
        Broken(
            item="VEVENT Swim",
            reason="It has no start (DTSTART).",
            raw="BEGIN:VEVENT\nSUMMARY:Swim\x1b[31m\nEND:VEVENT",
        )
    )
    app = Bench(BrokenList(week))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        assert "no start" in "\n".join(text_of(app))
        app.widget.perform("calendar.broken-delete")  # type: ignore[attr-defined]
        await pilot.pause()
        assert any(isinstance(one, View.Run) for one in app.said)
    app = Bench(BrokenView(week, record=Broken, id=kept.id))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        screen = "\n".join(text_of(app))
        assert "SUMMARY:Swim" in screen
        assert "\x1b" not in screen


async def test_calendars_are_hidden_by_space(week: Workspace) -> None:
    app = Bench(CalendarList(week))
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        app.widget.perform("calendar.hide-here")  # type: ignore[attr-defined]
        await pilot.pause()
        said = next(one for one in app.said if isinstance(one, View.Run))
        week.run(said.command_id, said.values)
        assert not week.store.all(Query(Calendar))[0].visible
        assert not week.run("calendar.list", {})
