"""Done, undone, dropped, skipped, deleted."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec.structs import replace

from modules.sdk.command import command
from modules.sdk.context import Context
from modules.sdk.field import says
from modules.todo import kin
from modules.todo.commands.acting import (
    Tasks,
    given,
    live,
    those,
    unblock,
    unblock_behind,
)
from modules.todo.model import LIVE, Task, finished, moved, reopened
from storage.errors import NotFound, Refused, UserError
from storage.query import Query, col
from storage.record import new_id


@command("Complete tasks", show="modules.todo.show:finished")
def done(context: Context, tasks: Tasks) -> list[Task]:
    """Mark tasks and their open subtasks as done; a repeating one moves on to its next day."""
    return _close(context, live(context, tasks, "done again"), dropped=False)


@command("Drop tasks", key="Q", show="modules.todo.show:finished")
def drop(context: Context, tasks: Tasks) -> list[Task]:
    """Close tasks without having done them; they stay in the history as dropped."""
    return _close(context, live(context, tasks, "dropped"), dropped=True)


@command("Reopen tasks", show="modules.todo.show:plain")
def undone(context: Context, tasks: Tasks) -> list[Task]:
    """Take tasks back from done or dropped."""
    found = those(
        context, given(context, tasks), lambda task: not task.live, "{} is not done."
    )
    return _reopen(context, found)


@command("Complete or reopen", key="space", show="modules.todo.show:finished")
def toggle(context: Context, tasks: Tasks) -> list[Task]:
    """Complete tasks that are open; if all are closed already, reopen them."""
    found = given(context, tasks)
    opened = [task for task in found if task.live]
    return _close(context, opened, dropped=False) if opened else _reopen(context, found)


@command("Skip one turn", show="modules.todo.show:plain")
def skip(
    context: Context,
    tasks: Tasks,
    day: Annotated[date | None, says("which day; default: the one it is due on")] = None,
) -> list[Task]:
    """Leave out one day of repeating tasks, for good; the rest of the series stays."""
    from modules.todo.repeat import skipped

    found = live(context, tasks, "skipped")
    repeating = those(context, found, lambda task: bool(task.repeat), "{} does not repeat.")
    left: list[Task] = []
    for task in repeating:
        rest = skipped(task, day)
        if rest is None:
            raise Refused(
                f"That is the last day of {task.title!r}.",
                hint=f"mana todo drop {task.short}",
            )
        left.append(rest)
    return context.store.put_many(left)


@command("Delete tasks", key="d", show="modules.todo.show:deleted")
def delete(context: Context, tasks: Tasks) -> list[Task]:
    """Move tasks and their subtasks to the trash."""
    found = given(context, tasks)
    gone = [context.store.delete(Task, task.id) for task in found if _still(context, task)]
    unblock_behind(context, [task.id for task in found])
    return gone


def _still(context: Context, task: Task) -> bool:
    """Whether a task was not deleted together with its parent a moment ago."""
    return context.store.get(Task, task.id).deleted is None


# --- closing and reopening --------------------------------------------------------------


def _close(context: Context, tasks: list[Task], *, dropped: bool) -> list[Task]:
    chosen = {task.id for task in tasks}
    closed: list[Task] = []
    for task in tasks:
        above = kin.ancestors(context.store, task) if task.parent else []
        if not chosen.isdisjoint(one.id for one in above):
            continue  # its parent takes it along
        closed += _close_one(context, task, dropped=dropped)
    unblock_behind(context, [*chosen, *(task.id for task in closed)])
    return closed


def _close_one(context: Context, task: Task, *, dropped: bool) -> list[Task]:
    family = kin.descendants(context.store, task.id)
    if task.repeat:
        from modules.todo.repeat import rolled

        turn = rolled(task, context.now(), context.today(), dropped=dropped)
        if turn is not None:
            return _roll(context, task, *turn, family)
    now, today = context.now(), context.today()
    alive = [one for one in family if one.live]
    context.store.put_many([finished(one, now, today, dropped=dropped) for one in alive])
    return [context.store.put(finished(task, now, today, dropped=dropped))]


def _roll(
    context: Context, before: Task, past: Task, ahead: Task, family: list[Task]
) -> list[Task]:
    """Store the finished turn with copies of its subtasks, and begin the next turn."""
    step = (ahead.due - before.due).days if ahead.due and before.due else 0
    names = {before.id: past.id} | {one.id: new_id() for one in family}
    now, today = context.now(), context.today()
    copies = [
        replace(
            one if not one.live else finished(one, now, today, dropped=past.status == "dropped"),
            id=names[one.id], short="", parent=names.get(one.parent or ""), series=one.id,
            repeat="", repeat_anchor=None, repeat_day=None, repeat_skips=(), remind=(),
        )
        for one in family
    ]  # fmt: skip
    context.store.put_many([past, *copies])
    context.store.put_many(
        [ahead, *(reopened(moved(replace(one, actual=None), step)) for one in family)]
    )
    return [context.store.get(Task, past.id)]


def _reopen(context: Context, tasks: list[Task]) -> list[Task]:
    stored = context.store.put_many([reopened(task) for task in tasks])
    ids = [task.id for task in stored]
    unblock_behind(context, ids)
    unblock(context, ids)
    return context.store.many(Task, ids)


MOST_BY_TITLE = 100


@command("Complete by title", name="done-by-title", show="modules.todo.show:finished")
def done_by_title(
    context: Context,
    text: Annotated[
        str,
        says("a part of the title, in any case"),
        msgspec.Meta(examples=["bake", "the", "water"]),
    ],
) -> list[Task]:
    """Mark every open task whose title holds this text as done."""
    wanted = text.strip()
    if not wanted:
        raise UserError("Say what the title holds.")
    query = Query(Task).where(col("status").one_of(LIVE), col("title").contains(wanted))
    found = context.store.all(query.limit(MOST_BY_TITLE + 1))
    if not found:
        raise NotFound(f"No open task has {wanted!r} in its title.")
    if len(found) > MOST_BY_TITLE:
        raise Refused(f"More than {MOST_BY_TITLE} tasks match; say more of the title.")
    return _close(context, found, dropped=False)
