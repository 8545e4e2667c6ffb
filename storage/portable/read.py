"""Reading an archive: nothing in it is believed before it is checked."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import msgspec

from storage.errors import DamagedError, NotFound, TooNew, UnavailableError, UserError
from storage.portable.form import (
    FORMAT,
    INDEX,
    MOST_INDEX,
    MOST_LINE,
    VERSION,
    BadLine,
    FileEntry,
    Index,
    checked,
    checksum,
    is_field,
    is_folder,
    is_kind,
    log_path,
    records_path,
)
from storage.portable.shape import OWN, SQL

MOST_COLUMNS = 500
MOST_NAMED = 20
"""Damaged lines that are named one by one in a file."""

_CHUNK = 2**20


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong in a file of the archive; `line` 0 is the whole file."""

    file: str
    line: int = 0
    reason: str

    @property
    def item(self) -> str:
        """Where it is."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Archive:
    """An archive on disk. `open` reads and checks its index; `damage` the rest."""

    def __init__(self, root: Path, index: Index) -> None:
        self.root = root
        self.index = index

    @classmethod
    def open(cls, folder: Path) -> Archive:
        """NotFound, UserError (it is none), TooNew, DamagedError (the index is)."""
        if not folder.is_dir():
            raise NotFound(f"There is no folder {folder.name!r} there.")
        with opened(folder, INDEX) as file:
            if file is None:
                raise UserError(
                    f"{folder.name} is no archive: it has no index.json.",
                    hint="name the folder that mana archive write made",
                )
            data = file.read(MOST_INDEX + 1)
        return cls(folder, _index(data))

    def needed(self, history: bool) -> list[str]:
        """The files that reading it back looks at."""
        names = [
            records_path(space.folder, kind)
            for space in self.index.spaces
            for kind in space.counts
        ]
        if history:
            names += [
                log_path(space.folder, what)
                for space in self.index.spaces
                for what in ("batches", "changes")
            ]
        return names + [name for name in self.index.files if name.startswith("blobs/")]

    def damage(
        self, names: list[str], progress: Callable[[int, int | None, str], None]
    ) -> Iterator[Problem]:
        """Everything that is not as it was written, in these files."""
        for number, name in enumerate(names):
            progress(number, len(names), "Checking the archive")
            said = self.index.files.get(name)
            if said is None:
                yield Problem(file=name, reason="the index does not know it")
            elif not _matches(self.root, name, said):
                yield from self._faults(name, said)

    def _faults(self, name: str, said: FileEntry) -> Iterator[Problem]:
        with opened(self.root, name) as file:
            missing = file is None
        if missing:
            yield Problem(file=name, reason="it is missing")
        elif name.endswith(".jsonl"):
            yield from self._line_faults(name, said.lines)
        else:
            yield Problem(file=name, reason="its content is not what was written")

    def _line_faults(self, name: str, many: int | None) -> Iterator[Problem]:
        found = bad = 0
        for number, line in self.lines(name):
            found += 1
            try:
                checked(line)
            except BadLine as error:
                bad += 1
                if bad <= MOST_NAMED:
                    yield Problem(file=name, line=number, reason=str(error))
        if found != many:
            yield Problem(file=name, reason=f"{found} of {many} lines are there")
        elif not bad:
            yield Problem(file=name, reason="its lines are not those that were written")
        elif bad > MOST_NAMED:
            yield Problem(file=name, reason=f"{bad} damaged lines in all")

    def lines(self, name: str) -> Iterator[tuple[int, bytes]]:
        """Numbered lines as they are; one that is too long comes without its end."""
        with opened(self.root, name) as file:
            number = 0
            while file is not None and (line := file.readline(MOST_LINE + 1)):
                number += 1
                yield number, line
                while line and not line.endswith(b"\n"):
                    line = file.readline(MOST_LINE + 1)

    @contextmanager
    def blob(self, hash: str) -> Iterator[IO[bytes] | None]:
        """A content to read, or None when it is not whole."""
        name = f"blobs/{hash}"
        said = self.index.files.get(name)
        if said is None or said.sha256 != hash or not _matches(self.root, name, said):
            yield None
            return
        with opened(self.root, name) as file:
            yield file


@contextmanager
def opened(root: Path, name: str) -> Iterator[IO[bytes] | None]:
    """A plain file inside the archive; None when it is missing, a link, or not a file."""
    handle = _handle(root, name)
    if handle is None:
        yield None
        return
    with os.fdopen(handle, "rb") as file:
        try:
            yield file
        except OSError as error:
            raise UnavailableError(f"{name} cannot be read: {error.strerror}.") from error


def _handle(root: Path, name: str) -> int | None:
    parts = name.split("/")
    if not all(map(is_folder, parts)):
        return None
    path = root
    try:
        for part in parts:
            path = path / part
            if stat.S_ISLNK(path.lstat().st_mode):
                return None
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        return os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnavailableError(f"{name} cannot be read: {error.strerror}.") from error


def _matches(root: Path, name: str, said: FileEntry) -> bool:
    """Whether a file has the length and the content the index says."""
    with opened(root, name) as file:
        if file is None or os.fstat(file.fileno()).st_size != said.bytes:
            return False
        digest = sha256()
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest() == said.sha256


def _index(data: bytes) -> Index:
    if len(data) > MOST_INDEX:
        raise DamagedError("The index is longer than any index.")
    try:
        body: Any = msgspec.json.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise _damaged("is not JSON") from error
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        raise UserError("index.json is not that of an archive.")
    version = body.get("version")
    if isinstance(version, int) and version > VERSION:
        raise TooNew("A newer mana wrote this archive.", hint="update mana")
    if body.pop("checksum", None) != checksum(body):
        raise _damaged("is not what was written")
    try:
        index = msgspec.convert(body, Index)
    except (msgspec.ValidationError, RecursionError) as error:
        raise _damaged(f"cannot be used: {error}") from error
    _check_names(index)
    return index


def _check_names(index: Index) -> None:
    """Whoever writes a checksum can write anything."""
    folders = [space.folder for space in index.spaces]
    kinds = {kind for space in index.spaces for kind in space.counts}
    if len({f.casefold() for f in folders}) < len(folders):
        raise _damaged("names a folder twice")
    if len({space.id for space in index.spaces}) < len(index.spaces):
        raise _damaged("names a space twice")
    if not all(map(is_folder, folders)) or not kinds <= index.kinds.keys():
        raise _damaged("names what cannot be there")
    for name, kind in index.kinds.items():
        fits = (
            is_kind(name)
            and len(kind.columns) <= MOST_COLUMNS
            and all(is_field(f) and t in SQL for f, t in kind.columns.items())
            and {*OWN, kind.title} <= kind.columns.keys()
            and all(SQL[kind.columns[own]] == "TEXT" for own in OWN)
            and (not kind.parent or kind.parent in kind.columns)
            and (not kind.parent_kind or is_kind(kind.parent_kind))
        )
        if not fits:
            raise _damaged(f"describes {name[:40]!r} in a way that cannot be")


def _damaged(why: str) -> DamagedError:
    return DamagedError(
        f"The archive's index.json {why}.", hint="take it from another copy of the archive"
    )
