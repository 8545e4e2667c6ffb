"""How a board sorts tasks into columns. Pure: tasks in, columns of tasks out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Literal, get_args

from msgspec.structs import replace

from modules.todo.model import MEDIUM, PRIORITIES, Board, BoardColumn, Task

Bucket = Literal["overdue", "today", "tomorrow", "week", "later", "none"]
BUCKETS: tuple[Bucket, ...] = get_args(Bucket)
Quadrant = Literal["do", "plan", "delegate", "drop"]
QUADRANTS: tuple[Quadrant, ...] = get_args(Quadrant)
QUADRANT_TITLES = {
    "do": "Do now: important, urgent",
    "plan": "Plan: important",
    "delegate": "Hand over: urgent",
    "drop": "Let go: neither",
}
URGENT_DAYS = 3
WEEK = 7


def bucket(due: date | None, today: date) -> Bucket:
    """Which due column a day falls into; `week` is within seven days but not tomorrow."""
    if due is None:
        return "none"
    days = (due - today).days
    if days < 0:
        return "overdue"
    if days < 2:
        return "today" if days == 0 else "tomorrow"
    return "week" if days <= WEEK else "later"


def quadrant(task: Task, today: date) -> Quadrant:
    """Eisenhower: important is urgent or high priority; urgent is past or due in 3 days."""
    important = task.priority <= 2
    urgent = task.due is not None and (task.due - today).days <= URGENT_DAYS
    if important:
        return "do" if urgent else "plan"
    return "delegate" if urgent else "drop"


def default_columns(
    board: Board, tags: Sequence[tuple[str, str]] = ()
) -> tuple[BoardColumn, ...]:
    """The columns of a board that has none of its own; `tags` are (id, name)."""
    if board.group_by == "status":
        return (
            BoardColumn(name="To do", value="open", sets_status="open"),
            BoardColumn(name="Waiting", value="waiting", sets_status="waiting"),
            BoardColumn(name="Done", value="done", sets_status="done"),
        )
    if board.group_by == "priority":
        return tuple(
            BoardColumn(name=name.capitalize(), value=str(rank), sets_priority=rank)
            for rank, name in PRIORITIES.items()
        )
    if board.group_by == "due":
        return tuple(BoardColumn(name=name.capitalize(), value=name) for name in BUCKETS)
    if board.group_by == "matrix":
        return tuple(BoardColumn(name=QUADRANT_TITLES[q], value=q) for q in QUADRANTS)
    if board.group_by == "tag":
        named = tuple(BoardColumn(name=name, value=id) for id, name in tags)
        return (*named, BoardColumn(name="Untagged"))
    return (BoardColumn(name="To do"),)


def columns_of(
    board: Board, tags: Sequence[tuple[str, str]] = ()
) -> tuple[BoardColumn, ...]:
    """A board's own columns, or those its grouping brings."""
    return board.columns or default_columns(board, tags)


def shows(board: Board, task: Task) -> bool:
    """Whether a task belongs on a board at all: its filter, and only a status board
    shows closed ones."""
    if board.group_by != "status" and not task.live:
        return False
    if board.only_priorities and task.priority not in board.only_priorities:
        return False
    if board.project and task.project != board.project:
        return False
    return not board.only_tags or bool(set(board.only_tags) & set(task.tags))


def grouped(
    board: Board, columns: Sequence[BoardColumn], tasks: Iterable[Task], today: date
) -> list[list[Task]]:
    """The tasks of each column, in the order given.

    A tag board shows a task under each of its tags. On a custom board what no column
    lists is in the last one.
    """
    places: list[list[Task]] = [[] for _ in columns]
    where = _FINDERS[board.group_by]
    for task in tasks:
        if shows(board, task):
            for index in where(columns, task, today):
                places[index].append(task)
    return places


def _by_status(columns: Sequence[BoardColumn], task: Task, today: date) -> list[int]:
    found = _with(columns, task.status)
    if not found and task.status == "dropped":
        return []
    return found or _with(columns, "open" if task.live else "done")


def _by_priority(columns: Sequence[BoardColumn], task: Task, today: date) -> list[int]:
    return _with(columns, str(task.priority))


def _by_due(columns: Sequence[BoardColumn], task: Task, today: date) -> list[int]:
    return _with(columns, bucket(task.due, today))


def _by_quadrant(columns: Sequence[BoardColumn], task: Task, today: date) -> list[int]:
    return _with(columns, quadrant(task, today))


def _by_tag(columns: Sequence[BoardColumn], task: Task, today: date) -> list[int]:
    found = [i for i, column in enumerate(columns) if column.value in task.tags]
    return found or _with(columns, "")


def _by_list(columns: Sequence[BoardColumn], task: Task, today: date) -> list[int]:
    found = [i for i, column in enumerate(columns) if task.id in column.tasks]
    return found[:1] or ([len(columns) - 1] if columns else [])


def _with(columns: Sequence[BoardColumn], value: str) -> list[int]:
    return [i for i, column in enumerate(columns) if column.value == value][:1]


_FINDERS: dict[str, Callable[[Sequence[BoardColumn], Task, date], list[int]]] = {
    "status": _by_status,
    "priority": _by_priority,
    "due": _by_due,
    "matrix": _by_quadrant,
    "tag": _by_tag,
    "custom": _by_list,
}


def listed(board: Board, task: str, column: int) -> Board:
    """A custom board with a task in one column and out of every other."""
    columns = tuple(
        replace(
            one,
            tasks=tuple(t for t in one.tasks if t != task)
            + ((task,) if i == column else ()),
        )
        for i, one in enumerate(board.columns)
    )
    return replace(board, columns=columns)


def dropped_on(board: Board, column: BoardColumn, task: Task, tags: Iterable[str]) -> Task:
    """What a task becomes by being dropped on a column, status and done aside.

    `tags` are those that other columns of a tag board stand for.
    """
    if column.sets_priority is not None:
        task = replace(task, priority=column.sets_priority)
    elif board.group_by == "priority":
        task = replace(task, priority=int(column.value or MEDIUM))
    if board.group_by == "tag":
        others = set(tags) - {column.value}
        kept = tuple(t for t in task.tags if t not in others)
        added = (column.value,) if column.value and column.value not in kept else ()
        task = replace(task, tags=kept + added)
    return task
