"""Undo, redo, revert: a new batch that sets the old values where nothing changed since."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec

from storage.change import Undone
from storage.column import instant
from storage.connection import driver
from storage.errors import Refused
from storage.history import BATCH, MINE, batch_row, stored_row, to_columns
from storage.put import set_tags
from storage.scope import Scope
from storage.table import table_name
from storage.transaction import Entry, Gesture, Transaction, batch_of

if TYPE_CHECKING:
    from storage.vault import Vault

DO, UNDO, REDO = 0, 1, 2
"""What a batch is: undo takes back the newest DO, redo the newest UNDO."""

_CHANGED = "changed since"
_GONE = "no longer there"
_BACK = "there again already"
_ENDED = "ended for good"
_TAKEN = "another one has its name now"
_NEEDED = "something else belongs to it now"

_NEWEST = (
    BATCH + "WHERE b.space = ? AND b.undoing = ? AND b.undone_by IS NULL AND EXISTS ("
    " SELECT 1 FROM change c WHERE c.batch = b.seq"
    " AND (c.field <> '*' OR c.before IS NOT NULL OR c.after IS NOT NULL))"
    " AND NOT EXISTS (SELECT 1 FROM change c WHERE c.batch = b.seq"
    " AND c.kind = 'space' AND c.field = '*')"
    " ORDER BY b.seq DESC LIMIT 1"
)
"""Neither what only ended records, nor what made the space itself, can be taken back."""


def newest(vault: Vault, scope: Scope, what: int) -> dict[str, Any] | None:
    """The batch that undo (DO) or redo (UNDO) would take back."""
    rows = vault.db.named(_NEWEST, (scope.space, what))
    if not rows or (what == UNDO and _written_since(vault, scope, rows[0]["seq"])):
        return None
    return rows[0]


def _written_since(vault: Vault, scope: Scope, seq: int) -> bool:
    sql = "SELECT 1 FROM batch WHERE space = ? AND undoing = ? AND seq > ? LIMIT 1"
    return vault.db.row(sql, (scope.space, DO, seq)) is not None


def revert(vault: Vault, scope: Scope, id: str) -> Undone:
    """Take back any batch by id; itself something that undo takes back."""
    row = batch_row(vault, scope, id)
    if row["undone_by"]:
        raise Refused("That is undone already.", hint="mana redo")
    return take_back(vault, scope, row, DO)


def take_back(vault: Vault, scope: Scope, row: dict[str, Any], what: int) -> Undone:
    """Write the batch that undoes `row`."""
    of = batch_row(vault, scope, row["undoes"]) if what == REDO else row
    word = {DO: "Revert", UNDO: "Undo", REDO: "Redo"}[what]
    with vault.writing(word) as (transaction, outer):
        gesture = Gesture(f"{word}: {of['title']}", outer.origin, scope.space, outer.actor)
        gesture.undoes, gesture.undoing = row["id"], what
        work = _TakeBack(vault, scope, transaction, gesture)
        kept = work.run(row["seq"])
        _mark(vault, row, gesture.id_in(scope.space))
        made = batch_row(vault, scope, gesture.id_in(scope.space))
        return Undone(batch=batch_of(made), of=batch_of(of), kept=kept)


def _mark(vault: Vault, row: dict[str, Any], by: str | None) -> None:
    """Note what is undone now; what the undone batch itself had undone holds again."""
    db = vault.db
    while True:
        db.execute("UPDATE batch SET undone_by = ? WHERE seq = ?", (by, row["seq"]))
        if not row["undoes"]:
            return
        by = None if by else row["id"]
        row = db.named(f"{BATCH} WHERE b.id = ?", (row["undoes"],))[0]


class _Net(msgspec.Struct):
    """What a batch did to one record, all its changes taken together."""

    kind: str
    record: str
    owner: str | None
    created: dict[str, Any] | None = None
    removed: dict[str, Any] | None = None
    ended: bool = False
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}

    def add(self, field: str, before: Any, after: Any) -> None:
        """Fold in the next change."""
        if field != "*":
            if self.created is not None:
                self.created[field] = after
                return
            self.before.setdefault(field, before)
            self.after[field] = after
        elif after is not None:
            self.created = after
        elif before is not None:
            self.removed = before
        else:
            self.ended = True


class _TakeBack:
    """One undo in progress."""

    def __init__(
        self, vault: Vault, scope: Scope, transaction: Transaction, gesture: Gesture
    ) -> None:
        self.vault = vault
        self.db = vault.db
        self.scope = scope
        self.transaction = transaction
        self.gesture = gesture
        self.kept: list[tuple[str, str, str, str]] = []
        self.types: dict[str, dict[str, str]] = {}
        self.parents: dict[str, list[tuple[str, str]]] = {}

    def run(self, batch: int) -> tuple[tuple[str, str, str, str], ...]:
        """Take everything back, last first; returns what had to stay."""
        self.now = instant(self.transaction.tick())
        self.transaction.open_batch(self.gesture, self.scope.space)
        entries: list[Entry] = []
        waiting = list(self._nets(batch))
        while waiting:
            entries, waiting = self._round(entries, waiting)
        self.transaction.tags.clear()
        self.transaction.log(self.gesture, self.scope.space, entries)
        return tuple(self.kept)

    def _round(
        self, entries: list[Entry], nets: list[_Net]
    ) -> tuple[list[Entry], list[_Net]]:
        """Take these back; gives back what was needed then and may no longer be: an import
        makes children before their parents."""
        needed: list[_Net] = []
        kept = self.kept
        for net in nets:
            self.kept = []
            entries += self._one(net)
            if any(reason == _NEEDED for *_, reason in self.kept):
                needed.append(net)
            else:
                kept += self.kept
        self.kept = kept
        if len(needed) < len(nets):
            return entries, needed
        for net in needed:
            self._keep(net, "*", _NEEDED)
        return entries, []

    def _nets(self, batch: int) -> Iterator[_Net]:
        found: dict[tuple[str, str], _Net] = {}
        for kind, record, field, before, after, owner in self.db.rows(
            "SELECT c.kind, c.record, c.field, c.before, c.after, c.owner FROM change c"
            f" WHERE c.batch = ? AND {MINE} ORDER BY c.seq",
            (batch, self.scope.space, self.scope.person),
        ):
            net = found.setdefault((kind, record), _Net(kind, record, owner))
            net.add(field, _load(before), _load(after))
        return reversed(found.values())

    def _one(self, net: _Net) -> list[Entry]:
        if net.ended:
            return self._keep(net, "*", _ENDED)
        row = stored_row(self.db, table_name(net.kind), net.kind, self.scope, net.record)
        if net.removed is not None:
            return self._insert(net, row, net.removed)
        if net.created is not None:
            return self._remove(net, row, net.created)
        if row is None:
            return self._keep(net, "*", _GONE)
        return self._set(net, row)

    def _keep(self, net: _Net, field: str, reason: str) -> list[Entry]:
        self.kept.append((net.kind, net.record, field, reason))
        return []

    def _remove(
        self, net: _Net, row: dict[str, Any] | None, wrote: dict[str, Any]
    ) -> list[Entry]:
        """It came into being: its row goes, its short id stays reserved."""
        if row is None:
            return self._keep(net, "*", _GONE)
        if self._differs(net, row, wrote):
            return self._keep(net, "*", _CHANGED)
        if self._needed(net):
            return self._keep(net, "*", _NEEDED)
        set_tags(self.db, net.kind, net.record, ())
        self.db.execute(
            f'DELETE FROM "{table_name(net.kind)}" WHERE id = ? AND space = ?',
            (net.record, self.scope.space),
        )
        return [self._entry(net, "*", row, None, row)]

    def _differs(self, net: _Net, row: dict[str, Any], wrote: dict[str, Any]) -> bool:
        """Whether anything was written since. Empty fields are not in the history, so a
        filled one that is not there counts only if its own change is: a column added
        later comes with a default."""
        if any(row.get(name) != value for name, value in wrote.items() if name != "tags"):
            return True
        if row["tags"] != list(wrote.get("tags") or ()):
            return True
        fresh = [n for n, value in row.items() if n not in wrote and value is not None]
        return any(
            self.db.row(
                "SELECT 1 FROM change WHERE record = ? AND kind = ? AND field = ?",
                (net.record, net.kind, name),
            )
            for name in fresh
            if name != "tags"
        )

    def _needed(self, net: _Net) -> bool:
        """Whether a tag is carried, a link ends here, or a child hangs on it."""
        if net.kind == "tag":
            return (
                self.db.row("SELECT 1 FROM tagging WHERE tag = ?", (net.record,))
                is not None
            )
        link = self.vault.table("link").name
        for end in ("from_id", "to_id"):
            sql = (
                f'SELECT 1 FROM "{link}" WHERE space = ? AND {end} = ? AND deleted IS NULL'
            )
            if net.kind != "link" and self.db.row(sql, (self.scope.space, net.record)):
                return True
        for kind, field in self._children(net.kind):
            sql = f'SELECT 1 FROM "{table_name(kind)}" WHERE space = ? AND "{field}" = ?'
            if self.db.row(sql, (self.scope.space, net.record)):
                return True
        return False

    def _children(self, kind: str) -> list[tuple[str, str]]:
        if kind not in self.parents:
            self.parents[kind] = children_of(self.vault, kind)
        return self.parents[kind]

    def _insert(
        self, net: _Net, row: dict[str, Any] | None, image: dict[str, Any]
    ) -> list[Entry]:
        """It was taken away: the identical row comes back."""
        if row is not None:
            return self._keep(net, "*", _BACK)
        values = to_columns(image, self._types(net.kind))
        listed = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" * len(values))
        try:
            self.db.execute(
                f'INSERT INTO "{table_name(net.kind)}" ({listed}) VALUES ({marks})',
                list(values.values()),
            )
        except driver.IntegrityError:
            return self._keep(net, "*", _TAKEN)
        set_tags(self.db, net.kind, net.record, image.get("tags") or ())
        return [self._entry(net, "*", None, image, image)]

    def _set(self, net: _Net, row: dict[str, Any]) -> list[Entry]:
        sets: dict[str, Any] = {}
        for field, wrote in net.after.items():
            if field == "updated":
                continue
            if row.get(field) == wrote:
                sets[field] = net.before[field]
            else:
                self._keep(net, field, _CHANGED)
        if not sets:
            return []
        if "updated" in net.after:
            same = row["updated"] == net.after["updated"]
            sets["updated"] = net.before["updated"] if same else self.now
        columns = to_columns(sets, self._types(net.kind))
        if columns and not self._update(net, columns):
            return self._keep(net, "*", _TAKEN)
        if "tags" in sets:
            set_tags(self.db, net.kind, net.record, sets["tags"] or ())
        return [
            self._entry(net, field, row.get(field), value, {**row, **sets})
            for field, value in sets.items()
        ]

    def _update(self, net: _Net, columns: dict[str, Any]) -> bool:
        listed = ", ".join(f'"{name}" = ?' for name in columns)
        try:
            self.db.execute(
                f'UPDATE "{table_name(net.kind)}" SET {listed} WHERE id = ? AND space = ?',
                [*columns.values(), net.record, self.scope.space],
            )
        except driver.IntegrityError:
            return False
        return True

    def _types(self, kind: str) -> dict[str, str]:
        if kind not in self.types:
            rows = self.db.rows(f'PRAGMA table_info("{table_name(kind)}")')
            self.types[kind] = {row[1]: row[2] for row in rows}
        return self.types[kind]

    def _entry(
        self, net: _Net, field: str, before: Any, after: Any, row: dict[str, Any]
    ) -> Entry:
        private = net.owner is not None and row.get("visibility") == "private"
        owner = net.owner if private else None
        return Entry(net.kind, net.record, field, before, after, owner)


def children_of(vault: Vault, kind: str) -> list[tuple[str, str]]:
    """(kind, parent field) of what goes along when a record of this kind is deleted."""
    rows = vault.db.rows(
        "SELECT DISTINCT name, parent FROM kind WHERE parent_kind = ? AND parent <> ''",
        (kind,),
    )
    return [(row[0], row[1]) for row in rows]


def _load(stored: str | None) -> Any:
    return None if stored is None else json.loads(stored)
