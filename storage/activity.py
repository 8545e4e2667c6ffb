"""What happened in a space, narrowed: by whom, in which module, when."""

# ruff: noqa: S608 - clauses are ours, values are always bound
from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from storage.change import Batch
from storage.column import instant
from storage.history import BATCH, MINE
from storage.scope import Scope
from storage.transaction import batch_of

if TYPE_CHECKING:
    from storage.vault import Vault


def activity(
    vault: Vault,
    scope: Scope,
    *,
    actor: str = "",
    module: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
) -> list[Batch]:
    """The space's batches, newest first, that all of these fit.

    `actor` is a kind of actor (user, agent, system), an id, or part of a name; `module`
    the first part of a kind's name; `since` is included, `until` is not.
    """
    touched = f"SELECT 1 FROM change c WHERE c.batch = b.seq AND {MINE}"
    values: list[Any] = [scope.space, scope.space, scope.person]
    if module:
        touched += " AND (c.kind = ? OR (c.kind > ? AND c.kind < ?))"
        values += [module, f"{module}.", f"{module}/"]
    sql = f"{BATCH} WHERE b.space = ? AND EXISTS ({touched})"
    if actor:
        sql += " AND (a.kind = ? OR a.actor = ? OR instr(lower(a.name), lower(?)))"
        values += [actor.lower(), actor, actor]
    for test, at in ((">=", since), ("<", until)):
        if at is not None:
            sql += f" AND b.started {test} ?"
            values.append(instant(at))
    rows = vault.db.named(f"{sql} ORDER BY b.seq DESC LIMIT ?", [*values, limit])
    return [batch_of(row) for row in rows]
