"""What a journal entry is, and what is derived from its text."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec.structs import replace

from modules.sdk.field import Line, Text
from modules.sdk.slot import stable_id
from modules.sdk.text import markdown
from modules.sdk.text.lexicon import language
from storage.record import Record

Mood = Literal[
    "", "grateful", "happy", "content", "neutral", "pensive", "sad", "stressed", "angry"
]
MOODS: tuple[Mood, ...] = (
    "grateful", "happy", "content", "neutral", "pensive", "sad", "stressed", "angry",
)  # fmt: skip
GERMAN_MOODS: dict[str, Mood] = {
    "dankbar": "grateful", "glücklich": "happy", "zufrieden": "content", "neutral": "neutral",
    "nachdenklich": "pensive", "traurig": "sad", "gestresst": "stressed", "wütend": "angry",
}  # fmt: skip


class Entry(
    Record,
    title="title",
    search=("content", "mood"),
    indexes=(
        ("archived", "pinned", "day"),
        ("archived", "day"),
        ("favourite", "day"),
        ("day",),
    ),
):
    """What a day was like.

    `words` counts those of the text. A day usually has one entry, whose id follows from
    the day; imported journals may have more.
    """

    day: date
    title: Line = ""
    content: Text = ""
    mood: Mood = ""
    favourite: bool = False
    pinned: bool = False
    archived: bool = False
    words: int = 0


def id_of(space: str, day: date) -> str:
    """The id of the one entry of a day."""
    return stable_id("journal.entry", space, day.isoformat())


def settled(entry: Entry) -> Entry:
    """The entry with its words counted."""
    return replace(
        entry, title=entry.title.strip(), words=markdown.word_count(entry.content)
    )


def preview(entry: Entry) -> str:
    """The title, else the first line."""
    return entry.title or markdown.preview(entry.content)


def mood_of(word: str) -> Mood | None:
    """A mood by its name in either language; None when it is none."""
    folded = word.casefold()
    known: dict[str, Mood] = {mood: mood for mood in MOODS}
    return known.get(folded) or GERMAN_MOODS.get(folded)


def mood_name(mood: str, locale: str = "en") -> str:
    """What people call a mood."""
    if language(locale) != "de":
        return mood
    return next((name for name, one in GERMAN_MOODS.items() if one == mood), mood)
