"""How long the trash and every step of the history are kept, and tidying what is older."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from storage.retention import TRASH
from storage.space import Space
from storage.vault import Vault

_TRIMMED = "trimmed "


class Keep(msgspec.Struct, frozen=True, kw_only=True):
    """Days: deleted records stay in the trash, every step stays in the history (then one
    value per field and day does)."""

    history_days: int = 365
    trash_days: int = 30

    def trash_before(self, now: datetime) -> datetime:
        """What was deleted before this may go."""
        return now - timedelta(days=self.trash_days)

    def history_before(self, now: datetime) -> datetime:
        """Steps before this may go: never any that is younger than the trash."""
        days = max(self.history_days, self.trash_days, TRASH.days)
        return now - timedelta(days=days)


class Tidied(msgspec.Struct, frozen=True, kw_only=True):
    """How many records left the trash, changes the history, files the vault."""

    records: int = 0
    changes: int = 0
    blobs: int = 0


def tidy(vault: Vault, keep_of: Callable[[Space], Keep]) -> Tidied:
    """Empty the old trash, trim the old history and remove files nobody holds, in every
    space this person may write."""
    records = changes = 0
    now = vault.clock()
    oldest = now
    for space in vault.spaces():
        keep = keep_of(space)
        oldest = min(oldest, keep.trash_before(now))
        scope = vault.scope(space.id)
        if space.archived or scope.role == "viewer":
            continue
        records += vault.store(scope).expire(keep.trash_before(now))
        changes += trim(vault, space.id, keep)
    return Tidied(records=records, changes=changes, blobs=vault.blobs.collect(oldest))


def trim(vault: Vault, space: str, keep: Keep) -> int:
    """Trim a space's history from where the last time ended; returns how many went."""
    before = keep.history_before(vault.clock()).astimezone(UTC)
    said = vault.meta(_TRIMMED + space)
    since = datetime.fromisoformat(said) if said else None
    if since is not None and since >= before:
        return 0
    gone = vault.store(vault.scope(space)).trim(before, since)
    vault.meta(_TRIMMED + space, before.isoformat())
    return gone
