"""What a task will probably take, learned from tasks that are done."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

import msgspec

from modules.todo.model import Task

ENOUGH = 3
BEST = 10
STEP = 5
MOST_WORDS = 50

Confidence = Literal["high", "medium", "low"]


class Guess(msgspec.Struct, frozen=True):
    """A length in whole minutes, how sure it is, and how many done tasks it rests on."""

    length: timedelta
    confidence: Confidence
    based_on: int


class Sample(msgspec.Struct, frozen=True):
    """What is read of a done task: enough to compare, and what it took."""

    title: str
    priority: int
    tags: tuple[str, ...]
    took: timedelta


def words(title: str) -> frozenset[str]:
    """The words of a title, without case, punctuation or single letters."""
    found = re.findall(r"[^\W_]{2,}", title.casefold())
    return frozenset(found[:MOST_WORDS])


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of common words: 0 to 1, of the longer title."""
    longer = max(len(one), len(other))
    return len(one & other) / longer if longer else 0.0


def score(task: Task, sample: Sample) -> float:
    """How much alike: 1, plus 3 × title overlap, 1 for the same priority, 1.5 per common tag."""
    return (
        1.0
        + 3.0 * overlap(words(task.title), words(sample.title))
        + (1.0 if task.priority == sample.priority else 0.0)
        + 1.5 * len(set(task.tags) & set(sample.tags))
    )


def estimate(task: Task, samples: Iterable[Sample]) -> Guess | None:
    """A guess from done tasks, or None with fewer than three of known length.

    The weighted mean of the ten most alike, rounded to five minutes.
    """
    scored = sorted(
        ((score(task, sample), sample.took) for sample in samples if sample.took),
        key=lambda pair: -pair[0],
    )
    if len(scored) < ENOUGH:
        return None
    best = scored[:BEST]
    weight = sum(points for points, _ in best)
    minutes = sum(points * took.total_seconds() / 60 for points, took in best) / weight
    rounded = max(STEP, int(minutes / STEP + 0.5) * STEP)
    return Guess(
        timedelta(minutes=rounded), _confidence(len(scored), best[0][0]), len(best)
    )


def _confidence(many: int, best: float) -> Confidence:
    if many >= 5 and best > 3:
        return "high"
    if many >= ENOUGH and best > 2:
        return "medium"
    return "low"
