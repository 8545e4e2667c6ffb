"""How pressing a task is, as a sum whose parts can be shown: "Why now?"."""

from __future__ import annotations

from datetime import date

import msgspec

from modules.todo.model import PRIORITIES, Task, is_hidden

SOON = 14
"""Days before the due day from which it begins to count more."""
LATE = 7
"""Days after the due day at which it counts in full."""

DUE = 12.0
PRIORITY = {1: 6.0, 2: 3.9, 3: 1.8, 4: 0.0}
BLOCKING = 8.0
BLOCKED = -5.0
SCHEDULED = 5.0
WAITING = -3.0
SOMEDAY = -6.0
HIDDEN = -4.0
AGE = 2.0
PROJECT = 1.0
TAGS = (0.0, 0.8, 0.9, 1.0)


class Part(msgspec.Struct, frozen=True):
    """One reason, what it adds, and the fact behind it."""

    name: str
    value: float
    why: str


class Urgency(msgspec.Struct, frozen=True):
    """The sum of its parts, the largest first."""

    total: float
    parts: tuple[Part, ...]


def urgency(
    task: Task, today: date, *, blocking: int = 0, born: date | None = None
) -> Urgency:
    """How pressing a task is on a day.

    `blocking` is how many open tasks wait for it; `born` the day it was made. A closed
    task has no urgency.
    """
    if not task.live:
        return Urgency(0.0, ())
    found = [
        part
        for part in (
            _due(task, today),
            _priority(task),
            Part(
                "blocking",
                BLOCKING,
                _count(blocking, "task waits", "tasks wait") + " for it",
            )
            if blocking
            else None,
            Part("blocked", BLOCKED, "an open task comes first") if task.blocked else None,
            _scheduled(task, today),
            _resting(task, today),
            _age(born, today),
            Part("project", PROJECT, "belongs to a project") if task.project else None,
            _tags(task),
        )
        if part is not None and part.value
    ]
    found.sort(key=lambda part: -abs(part.value))
    return Urgency(round(sum(part.value for part in found), 2), tuple(found))


def due_factor(days: int) -> float:
    """0.2 fourteen days ahead or more, rising evenly to 1.0 a week after the due day.

    `days` are left until the due day; negative when it is over.
    """
    if days >= SOON:
        return 0.2
    if days <= -LATE:
        return 1.0
    return 0.2 + 0.8 * (SOON - days) / (SOON + LATE)


def _due(task: Task, today: date) -> Part | None:
    if task.due is None:
        return None
    days = (task.due - today).days
    return Part("due", round(DUE * due_factor(days), 2), _say_days(days))


def _say_days(days: int) -> str:
    if days == 0:
        return "due today"
    if days > 0:
        return f"due in {_count(days, 'day', 'days')}"
    return f"{_count(-days, 'day', 'days')} overdue"


def _priority(task: Task) -> Part:
    return Part(
        "priority", PRIORITY[task.priority], f"priority {PRIORITIES[task.priority]}"
    )


def _scheduled(task: Task, today: date) -> Part | None:
    if task.scheduled is None or task.scheduled > today:
        return None
    late = (today - task.scheduled).days
    said = "planned for today" if not late else f"planned {_count(late, 'day', 'days')} ago"
    return Part("scheduled", SCHEDULED, said)


def _resting(task: Task, today: date) -> Part | None:
    if task.status == "waiting" and (
        task.waiting_until is None or task.waiting_until > today
    ):
        return Part("waiting", WAITING, "waits for somebody")
    if task.status == "someday":
        return Part("someday", SOMEDAY, "someday, maybe")
    if is_hidden(task, today):
        return Part("hidden", HIDDEN, f"starts {task.start}")
    return None


def _age(born: date | None, today: date) -> Part | None:
    if born is None or born >= today:
        return None
    days = (today - born).days
    return Part(
        "age", round(AGE * min(days, 365) / 365, 2), f"{_count(days, 'day', 'days')} old"
    )


def _tags(task: Task) -> Part | None:
    many = len(task.tags)
    return Part("tags", TAGS[min(many, 3)], _count(many, "tag", "tags"))


def _count(many: int, one: str, more: str) -> str:
    return f"{many} {one if many == 1 else more}"
