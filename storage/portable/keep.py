"""Room in the vault for what an archive brings: kinds and fields this program lacks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from storage.portable.form import KindEntry
from storage.portable.shape import OWN, SQL, known_table, types_of
from storage.table import Table, table_name

if TYPE_CHECKING:
    from storage.vault import Vault

_FILLED = frozenset({"id", "short", "space", "author", "visibility"})
_HASH = "archive"


class Room:
    """Where a kind of the archive goes: its table, its columns, and what they hold."""

    def __init__(self, kind: str, table: Table | None, types: dict[str, str]) -> None:
        self.kind = kind
        self.table = table
        self.name = table_name(kind)
        self.types = types


def room_for(vault: Vault, kind: str, said: KindEntry) -> Room | None:
    """Make or extend the table of a kind; None when its name cannot be a kind's here.

    What the program knows of a kind counts more than what the archive says of it.
    """
    table = known_table(vault, kind)
    if table is None and not _may_make(vault, kind):
        return None
    types = dict(said.columns)
    if table is not None:
        own = types_of(table)
        types = own | {name: type for name, type in types.items() if name not in own}
    elif not _columns(vault, table_name(kind)):
        _make(vault, kind, said)
    _extend(vault, table_name(kind), types)
    return Room(kind, table, types)


def _may_make(vault: Vault, kind: str) -> bool:
    """Only kinds of modules, and never a table that is something else already."""
    if "." not in kind or kind.startswith("sqlite"):
        return False
    rows = vault.db.rows(
        "SELECT k.name FROM sqlite_master m LEFT JOIN kind k ON k.name = ?"
        " WHERE m.name = ? AND m.type IN ('table', 'index', 'view')",
        (kind, table_name(kind)),
    )
    return not rows or rows[0][0] == kind


def _columns(vault: Vault, table: str) -> dict[str, str]:
    return {r[1]: r[2] for r in vault.db.rows(f'PRAGMA table_info("{table}")')}


def _make(vault: Vault, kind: str, said: KindEntry) -> None:
    made = [
        f'"{name}" {SQL[said.columns[name]]}'
        + (" NOT NULL" if name in _FILLED else "")
        + (" PRIMARY KEY" if name == "id" else "")
        for name in OWN
    ]
    vault.db.execute(f'CREATE TABLE "{table_name(kind)}" ({", ".join(made)}) STRICT')
    seen = (vault.db.value("SELECT max(seen) FROM kind") or 0) + 1
    shape = json.dumps({name: SQL[type] for name, type in said.columns.items()})
    vault.db.execute(
        "INSERT OR REPLACE INTO kind VALUES (?, ?, ?, ?, ?, ?, ?)",
        (kind, _HASH, said.title, said.parent, said.parent_kind, shape, seen),
    )


def _extend(vault: Vault, table: str, types: dict[str, str]) -> None:
    there = _columns(vault, table)
    for name, type in types.items():
        if name not in there:
            vault.db.execute(f'ALTER TABLE "{table}" ADD COLUMN "{name}" {SQL[type]}')
