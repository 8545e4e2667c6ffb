"""search.db: opened, emptied, or made anew when anything is wrong with it."""

from __future__ import annotations

from pathlib import Path

from storage.database import Database
from storage.errors import DamagedError, LockedError, ManaError
from storage.migrate import exclusive
from storage.record import new_id

NAME = "search.db"
LOCK = "search.lock"
APPLICATION_ID = 0x6D616E73

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS name (
    n INTEGER PRIMARY KEY, what TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (what, text)
) STRICT;
CREATE TABLE doc (
    n INTEGER PRIMARY KEY, space INTEGER NOT NULL, kind INTEGER NOT NULL,
    owner INTEGER NOT NULL, trashed INTEGER NOT NULL, flags INTEGER NOT NULL,
    day INTEGER, created INTEGER NOT NULL, updated INTEGER NOT NULL, id TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX doc_id ON doc (id);
CREATE INDEX doc_updated ON doc (updated);
CREATE TABLE tagging (
    doc INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (doc, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX tagging_tag ON tagging (tag, doc);
CREATE TABLE tie (
    link TEXT NOT NULL, record TEXT NOT NULL, verb TEXT NOT NULL, PRIMARY KEY (record, link)
) STRICT, WITHOUT ROWID;
CREATE INDEX tie_link ON tie (link);
CREATE VIRTUAL TABLE text USING fts5 (
    title, body, people, tags, content='', contentless_delete=1, prefix='3 4',
    tokenize='unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE titles USING fts5 (
    title, content='', contentless_delete=1, detail=none, prefix='1 2',
    tokenize='unicode61 remove_diacritics 0'
);
"""


def open_file(folder: Path, key: bytes, version: str) -> Database:
    """The index file, ready; empty when it was another vault's, damaged, or of another
    version. One process at a time makes it."""
    with exclusive(folder / LOCK):
        found = _open(folder / NAME, key)
        if found is None:
            return _make(folder / NAME, key, version)
        if _version(found) != version:
            return _again(found, key, version)
        return found


def start_again(file: Database, key: bytes, version: str) -> Database:
    """Empty it. In place where possible: other processes go on using the same file."""
    with exclusive(file.path.with_name(LOCK)):
        return _again(file, key, version)


def _again(file: Database, key: bytes, version: str) -> Database:
    try:
        with file.write():
            for (name,) in file.rows(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%\\_%'"
                " ESCAPE '\\' AND name <> 'name'"  # its numbers keep their meaning
            ):
                file.execute(f'DROP TABLE "{name}"')
            _fill(file, version)
    except ManaError:
        file.close()
        remove(file.path)
        return _make(file.path, key, version)
    return file


def _open(path: Path, key: bytes) -> Database | None:
    if not path.exists():
        return None
    try:
        return Database.open(path, key, application_id=APPLICATION_ID)
    except (DamagedError, LockedError):  # nothing in it is the only copy of anything
        remove(path)
        return None


def _make(path: Path, key: bytes, version: str) -> Database:
    made = Database.create(path, key, application_id=APPLICATION_ID)
    with made.write():
        _fill(made, version)
    return made


def _fill(file: Database, version: str) -> None:
    for statement in _SCHEMA.split(";\n"):
        if statement.strip():
            file.execute(statement)
    file.execute("INSERT INTO meta VALUES ('layout', ?), ('epoch', ?)", (version, new_id()))


def _version(file: Database) -> str | None:
    has_meta = "SELECT count(*) FROM sqlite_master WHERE name = 'meta'"
    try:
        if not file.value(has_meta):
            return None
        return file.value("SELECT value FROM meta WHERE name = 'layout'")
    except DamagedError:
        return None


def remove(path: Path) -> None:
    """Delete an index file with what SQLite keeps beside it."""
    for ending in ("", "-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
