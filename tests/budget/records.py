"""The store with 100,000 records, and beside plain SQLite."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from msgspec.structs import replace
from sqlcipher3 import dbapi2

from mana_tui.workspace import Workspace
from modules.sdk import Query, col
from modules.sdk.registry import Catalog
from modules.todo.model import Task
from storage.vault import Vault
from tests.budget.gates import Table
from tests.budget.vaults import opened

MANY = 10_000


def timed(action: Callable[[], object], times: int = 1) -> list[float]:
    """Milliseconds each run takes."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        found.append((time.perf_counter() - began) * 1000)
    return found


def measure(table: Table, big: Path, rate: float) -> None:
    """Opening, reading, writing, searching."""
    table.title("Store, 100,000 tasks")
    table.add("bulk import, history on", rate, "/s", least=20_000)
    with opened(big) as workspace:
        key = workspace.vault.db.key()
        table.add("open, after the key", statistics.median(_opens(workspace, key)), most=10)
        _reads(table, workspace)
        _searches(table, workspace)


def _opens(workspace: Workspace, key: bytes) -> list[float]:
    folder = workspace.vault.db.path.parent

    def once() -> None:
        vault = Vault.open(folder, key, Catalog())
        vault.scope()
        vault.close()

    return timed(once, 7)


def _reads(table: Table, workspace: Workspace) -> None:
    store = workspace.store
    page = Query(Task).where(col("status") == "open").order("due").limit(50)
    table.add(
        "first page of a list", statistics.median(timed(lambda: store.all(page), 9)), most=5
    )
    ids = timed(
        lambda: store.ids(Query(Task).where(col("status") == "open").order("due")), 3
    )
    table.add("all ids of a list", statistics.median(ids))
    task = store.all(page)[0]
    numbers = iter(range(1_000))
    writes = timed(
        lambda: store.put(replace(task, actual=None, order=float(next(numbers)))), 50
    )
    table.add("one write, history on", statistics.median(writes), most=2)


def _searches(table: Table, workspace: Workspace) -> None:
    began = time.perf_counter()
    workspace.search("letter", 20)
    table.add("search: the index catches up", time.perf_counter() - began, "s")
    typed = [
        word[:n] for word in ("letter", "garden", "tickets", "report") for n in (3, 4, 5, 6)
    ]
    took = sorted(
        one for text in typed for one in timed(partial(workspace.search, text, 20), 3)
    )
    table.add(
        "search as typed from the third letter, p95", took[int(len(took) * 0.95)], most=50
    )


def ratios(table: Table, folder: Path) -> None:
    """The same rows in the vault and in a plain file of the same SQLite."""
    table.title(f"Store beside plain SQLite, {MANY:,} rows")
    vault = Vault.create(folder / "vault", os.urandom(32), Catalog(), person="Ada")
    store = vault.store(vault.scope())
    plain = dbapi2.connect(folder / "plain.db", isolation_level=None)
    plain.execute("PRAGMA journal_mode = WAL")
    plain.execute("PRAGMA synchronous = FULL")
    plain.execute(
        "CREATE TABLE task (id TEXT PRIMARY KEY, title TEXT, due TEXT, done INTEGER)"
    )
    tasks = [Task(title=f"Task {n}") for n in range(MANY)]
    rows = [(task.id, task.title, None, 0) for task in tasks]

    def insert() -> None:
        plain.execute("BEGIN")
        plain.executemany("INSERT INTO task VALUES (?, ?, ?, ?)", rows)
        plain.execute("COMMIT")

    base, ours = timed(insert)[0], timed(lambda: store.put_many(tasks))[0]
    table.add("bulk insert, with types, history and encryption", ours / base, "×")
    read = "SELECT * FROM task ORDER BY id LIMIT 128"
    base = statistics.median(timed(lambda: plain.execute(read).fetchall(), 30))
    ours = statistics.median(timed(lambda: store.all(Query(Task).limit(128)), 30))
    table.add(
        "a page of 128 records, decoded and checked",
        ours / base,
        "×",
        note=f"{ours:.2f} ms",
    )
    one = "UPDATE task SET title = ? WHERE id = ?"
    base = statistics.median(timed(lambda: plain.execute(one, ("x", tasks[0].id)), 30))
    numbers = iter(range(1_000))
    edit = timed(lambda: store.put(replace(tasks[0], title=f"x {next(numbers)}")), 30)
    table.add("one committed write", statistics.median(edit) / base, "×")
    plain.close()
    vault.close()
