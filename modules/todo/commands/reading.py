"""Commands that only look."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Annotated, Literal

import msgspec

from modules.sdk.command import command
from modules.sdk.context import Context
from modules.sdk.field import Ref, says
from modules.todo import kin, queries
from modules.todo.commands.acting import Last, one_task
from modules.todo.model import Priority, Task
from modules.todo.queries import Stats, ViewName
from storage.errors import Refused
from storage.query import Query, col

Sort = Literal[
    "", "due", "priority", "urgency", "title", "created", "updated", "order", "project",
    "done", "estimate", "scheduled",
]  # fmt: skip
Group = Literal["", "day", "project", "priority", "status"]
RANKED = 5000
"""How many tasks are weighed when they are sorted by urgency."""


class Listed(list[Task]):
    """Tasks, and how they were asked for: the formatter wants to know."""

    def __init__(
        self, tasks: Iterable[Task], view: str, group: Group, *, more: bool
    ) -> None:
        super().__init__(tasks)
        self.view = view
        self.group = group
        self.more = more


@command("List tasks", effect="read", show="modules.todo.show:task_list")
def list_(
    context: Context,
    view: Annotated[ViewName, Last, says("which list")] = "open",
    *,
    project: Annotated[str | None, says("only of this project")] = None,
    tags: Annotated[tuple[str, ...], says("only with all of these tags")] = (),
    priority: Annotated[Priority | None, says("only of this priority")] = None,
    search: Annotated[str, says("only with this text in title or notes")] = "",
    due_from: Annotated[date | None, says("due on this day or later")] = None,
    due_to: Annotated[date | None, says("due on this day or earlier")] = None,
    sort: Annotated[Sort, says("instead of the list's own order")] = "",
    group: Annotated[Group, says("under headings")] = "",
    limit: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 50,
) -> list[Task]:
    """Tasks of a view, narrowed and sorted."""
    store, today = context.store, context.today()
    wanted = queries.find_tags(store, tags)
    query = queries.narrowed(
        queries.view(view, today),
        project=queries.project(store, project).id if project else None,
        tags=wanted,
        priority=priority,
        text=search,
        due_from=due_from,
        due_to=due_to,
    )
    if sort == "urgency":
        ranked = kin.by_urgency(store, store.all(query.limit(RANKED)), today)
        return Listed(ranked[:limit], view, group, more=len(ranked) > limit)
    if sort:
        query = query.order(*queries.SORTS[sort])
    tasks = store.all(query.limit(limit + 1))
    return Listed(tasks[:limit], view, group, more=len(tasks) > limit)


class TaskPage(msgspec.Struct, frozen=True, kw_only=True):
    """A task with what belongs to it."""

    task: Task
    project: str
    parents: list[Task]
    subtasks: list[Task]
    blockers: list[Task]
    blocks: list[Task]
    next_days: list[date]
    turns: int


@command("Show task", effect="read", show="modules.todo.show:page")
def show(context: Context, task: Ref[Task]) -> TaskPage:
    """A task with its subtasks, what it waits for, and its next days."""
    found = context.store.get(Task, task)
    return page(context, found)


def page(context: Context, task: Task) -> TaskPage:
    """What is shown of one task."""
    store = context.store
    upcoming: list[date] = []
    if task.repeat:
        from modules.todo.repeat import next_days

        upcoming = next_days(task)
    return TaskPage(
        task=task,
        project=queries.paths(store).get(task.project, "") if task.project else "",
        parents=kin.ancestors(store, task),
        subtasks=kin.descendants(store, task.id),
        blockers=kin.blockers(store, task.id),
        blocks=kin.blocked_by(store, task.id),
        next_days=upcoming,
        turns=store.count(Query(Task).where(col("series") == task.id)),
    )


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Why a task stands where it stands."""

    title: str
    total: float
    parts: list[tuple[str, float, str]]


@command("Why now?", key="W", effect="read", show="modules.todo.show:why")
def why(context: Context, task: Ref[Task]) -> Why:
    """The parts of a task's urgency as numbers."""
    found = one_task(context, task)
    ranked = kin.rank(context.store, [found], context.today())[found.id]
    return Why(
        title=found.title,
        total=ranked.total,
        parts=[(part.name, part.value, part.why) for part in ranked.parts],
    )


@command("Next days", name="next", effect="read", show="modules.todo.show:days")
def next_days(
    context: Context,
    task: Ref[Task],
    many: Annotated[int, msgspec.Meta(ge=1, le=100)] = 5,
) -> list[date]:
    """The next days of a repeating task."""
    from modules.todo.repeat import next_days as days

    found = one_task(context, task)
    if not found.repeat:
        raise Refused(f"{found.title!r} does not repeat.")
    return days(found, many)


@command("Finished turns", name="turns", effect="read", show="modules.todo.show:plain")
def turns(
    context: Context,
    task: Ref[Task],
    limit: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 50,
) -> list[Task]:
    """The finished turns of a repeating task, newest first."""
    found = context.store.get(Task, task)
    return context.store.all(kin.history(context.store, found).limit(limit))


@command("Task statistics", effect="read", show="modules.todo.show:stats")
def stats(context: Context) -> Stats:
    """How many tasks are open, overdue, due today and soon, and done."""
    today = context.today()
    return queries.stats(
        context.store, today, datetime.combine(today, time(), tzinfo=context.zone)
    )
