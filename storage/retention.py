"""How long the history keeps every step, and the end of a whole space."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from storage.errors import Refused
from storage.history import seq_before
from storage.scope import Scope
from storage.table import table_name
from storage.transaction import Entry, ticks_of

if TYPE_CHECKING:
    from storage.vault import Vault

TRASH = timedelta(days=30)
"""What was deleted can be brought back for this long, so its history is kept as well."""

_DAY = 86_400_000_000

_OLD = f"""
SELECT seq, row_number() OVER (day ORDER BY seq DESC) AS back,
    first_value(before) OVER (day ORDER BY seq) AS first
FROM change WHERE space = ? AND seq > ? AND seq <= ? AND field <> '*'
WINDOW day AS (PARTITION BY kind, record, field, owner, at / {_DAY})
"""


def trim(
    vault: Vault, scope: Scope, before: datetime, since: datetime | None = None
) -> int:
    """Keep one value per field and day of what is older than `before`; returns how many
    changes went. The values at the end of each day, and undo to them, stay exact.

    What is older than `since` was trimmed already and is not looked at again.
    """
    if before > vault.clock() - TRASH:
        raise Refused("History younger than the trash is always kept.")
    first = ticks_of(since) // _DAY * _DAY if since else 0
    old = (scope.space, seq_before(vault.db, first), seq_before(vault.db, ticks_of(before)))
    if vault.db.row(f"SELECT 1 FROM ({_OLD}) WHERE back > 1 LIMIT 1", old) is None:
        return 0  # found without keeping others from writing
    with vault.writing("Trim the history"), vault.nested():
        db = vault.db
        db.execute(
            f"UPDATE change SET before = old.first FROM ({_OLD}) old"
            " WHERE change.seq = old.seq AND old.back = 1 AND change.before IS NOT old.first",
            old,
        )
        gone = db.execute(
            f"DELETE FROM change WHERE seq IN (SELECT seq FROM ({_OLD}) WHERE back > 1)",
            old,
        )
        db.execute(
            "DELETE FROM batch WHERE space = ? AND undoes IS NULL AND undone_by IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM change c WHERE c.batch = batch.seq)",
            (scope.space,),
        )
    return gone


def end_space(vault: Vault, id: str) -> None:
    """Remove a space with every record, tag, link, short id and change of it, for good.

    One entry without content stays in the personal space: search and other processes
    learn from it that everything of that space has ended.
    """
    first, *others = vault.spaces()
    if first.id == id:
        raise Refused("The personal space is part of the vault.")
    if id not in {space.id for space in others}:
        vault.scope(id)  # says that there is none
    with vault.writing("Delete a space") as (transaction, gesture), vault.nested():
        db = vault.db
        db.execute(
            "DELETE FROM tagging WHERE EXISTS (SELECT 1 FROM short s WHERE s.space = ?"
            " AND s.record = tagging.record AND s.kind = tagging.kind)",
            (id,),
        )
        kinds = {row[0] for row in db.rows("SELECT DISTINCT name FROM kind")}
        for table in [table_name(kind) for kind in kinds] + ["short", "change", "batch"]:
            db.execute(f'DELETE FROM "{table}" WHERE space = ?', (id,))
        transaction.rows.clear()
        transaction.tick()
        transaction.log(gesture, first.id, [Entry("space", id, "*", None, None)])
        transaction.spaces.add(id)
        transaction.kinds |= kinds
