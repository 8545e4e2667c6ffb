"""Whatever is done to tasks in whatever order: what follows from others stays true."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mana_tui.workspace import Workspace
from modules.todo import kin
from modules.todo.model import CLOSED, DEEPEST, Task
from storage.errors import UserError
from storage.query import Query

NAMES = "abc"
PICK = st.sampled_from(NAMES)
STEPS = st.one_of(
    st.tuples(st.sampled_from(["done", "undone", "toggle", "drop", "delete", "someday", "activate", "skip",
                               "undepend", "top"]), st.lists(PICK, min_size=1, max_size=2, unique=True)),
    st.tuples(st.just("depend"), PICK, PICK),
    st.tuples(st.just("under"), PICK, PICK),
    st.tuples(st.just("repeat"), PICK),
    st.tuples(st.sampled_from(["undo", "redo"])),
)  # fmt: skip


def act(workspace: Workspace, ids: dict[str, str], step: tuple[Any, ...]) -> None:
    name, *more = step
    if name in ("undo", "redo"):
        workspace.run(name)
    elif name == "depend":
        workspace.run("todo.depend", {"tasks": [ids[more[0]]], "on": [ids[more[1]]]})
    elif name == "under":
        workspace.run("todo.under", {"tasks": [ids[more[0]]], "parent": ids[more[1]]})
    elif name == "repeat":
        workspace.run("todo.edit", {"tasks": [ids[more[0]]], "repeat": "every day"})
    else:
        workspace.run(f"todo.{name}", {"tasks": [ids[one] for one in more[0]]})


def check(workspace: Workspace) -> None:
    tasks = {task.id: task for task in workspace.store.all(Query(Task))}
    behind = {
        link.to_id
        for link in kin.blocks(workspace.store, list(tasks))
        if link.from_id in tasks and tasks[link.from_id].live
    }
    for task in tasks.values():
        assert task.blocked == (task.live and task.id in behind), task.title
        assert (task.status in CLOSED) == (task.done_at is not None)
        assert task.attention is None or task.live
        assert not task.repeat or task.status in CLOSED or task.due is not None
        above = kin.ancestors(workspace.store, task)
        assert len(above) < DEEPEST
        assert task.id not in {one.id for one in above}


@settings(max_examples=30)
@given(st.lists(STEPS, min_size=8, max_size=14))
def test_any_order_of_commands(workspace: Workspace, steps: list[tuple[Any, ...]]) -> None:
    ids = {
        name: workspace.run("todo.add", {"title": name, "due": date(2026, 11, 23)}).id
        for name in NAMES
    }
    for step in steps:
        try:
            act(workspace, ids, step)
        except UserError:
            continue
        finally:
            check(workspace)
    for id in ids.values():
        task = workspace.store.find(Task, id)
        if task is not None and task.deleted is None:
            workspace.run("todo.delete", {"tasks": [id]})
