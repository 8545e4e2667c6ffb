"""Files that records carry: kept once by content, small ones in the vault, large ones beside."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

import io
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import msgspec

from storage.crypto.kdf import subkey
from storage.database import Database
from storage.errors import DamagedError, ManaError, NotFound, UnavailableError
from storage.history import seq_before
from storage.migrate import exclusive
from storage.private import make_private, sync_folder
from storage.record import SHARED
from storage.sealed import CHUNK, SALT_BYTES, open_sealed, seal, sealed_size
from storage.table import table_name
from storage.transaction import ticks_of

if TYPE_CHECKING:
    from storage.vault import Vault

FOLDER, LOCK = "blobs", "backup.lock"
INLINE = 2**20
"""Contents up to this many bytes are in the vault itself."""

PREFIX = "blob-"
_ID = re.compile(r"blob-[0-9a-f]{64}")
_PAGE = 500
_ABANDONED = 86_400
"""Seconds after which a file that was being written no longer is."""


class Blob(msgspec.Struct, frozen=True, kw_only=True):
    """A file as a record's field holds it. `id` names the content, `size` is in bytes,
    `media` is a media type such as `image/png`, empty when unknown."""

    id: str
    name: str = ""
    size: int = 0
    media: str = ""


class Blobs:
    """The contents of a vault. Safe to use from several threads and processes."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.db = vault.db

    def put(self, stream: IO[bytes], *, name: str = "", media: str = "") -> Blob:
        """Keep what a stream holds, once however often it is put; joins an open batch.

        UnavailableError when the disk is full: nothing is left of it.
        """
        with _trouble(self._folder):
            first = _read(stream, INLINE + 1)
            if len(first) > INLINE:
                id, size = self._put_file(first, stream)
            else:
                id, size = self._put_inside(first), len(first)
        return Blob(id=id, name=name, size=size, media=media)

    def open(self, blob: Blob) -> IO[bytes]:
        """Its content to read, seekable. NotFound when it is gone, DamagedError when it is
        not what was put."""
        row = self.db.row("SELECT size, data, salt FROM blob WHERE id = ?", (blob.id,))
        if row is None:
            raise NotFound("The content of this file is gone.", hint="it was removed")
        return content(self.db, blob.id, *row)

    def has(self, blob: Blob) -> bool:
        """Whether its content is kept here."""
        return self.db.row("SELECT 1 FROM blob WHERE id = ?", (blob.id,)) is not None

    def collect(self, before: datetime) -> int:
        """Remove what was put before a moment and no record has held since; returns how
        many. Run it with the trash's own moment: what undo can bring back is then kept."""
        old = ticks_of(before)
        with exclusive(self._folder.with_name(LOCK)):
            gone = 0
            with self.db.write():
                rows = self.db.rows("SELECT id FROM blob WHERE made < ?", (old,))
                held = referenced(self.db, old) if rows else set()
                for (id,) in rows:
                    if id not in held:
                        gone += self.db.execute("DELETE FROM blob WHERE id = ?", (id,))
            self._sweep()
        return gone

    def _sweep(self) -> None:
        """Remove files that no row names: of what was collected, or never finished. Within
        a transaction, so that nobody is just naming one."""
        with self.db.write():
            rows = self.db.rows("SELECT id FROM blob WHERE data IS NULL")
            named = {path_of(self._folder, row[0]) for row in rows}
            for path in self._folder.glob("??/*"):
                if path not in named:
                    path.unlink()
        for path in self._folder.glob(".*"):
            with suppress(FileNotFoundError):  # somebody has just finished writing it
                if time.time() - path.stat().st_mtime > _ABANDONED:
                    path.unlink()

    # --- putting ------------------------------------------------------------------------

    @property
    def _folder(self) -> Path:
        return self.db.path.parent / FOLDER

    def _put_inside(self, data: bytes) -> str:
        id = name_of(self.db.key(), (data,))
        with self.vault.writing("Keep a file"):
            if not self._again(id):
                self._insert(id, len(data), data, None)
        return id

    def _put_file(self, first: bytes, stream: IO[bytes]) -> tuple[str, int]:
        """Seal into a temporary file first: nobody waits for a slow stream."""
        salt = os.urandom(SALT_BYTES)
        make_private(self._folder)
        temporary = self._folder / f".{os.getpid()}-{salt.hex()}"
        try:
            id, size = self._seal(temporary, salt, first, stream)
            with self.vault.writing("Keep a file"):
                if not self._again(id):
                    path = path_of(self._folder, id)
                    make_private(path.parent)
                    temporary.replace(path)
                    sync_folder(path.parent)
                    sync_folder(self._folder)
                    self._insert(id, size, None, salt)
        finally:
            temporary.unlink(missing_ok=True)
        return id, size

    def _seal(
        self, path: Path, salt: bytes, first: bytes, stream: IO[bytes]
    ) -> tuple[str, int]:
        key = self.db.key()
        counted = _Counted(_pieces(first, stream), key)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            for part in seal(counted, subkey(key, "mana/blob"), salt):
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        return counted.id, counted.size

    def _again(self, id: str) -> bool:
        """Whether it is here already; it then counts as new, for what collects."""
        now = ticks_of(self.vault.clock())
        return self.db.execute("UPDATE blob SET made = ? WHERE id = ?", (now, id)) > 0

    def _insert(self, id: str, size: int, data: bytes | None, salt: bytes | None) -> None:
        now = ticks_of(self.vault.clock())
        self.db.execute(
            "INSERT INTO blob VALUES (?, ?, ?, ?, ?)", (id, size, now, data, salt)
        )


