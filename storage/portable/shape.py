"""How the values of a kind look in an archive, and how the vault keeps them."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from storage.clean import clean_text, clean_tree
from storage.column import fields_of, peel
from storage.errors import ManaError, NotFound
from storage.portable.form import BadLine, KindEntry
from storage.record import SHARED
from storage.scope import Scope
from storage.table import Table, table_name

if TYPE_CHECKING:
    from storage.vault import Vault

Row = dict[str, Any]
"""Field to stored value; `tags` a list of ids."""

SQL = {
    "text": "TEXT", "moment": "TEXT", "date": "TEXT", "time": "TEXT", "decimal": "TEXT",
    "json": "TEXT", "integer": "INTEGER", "seconds": "INTEGER", "boolean": "INTEGER",
    "real": "REAL", "bytes": "BLOB",
}  # fmt: skip
"""How each type of an archive is kept."""

_BARE = {"TEXT": "text", "INTEGER": "integer", "REAL": "real", "BLOB": "bytes"}
_TYPES: dict[Any, str] = {
    str: "text", int: "integer", float: "real", bool: "boolean", bytes: "bytes",
    datetime: "moment", date: "date", time: "time", timedelta: "seconds", Decimal: "decimal",
}  # fmt: skip

OWN = tuple(name for name in SHARED if name != "tags")
"""The columns every kind begins with."""

PAGE = 1000
MOST_NUMBER = 2**63


def kind_names(vault: Vault) -> list[str]:
    """Every kind this vault keeps, its module installed or not."""
    return [row[0] for row in vault.db.rows("SELECT DISTINCT name FROM kind ORDER BY 1")]


def known_table(vault: Vault, kind: str) -> Table | None:
    """The table of a kind as this program knows it; None when its module is missing."""
    try:
        return vault.table(kind)
    except NotFound:
        return None


def shape_of(vault: Vault, kind: str) -> KindEntry:
    """A kind as the vault keeps it: what this program knows of it, then the rest."""
    there = {
        row[1]: row[2] for row in vault.db.rows(f'PRAGMA table_info("{table_name(kind)}")')
    }
    types = {name: _BARE[there[name]] for name in OWN}
    types |= {"created": "moment", "updated": "moment", "deleted": "moment"}
    table = known_table(vault, kind)
    if table is not None:
        types |= types_of(table)
    types = {name: kind for name, kind in types.items() if name in there}
    left = sorted(there.keys() - types.keys())
    types |= {name: _BARE[there[name]] for name in left}
    said = vault.db.row(
        "SELECT title, parent, parent_kind FROM kind WHERE name = ? ORDER BY seen DESC",
        (kind,),
    )
    assert said is not None  # it was listed
    title, parent, parent_kind = said
    return KindEntry(title=title, parent=parent, parent_kind=parent_kind, columns=types)


def types_of(table: Table) -> dict[str, str]:
    """Field to type of a kind this program knows, in the order of its columns."""
    bare = {field.name: peel(field.type)[0] for field in fields_of(table.record)}
    found: dict[str, str] = {}
    for column in table.columns:
        said = _TYPES.get(bare[column.name])
        nested = column.sql == "TEXT" and not column.text
        found[column.name] = said or ("json" if nested else _BARE[column.sql])
    return found


def rows_of(vault: Vault, scope: Scope, kind: str, names: list[str]) -> Iterator[Row]:
    """Every row of a kind in a space, live or in the trash, by id, a page at a time."""
    listed = ", ".join(f't."{name}"' for name in names)
    sql = (
        f"SELECT {listed}, (SELECT json_group_array(g.tag) FROM tagging g"
        f' WHERE g.kind = ? AND g.record = t.id) FROM "{table_name(kind)}" t'
        " WHERE t.id > ? AND t.space = ? AND (t.visibility = 'space' OR t.author = ?)"
        f" ORDER BY t.id LIMIT {PAGE}"
    )
    last = ""
    while rows := vault.db.rows(sql, (kind, last, scope.space, scope.person)):
        for row in rows:
            made = dict(zip(names, row, strict=False))
            made["tags"] = msgspec.json.decode(row[-1])
            yield made
        last = rows[-1][names.index("id")]


def count_of(vault: Vault, scope: Scope, kind: str) -> int:
    """How many rows `rows_of` gives."""
    return vault.db.value(
        f'SELECT count(*) FROM "{table_name(kind)}" t'
        " WHERE t.space = ? AND (t.visibility = 'space' OR t.author = ?)",
        (scope.space, scope.person),
    )


def outside(row: Row, types: dict[str, str]) -> Row:
    """A row as an archive says it, ready to be encoded."""
    made = {name: _out(kind, row[name]) for name, kind in types.items()}
    made["tags"] = row["tags"]
    return made


def _out(kind: str, stored: Any) -> Any:
    if stored is None:
        return None
    if kind == "json":
        return msgspec.Raw(stored.encode())
    return bool(stored) if kind == "boolean" else stored


def inside(said: dict[str, Any], types: dict[str, str]) -> Row:
    """A line's members as the vault keeps them; BadLine where one is not of its type."""
    row: Row = {}
    for name, kind in types.items():
        value = said.get(name)
        try:
            row[name] = None if value is None else _in(kind, value)
        except (ValueError, TypeError, OverflowError, msgspec.MsgspecError) as error:
            raise BadLine(f"its {name} is not {kind}") from error
    tags = row["tags"] = said.get("tags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise BadLine("its tags are no list")
    return row


def _in(kind: str, value: Any) -> Any:
    if kind == "json":
        return msgspec.json.encode(clean_tree(value, multiline=True)).decode()
    sql = SQL[kind]
    if sql == "TEXT":
        return clean_text(_as(str, value))
    if sql == "BLOB":
        return _bytes(_as(str, value))
    if sql == "REAL":
        return float(_as((int, float), value))
    whole = int(_as(bool, value)) if kind == "boolean" else _as(int, value)
    if not -MOST_NUMBER <= whole < MOST_NUMBER:
        raise ValueError("too large")
    return whole


def _as(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError("of another type")
    return value


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base 64") from error


UNFIT = (
    ValueError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    msgspec.MsgspecError,
    ManaError,
)
"""What decoding and encoding raise on values that no program of ours wrote."""


def canonical(table: Table, row: Row) -> Row:
    """A row of a kind this program knows, as it would write it itself; BadLine."""
    values = tuple(row.get(name) for name in table.names)
    try:
        record = table.decode((*values, msgspec.json.encode(row["tags"]).decode()))
        made = table.encode(record)
    except UNFIT as error:
        raise BadLine(f"it is no {table.kind.name}: {type(error).__name__}") from error
    return row | dict(zip(table.names, made, strict=True))
