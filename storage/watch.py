"""Who is told of commits: ours as they happen, other processes' when asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from storage.change import Commit
from storage.database import Database
from storage.transaction import Transaction

Listener = Callable[[Commit], None]

_FOREIGN = """
SELECT c.seq, b.id, c.space, c.kind, c.record FROM change c JOIN batch b ON b.seq = c.batch
WHERE c.seq > ? ORDER BY c.seq
"""


class Watch:
    """Listeners, and what of the history this process has already told them.

    A connection that never writes asks for `data_version`, so it sees the commits of
    every other connection; ours are left out by their numbers.
    """

    def __init__(self, db: Database) -> None:
        self.db = db
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._own: list[tuple[int, int]] = []
        self._raw: Any = None
        self._version = -1
        self._seen = newest(db)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call after each commit; returns how to stop."""
        self._listeners.append(listener)

        def stop() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return stop

    def commit(self, transaction: Transaction) -> None:
        """Commit, then tell. The numbers are known as ours before anyone can see them."""
        made = transaction.commit_of()
        mine = (transaction.first_seq + 1, transaction.seq)
        if made is not None:
            self._own.append(mine)
        try:
            self.db.commit(transaction.seq)
        except BaseException:
            if made is not None:
                self._own.remove(mine)
            raise
        if made is not None:
            self._tell(made)

    def poll(self) -> None:
        """Tell of what other processes committed since the last time."""
        with self._lock:
            made = self._foreign()
        for one in made:
            self._tell(one)

    def _foreign(self) -> list[Commit]:
        if self._raw is None:
            self._raw = self.db.connect_raw()
        version = self._raw.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            return []
        self._version = version
        rows = self._raw.execute(_FOREIGN, (self._seen,)).fetchall()
        own = list(self._own)
        if rows:
            self._seen = rows[-1][0]
            self._own = [pair for pair in self._own if pair[1] > self._seen]
        groups: dict[str, list[tuple[Any, ...]]] = {}
        for row in rows:
            if not any(first <= row[0] <= last for first, last in own):
                groups.setdefault(row[1], []).append(row)
        return [_commit(batch, found) for batch, found in groups.items()]

    def _tell(self, commit: Commit) -> None:
        """Everyone hears of it, even when a listener fails; the first failure is raised."""
        failed: Exception | None = None
        for listener in list(self._listeners):
            try:
                listener(commit)
            except Exception as error:  # noqa: BLE001 - raised below, after everyone heard
                failed = failed or error
        if failed is not None:
            raise failed

    def close(self) -> None:
        """Stop asking."""
        with self._lock:
            self._listeners.clear()
            if self._raw is not None:
                self._raw.close()
                self._raw = None


def _commit(batch: str, rows: list[tuple[Any, ...]]) -> Commit:
    return Commit(
        kinds=frozenset(row[3] for row in rows),
        ids=frozenset(row[4] for row in rows),
        spaces=frozenset(row[2] for row in rows),
        batch=batch,
        last_seq=rows[-1][0],
        foreign=True,
    )


def newest(db: Database) -> int:
    """The number of the newest change; 0 before there is a history."""
    known = db.value("SELECT count(*) FROM sqlite_master WHERE name = 'change'")
    return db.value("SELECT max(seq) FROM change") or 0 if known else 0
