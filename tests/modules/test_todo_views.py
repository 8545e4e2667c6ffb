"""Todo on screen: what the list, the board and the page of a task show and ask for."""

from __future__ import annotations

from typing import Any

import pytest

from mana_tui.workspace import Workspace
from modules.sdk.ui.glyphs import ASCII
from modules.sdk.ui.view import View
from modules.todo.model import Task
from modules.todo.views.board import BoardView
from modules.todo.views.detail import TaskDetail
from modules.todo.views.tasks import TasksView, as_tree
from storage.query import Query
from tests.ui.conftest import Bench, reads, settle, text_of  # noqa: F401 - a fixture

SIZE = (110, 24)


def add(workspace: Workspace, title: str, **values: Any) -> Task:
    return workspace.run("todo.add", {"title": title, **values})


@pytest.fixture
def some(workspace: Workspace) -> dict[str, Task]:
    """A task of each sort."""
    made = {
        "late": add(workspace, "Pay the bill", due="2026-11-20", priority=1),
        "today": add(
            workspace,
            "Call Ada",
            due="today",
            due_time="15:00",
            tags=["calls"],
            estimate="30m",
        ),
        "soon": add(workspace, "Send the offer", due="tomorrow", project="Work/Offers"),
        "far": add(workspace, "Wrap presents", due="2026-12-23"),
        "launch": add(workspace, "Launch", project="Work", subtasks=["Text", "Photos"]),
        "waiting": add(workspace, "Quote", waiting_for="Bob"),
        "someday": add(workspace, "Piano", someday=True),
        "done": add(workspace, "Bread"),
    }
    workspace.run("todo.done", {"tasks": [made["done"].id]})
    return made


class Keys(Bench):
    """The bench, with the keys these views have beside those of the list."""

    NAMES = Bench.NAMES | {
        "left_curly_bracket": "{",
        "right_curly_bracket": "}",
        "minus": "-",
    }


async def shown(view: View[Any], *keys: str, **words: Any) -> tuple[list[str], list[Any]]:
    """The screen after these keys, and what the view asked the shell for."""
    app = Keys(view, **words)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        for key in keys:
            await pilot.press(key)
            await settle(pilot)
        return [line.rstrip() for line in text_of(app)], list(app.said)


def rows(screen: list[str]) -> str:
    return "\n".join(screen[1:])


async def test_today_says_late_without_colour(
    workspace: Workspace, some: dict[str, Task]
) -> None:
    screen, _ = await shown(TasksView(workspace))

    assert "[Today" in screen[0]
    assert "Pay the bill" in screen[1]
    assert "▲ 3d late" in screen[1]
    assert "!!!" in screen[1]
    assert "today 15:00" in screen[2]
    assert "#calls" in screen[2]
    assert "30m" in screen[2]
    assert "offer" not in rows(screen)


async def test_upcoming_is_grouped_by_day(
    workspace: Workspace, some: dict[str, Task]
) -> None:
    screen, _ = await shown(TasksView(workspace), "right_parenthesis")

    assert screen[1].split() == ["Tomorrow,", "Tue", "24", "Nov", "1"]
    assert screen[3].split() == ["Wed", "23", "Dec", "1"]
    assert "Send the offer" in screen[2]
    assert "Offers" in screen[2]


async def test_parts_stand_under_their_task(
    workspace: Workspace, some: dict[str, Task]
) -> None:
    view = TasksView(workspace)
    view.restore({"tab": "projects"})
    screen, _ = await shown(view)
    at = next(i for i, line in enumerate(screen) if "Launch" in line)

    assert "Launch 0/2" in screen[at]
    assert "└ Text" in screen[at + 1]
    assert "└ Photos" in screen[at + 2]
    assert any(line.split() == ["Work/Offers", "1"] for line in screen)


@pytest.mark.parametrize(
    ("name", "title", "words"),
    [
        ("waiting", "Waiting", "→ Bob"),
        ("someday", "Someday", "◌"),
        ("done", "Done", "☑"),
        ("all", "All", "Wrap presents"),
    ],
)
async def test_the_other_tabs(
    workspace: Workspace, some: dict[str, Task], name: str, title: str, words: str
) -> None:
    view = TasksView(workspace)
    view.restore({"tab": name})
    screen, _ = await shown(view)

    assert f"[{title}" in screen[0]
    assert words in rows(screen)


