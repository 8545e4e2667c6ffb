"""One encrypted SQLite file: connections per thread, one writer, errors people can read."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from storage import tail
from storage.connection import Closed, Connection, connect, driver, meaning
from storage.errors import DamagedError, ManaError, NoVault, Refused, UnavailableError
from storage.private import check_private, make_private

CACHE, BULK_CACHE = 8_000, 64_000
"""Kilobytes of decrypted pages a connection may keep, as a rule and during bulk writes."""

Row = tuple[Any, ...]


class Database:
    """A SQLCipher file under a raw 32-byte key.

    Every thread gets its own connection; `write` lets one thread of the process write at
    a time, other processes wait for `BUSY_SECONDS`. The salt of the file is derived from
    the key, so a wrong key is told apart from damage without trying anything.

    `guarded` is for a file that is the only copy of something: what is acknowledged is
    marked beside it (`tail`), and writing ends when it is no longer where it was opened.
    """

    def __init__(
        self, path: Path, key: bytes, *, application_id: int = 0, guarded: bool = False
    ) -> None:
        if len(key) != 32:
            raise ValueError("a raw key has 32 bytes")
        self.path = path
        self.application_id = application_id
        self.guarded = guarded
        self._place = _place(path) if guarded else None
        self._key: bytearray | None = bytearray(key)
        self._connections: list[Connection] = []
        self._guard = threading.Lock()
        self._local = threading.local()
        self._writer = threading.RLock()
        self.statements = 0

    # --- making and opening ------------------------------------------------------

    @classmethod
    def create(cls, path: Path, key: bytes, *, application_id: int = 0) -> Database:
        """Make an empty file (0600) in a folder (0700); Refused when it is there already."""
        _make_folder(path.parent)
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        except FileExistsError:
            raise Refused(
                f"{path.name} is already there.",
                hint="unlock it, or choose another profile",
            ) from None
        except OSError as error:
            raise UnavailableError(f"{path} cannot be made: {error.strerror}.") from error
        made = cls(path, key, application_id=application_id)
        made.execute("PRAGMA journal_mode = WAL")
        made.execute(f"PRAGMA application_id = {application_id}")
        return made

    @classmethod
    def open(
        cls, path: Path, key: bytes, *, application_id: int = 0, guarded: bool = False
    ) -> Database:
        """Open and prove the key by reading; NoVault, LockedError, DamagedError, Refused."""
        if not path.exists():
            there = path.with_name("keyslots.json").exists()
            raise NoVault(
                f"There is no {path.name} in {path.parent}.",
                hint="mana restore" if there else "mana init",
            )
        check_private(path.parent)
        check_private(path)
        made = cls(path, key, application_id=application_id, guarded=guarded)
        try:
            found = made.value("PRAGMA application_id")
            made.value("SELECT count(*) FROM sqlite_master")
        except ManaError:
            made.close()
            raise
        if found != application_id:
            made.close()
            raise DamagedError(
                f"{path.name} is not what its name says.", hint="mana restore"
            )
        return made

    def close(self, *, fold: bool = True) -> None:
        """End every connection and overwrite the key; safe while other threads read.

        The last connection folds the log into the file; not with `fold=False`, which
        leaves a log that cannot be trusted as it is.
        """
        with self._guard:
            if self._key is not None:
                self._key[:] = bytes(len(self._key))
            self._key = None
            gone, self._connections = self._connections, []
        with nullcontext() if fold else tail.keeping_log(self.path):
            for one in gone:
                one.end(fold=fold)

    @property
    def closed(self) -> bool:
        """Whether the key is gone."""
        return self._key is None

    # --- statements --------------------------------------------------------------------

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Every row of a statement, on this thread's connection."""
        one = self._mine()
        self.statements += 1
        try:
            with one.lock:
                return one.raw.execute(sql, values).fetchall()
        except driver.Error as error:
            raise self._say(error) from error

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row, or None."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first column of the first row, or None."""
        found = self.rows(sql, values)
        return found[0][0] if found else None

    def named(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Rows as dicts, for statements whose columns are not known beforehand."""
        one = self._mine()
        self.statements += 1
        try:
            with one.lock:
                cursor = one.raw.execute(sql, values)
                names = [entry[0] for entry in cursor.description]
                return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except driver.Error as error:
            raise self._say(error) from error

    def execute(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run a statement; returns how many rows it changed."""
        one = self._mine()
        self.statements += 1
        try:
            with one.lock:
                cursor = one.raw.execute(sql, values)
                cursor.fetchall()
                return cursor.rowcount
        except driver.IntegrityError:
            raise
        except driver.Error as error:
            raise self._say(error) from error

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for many rows."""
        one = self._mine()
        self.statements += 1
        try:
            with one.lock:
                one.raw.executemany(sql, rows)
        except driver.IntegrityError:
            raise
        except driver.Error as error:
            raise self._say(error) from error

    def interrupt(self) -> None:
        """Make whatever other threads are running on this file stop; they get an error."""
        with self._guard:
            for one in self._connections:
                one.raw.interrupt()

    @contextmanager
    def roomy(self) -> Iterator[None]:
        """Gives back, at the end, the cache that `need_room` asked for inside."""
        try:
            yield
        finally:
            if getattr(self._local, "roomy", False):
                self._local.roomy = False
                if not self.closed:
                    self.execute(f"PRAGMA cache_size = -{CACHE}")

    def need_room(self) -> None:
        """A large page cache for a long write: pages are then encrypted once, not often."""
        if not getattr(self._local, "roomy", False):
            self._local.roomy = True
            self.execute(f"PRAGMA cache_size = -{BULK_CACHE}")

    # --- writing ---------------------------------------------------------------------------

    @contextmanager
    def write(self) -> Iterator[None]:
        """A transaction of this thread: BEGIN IMMEDIATE … COMMIT, or ROLLBACK on an error."""
        self.begin()
        try:
            yield
        except BaseException:
            self.rollback()
            raise
        self.commit()

    def begin(self) -> None:
        """Take the process's write lock and the file's."""
        self._writer.acquire()
        try:
            self._in_place()
            self.execute("BEGIN IMMEDIATE")
        except BaseException:
            self._writer.release()
            raise

    def commit(self, seq: int | None = None) -> None:
        """Make it durable; on an error everything is rolled back and the error raised.

        `seq` is the newest number of the history, to be marked as acknowledged.
        """
        try:
            self.execute("COMMIT")
            self._in_place()
            if self.guarded and seq is not None:
                tail.write(self, seq)
        except BaseException:
            self._abandon()
            raise
        finally:
            self._writer.release()

    def frames(self) -> int:
        """How many frames of the log are valid; looks only, folds nothing in."""
        found = self.row("PRAGMA wal_checkpoint(NOOP)")
        return max(0, found[1]) if found else 0

    def _in_place(self) -> None:
        """A file that was removed or replaced takes writes, and nobody sees them again."""
        if self._place is not None and _place(self.path) != self._place:
            raise UnavailableError(
                f"{self.path} was removed or replaced while it was open.",
                hint="nothing was kept; close mana, look at the folder, open it again",
            )

    def rollback(self) -> None:
        """Take back everything since `begin`."""
        try:
            self._abandon()
        finally:
            self._writer.release()

    def _abandon(self) -> None:
        one = getattr(self._local, "connection", None)
        if one is None or self.closed:
            return
        with one.lock:
            if one.raw.in_transaction:
                one.raw.execute("ROLLBACK")

    @property
    def writing(self) -> bool:
        """Whether this thread is inside a transaction."""
        one = getattr(self._local, "connection", None)
        return one is not None and not self.closed and one.raw.in_transaction

    # --- connections ---------------------------------------------------------------------------

    def _mine(self) -> Connection:
        one = getattr(self._local, "connection", None)
        if one is None or self._key is None:
            one = self._local.connection = self._connect()
        return one

    def _connect(self) -> Connection:
        raw = self.connect_raw()
        one = Connection(raw, threading.current_thread())
        with self._guard:
            if self._key is None:
                raw.close()
                raise Closed
            dead = [other for other in self._connections if not other.alive]
            self._connections = [other for other in self._connections if other.alive] + [
                one
            ]
        for other in dead:
            other.end()
        return one

    @contextmanager
    def lend(self) -> Iterator[Any]:
        """Lend this thread's driver connection, for schema tools; it stays ours."""
        one = self._mine()
        with one.lock:
            yield one.raw

    def key(self) -> bytes:
        """The raw key, for a copy of the file; LockedError once it is forgotten."""
        key = self._key
        if key is None:
            raise Closed
        return bytes(key)

    def connect_raw(self) -> Any:
        """A new driver connection with the key set; the caller closes it."""
        key = self.key()
        try:
            return connect(self.path, key)
        except driver.Error as error:
            raise self._say(error) from None

    def _say(self, error: Exception) -> Exception:
        return meaning(error, self.path, None if self._key is None else bytes(self._key))


def _place(path: Path) -> tuple[int, int] | None:
    """Which file a path names now."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UnavailableError(f"{path} cannot be used: {error.strerror}.") from error
    return found.st_dev, found.st_ino


def _make_folder(folder: Path) -> None:
    try:
        make_private(folder)
    except OSError as error:
        raise UnavailableError(f"{folder} cannot be made: {error.strerror}.") from error
