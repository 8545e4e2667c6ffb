"""Reading records through a scope, which is part of every statement."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from storage.errors import ModuleNotInSpace, NotFound, ScopeNotReady, UserError
from storage.query import Query
from storage.record import ALPHABET, Record
from storage.scope import Scope
from storage.select import listed, marks, scope_clause, select, spread, union, where
from storage.shorts import SHORTEST
from storage.table import Table
from storage.trash import not_here

if TYPE_CHECKING:
    from storage.vault import Vault

R = TypeVar("R", bound=Record)

PAGE = 1000
"""Records read at a time by `each`."""


class Reader:
    """The reads of a store; see `storage.store.Store`."""

    def __init__(self, vault: Vault, scope: Scope) -> None:
        self.vault = vault
        self.scope = scope

    def get(self, record: type[R], id: str) -> R:
        """One record by full id (live or in the trash), or NotFound."""
        found = self.find(record, id)
        if found is None:
            raise not_here(self.table(record))
        return found

    def find(self, record: type[R], id: str) -> R | None:
        """One record by full id, or None."""
        found = self.many(record, (id,))
        return found[0] if found else None

    def many(self, record: type[R], ids: Sequence[str]) -> list[R]:
        """The records of these ids in their order, missing ones left out; one statement."""
        table = self.table(record)
        ids = tuple(ids)
        clause = scope_clause(table, self._any_state, tags=False)
        rows = self.vault.db.rows(
            f"{table.select} WHERE t.id IN {marks(ids)} AND {clause.sql}",
            [*spread(ids), *clause.values],
        )
        found = {row[0]: row for row in rows}
        return [table.decode(found[id]) for id in ids if id in found]

    def all(self, query: Query[R]) -> list[R]:
        """Every record a query names."""
        table = self.table(query.record)
        part = select(table, self.scope, query)
        return list(map(table.decode, self.vault.db.rows(part.sql, part.values)))

    def each(self, query: Query[R]) -> Iterator[R]:
        """The same, a page at a time, for long reads."""
        ids = self.ids(query)
        for start in range(0, len(ids), PAGE):
            yield from self.many(query.record, ids[start : start + PAGE])

    def first(self, query: Query[R]) -> R | None:
        """The first record a query names, or None."""
        found = self.all(query.limit(1, query.skip))
        return found[0] if found else None

    def count(self, query: Query[Any]) -> int:
        """How many records a query names, ignoring its limit."""
        table = self.table(query.record)
        test = where(table, self.scope, query)
        sql = f"SELECT count(*) FROM {table.source} WHERE {test.sql}"
        return self.vault.db.value(sql, test.values)

    def ids(self, query: Query[Any]) -> list[str]:
        """Ids alone, in order: what a long list keeps in memory."""
        part = select(self.table(query.record), self.scope, query, "t.id")
        return [row[0] for row in self.vault.db.rows(part.sql, part.values)]

    def groups(self, query: Query[Any], field: str) -> dict[Any, int]:
        """How many records per value of a field (`tags` counts per tag id)."""
        table = self.table(query.record)
        test = where(table, self.scope, query)
        if field == "tags":
            sql = (
                f"SELECT g.tag, count(*) FROM {table.source} JOIN tagging g"
                f" ON g.record = t.id AND g.kind = '{table.kind.name}'"
                f" WHERE {test.sql} GROUP BY g.tag"
            )
            return dict(self.vault.db.rows(sql, test.values))
        column = listed(table, (field,))
        sql = f"SELECT {column}, count(*) FROM {table.source} WHERE {test.sql} GROUP BY 1"
        rows = self.vault.db.rows(sql, test.values)
        return {table.value(field, value): number for value, number in rows}

    def values(self, query: Query[Any], *fields: str) -> list[tuple[Any, ...]]:
        """Some fields of every record a query names, as Python values, without records."""
        table = self.table(query.record)
        part = select(table, self.scope, query, listed(table, fields))
        read = [table.reader(name) for name in fields]
        return [
            tuple(one if do is None else do(one) for do, one in zip(read, row, strict=True))
            for row in self.vault.db.rows(part.sql, part.values)
        ]

    def resolve(self, text: str, record: type[Record] | None = None) -> tuple[str, str]:
        """(kind, full id) of a short id, an id, or an unambiguous start of either.

        Raises NotFound, or UserError naming the candidates when several match.
        """
        word = text.strip().lower()
        if not word or not set(word) <= set(ALPHABET):
            raise NotFound(f"There is no {text!r} here.")
        found = self._candidates(word, record)
        if not found:
            raise NotFound(f"There is no {text!r} here.", hint="mana search finds by words")
        if len(found) > 1:
            listed = ", ".join(f"{short} ({kind})" for kind, _, short in found[:8])
            raise UserError(f"{text!r} could be several.", hint=listed)
        return found[0][0], found[0][1]

    def _candidates(
        self, word: str, record: type[Record] | None
    ) -> list[tuple[str, str, str]]:
        """(kind, id, short): the exact short id alone, else all that start that way."""
        sql = "SELECT kind, record, short FROM short WHERE space = ?"
        values: list[Any] = [self.scope.space]
        if record is not None:
            sql += " AND kind = ?"
            values.append(self.table(record).kind.name)
        until = word + "~"
        exact = self._visible(sql + " AND short = ?", [*values, word])
        if exact or len(word) < SHORTEST:
            return exact or self._visible(
                sql + " AND short > ? AND short < ? LIMIT 50", [*values, word, until]
            )
        return self._visible(
            sql
            + " AND ((short > ? AND short < ?) OR (record >= ? AND record < ?)) LIMIT 50",
            [*values, word, until, word, until],
        )

    def _visible(self, sql: str, values: list[Any]) -> list[tuple[str, str, str]]:
        found: list[tuple[str, str, str]] = []
        for kind, id, short in self.vault.db.rows(sql, values):
            if self._sees(kind, id):
                found.append((kind, id, short))
        return found

    def _sees(self, kind: str, id: str) -> bool:
        """Undone, purged and other people's records keep their short ids; so do those of
        a module that is not installed."""
        try:
            record = self.table(kind).record
        except NotFound:
            return False
        return self.find(record, id) is not None

    def hidden(self, query: Query[Any]) -> int:
        """How many records the scope's tags alone keep out of this query."""
        if not self.scope.tags:
            return 0
        table = self.table(query.record)
        test = where(table, self.scope, query, tags=False)
        seen = where(table, self.scope, query)
        sql = f"SELECT count(*) FROM {table.source} WHERE "
        db = self.vault.db
        return db.value(sql + test.sql, test.values) - db.value(sql + seen.sql, seen.values)

    def explain(self, query: Query[Any]) -> list[str]:
        """SQLite's plan for a query: tests look for table scans in it."""
        part = select(self.table(query.record), self.scope, query)
        return [
            row[3]
            for row in self.vault.db.rows(f"EXPLAIN QUERY PLAN {part.sql}", part.values)
        ]

    # --- what every call checks -------------------------------------------------------

    def ready(self) -> None:
        """Raise ScopeNotReady when no space is chosen."""
        if not self.scope.space:
            raise ScopeNotReady("No space is active.", hint="mana space switch @me")

    def table(self, record: type[Record] | str) -> Table:
        """The table of a kind that this space may have."""
        self.ready()
        table = self.vault.table(record)
        if self.scope.space_type not in table.kind.spaces:
            module = table.kind.name.partition(".")[0]
            raise ModuleNotInSpace(
                f"A {self.scope.space_type} space has no {module}.",
                hint="mana space list shows where it belongs",
            )
        return table

    @property
    def _any_state(self) -> Scope:
        return msgspec.structs.replace(self.scope, state="all")


class AcrossStore:
    """Several spaces, to read only. Rows carry their `space`."""

    def __init__(self, vault: Vault, scopes: tuple[Scope, ...]) -> None:
        self.vault = vault
        self.scopes = scopes

    def all(self, query: Query[R]) -> list[R]:
        """Every record a query names in any of the spaces that may have the kind."""
        table, scopes = self._table(query.record)
        if not scopes:
            return []
        part = union(table, scopes, query)
        return list(map(table.decode, self.vault.db.rows(part.sql, part.values)))

    def _table(self, record: type[Record]) -> tuple[Table, list[Scope]]:
        table = self.vault.table(record)
        return table, [one for one in self.scopes if one.space_type in table.kind.spaces]

    def count(self, query: Query[Any]) -> int:
        """How many."""
        _, scopes = self._table(query.record)
        return sum(Reader(self.vault, scope).count(query) for scope in scopes)

    def get(self, record: type[R], id: str) -> R:
        """One record, whichever of the spaces it lives in."""
        table, scopes = self._table(record)
        for scope in scopes:
            found = Reader(self.vault, scope).find(record, id)
            if found is not None:
                return found
        raise not_here(table)
