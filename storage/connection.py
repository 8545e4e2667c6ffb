"""One driver connection: how it is opened, and what its errors mean to a person."""

from __future__ import annotations

import os
import sys
import threading
import weakref
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlcipher3 import dbapi2

from storage.errors import (
    DamagedError,
    InUse,
    LockedError,
    ManaError,
    UnavailableError,
)

driver: Any = dbapi2
# The driver looks for a way to adapt every value that is no plain number or text, None
# too: 1.5 µs each. Most columns of most records are empty, so it is told at once.
driver.register_adapter(type(None), {}.get)
driver.register_adapter(bool, int)

BUSY_SECONDS = 10
"""How long a write waits for another process before it gives up."""

WAL_BYTES = 16 * 2**20
"""A log larger than this is cut back once it has been folded in."""

SHARED_BYTES = 64 * 2**10
"""Room that opening takes, for memory shared between processes."""

_NOT_A_DATABASE, _CORRUPT, _FULL, _READONLY, _CANNOT_OPEN, _IO, _BUSY = (
    26,
    11,
    13,
    8,
    14,
    10,
    5,
)


_SAID = {
    "file is not a database": _NOT_A_DATABASE,
    "database disk image is malformed": _CORRUPT,
    "database or disk is full": _FULL,
    "attempt to write a readonly database": _READONLY,
    "unable to open database file": _CANNOT_OPEN,
    "disk I/O error": _IO,
    "database is locked": _BUSY,
}
"""The driver's copying (`backup`) gives its errors no number."""


class Closed(LockedError):
    """The file was closed: its key is gone."""

    def __init__(self) -> None:
        super().__init__("The vault is locked.", hint="mana unlock")


class Connection:
    """A thread's connection and the lock that lets others end it safely."""

    def __init__(self, raw: Any, owner: threading.Thread) -> None:
        self.raw = raw
        self.lock = threading.RLock()
        self._owner = weakref.ref(owner)

    @property
    def alive(self) -> bool:
        """Whether its thread still runs."""
        owner = self._owner()
        return owner is not None and owner.is_alive()

    def end(self, *, fold: bool = True) -> None:
        """Close it; whatever it is doing is interrupted first. An idle connection is not:
        an interrupt keeps it from folding its log in, which is what `fold=False` wants."""
        while not self.lock.acquire(timeout=0.001):
            self.raw.interrupt()
        try:
            if not fold:
                self.raw.interrupt()
            self.raw.close()
        finally:
            self.lock.release()


def connect(path: Path, key: bytes) -> Any:
    """A new driver connection under a raw key. Nothing is read yet."""
    raw = driver.connect(
        f"file:{quote(str(path))}?{_mode(path)}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=512,
    )
    try:
        _prepare(raw, key)
    except BaseException:
        raw.close()
        raise
    return raw


def _mode(path: Path) -> str:
    """On a read-only disk SQLite can make no shared memory, and needs none: nobody writes.
    A log would be left out that way, so where there is one, opening fails instead."""
    log = path.with_name(f"{path.name}-wal")
    if os.access(path.parent, os.W_OK) or (log.exists() and log.stat().st_size):
        return "mode=rw"
    return "mode=ro&immutable=1"


def _prepare(raw: Any, key: bytes) -> None:
    """Settings of every connection; the log level comes first, or a wrong key is printed."""
    raw.execute("PRAGMA cipher_log_level = NONE")
    raw.execute(f"PRAGMA key = \"x'{key.hex()}{salt_of(key).hex()}'\"")
    raw.execute("PRAGMA temp_store = MEMORY")
    raw.execute("PRAGMA secure_delete = ON")
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute(f"PRAGMA journal_size_limit = {WAL_BYTES}")
    if sys.platform == "darwin":
        raw.execute("PRAGMA fullfsync = ON")


def bare(path: Path, key: bytes, sql: str) -> list[tuple[Any, ...]]:
    """One statement on a connection of its own that has read nothing yet: connections
    refuse a file whose first pages are damaged."""
    raw = driver.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
    try:
        raw.execute("PRAGMA cipher_log_level = NONE")
        raw.execute(f"PRAGMA key = \"x'{key.hex()}{salt_of(key).hex()}'\"")
        return raw.execute(sql).fetchall()
    except driver.Error as error:
        raise meaning(error, path, key) from error
    finally:
        raw.close()


def salt_of(key: bytes) -> bytes:
    """The salt a file under this key begins with."""
    return blake2b(key, digest_size=16, person=b"mana-salt").digest()


def code_of(error: Exception) -> int:
    """SQLite's number of an error of the driver; 0 when it has none."""
    return getattr(error, "sqlite_errorcode", _SAID.get(str(error), 0)) & 0xFF


def meaning(error: Exception, path: Path, key: bytes | None) -> Exception:
    """A driver's error as one a person can act on; itself where it is our mistake."""
    code = code_of(error)
    if key is None or "closed database" in str(error):
        return Closed()
    if code == _NOT_A_DATABASE:
        return _wrong_key_or_damage(path, key)
    if code == _CORRUPT:
        return DamagedError(f"{path.name} is damaged.", hint="mana restore")
    if code == _FULL or (code == _IO and _no_room(path.parent)):
        return UnavailableError("The disk is full; nothing was changed.")
    if code == _READONLY:
        return UnavailableError(
            f"{path.name} can only be read here; nothing was changed.",
            hint=f"the disk or the folder {path.parent} is read-only",
        )
    if code in (_CANNOT_OPEN, _IO):
        return UnavailableError(f"{path} cannot be used: {error}.")
    if code == _BUSY:
        return InUse(f"Another program has been writing {path.name} for too long.")
    return error


def _no_room(folder: Path) -> bool:
    """Whether there is no room for the shared memory: SQLite calls that an I/O error."""
    try:
        found = os.statvfs(folder)
    except (AttributeError, OSError):  # no POSIX; or the disk is worse than full
        return False
    return found.f_bavail * found.f_frsize < SHARED_BYTES


def _wrong_key_or_damage(path: Path, key: bytes) -> ManaError:
    """The salt in the file is the key's own: if it differs, so does the key."""
    with path.open("rb") as file:
        there = file.read(16)
    if there != salt_of(key):
        return LockedError(f"The key does not fit {path.name}.", hint="mana unlock")
    return DamagedError(f"{path.name} is damaged.", hint="mana restore")