class _Counted:
    """Pieces as they pass: how many bytes, and the name of them all."""

    def __init__(self, pieces: Iterable[bytes], key: bytes) -> None:
        self.pieces = pieces
        self.size = 0
        self._hash = _naming(key)

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.size += len(piece)
            self._hash.update(piece)
            yield piece

    @property
    def id(self) -> str:
        """The id of what has passed."""
        return PREFIX + self._hash.hexdigest()


class _trouble:  # noqa: N801 - used as a statement
    """Turns a failing disk into an error a person can act on."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError):
            raise UnavailableError(
                f"The file cannot be kept in {self.folder}: {error.strerror or error}."
            ) from error


def _naming(key: bytes) -> Any:
    return blake2b(digest_size=32, key=subkey(key, "mana/blob-name"))


def name_of(key: bytes, pieces: Iterable[bytes]) -> str:
    """The id of a content in the vault of a key."""
    counted = _Counted(pieces, key)
    for _ in counted:
        pass
    return counted.id


def path_of(folder: Path, id: str) -> Path:
    """Where the sealed file of a blob is."""
    name = id.removeprefix(PREFIX)
    return folder / name[:2] / name


def content(
    db: Database, id: str, size: int, data: bytes | None, salt: bytes | None
) -> IO[bytes]:
    """What a row of `blob` names, to read; DamagedError."""
    if data is None:
        path = path_of(db.path.parent / FOLDER, id)
        return open_sealed(path, subkey(db.key(), "mana/blob"), salt or b"", size)
    if name_of(db.key(), (data,)) != id:
        raise DamagedError("The content of a blob is damaged.", hint="mana restore")
    return io.BytesIO(data)


def _read(stream: IO[bytes], most: int) -> bytes:
    found = bytearray()
    while len(found) < most and (piece := stream.read(most - len(found))):
        found += piece
    return bytes(found)


def _pieces(first: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    yield first
    while piece := stream.read(CHUNK):
        yield piece


# --- what is held, what is whole ------------------------------------------------------------


def referenced(db: Database, since: int) -> set[str]:
    """Ids that a row holds, or a change since a moment of the history's clock mentions."""
    found: set[str] = set()
    for (kind,) in db.rows("SELECT DISTINCT name FROM kind"):
        found |= _in_table(db, table_name(kind))
    sql = (
        "SELECT seq, ifnull(before, '') || ifnull(after, '') FROM change WHERE seq > ?"
        " AND (instr(before, 'blob-') OR instr(after, 'blob-')) ORDER BY seq LIMIT ?"
    )
    for text in _paged(db, sql, seq_before(db, since)):
        found.update(_ID.findall(text))
    return found


def _in_table(db: Database, table: str) -> set[str]:
    columns = [
        row[1] for row in db.rows(f'PRAGMA table_info("{table}")') if row[2] == "TEXT"
    ]
    own = [f'"{name}"' for name in columns if name not in SHARED]
    if not own:
        return set()
    text = " || ".join(f"ifnull({name}, '')" for name in own)
    where = " OR ".join(f"instr({name}, '{PREFIX}')" for name in own)
    sql = (
        f'SELECT rowid, {text} FROM "{table}" WHERE rowid > ? AND ({where})'
        " ORDER BY rowid LIMIT ?"
    )
    return {id for said in _paged(db, sql, 0) for id in _ID.findall(said)}


def _paged(db: Database, sql: str, at: int) -> Iterator[str]:
    while rows := db.rows(sql, (at, _PAGE)):
        yield from (row[1] for row in rows)
        at = rows[-1][0]


def faulty(db: Database, *, deep: bool = True) -> Iterator[tuple[str, str]]:
    """(id, what is wrong) of every blob that is not whole: missing, or with `deep` read
    to its end, changed."""
    if not db.value("SELECT count(*) FROM sqlite_master WHERE name = 'blob'"):
        return
    folder, last = db.path.parent / FOLDER, ""
    sql = "SELECT id FROM blob WHERE id > ? ORDER BY id LIMIT ?"
    while rows := db.rows(sql, (last, _PAGE)):
        for (id,) in rows:
            said = _fault(db, folder, id, deep)
            if said:
                yield id, said
        last = rows[-1][0]


def _fault(db: Database, folder: Path, id: str, deep: bool) -> str:
    row = db.row(
        "SELECT size, CASE WHEN ? THEN data END, salt, data IS NULL FROM blob WHERE id = ?",
        (deep, id),
    )
    assert row is not None  # it was listed
    size, data, salt, outside = row
    if outside:
        path = path_of(folder, id)
        if not path.is_file():
            return "its file is missing"
        if path.stat().st_size != sealed_size(size):
            return "its file has the wrong length"
    if not deep:
        return ""
    try:
        with content(db, id, size, data, salt) as stream:
            pieces = iter(lambda: stream.read(CHUNK), b"")
            return "" if name_of(db.key(), pieces) == id else "its content is another"
    except ManaError:
        return "its content is damaged"