async def test_an_empty_list_teaches(workspace: Workspace) -> None:
    screen, _ = await shown(TasksView(workspace))

    assert "Press a" in rows(screen)


async def test_the_filter_narrows(workspace: Workspace, some: dict[str, Task]) -> None:
    screen, _ = await shown(TasksView(workspace), "slash", *"ada", "enter")

    assert "Call Ada" in rows(screen)
    assert "Pay the bill" not in rows(screen)


async def test_marks_are_what_a_command_acts_on(
    workspace: Workspace, some: dict[str, Task]
) -> None:
    view = TasksView(workspace)
    app = Keys(view)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        await pilot.press("x", "x")
        assert view.selection().ids == (some["late"].id, some["today"].id)
        assert view.selection().record is Task


async def test_the_list_follows_commands(
    workspace: Workspace, some: dict[str, Task]
) -> None:
    view = TasksView(workspace)
    app = Keys(view)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        workspace.run("todo.done", {"tasks": [some["late"].id]})
        await settle(pilot)
        await pilot.pause(0.1)
        await settle(pilot)
        assert "Pay the bill" not in "\n".join(text_of(app))


async def test_moving_by_hand_asks_for_it(
    workspace: Workspace, some: dict[str, Task]
) -> None:
    _, said = await shown(TasksView(workspace), "right_curly_bracket")

    assert [(one.command_id, one.values) for one in said] == [
        (
            "todo.reorder",
            {"tasks": [some["late"].id], "where": "after", "other": some["today"].id},
        )
    ]


async def test_one_project_alone(workspace: Workspace, some: dict[str, Task]) -> None:
    screen, _ = await shown(TasksView(workspace, project="Work"))

    assert "Launch" in screen[0]
    assert "offer" not in rows(screen)


async def test_seven_bits_are_enough(workspace: Workspace, some: dict[str, Task]) -> None:
    workspace.run("todo.depend", {"tasks": [some["today"].id], "on": [some["far"].id]})
    for view in (TasksView(workspace), BoardView(workspace)):
        screen, _ = await shown(view, glyphs=ASCII)
        assert rows(screen).isascii()


async def test_ten_thousand_rows_read_one_page(workspace: Workspace, reads: Any) -> None:  # noqa: F811
    workspace.store.put_many(Task(title=f"Task {i}", order=float(i)) for i in range(10_000))
    reads.calls.clear()
    view = TasksView(workspace)
    view.restore({"tab": "all"})
    app = Keys(view)
    async with app.run_test(size=SIZE) as pilot:
        await settle(pilot)
        assert "Task 9999" in "\n".join(text_of(app))
        assert max(count for name, count in reads.calls if name in ("all", "many")) <= 128


# --- boards -------------------------------------------------------------------------------


async def test_a_board_shows_columns_side_by_side(
    workspace: Workspace, some: dict[str, Task]
) -> None:
    screen, _ = await shown(BoardView(workspace))

    assert ["To do", "Waiting", "Done"] == [
        word for word in ("To do", "Waiting", "Done") if word in screen[0]
    ]
    assert "Pay the bill" in screen[2]
    assert "Quote" in screen[2]
    assert "Bread" in screen[2]
    assert "▲ 3d late" in screen[3]


async def test_a_card_moves_to_the_next_column(
    workspace: Workspace, some: dict[str, Task]
) -> None:
    workspace.run("todo.board-add", {"name": "Flow"})
    _, said = await shown(BoardView(workspace), "j", "right_curly_bracket")
    (asked,) = said

    assert (asked.command_id, asked.values) == (
        "todo.board-move", {"tasks": [some["today"].id], "board": "Flow", "column": "Waiting"},
    )  # fmt: skip
    workspace.run(asked.command_id, asked.values)
    assert workspace.store.get(Task, some["today"].id).status == "waiting"


async def test_the_matrix(workspace: Workspace, some: dict[str, Task]) -> None:
    screen, said = await shown(
        BoardView(workspace, group_by="matrix"), "right_curly_bracket", "enter"
    )

    assert "Do now" in screen[0]
    assert "Pay the bill" in screen[2]
    assert [type(one) for one in said] == [View.Open]


