"""Boards: tasks as columns of cards."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

from modules.sdk.command import command
from modules.sdk.context import Context
from modules.sdk.field import Line, Ref, Title, says
from modules.todo import boards as rules
from modules.todo import queries
from modules.todo.commands.acting import Tasks, given, tag_ids
from modules.todo.model import Board, BoardColumn, GroupBy, Priority, Task
from storage.errors import Refused, UserError

MOST_COLUMNS = 30

Which = Annotated[str, says("a board's name or id"), msgspec.Meta(examples=["Kanban"])]
Columns = Annotated[
    tuple[Line, ...],
    says("names; `Doing:3` allows three tasks in it"),
    msgspec.Meta(examples=[["Waiting:3", "Done"]]),
]


class Cards(msgspec.Struct, frozen=True, kw_only=True):
    """One column as it is shown: its tasks, and whether there are too many."""

    name: str
    color: str
    limit: int
    full: bool
    total: int
    tasks: list[Task]


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A board with its columns filled."""

    board: Board
    columns: list[Cards]


@command("List boards", effect="read", show="modules.todo.show:boards")
def boards(context: Context) -> list[Board]:
    """Every board."""
    return queries.boards(context.store)


@command("Show board", effect="read", show="modules.todo.show:board")
def board(
    context: Context,
    board: Annotated[Which, msgspec.Meta(extra={"positional": True})] = "",
    limit: Annotated[int, msgspec.Meta(ge=1, le=10_000), says("cards a column")] = 20,
) -> Shown:
    """A board's columns with their cards; without a name the first board."""
    found = queries.board(context.store, board) if board else first_board(context)
    return filled(context, found, limit)


def first_board(context: Context) -> Board:
    """The first board there is, or a plain kanban that is not stored."""
    known = queries.boards(context.store)
    return known[0] if known else Board(name="Kanban", icon="▤", group_by="status")


def filled(context: Context, board: Board, limit: int) -> Shown:
    """A board with its tasks, at most `limit` a column."""
    names = context.store.tag_names()
    columns = rules.columns_of(board, tuple(names.items()))
    tasks = queries.board_tasks(context.store, board)
    places = rules.grouped(board, columns, tasks, context.today())
    return Shown(
        board=board,
        columns=[
            Cards(
                name=column.name, color=column.color, limit=column.limit,
                full=bool(column.limit) and len(found) > column.limit,
                total=len(found), tasks=found[:limit],
            )
            for column, found in zip(columns, places, strict=True)
        ],
    )  # fmt: skip


@command("Add board", name="board-add")
def board_add(
    context: Context,
    name: Title,
    *,
    by: Annotated[GroupBy, says("what makes the columns")] = "status",
    columns: Columns = (),
    project: Annotated[str, says("only tasks of this project")] = "",
    tags: Annotated[tuple[str, ...], says("only tasks with one of these tags")] = (),
    priorities: Annotated[tuple[Priority, ...], says("only these priorities")] = (),
    icon: Line = "",
) -> Board:
    """Add a board: by status, priority, due day, tag, your own columns, or a matrix."""
    if any(one.name.casefold() == name.casefold() for one in queries.boards(context.store)):
        raise Refused(f"There is a board {name!r} already.")
    if by == "custom" and not columns:
        raise UserError("A custom board needs columns.", hint="--columns Idea,Doing:3,Done")
    return context.store.put(
        Board(
            name=name, icon=icon, group_by=by, order=context.now().timestamp(),
            columns=_columns(context, Board(name=name, group_by=by), columns),
            project=queries.project(context.store, project).id if project else None,
            only_tags=tag_ids(context, tags) if tags else (),
            only_priorities=priorities,
        )
    )  # fmt: skip


