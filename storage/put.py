"""Writing whole values: what is new is inserted, what differs is updated and logged."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from storage.clean import clean_line
from storage.column import instant
from storage.connection import driver
from storage.errors import Refused, UserError
from storage.record import NEVER, Record
from storage.scope import Scope
from storage.select import marks, scope_clause, spread
from storage.shorts import reserve
from storage.spaces import named
from storage.table import Table
from storage.transaction import Entry, Gesture, Transaction, moment

if TYPE_CHECKING:
    from storage.space import Space
    from storage.vault import Vault

Stored = dict[str, tuple[tuple[Any, ...], tuple[str, ...]]]
"""Id to a row as it is read, and its tags."""

CHUNK = 1000
"""Records written by one round of statements."""

_ID, _SHORT, _SPACE, _AUTHOR, _VISIBILITY, _CREATED, _UPDATED, _DELETED = range(8)
"""Where the shared fields are in a row; see `storage.record.SHARED`."""


class Put:
    """Writes records of one space within one transaction."""

    def __init__(
        self, vault: Vault, scope: Scope, transaction: Transaction, gesture: Gesture
    ) -> None:
        self.vault = vault
        self.db = vault.db
        self.scope = scope
        self.transaction = transaction
        self.gesture = gesture
        self.every = _every(scope)

    def many(self, records: Iterable[tuple[Table, Record]]) -> list[Any]:
        """Write in order, a chunk of one kind at a time."""
        collecting = gc.isenabled()
        try:
            with self.db.roomy():
                return self._many(records)
        finally:
            if collecting:
                gc.enable()

    def _many(self, records: Iterable[tuple[Table, Record]]) -> list[Any]:
        made: list[Any] = []
        chunk: dict[str, Record] = {}
        of: Table | None = None
        for table, record in records:
            if of is not None and (
                table is not of or record.id in chunk or len(chunk) == CHUNK
            ):
                self.db.need_room()
                gc.disable()  # it would walk all the records made so far, again and again
                made += self._chunk(of, list(chunk.values()))
                chunk = {}
            of = table
            chunk[record.id] = record
        if of is not None and chunk:
            made += self._chunk(of, list(chunk.values()))
        return made

    def _chunk(self, table: Table, records: Sequence[Record]) -> list[Any]:
        now = instant(self.transaction.tick())
        if table.kind.name == "space":
            records = [named(self.vault, cast("Space", one)) for one in records]
        rows = [table.encode(record) for record in records]
        tags = [
            tuple(sorted({clean_line(tag) for tag in one.tags})) if one.tags else ()
            for one in records
        ]
        stored = self._stored(table, [row[_ID] for row in rows])
        fresh = [i for i, row in enumerate(rows) if row[_ID] not in stored]
        known = frozenset(tag for old in stored.values() for tag in old[1])
        tags = [self._real_tags(one, known) if one else one for one in tags]
        if fresh:
            self._insert(table, [(rows[i], tags[i], records[i]) for i in fresh], now)
        if stored:
            for i, row in enumerate(rows):
                if row[_ID] in stored:
                    tags[i] = self._update(table, records[i], row, tags[i], stored)
        if table.kind.name == "tag":
            self.transaction.tags.pop(self.scope.space, None)
        return [
            table.stored(record, row, one)
            for record, row, one in zip(records, rows, tags, strict=True)
        ]

    def _stored(self, table: Table, ids: list[str]) -> Stored:
        clause = scope_clause(table, self.every)
        found = self.db.rows(
            f"{table.select} WHERE t.id IN {marks(ids)} AND {clause.sql}",
            [*spread(ids), *clause.values],
        )
        return {row[_ID]: (row, tuple(json.loads(row[-1]))) for row in found}

    def _real_tags(self, tags: tuple[str, ...], known: frozenset[str]) -> tuple[str, ...]:
        """Tags of this space only; one that was deleted meanwhile is dropped."""
        space = self.scope.space
        live = self.transaction.tags.get(space)
        if live is None:
            table = self.vault.table("tag")
            live = frozenset(
                row[0]
                for row in self.db.rows(
                    f'SELECT id FROM "{table.name}" WHERE space = ? AND deleted IS NULL',
                    (space,),
                )
            )
            self.transaction.tags[space] = live
        if live.issuperset(tags):
            return tags
        missing = [tag for tag in tags if tag not in live and tag not in known]
        if missing and self._in_trash(missing) < len(missing):
            raise UserError("A tag of another space cannot be used here.")
        return tuple(tag for tag in tags if tag in live)

    def _in_trash(self, tags: list[str]) -> int:
        table = self.vault.table("tag")
        return self.db.value(
            f'SELECT count(*) FROM "{table.name}" WHERE space = ? AND id IN {marks(tags)}',
            [self.scope.space, *spread(tags)],
        )

    # --- new ones -------------------------------------------------------------------------

    def _insert(
        self, table: Table, fresh: list[tuple[list[Any], tuple[str, ...], Record]], now: str
    ) -> None:
        space, person = self.scope.space, self.scope.person
        shorts = reserve(
            self.db,
            space,
            table.kind.name,
            [(row[_ID], row[_SHORT]) for row, _, _ in fresh],
        )
        entries: list[Entry] = []
        for row, tags, record in fresh:
            self._check(table, row)
            row[_SHORT] = shorts[row[_ID]]
            row[_SPACE] = space
            private = row[_VISIBILITY] == "private"
            row[_AUTHOR] = person if private else row[_AUTHOR] or person
            if record.created == NEVER:
                row[_CREATED] = now
            if record.updated == NEVER:
                row[_UPDATED] = now
            after = table.image(*row, tags or None)
            owner = person if private else None
            entries.append(Entry(table.kind.name, row[_ID], "*", None, after, owner))
        try:
            self.db.execute_many(table.insert, [row for row, _, _ in fresh])
        except driver.IntegrityError as error:
            raise taken(table.kind.name, error) from error
        pairs = [(table.kind.name, row[_ID], tag) for row, tags, _ in fresh for tag in tags]
        if pairs:
            self.db.execute_many("INSERT INTO tagging VALUES (?, ?, ?)", pairs)
        self.transaction.log(self.gesture, space, entries)

    def _check(self, table: Table, row: list[Any]) -> None:
        if row[_SPACE] not in ("", self.scope.space):
            raise Refused("A record of another space cannot be written here.")
        if table.kind.name == "space" and row[_ID] != self.scope.space:
            raise Refused("A space is kept in itself.")

    # --- changed ones -----------------------------------------------------------------------

    def _update(
        self,
        table: Table,
        record: Record,
        row: list[Any],
        tags: tuple[str, ...],
        stored: Stored,
    ) -> tuple[str, ...]:
        """Write and log what differs; leaves `row` as it is stored now."""
        old, old_tags = stored[row[_ID]]
        now = instant(moment(self.transaction.at))
        self._check(table, row)
        for place in (_SHORT, _SPACE, _AUTHOR, _UPDATED, _DELETED):
            row[place] = old[place]
        if record.created == NEVER:
            row[_CREATED] = old[_CREATED]
        changed = [
            (name, old[i], row[i]) for i, name in enumerate(table.names) if old[i] != row[i]
        ]
        if not changed and tags == old_tags:
            return tags
        private = row[_VISIBILITY] == "private"
        if private and row[_AUTHOR] != self.scope.person:
            raise Refused("Only its author can make a record private.")
        row[_UPDATED] = now
        changed.append(("updated", old[_UPDATED], now))
        owner = self.scope.person if private and old[_VISIBILITY] == "private" else None
        self._set(table, row[_ID], [(name, after) for name, _, after in changed])
        entries = [Entry(table.kind.name, row[_ID], *one, owner) for one in changed]
        if tags != old_tags:
            set_tags(self.db, table.kind.name, row[_ID], tags)
            entries.append(Entry(table.kind.name, row[_ID], "tags", old_tags, tags, owner))
        self.transaction.log(self.gesture, self.scope.space, entries)
        return tags

    def _set(self, table: Table, id: str, changed: list[tuple[str, Any]]) -> None:
        clause = scope_clause(table, self.every)
        sets = ", ".join(f'"{name}" = ?' for name, _ in changed)
        try:
            self.db.execute(
                f'UPDATE "{table.name}" AS t SET {sets} WHERE t.id = ? AND {clause.sql}',
                [*(after for _, after in changed), id, *clause.values],
            )
        except driver.IntegrityError as error:
            raise taken(table.kind.name, error) from error


def set_tags(db: Any, kind: str, record: str, tags: Sequence[str]) -> None:
    """Replace what a record carries."""
    db.execute("DELETE FROM tagging WHERE record = ? AND kind = ?", (record, kind))
    if tags:
        db.execute_many(
            "INSERT INTO tagging VALUES (?, ?, ?)", [(kind, record, tag) for tag in tags]
        )


def taken(kind: str, error: Exception) -> Exception:
    """What to say when the database refused a row."""
    said, _, columns = str(error).partition("UNIQUE constraint failed: ")
    if not columns:
        return TypeError(f"{kind}: {said}")
    names = [one.strip().rpartition(".")[2] for one in columns.split(",")]
    words = [name for name in names if name not in ("space", "deleted")]
    if words == ["id"]:
        return Refused("This id cannot be used here.")
    label = kind.rpartition(".")[2]
    listed = " and ".join(word.replace("_", " ") for word in words)
    return UserError(
        f"There is another {label} with this {listed}.", hint=f"change the {listed}"
    )


def _every(scope: Scope) -> Scope:
    """The same eyes, without the narrowing to tags or to live records: writes reach both."""
    return Scope(
        space=scope.space,
        space_type=scope.space_type,
        person=scope.person,
        role=scope.role,
        state="all",
        archived=scope.archived,
    )
