"""The day at a glance, from whatever modules offer."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from mana_tui.workspace import Workspace
from modules.myday.queries import Glance, bounds, hours
from modules.myday.show import page
from storage.errors import ModuleNotInSpace


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 min"), (45, "45 min"), (60, "1 h"), (200, "3 h 20"), (-5, "0 min")],
)
def test_minutes_for_people(minutes: int, said: str) -> None:
    assert hours(minutes) == said


@pytest.mark.parametrize(
    ("day", "length"),
    [(date(2026, 11, 24), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)],
)
def test_a_day_is_a_local_day_also_when_the_clock_changes(
    workspace: Workspace, day: date, length: int
) -> None:
    start, end = bounds(workspace, day)
    assert end.timestamp() - start.timestamp() == length * 3600
    assert start.astimezone(workspace.zone).hour == 0


def test_an_empty_day_has_all_its_working_time_free(workspace: Workspace) -> None:
    found = workspace.run("myday.show", {"day": "2026-11-25"})
    assert (found.spans, found.sections, found.planned, found.free) == ((), (), 0, 9 * 60)


def test_today_counts_from_now(workspace: Workspace) -> None:
    found = workspace.run("myday.show")
    assert found.day == date(2026, 11, 23)
    assert found.free == int(
        (datetime(2026, 11, 23, 18) - datetime(2026, 11, 23, 9, 30)) / timedelta(minutes=1)
    )


def test_overlapping_events_count_once_and_tasks_add_their_estimates(
    workspace: Workspace,
) -> None:
    day = "2026-11-25"
    workspace.run(
        "calendar.add", {"title": "A", "start": f"{day} 10:00", "end": f"{day} 12:00"}
    )
    workspace.run(
        "calendar.add", {"title": "B", "start": f"{day} 11:00", "end": f"{day} 13:00"}
    )
    workspace.run("todo.add", {"title": "C", "due": day, "estimate": "30m"})
    found: Glance = workspace.run("myday.show", {"day": day})
    assert [span.title for span in found.spans] == ["A", "B"]
    assert [line.text for line in found.lines] == ["C"]
    assert (found.planned, found.free) == (3 * 60 + 30, 5 * 60 + 30)
    assert found.capacity == "3 h 30 of 9 h planned"


def test_a_scheduled_task_stands_on_the_agenda_and_nowhere_else(
    workspace: Workspace,
) -> None:
    task = workspace.run(
        "todo.add", {"title": "Write", "due": "2026-11-25", "estimate": "2h"}
    )
    workspace.run("todo.schedule", {"tasks": [task.id], "day": "2026-11-25", "at": "14:00"})
    found: Glance = workspace.run("myday.show", {"day": "2026-11-25"})
    assert [span.title for span in found.spans] == ["Write"]
    assert found.lines == ()
    assert found.planned == 120


def test_late_tasks_are_counted_until_done(workspace: Workspace) -> None:
    task = workspace.run("todo.add", {"title": "Old", "due": "2026-11-20"})
    assert workspace.run("myday.show").late == 1
    workspace.run("todo.done", {"tasks": [task.id]})
    assert workspace.run("myday.show").late == 0


def test_the_page_says_what_the_glance_holds(workspace: Workspace) -> None:
    workspace.run("todo.add", {"title": "Old", "due": "2026-11-20"})
    listing = page(workspace, workspace.run("myday.show"))
    assert listing.rows[0].cells[0] == "Monday 23 November"
    assert ("□", "Old") in [row.cells for row in listing.rows]


def test_it_is_personal(workspace: Workspace) -> None:
    workspace.run("space.new", {"name": "Club", "type": "club"})
    workspace.run("space.switch", {"space": "club"})
    with pytest.raises(ModuleNotInSpace):
        workspace.run("myday.show")
