"""What a commit touched, and what one change says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from storage.actor import Actor


class Commit(msgspec.Struct, frozen=True, kw_only=True):
    """One committed transaction, ours or another process's: what live panes follow."""

    kinds: frozenset[str]
    ids: frozenset[str]
    spaces: frozenset[str]
    batch: str
    last_seq: int
    foreign: bool = False


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One field-level entry of the history.

    `field` is `*` where the whole record came into being (`after` holds every field) or
    was purged; otherwise one field's name. `at` is the hybrid logical clock's time.
    """

    seq: int
    batch: str
    at: datetime
    actor: Actor
    space: str
    kind: str
    record: str
    field: str
    before: Any
    after: Any


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """The changes of one gesture: the unit of undo."""

    id: str
    title: str
    actor: Actor
    origin: str
    space: str
    started: datetime
    undoes: str | None = None
    undone_by: str | None = None


class Undone(msgspec.Struct, frozen=True, kw_only=True):
    """What an undo, redo or revert did: its own batch, and the fields it left alone.

    `kept` lists (kind, record id, field, reason) where a later change stood in the way.
    """

    batch: Batch
    of: Batch
    kept: tuple[tuple[str, str, str, str], ...] = ()
