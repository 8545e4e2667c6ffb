"""Reads of the journal: lists, streaks, what was on this day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import msgspec

from modules.journal.model import Entry
from storage.query import Query, col
from storage.store import Store

NO, YES = False, True  # conditions of a query, not tests
MOST_YEARS = 150


def entries() -> Query[Entry]:
    """Everything but the archive: pinned first, then the newest day."""
    return Query(Entry).where(col("archived") == NO).order("-pinned", "-day")


def by_month() -> Query[Entry]:
    """The same, newest day first, to be grouped by month."""
    return Query(Entry).where(col("archived") == NO).order("-day")


def favourites() -> Query[Entry]:
    """Favourites, newest day first."""
    return Query(Entry).where(col("favourite") == YES).order("-day")


def archive() -> Query[Entry]:
    """What was put away."""
    return Query(Entry).where(col("archived") == YES).order("-day")


def on_day(day: date) -> Query[Entry]:
    """Entries of one day, in the order they were made."""
    return Query(Entry).where(col("day") == day).order("created")


def between(first: date, last: date) -> Query[Entry]:
    """Entries of some days, both ends included."""
    return Query(Entry).where(col("day") >= first, col("day") <= last).order("day")


def on_this_day(day: date) -> Query[Entry]:
    """Entries of the same day and month in earlier years, newest first."""
    days = []
    for year in range(day.year - 1, max(1, day.year - MOST_YEARS), -1):
        try:
            days.append(day.replace(year=year))
        except ValueError:  # 29 February
            continue
    return Query(Entry).where(col("day").one_of(days)).order("-day")


# --- figures ------------------------------------------------------------------------------


def streak(days: Iterable[date], today: date) -> int:
    """Days in a row with an entry, ending today: today must count."""
    known, length = set(days), 0
    while today - timedelta(days=length) in known:
        length += 1
    return length


def longest(days: Iterable[date]) -> int:
    """The longest row of days with an entry there ever was."""
    best = run = 0
    before: date | None = None
    for day in sorted(set(days)):
        run = run + 1 if before is not None and (day - before).days == 1 else 1
        best, before = max(best, run), day
    return best


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    """The journal in figures. `moods` counts every mood that was noted, `months` entries
    per month (`2026-11`)."""

    entries: int
    days: int
    words: int
    favourites: int
    streak: int
    longest: int
    mood: str = ""
    moods: dict[str, int] = {}
    tags: dict[str, int] = {}
    months: dict[str, int] = {}

    @property
    def average(self) -> int:
        """Words per entry."""
        return round(self.words / self.entries) if self.entries else 0


def stats(store: Store, today: date) -> Stats:
    """Figures of everything, read without the texts."""
    rows = store.values(Query(Entry), "day", "words", "favourite", "mood")
    moods = Counter(str(row[3]) for row in rows if row[3])
    names = store.tag_names()
    tags = Counter(
        {names[t]: n for t, n in store.groups(Query(Entry), "tags").items() if t in names}
    )
    days = [row[0] for row in rows]
    return Stats(
        entries=len(rows),
        days=len(set(days)),
        words=sum(row[1] for row in rows),
        favourites=sum(bool(row[2]) for row in rows),
        streak=streak(days, today),
        longest=longest(days),
        mood=moods.most_common(1)[0][0] if moods else "",
        moods=dict(moods.most_common()),
        tags=dict(tags.most_common(5)),
        months=dict(sorted(Counter(f"{day:%Y-%m}" for day in days).items())),
    )


def words_per_day(store: Store, first: date, last: date) -> dict[date, int]:
    """Words written on each day: what the heat map shows."""
    found: dict[date, int] = {}
    for day, words in store.values(between(first, last), "day", "words"):
        found[day] = found.get(day, 0) + max(1, words)
    return found


def first_of(store: Store, day: date) -> Entry | None:
    """The entry of a day, the first where there are several."""
    found: Sequence[Entry] = store.all(on_day(day).limit(1))
    return found[0] if found else None
