"""The store with 100,000 records, and beside plain SQLite."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from msgspec.structs import replace
from sqlcipher3 import dbapi2

from mana_tui.workspace import Workspace
from modules.sdk import Query, col
from modules.sdk.registry import Catalog
from modules.todo.model import Task
from storage.store import Store
from storage.vault import Vault
from tests.budget.gates import Table
from tests.budget.vaults import opened

MANY = 100_000
DAY = date(2026, 11, 23)


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
    """The same rows, columns and indexes in the vault and in a plain file of the same
    SQLite with the same durability: no encryption, no history, no types."""
    table.title(f"Store beside plain SQLite, {MANY:,} rows")
    where, key = folder / "vault", os.urandom(32)
    Vault.create(where, key, Catalog(), person="Ada").close()
    with Vault.open(where, key, Catalog()) as vault:
        store = vault.store(vault.scope())
        tasks = [
            Task(title=f"Task {n}", due=DAY + timedelta(days=n % 365), priority=1 + n % 4)
            for n in range(MANY)
        ]
        ours = timed(lambda: _in_chunks(vault, store, tasks))[0]
        with _plain(vault, folder / "plain.db") as (plain, rows, insert):
            base = timed(lambda: _together(plain, insert, rows))[0]
            table.add("bulk import", ours / base, "×", note=_rate(ours, base))
            _against(table, plain, store, tasks[MANY // 2])
    _opening(table, folder, key, tasks[0].id)
    with opened_at(where, key) as workspace:
        began = time.perf_counter()
        workspace.search("task", 20)
        caught = (time.perf_counter() - began) * 1000
        until = MANY / (ours + caught) * 1000
        table.add("bulk import until search has caught up", until, "/s")


def _rate(ours: float, base: float) -> str:
    return f"{MANY / ours * 1000:,.0f}/s, plain {MANY / base * 1000:,.0f}/s"


def _in_chunks(vault: Vault, store: Store, tasks: list[Task]) -> None:
    with vault.batch("Measure"):
        for start in range(0, len(tasks), 5_000):
            store.put_many(tasks[start : start + 5_000])


def _together(plain: Any, insert: str, rows: list[Any]) -> None:
    plain.execute("BEGIN")
    plain.executemany(insert, rows)
    plain.execute("COMMIT")


@contextmanager
def _plain(vault: Vault, path: Path) -> Iterator[tuple[Any, list[Any], str]]:
    """An empty plain file with the table of tasks, and the rows that go into it."""
    rows = vault.db.rows("SELECT * FROM todo_task")
    schema = vault.db.rows(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'todo_task' AND sql IS NOT NULL"
    )
    plain = _connect(path)
    try:
        for (sql,) in schema:
            plain.execute(sql)
        yield plain, rows, f"INSERT INTO todo_task VALUES ({', '.join('?' * len(rows[0]))})"
    finally:
        plain.close()


def _connect(path: Path) -> Any:
    plain = dbapi2.connect(path, isolation_level=None)
    plain.execute("PRAGMA journal_mode = WAL")
    plain.execute("PRAGMA synchronous = FULL")
    return plain


def _against(table: Table, plain: Any, store: Store, task: Task) -> None:
    """A page of a list and a committed write, in turns."""
    page = Query(Task).where(col("status") == "open").order("due", "-priority").limit(50)
    sql = (
        "SELECT * FROM todo_task WHERE space = ? AND deleted IS NULL AND status = 'open'"
        " ORDER BY due, priority DESC, id LIMIT 50"
    )
    space = (store.scope.space,)
    base = statistics.median(timed(lambda: plain.execute(sql, space).fetchall(), 30))
    ours = statistics.median(timed(lambda: store.all(page), 30))
    table.add(
        "a page of a list, decoded and checked", ours / base, "×", note=_ms(ours, base)
    )
    numbers = iter(range(10_000))
    update = "UPDATE todo_task SET title = ? WHERE id = ?"
    bases, edits = [], []
    for _ in range(100):
        word = f"x {next(numbers)}"
        bases += timed(partial(plain.execute, update, (word, task.id)))
        edits += timed(partial(store.put, replace(task, title=word)))
    base, ours = statistics.median(bases), statistics.median(edits)
    table.add("one committed write, history on", ours / base, "×", note=_ms(ours, base))


def _opening(table: Table, folder: Path, key: bytes, id: str) -> None:
    def plain() -> None:
        one = _connect(folder / "plain.db")
        one.execute("SELECT * FROM todo_task WHERE id = ?", (id,)).fetchall()
        one.close()

    def ours() -> None:
        with Vault.open(folder / "vault", key, Catalog()) as vault:
            vault.store(vault.scope()).get(Task, id)

    base, took = (statistics.median(timed(one, 9)) for one in (plain, ours))
    table.add("open and read one record", took / base, "×", note=_ms(took, base))


def _ms(ours: float, base: float) -> str:
    return f"{ours:.2f} ms, plain {base:.2f} ms"


@contextmanager
def opened_at(folder: Path, key: bytes) -> Iterator[Workspace]:
    """A workspace on a vault that has no home."""
    workspace = Workspace(Vault.open(folder, key, Catalog()), locale="en")
    try:
        yield workspace
    finally:
        workspace.close()
