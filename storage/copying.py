"""A consistent, verified copy of an open database, while others go on writing it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from storage.connection import bare, connect, driver, meaning
from storage.database import Database
from storage.errors import DamagedError

PAGES = 2000
"""Pages copied between two looks at who wants to stop it."""

Progress = Callable[[int, int], None]
"""Told how many pages are copied, of how many; may raise to stop."""


def _nothing(done: int, total: int) -> None:
    """Tell nobody how far it is."""


def copy_database(db: Database, path: Path, progress: Progress = _nothing) -> None:
    """Copy one moment of a database to a new file (0600) under the same key: synced, every
    page read back. On an error nothing is left there."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        _copy(db, path, progress)
        sync_file(path)
        verify(path, db.key(), db.application_id)
    except BaseException:
        remove(path)
        raise


def _copy(db: Database, path: Path, progress: Progress) -> None:
    key = db.key()
    source = db.connect_raw()
    try:
        target = connect(path, key)
        try:
            # Nobody sees the file before it is whole: no journal, one sync at the end.
            target.execute("PRAGMA journal_mode = OFF")
            target.execute("PRAGMA synchronous = OFF")
            source.execute("BEGIN")  # one moment, however long it takes
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            source.backup(
                target,
                pages=PAGES,
                progress=lambda _, left, total: progress(total - left, total),
            )
        finally:
            target.close()
    except driver.Error as error:
        raise meaning(error, db.path, key) from error
    finally:
        source.close()


def sync_file(path: Path) -> None:
    """Make a file's bytes durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def verify(path: Path, key: bytes, application_id: int) -> None:
    """Open a copy that nobody else uses and read every page; DamagedError, LockedError."""
    copy = Database(path, key, application_id=application_id)
    try:
        alone(copy)
        if copy.value("PRAGMA application_id") != application_id:
            raise DamagedError(f"{path.name} is not what its name says.")
        read_all(copy)
    finally:
        copy.close()


def alone(db: Database) -> None:
    """Use a file without the shared memory that several processes would need: a backup
    may lie where there is none (network folders, sticks)."""
    db.execute("PRAGMA locking_mode = EXCLUSIVE")


def read_all(db: Database) -> None:
    """Read every page and index; DamagedError where bytes are not what was written."""
    found = faults(db)
    if found:
        raise DamagedError(f"{db.path.name} is damaged: {found[0]}.", hint="mana restore")


def faults(db: Database) -> list[str]:
    """What reading every page and index finds wrong: no content. Where pages are not what
    was written, they are named and nothing else is read."""
    try:
        said = db.rows("PRAGMA cipher_integrity_check")
    except DamagedError:  # the pages that say what is in the file are damaged themselves
        said = bare(db.path, db.key(), "PRAGMA cipher_integrity_check")
        if not said:
            raise
    if said:
        return [_page(str(row[0])) for row in said]
    found = [_said(row) for row in db.rows("PRAGMA integrity_check(20)") if row[0] != "ok"]
    return found + [
        f"broken reference in {row[0]}" for row in db.rows("PRAGMA foreign_key_check")
    ]


def _page(said: str) -> str:
    number = said.rpartition("page ")[2]
    return f"page {number} is not what was written" if number.isdecimal() else said


def _said(row: tuple[Any, ...]) -> str:
    return " ".join(str(row[0]).split())


def remove(path: Path) -> None:
    """Delete a database file and what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm", "-journal", "-tail"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
