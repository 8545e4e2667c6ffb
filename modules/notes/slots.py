"""What notes offer the rest of the workspace."""

from __future__ import annotations

from datetime import date
from typing import Any

from modules.notes import queries
from modules.notes.model import Note, shown_title
from modules.sdk.context import Context
from modules.sdk.slot import TodayLine
from modules.sdk.text import markdown
from modules.sdk.text.capture import Captured
from storage.query import Query, col


def values(captured: Captured, context: Context) -> dict[str, Any]:
    """What a captured line is for `notes.add`: its words are the text, its tags tags."""
    said: dict[str, Any] = {"content": captured.title}
    return said | ({"tags": captured.tags} if captured.tags else {})


def document(note: Note) -> dict[str, Any]:
    """What search reads of a note: the words without marks."""
    return {
        "title": shown_title(note),
        "body": markdown.plain(note.content),
        "date": note.updated,
    }


def lines(context: Context, day: date) -> list[TodayLine]:
    """Pinned notes, on today's page only."""
    if day != context.today() or not context.setting("notes.show_today"):
        return []
    pinned = queries.live().where(col("pinned") == queries.YES).limit(5)
    return [
        TodayLine(
            text=shown_title(note), section="Notes", kind="notes.note", record=note.id
        )
        for note in context.store.all(pinned)
    ]


def changed(context: Context, start: Any, end: Any) -> float:
    """How many notes were made between two moments."""
    made = Query(Note).where(col("created") >= start, col("created") < end)
    return context.store.count(made)
