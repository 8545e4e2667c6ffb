"""What tasks, projects and boards are, and the rules they obey. No store, no clock, no screen."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import force_setattr, replace

from modules.sdk.field import Duration, Line, Ref, Text, Title
from storage.record import Record

Status = Literal["open", "waiting", "someday", "done", "dropped"]
LIVE: tuple[Status, ...] = ("open", "waiting", "someday")
CLOSED: tuple[Status, ...] = ("done", "dropped")

Priority = Annotated[int, msgspec.Meta(ge=1, le=4, description="1 urgent … 4 low")]
PRIORITIES = {1: "urgent", 2: "high", 3: "medium", 4: "low"}
MEDIUM = 3

Repeater = Literal["schedule", "schedule-not-past", "completion"]
"""What a repeating task's next day is counted from: its due day; its due day but never in
the past; the day it was completed. The same words as `modules.sdk.text.recurrence`."""

DEEPEST = 50
"""How many levels of subtasks or projects are followed; more is refused."""


class Project(
    Record, title="name", search=("notes",), indexes=(("archived", "name"), ("parent",))
):
    """What tasks are grouped under; projects nest, and have sections."""

    name: Title
    parent: Ref[Project] | None = None
    color: Line = ""
    icon: Line = ""
    sections: tuple[Line, ...] = ()
    notes: Text = ""
    archived: bool = False
    order: float = 0.0


class Task(
    Record,
    title="title",
    search=("notes", "waiting_for", "place"),
    parent="parent",
    indexes=(
        ("attention!", "rank", "order"),
        ("status", "rank", "order", "start"),
        ("status", "due", "rank", "order"),
        ("status", "project", "section", "blocked", "order", "start", "parent"),
        ("status", "scheduled!"),
        ("done_at!",),
        ("project!", "status"),
        ("series!", "done_at"),
    ),
):
    """One thing to do.

    Days are local days: `due` means until the end of that day wherever the person is,
    unless `due_time` narrows it, read in `due_zone` or, when that is empty, in the
    person's own zone. `start` hides it until that day. `waiting_until` brings a waiting
    task back into Today. `scheduled` is a time block: a day, from when, how long.
    `order` is the place when sorted by hand (new ones take the moment they were made).
    `remind` counts minutes before the due moment. `blocked` says that an open task
    `blocks` it by a link. `extra` keeps what an import brought and we have no field for.

    `attention` and `rank` follow from the others, so that the database can pick and sort
    along an index: the day from which it is in Today, and its place in lists, the
    soonest first and blocked ones last.
    """

    title: Title
    notes: Text = ""
    status: Status = "open"
    priority: Priority = MEDIUM
    project: Ref[Project] | None = None
    section: Line = ""
    parent: Ref[Task] | None = None
    start: date | None = None
    due: date | None = None
    due_time: time | None = None
    due_zone: Line = ""
    scheduled: date | None = None
    scheduled_time: time | None = None
    scheduled_length: Duration | None = None
    estimate: Duration | None = None
    actual: Duration | None = None
    waiting_for: Line = ""
    waiting_until: date | None = None
    people: tuple[Line, ...] = ()
    place: Line = ""
    repeat: Line = ""
    repeat_from: Repeater = "schedule"
    repeat_anchor: date | None = None
    repeat_day: date | None = None
    repeat_skips: tuple[date, ...] = ()
    series: str | None = None
    remind: tuple[int, ...] = ()
    order: float = 0.0
    blocked: bool = False
    done_at: datetime | None = None
    was_late: bool = False
    extra: dict[str, Any] = {}
    attention: date | None = None
    rank: str = ""

    def __post_init__(self) -> None:
        """Work out what follows from the other fields."""
        force_setattr(self, "attention", _attention(self))
        force_setattr(self, "rank", _rank(self))

    @property
    def live(self) -> bool:
        """Whether there is still something to do about it, now or one day."""
        return self.status not in CLOSED


def _attention(task: Task) -> date | None:
    if task.status == "waiting":
        asked = task.waiting_until
    elif task.status == "open":
        asked = min(filter(None, (task.due, task.scheduled)), default=None)
    else:
        return None
    return max(asked, task.start) if asked and task.start else asked


def _rank(task: Task) -> str:
    if task.status not in ("open", "waiting"):
        return ""
    day = task.waiting_until if task.status == "waiting" else task.due
    at = task.due_time.isoformat("minutes") if task.due_time else "~"
    return f"{task.blocked:d} {day or '~'} {at} {task.priority}"


GroupBy = Literal["status", "priority", "due", "tag", "custom", "matrix"]
GROUPINGS: tuple[GroupBy, ...] = get_args(GroupBy)


class BoardColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a board: what it holds, and what dropping a task there does.

    `value` is the status, priority (`1`…`4`), tag id, due bucket or quadrant it collects;
    `tasks` lists a custom column's own. `limit` is how much work may be in it (0: any).
    """

    name: Line
    value: Line = ""
    color: Line = ""
    tasks: tuple[str, ...] = ()
    limit: int = 0
    sets_status: Status | None = None
    sets_priority: Priority | None = None


