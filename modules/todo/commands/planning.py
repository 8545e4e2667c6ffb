"""When: due days, time blocks, later, waiting, someday."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Annotated

from msgspec.structs import replace

from modules.sdk.command import command
from modules.sdk.context import Context
from modules.sdk.field import Duration, Line, says
from modules.todo.commands.acting import (
    Tasks,
    changed_live,
    given,
    live,
    those,
    unblock,
)
from modules.todo.model import Task, waiting
from storage.errors import UserError

Day = Annotated[date, says("a day: tomorrow, friday, +3d, 24.12.")]


@command("Set due day", key="D", show="modules.todo.show:plain")
def due(
    context: Context,
    tasks: Tasks,
    day: Day,
    at: Annotated[time | None, says("a time of that day")] = None,
) -> list[Task]:
    """Set the day tasks are due; of a repeating one, this turn only."""
    return changed_live(
        context,
        tasks,
        "given a due day",
        lambda task: replace(task, due=day, due_time=at or task.due_time),
    )


@command("Schedule tasks", key="c", show="modules.todo.show:plain")
def schedule(
    context: Context,
    tasks: Tasks,
    day: Day,
    at: Annotated[time | None, says("when it begins; without, any time that day")] = None,
    length: Annotated[Duration | None, says("default: the estimate, or an hour")] = None,
) -> list[Task]:
    """Set time aside on a day: it shows in the calendar; several follow one another."""
    found = live(context, tasks, "scheduled")
    if length is not None and not timedelta() < length <= timedelta(days=1):
        raise UserError("A time block is longer than nothing and at most a day.")
    begin = at
    planned: list[Task] = []
    for task in found:
        takes = length or task.estimate or _usual(context)
        planned.append(
            replace(task, scheduled=day, scheduled_time=begin, scheduled_length=takes)
        )
        begin = _following(begin, takes)
    return context.store.put_many(planned)


def _usual(context: Context) -> timedelta:
    return timedelta(minutes=context.setting("todo.default_length") or 60)


def _following(begin: time | None, takes: timedelta) -> time | None:
    """When the next block of the day begins; past midnight it has no time."""
    if begin is None:
        return None
    minutes = begin.hour * 60 + begin.minute + int(takes.total_seconds() // 60)
    return time(minutes // 60, minutes % 60) if minutes < 24 * 60 else None


@command("Unschedule tasks", show="modules.todo.show:plain")
def unschedule(context: Context, tasks: Tasks) -> list[Task]:
    """Give the time set aside for tasks back."""
    found = given(context, tasks)
    planned = those(
        context, found, lambda t: t.scheduled is not None, "{} is not scheduled."
    )
    return context.store.put_many(
        [
            replace(task, scheduled=None, scheduled_time=None, scheduled_length=None)
            for task in planned
        ]
    )


@command("Defer tasks", key="Z", show="modules.todo.show:plain")
def defer(
    context: Context,
    tasks: Tasks,
    until: Day,
) -> list[Task]:
    """Hide tasks until a day; what is due or planned before then moves to it."""
    if until <= context.today():
        raise UserError(
            "Defer to a day that is still to come.", hint="tomorrow, monday, +3d"
        )
    return changed_live(context, tasks, "deferred", lambda task: _deferred(task, until))


def _deferred(task: Task, until: date) -> Task:
    return replace(
        task,
        start=until,
        due=max(task.due, until) if task.due else None,
        scheduled=until if task.scheduled and task.scheduled < until else task.scheduled,
        status="open" if task.status == "someday" else task.status,
    )


@command("Wait", key="w", show="modules.todo.show:plain")
def wait(
    context: Context,
    tasks: Tasks,
    who: Annotated[Line, says("whom or what for")] = "",
    until: Annotated[date | None, says("when to look at it again")] = None,
) -> list[Task]:
    """Put tasks aside until somebody answers or something happens."""
    return changed_live(
        context, tasks, "waited for", lambda task: waiting(task, who.strip(), until)
    )


@command("Someday", key="f", show="modules.todo.show:plain")
def someday(context: Context, tasks: Tasks) -> list[Task]:
    """Keep tasks for one day, out of the way of what is to be done now."""
    return changed_live(
        context,
        tasks,
        "kept for later",
        lambda task: replace(task, status="someday", waiting_for="", waiting_until=None),
    )


@command("Activate tasks", key="r", show="modules.todo.show:plain")
def activate(context: Context, tasks: Tasks) -> list[Task]:
    """Bring tasks back from waiting, someday or their start day: to be done now."""
    today = context.today()
    stored = changed_live(context, tasks, "active", lambda task: _active(task, today))
    unblock(context, [task.id for task in stored])
    return stored


def _active(task: Task, today: date) -> Task:
    start = None if task.start and task.start > today else task.start
    return replace(task, status="open", start=start, waiting_for="", waiting_until=None)
