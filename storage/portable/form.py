"""The form of an archive: its index, its lines, the names of its files."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

FORMAT, VERSION = "mana archive", 1
INDEX = "index.json"
MOST_INDEX = 64 * 2**20
MOST_LINE = 16 * 2**20
"""Bytes; more are refused unread."""

FIRST, LAST = ("space", "member", "tag"), ("link",)
"""Kinds that others need, and the one that needs others."""

_KIND = re.compile(r"[a-z][a-z0-9_]*([.-][a-z0-9_]+)*")
_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_FOLDER = re.compile(r"[A-Za-z0-9@_-][A-Za-z0-9@_.-]*")
_HEAD = re.compile(rb'\{"#":"([0-9a-f]{16})",')
_MOST_NAME = 100


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Whose vault it was."""

    id: str
    name: str


class SpaceEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One space: its folder under `spaces/`, and how many records of each kind."""

    folder: str
    id: str
    slug: str
    name: str
    type: str
    counts: dict[str, int]


class KindEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One kind: enough to keep it without its module. `columns`: field to type."""

    title: str
    parent: str
    parent_kind: str
    columns: dict[str, str]


class FileEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file: its length in bytes, its SHA-256, its lines where it has lines."""

    bytes: int
    sha256: str
    lines: int | None = None


class Index(msgspec.Struct, frozen=True, kw_only=True):
    """What an archive says of itself."""

    format: str
    version: int
    program: str
    made: str
    person: Person
    history: bool
    spaces: list[SpaceEntry]
    kinds: dict[str, KindEntry]
    files: dict[str, FileEntry]
    problems: list[str] = []


class BadLine(Exception):
    """A line that is not what was written; the reason in words."""


def checksum(body: dict[str, Any]) -> str:
    """The checksum of an index without its own."""
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def pack_index(index: Index) -> bytes:
    """The bytes of `index.json`."""
    body = msgspec.to_builtins(index)
    return msgspec.json.format(
        msgspec.json.encode(body | {"checksum": checksum(body)}), indent=1
    )


def pack(body: bytes) -> bytes:
    """One line from the JSON of an object with at least one member."""
    rest = body[1:]
    return b'{"#":"' + sha256(rest).hexdigest()[:16].encode() + b'",' + rest + b"\n"


def checked(line: bytes) -> bytes:
    """A line that is what was written; BadLine."""
    if len(line) > MOST_LINE:
        raise BadLine("it is longer than any line")
    if not line.endswith(b"\n"):
        raise BadLine("it is cut off")
    head = _HEAD.match(line)
    if head is None:
        raise BadLine("it does not begin as a line does")
    if sha256(line[head.end() : -1]).hexdigest()[:16].encode() != head.group(1):
        raise BadLine("its check does not fit")
    return line


def decode(line: bytes, type: type[T]) -> T:
    """A checked line as a type; BadLine."""
    try:
        return msgspec.json.decode(line, type=type)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise BadLine("it is not what a line holds here") from error


def unpack(line: bytes) -> dict[str, Any]:
    """The members of a checked line; BadLine."""
    return decode(line, dict[str, Any])


def in_order(kinds: Any) -> list[str]:
    """Kind names as they are written and read: tags before what carries them."""
    left = sorted(set(kinds) - {*FIRST, *LAST})
    return [k for k in FIRST if k in kinds] + left + [k for k in LAST if k in kinds]


def is_kind(name: str) -> bool:
    """Whether a kind may be called that."""
    return len(name) <= _MOST_NAME and _KIND.fullmatch(name) is not None


def is_field(name: str) -> bool:
    """Whether a field may be called that."""
    return len(name) <= _MOST_NAME and _FIELD.fullmatch(name) is not None


def is_folder(name: str) -> bool:
    """Whether a space's folder may be called that."""
    return len(name) <= _MOST_NAME and _FOLDER.fullmatch(name) is not None


def folder_of(slug: str, taken: set[str]) -> str:
    """A folder name for a space that no other has, also where case does not count."""
    made = re.sub(r"[^A-Za-z0-9@_-]+", "-", slug)[: _MOST_NAME - 10] or "space"
    name, number = made, 1
    while name.casefold() in taken:
        number += 1
        name = f"{made}-{number}"
    taken.add(name.casefold())
    return name


def records_path(folder: str, kind: str) -> str:
    """Where the records of a kind are."""
    return f"spaces/{folder}/records/{kind}.jsonl"


def log_path(folder: str, what: str) -> str:
    """Where the history is: `batches` or `changes`."""
    return f"spaces/{folder}/{what}.jsonl"