class Board(Record, title="name", search=(), indexes=(("order",),)):
    """Tasks as columns of cards."""

    name: Title
    icon: Line = ""
    group_by: GroupBy = "status"
    columns: tuple[BoardColumn, ...] = ()
    project: Ref[Project] | None = None
    only_tags: tuple[str, ...] = ()
    only_priorities: tuple[int, ...] = ()
    order: float = 0.0


# --- days -----------------------------------------------------------------------------


def due_at(task: Task, zone: ZoneInfo) -> datetime | None:
    """The instant a task is due: its time in its zone, or the end of its day.

    A time that a clock change leaves out happens an hour later by the clock; one that
    occurs twice is the first.
    """
    if task.due is None:
        return None
    if task.due_time is None:
        return _instant(task.due + timedelta(days=1), time(), zone)
    return _instant(task.due, task.due_time, due_zone(task, zone))


def due_zone(task: Task, zone: ZoneInfo) -> ZoneInfo:
    """The zone a task's due time is meant in; the person's where it names none we know."""
    if not task.due_zone:
        return zone
    try:
        return ZoneInfo(task.due_zone)
    except (KeyError, ValueError, OSError):  # not a zone of this machine's database
        return zone


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    from datetime import UTC

    return (
        datetime.combine(day, at.replace(tzinfo=None), zone)
        .astimezone(UTC)
        .astimezone(zone)
    )


def is_overdue(task: Task, today: date) -> bool:
    """Open, and due on a day that is over."""
    return task.live and task.due is not None and task.due < today


def is_hidden(task: Task, today: date) -> bool:
    """Not to be seen before its start day."""
    return task.start is not None and task.start > today


# --- becoming something else ----------------------------------------------------------


def finished(task: Task, at: datetime, today: date, *, dropped: bool = False) -> Task:
    """The same task, done or dropped, remembering whether that was late."""
    return replace(
        task,
        status="dropped" if dropped else "done",
        done_at=at,
        was_late=is_overdue(task, today) and not dropped,
        blocked=False,
    )


def reopened(task: Task) -> Task:
    """The same task, to do again."""
    return replace(
        task,
        status="open",
        done_at=None,
        was_late=False,
        waiting_for="",
        waiting_until=None,
    )


def waiting(task: Task, who: str, until: date | None) -> Task:
    """The same task, waiting for somebody or something, at the longest until a day."""
    return replace(task, status="waiting", waiting_for=who, waiting_until=until)


def moved(task: Task, days: int) -> Task:
    """The same task with every date of it so many days later."""
    step = timedelta(days=days)
    return replace(
        task,
        start=task.start and task.start + step,
        due=task.due and task.due + step,
        scheduled=task.scheduled and task.scheduled + step,
        waiting_until=task.waiting_until and task.waiting_until + step,
    )


def between(before: float | None, after: float | None) -> float | None:
    """A place between two others in manual order; None when there is no room left."""
    if before is None:
        return (after or 0.0) - 1.0
    if after is None:
        return before + 1.0
    middle = (before + after) / 2
    return middle if before < middle < after else None
