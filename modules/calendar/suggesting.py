"""How long an event will take, from those like it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from modules.calendar.model import Event
from modules.sdk import Query, Store, col

MOST = 400
"""How many of the newest past events are compared."""

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(minutes=720)
ENOUGH = 4
"""The least similarity that counts: half the words of the title, or more in common."""


def words(text: str) -> frozenset[str]:
    """What of a title is compared."""
    return frozenset(word for word in re.findall(r"\w+", text.casefold()) if len(word) > 1)


def similarity(one: Event, other: Event) -> int:
    """How alike two events are: words of the title, tags, calendar."""
    mine, theirs = words(one.title), words(other.title)
    shared = len(mine & theirs) / max(len(mine | theirs), 1)
    score = 4 if shared > 0.5 else 2 if shared > 0.2 else 1 if shared else 0
    if not score:
        return 0
    score += 2 * len(set(one.tags) & set(other.tags))
    return score + 3 * (bool(one.calendar) and one.calendar == other.calendar)


def rounded(length: timedelta) -> timedelta:
    """To 5 minutes up to half an hour, then to 15, 30 and 60."""
    minutes = length / timedelta(minutes=1)
    step = 5 if minutes <= 30 else 15 if minutes <= 120 else 30 if minutes <= 240 else 60
    return timedelta(minutes=max(step, round(minutes / step) * step))


def suggested(event: Event, past: Iterable[Event]) -> timedelta | None:
    """The weighted mean of what similar events took; None when none is alike."""
    total, weight = timedelta(), 0
    for other in past:
        score = similarity(event, other)
        if score >= ENOUGH and SHORTEST <= other.length <= LONGEST:
            total += other.length * score
            weight += score
    return rounded(total / weight) if weight else None


def suggestion(store: Store, event: Event, now: datetime) -> timedelta | None:
    """The same over the newest past events of a space."""
    if not words(event.title):
        return None
    query = Query(Event).where(col("long") == False, col("first") < now)  # noqa: E712
    past = store.all(query.order("-first").limit(MOST))
    return suggested(event, (e for e in past if not e.all_day))
