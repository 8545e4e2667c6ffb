"""What commands do to tasks, through the one door."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest

from mana_tui.workspace import Workspace
from modules.todo import kin, queries
from modules.todo.model import Board, Project, Task
from storage.errors import NotFound, Refused, UserError
from storage.query import Query
from tests.conftest import Clock
from tests.modules.state import difference, dump
from tests.program import Program

TODAY = date(2026, 11, 23)


def add(workspace: Workspace, title: str = "Call Ada", **values: Any) -> Task:
    return workspace.run("todo.add", {"title": title, **values})


def run(workspace: Workspace, name: str, *tasks: Task, **values: Any) -> Any:
    return workspace.run(f"todo.{name}", {"tasks": [t.id for t in tasks], **values})


def now(workspace: Workspace, task: Task) -> Task:
    return workspace.store.get(Task, task.id)


def titles(workspace: Workspace, view: str = "open", **values: Any) -> list[str]:
    return [task.title for task in workspace.run("todo.list", {"view": view, **values})]


# --- add and edit -----------------------------------------------------------------------


def test_adding_with_everything(workspace: Workspace) -> None:
    task = add(
        workspace, due="tomorrow", due_time="15:00", project="Work/Website", section="Launch",
        tags=["#home", "calls"], priority="1", start="tomorrow", estimate="1h30", notes="# Why",
        people=["Ada"], place="Café", repeat="every monday", remind=["1h", "10m"],
        scheduled="tomorrow", scheduled_time="9:00", scheduled_length="45m",
    )  # fmt: skip

    assert (task.due, task.due_time) == (date(2026, 11, 24), time(15))
    assert (task.estimate, task.scheduled_length) == (
        timedelta(minutes=90),
        timedelta(minutes=45),
    )
    assert task.remind == (10, 60)
    assert task.repeat == "FREQ=WEEKLY;BYDAY=MO"
    assert queries.paths(workspace.store)[task.project or ""] == "Work/Website"
    assert workspace.store.get(Project, task.project or "").sections == ("Launch",)
    names = workspace.store.tag_names()
    assert {names[tag] for tag in task.tags} == {"home", "calls"}
    assert now(workspace, task) == task


def test_a_project_is_made_once(workspace: Workspace) -> None:
    one, other = add(workspace, project="Work/Web"), add(workspace, project="work/web")
    third = add(workspace, project="Web")

    assert one.project == other.project == third.project
    assert sorted(queries.paths(workspace.store).values()) == ["Work", "Work/Web"]


def test_an_ambiguous_project_is_refused(workspace: Workspace) -> None:
    add(workspace, project="A/Web")
    add(workspace, project="B/Web")

    with pytest.raises(UserError, match="Several"):
        add(workspace, project="Web")


def test_a_time_without_a_day_is_the_next_such_time(workspace: Workspace) -> None:
    assert add(workspace, due_time="23:00").due == TODAY
    assert add(workspace, due_time="08:00").due == date(2026, 11, 24)


def test_subtasks_come_along_in_order(workspace: Workspace) -> None:
    task = add(workspace, project="Home", subtasks=["a", "b", " "])
    parts = kin.children(workspace.store, [task.id])

    assert [part.title for part in parts] == ["a", "b"]
    assert {part.project for part in parts} == {task.project}


def test_a_repeat_with_a_mark_counts_from_completion(workspace: Workspace) -> None:
    assert add(workspace, repeat="after 3 days").repeat_from == "completion"
    assert add(workspace, repeat="every 3 days").repeat_from == "schedule"
    assert add(
        workspace, repeat="every day", repeat_from="schedule-not-past"
    ).repeat_from == ("schedule-not-past")


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""}, {"title": "   "}, {"title": "x", "due": "soonish"}, {"title": "x", "priority": 9},
        {"title": "x", "repeat": "now and then"}, {"title": "x", "repeat": "FREQ=MINUTELY"},
        {"title": "x", "estimate": "long"}, {"title": "x", "nope": 1}, {"title": "x" * 1001},
        {"title": "x", "parent": "zzzz"}, {"title": "x", "subtasks": ["a"] * 201},
        {"title": "x", "project": "/".join("abcdefgh" * 10)},
    ],
)  # fmt: skip
def test_what_cannot_be_added_changes_nothing(workspace: Workspace, values: dict) -> None:
    before = dump(workspace.vault)
    with pytest.raises(UserError):
        workspace.run("todo.add", values)

    assert not difference(before, dump(workspace.vault))


def test_hostile_text_is_harmless(workspace: Workspace) -> None:
    task = add(
        workspace,
        "a\x1b[2Jb\u202ec\n\td",
        notes="x\x00\x9b31m" + "y" * 1_000_000,
        tags=["\x1b]0;t"],
    )

    assert task.title == "a[2Jbc  d"
    assert "\x9b" not in task.notes
    assert len(task.notes) > 1_000_000
    assert all("\x1b" not in name for name in workspace.store.tag_names().values())


def test_editing_several_at_once(workspace: Workspace) -> None:
    one, other = add(workspace), add(workspace)
    run(workspace, "edit", one, other, due="friday", priority=1)

    assert {now(workspace, t).due for t in (one, other)} == {date(2026, 11, 27)}
    with pytest.raises(UserError, match="one title"):
        run(workspace, "edit", one, other, title="x")
    with pytest.raises(UserError, match="Say what"):
        run(workspace, "edit", one)


def test_clearing_fields(workspace: Workspace) -> None:
    task = add(workspace, due="today", due_time="18:00", project="Home", tags=["a"], estimate="1h",
               waiting_for="Bob", repeat="every day", people=["x"], scheduled="today")  # fmt: skip
    with pytest.raises(Refused, match="due day"):
        run(workspace, "edit", task, clear=["due"])
    run(
        workspace,
        "edit",
        task,
        clear="repeat,due,project,tags,estimate,waiting,people,scheduled",
    )
    left = now(workspace, task)

    assert (left.due, left.due_time, left.project, left.tags) == (None, None, None, ())
    assert (left.estimate, left.status, left.waiting_for, left.people) == (
        None,
        "open",
        "",
        (),
    )
    assert (left.repeat, left.repeat_day, left.scheduled) == ("", None, None)


def test_one_turn_becomes_a_task_of_its_own(workspace: Workspace) -> None:
    task = add(workspace, due="today", repeat="every monday")
    (alone,) = run(workspace, "edit", task, title="Only today", this_only=True)

    assert (alone.title, alone.due, alone.repeat, alone.series) == (
        "Only today",
        TODAY,
        "",
        task.id,
    )
    assert (now(workspace, task).due, now(workspace, task).title) == (
        date(2026, 11, 30),
        "Call Ada",
    )


def test_saying_the_same_rule_again_keeps_the_series(workspace: Workspace) -> None:
    task = add(workspace, due="2026-01-31", repeat="every month")
    run(workspace, "done", task)
    run(workspace, "edit", task, repeat=task.repeat, notes="x")

    assert now(workspace, task).repeat_anchor == date(2026, 1, 31)


# --- done, undone, drop, delete --------------------------------------------------------------


def test_done_remembers_when_and_whether_it_was_late(
    workspace: Workspace, clock: Clock
) -> None:
    late, fine = add(workspace, due="2026-11-22"), add(workspace, due="today")
    run(workspace, "done", late, fine)

    assert now(workspace, late).was_late
    assert not now(workspace, fine).was_late
    assert now(workspace, fine).done_at == clock.now
    assert titles(workspace, "done") == ["Call Ada", "Call Ada"]


def test_done_takes_open_parts_along(workspace: Workspace) -> None:
    task = add(workspace, subtasks=["a", "b"])
    parts = kin.children(workspace.store, [task.id])
    run(workspace, "done", parts[0])
    run(workspace, "done", task)

    assert {now(workspace, part).status for part in parts} == {"done"}
    workspace.run("undo")
    assert [now(workspace, part).status for part in parts] == ["done", "open"]


def test_marking_a_task_and_its_part_closes_each_once(workspace: Workspace) -> None:
    task = add(workspace, subtasks=["a"], repeat="every day", due="today")
    (part,) = kin.children(workspace.store, [task.id])
    run(workspace, "done", part, task)

    assert now(workspace, task).due == date(2026, 11, 24)
    assert workspace.store.count(queries.done()) == 2


def test_done_again_is_refused_politely(workspace: Workspace) -> None:
    task = add(workspace)
    run(workspace, "done", task)
    with pytest.raises(Refused, match="closed"):
        run(workspace, "done", task)
    with pytest.raises(Refused, match="not done"):
        run(workspace, "undone", add(workspace))
    with pytest.raises(UserError):
        workspace.run("todo.done", {"tasks": []})


def test_done_of_some_leaves_the_closed_ones(workspace: Workspace) -> None:
    one, other = add(workspace), add(workspace)
    run(workspace, "done", one)
    said: list[str] = []
    workspace.on_notify = said.append

    assert [task.id for task in run(workspace, "done", one, other)] == [other.id]
    assert said == ["1 task left as they were."]


def test_toggle_goes_both_ways(workspace: Workspace) -> None:
    one, other = add(workspace), add(workspace)
    run(workspace, "toggle", one)
    run(workspace, "toggle", one, other)
    assert {now(workspace, t).status for t in (one, other)} == {"done"}
    run(workspace, "toggle", one, other)
    assert {now(workspace, t).status for t in (one, other)} == {"open"}


def test_a_repeating_task_rolls_on_and_keeps_its_history(
    workspace: Workspace, clock: Clock
) -> None:
    task = add(
        workspace, "Water", due="today", repeat="every 2 days", subtasks=["can", "plants"]
    )
    for _ in range(3):
        (past,) = run(workspace, "done", task)
        assert (past.status, past.series, past.title) == ("done", task.id, "Water")
        assert {part.status for part in kin.children(workspace.store, [past.id])} == {
            "done"
        }
        clock.advance(days=2)

    assert now(workspace, task).due == date(2026, 11, 29)
    assert {part.status for part in kin.children(workspace.store, [task.id])} == {"open"}
    turns = workspace.run("todo.turns", {"task": task.id})
    assert [turn.due for turn in turns] == [date(2026, 11, 27), date(2026, 11, 25), TODAY]
    workspace.run("undo")
    assert now(workspace, task).due == date(2026, 11, 27)
    assert len(workspace.run("todo.turns", {"task": task.id})) == 2


def test_the_last_turn_is_just_done(workspace: Workspace) -> None:
    task = add(workspace, due="today", repeat="FREQ=DAILY;COUNT=2")
    run(workspace, "done", task)
    assert run(workspace, "done", task) == [now(workspace, task)]
    assert now(workspace, task).status == "done"


def test_skipping_a_day(workspace: Workspace) -> None:
    task = add(workspace, due="today", repeat="every day")
    run(workspace, "skip", task, day="tomorrow")
    assert now(workspace, task).due == TODAY
    run(workspace, "skip", task)

    assert now(workspace, task).due == date(2026, 11, 25)
    assert workspace.store.count(queries.done()) == 0
    with pytest.raises(Refused, match="repeat"):
        run(workspace, "skip", add(workspace))
    assert workspace.run("todo.next", {"task": task.id, "many": 2}) == [
        date(2026, 11, 25), date(2026, 11, 26),
    ]  # fmt: skip


def test_deleting_takes_parts_along_and_undo_brings_them_back(workspace: Workspace) -> None:
    task = add(workspace, subtasks=["a"])
    (part,) = kin.children(workspace.store, [task.id])
    workspace.run("todo.subtask", {"task": part.id, "title": "deep"})
    run(workspace, "delete", task, part)

    assert workspace.store.count(Query(Task)) == 0
    workspace.run("undo")
    assert workspace.store.count(Query(Task)) == 3
    run(workspace, "delete", task)
    with pytest.raises(Refused, match="trash"):
        run(workspace, "done", task)


def test_done_by_title(workspace: Workspace) -> None:
    for title in ("Buy milk", "buy bread", "Sell car"):
        add(workspace, title)
    workspace.run("todo.done-by-title", {"text": "BUY"})

    assert titles(workspace) == ["Sell car"]
    with pytest.raises(NotFound):
        workspace.run("todo.done-by-title", {"text": "BUY"})
    with pytest.raises(UserError):
        workspace.run("todo.done-by-title", {"text": " "})


# --- when ------------------------------------------------------------------------------------------


def test_time_blocks_follow_one_another(workspace: Workspace) -> None:
    one, other = add(workspace, estimate="90m"), add(workspace)
    run(workspace, "schedule", one, other, day="tomorrow", at="9:00")

    assert (now(workspace, one).scheduled_time, now(workspace, one).scheduled_length) == (
        time(9), timedelta(minutes=90),
    )  # fmt: skip
    assert now(workspace, other).scheduled_time == time(10, 30)
    run(workspace, "unschedule", one)
    assert now(workspace, one).scheduled is None
    with pytest.raises(Refused, match="not scheduled"):
        run(workspace, "unschedule", one)
    with pytest.raises(UserError):
        run(workspace, "schedule", one, day="tomorrow", length="25h")


def test_a_block_past_midnight_has_no_time(workspace: Workspace) -> None:
    one, other = add(workspace), add(workspace)
    run(workspace, "schedule", one, other, day="today", at="23:30", length="1h")

    assert now(workspace, other).scheduled_time is None


def test_deferring_hides_and_moves_what_was_before(
    workspace: Workspace, clock: Clock
) -> None:
    task = add(workspace, due="today", scheduled="today")
    run(workspace, "defer", task, until="friday")
    left = now(workspace, task)

    assert (left.start, left.due, left.scheduled) == (date(2026, 11, 27),) * 3
    assert titles(workspace) == titles(workspace, "today") == []
    clock.advance(days=4)
    assert titles(workspace, "today") == ["Call Ada"]
    with pytest.raises(UserError):
        run(workspace, "defer", task, until="today")


def test_waiting_comes_back(workspace: Workspace, clock: Clock) -> None:
    task = add(workspace, due="2026-12-24")
    run(workspace, "wait", task, who="Bob", until="tomorrow")

    assert titles(workspace, "waiting") == ["Call Ada"]
    assert titles(workspace) == titles(workspace, "today") == []
    clock.advance(days=1)
    assert titles(workspace, "today") == ["Call Ada"]
    run(workspace, "activate", task)
    assert (now(workspace, task).status, now(workspace, task).waiting_for) == ("open", "")


def test_someday_is_out_of_the_way(workspace: Workspace) -> None:
    task = add(workspace, due="today")
    run(workspace, "someday", task)

    assert titles(workspace, "today") == []
    assert titles(workspace, "someday") == ["Call Ada"]
    run(workspace, "activate", task)
    assert titles(workspace, "today") == ["Call Ada"]


def test_days_are_local_days(workspace: Workspace, clock: Clock) -> None:
    add(workspace, "x", due="today")
    clock.advance(hours=14)  # 22:30 UTC is 23:30 in Zurich
    assert titles(workspace, "overdue") == []
    clock.advance(hours=1)  # 00:30 in Zurich, still the 23rd in UTC
    assert titles(workspace, "overdue") == ["x"]


# --- where, what first -----------------------------------------------------------------------------


def test_moving_takes_the_family_along(workspace: Workspace) -> None:
    task = add(workspace, subtasks=["a"])
    run(workspace, "move", task, project="Home", section="Kitchen")
    (part,) = kin.children(workspace.store, [task.id])

    assert now(workspace, task).section == "Kitchen"
    assert part.project == now(workspace, task).project
    run(workspace, "move", task, project="inbox")
    assert titles(workspace, "inbox") == ["Call Ada"]


def test_tags_come_and_go(workspace: Workspace) -> None:
    task = add(workspace, tags=["a"])
    run(workspace, "tag", task, tags=["#b", "A"])
    assert len(now(workspace, task).tags) == 2
    run(workspace, "untag", task, tags=["a"])
    names = workspace.store.tag_names()

    assert [names[tag] for tag in now(workspace, task).tags] == ["b"]
    with pytest.raises(NotFound):
        run(workspace, "untag", task, tags=["nowhere"])


def test_a_blocked_task_steps_back_until_the_other_is_done(workspace: Workspace) -> None:
    first, then = add(workspace, "first"), add(workspace, "then", due="today")
    assert titles(workspace) == ["then", "first"]
    run(workspace, "depend", then, on=[first.id])

    assert now(workspace, then).blocked
    assert titles(workspace) == ["first", "then"]
    run(workspace, "done", first)
    assert not now(workspace, then).blocked
    run(workspace, "undone", first)
    assert now(workspace, then).blocked
    run(workspace, "delete", first)
    assert not now(workspace, then).blocked
    workspace.run("undo")
    run(workspace, "undepend", then)
    assert not now(workspace, then).blocked
    with pytest.raises(Refused):
        run(workspace, "undepend", then)


def test_circles_are_refused(workspace: Workspace) -> None:
    a, b, c = (add(workspace, title) for title in "abc")
    run(workspace, "depend", b, on=[a.id])
    run(workspace, "depend", c, on=[b.id])

    for task, on in ((a, c), (a, a), (a, b)):
        with pytest.raises(Refused):
            run(workspace, "depend", task, on=[on.id])
    assert not now(workspace, a).blocked


def test_a_task_is_no_part_of_itself(workspace: Workspace) -> None:
    a = add(workspace, "a")
    b = add(workspace, "b", parent=a.id)
    c = add(workspace, "c", parent=b.id)

    for task, parent in ((a, a), (a, b), (a, c)):
        with pytest.raises(Refused):
            run(workspace, "edit", task, parent=parent.id)
        with pytest.raises(Refused):
            run(workspace, "under", task, parent=parent.id)
    run(workspace, "top", b)
    assert now(workspace, b).parent is None


def test_parts_go_fifty_levels_deep(workspace: Workspace) -> None:
    task = add(workspace, "0")
    for depth in range(1, 50):
        task = add(workspace, str(depth), parent=task.id)
    with pytest.raises(Refused, match="50"):
        add(workspace, "50", parent=task.id)
    assert workspace.store.count(Query(Task)) == 50


def test_a_circle_of_parents_hangs_nothing(workspace: Workspace) -> None:
    a, b = add(workspace, "a"), add(workspace, "b")
    from msgspec.structs import replace

    workspace.store.put_many([replace(a, parent=b.id), replace(b, parent=a.id)])

    assert len(workspace.run("todo.show", {"task": a.id}).parents) == 1
    run(workspace, "done", a)
    assert {now(workspace, t).status for t in (a, b)} == {"done"}


def test_order_by_hand(workspace: Workspace, clock: Clock) -> None:
    tasks = []
    for title in "abcd":
        tasks.append(add(workspace, title))
        clock.advance(seconds=1)
    a, b, c, d = tasks
    assert titles(workspace, "inbox") == ["a", "b", "c", "d"]
    run(workspace, "reorder", d, where="before", other=b.id)
    assert titles(workspace, "inbox") == ["a", "d", "b", "c"]
    run(workspace, "reorder", a, where="after", other=c.id)
    assert titles(workspace, "inbox") == ["d", "b", "c", "a"]
    run(workspace, "reorder", c, a, where="before", other=d.id)
    assert titles(workspace, "inbox") == ["c", "a", "d", "b"]
    with pytest.raises(UserError):
        run(workspace, "reorder", a, where="after", other=a.id)


def test_order_by_hand_makes_room_where_there_is_none(workspace: Workspace) -> None:
    tasks = [add(workspace, title) for title in "abc"]  # the clock stands: all alike
    run(workspace, "reorder", tasks[2], where="before", other=tasks[1].id)

    assert titles(workspace, "inbox") == ["a", "c", "b"]


# --- how long, why, statistics ------------------------------------------------------------------------


def test_estimates_are_learned_from_done_tasks(workspace: Workspace) -> None:
    for minutes in (30, 60, 90):
        run(workspace, "done", add(workspace, "Call Ada", actual=f"{minutes}m"))
    task = add(workspace, "Call Ada")
    run(workspace, "estimate", task)

    assert now(workspace, task).estimate == timedelta(hours=1)
    run(workspace, "estimate", task, length="10m")
    assert now(workspace, task).estimate == timedelta(minutes=10)


def test_too_little_to_learn_from_is_said(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="three"):
        run(workspace, "estimate", add(workspace))


def test_time_spent_adds_up(workspace: Workspace) -> None:
    task = add(workspace)
    run(workspace, "spent", task, length="30m")
    run(workspace, "spent", task, length="1h")

    assert now(workspace, task).actual == timedelta(minutes=90)


def test_why_now(workspace: Workspace, clock: Clock) -> None:
    first = add(workspace, "first", due="today", priority=1, project="p", tags=["a"])
    run(workspace, "depend", add(workspace, "then"), on=[first.id])
    clock.advance(hours=1)
    found = workspace.run("todo.why", {"task": first.id})

    assert {name: value for name, value, _ in found.parts} == {
        "due": 8.8, "blocking": 8.0, "priority": 6.0, "project": 1.0, "tags": 0.8,
    }  # fmt: skip
    assert found.total == pytest.approx(24.6)


def test_sorted_by_urgency(workspace: Workspace) -> None:
    add(workspace, "calm", due="2026-12-24")
    add(workspace, "late", due="2026-11-20", priority=4)
    add(workspace, "urgent", priority=1, due="today")

    assert titles(workspace, sort="urgency") == ["urgent", "late", "calm"]


def test_statistics(workspace: Workspace) -> None:
    for due in ("2026-11-22", "today", "today", "tomorrow", "2026-11-30", "2026-12-01"):
        add(workspace, due=due)
    run(workspace, "done", add(workspace))
    run(workspace, "drop", add(workspace))
    found = workspace.run("todo.stats")

    assert (found.total, found.open, found.completed, found.dropped) == (8, 6, 1, 1)
    assert (found.overdue, found.today, found.upcoming, found.done_today) == (1, 2, 2, 1)


def test_filters_of_a_list(workspace: Workspace) -> None:
    add(workspace, "milk", tags=["home", "shop"], priority=1, project="Home", due="today")
    add(workspace, "bread", tags=["shop"], notes="with MILK", due="friday")

    assert titles(workspace, tags=["home"]) == ["milk"]
    assert titles(workspace, tags=["shop", "home"]) == ["milk"]
    assert titles(workspace, priority=1) == ["milk"]
    assert titles(workspace, project="home") == ["milk"]
    assert titles(workspace, search="milk") == ["milk", "bread"]
    assert titles(workspace, due_from="tomorrow") == ["bread"]
    assert titles(workspace, due_to="tomorrow") == ["milk"]
    assert titles(workspace, sort="title") == ["bread", "milk"]
    assert titles(workspace, limit=1) == ["milk"]
    for values in ({"tags": ["nowhere"]}, {"project": "nowhere"}):
        with pytest.raises(NotFound):
            titles(workspace, **values)


# --- projects and boards ---------------------------------------------------------------------------------


def test_projects(workspace: Workspace) -> None:
    workspace.run("todo.project-add", {"name": "Work", "color": "red"})
    workspace.run("todo.project-add", {"name": "Web", "parent": "Work"})
    add(workspace, project="Web", due="2026-11-01")
    run(workspace, "done", add(workspace, project="Web"))
    lines = workspace.run("todo.projects")

    assert [(p.path, p.depth, p.open, p.done, p.overdue) for p in lines] == [
        ("Work", 0, 0, 0, 0), ("Work/Web", 1, 1, 1, 1),
    ]  # fmt: skip
    with pytest.raises(Refused, match="already"):
        workspace.run("todo.project-add", {"name": "web", "parent": "work"})
    with pytest.raises(Refused, match="inside itself"):
        workspace.run("todo.project-edit", {"project": "Work", "parent": "Web"})
    workspace.run("todo.project-edit", {"project": "Web", "parent": "", "name": "Site"})
    assert sorted(p.path for p in workspace.run("todo.projects")) == ["Site", "Work"]


def test_archived_projects_are_out_of_sight(workspace: Workspace) -> None:
    workspace.run("todo.project-add", {"name": "Old"})
    workspace.run("todo.project-archive", {"project": "Old"})

    assert workspace.run("todo.projects") == []
    with pytest.raises(Refused, match="archived"):
        run(workspace, "move", add(workspace), project="Old")
    workspace.run("todo.project-archive", {"project": "Old", "back": True})
    assert len(workspace.run("todo.projects")) == 1


@pytest.mark.parametrize("with_tasks", [False, True])
def test_deleting_a_project(workspace: Workspace, with_tasks: bool) -> None:
    task = add(workspace, project="Work/Web", subtasks=["a"])
    workspace.run("todo.project-delete", {"project": "Work/Web", "with_tasks": with_tasks})

    assert (now(workspace, task).deleted is not None) == with_tasks
    assert titles(workspace, "inbox") == ([] if with_tasks else ["Call Ada"])
    workspace.run("undo")
    assert now(workspace, task) == task


def test_a_kanban_board_with_a_limit(workspace: Workspace) -> None:
    workspace.run(
        "todo.board-add", {"name": "Flow", "columns": ["To do", "Waiting:1", "Done"]}
    )
    tasks = [add(workspace, title) for title in "abc"]
    run(workspace, "board-move", *tasks[:2], board="Flow", column="waiting")
    run(workspace, "board-move", tasks[2], board="Flow", column="Done")
    shown = workspace.run("todo.board", {"board": "flow"})

    assert [[t.title for t in c.tasks] for c in shown.columns] == [[], ["a", "b"], ["c"]]
    assert [c.full for c in shown.columns] == [False, True, False]
    run(workspace, "board-move", tasks[2], board="Flow", column="To do")
    assert now(workspace, tasks[2]).status == "open"


def test_a_custom_board_remembers(workspace: Workspace) -> None:
    workspace.run(
        "todo.board-add", {"name": "Mine", "by": "custom", "columns": ["Idea", "Now:2"]}
    )
    task = add(workspace)
    run(workspace, "board-move", task, board="Mine", column="Idea")
    assert workspace.run("todo.board", {"board": "Mine"}).columns[0].total == 1
    workspace.run("todo.board-edit", {"board": "Mine", "columns": ["Now", "Idea", "Rest"]})
    shown = workspace.run("todo.board", {"board": "Mine"})

    assert [(c.name, c.total) for c in shown.columns] == [
        ("Now", 0),
        ("Idea", 1),
        ("Rest", 0),
    ]
    with pytest.raises(UserError, match="columns"):
        workspace.run("todo.board-add", {"name": "None", "by": "custom"})
    with pytest.raises(Refused, match="already"):
        workspace.run("todo.board-add", {"name": "mine"})
    workspace.run("todo.board-delete", {"board": "Mine"})
    assert workspace.store.count(Query(Board)) == 0


def test_a_priority_board_sets_priority_and_a_matrix_refuses(workspace: Workspace) -> None:
    workspace.run("todo.board-add", {"name": "P", "by": "priority"})
    workspace.run("todo.board-add", {"name": "M", "by": "matrix"})
    task = add(workspace)
    run(workspace, "board-move", task, board="P", column="Urgent")

    assert now(workspace, task).priority == 1
    name = workspace.run("todo.board", {"board": "M"}).columns[0].name
    with pytest.raises(Refused):
        run(workspace, "board-move", task, board="M", column=name)
    with pytest.raises(UserError, match="no column"):
        run(workspace, "board-move", task, board="P", column="Nowhere")


def test_a_scene_narrowed_to_a_tag_still_names_projects(workspace: Workspace) -> None:
    from msgspec.structs import replace

    add(workspace, project="Home")
    tag = workspace.store.tag_ids(["x"])
    narrowed = workspace.store.within(replace(workspace.store.scope, tags=tag))

    assert list(queries.paths(narrowed).values()) == ["Home"]


# --- the command line ------------------------------------------------------------------------------


def test_the_command_line(cli: Program) -> None:
    """Ids come first, then what is to happen to them."""
    for title in ("milk", "bread", "wine"):
        assert cli("todo", "add", title, "--tags", "shop", "--due", "tomorrow").code == 0
    listed = cli("todo", "list", "--json").json
    milk, bread, wine = (task["short"] for task in listed)
    assert [task["tags"] for task in listed] == [["shop"]] * 3

    for words in (
        ("defer", milk, bread, "friday"),
        ("tag", milk, "home"),
        ("depend", milk, bread),
        ("move", milk, bread, "Work/Shop"),
        ("priority", wine, "1"),
        ("wait", bread, "--who", "Bob Smith", "--until", "friday"),
        ("estimate", milk, "--length", "45m"),
        ("due", wine, "friday"),
        ("edit", wine, "--clear", "due", "--title", "red wine"),
        ("done", wine),
    ):
        done = cli("todo", *words)
        assert done.code == 0, f"{words}: {done.err}"
    shown = cli("todo", "show", milk).out
    assert "comes after" in shown
    assert "Work/Shop" in shown
    assert "red wine" in cli("todo", "list", "done").out
    assert cli("todo", "list", "done", "--plain").out.count("\t") == 7
    assert cli("todo", "done", wine).code == 1
    assert cli("todo", "done", "nothing").code == 1
    assert cli("todo", "list", "nowhere").code == 2
    assert cli("todo", "list", "overdue", "--fail-empty").code == 4


def test_a_list_cannot_steer_the_terminal(cli: Program) -> None:
    cli("todo", "add", "--", "a\x1b[2Jb\u202e\x07")
    said = cli("todo", "list")

    assert not {"\x1b", "\x07", "\u202e"} & set(said.out + said.err)
