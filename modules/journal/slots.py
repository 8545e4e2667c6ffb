"""What the journal offers the rest of the workspace."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from modules.journal import queries
from modules.journal.commands import day_of
from modules.journal.model import Entry, mood_of, preview
from modules.journal.prompts import prompt_for
from modules.sdk.context import Context
from modules.sdk.slot import TodayLine
from modules.sdk.text import markdown
from modules.sdk.text.capture import Captured, Part
from storage.errors import UserError
from storage.query import Query

LEAD = re.compile(r"([^\s:][^:\n]{0,30}):\s")
MOOD = re.compile(r"(?<!\S)(?:mood|stimmung):(\w{2,20})(?!\S)", re.IGNORECASE)


def parts(text: str, locale: str) -> Iterable[Part]:
    """`yesterday: …` names the day, `happy: …` or `mood:happy` the mood."""
    lead = LEAD.match(text)
    if lead:
        mood = mood_of(lead[1])
        if mood:
            yield Part("mood", 0, lead.end(1) + 1, "", mood)
        elif _is_day(lead[1], locale):
            yield Part("day", 0, lead.end(1) + 1, "", lead[1])
    for found in MOOD.finditer(text):
        mood = mood_of(found[1])
        if mood:
            yield Part("mood", found.start(), found.end(), "", mood)


def _is_day(text: str, locale: str) -> bool:
    from modules.sdk.text.dates import parse_day

    try:
        parse_day(text, date(2026, 1, 1), locale, past=True)
    except UserError:
        return False
    return True


def values(captured: Captured, context: Context) -> dict[str, Any]:
    """What a captured line is for `journal.add`."""
    said: dict[str, Any] = {
        "content": captured.title,
        "tags": captured.tags,
        "mood": captured.extra.get("mood"),
    }
    if "day" in captured.extra:
        said["day"] = day_of(context, captured.extra["day"]).isoformat()
    return {name: value for name, value in said.items() if value}


def document(entry: Entry) -> dict[str, Any]:
    """What search reads of an entry."""
    return {
        "title": entry.title or preview(entry),
        "body": "\n".join(filter(None, (markdown.plain(entry.content), entry.mood))),
        "date": entry.day,
        "state": "starred" if entry.favourite else "",
    }


def lines(context: Context, day: date) -> list[TodayLine]:
    """Whether the day is written; the question of the day where it is not."""
    entry = queries.first_of(context.store, day)
    if entry is not None:
        count = f"{entry.words} word{'' if entry.words == 1 else 's'}"
        return [TodayLine(text=f"{preview(entry) or 'Written'} ({count})", section="Journal",
                          kind="journal.entry", record=entry.id, done=True)]  # fmt: skip
    if day != context.today():
        return []
    asked = prompt_for(day, context.locale, context.setting("journal.prompts") or "")
    return [TodayLine(text=asked, section="Journal", done=False)]


def entries_written(context: Context, start: datetime, end: datetime) -> float:
    """How many entries are of days between two moments."""
    return context.store.count(_days(context, start, end))


def words_written(context: Context, start: datetime, end: datetime) -> float:
    """How many words are of days between two moments."""
    return sum(row[0] for row in context.store.values(_days(context, start, end), "words"))


def _days(context: Context, start: datetime, end: datetime) -> Query[Entry]:
    first, last = start.astimezone(context.zone).date(), end.astimezone(context.zone).date()
    return Query(Entry).where(queries.col("day") >= first, queries.col("day") < last)
