"""Sample entries for any tracker: from its record's fields, or from the rhythm of a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple

import msgspec

from modules.sdk.context import Context
from modules.sdk.field import Param
from modules.sdk.outside import params_of
from storage.record import SHARED, Record

NOTES = (
    "",
    "",
    "",
    "after lunch",
    "slept badly",
    "long walk",
    "busy day",
)
WAKING = (7, 22)
"""From when to when, in hours, entries are made that have no rhythm of their own."""


class Usual(NamedTuple):
    """What somebody usually logs about a time of day: when, how often (a share of the
    days), on which weekdays (0 is Monday), and what: one of some values."""

    at: time
    values: Sequence[Mapping[str, Any]]
    often: float = 1.0
    days: Sequence[int] = range(7)


def rhythm(
    context: Context,
    count: int,
    random: Random,
    record: type[Record],
    usual: Sequence[Usual],
) -> Iterator[Record]:
    """`count` entries by the rhythm of a day, backwards from now, a little off each time."""
    now = context.now().replace(second=0, microsecond=0)
    day, made = now.date(), 0
    decks = [_deck(one.values, random) for one in usual]
    while made < count:
        for one, deck in zip(reversed(usual), reversed(decks), strict=True):
            minutes, happens = random.randint(-12, 12), random.random() < one.often
            at = datetime.combine(day, one.at, context.zone) + timedelta(minutes=minutes)
            if not happens or at >= now or day.weekday() not in one.days or made == count:
                continue
            made += 1
            yield msgspec.convert({"at": at, **next(deck)}, record)
        day -= timedelta(days=1)


def _deck(
    values: Sequence[Mapping[str, Any]], random: Random
) -> Iterator[Mapping[str, Any]]:
    """Each of these values in turn, mixed anew every time."""
    while True:
        yield from random.sample(values, len(values))


def entries(
    context: Context, count: int, random: Random, record: type[Record], presets: Any = ()
) -> Iterator[Record]:
    """One to four entries a day, backwards from now, with plausible values."""
    params = [p for p in params_of(record) if p.name not in SHARED]
    at = context.now().replace(second=0, microsecond=0)
    level = 0.5
    for _ in range(count):
        at -= timedelta(minutes=random.randint(180, 700))
        level = min(0.95, max(0.05, level + random.uniform(-0.2, 0.2)))
        base = dict(random.choice(presets)) if presets else {}
        when = _awake(at)
        values = {p.name: base.get(p.name, _value(p, when, level, random)) for p in params}
        yield msgspec.convert(values, record)


def _awake(at: datetime) -> datetime:
    """The moment, or the evening before it where it is in the night."""
    begin, end = WAKING
    if at.hour < begin:
        at -= timedelta(hours=at.hour + 24 - end + 1)
    return at.replace(hour=end) if at.hour > end else at


def _value(param: Param, at: datetime, level: float, random: Random) -> Any:
    if param.type is datetime:
        return at
    if param.choices:
        return random.choice(param.choices)
    if param.type in (int, float):
        low, high = param.extra.get("low", 1), param.extra.get("high", 10)
        return param.type(round(low + (high - low) * level))
    if param.type is str:
        return random.choice(NOTES)
    return param.default
