"""One connection that reads the index, as it is at one moment; it can be interrupted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from storage.database import Database, driver
from storage.errors import DamagedError, ManaError

CACHE_KIB = 16 * 1024
_INTERRUPT, _CORRUPT, _NOT_A_DATABASE = 9, 11, 26

Rows = list[tuple[Any, ...]]


class Stopped(ManaError):
    """A running query was interrupted, because a newer one replaced it."""


class Reading:
    """Reads one at a time; `moment` sees one state of the file, whatever others write."""

    def __init__(self, file: Database) -> None:
        self._file = file
        self._raw: Any = None
        self._one = threading.Lock()
        self._closing = threading.Lock()

    @contextmanager
    def moment(self) -> Iterator[None]:
        """What is read inside belongs together."""
        with self._one:
            self.run("BEGIN")
            try:
                yield
            finally:
                if self._raw.in_transaction:
                    self._raw.execute("ROLLBACK")

    def run(self, sql: str, values: tuple[Any, ...] = ()) -> Rows:
        """Every row of a statement; Stopped, or DamagedError."""
        try:
            if self._raw is None:
                self._raw = self._file.connect_raw()
                self._raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            return self._raw.execute(sql, values).fetchall()
        except driver.DatabaseError as error:  # pyright: ignore[reportAttributeAccessIssue]
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code == _INTERRUPT:
                raise Stopped("The search was stopped.") from None
            if code in (_CORRUPT, _NOT_A_DATABASE):
                raise DamagedError(
                    "The search index is damaged.", hint="mana check"
                ) from None
            raise

    def seen(self) -> int:
        """How far the history is in the index; -1 before it is built."""
        found = self.run("SELECT value FROM meta WHERE name = 'seen'")
        return int(found[0][0]) if found else -1

    def number(self, what: str, text: str) -> int:
        """The number of a space, kind or person; 0, which nothing has, when unknown."""
        found = self.run("SELECT n FROM name WHERE what = ? AND text = ?", (what, text))
        return found[0][0] if found else 0

    def kinds(self) -> dict[str, int]:
        """Every kind that was ever indexed, with its number."""
        return dict(self.run("SELECT text, n FROM name WHERE what = 'kind'"))

    def interrupt(self) -> None:
        """Stop what is running, if anything."""
        with self._closing:
            if self._raw is not None:
                self._raw.interrupt()

    def close(self) -> None:
        """Stop, and close the connection."""
        self.interrupt()
        with self._one, self._closing:
            if self._raw is not None:
                self._raw.close()
                self._raw = None
