"""The one base every stored thing shares."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from typing import Any, Literal, dataclass_transform

import msgspec

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""A time the store fills in when it first writes the record."""

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32, lower case: no i, l, o, u."""

Visibility = Literal["space", "private"]

_lock = threading.Lock()
_last = 0


def _milliseconds() -> int:
    return time.time_ns() // 1_000_000


def _ten_bytes() -> bytes:
    return os.urandom(10)


_source: tuple[Callable[[], int], Callable[[], bytes]] = (_milliseconds, _ten_bytes)


def new_id() -> str:
    """A sortable 128-bit id in 26 base-32 digits: 48 bits of milliseconds, 80 random.

    Ids made by one process in the same millisecond still sort in the order they were
    made (the ULID rule: the random part counts up).
    """
    global _last
    with _lock:
        clock, chance = _source
        fresh = clock() << 80 | int.from_bytes(chance())
        _last = fresh if fresh >> 80 > _last >> 80 else _last + 1
        return encode_id(_last)


@contextmanager
def ids_from(chance: Callable[[], bytes], milliseconds: int) -> Iterator[None]:
    """Draw ids from another source for a while: a sample vault is the same every time.

    `chance` gives ten bytes; the clock counts up from `milliseconds` at each id.
    """
    global _source, _last
    kept, ticks = (_source, _last), count(milliseconds)
    _source, _last = (lambda: next(ticks), chance), 0
    try:
        yield
    finally:
        _source, _last = kept


def encode_id(number: int) -> str:
    """26 base-32 digits of a 128-bit number."""
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


@dataclass_transform(
    frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,)
)
class RecordType(msgspec.StructMeta):
    """Makes records frozen and keyword-only, and keeps what the class says of its table.

    Class keywords: `kind` the stable name it is stored under (default: module and class,
    `todo.task`); `title` the field shown as its name (default: its first own field);
    `search` the fields full-text search reads beside the title (default: every text
    field); `indexes` and `unique` column tuples, each within a space (`space` and
    `deleted` need not be named; `!` after a column of an index leaves out records in which
    it is None: every index costs each write); `parent` a Ref field whose target's deletion
    takes this record along.
    """

    def __new__(
        mcls, name: str, bases: tuple[type, ...], body: dict[str, Any], **options: Any
    ) -> Any:
        """Take our class keywords out, then let msgspec build the struct."""
        said = {key: options.pop(key) for key in TABLE_WORDS if key in options}
        options |= {"frozen": True, "kw_only": True}
        made = super().__new__(mcls, name, bases, body, **options)
        TABLES[made] = said
        return made


TABLE_WORDS = ("kind", "title", "search", "indexes", "unique", "parent")
TABLES: dict[type, dict[str, Any]] = {}
"""What each record class said of its table; read by `storage.kind`."""


class Record(msgspec.Struct, metaclass=RecordType):
    """A stored fact: immutable, identified, scoped and tagged.

    `space`, `author`, `short`, `created` and `updated` are filled by the store when the
    record is first put. `tags` holds ids of Tag records of the same space.
    """

    id: str = msgspec.field(default_factory=new_id)
    short: str = ""
    space: str = ""
    author: str = ""
    visibility: Visibility = "space"
    created: datetime = NEVER
    updated: datetime = NEVER
    deleted: datetime | None = None
    tags: tuple[str, ...] = ()


SHARED = tuple(field.name for field in msgspec.structs.fields(Record))
"""The fields every record has, in column order; `tags` lives in its own table."""


def kind_of(record: type[Record]) -> str:
    """The stable name a record type is stored under, e.g. `todo.task`."""
    said = TABLES[record].get("kind")
    if said:
        return said
    parts = record.__module__.split(".")
    module = parts[1] if parts[0] == "modules" else parts[0].removeprefix("mana_")
    return f"{module}.{record.__name__.lower()}"
