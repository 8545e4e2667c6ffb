"""What the store knows of each kind of record: its table, its fields, where it may live."""

from __future__ import annotations

from functools import cache
from typing import Any, Protocol

import msgspec

from storage.column import fields_of
from storage.record import TABLES, Record, kind_of
from storage.space import SPACE_TYPES, SpaceType


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of record.

    `spaces` are the space types it may live in: anything else raises ModuleNotInSpace
    wherever it is read or written. `search` names the text fields search reads beside
    `title`.
    """

    name: str
    record: type[Record]
    title: str
    search: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    parent: str = ""
    spaces: frozenset[SpaceType] = frozenset(SPACE_TYPES)

    @property
    def table(self) -> str:
        """Its SQL table: `todo.task` lives in `todo_task`."""
        return self.name.replace(".", "_").replace("-", "_")


class Catalog(Protocol):
    """Where the store learns of kinds; the registry of modules is one, and is lazy."""

    def kind(self, name: str) -> Kind:
        """The kind of this name, or NotFound (its module is not installed)."""
        ...

    def kinds(self) -> tuple[Kind, ...]:
        """Every kind there is; loads every module."""
        ...


@cache
def describe(
    record: type[Record], spaces: frozenset[SpaceType] = frozenset(SPACE_TYPES)
) -> Kind:
    """Read a record class into a Kind."""
    said: dict[str, Any] = TABLES[record]
    own = [f for f in fields_of(record) if f.name not in _shared()]
    text = tuple(f.name for f in own if _is_text(f.type))
    title = said.get("title") or (text or tuple(f.name for f in own))[0]
    search = said.get("search", tuple(name for name in text if name != title))
    return Kind(
        name=kind_of(record),
        record=record,
        title=title,
        search=tuple(search),
        indexes=tuple(tuple(one) for one in said.get("indexes", ())),
        unique=tuple(tuple(one) for one in said.get("unique", ())),
        parent=said.get("parent", ""),
        spaces=spaces,
    )


def _shared() -> frozenset[str]:
    return frozenset(Record.__struct_fields__)


def _is_text(annotation: Any) -> bool:
    found = msgspec.inspect.type_info(annotation)
    if isinstance(found, msgspec.inspect.Metadata):
        found = found.type
    return isinstance(found, msgspec.inspect.StrType)
