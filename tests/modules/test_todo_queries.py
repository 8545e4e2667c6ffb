"""The questions asked of tasks: right, along indexes, and in few statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from operator import attrgetter
from random import Random
from typing import Any

import pytest

from mana_tui.workspace import Workspace
from modules.todo import kin, queries, seeds, slots
from modules.todo.model import CLOSED, Project, Task
from storage.query import Query

TODAY = date(2026, 11, 23)


def fill(workspace: Workspace, count: int) -> None:
    with workspace.vault.batch("Seed"):
        workspace.store.put_many(seeds.records(workspace, count, Random(7)))


@contextmanager
def statements(workspace: Workspace) -> Iterator[list[str]]:
    """Every statement read meanwhile."""
    db, seen = workspace.vault.db, list[str]()
    asked = db.rows

    def rows(sql: str, *values: Any) -> Any:
        seen.append(sql)
        return asked(sql, *values)

    db.rows = rows  # type: ignore[method-assign]
    try:
        yield seen
    finally:
        del db.rows


def every_list(workspace: Workspace) -> dict[str, Query[Task]]:
    store = workspace.store
    project = store.all(Query(Project))[0].id
    a_task = store.all(Query(Task))[0]
    named = {name: queries.view(name, TODAY) for name in queries.VIEWS}
    return named | {
        "one project": queries.in_project(project),
        "projects": queries.with_project(TODAY),
        "due on": queries.due_on(TODAY),
        "this week": queries.upcoming(TODAY, 7),
        "turns": kin.history(store, a_task),
    }


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A space with 10,000 records."""
    import os
    from zoneinfo import ZoneInfo

    from modules.sdk.registry import Catalog
    from storage.vault import Vault
    from tests.conftest import Clock

    clock = Clock()
    vault = Vault.create(
        tmp_path_factory.mktemp("many") / "vault",
        os.urandom(32),
        Catalog(),
        person="Ada",
        clock=clock,
    )
    made = Workspace(vault, clock=clock, zone=ZoneInfo("Europe/Zurich"), locale="en")
    fill(made, 10_000)
    yield made
    made.close()


def test_no_list_scans_a_table(many: Workspace) -> None:
    for name, query in every_list(many).items():
        plan = many.store.explain(query)
        assert not [step for step in plan if step.startswith("SCAN")], f"{name}: {plan}"
        assert "INDEX" in plan[0], f"{name}: {plan}"


@pytest.mark.parametrize(
    "name", ["upcoming", "open", "someday", "done", "all", "inbox", "waiting"]
)
def test_long_lists_are_not_sorted_as_a_whole(many: Workspace, name: str) -> None:
    plan = many.store.explain(queries.view(name, TODAY))  # type: ignore[arg-type]

    assert "USE TEMP B-TREE FOR ORDER BY" not in plan, plan


@pytest.mark.parametrize("name", ["open", "waiting", "someday"])
def test_long_lists_sort_by_due_along_an_index(many: Workspace, name: str) -> None:
    listed = queries.view(name, TODAY)  # type: ignore[arg-type]
    for orders in (queries.SORTS["due"], ("due", "-priority")):
        plan = many.store.explain(listed.order(*orders).limit(50))

        assert "USE TEMP B-TREE FOR ORDER BY" not in plan, plan


def test_other_orders_read_each_page_of_the_file_once(many: Workspace) -> None:
    for orders in (queries.SORTS["priority"], queries.SORTS["title"]):
        query = queries.active(TODAY).order(*orders)
        plan = many.store.explain(query.limit(50))
        found = many.store.all(query)

        assert "INTEGER PRIMARY KEY" in plan[0], plan
        assert found == sorted(found, key=attrgetter(orders[0]))
        assert many.store.ids(query.limit(50)) == [task.id for task in found[:50]]


