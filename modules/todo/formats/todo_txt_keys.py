"""What each `key:value` of a todo.txt line means, both ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import msgspec

from modules.todo.formats import words
from modules.todo.model import Task

KEY = re.compile(r"^([A-Za-z][\w.-]{0,40}):(?!//)(\S+)$")
_REC = re.compile(r"^(\+?)(\d{1,4})([dwmyb])$")
_UNITS = {"d": "DAILY", "w": "WEEKLY", "m": "MONTHLY", "y": "YEARLY"}
_WORKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def noon(day: date) -> datetime:
    """The instant that stands for a day where a moment is needed."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


# --- reading -----------------------------------------------------------------------------


def _set(name: str, parse: Callable[[str], Any]) -> Callable[[Task, str], Task]:
    return lambda task, value: msgspec.structs.replace(task, **{name: parse(value)})


def _more(name: str, parse: Callable[[str], Any]) -> Callable[[Task, str], Task]:
    return lambda task, value: msgspec.structs.replace(
        task, **{name: (*getattr(task, name), parse(value))}
    )


def _seconds(text: str) -> timedelta:
    found = re.fullmatch(r"(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", text)
    if not text or found is None:
        raise ValueError(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(hours=hours, minutes=minutes, seconds=seconds)


def _length(value: timedelta) -> str:
    hours, rest = divmod(int(value.total_seconds()), 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [
        f"{n}{unit}" for n, unit in ((hours, "h"), (minutes, "m"), (seconds, "s")) if n
    ]
    return "".join(parts) or "0s"


def _status(task: Task, value: str) -> Task:
    if value not in ("waiting", "someday", "dropped"):
        raise ValueError(value)
    return msgspec.structs.replace(task, status=value)


def _rec(task: Task, value: str) -> Task:
    found = _REC.match(value)
    if found is None:
        raise ValueError(value)
    plus, many, unit = found.groups()
    if unit == "b" and many != "1":
        raise ValueError(value)
    every = f";INTERVAL={int(many)}" if int(many) > 1 else ""
    rule = _WORKDAYS if unit == "b" else f"FREQ={_UNITS[unit]}{every}"
    if not int(many):
        raise ValueError(value)
    return msgspec.structs.replace(
        task, repeat=rule, repeat_from="schedule" if plus else "completion"
    )


def _rrule(task: Task, value: str) -> Task:
    from modules.todo.repeat import checked

    return msgspec.structs.replace(task, repeat=checked(words.unpacked(value)))


def _from(task: Task, value: str) -> Task:
    if value not in ("schedule", "schedule-not-past", "completion"):
        raise ValueError(value)
    return msgspec.structs.replace(task, repeat_from=value)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


READ: dict[str, Callable[[Task, str], Task]] = {
    "due": _set("due", date.fromisoformat),
    "t": _set("start", date.fromisoformat),
    "time": _set("due_time", time.fromisoformat),
    "tz": _set("due_zone", words.unpacked),
    "rec": _rec,
    "rrule": _rrule,
    "recfrom": _from,
    "recday": _set("repeat_day", date.fromisoformat),
    "recstart": _set("repeat_anchor", date.fromisoformat),
    "skip": _more("repeat_skips", date.fromisoformat),
    "est": _set("estimate", _seconds),
    "act": _set("actual", _seconds),
    "sched": _set("scheduled", date.fromisoformat),
    "schedtime": _set("scheduled_time", time.fromisoformat),
    "schedlen": _set("scheduled_length", _seconds),
    "status": _status,
    "wait": _set("waiting_until", date.fromisoformat),
    "for": _set("waiting_for", words.unpacked),
    "with": _more("people", words.unpacked),
    "place": _set("place", words.unpacked),
    "sec": _set("section", words.unpacked),
    "note": _set("notes", words.unpacked),
    "remind": _more("remind", lambda text: min(int(text), 10**6)),
    "done": _set("done_at", _moment),
    "late": _set("was_late", lambda text: text == "1"),
}
"""How each key that is understood becomes a field."""


# --- writing -----------------------------------------------------------------------------


_WRITE: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("due", "due", date.isoformat),
    ("time", "due_time", time.isoformat),
    ("tz", "due_zone", words.packed),
    ("t", "start", date.isoformat),
    ("est", "estimate", _length),
    ("act", "actual", _length),
    ("sched", "scheduled", date.isoformat),
    ("schedtime", "scheduled_time", time.isoformat),
    ("schedlen", "scheduled_length", _length),
    ("wait", "waiting_until", date.isoformat),
    ("for", "waiting_for", words.packed),
    ("place", "place", words.packed),
    ("sec", "section", words.packed),
)


def values(task: Task) -> Iterator[tuple[str, str]]:
    """Every key that says something of a task."""
    for key, field, said in _WRITE:
        value = getattr(task, field)
        if value is not None and value != "":
            yield key, said(value)
    yield from _repeat_values(task)
    if task.status in ("someday", "dropped", "waiting"):
        yield "status", task.status
    yield from (("with", words.packed(one)) for one in task.people if one)
    yield from (("remind", str(minutes)) for minutes in task.remind)
    if task.done_at is not None and task.done_at != noon(
        task.done_at.astimezone(UTC).date()
    ):
        yield "done", task.done_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if task.was_late:
        yield "late", "1"
    if task.notes:
        yield "note", words.packed(task.notes)
    yield from _extra_values(task)


def _repeat_values(task: Task) -> Iterator[tuple[str, str]]:
    if not task.repeat:
        return
    short = _short_rec(task)
    if short:
        yield "rec", short
    else:
        yield "rrule", words.packed(task.repeat)
        if task.repeat_from != "schedule":
            yield "recfrom", task.repeat_from
    if task.repeat_day is not None and task.repeat_day != task.due:
        yield "recday", task.repeat_day.isoformat()
    if task.repeat_anchor is not None and task.repeat_anchor != task.due:
        yield "recstart", task.repeat_anchor.isoformat()
    yield from (("skip", day.isoformat()) for day in task.repeat_skips)


def _short_rec(task: Task) -> str:
    if task.repeat_from == "schedule-not-past":
        return ""
    plus = "+" if task.repeat_from == "schedule" else ""
    if task.repeat == _WORKDAYS:
        return f"{plus}1b"
    found = re.fullmatch(
        r"FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(?:;INTERVAL=(\d{1,4}))?", task.repeat
    )
    return f"{plus}{found[2] or 1}{found[1][0].lower()}" if found else ""


def _extra_values(task: Task) -> Iterator[tuple[str, str]]:
    rest: dict[str, Any] = {}
    for key, value in task.extra.items():
        if key in ("pri", "projects"):
            continue
        plain = isinstance(value, str) and KEY.match(f"{key}:{value}")
        if plain and key not in OURS and not value.startswith("%"):
            yield key, value
        else:
            rest[key] = value
    if rest:
        yield "extra", words.packed(msgspec.json.encode(rest).decode())


OURS = frozenset({*READ, "extra", "id", "p", "dep"})
