"""What every command on tasks starts and ends with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated

import msgspec
from msgspec.structs import replace

from modules.sdk.context import Context
from modules.sdk.field import Ref, says
from modules.todo import kin, queries
from modules.todo.model import DEEPEST, Project, Task
from storage.clean import clean_line
from storage.errors import Refused, UserError

Tasks = Annotated[tuple[Ref[Task], ...], msgspec.Meta(min_length=1), says("ids of tasks")]
Named = Annotated[
    tuple[str, ...],
    says("names, without #"),
    msgspec.Meta(examples=[["home"], ["errands", "calls"]]),
]
Last = msgspec.Meta(extra={"positional": True})


def given(context: Context, ids: Sequence[str]) -> list[Task]:
    """The tasks of these ids, each once; refuses ids of nothing and of the trash."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise UserError(
            "Say which tasks.", hint="ids are the first column of: mana todo list"
        )
    found = {task.id: task for task in context.store.many(Task, wanted)}
    for id in wanted:
        task = found.get(id) or context.store.get(Task, id)
        if task.deleted is not None:
            raise Refused(
                f"{task.title!r} is in the trash.", hint=f"mana trash restore {task.short}"
            )
        found[id] = task
    return [found[id] for id in wanted]


def changed(
    context: Context, ids: Sequence[str], change: Callable[[Task], Task]
) -> list[Task]:
    """Put a changed value of each of these tasks."""
    return context.store.put_many([change(task) for task in given(context, ids)])


def those(
    context: Context, tasks: Sequence[Task], fits: Callable[[Task], bool], otherwise: str
) -> list[Task]:
    """The tasks a command can do something with; the others are mentioned and left alone.

    Refused with `otherwise` when there is none; `{}` in it stands for the first title.
    """
    found = [task for task in tasks if fits(task)]
    if not found:
        first = tasks[0]
        raise Refused(
            otherwise.format(f"{first.title[:80]!r}"), hint=f"mana todo show {first.short}"
        )
    if len(found) < len(tasks):
        left = len(tasks) - len(found)
        context.notify(f"{left} task{'' if left == 1 else 's'} left as they were.")
    return found


def live(context: Context, ids: Sequence[str], verb: str) -> list[Task]:
    """Those of these tasks that are not done or dropped; Refused when all are."""
    return those(
        context,
        given(context, ids),
        lambda task: task.live,
        f"{{}} is closed; it cannot be {verb}.",
    )


def changed_live(
    context: Context, ids: Sequence[str], verb: str, change: Callable[[Task], Task]
) -> list[Task]:
    """Put a changed value of each of these tasks that is not closed."""
    return context.store.put_many([change(task) for task in live(context, ids, verb)])


def tag_ids(
    context: Context, names: Iterable[str], *, create: bool = True
) -> tuple[str, ...]:
    """Ids of tags by name with or without `#`; UserError for a name that says nothing."""
    wanted = [clean_line(name).strip().lstrip("#").strip() for name in names]
    if not all(wanted):
        raise UserError("A tag has a name.", hint="mana tag list shows them")
    return context.store.tag_ids(wanted, create=create)


def unblock(context: Context, ids: Iterable[str]) -> None:
    """Write `blocked` anew for tasks that stand behind others."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return
    store = context.store
    links = [link for link in kin.blocks(store, wanted) if link.to_id in wanted]
    ahead = store.many(Task, list({link.from_id for link in links}))
    alive = {task.id for task in ahead if task.live and task.deleted is None}
    behind = {link.to_id for link in links if link.from_id in alive}
    tasks = [task for task in store.many(Task, wanted) if task.deleted is None]
    store.put_many(
        [
            replace(task, blocked=task.id in behind)
            for task in tasks
            if task.live and task.blocked != (task.id in behind)
        ]
    )


def unblock_behind(context: Context, ids: Sequence[str]) -> None:
    """Write `blocked` anew for whatever waits for these tasks."""
    links = kin.blocks(context.store, ids)
    unblock(context, [link.to_id for link in links if link.from_id in ids])


def project_named(context: Context, name: str) -> Project:
    """The project of a name such as `Work/Website`, made with its parents where missing."""
    found = queries.find_project(context.store, name)
    if found is not None:
        return found
    names = [part.strip() for part in name.split("/") if part.strip()]
    if not names or len(names) > DEEPEST or any(len(part) > 200 for part in names):
        raise UserError(
            "That is no name for a project.", hint="such as: Home, Work/Website"
        )
    above: Project | None = None
    for depth in range(len(names)):
        here = queries.find_path(context.store, "/".join(names[: depth + 1]))
        above = here or context.store.put(
            Project(
                name=names[depth],
                parent=above.id if above else None,
                order=context.now().timestamp(),
            )
        )
    assert above is not None
    return above


def one_task(context: Context, id: str) -> Task:
    """One task that is not in the trash."""
    return given(context, [id])[0]


def refuse_loop(context: Context, task: str | None, parent: Task) -> None:
    """Refused when a task would be its own ancestor, or lie too deep."""
    above = kin.ancestors(context.store, parent)
    if task is not None and task in {parent.id, *(one.id for one in above)}:
        raise Refused("A task cannot be a subtask of itself.")
    if len(above) + 1 >= DEEPEST:
        raise Refused(f"Subtasks go {DEEPEST} levels deep at most.")
