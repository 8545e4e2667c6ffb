"""How tasks are put into few words: for the command line and the panes alike."""

from __future__ import annotations

from datetime import date, time, timedelta

from modules.todo.model import Task, is_hidden, is_overdue

MARKS = {"open": "☐", "waiting": "◷", "someday": "◌", "done": "☑", "dropped": "☒"}
ASCII_MARKS = {
    "open": "[ ]",
    "waiting": "[w]",
    "someday": "[?]",
    "done": "[x]",
    "dropped": "[-]",
}
BANGS = {1: "!!!", 2: "!!", 3: "", 4: "↓"}
ASCII_BANGS = {1: "!!!", 2: "!!", 3: "", 4: "v"}
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


def mark(task: Task, *, ascii_only: bool = False) -> str:
    """Its state as one sign; a blocked task shows that it cannot be begun."""
    if task.blocked and task.status == "open":
        return "[=]" if ascii_only else "⊘"
    return (ASCII_MARKS if ascii_only else MARKS)[task.status]


def bang(task: Task, *, ascii_only: bool = False) -> str:
    """Its priority as a sign; medium has none."""
    return (ASCII_BANGS if ascii_only else BANGS)[task.priority]


def day(value: date, today: date) -> str:
    """A day as people say it: `3d late`, `today`, `tomorrow`, `Fri`, `24 Dec`, `24 Dec 2027`."""
    days = (value - today).days
    if days < 0:
        return f"{-days}d late" if days > -100 else date_of(value, today)
    if days < 2:
        return "today" if days == 0 else "tomorrow"
    return WEEKDAYS[value.weekday()] if days < 7 else date_of(value, today)


def date_of(value: date, today: date) -> str:
    """`24 Dec`, with the year when it is not this one."""
    year = "" if value.year == today.year else f" {value.year}"
    return f"{value.day} {MONTHS[value.month - 1]}{year}"


def heading(value: date | None, today: date) -> str:
    """A day as a heading: `Today, Mon 23 Nov`."""
    if value is None:
        return "No day"
    said = f"{WEEKDAYS[value.weekday()]} {date_of(value, today)}"
    days = (value - today).days
    if days < 0:
        return "Overdue"
    return f"{('Today', 'Tomorrow')[days]}, {said}" if days < 2 else said


def clock(value: time) -> str:
    """`09:30`."""
    return f"{value:%H:%M}"


def length(value: timedelta | None) -> str:
    """`1h30`, `45m`, or nothing."""
    if not value:
        return ""
    hours, minutes = divmod(int(value.total_seconds() // 60), 60)
    if not hours:
        return f"{minutes}m"
    return f"{hours}h{minutes:02d}" if minutes else f"{hours}h"


def when(task: Task, today: date) -> str:
    """What a list says of a task's time: when it was closed, waits until, starts or is due."""
    if not task.live:
        return day_gone(task, today)
    if task.status == "waiting" and task.waiting_until:
        return "until " + day(task.waiting_until, today)
    if is_hidden(task, today) and task.start:
        return "from " + day(task.start, today)
    if task.due is None:
        return "plan " + day(task.scheduled, today) if task.scheduled else ""
    said = day(task.due, today)
    said = (
        f"{said} {clock(task.due_time)}"
        if task.due_time and not is_overdue(task, today)
        else said
    )
    return f"{said} ↻" if task.repeat else said


def day_gone(task: Task, today: date) -> str:
    """The day it was closed, as of the past."""
    if task.done_at is None:
        return task.status
    days = (today - task.done_at.date()).days
    if days <= 0:
        return "today"
    return (
        "yesterday"
        if days == 1
        else f"{days}d ago"
        if days < 14
        else date_of(task.done_at.date(), today)
    )


def repeats(task: Task, locale: str = "en") -> str:
    """Its rule in words."""
    if not task.repeat:
        return ""
    from modules.sdk.text.recurrence import Rule, describe

    return describe(Rule(task.repeat, task.repeat_from), locale)
