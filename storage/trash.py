"""Into the trash, back from it, and the end of a record."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from storage.column import instant
from storage.connection import driver
from storage.errors import NotFound
from storage.history import stored_row
from storage.put import set_tags, taken
from storage.scope import Scope
from storage.select import marks, spread
from storage.table import Table, table_name
from storage.transaction import Entry, Gesture, Transaction
from storage.undo import children_of

if TYPE_CHECKING:
    from storage.vault import Vault


class Trashed(msgspec.Struct, frozen=True, kw_only=True):
    """A record in the trash, of whatever kind."""

    kind: str
    id: str
    short: str
    title: str
    deleted: datetime


_ROW = "t.space = ? AND (t.visibility = 'space' OR t.author = ?)"


class Trash:
    """Deletes, restores and purges records of one space within one transaction."""

    def __init__(
        self, vault: Vault, scope: Scope, transaction: Transaction, gesture: Gesture
    ) -> None:
        self.vault = vault
        self.db = vault.db
        self.scope = scope
        self.mine = (scope.space, scope.person)
        self.transaction = transaction
        self.gesture = gesture

    # --- into it ----------------------------------------------------------------------

    def delete(self, kind: str, id: str) -> None:
        """Move a live record there, with all that hangs on it."""
        now = instant(self.transaction.tick())
        entries: list[Entry] = []
        for one, ids in self._family(kind, id, "t.deleted IS NULL"):
            entries += self._delete(one, ids, now)
        if kind == "tag":
            entries += self._untag(id)
            self.transaction.tags.pop(self.scope.space, None)
        self.transaction.log(self.gesture, self.scope.space, entries)

    def _delete(self, kind: str, ids: list[str], now: str) -> list[Entry]:
        owners = self._owners(kind, ids)
        self.db.execute(
            f'UPDATE "{table_name(kind)}" AS t SET deleted = ?'
            f" WHERE t.id IN {marks(ids)} AND {_ROW}",
            [now, *spread(ids), *self.mine],
        )
        return [Entry(kind, id, "deleted", None, now, owners[id]) for id in ids]

    def _family(self, kind: str, id: str, state: str) -> list[tuple[str, list[str]]]:
        """The record and everything whose parent it is, and so on, kind by kind."""
        found = [(kind, [id])]
        seen = {id}
        for above, ids in found:
            for child, field in children_of(self.vault, above):
                rows = self.db.rows(
                    f'SELECT t.id FROM "{table_name(child)}" t'
                    f' WHERE t."{field}" IN {marks(ids)} AND {_ROW} AND {state}',
                    [*spread(ids), *self.mine],
                )
                fresh = [row[0] for row in rows if row[0] not in seen]
                seen.update(fresh)
                if fresh:
                    found.append((child, fresh))
        return found

    def _owners(self, kind: str, ids: list[str]) -> dict[str, str | None]:
        rows = self.db.rows(
            f'SELECT t.id, t.visibility, t.author FROM "{table_name(kind)}" t'
            f" WHERE t.id IN {marks(ids)} AND t.space = ?",
            [*spread(ids), self.scope.space],
        )
        return {id: author if seen == "private" else None for id, seen, author in rows}

    def _untag(self, tag: str) -> list[Entry]:
        """A tag that goes leaves every record; each remembers that it carried it."""
        rows = self.db.rows("SELECT kind, record FROM tagging WHERE tag = ?", (tag,))
        kinds: dict[str, list[str]] = {}
        for kind, record in rows:
            kinds.setdefault(kind, []).append(record)
        entries: list[Entry] = []
        for kind, records in kinds.items():
            owners = self._owners(kind, records)
            for record in records:
                before = self._tags(kind, record)
                after = [one for one in before if one != tag]
                entries.append(
                    Entry(kind, record, "tags", before, after, owners.get(record))
                )
        self.db.execute("DELETE FROM tagging WHERE tag = ?", (tag,))
        return entries

    def _tags(self, kind: str, record: str) -> list[str]:
        rows = self.db.rows(
            "SELECT tag FROM tagging WHERE record = ? AND kind = ? ORDER BY tag",
            (record, kind),
        )
        return [row[0] for row in rows]

    # --- out of it ----------------------------------------------------------------------

    def restore(self, kind: str, id: str) -> None:
        """Bring it back, with what the same deletion took along: one deletion is one tick
        of the clock, so its changes are found by that."""
        found = self.db.row(
            "SELECT batch, at FROM change WHERE record = ? AND kind = ? AND space = ?"
            " AND field = 'deleted' AND after IS NOT NULL ORDER BY seq DESC LIMIT 1",
            (id, kind, self.scope.space),
        )
        self.transaction.tick()
        entries: list[Entry] = []
        for change in self._taken_along(kind, id, found):
            entries += self._undelete(change)
        self.transaction.tags.pop(self.scope.space, None)
        self.transaction.log(self.gesture, self.scope.space, entries)

    def _taken_along(
        self, kind: str, id: str, found: tuple[Any, ...] | None
    ) -> list[tuple[Any, ...]]:
        first = (kind, id, "deleted", None, None)
        if found is None:
            return [first]
        rows = self.db.rows(
            "SELECT kind, record, field, before, after FROM change WHERE batch = ? AND at = ?"
            " AND space = ? AND field IN ('deleted', 'tags') ORDER BY seq",
            (*found, self.scope.space),
        )
        mine = [row for row in rows if row[1] == id and row[0] == kind]
        with_it = rows[rows.index(mine[0]) :] if mine else [first]
        family = {id} | {row[1] for row in with_it} if self._leads(rows, id) else {id}
        return [row for row in with_it if row[1] in family]

    def _leads(self, rows: list[tuple[Any, ...]], id: str) -> bool:
        """Whether the deletion began with this record; a child comes back alone."""
        return bool(rows) and rows[0][1] == id

    def _undelete(self, change: tuple[Any, ...]) -> list[Entry]:
        kind, record, field, before, after = change
        row = stored_row(self.db, table_name(kind), kind, self.scope, record)
        if row is None:
            return []
        owner = row["author"] if row["visibility"] == "private" else None
        if field == "tags":
            if row["tags"] != json.loads(after):
                return []
            set_tags(self.db, kind, record, json.loads(before))
            return [Entry(kind, record, "tags", row["tags"], json.loads(before), owner)]
        if row["deleted"] is None or (after and row["deleted"] != json.loads(after)):
            return []
        try:
            self.db.execute(
                f'UPDATE "{table_name(kind)}" AS t SET deleted = NULL WHERE t.id = ? AND {_ROW}',
                (record, *self.mine),
            )
        except driver.IntegrityError as error:
            raise taken(kind, error) from error
        return [Entry(kind, record, "deleted", row["deleted"], None, owner)]

    # --- the end -------------------------------------------------------------------------

    def purge(self, kind: str, id: str) -> None:
        """Remove it, what hangs on it, their links, tags, short ids and history for good.

        One entry without content stays for each, so that search, other processes and
        devices learn of it.
        """
        self.transaction.tick()
        link = self.vault.table("link")
        if kind == "tag":
            self.transaction.log(self.gesture, self.scope.space, self._untag(id))
            self.transaction.tags.pop(self.scope.space, None)
        for child, ids in self._family(kind, id, "1"):
            for one in ids:
                if child != "link":
                    self._end_links(link.name, one)
                self._end(child, one)

    def _end_links(self, table: str, id: str) -> None:
        for end in ("from_id", "to_id"):
            sql = f'SELECT id FROM "{table}" WHERE space = ? AND {end} = ?'
            for (link,) in self.db.rows(sql, (self.scope.space, id)):
                self._end("link", link)

    def _end(self, kind: str, id: str) -> None:
        self.transaction.log(
            self.gesture, self.scope.space, [Entry(kind, id, "*", None, None)]
        )
        place = (id, kind, self.scope.space)
        table = table_name(kind)
        self.db.execute(
            f'DELETE FROM "{table}" WHERE id = ? AND space = ?', (id, self.scope.space)
        )
        self.db.execute("DELETE FROM tagging WHERE record = ? AND kind = ?", (id, kind))
        self.db.execute(
            "DELETE FROM short WHERE record = ? AND kind = ? AND space = ?", place
        )
        self.db.execute(
            "DELETE FROM change WHERE record = ? AND kind = ? AND space = ? AND seq < ?",
            (*place, self.transaction.seq),
        )

    def expire(self, before: datetime) -> int:
        """Purge what was deleted before a moment; returns how many records."""
        gone = 0
        for kind in [row[0] for row in self.db.rows("SELECT DISTINCT name FROM kind")]:
            rows = self.db.rows(
                f'SELECT t.id FROM "{table_name(kind)}" t WHERE t.deleted < ? AND {_ROW}',
                (instant(before), *self.mine),
            )
            for (id,) in rows:
                if stored_row(self.db, table_name(kind), kind, self.scope, id) is not None:
                    self.purge(kind, id)
                    gone += 1
        return gone


def trashed(vault: Vault, scope: Scope, most: int) -> list[Trashed]:
    """What is in the space's trash, newest first; links are not listed on their own."""
    kinds = vault.db.rows(
        "SELECT name, title FROM kind k WHERE name <> 'link'"
        " AND seen = (SELECT max(seen) FROM kind WHERE name = k.name)"
    )
    found: list[tuple[Any, ...]] = []
    for kind, title in kinds:
        rows = vault.db.rows(
            f'SELECT t.id, t.short, t."{title}", t.deleted FROM "{table_name(kind)}" t'
            f" WHERE {_ROW} AND t.deleted IS NOT NULL ORDER BY t.deleted DESC LIMIT ?",
            (scope.space, scope.person, most),
        )
        found += [(kind, *row) for row in rows]
    found.sort(key=lambda row: row[-1], reverse=True)
    return [
        Trashed(
            kind=kind,
            id=id,
            short=short,
            title=str(title),
            deleted=datetime.fromisoformat(deleted),
        )
        for kind, id, short, title, deleted in found[:most]
    ]


def not_here(table: Table) -> NotFound:
    """What to say when a record cannot be found."""
    label = table.kind.name.rpartition(".")[2]
    return NotFound(f"There is no such {label}.", hint="it may have been removed")
