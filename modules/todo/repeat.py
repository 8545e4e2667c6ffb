"""How a repeating task moves on. Days only, so that no clock change can touch it.

A rule is the value of an RFC 5545 RRULE (`FREQ=WEEKLY;BYDAY=MO`). Two things differ from
calendars, because a task must not vanish: where a month is too short for the day, the
month's last day is taken; and a repeater says what the next day is counted from.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from msgspec.structs import replace

from modules.todo.model import Repeater, Task, finished, moved
from storage.errors import UserError
from storage.record import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from modules.sdk.text.rrule import Fields

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
FURTHEST = 10_000
"""Turns looked at in search of a day that is not skipped."""
LAST_YEAR = 9990


def checked(rule: str) -> str:
    """The rule as it is stored; UserError when it is none a task can have."""
    from modules.sdk.text.recurrence import parse_rrule

    made = parse_rrule(rule)
    if made.fields.freq not in FREQUENCIES or made.fields.hours or made.fields.minutes:
        raise UserError(
            "Tasks repeat by days, not by hours.", hint="such as: every day, every 2 weeks"
        )
    return made.rrule


def next_day(
    rule: str,
    repeater: Repeater,
    *,
    anchor: date,
    day: date,
    done_on: date,
    skips: tuple[date, ...] = (),
) -> date | None:
    """The day a repeating task is due next; None when the rule is over.

    `anchor` is the first day of the series, `day` the one that was just done, as the rule
    has it, `done_on` the local day it was done. `schedule`: the turn after `day`.
    `schedule-not-past`: the first turn after both. `completion`: the rule begins anew on
    `done_on`.
    """
    if repeater == "completion":
        anchor = after = done_on
    elif repeater == "schedule-not-past":
        after = max(day, done_on)
    else:
        after = day
    left_out = frozenset(skips)
    for turn in _turns(rule, anchor, after):
        if turn > after and turn not in left_out:
            return turn
    return None


def next_days(task: Task, many: int = 5) -> list[date]:
    """The next days of a repeating task beginning with its present one, as planned now."""
    first = task.repeat_day or task.due
    if not task.repeat or first is None:
        return []
    anchor = task.repeat_anchor or first
    left_out = frozenset(task.repeat_skips)
    wanted = (turn for turn in _turns(task.repeat, anchor, first) if turn not in left_out)
    return list(islice(wanted, many))


# --- the turns of a rule --------------------------------------------------------------------


def _turns(rule: str, anchor: date, after: date) -> Iterator[date]:
    """The days of a rule that begins on `anchor`, from `after` on, in order."""
    from modules.sdk.text.rrule import fields

    parts = fields(rule)
    step = _monthly(parts, anchor)
    if step is None:
        return _by_rule(rule, anchor, after)
    return _by_month(anchor, parts, after, *step)


def _monthly(parts: Fields, anchor: date) -> tuple[int, int] | None:
    """(months apart, day of the month) of a rule that a short month could swallow."""
    yearly = parts.freq == "YEARLY"
    if not (yearly or parts.freq == "MONTHLY") or len(parts.month_days) > 1:
        return None
    if parts.days or parts.weeks or parts.year_days or parts.positions:
        return None
    if parts.months not in ((), (anchor.month,)) or (parts.months and not yearly):
        return None
    on = parts.month_days[0] if parts.month_days else anchor.day
    return (parts.interval * (12 if yearly else 1), on) if on > 28 else None


def _by_month(
    anchor: date, parts: Fields, after: date, months: int, on: int
) -> Iterator[date]:
    left = parts.count if parts.count is not None else FURTHEST
    number = anchor.year * 12 + anchor.month - 1
    while left > 0 and number // 12 <= LAST_YEAR:
        year, month = number // 12, number % 12 + 1
        turn = date(year, month, min(on, monthrange(year, month)[1]))
        if parts.until is not None and turn > parts.until.date():
            return
        if turn >= anchor:
            left -= parts.count is not None
            if turn >= after:
                yield turn
        number += months


def _by_rule(rule: str, anchor: date, after: date) -> Iterator[date]:
    from modules.sdk.text.recurrence import Rule, days

    return days(Rule(rule), anchor, after=after, limit=FURTHEST)


# --- moving a task on -------------------------------------------------------------------------


def rolled(
    task: Task, at: datetime, today: date, *, dropped: bool = False
) -> tuple[Task, Task] | None:
    """(the finished turn for the history, the task on its next day), or None at the end.

    The task keeps its id, links and subtasks; the finished turn is a new record that
    names it in `series`. Start day, time block and waiting day keep their distance.
    """
    first = task.repeat_day or task.due or today
    anchor = task.repeat_anchor or first
    following = next_day(
        task.repeat, task.repeat_from, anchor=anchor, day=first, done_on=today,
        skips=task.repeat_skips,
    )  # fmt: skip
    rule = _counted_down(task)
    if following is None or not rule:
        return None
    ended = finished(task, at, today, dropped=dropped)
    past = replace(
        ended, id=new_id(), short="", repeat="", repeat_anchor=None, repeat_day=None,
        repeat_skips=(), series=task.id, remind=(),
    )  # fmt: skip
    return past, replace(
        placed(task, following),
        status="open",
        waiting_for="",
        waiting_until=None,
        actual=None,
        repeat=rule,
        repeat_anchor=today if task.repeat_from == "completion" else anchor,
    )


def placed(task: Task, day: date) -> Task:
    """A repeating task on another of its days; what it had is no longer to be skipped."""
    known = task.due or task.repeat_day
    task = moved(task, (day - known).days) if known else task
    skips = tuple(skip for skip in task.repeat_skips if skip > day)
    return replace(task, due=day, repeat_day=day, repeat_skips=skips)


def _counted_down(task: Task) -> str:
    """The rule with one turn less where it counts and begins anew each time; "" at the end."""
    from modules.sdk.text.rrule import fields, text_of

    parts = fields(task.repeat)
    if task.repeat_from != "completion" or parts.count is None:
        return task.repeat
    return text_of(replace(parts, count=parts.count - 1)) if parts.count > 1 else ""


def skipped(task: Task, day: date | None = None) -> Task | None:
    """The task without one of its days (default: the present one); None if none is left.

    The day stays out, also when the task is moved back.
    """
    first = task.repeat_day or task.due
    gone = day or first
    if first is None or gone is None:
        raise UserError("That task does not repeat on days.")
    remembered = tuple(sorted({*task.repeat_skips, gone}))
    task = replace(task, repeat_skips=remembered)
    if gone != first:
        return task
    following = next_day(
        task.repeat, "schedule", anchor=task.repeat_anchor or first, day=first, done_on=first,
        skips=remembered,
    )  # fmt: skip
    if following is None:
        return None
    return replace(placed(task, following), repeat_skips=remembered)


def starting(task: Task, rule: str, repeater: Repeater, today: date) -> Task:
    """The task with a rule; without a due day it is due on the rule's first day."""
    rule = checked(rule)
    first = task.due
    if first is None:
        first = next(_turns(rule, today, today), today)
    return replace(
        task,
        repeat=rule,
        repeat_from=repeater,
        repeat_anchor=first,
        repeat_day=first,
        due=first,
    )


def stopped(task: Task) -> Task:
    """The task, from now on only once."""
    return replace(
        task,
        repeat="",
        repeat_from="schedule",
        repeat_anchor=None,
        repeat_day=None,
        repeat_skips=(),
    )
