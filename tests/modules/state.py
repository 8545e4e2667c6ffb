"""Everything a vault says, to compare before and after."""

from __future__ import annotations

from typing import Any

from storage.vault import Vault

BOOKKEEPING = {"meta", "kind", "short", "actor", "batch", "change"}
"""Tables that only grow: the history itself, and names given out once."""

Dump = dict[str, list[dict[str, Any]]]


def dump(vault: Vault) -> Dump:
    """Every row of every record table, the tagging and the links, in a fixed order."""
    found: Dump = {}
    with vault.db.lend() as connection:
        named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in sorted(named.fetchall()):
            if table in BOOKKEEPING or table.startswith("sqlite_"):
                continue
            cursor = connection.execute(f'SELECT * FROM "{table}"')
            names = [entry[0] for entry in cursor.description]
            rows = (dict(zip(names, row, strict=True)) for row in cursor.fetchall())
            found[table] = sorted(rows, key=repr)
    return found


def difference(one: Dump, other: Dump) -> list[str]:
    """What differs, a line a row: easier to read than two dumps."""
    lines: list[str] = []
    for table in sorted({*one, *other}):
        before = {repr(row) for row in one.get(table, ())}
        after = {repr(row) for row in other.get(table, ())}
        lines += [f"- {table} {row}" for row in sorted(before - after)]
        lines += [f"+ {table} {row}" for row in sorted(after - before)]
    return lines
