"""The vaults that are measured: a day's worth of records, and 100,000 of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from mana_tui.demo import make_demo
from mana_tui.setup import Setup
from mana_tui.workspace import Workspace
from modules.todo.model import Task
from tests.program import environment, surroundings

SMALL = 1_000
BIG = 100_000
WORDS = ("call", "write", "read", "mend", "order", "plant", "sort", "pay", "visit", "check")
THINGS = (
    "the letter",
    "the shed",
    "a report",
    "the tickets",
    "Ada",
    "the garden",
    "a list",
)


@contextmanager
def opened(home: Path) -> Iterator[Workspace]:
    """The workspace of a home whose session is open."""
    with surroundings(environment(home, password=False)):
        workspace = Setup({"no_input": True}).workspace()
        try:
            yield workspace
        finally:
            workspace.close()


def make(home: Path, tasks: int = 0) -> float:
    """A sample vault of 1,000 records, a second scene, and so many open tasks more.

    Returns how many tasks were stored in a second.
    """
    (home / "person").mkdir(parents=True, exist_ok=True)
    with surroundings(environment(home, password=False)):
        make_demo(home, records=SMALL, seed=1)
    with opened(home) as workspace:
        panes = ("todo", "mood", "drink", "myday")
        workspace.run("scene.new", {"name": "Other", "modules": panes})
        return _tasks(workspace, tasks) if tasks else 0.0


def _tasks(workspace: Workspace, count: int) -> float:
    today = workspace.today()
    made = [
        Task(
            title=f"{WORDS[n % len(WORDS)].title()} {THINGS[n % len(THINGS)]} {n}",
            notes="Ask first." if n % 7 == 0 else "",
            due=today + timedelta(days=n % 365),
            priority=1 + n % 4,
            order=float(n),
        )
        for n in range(count)
    ]
    began = time.perf_counter()
    with workspace.vault.batch("Measure"):
        for start in range(0, count, 5_000):
            workspace.store.put_many(made[start : start + 5_000])
    return count / (time.perf_counter() - began)
