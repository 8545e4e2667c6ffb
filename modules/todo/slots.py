"""What todo offers the rest of the workspace: agenda, Today, search, reminders, measures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from modules.sdk.context import Context
from modules.sdk.slot import Reminder, Span, TodayLine
from modules.todo import queries
from modules.todo.model import LIVE, Task, due_at, is_overdue
from storage.query import Query, col

MOMENT = timedelta(minutes=15)
"""How long a due time is drawn on the agenda."""
MOST_LINES = 500
FURTHEST_REMINDER = timedelta(days=28)
SHOWN = (*LIVE, "done")


# --- the shared agenda -----------------------------------------------------------------------


def spans(context: Context, start: datetime, end: datetime) -> list[Span]:
    """Time blocks of tasks, and moments at which tasks are due, between two instants."""
    first = start.astimezone(context.zone).date() - timedelta(days=1)
    last = end.astimezone(context.zone).date() + timedelta(days=1)
    blocks = Query(Task).where(
        col("status").one_of(SHOWN), col("scheduled") >= first, col("scheduled") <= last
    )
    moments = Query(Task).where(
        col("status").one_of(SHOWN), col("due") >= first, col("due") <= last,
        col("due_time").filled(),
    )  # fmt: skip
    found = [_block(task, context) for task in context.store.all(blocks)]
    found += [_moment(task, context) for task in context.store.all(moments)]
    return sorted(
        (span for span in found if span.start < end and span.end > start),
        key=lambda span: (span.start, span.title),
    )


def _block(task: Task, context: Context) -> Span:
    assert task.scheduled is not None
    whole = task.scheduled_time is None
    start = datetime.combine(
        task.scheduled, task.scheduled_time or time(), tzinfo=context.zone
    )
    length = task.scheduled_length or task.estimate or timedelta(hours=1)
    following = datetime.combine(
        task.scheduled + timedelta(days=1), time(), tzinfo=context.zone
    )
    end = following if whole else (start.astimezone(UTC) + length).astimezone(context.zone)
    return Span(
        title=task.title, start=start, end=end, kind="todo.task", record=task.id,
        space=task.space, day=task.scheduled if whole else None,
        last_day=task.scheduled if whole else None, done=not task.live, busy=not whole,
        group="task", icon="☐" if task.live else "☑", place=task.place,
    )  # fmt: skip


def _moment(task: Task, context: Context) -> Span:
    at = due_at(task, context.zone)
    assert at is not None
    return Span(
        title=task.title, start=at, end=at + MOMENT, kind="todo.task", record=task.id,
        space=task.space, done=not task.live, busy=False, group="due",
        icon="☐" if task.live else "☑", place=task.place,
    )  # fmt: skip


# --- today --------------------------------------------------------------------------------------


def lines(context: Context, day: date) -> list[TodayLine]:
    """What is due or planned on a day, what is late when it is today, and what was done."""
    store = context.store
    if day == context.today():
        query = queries.today(day)
    else:
        on_day = (col("due") == day) | (col("scheduled") == day)
        query = (
            Query(Task).where(col("status") == "open").where(on_day).order(*queries.RANK)
        )
    found = [_line(task, context, day) for task in store.all(query.limit(MOST_LINES))]
    start = datetime.combine(day, time(), tzinfo=context.zone)
    closed = Query(Task).where(
        col("status") == "done", col("done_at") >= start,
        col("done_at") < datetime.combine(day + timedelta(days=1), time(), tzinfo=context.zone),
    )  # fmt: skip
    newest = closed.order("-done_at").limit(MOST_LINES)
    return found + [_line(task, context, day) for task in store.all(newest)]


def _line(task: Task, context: Context, day: date) -> TodayLine:
    timed = task.due == day and task.due_time is not None
    return TodayLine(
        text=task.title,
        section="Tasks",
        kind="todo.task",
        record=task.id,
        icon="☐" if task.live else "☑",
        weight=5 - task.priority if not task.blocked else 0,
        done=not task.live,
        late=is_overdue(task, context.today()),
        at=due_at(task, context.zone) if timed else None,
        minutes=int((task.estimate or timedelta()).total_seconds() // 60),
    )


# --- search ----------------------------------------------------------------------------------------


def document(task: Task) -> dict[str, Any]:
    """What search reads of a task."""
    return {
        "title": task.title,
        "body": "\n".join(filter(None, (task.notes, task.waiting_for, task.place))),
        "people": " ".join(task.people),
        "date": task.due,
        "state": "open" if task.live else "done",
    }


# --- reminders ----------------------------------------------------------------------------------------


def reminders(context: Context, since: datetime, until: datetime) -> list[Reminder]:
    """What is to be said after `since` and not after `until` about open tasks."""
    first = since.astimezone(context.zone).date() - timedelta(days=1)
    last = (until + FURTHEST_REMINDER).astimezone(context.zone).date() + timedelta(days=1)
    query = Query(Task).where(
        col("status") == "open",
        col("due") >= first,
        col("due") <= last,
        col("remind") != (),
    )
    begins = begin_of_day(context)
    found = [
        reminder
        for task in context.store.all(query)
        for reminder in _reminders(task, context, begins)
        if since < reminder.at <= until
    ]
    return sorted(found, key=lambda reminder: (reminder.at, reminder.record))


def _reminders(task: Task, context: Context, begins: time) -> Iterator[Reminder]:
    assert task.due is not None
    timed = due_at(task, context.zone) if task.due_time else None
    moment = timed or datetime.combine(task.due, begins, tzinfo=context.zone)
    for minutes in task.remind:
        at = (moment.astimezone(UTC) - timedelta(minutes=minutes)).astimezone(context.zone)
        yield Reminder(at=at, text=task.title, kind="todo.task", record=task.id)


def begin_of_day(context: Context) -> time:
    """When the day begins for tasks that are due on a day, not at a time."""
    text = context.setting("todo.default_due_time") or "09:00"
    try:
        return time.fromisoformat(text)
    except ValueError:
        return time(9)


# --- measures -------------------------------------------------------------------------------------------


def done_count(context: Context, start: datetime, end: datetime) -> float:
    """How many tasks were done between two instants."""
    return float(context.store.count(_done_between(start, end)))


def spent_minutes(context: Context, start: datetime, end: datetime) -> float:
    """Minutes that the tasks done between two instants took."""
    found = context.store.values(_done_between(start, end), "actual")
    return sum(actual.total_seconds() / 60 for (actual,) in found if actual)


def _done_between(start: datetime, end: datetime) -> Query[Task]:
    return Query(Task).where(
        col("status") == "done", col("done_at") >= start, col("done_at") < end
    )
