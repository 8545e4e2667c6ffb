"""Reading the history: batches, changes, a record as it was."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from storage.actor import Actor
from storage.change import Batch, Change
from storage.database import Database
from storage.errors import NotFound
from storage.scope import Scope
from storage.table import Table
from storage.transaction import batch_of, moment, ticks_of

if TYPE_CHECKING:
    from storage.vault import Vault

BATCH = """
SELECT b.seq, b.id, b.title, b.origin, b.space, b.started, b.undoing, b.undoes, b.undone_by,
    a.kind AS actor_kind, a.actor AS actor_id, a.name AS actor_name
FROM batch b JOIN actor a ON a.id = b.actor
"""
_CHANGE = """
SELECT c.seq, b.id AS batch, c.at, c.space, c.kind, c.record, c.field, c.before, c.after,
    a.kind AS actor_kind, a.actor AS actor_id, a.name AS actor_name
FROM change c JOIN batch b ON b.seq = c.batch JOIN actor a ON a.id = b.actor
"""
MINE = "c.space = ? AND (c.owner IS NULL OR c.owner = ?)"
"""The scope's clause for changes: `owner` is the author where a change is private."""

_PAGE = 5000


def changes_of(vault: Vault, scope: Scope, record: str) -> list[Change]:
    """Every change of a record that this person may see, newest first."""
    return _changes(
        vault,
        f"{_CHANGE} WHERE c.record = ? AND {MINE} ORDER BY c.seq DESC",
        (record, scope.space, scope.person),
    )


def changes_in(vault: Vault, scope: Scope, batch: str) -> list[Change]:
    """Every change of a batch that this person may see, oldest first."""
    return _changes(
        vault,
        f"{_CHANGE} WHERE b.id = ? AND {MINE} ORDER BY c.seq",
        (batch, scope.space, scope.person),
    )


def changes_since(vault: Vault, seq: int) -> list[Change]:
    """Every change after a number, oldest first."""
    return _changes(vault, f"{_CHANGE} WHERE c.seq > ? ORDER BY c.seq", (seq,))


def changes_after(db: Database, seq: int) -> Iterator[tuple[int, str, str, str]]:
    """(seq, space, kind, record id) after a number, a page at a time."""
    while True:
        rows = db.rows(
            "SELECT seq, space, kind, record FROM change WHERE seq > ? ORDER BY seq LIMIT ?",
            (seq, _PAGE),
        )
        yield from rows  # type: ignore[misc]
        if len(rows) < _PAGE:
            return
        seq = rows[-1][0]


def seq_before(db: Database, ticks: int) -> int:
    """The last change before a moment, 0 when there is none. The history's clock never
    goes back, so it is found by halves."""
    low, high = 0, db.value("SELECT max(seq) FROM change") or 0
    sql = "SELECT seq, at FROM change WHERE seq <= ? ORDER BY seq DESC LIMIT 1"
    while low < high:
        middle = (low + high + 1) // 2
        row = db.row(sql, (middle,))
        if row is None or row[1] < ticks:
            low = middle
        else:
            high = row[0] - 1
    return low


def batches_of(vault: Vault, scope: Scope, most: int, before: str | None) -> list[Batch]:
    """The space's batches with anything this person may see, newest first."""
    sql = f"{BATCH} WHERE b.space = ? AND (b.undoing > 0 OR EXISTS ("
    sql += f"SELECT 1 FROM change c WHERE c.batch = b.seq AND {MINE}))"
    values: list[Any] = [scope.space, scope.space, scope.person]
    if before is not None:
        sql += " AND b.seq < (SELECT seq FROM batch WHERE id = ?)"
        values.append(before)
    rows = vault.db.named(f"{sql} ORDER BY b.seq DESC LIMIT ?", [*values, most])
    return [batch_of(row) for row in rows]


def batch_row(vault: Vault, scope: Scope, id: str) -> dict[str, Any]:
    """One batch of the space, or NotFound."""
    rows = vault.db.named(f"{BATCH} WHERE b.id = ? AND b.space = ?", (id, scope.space))
    if not rows:
        raise NotFound("There is no such change here.", hint="mana history lists them")
    return rows[0]


def as_of(vault: Vault, scope: Scope, table: Table, id: str, at: datetime) -> Any | None:
    """A record as it was at a moment: what is stored, with later changes taken back."""
    now = stored_row(vault.db, table.name, table.kind.name, scope, id)
    rows = vault.db.rows(
        f"SELECT field, before FROM change c WHERE c.record = ? AND c.kind = ? AND {MINE}"
        " AND c.at > ? ORDER BY c.seq DESC",
        (id, table.kind.name, scope.space, scope.person, ticks_of(at)),
    )
    for field, before in rows:
        if field == "*":
            now = None if before is None else json.loads(before)
        elif now is not None:
            now[field] = None if before is None else json.loads(before)
    if now is None:
        return None
    values = to_columns(now, {c.name: c.sql for c in table.columns})
    return table.decode(
        (*(values.get(name) for name in table.names), json.dumps(now.get("tags") or []))
    )


# --- whole rows, whatever program wrote them ------------------------------------------------


def stored_row(
    db: Database, table: str, kind: str, scope: Scope, id: str
) -> dict[str, Any] | None:
    """Every column of a row as the history would keep it, with its tags; unknown columns
    too. None when there is no such row, or not for this person."""
    rows = db.named(
        f"SELECT t.*, (SELECT json_group_array(g.tag) FROM tagging g WHERE g.kind = ?"
        f' AND g.record = t.id) AS tags FROM "{table}" t'
        " WHERE t.id = ? AND t.space = ? AND (t.visibility = 'space' OR t.author = ?)",
        (kind, id, scope.space, scope.person),
    )
    if not rows:
        return None
    row = {name: plain(value) for name, value in rows[0].items()}
    row["tags"] = json.loads(row["tags"])
    return row


def plain(value: Any) -> Any:
    """A stored value as JSON can carry it: bytes become base 64."""
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def to_columns(row: dict[str, Any], types: dict[str, str]) -> dict[str, Any]:
    """Back again: values for the columns there are."""
    return {
        name: base64.b64decode(row[name])
        if kind == "BLOB" and isinstance(row[name], str)
        else row[name]
        for name, kind in types.items()
        if name in row
    }


# --- as Python sees it ------------------------------------------------------------------------


def _changes(vault: Vault, sql: str, values: Sequence[Any]) -> list[Change]:
    return [_change(vault, row) for row in vault.db.named(sql, values)]


def _change(vault: Vault, row: dict[str, Any]) -> Change:
    kind, field = row["kind"], row["field"]
    return Change(
        seq=row["seq"],
        batch=row["batch"],
        at=moment(row["at"]),
        actor=Actor(kind=row["actor_kind"], id=row["actor_id"], name=row["actor_name"]),
        space=row["space"],
        kind=kind,
        record=row["record"],
        field=field,
        before=_value(vault, kind, field, row["before"]),
        after=_value(vault, kind, field, row["after"]),
    )


def _value(vault: Vault, kind: str, field: str, stored: str | None) -> Any:
    if stored is None:
        return None
    value = json.loads(stored)
    try:
        table = vault.table(kind)
    except NotFound:
        return value  # its module is not installed: what is stored is all there is to say
    if field != "*":
        return table.value(field, value)
    return {name: table.value(name, one) for name, one in value.items()}
