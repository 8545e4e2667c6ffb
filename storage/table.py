"""One table per kind of record: its columns, its statements, its row readers."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

import base64
import json
from collections.abc import Callable
from copy import copy
from datetime import date, time
from functools import cached_property, partial
from hashlib import blake2b
from typing import Any

import msgspec
from msgspec.structs import force_setattr

from storage.column import Column, column_of, fields_of, peel
from storage.kind import Kind
from storage.record import SHARED, TABLES, Record, kind_of

SYSTEM_COLUMNS = frozenset(
    {"id", "short", "space", "author", "created", "updated", "deleted"}
)
"""Written by the store alone once a record exists."""

_LAYOUT = 3
"""Raise when the SQL made here changes, so that existing tables are brought up to date."""

_FILLED = tuple(name for name in SHARED if name != "tags")
"""The first columns of a row: the store fills most of them."""

_PLAIN = frozenset({date, time, bool})
"""Types of which every value comes back as it was."""

_tags = msgspec.json.Decoder(tuple[str, ...]).decode


def table_name(kind: str) -> str:
    """The SQL table of a kind, known or not."""
    made = kind.replace(".", "_").replace("-", "_")
    if not made.replace("_", "").isalnum() or not made.isascii():
        raise ValueError(f"{kind!r} cannot name a table")
    return made


class Table:
    """A kind as the store uses it: columns in order, encoders, a fast row decoder."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind
        self.name = table_name(kind.name)
        self.record = kind.record
        fields = fields_of(kind.record)
        self.parent_kind = _parent_kind(kind, fields)
        found = {field.name: column_of(field) for field in fields if field.name != "tags"}
        own = [name for name in found if name not in SHARED]
        self.columns: tuple[Column, ...] = tuple(
            found[name] for name in (*(n for n in SHARED if n != "tags"), *own)
        )
        self.names = tuple(column.name for column in self.columns)
        self.by_name = {column.name: column for column in self.columns}

    def narrow(self, there: set[str]) -> None:
        """Read what a file lacks as empty: for files this program may not change."""
        self.missing = frozenset(self.names) - there
        self.absent = not there

    missing: frozenset[str] = frozenset()
    absent = False

    @cached_property
    def source(self) -> str:
        """What reads select from, as `t`."""
        if not self.missing:
            return f'"{self.name}" t'
        listed = ", ".join(
            f'NULL AS "{name}"' if name in self.missing else f'"{name}"'
            for name in self.names
        )
        return (
            f"(SELECT {listed}"
            + ("" if self.absent else f' FROM "{self.name}"')
            + (" WHERE 0) t" if self.absent else ") t")
        )

    # --- statements -----------------------------------------------------------------

    @cached_property
    def select(self) -> str:
        """`SELECT …` of every field, `tags` last."""
        listed = ", ".join(f't."{name}"' for name in self.names)
        return f"SELECT {listed}, {self.tags} AS tags FROM {self.source}"

    @cached_property
    def tags(self) -> str:
        """Reads the `tags` field; the junction's key keeps them in the order of their ids."""
        return (
            "(SELECT json_group_array(g.tag) FROM tagging g"
            f" WHERE g.kind = '{self.kind.name}' AND g.record = t.id)"
        )

    @cached_property
    def insert(self) -> str:
        """Insert a whole row."""
        listed = ", ".join(f'"{name}"' for name in self.names)
        marks = ", ".join("?" * len(self.names))
        return f'INSERT INTO "{self.name}" ({listed}) VALUES ({marks})'

    # --- rows -----------------------------------------------------------------------

    @cached_property
    def encode(self) -> Callable[[Record], list[Any]]:
        """A record's column values in the order of `names`, cleaned."""
        body = ", ".join(_write(i, column) for i, column in enumerate(self.columns))
        known = {f"e{i}": column.encode for i, column in enumerate(self.columns)}
        return eval(f"lambda r: [{body}]", known)  # noqa: S307 - made of field names

    @cached_property
    def image(self) -> type[msgspec.Struct]:
        """A whole row, and `tags`, as the history keeps it: without what is empty."""
        fields = [(name, Any, None) for name in (*self.names, "tags")]
        return msgspec.defstruct("Image", fields, omit_defaults=True, gc=False)

    @cached_property
    def decode(self) -> Callable[[tuple[Any, ...]], Any]:
        """A row of `select` as a record."""
        known: dict[str, Any] = {"R": self.record, "tags": _tags}
        said = [_read(i, column, known) for i, column in enumerate(self.columns)]
        last = len(self.columns)
        said.append(f"tags=tags(r[{last}]) if r[{last}] != '[]' else ()")
        return eval(f"lambda r: R({', '.join(said)})", known)  # noqa: S307

    @cached_property
    def kept(self) -> Callable[[Record, list[Any]], bool]:
        """Whether reading a row that `encode` made would give the record's own values."""
        tests = (_kept(i, column) for i, column in enumerate(self.columns))
        said = " and ".join(test for test in tests if test) or "True"
        return eval(f"lambda r, row: {said}", {"PLAIN": _PLAIN})  # noqa: S307 - field names

    def stored(self, record: Record, row: list[Any], tags: tuple[str, ...]) -> Any:
        """A record as it was just stored in a row; decodes only what had to change."""
        if type(record) is not self.record or not self.kept(record, row):
            return self.decode((*row, json.dumps(tags) if tags else "[]"))
        made = copy(record)
        for i, name in enumerate(_FILLED):
            force_setattr(made, name, self.value(name, row[i]))
        force_setattr(made, "tags", tags)
        return made

    def value(self, field: str, stored: Any) -> Any:
        """One stored value as Python sees it; a field of a newer program as it is."""
        if field == "tags":
            return tuple(stored or ())
        column = self.by_name.get(field)
        if stored is None or column is None or column.decode is None:
            return stored
        if column.sql == "BLOB" and isinstance(stored, str):  # as the history keeps it
            return base64.b64decode(stored)
        return column.decode(stored)

    def reader(self, field: str) -> Callable[[Any], Any] | None:
        """What turns a stored value of a field into Python's; None: nothing needs to."""
        if field == "tags":
            return _tags
        decode = self.by_name[field].decode
        return None if decode is None else lambda stored: self.value(field, stored)

    # --- schema ------------------------------------------------------------------------

    @cached_property
    def hash(self) -> str:
        """Names this shape of the table: when a vault has seen it, there is nothing to do."""
        said = [
            _LAYOUT,
            [(c.name, c.sql, _plain(c)) for c in self.columns],
            self.kind.indexes,
            self.kind.unique,
            self.kind.parent,
            self.parent_kind,
            self.kind.title,
        ]
        return blake2b(json.dumps(said).encode(), digest_size=12).hexdigest()

    def indexes(self) -> dict[str, str]:
        """Name to SQL of every index it should have."""
        made = dict(
            [
                self._index("live", ("space", "id", "visibility"), "deleted IS NULL"),
                self._index("trash", ("space", "deleted"), "deleted IS NOT NULL"),
            ]
        )
        for columns in self.kind.indexes:
            words = [name for name in columns if name not in ("space", "deleted")]
            keys = tuple(name.removesuffix("!") for name in words)
            filled = (f'"{name[:-1]}" IS NOT NULL' for name in words if name[-1] == "!")
            where = " AND ".join(("deleted IS NULL", *filled))
            made |= [self._index("by", ("space", *keys, "id", "visibility"), where)]
        if self.kind.parent:
            where = f'"{self.kind.parent}" IS NOT NULL'
            made |= [self._index("parent", (self.kind.parent,), where)]
        for columns in self.kind.unique:
            made |= [self._unique(columns)]
        return made

    @cached_property
    def indexed(self) -> frozenset[str]:
        """The fields that some index holds."""
        said = (name.strip("-!") for columns in self.kind.indexes for name in columns)
        return frozenset(("id", *said))

    def _index(self, what: str, columns: tuple[str, ...], where: str) -> tuple[str, str]:
        listed = ", ".join(_ordered(name) for name in columns)
        return self._named(what, f'ON "{self.name}" ({listed})', where)

    def _unique(self, columns: tuple[str, ...]) -> tuple[str, str]:
        """Within a space, without case, among live records with every column filled. A
        space's own columns are unique in the vault."""
        words = [name for name in columns if name not in ("space", "deleted")]
        text = [name for name in words if self.by_name[name].text]
        listed = [f'"{n}"' + " COLLATE NOCASE" * (n in text) for n in words]
        if self.kind.name != "space":
            listed.insert(0, "space")
        where = "".join(f" AND \"{name}\" <> ''" for name in text)
        return self._named(
            "unique", f'ON "{self.name}" ({", ".join(listed)})', "deleted IS NULL" + where
        )

    def _named(self, what: str, on: str, where: str) -> tuple[str, str]:
        body = on + (f" WHERE {where}" if where else "")
        name = f"{self.name}__{what}_{blake2b(body.encode(), digest_size=4).hexdigest()}"
        word = "UNIQUE INDEX" if what == "unique" else "INDEX"
        return name, f'CREATE {word} IF NOT EXISTS "{name}" {body}'


