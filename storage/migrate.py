"""The shape of the file: numbered steps for the fixed tables, additive steps per kind."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from storage.connection import driver
from storage.copying import copy_database, read_all, remove
from storage.database import Database
from storage.errors import ConflictError, InUse, UnavailableError
from storage.table import Table, fill_of

APPLICATION_ID = 0x6D616E61
"""`mana`: lets `file` and ourselves tell this file from others."""

_FIRST = """
CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT) STRICT, WITHOUT ROWID;
CREATE TABLE kind (
    name TEXT NOT NULL, hash TEXT NOT NULL, title TEXT NOT NULL,
    parent TEXT NOT NULL, parent_kind TEXT NOT NULL, columns TEXT NOT NULL,
    seen INTEGER NOT NULL, PRIMARY KEY (name, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE short (
    space TEXT NOT NULL, short TEXT NOT NULL, kind TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (space, short)
) STRICT, WITHOUT ROWID;
CREATE INDEX short_record ON short (record);
CREATE TABLE tagging (
    kind TEXT NOT NULL, record TEXT NOT NULL, tag TEXT NOT NULL,
    PRIMARY KEY (record, tag, kind)
) STRICT, WITHOUT ROWID;
CREATE INDEX tagging_tag ON tagging (tag, kind, record);
CREATE TABLE actor (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, actor TEXT NOT NULL, name TEXT NOT NULL,
    UNIQUE (kind, actor, name)
) STRICT;
CREATE TABLE batch (
    seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, space TEXT NOT NULL,
    title TEXT NOT NULL, actor INTEGER NOT NULL REFERENCES actor (id), origin TEXT NOT NULL,
    started TEXT NOT NULL, undoing INTEGER NOT NULL, undoes TEXT, undone_by TEXT
) STRICT;
CREATE INDEX batch_space ON batch (space, undoing, seq);
CREATE TABLE change (
    seq INTEGER PRIMARY KEY, batch INTEGER NOT NULL REFERENCES batch (seq),
    at INTEGER NOT NULL, space TEXT NOT NULL, owner TEXT, kind TEXT NOT NULL,
    record TEXT NOT NULL, field TEXT NOT NULL, before TEXT, after TEXT
) STRICT;
CREATE INDEX change_record ON change (record, seq);
CREATE INDEX change_batch ON change (batch, seq);
"""


def _first(db: Database) -> None:
    for statement in _FIRST.split(";"):
        if statement.strip():
            db.execute(statement)


def _blobs(db: Database) -> None:
    db.execute(
        "CREATE TABLE blob (id TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,"
        " made INTEGER NOT NULL, data BLOB, salt BLOB) STRICT"
    )


STEPS: tuple[Callable[[Database], None], ...] = (_first, _blobs)
"""Numbered from 1, append-only; each runs once, in a transaction of its own."""


def version_of(db: Database) -> int:
    """The number of the last step this file has seen."""
    return int(db.value("PRAGMA user_version"))


def migrate(db: Database) -> None:
    """Bring the fixed tables up to this program; one process at a time, after a backup."""
    if version_of(db) >= len(STEPS):
        return
    with exclusive(db.path.with_name("migrate.lock")):
        have = version_of(db)
        if 0 < have < len(STEPS):
            back_up(db, db.path.with_name(f"{db.path.stem}.before-{have + 1}.db"))
        for number in range(have, len(STEPS)):
            with db.write():
                STEPS[number](db)
                db.execute(f"PRAGMA user_version = {number + 1}")


def back_up(db: Database, path: Path) -> None:
    """A consistent copy under the same key, checked by reading every page of it."""
    remove(path)
    copy_database(db, path)


def check(db: Database) -> None:
    """Read every page and index; DamagedError where bytes are not what was written."""
    read_all(db)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold a lock file; it ends with the process, so a killed one leaves nothing behind."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise UnavailableError(f"{path} cannot be made: {error.strerror}.") from error
    try:
        _hold(handle, path)
        yield
    finally:
        os.close(handle)


def _hold(handle: int, path: Path) -> None:
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX)
        else:
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
    except OSError as error:
        raise InUse(f"Another program holds {path.name}.") from error


# --- kinds ------------------------------------------------------------------------------


def ready(db: Database, table: Table) -> bool:
    """Whether the vault has seen this shape of the kind; one small statement."""
    found = db.row(
        "SELECT 1 FROM kind WHERE name = ? AND hash = ?", (table.kind.name, table.hash)
    )
    return found is not None


def add_kind(db: Database, table: Table) -> None:
    """Make the table of a kind, or add what it lacks. Nothing is ever taken away but indexes
    that no longer hold. Runs inside the caller's transaction, or in its own."""
    if db.writing:
        _add_kind(db, table)
        return
    with db.write():
        if not ready(db, table):
            _add_kind(db, table)


def _add_kind(db: Database, table: Table) -> None:
    with db.lend() as raw:
        import sqlite_utils  # 100 ms: only when there is schema work

        tools = sqlite_utils.Database(raw, execute_plugins=False)
        target: Any = tools.table(table.name)
        if target.exists():
            _add_columns(db, table, {column.name for column in target.columns})
        else:
            target.create(
                {column.name: column.sql for column in table.columns},
                pk="id",
                strict=True,
                not_null={"id", "short", "space", "author", "visibility"},
            )
        there = {index.name for index in target.indexes} if target.exists() else set()
    _add_indexes(db, table, there)
    seen = (db.value("SELECT max(seen) FROM kind") or 0) + 1
    kind = table.kind
    shape = json.dumps({column.name: column.sql for column in table.columns})
    db.execute(
        "INSERT OR REPLACE INTO kind VALUES (?, ?, ?, ?, ?, ?, ?)",
        (kind.name, table.hash, kind.title, kind.parent, table.parent_kind, shape, seen),
    )


def _add_columns(db: Database, table: Table, there: set[str]) -> None:
    for column in table.columns:
        if column.name in there:
            continue
        fill = fill_of(column)
        default = "" if fill is None else f" DEFAULT {_literal(fill)}"
        db.execute(
            f'ALTER TABLE "{table.name}" ADD COLUMN "{column.name}" {column.sql}{default}'
        )


def _literal(value: Any) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return repr(value)


def _add_indexes(db: Database, table: Table, there: set[str]) -> None:
    wanted = table.indexes()
    for name in sorted(there - wanted.keys()):
        if name.startswith(f"{table.name}__"):
            db.execute(f'DROP INDEX "{name}"')
    for sql in wanted.values():
        try:
            db.execute(sql)
        except driver.IntegrityError as error:
            raise ConflictError(
                f"Some {table.kind.name} records share what must now be unique.",
                hint="open the vault with the previous version and rename them",
            ) from error


def narrow(db: Database, table: Table) -> None:
    """Fit a kind to a file this program may only read: columns it lacks are left out, a
    table it lacks is an empty one of this connection's own."""
    there = {row[1] for row in db.rows(f'PRAGMA table_info("{table.name}")')}
    table.narrow(there)
