"""The calendar in the shell: one line adds at the cursor, tabs and weeks have their keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from mana_tui.scene import PaneEntry, Scene, with_keys
from mana_tui.widgets.capturebar import CaptureBar
from mana_tui.widgets.sheet import Sheet
from mana_tui.workspace import Workspace
from modules.calendar.model import Event
from modules.sdk import registry
from storage.query import Query
from tests.app.shell.conftest import make_app
from tests.app.shell.driving import driving, press, screen


@pytest.fixture
def calendar(things: None, monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> Any:
    """The app on a scene of one calendar."""
    monkeypatch.setattr(registry, "built_in", lambda: ("calendar",))
    workspace.store.put(
        Scene(name="Week", panes=with_keys((PaneEntry(module="calendar"),)))
    )
    return make_app(workspace)


def events(workspace: Workspace) -> dict[str, Event]:
    return {one.title: one for one in workspace.store.all(Query(Event))}


async def test_a_line_adds_an_event_where_the_cursor_is(
    calendar: Any, workspace: Workspace
) -> None:
    async with driving(calendar) as pilot:
        picture = calendar.bench.desk.view.picture
        await press(pilot, "l", "j")
        at = picture.here()["start"]
        await press(pilot, "a", *"tea")
        assert "Add: Event" in screen(pilot)
        assert calendar.query_one(CaptureBar).is_open
        await press(pilot, "enter", "a", *"talk 17:00", "enter")
        await press(pilot, "a", *"fair 2027-01-05 9:00", "enter")
    made = {title: one.wall_start for title, one in events(workspace).items()}
    here = at.astimezone(workspace.zone).replace(tzinfo=None)
    assert made["tea"] == here
    assert made["talk"] == here.replace(hour=17, minute=0)
    assert made["fair"] == datetime(2027, 1, 5, 9)


async def test_a_range_gives_the_end_and_enter_adds_too(
    calendar: Any, workspace: Workspace
) -> None:
    async with driving(calendar) as pilot:
        await press(pilot, "v", "j", "j", "enter", *"work", "enter")
    work = events(workspace)["work"]
    assert work.length == timedelta(minutes=90)


async def test_the_form_has_a_key_of_its_own(calendar: Any) -> None:
    async with driving(calendar) as pilot:
        await press(pilot, "F")
        assert len(calendar.query(Sheet)) == 1


async def test_round_brackets_change_tabs_and_curly_ones_weeks(calendar: Any) -> None:
    async with driving(calendar) as pilot:
        view = calendar.bench.desk.view
        first = view.picture.day
        await press(pilot, "}")
        assert view.picture.day == first + timedelta(days=7)
        await press(pilot, "{")
        assert view.picture.day == first
        names = []
        for _ in range(5):
            await press(pilot, ")")
            names.append(view.state()["view"])
            await press(pilot, "}", "{")
            assert view.picture.day == first, names
        assert names == ["day", "month", "agenda", "year", "week"]
        await press(pilot, "(")
        assert view.state()["view"] == "year"
        assert (")", "next view") in calendar.bench.hints()


async def test_who_listens_gets_the_agenda(calendar: Any, workspace: Workspace) -> None:
    workspace.run("calendar.add", {"title": "Dentist", "when": "tomorrow 9:00"})
    async with driving(make_app(workspace, linear=True)) as pilot:
        view = pilot.app.bench.desk.view
        assert view.state()["view"] == "agenda"
        lines = screen(pilot).splitlines()
        assert [line for line in lines if "Dentist" in line and "09:00" in line]
        assert not [line for line in lines if "Mon" in line and "Tue" in line]
        await press(pilot, ")")
        assert view.state()["view"] == "agenda"
