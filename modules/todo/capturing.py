"""What a captured line says as values of the `add` command."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from modules.sdk.context import Context
from modules.sdk.text.capture import Captured


def values(captured: Captured, context: Context) -> dict[str, Any]:
    """What `todo.add` is run with."""
    said: dict[str, Any] = {
        "title": captured.title or captured.line,
        "due": captured.day,
        "due_time": captured.start,
        "priority": captured.priority,
        "tags": captured.tags,
        "people": captured.people or None,
        "place": captured.place or None,
        "project": captured.project or None,
        "estimate": captured.estimate,
        "subtasks": captured.subtasks,
        "notes": "\n".join(captured.links) or None,
    }
    if captured.repeat is not None:
        said |= {"repeat": captured.repeat.rrule, "repeat_from": captured.repeat.anchor}
    if captured.start is not None and captured.end is not None:
        said |= _block(captured, context)
    return {name: value for name, value in said.items() if value not in (None, (), "")}


def _block(captured: Captured, context: Context) -> dict[str, Any]:
    """`14–15:30` sets that time aside."""
    assert captured.start is not None
    assert captured.end is not None
    first = datetime.combine(date(2000, 1, 1), captured.start)
    last = datetime.combine(date(2000, 1, 1), captured.end)
    length = last - first
    if length <= timedelta():
        length += timedelta(days=1)
    return {
        "scheduled": captured.day or context.today(),
        "scheduled_time": captured.start,
        "scheduled_length": length,
    }
