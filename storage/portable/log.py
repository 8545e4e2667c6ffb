"""The history in an archive: batches and changes of a space, as the vault keeps them."""

# ruff: noqa: S608 - clauses are ours, values are always bound
from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from storage.history import BATCH, MINE
from storage.scope import Scope

if TYPE_CHECKING:
    from storage.vault import Vault

_CHANGE = f"""
SELECT c.seq, b.id AS batch, c.at, c.owner, c.kind, c.record, c.field, c.before, c.after
FROM change c JOIN batch b ON b.seq = c.batch
WHERE c.space = ? AND {MINE} AND c.seq > ? ORDER BY c.seq LIMIT 2000
"""
_BATCHES = f"{BATCH} WHERE b.space = ? AND b.seq > ? ORDER BY b.seq LIMIT 2000"


def written(vault: Vault, scope: Scope) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """What to write of a space's history: file by file, line by line."""
    yield "batches", _batches(vault, scope)
    yield "changes", _changes(vault, scope)


def _batches(vault: Vault, scope: Scope) -> Iterator[dict[str, Any]]:
    last = 0
    while rows := vault.db.named(_BATCHES, (scope.space, last)):
        for row in rows:
            actor = {word: row.pop(f"actor_{word}") for word in ("kind", "id", "name")}
            del row["space"]
            yield row | {"actor": actor}
        last = rows[-1]["seq"]


def _changes(vault: Vault, scope: Scope) -> Iterator[dict[str, Any]]:
    last = 0
    mine = (scope.space, scope.space, scope.person)
    while rows := vault.db.named(_CHANGE, (*mine, last)):
        for row in rows:
            for end in ("before", "after"):
                if row[end] is not None:
                    row[end] = msgspec.Raw(row[end].encode())
            yield row
        last = rows[-1]["seq"]
