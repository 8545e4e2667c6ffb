"""A vault as one person sees one space of it: typed reads and writes, always scoped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from storage import history, undo
from storage.change import Batch, Change, Commit, Undone
from storage.errors import ModuleNotInSpace, NotFound, Refused, ScopeNotReady, UserError
from storage.link import Link, Verb
from storage.put import Put
from storage.query import Query, col
from storage.record import ALPHABET, Record
from storage.scope import Scope
from storage.select import (
    listed,
    marks,
    scope_clause,
    select,
    spread,
    union,
    where,
)
from storage.shorts import SHORTEST
from storage.table import Table
from storage.tag import Tag
from storage.trash import Trash, Trashed, not_here, trashed

if TYPE_CHECKING:
    from storage.vault import Vault

R = TypeVar("R", bound=Record)

PAGE = 1000
"""Records read at a time by `each`."""


class Store:
    """Reads and writes within a scope. There is no way to hand it SQL.

    Safe to use from several threads: each has its own connection, one writes at a time.
    Every method that names a kind whose module the space's type does not have raises
    ModuleNotInSpace; reading or writing while locked raises LockedError.
    """

    def __init__(self, vault: Vault, scope: Scope) -> None:
        self.vault = vault
        self.scope = scope

    def within(self, scope: Scope) -> Store:
        """The same vault through another scope (its tags, trash, another space)."""
        return Store(self.vault, scope)

    # --- reads -----------------------------------------------------------------

    def get(self, record: type[R], id: str) -> R:
        """One record by full id (live or in the trash), or NotFound."""
        found = self.find(record, id)
        if found is None:
            raise not_here(self._table(record))
        return found

    def find(self, record: type[R], id: str) -> R | None:
        """One record by full id, or None."""
        found = self.many(record, (id,))
        return found[0] if found else None

    def many(self, record: type[R], ids: Sequence[str]) -> list[R]:
        """The records of these ids in their order, missing ones left out; one statement."""
        table = self._table(record)
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
        table = self._table(query.record)
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
        table = self._table(query.record)
        test = where(table, self.scope, query)
        sql = f"SELECT count(*) FROM {table.source} WHERE {test.sql}"
        return self.vault.db.value(sql, test.values)

    def ids(self, query: Query[Any]) -> list[str]:
        """Ids alone, in order: what a long list keeps in memory."""
        part = select(self._table(query.record), self.scope, query, "t.id")
        return [row[0] for row in self.vault.db.rows(part.sql, part.values)]

    def groups(self, query: Query[Any], field: str) -> dict[Any, int]:
        """How many records per value of a field (`tags` counts per tag id)."""
        table = self._table(query.record)
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
        table = self._table(query.record)
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
            values.append(self._table(record).kind.name)
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
            if self.find(self._table(kind).record, id) is not None:
                found.append((kind, id, short))
        return found

    def hidden(self, query: Query[Any]) -> int:
        """How many records the scope's tags alone keep out of this query."""
        if not self.scope.tags:
            return 0
        table = self._table(query.record)
        test = where(table, self.scope, query, tags=False)
        seen = where(table, self.scope, query)
        sql = f"SELECT count(*) FROM {table.source} WHERE "
        db = self.vault.db
        return db.value(sql + test.sql, test.values) - db.value(sql + seen.sql, seen.values)

    def explain(self, query: Query[Any]) -> list[str]:
        """SQLite's plan for a query: tests look for table scans in it."""
        part = select(self._table(query.record), self.scope, query)
        return [
            row[3]
            for row in self.vault.db.rows(f"EXPLAIN QUERY PLAN {part.sql}", part.values)
        ]

    # --- writes ----------------------------------------------------------------

    @contextmanager
    def transaction(self, title: str = "") -> Iterator[Batch]:
        """All writes inside are committed at once, or none; nesting joins the outer one.

        The outermost opens a batch (one undo) unless `vault.batch(...)` already did.
        """
        with self.vault.writing(title or "Change") as (_, gesture), self.vault.nested():
            self._writable()
            yield Batch(
                id=gesture.id_in(self.scope.space),
                title=gesture.title,
                actor=gesture.actor,
                origin=gesture.origin,
                space=self.scope.space,
                started=self.vault.clock(),
            )

    def put(self, record: R) -> R:
        """Store a whole new value; only fields that changed are written and logged.

        Returns the record as stored (space, author, short id, times filled; control
        characters gone). An unchanged record writes nothing. `deleted` is not changed by
        it (see `delete` and `restore`).
        """
        return self.put_many((record,))[0]

    def put_many(self, records: Iterable[R]) -> list[R]:
        """Store many in one transaction, much faster than one by one."""
        with self.vault.writing("Change") as (transaction, gesture), self.vault.nested():
            work = Put(self.vault, self.scope, transaction, gesture)
            kinds: dict[type[Record], Table] = {}
            return work.many(
                (
                    kinds.get(type(one))
                    or kinds.setdefault(type(one), self._to_write(type(one))),
                    one,
                )
                for one in records
            )

    def _to_write(self, record: type[Record]) -> Table:
        table = self._writable(record)
        assert table is not None  # noqa: S101 - a kind was named
        return table

    def delete(self, record: type[R], id: str) -> R:
        """Move a record (and its children, see `parent`) to the trash."""
        table, old = self._to_write(record), self.get(record, id)
        if old.deleted is not None:
            return old
        with self._trash("Delete") as trash:
            trash.delete(table, id)
            return self.get(record, id)

    def restore(self, record: type[R], id: str) -> R:
        """Bring a record and what its deletion took along back from the trash."""
        table, old = self._to_write(record), self.get(record, id)
        if old.deleted is None:
            return old
        with self._trash("Restore") as trash:
            trash.restore(table, id)
            return self.get(record, id)

    def purge(self, record: type[Record], id: str) -> None:
        """End a record: its row, its history, its search entry. Cannot be undone."""
        table = self._to_write(record)
        self.get(record, id)
        with self._trash("Purge") as trash:
            trash.purge(table, id)

    def expire(self, before: datetime) -> int:
        """Purge what went to the trash before a moment; returns how many records."""
        self._writable()
        with self._trash("Empty the trash") as trash:
            return trash.expire(before)

    def trash(self, limit: int = 200) -> list[Trashed]:
        """What is in this space's trash, of every kind, newest first."""
        self._ready()
        return trashed(self.vault, self.scope, limit)

    # --- links and tags ----------------------------------------------------------

    def link(self, one: Record, verb: Verb, other: Record) -> Link:
        """Connect two records; linking twice changes nothing."""
        for end in (one, other):
            self.get(type(end), end.id)
        pairs = (
            {(one.id, other.id), (other.id, one.id)}
            if verb == "related"
            else {(one.id, other.id)}
        )
        for there in self.links(one.id):
            if there.verb == verb and (there.from_id, there.to_id) in pairs:
                return there
        private = "private" in (one.visibility, other.visibility)
        return self.put(
            Link(
                verb=verb,
                from_kind=self._table(type(one)).kind.name,
                from_id=one.id,
                to_kind=self._table(type(other)).kind.name,
                to_id=other.id,
                visibility="private" if private else "space",
            )
        )

    def unlink(self, link: Link) -> None:
        """Take a connection away."""
        self.delete(Link, link.id)

    def links(self, id: str) -> list[Link]:
        """Every live link that starts or ends at a record."""
        found = self._plain.all(Query(Link).where(col("from_id") == id))
        return found + self._plain.all(Query(Link).where(col("to_id") == id))

    def tag_names(self) -> dict[str, str]:
        """Id to name of every live tag of the space."""
        return {tag.id: tag.name for tag in self.tags()}

    def tag_ids(self, names: Iterable[str], *, create: bool = True) -> tuple[str, ...]:
        """Ids of tags by name (without case), made where missing unless told not to."""
        words = dict.fromkeys(word for name in names if (word := " ".join(name.split())))
        known = self._tags_known()
        if create and any(word.casefold() not in known for word in words):
            with self.transaction("New tags"):
                known = self._tags_known()  # another process may have made them meanwhile
                fresh = {word.casefold(): Tag(name=word) for word in words}
                missing = [tag for word, tag in fresh.items() if word not in known]
                known |= {tag.name.casefold(): tag.id for tag in self.put_many(missing)}
        for word in words:
            if word.casefold() not in known:
                raise NotFound(f"There is no tag {word!r}.", hint="mana tags list")
        return tuple(dict.fromkeys(known[word.casefold()] for word in words))

    def _tags_known(self) -> dict[str, str]:
        return {tag.name.casefold(): tag.id for tag in self.tags()}

    def tags(self) -> list[Tag]:
        """Every live tag of the space, by name."""
        return sorted(
            self._plain.all(Query(Tag)), key=lambda tag: (tag.name.casefold(), tag.id)
        )

    # --- history -------------------------------------------------------------------

    def undo(self) -> Undone | None:
        """Undo this space's newest batch that is not undone; None when there is none."""
        return self._take_back(undo.DO, undo.UNDO)

    def redo(self) -> Undone | None:
        """Undo the newest undo, unless something was written since."""
        return self._take_back(undo.UNDO, undo.REDO)

    def _take_back(self, of: int, what: int) -> Undone | None:
        self._writable()
        with self.vault.writing("Undo"), self.vault.nested():
            row = undo.newest(self.vault, self.scope, of)
            return undo.take_back(self.vault, self.scope, row, what) if row else None

    def revert(self, batch: str) -> Undone:
        """Undo any batch by id, keeping what later batches changed."""
        self._writable()
        with self.vault.writing("Revert"), self.vault.nested():
            return undo.revert(self.vault, self.scope, batch)

    def history(self, id: str) -> list[Change]:
        """Every change of a record, newest first."""
        self._ready()
        return history.changes_of(self.vault, self.scope, id)

    def batches(self, limit: int = 100, before: str | None = None) -> list[Batch]:
        """The space's batches, newest first."""
        self._ready()
        return history.batches_of(self.vault, self.scope, limit, before)

    def changes(self, batch: str) -> list[Change]:
        """Every change of a batch, oldest first."""
        self._ready()
        return history.changes_in(self.vault, self.scope, batch)

    def as_of(self, record: type[R], id: str, at: datetime) -> R | None:
        """A record as it was at a moment; None before it existed."""
        return history.as_of(self.vault, self.scope, self._table(record), id, at)

    def listen(self, listener: Callable[[Commit], None]) -> Callable[[], None]:
        """Call after each commit that touches this space; returns how to stop."""
        space = self.scope.space

        def hear(commit: Commit) -> None:
            if space in commit.spaces:
                listener(commit)

        return self.vault.listen(hear)

    # --- what every call checks -------------------------------------------------------

    def _ready(self) -> None:
        if not self.scope.space:
            raise ScopeNotReady("No space is active.", hint="mana space switch @me")

    def _table(self, record: type[Record] | str) -> Table:
        """The table of a kind that this space may have."""
        self._ready()
        table = self.vault.table(record)
        if self.scope.space_type not in table.kind.spaces:
            module = table.kind.name.partition(".")[0]
            raise ModuleNotInSpace(
                f"A {self.scope.space_type} space has no {module}.",
                hint="mana space list shows where it belongs",
            )
        return table

    def _writable(self, record: type[Record] | str = "") -> Table | None:
        """The table of a kind to write; an archived space only lets itself be changed."""
        self._ready()
        if self.scope.role == "viewer":
            raise Refused(
                "You can only read in this space.", hint="its owner can change that"
            )
        table = self._table(record) if record else None
        if self.scope.archived and (table is None or table.kind.name != "space"):
            raise Refused(
                "This space is archived.", hint="mana space restore brings it back"
            )
        return table

    @contextmanager
    def _trash(self, title: str) -> Iterator[Trash]:
        with self.vault.writing(title) as (transaction, gesture), self.vault.nested():
            yield Trash(self.vault, self.scope, transaction, gesture)

    @property
    def _any_state(self) -> Scope:
        return msgspec.structs.replace(self.scope, state="all")

    @property
    def _plain(self) -> Store:
        """Without narrowing: tags and links are of the whole space."""
        return self.within(msgspec.structs.replace(self.scope, state="live", tags=()))


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
        return sum(Store(self.vault, scope).count(query) for scope in scopes)

    def get(self, record: type[R], id: str) -> R:
        """One record, whichever of the spaces it lives in."""
        table, scopes = self._table(record)
        for scope in scopes:
            found = Store(self.vault, scope).find(record, id)
            if found is not None:
                return found
        raise not_here(table)