def test_every_view_shows_what_it_says(many: Workspace) -> None:
    tasks = many.store.all(Query(Task))
    shown = {
        name: {t.id for t in many.store.all(queries.view(name, TODAY))}
        for name in queries.VIEWS
    }

    def those(test: Any) -> set[str]:
        return {task.id for task in tasks if test(task)}

    def begun(task: Task) -> bool:
        return task.start is None or task.start <= TODAY

    def asks(task: Task) -> bool:
        if task.status == "waiting":
            return (
                task.waiting_until is not None
                and task.waiting_until <= TODAY
                and begun(task)
            )
        days = [day for day in (task.due, task.scheduled) if day is not None]
        return task.status == "open" and begun(task) and any(day <= TODAY for day in days)

    assert shown["today"] == those(asks)
    assert shown["upcoming"] == those(
        lambda t: t.status == "open" and t.due and t.due > TODAY
    )
    assert shown["overdue"] == those(
        lambda t: t.status == "open" and t.due and t.due < TODAY
    )
    assert shown["open"] == those(lambda t: t.status == "open" and begun(t))
    assert shown["inbox"] == those(
        lambda t: t.status == "open" and begun(t) and t.project is None and t.parent is None
    )
    assert shown["done"] == those(lambda t: t.status in CLOSED)
    assert len(shown["all"]) == len(tasks) > 9000
    for name in ("waiting", "someday"):
        assert shown[name] == those(lambda t, name=name: t.status == name)


def test_blocked_tasks_come_last(many: Workspace) -> None:
    found = [task.blocked for task in many.store.all(queries.active(TODAY))]

    assert any(found)
    assert found == sorted(found)


@pytest.mark.parametrize("count", [0, 1, 2000])
def test_as_many_statements_however_many_tasks(workspace: Workspace, count: int) -> None:
    if count == 1:
        workspace.run("todo.add", {"title": "x"})
    elif count:
        fill(workspace, count)
    workspace.run("todo.board")  # tables are looked up the first time
    with statements(workspace) as seen:
        workspace.run("todo.list", {"view": "open", "limit": 50})
    listed = len(seen)
    with statements(workspace) as seen:
        workspace.run("todo.stats")
    counted = len(seen)
    with statements(workspace) as seen:
        workspace.run("todo.board")
    boarded = len(seen)

    assert listed <= 3
    assert counted <= 6
    assert boarded <= 7


def test_showing_a_list_reads_names_once(many: Workspace) -> None:
    from modules.todo import show

    tasks = many.run("todo.list", {"view": "all", "limit": 500})
    with statements(many) as seen:
        listing = show.task_list(many, tasks)

    assert len(listing.rows) == 500
    assert len(seen) <= 3


def test_ranking_reads_links_once(many: Workspace) -> None:
    tasks = many.store.all(queries.active(TODAY).limit(1000))
    with statements(many) as seen:
        ranked = kin.rank(many.store, tasks, TODAY)

    assert len(ranked) == 1000
    assert len(seen) == 2


def test_an_empty_space(workspace: Workspace) -> None:
    for name in queries.VIEWS:
        assert workspace.run("todo.list", {"view": name}) == []
    assert workspace.run("todo.stats").total == 0
    assert workspace.run("todo.projects") == workspace.run("todo.boards") == []
    assert [column.total for column in workspace.run("todo.board").columns] == [0, 0, 0]


# --- slots ------------------------------------------------------------------------------------


def bounds(workspace: Workspace, day: date = TODAY) -> tuple[datetime, datetime]:
    start = datetime(day.year, day.month, day.day, tzinfo=workspace.zone)
    return start, start + timedelta(days=1)


def test_the_agenda_shows_blocks_and_due_times(workspace: Workspace) -> None:
    block = workspace.run("todo.add", {"title": "Write", "scheduled": "today", "scheduled_time": "10:00",
                                       "scheduled_length": "90m"})  # fmt: skip
    workspace.run("todo.add", {"title": "Some time", "scheduled": "today"})
    workspace.run("todo.add", {"title": "Send", "due": "today", "due_time": "17:00"})
    workspace.run("todo.add", {"title": "Not timed", "due": "today"})
    workspace.run(
        "todo.add",
        {"title": "Tomorrow", "scheduled": "tomorrow", "scheduled_time": "10:00"},
    )
    found = slots.spans(workspace, *bounds(workspace))

    assert [span.title for span in found] == ["Some time", "Write", "Send"]
    assert [(span.busy, span.day is not None) for span in found] == [
        (False, True), (True, False), (False, False),
    ]  # fmt: skip
    assert found[1].end - found[1].start == timedelta(minutes=90)
    assert not any(span.actual for span in found)
    workspace.run("todo.done", {"tasks": [block.id]})
    assert [span.done for span in slots.spans(workspace, *bounds(workspace))] == [
        False,
        True,
        False,
    ]


