"""Sample entries for any tracker, derived from its record's fields."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

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
    "good talk with Anna",
    "busy day",
)


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
        values = {p.name: base.get(p.name, _value(p, at, level, random)) for p in params}
        yield msgspec.convert(values, record)


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
