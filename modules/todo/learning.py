"""What the done tasks of a space say about the open ones."""

from __future__ import annotations

from datetime import timedelta

from modules.todo.estimates import Guess, Sample, estimate
from modules.todo.model import Task
from modules.todo.queries import done_samples
from storage.store import Store


def guess(store: Store, task: Task) -> Guess | None:
    """How long a task will take, from the newest done ones; None with too few."""
    samples = [
        Sample(title, priority, tuple(tags), _length(actual or planned))
        for title, priority, tags, actual, planned in done_samples(store)
        if actual or planned
    ]
    return estimate(task, samples)


def _length(value: timedelta | int) -> timedelta:
    return value if isinstance(value, timedelta) else timedelta(seconds=value)