def _plain(column: Column) -> Any:
    """What an added column holds in rows that were there before."""
    if column.fill is None or column.name in SYSTEM_COLUMNS:
        return None
    made = column.encode(column.fill)
    return made.hex() if isinstance(made, bytes) else made


def fill_of(column: Column) -> Any:
    """The SQL default of an added column."""
    return None if isinstance(column.fill, bytes) else _plain(column)


def _write(i: int, column: Column) -> str:
    """An expression for the stored value; what needs no cleaning costs no call."""
    value = f"r.{column.name}"
    if column.text:
        made = f"v if (v := {value}).isprintable() else e{i}(v)"
    elif isinstance(column.encode, partial):
        made = f"'[]' if (v := {value}) == () else e{i}(v)"
    else:
        made = f"e{i}({value})"
    return f"None if {value} is None else {made}" if column.optional else made


def _kept(i: int, column: Column) -> str:
    """A test that holds when a field comes back as it is; empty when it always does."""
    value = f"r.{column.name}"
    if column.name in _FILLED:
        return ""
    if column.text or column.decode is None:
        return f"row[{i}] is {value}"
    if isinstance(column.encode, partial):
        return f"not {value}"
    return f"(row[{i}] is None or type({value}) in PLAIN)"


def _read(i: int, column: Column, known: dict[str, Any]) -> str:
    known[f"d{i}"] = column.decode
    known[f"f{i}"] = column.fill
    value = f"r[{i}]" if column.decode is None else f"d{i}(r[{i}])"
    if column.decode is None and (column.optional or column.fill is None):
        return f"{column.name}={value}"
    missing = "None" if column.optional else f"f{i}"
    return f"{column.name}={value} if r[{i}] is not None else {missing}"


def _ordered(name: str) -> str:
    return f'"{name[1:]}" DESC' if name.startswith("-") else f'"{name}"'


def _parent_kind(kind: Kind, fields: tuple[msgspec.structs.FieldInfo, ...]) -> str:
    """The kind its parent field points at; a forward name is looked for in its module."""
    if not kind.parent:
        return ""
    annotation = next(f.type for f in fields if f.name == kind.parent)
    target = peel(annotation)[1].get("ref")
    if isinstance(target, type) and target in TABLES:
        return kind_of(target)
    if isinstance(target, str):
        return (
            target if "." in target else f"{kind.name.partition('.')[0]}.{target.lower()}"
        )
    return kind.name