async def test_walking_a_board(workspace: Workspace, some: dict[str, Task]) -> None:
    view = BoardView(workspace)
    app = Keys(view)
    async with app.run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        assert not view.perform("board.left")
        await pilot.press("l", "l")
        assert view.card is not None
        assert view.card.title == "Bread"
        assert not view.perform("board.right")
        assert "Bread" in "\n".join(text_of(app))
        await pilot.press("h", "h", "G")
        assert view.at[1] == len(view.columns[0].tasks) - 1
        await pilot.press("x")
        assert view.selection().ids == tuple(view.marks)
        assert view.back()
        assert not view.back()


async def test_an_empty_board(workspace: Workspace) -> None:
    screen, said = await shown(
        BoardView(workspace), "j", "l", "enter", "right_curly_bracket", "x", "G"
    )

    assert "A board shows tasks as cards" in "\n".join(screen)
    assert said == []


# --- one task ---------------------------------------------------------------------------------


async def test_a_task_whole(workspace: Workspace, some: dict[str, Task]) -> None:
    launch = some["launch"]
    workspace.run("todo.edit", {"tasks": [launch.id], "notes": "# Plan\nFirst the **text**", "due": "friday",
                                "repeat": "every 2 weeks", "remind": ["30m"]})  # fmt: skip
    workspace.run("todo.depend", {"tasks": [launch.id], "on": [some["today"].id]})
    app = Keys(TaskDetail(workspace, id=launch.id))
    async with app.run_test(size=(100, 60)) as pilot:
        await settle(pilot)
        text = "\n".join(text_of(app))

    for words in (
        "Launch", "Fri 27 Nov", "every 2 weeks", "30 min before", "Plan", "Parts 0/2", "☐ Text", "Photos",
        "Comes after", "Call Ada", "Why now?", "blocked", "-5.0", "Next days", "11 Dec",
    ):  # fmt: skip
        assert words in text, words
    assert "attention" not in text.lower()


async def test_editing_a_field_and_emptying_it(
    workspace: Workspace, some: dict[str, Task]
) -> None:
    view = TaskDetail(workspace, id=some["today"].id)
    app = Keys(view)
    async with app.run_test(size=(100, 40)) as pilot:
        await settle(pilot)
        assert view.edit("due")
        await settle(pilot)

        class Event:
            """What a form posts."""

            def __init__(self, values: dict[str, Any]) -> None:
                self.values = values
                self.form = view.query("Form").first()

            def stop(self) -> None:
                """Nobody else needs it."""

        view.on_form_done(Event({"tasks": [some["today"].id], "due": None}))
        await settle(pilot)
        (asked, *_) = [one for one in app.said if isinstance(one, View.Run)]

    assert (asked.command_id, asked.values) == (
        "todo.edit", {"tasks": [some["today"].id], "clear": ["due"]},
    )  # fmt: skip


async def test_saving_the_whole_form_unchanged_changes_nothing(
    workspace: Workspace, some: dict[str, Task]
) -> None:
    workspace.run(
        "todo.edit", {"tasks": [some["soon"].id], "repeat": "every month", "remind": ["1h"]}
    )
    before = workspace.store.all(Query(Task).order("id"))
    for task in (some["soon"], some["waiting"], some["done"]):
        view = TaskDetail(workspace, id=task.id)
        app = Keys(view)
        async with app.run_test(size=(100, 40)) as pilot:
            await settle(pilot)
            view.edit()
            await settle(pilot)
            (asked,) = [one for one in app.said if isinstance(one, View.Ask)]
        workspace.run(asked.command_id, asked.values)

    assert workspace.store.all(Query(Task).order("id")) == before


# --- trees ----------------------------------------------------------------------------------


def test_a_tree_keeps_everybody() -> None:
    order, depths = as_tree(
        [("c", "a", 1), ("a", None, 1), ("d", "c", 1), ("b", None, 1), ("e", "a", 2)]
    )
    assert order == ["a", "c", "d", "b", "e"]
    assert depths == {"c": 1, "d": 2}

    circle, _ = as_tree([("a", "b", 1), ("b", "a", 1), ("c", None, 1)])
    assert sorted(circle) == ["a", "b", "c"]