def test_a_block_over_midnight_is_on_both_days(workspace: Workspace) -> None:
    workspace.run("todo.add", {"title": "Night", "scheduled": "today", "scheduled_time": "23:00",
                               "scheduled_length": "3h"})  # fmt: skip

    for day in (TODAY, TODAY + timedelta(days=1)):
        assert len(slots.spans(workspace, *bounds(workspace, day))) == 1
    assert slots.spans(workspace, *bounds(workspace, TODAY + timedelta(days=2))) == []


def test_today_has_late_due_and_done_lines(workspace: Workspace) -> None:
    for title, due in (("late", "2026-11-20"), ("due", "today"), ("later", "tomorrow")):
        workspace.run("todo.add", {"title": title, "due": due, "estimate": "30m"})
    done = workspace.run("todo.add", {"title": "done"})
    workspace.run("todo.done", {"tasks": [done.id]})
    found = slots.lines(workspace, TODAY)

    assert [(line.text, line.late, line.done, line.minutes) for line in found] == [
        ("late", True, False, 30), ("due", False, False, 30), ("done", False, True, 0),
    ]  # fmt: skip
    assert [line.text for line in slots.lines(workspace, TODAY + timedelta(days=1))] == [
        "later"
    ]


def test_reminders_fire_once_in_their_minute(workspace: Workspace) -> None:
    workspace.run(
        "todo.add",
        {"title": "call", "due": "today", "due_time": "15:00", "remind": ["10m", "1h"]},
    )
    workspace.run("todo.add", {"title": "pay", "due": "tomorrow", "remind": ["1d"]})
    closed = workspace.run(
        "todo.add",
        {"title": "done", "due": "today", "due_time": "15:00", "remind": ["10m"]},
    )
    workspace.run("todo.done", {"tasks": [closed.id]})
    start, end = bounds(workspace)
    found = slots.reminders(workspace, start, end)

    assert [(f"{reminder.at:%d %H:%M}", reminder.text) for reminder in found] == [
        ("23 09:00", "pay"), ("23 14:00", "call"), ("23 14:50", "call"),
    ]  # fmt: skip
    assert slots.reminders(workspace, found[1].at, found[2].at) == found[2:]
    assert slots.reminders(workspace, found[2].at, end) == []


def test_measures(workspace: Workspace) -> None:
    for minutes in (10, 25):
        task = workspace.run("todo.add", {"title": "x", "actual": f"{minutes}m"})
        workspace.run("todo.done", {"tasks": [task.id]})

    assert slots.done_count(workspace, *bounds(workspace)) == 2
    assert slots.spent_minutes(workspace, *bounds(workspace)) == 35
    assert slots.done_count(workspace, *bounds(workspace, TODAY - timedelta(days=1))) == 0


def test_what_search_reads() -> None:
    task = Task(title="t", notes="n", people=("Ada",), waiting_for="Bob", due=TODAY)

    assert slots.document(task) == {
        "title": "t", "body": "n\nBob", "people": "Ada", "date": TODAY, "state": "open",
    }  # fmt: skip


# --- capture, command line --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "Call Ada tomorrow 9:00 #home ~30m p1",
            {"title": "Call Ada", "due": date(2026, 11, 24), "priority": 1},
        ),
        (
            "t Pay rent every month on the 31st",
            {"title": "Pay rent", "due": date(2026, 11, 30)},
        ),
        (
            "Water plants after 3 days",
            {"title": "Water plants", "repeat_from": "completion"},
        ),
        ("Write 14-15:30", {"title": "Write", "scheduled": TODAY}),
        ("Read https://example.org/x", {"notes": "https://example.org/x"}),
    ],
)
def test_one_line_makes_a_task(
    workspace: Workspace, line: str, said: dict[str, Any]
) -> None:
    workspace.run("add", {"text": line})
    (task,) = workspace.store.all(Query(Task))

    assert {name: getattr(task, name) for name in said} == said


def test_a_captured_line_may_hold_subtasks(workspace: Workspace) -> None:
    from modules.sdk.slot import Capture
    from modules.sdk.text.capture import kinds_of, parse
    from modules.todo.capturing import values

    kinds = kinds_of(workspace.slots(Capture))
    (found,) = parse(
        "Party: cake, drinks, music p2 +Home", now=workspace.now(), kinds=kinds
    )
    task = workspace.run("todo.add", values(found, workspace))

    assert (task.title, task.priority) == ("Party", 2)
    assert [t.title for t in kin.children(workspace.store, [task.id])] == [
        "cake",
        "drinks",
        "music",
    ]