@command("Edit board", name="board-edit")
def board_edit(
    context: Context,
    board: Which,
    name: Title | None = None,
    columns: Annotated[
        tuple[Line, ...] | None, says("all of them, in order; `Doing:3` limits")
    ] = None,
    icon: Line | None = None,
) -> Board:
    """Rename a board, or name its columns and their limits anew."""
    found = queries.board(context.store, board)
    said: dict[str, Any] = {"name": name, "icon": icon}
    fields = {key: value for key, value in said.items() if value is not None}
    if columns is not None:
        fields["columns"] = _columns(context, found, columns)
    if not fields:
        raise UserError("Say what to change.", hint="--name, --columns, --icon")
    return context.store.put(replace(found, **fields))


def _columns(
    context: Context, board: Board, texts: tuple[str, ...]
) -> tuple[BoardColumn, ...]:
    """Columns by name. Those a grouping brings keep their meaning; a custom board's keep
    their tasks."""
    if len(texts) > MOST_COLUMNS:
        raise UserError(f"A board has {MOST_COLUMNS} columns at most.")
    usual = rules.columns_of(board, tuple(context.store.tag_names().items()))
    known = {column.name.casefold(): column for column in usual}
    made: list[BoardColumn] = []
    for text in texts:
        name, _, limit = (
            text.rpartition(":") if text.rpartition(":")[2].isdigit() else (text, "", "")
        )
        column = known.get(name.strip().casefold())
        if column is None:
            if board.group_by != "custom":
                names = ", ".join(one.name for one in usual)
                raise UserError(
                    f"There is no column {name!r} here.", hint=f"columns: {names}"
                )
            column = BoardColumn(name=name.strip())
        made.append(replace(column, limit=min(int(limit or 0), 10_000)))
    return tuple(made)


@command("Delete board", name="board-delete")
def board_delete(context: Context, board: Which) -> Board:
    """Move a board to the trash; its tasks stay."""
    return context.store.delete(Board, queries.board(context.store, board).id)


@command("Move on a board", name="board-move", show="modules.todo.show:plain")
def board_move(
    context: Context,
    tasks: Tasks,
    board: Which,
    column: Annotated[
        str, says("the column's name"), msgspec.Meta(examples=["Waiting", "Done"])
    ],
) -> list[Task]:
    """Drop tasks on a column: it sets their status, priority, tag, or remembers them."""
    found = queries.board(context.store, board) if board else first_board(context)
    names = context.store.tag_names()
    columns = rules.columns_of(found, tuple(names.items()))
    at = next(
        (i for i, c in enumerate(columns) if c.name.casefold() == column.casefold()), None
    )
    if at is None:
        hint = ", ".join(one.name for one in columns)
        raise UserError(f"There is no column {column!r} here.", hint=f"columns: {hint}")
    if found.group_by in ("due", "matrix") and columns[at].sets_priority is None:
        raise Refused(
            "That column follows from the due day and the priority.",
            hint="mana todo due sets it",
        )
    return _drop(context, found, columns, at, given(context, tasks))


def _drop(
    context: Context,
    board: Board,
    columns: tuple[BoardColumn, ...],
    at: int,
    tasks: list[Task],
) -> list[Task]:
    stands_for = [column.value for column in columns if column.value]
    moved = [rules.dropped_on(board, columns[at], task, stands_for) for task in tasks]
    context.store.put_many(moved)
    if board.group_by == "custom":
        for task in tasks:
            board = rules.listed(board, task.id, at)
        context.store.put(board)
    status = columns[at].sets_status
    if status is not None:
        _set_status(context, moved, status)
    return context.store.many(Task, [task.id for task in tasks])


def _set_status(context: Context, tasks: list[Task], status: str) -> None:
    from modules.todo.commands import finishing, planning

    wanted: list[Ref[Task]] = [task.id for task in tasks if task.status != status]
    closed: list[Ref[Task]] = [task.id for task in tasks if not task.live]
    if not wanted:
        return
    if status in ("done", "dropped"):
        act = finishing.done if status == "done" else finishing.drop
        still = tuple(id for id in wanted if id not in closed)
        if still:
            act(context, still)
        return
    if closed:
        finishing.undone(context, tuple(closed))
    set_status = {"waiting": planning.wait, "someday": planning.someday}.get(
        status, planning.activate
    )
    set_status(context, tuple(wanted))
