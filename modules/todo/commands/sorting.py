"""Where tasks belong and what comes first: priority, tags, projects, order, dependencies."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal

import msgspec
from msgspec.structs import replace

from modules.sdk.command import command
from modules.sdk.context import Context
from modules.sdk.field import Duration, Ref, says
from modules.todo import kin
from modules.todo.commands.acting import (
    Named,
    Tasks,
    changed,
    given,
    one_task,
    project_named,
    refuse_loop,
    tag_ids,
    those,
    unblock,
)
from modules.todo.model import Priority, Task, between
from storage.errors import Refused, UserError
from storage.query import Query, col

INBOX = "inbox"
"""What the absence of a project is called."""


@command("Set priority", key="P", show="modules.todo.show:plain")
def priority(
    context: Context,
    tasks: Tasks,
    level: Annotated[Priority, says("1 urgent, 2 high, 3 medium, 4 low")],
) -> list[Task]:
    """Say how much tasks matter."""
    return changed(context, tasks, lambda task: replace(task, priority=level))


@command("Tag tasks", show="modules.todo.show:plain")
def tag(context: Context, tasks: Tasks, tags: Named) -> list[Task]:
    """Put tags on tasks; unknown ones are made."""
    ids = tag_ids(context, tags)
    return changed(
        context,
        tasks,
        lambda task: replace(task, tags=tuple(dict.fromkeys((*task.tags, *ids)))),
    )


@command("Untag tasks", show="modules.todo.show:plain")
def untag(context: Context, tasks: Tasks, tags: Named) -> list[Task]:
    """Take tags off tasks."""
    ids = tag_ids(context, tags, create=False)
    return changed(
        context,
        tasks,
        lambda task: replace(task, tags=tuple(t for t in task.tags if t not in ids)),
    )


@command("Move to project", key="M", show="modules.todo.show:plain")
def move(
    context: Context,
    tasks: Tasks,
    project: Annotated[str, says("a project's name, or inbox")],
    section: Annotated[str, says("a section of it")] = "",
) -> list[Task]:
    """Move tasks and their subtasks to a project, made where missing, or to the inbox."""
    found = given(context, tasks)
    target = (
        None
        if project.strip().casefold() in ("", INBOX)
        else project_named(context, project)
    )
    if target is not None and target.archived:
        raise Refused(f"The project {target.name!r} is archived.")
    if target is not None and section and section not in target.sections:
        context.store.put(replace(target, sections=(*target.sections, section)))
    family = {task.id: task for task in found}
    for task in found:
        family |= {one.id: one for one in kin.descendants(context.store, task.id)}
    id = target.id if target else None
    context.store.put_many(
        [
            replace(one, project=id, section=section if one.id in tasks else "")
            for one in family.values()
        ]
    )
    return context.store.many(Task, [task.id for task in found])


@command("Make subtasks", show="modules.todo.show:plain")
def under(context: Context, tasks: Tasks, parent: Ref[Task]) -> list[Task]:
    """Make tasks parts of another one."""
    above = one_task(context, parent)
    for task in given(context, tasks):
        refuse_loop(context, task.id, above)
    return changed(
        context, tasks, lambda task: replace(task, parent=above.id, project=above.project)
    )


@command("Make top-level", show="modules.todo.show:plain")
def top(context: Context, tasks: Tasks) -> list[Task]:
    """Take tasks out of the task they are a part of."""
    found = given(context, tasks)
    parts = those(
        context, found, lambda task: task.parent is not None, "{} is not a subtask."
    )
    return context.store.put_many([replace(task, parent=None) for task in parts])


# --- order by hand ----------------------------------------------------------------------------


@command("Move in order", show="modules.todo.show:plain")
def reorder(
    context: Context,
    tasks: Tasks,
    where: Annotated[Literal["before", "after"], says("which side")],
    other: Annotated[Ref[Task], says("of which task")],
) -> list[Task]:
    """Put tasks before or after another one, in the order of their list by hand."""
    found = given(context, tasks)
    target = one_task(context, other)
    if target.id in tasks:
        raise UserError("A task cannot be put beside itself.")
    return [
        context.store.put(replace(task, order=_place(context, target, where, task)))
        for task in (found if where == "before" else found[::-1])
    ]


def _place(context: Context, target: Task, where: str, moving: Task) -> float:
    """An order between the target and its neighbour, making room where there is none."""
    beside = _neighbour(context, target, where, moving)
    low, high = (beside, target) if where == "before" else (target, beside)
    place = between(low.order if low else None, high.order if high else None)
    if place is not None:
        return place
    fresh = _spread(context, target)
    return _place(context, fresh, where, moving)


def _neighbour(context: Context, target: Task, where: str, moving: Task) -> Task | None:
    siblings = Query(Task).where(_same_list(target), col("id") != moving.id)
    if where == "before":
        query = siblings.where(col("order") <= target.order).order("-order")
    else:
        query = siblings.where(col("order") >= target.order).order("order")
    return context.store.first(query.where(col("id") != target.id))


def _same_list(target: Task):
    beside = col("project") == target.project if target.project else col("project").empty()
    return beside & (col("status") == target.status)


def _spread(context: Context, target: Task) -> Task:
    """Number a list by whole steps: nothing moves, but there is room again."""
    siblings = context.store.all(Query(Task).where(_same_list(target)).order("order"))
    first = siblings[0].order
    context.store.put_many(
        [replace(task, order=first + at) for at, task in enumerate(siblings)]
    )
    return context.store.get(Task, target.id)


# --- dependencies ------------------------------------------------------------------------------


@command("Depend on", key="b", show="modules.todo.show:plain")
def depend(
    context: Context,
    tasks: Tasks,
    on: Annotated[
        tuple[Ref[Task], ...], msgspec.Meta(min_length=1), says("what comes first")
    ],
) -> list[Task]:
    """Say that tasks must wait until others are done; they step back in every list."""
    found = given(context, tasks)
    put_behind(context, found, given(context, on))
    return context.store.many(Task, [task.id for task in found])


def put_behind(context: Context, tasks: list[Task], first: list[Task]) -> None:
    """Link tasks behind others; refuses circles."""
    waiting = those(context, tasks, lambda task: task.live, "{} is closed; it cannot wait.")
    for task in waiting:
        for one in first:
            if kin.comes_before(context.store, task.id, one.id):
                raise Refused(f"{one.title!r} waits for {task.title!r} already.")
            context.store.link(one, "blocks", task)
    unblock(context, [task.id for task in waiting])


@command("Depend no longer", show="modules.todo.show:plain")
def undepend(
    context: Context,
    tasks: Tasks,
    on: Annotated[tuple[Ref[Task], ...], says("only these; default: all")] = (),
) -> list[Task]:
    """Let tasks no longer wait for others."""
    ids = [task.id for task in given(context, tasks)]
    links = [
        link
        for link in kin.blocks(context.store, ids)
        if link.to_id in ids and (not on or link.from_id in on)
    ]
    if not links:
        raise Refused("They wait for no other task.")
    for link in links:
        context.store.unlink(link)
    unblock(context, ids)
    return context.store.many(Task, ids)


# --- how long ------------------------------------------------------------------------------------


@command("Estimate", show="modules.todo.show:plain")
def estimate(
    context: Context,
    tasks: Tasks,
    length: Annotated[Duration | None, says("default: learned from done tasks")] = None,
) -> list[Task]:
    """Say how long tasks will take, or let it be learned from similar ones that are done."""
    if length is not None and length <= timedelta():
        raise UserError("An estimate is longer than nothing.")
    from modules.todo.learning import guess

    estimated: list[Task] = []
    for task in given(context, tasks):
        found = length
        if found is None:
            learned = guess(context.store, task)
            if learned is None:
                raise Refused(
                    "There are fewer than three done tasks of known length to learn from.",
                    hint=f"mana todo estimate {task.short} --length 45m",
                )
            found = learned.length
        estimated.append(replace(task, estimate=found))
    return context.store.put_many(estimated)


@command("Log time spent", show="modules.todo.show:plain")
def spent(
    context: Context,
    tasks: Tasks,
    length: Annotated[Duration, says("how long, added to what there is")],
) -> list[Task]:
    """Add time that tasks took."""
    if length <= timedelta():
        raise UserError("Time spent is longer than nothing.")
    return changed(
        context,
        tasks,
        lambda task: replace(task, actual=(task.actual or timedelta()) + length),
    )
