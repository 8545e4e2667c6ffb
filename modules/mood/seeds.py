"""How Robin feels on a usual day: slow mornings, good evenings, better weekends."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from random import Random
from typing import Any

from modules.mood import Mood
from modules.sdk.context import Context
from modules.sdk.seeding import Usual, rhythm
from storage.record import Record


def _said(level: int, feeling: str, note: str = "") -> dict[str, Any]:
    return {"level": level, "feeling": feeling, "note": note}


WORKDAYS, WEEKEND, ROWING = (0, 1, 2, 3, 4), (5, 6), (1, 3, 5)
USUAL = (
    Usual(time(7, 20), (
        _said(6, "calm", "up before the alarm"), _said(5, "tired"), _said(6, "calm"), _said(6, "calm"),
        _said(5, "tired", "up with Leo at five"), _said(7, "calm"),
        _said(4, "tired", "slept badly"), _said(7, "happy", "Leo's jokes at breakfast"),
    ), 0.9),
    Usual(time(8, 30), (
        _said(8, "happy", "on the water"), _said(9, "happy", "fog, then sun"), _said(8, "calm"),
        _said(7, "calm", "wind, short outing"), _said(8, "happy"),
    ), 0.7, ROWING),
    Usual(time(13, 10), (
        _said(7, "calm"), _said(6, "calm", "long walk"), _said(5, "anxious", "too many calls"),
        _said(7, "happy", "the morning went well"), _said(4, "tired", "too much screen"),
    ), 0.8, WORKDAYS),
    Usual(time(15, 0), (
        _said(8, "happy", "at the lake"), _said(7, "calm"), _said(8, "calm", "nothing planned"),
    ), 0.8, WEEKEND),
    Usual(time(18, 10), (
        _said(7, "calm", "done for today"), _said(6, "tired"), _said(5, "anxious", "the deadline"),
        _said(8, "happy", "shipped it"), _said(3, "angry", "lost an hour to a form"),
    ), 0.5, WORKDAYS),
    Usual(time(21, 40), (
        _said(7, "calm"), _said(8, "happy", "cooked together"), _said(6, "tired"),
        _said(8, "calm", "read to Mia and Leo"), _said(4, "sad", "Chiara is moving"), _said(7, "calm", "tea"),
        _said(7, "calm"), _said(6, "calm"), _said(8, "happy", "long talk with Jana"),
    ), 0.85),
)  # fmt: skip


def records(context: Context, count: int, random: Random) -> Iterator[Record]:
    """`count` check-ins, backwards from now."""
    return rhythm(context, count, random, Mood, USUAL)
