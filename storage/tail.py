"""How far a database's log is known to reach, kept beside it: a cut log is noticed.

SQLite believes the log (`-wal`) up to the first frame whose checksum fails, and drops the
rest without a word: one flipped bit there would take acknowledged commits along. So after
each commit a small authenticated file says which log it was, how many frames of it are
acknowledged, and the number of the newest change. It is not synced: what a power failure
leaves is at most older than the log, which is synced, and an older one raises no alarm.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple, Protocol

from storage.errors import DamagedError

ENDING = "-tail"
MAGIC = b"manatai1"
_BODY = struct.Struct("<8s8sQQ")
_MAC = 16
_HEADER = 32
"""Bytes of the log's own header: its salts are at 16, its checksum at 24."""
_TRIES = 50


class _Key(Protocol):
    path: Path

    def key(self) -> bytes: ...

    def frames(self) -> int: ...


class Mark(NamedTuple):
    """What was acknowledged last: the log by its salts, frames in it, the newest change."""

    salts: bytes
    frames: int
    seq: int


def read(path: Path, key: bytes) -> Mark | None:
    """The mark beside a database; None when there is none, or one that says nothing."""
    try:
        data = path.with_name(path.name + ENDING).read_bytes()
    except FileNotFoundError:
        return None
    body, mac = data[: _BODY.size], data[_BODY.size :]
    if len(body) != _BODY.size or mac != _mac(body, key):
        return None  # a power failure, or a flipped bit: it takes nothing away by itself
    magic, *said = _BODY.unpack(body)
    return Mark(*said) if magic == MAGIC else None


def write(db: _Key, seq: int) -> None:
    """Say that everything up to now is acknowledged; about 0.1 ms.

    A mark that cannot be written stays the older one it is: the commit is durable, so its
    writer must not hear that it failed.
    """
    try:
        salts, frames = _state(db)
        body = _BODY.pack(MAGIC, salts, frames, seq)
        path = db.path.with_name(db.path.name + ENDING)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            os.write(handle, body + _mac(body, db.key()))
        finally:
            os.close(handle)
    except OSError:
        return


@contextmanager
def keeping_log(path: Path) -> Iterator[None]:
    """Close a database inside, and its log stays: SQLite removes one it sees nothing in."""
    log = _log(path)
    aside = log.with_name(f"{log.name}.kept")
    if os.access(log.parent, os.W_OK):  # else nobody removes anything
        aside.unlink(missing_ok=True)
        if log.exists():
            os.link(log, aside)
    try:
        yield
    finally:
        if aside.exists():
            aside.replace(log) if not log.exists() else aside.unlink()


def check(db: _Key, newest: int, mark: Mark) -> None:
    """DamagedError when what a mark (read before the rest) acknowledges is not all there."""
    # Others may be starting a new log just now: looked at again before it is said.
    if any(_reaches(db, newest, mark) for _ in range(_TRIES)):
        return
    missing = max(0, mark.seq - newest)
    count = f"The last {missing} changes are" if missing > 1 else "The last change is"
    raise DamagedError(
        f"{count} missing: the log of {db.path.name} is damaged, cut or gone.",
        hint=f"mana restore; or remove {db.path.name}{ENDING} to go on without them",
    )


def _reaches(db: _Key, newest: int, mark: Mark) -> bool:
    if not os.access(db.path.parent, os.W_OK):
        return newest >= mark.seq  # SQLite does not count frames where it may not write
    salts, frames = _state(db)
    if salts == mark.salts:
        return frames >= mark.frames
    # Folded in since, then: all of it is in the file itself.
    sound = not mark.frames or not salts or _sound(db.path)
    return sound and newest >= mark.seq


def _mac(body: bytes, key: bytes) -> bytes:
    return blake2b(body, key=key, digest_size=_MAC, person=b"mana-tail").digest()


def _state(db: _Key) -> tuple[bytes, int]:
    """The salts of the log (empty: there is none) and its frames, of the same moment."""
    try:
        handle = os.open(_log(db.path), os.O_RDONLY)
    except FileNotFoundError:
        return b"", 0
    try:
        for _ in range(_TRIES):
            before = os.pread(handle, 8, 16)
            frames = db.frames()
            if os.pread(handle, 8, 16) == before:
                return before, frames
        return b"", 0
    finally:
        os.close(handle)


def _sound(path: Path) -> bool:
    """Whether a log's header is as SQLite wrote it: two sums over its 24 bytes."""
    with _log(path).open("rb") as file:
        head = file.read(_HEADER)
    if len(head) < _HEADER:
        return not head
    order = ">" if head[3] & 1 else "<"
    words = struct.unpack(f"{order}6I", head[:24])
    one = other = 0
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + other) & 0xFFFFFFFF
        other = (other + second + one) & 0xFFFFFFFF
    return struct.unpack(">2I", head[24:]) == (one, other)


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
