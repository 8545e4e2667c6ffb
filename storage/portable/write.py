"""Writing an archive: streamed, into a hidden folder that gets its name when it is whole."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from storage.column import instant
from storage.database import Database
from storage.errors import DamagedError, ManaError, Refused, UnavailableError
from storage.portable import log
from storage.portable.about import ABOUT
from storage.portable.form import (
    FORMAT,
    INDEX,
    VERSION,
    FileEntry,
    Index,
    KindEntry,
    Person,
    SpaceEntry,
    folder_of,
    in_order,
    log_path,
    pack,
    pack_index,
    records_path,
)
from storage.portable.shape import count_of, kind_names, outside, rows_of, shape_of
from storage.private import make_folder, sync_folder
from storage.scope import Scope
from storage.space import Space

if TYPE_CHECKING:
    from storage.vault import Vault

Twins = Callable[[Space], Iterable[tuple[str, Iterator[bytes]]]]
"""Relative path and content of each readable twin of a space."""

Progress = Callable[[int, "int | None", str], None]

BLOB = re.compile(rb"blob-([0-9a-f]{64})")
STEP = 500
"""Records between two reports of progress."""

_encode = msgspec.json.Encoder().encode


def write_archive(
    vault: Vault,
    folder: Path,
    spaces: Sequence[Space],
    *,
    program: str,
    history: bool = False,
    twins: Twins = lambda _: (),
    progress: Progress = lambda *_: None,
) -> Index:
    """Write these spaces as one consistent moment of the vault shows them.

    `folder` must not be there, or be empty: Refused otherwise. Whatever fails, and
    whatever `progress` raises, leaves nothing behind. UnavailableError when the disk does
    not take it.
    """
    folder = _free(vault, folder)
    if not vault.read_only:
        vault.prepare()  # no schema work once the moment is fixed
    temporary = folder.parent / f".{folder.name}-{os.urandom(6).hex()}"
    try:
        make_folder(folder.parent)
        temporary.mkdir(mode=0o700)
        with snapshot(vault.db):
            index = _Writer(vault, temporary, history, progress).run(spaces, twins, program)
        _land(temporary, folder)
    except OSError as error:
        said = error.strerror or error
        raise UnavailableError(f"{folder} cannot be written: {said}.") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return index


def _free(vault: Vault, folder: Path) -> Path:
    folder = folder.absolute()
    folder = folder.parent.resolve() / folder.name
    if folder.is_relative_to(vault.db.path.parent.resolve()):
        raise Refused(
            "An archive is plain text: it has no place in the vault's folder.",
            hint="name another folder",
        )
    if folder.is_symlink() or (folder.exists() and not _empty(folder)):
        raise Refused(f"{folder} is already there.", hint="archives are never overwritten")
    return folder


def _empty(folder: Path) -> bool:
    return folder.is_dir() and next(folder.iterdir(), None) is None


def _land(temporary: Path, folder: Path) -> None:
    for path in [p for p in temporary.rglob("*") if p.is_dir()] + [temporary]:
        sync_folder(path)
    if folder.is_dir():
        folder.rmdir()  # it was empty; if not any more, this says so
    temporary.rename(folder)
    sync_folder(folder.parent)


@contextmanager
def snapshot(db: Database) -> Iterator[None]:
    """Reads inside, by this thread, see one moment, whatever others commit."""
    if db.writing:
        yield
        return
    db.execute("BEGIN")
    try:
        yield
    finally:
        if db.writing:
            db.execute("COMMIT")


class _Writer:
    """One archive in the making."""

    def __init__(self, vault: Vault, root: Path, history: bool, progress: Progress) -> None:
        self.vault = vault
        self.root = root
        self.history = history
        self.progress = progress
        self.files: dict[str, FileEntry] = {}
        self.kinds: dict[str, KindEntry] = {}
        self.problems: list[str] = []
        self.blobs: dict[bytes, bytes] = {}
        self.done = self.total = 0

    def run(self, spaces: Sequence[Space], twins: Twins, program: str) -> Index:
        """Write everything; the index comes last."""
        said, taken = [], set[str]()
        scopes = [self.vault.scope(space.id) for space in spaces]
        counts = [self._counts(scope) for scope in scopes]
        self.total = sum(sum(one.values()) for one in counts)
        for space, scope, count in zip(spaces, scopes, counts, strict=True):
            folder = folder_of(space.slug, taken)
            self._space(folder, scope, count)
            self._twins(folder, twins(space))
            said.append(
                SpaceEntry(
                    folder=folder, id=space.id, slug=space.slug, name=space.name,
                    type=space.type, counts=count,
                )
            )  # fmt: skip
        self.file("README.md", iter([ABOUT.encode()]))
        index = Index(
            format=FORMAT, version=VERSION, program=program,
            made=instant(self.vault.clock()),
            person=Person(id=self.vault.person, name=self.vault.meta("name") or ""),
            history=self.history, spaces=said,
            kinds={name: self.kinds[name] for name in in_order(self.kinds)},
            files=dict(sorted(self.files.items())), problems=self.problems,
        )  # fmt: skip
        self.file(INDEX, iter([pack_index(index)]))
        return index

    def _counts(self, scope: Scope) -> dict[str, int]:
        found = {k: count_of(self.vault, scope, k) for k in kind_names(self.vault)}
        return {kind: found[kind] for kind in in_order(found) if found[kind]}

    def _space(self, folder: str, scope: Scope, counts: dict[str, int]) -> None:
        for kind in counts:
            shape = self.kinds.get(kind) or shape_of(self.vault, kind)
            self.kinds[kind] = shape
            rows = rows_of(self.vault, scope, kind, list(shape.columns))
            lines = (
                self.line(outside(row, shape.columns)) for row in self._counted(rows, kind)
            )
            self.file(records_path(folder, kind), lines)
        if self.history:
            for what, rows in log.written(self.vault, scope):
                lines = (self.line(row) for row in self._watched(rows, what))
                self.file(log_path(folder, what), lines)

    def _counted(self, rows: Iterator[Any], what: str) -> Iterator[Any]:
        for row in rows:
            if self.done % STEP == 0:
                self.progress(self.done, self.total, f"Writing {what}")
            self.done += 1
            yield row
        self.progress(self.done, self.total, f"Writing {what}")

    def _watched(self, rows: Iterator[Any], what: str) -> Iterator[Any]:
        for number, row in enumerate(rows):
            if number % STEP == 0:
                self.progress(number, None, f"Writing the history: {what}")
            yield row

    def line(self, said: dict[str, Any]) -> bytes:
        """One line, with names of blobs that mean something outside this vault."""
        body = _encode(said)
        if b"blob-" in body:
            body = BLOB.sub(lambda found: self._blob(found.group()), body)
        return pack(body)

    # --- files ----------------------------------------------------------------------------

    def file(self, name: str, pieces: Iterator[bytes]) -> FileEntry:
        """Write one file, synced; its folder is made as needed."""
        path = make_folder((self.root / name).parent) / Path(name).name
        digest, size, lines = sha256(), 0, 0
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
                lines += 1
            file.flush()
            os.fsync(file.fileno())
        made = self.files[name] = FileEntry(
            bytes=size,
            sha256=digest.hexdigest(),
            lines=lines if name.endswith(".jsonl") else None,
        )
        return made

    def _twins(self, folder: str, twins: Iterable[tuple[str, Iterator[bytes]]]) -> None:
        for path, pieces in twins:
            name = f"spaces/{folder}/readable/{path}"
            self.progress(self.done, self.total, f"Writing {path}")
            try:
                made = self.file(name, self._watched(pieces, path))
            except OSError:
                raise
            except Exception as error:
                if isinstance(error, ManaError) and error.exit_code != 1:
                    raise  # the vault was locked, the person stopped it
                # The records are in the archive: a twin that fails must not take them along.
                self._drop(name)
                said = error if isinstance(error, ManaError) else type(error).__name__
                self.problems.append(f"{name} could not be written: {said}")
            else:
                if made.bytes == 0:
                    self._drop(name)

    def _drop(self, name: str) -> None:
        (self.root / name).unlink()
        self.files.pop(name, None)

    # --- blobs ----------------------------------------------------------------------------

    def _blob(self, id: bytes) -> bytes:
        """The name of a blob in this archive; its content is written when met first."""
        if id not in self.blobs:
            self.blobs[id] = self._write_blob(id.decode())
        return self.blobs[id]

    def _write_blob(self, id: str) -> bytes:
        from storage.blob import CHUNK, content

        db = self.vault.db
        row = db.row("SELECT size, data, salt FROM blob WHERE id = ?", (id,))
        if row is None:
            return id.encode()  # somebody typed it, or its content is gone
        try:
            with content(db, id, *row) as stream:
                pieces = iter(lambda: stream.read(CHUNK), b"")
                made = self.file("blobs/new", pieces)
        except DamagedError as error:
            self.problems.append(f"The content of {id} could not be written: {error}")
            self._drop("blobs/new")
            return id.encode()
        name = f"blobs/{made.sha256}"
        (self.root / "blobs/new").rename(self.root / name)
        self.files[name] = self.files.pop("blobs/new")
        return f"blob-{made.sha256}".encode()
