"""A vault as one person sees one space of it: typed reads and writes, always scoped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

import msgspec

from storage import history, retention, undo
from storage.change import Batch, Change, Commit, Undone
from storage.errors import NotFound, Refused
from storage.link import Link, Verb
from storage.put import Put
from storage.query import Query, col
from storage.reader import AcrossStore, Reader
from storage.record import Record
from storage.scope import Scope
from storage.table import Table
from storage.tag import Tag
from storage.trash import Trash, Trashed, trashed

__all__ = ["AcrossStore", "Store"]

R = TypeVar("R", bound=Record)


class Store(Reader):
    """Reads and writes within a scope. There is no way to hand it SQL.

    Safe to use from several threads: each has its own connection, one writes at a time.
    Every method that names a kind whose module the space's type does not have raises
    ModuleNotInSpace; reading or writing while locked raises LockedError.
    """

    def within(self, scope: Scope) -> Store:
        """The same vault through another scope (its tags, trash, another space)."""
        return Store(self.vault, scope)

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
        assert table is not None  # a kind was named
        return table

    def delete(self, record: type[R], id: str) -> R:
        """Move a record (and its children, see `parent`) to the trash."""
        table, old = self._to_write(record), self.get(record, id)
        if old.deleted is not None:
            return old
        with self._trash("Delete") as trash:
            trash.delete(table.kind.name, id)
            return self.get(record, id)

    def restore(self, record: type[R], id: str) -> R:
        """Bring a record and what its deletion took along back from the trash."""
        table, old = self._to_write(record), self.get(record, id)
        if old.deleted is None:
            return old
        with self._trash("Restore") as trash:
            trash.restore(table.kind.name, id)
            return self.get(record, id)

    def purge(self, record: type[Record], id: str) -> None:
        """End a record: its row, its history, its search entry. Cannot be undone."""
        table = self._to_write(record)
        self.get(record, id)
        with self._trash("Purge") as trash:
            trash.purge(table.kind.name, id)

    def expire(self, before: datetime) -> int:
        """Purge what went to the trash before a moment; returns how many records."""
        self._writable()
        with self._trash("Empty the trash") as trash:
            return trash.expire(before)

    def trash(self, limit: int = 200) -> list[Trashed]:
        """What is in this space's trash, of every kind, newest first."""
        self.ready()
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
                from_kind=self.table(type(one)).kind.name,
                from_id=one.id,
                to_kind=self.table(type(other)).kind.name,
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
        self.ready()
        return history.changes_of(self.vault, self.scope, id)

    def batches(self, limit: int = 100, before: str | None = None) -> list[Batch]:
        """The space's batches, newest first."""
        self.ready()
        return history.batches_of(self.vault, self.scope, limit, before)

    def changes(self, batch: str) -> list[Change]:
        """Every change of a batch, oldest first."""
        self.ready()
        return history.changes_in(self.vault, self.scope, batch)

    def as_of(self, record: type[R], id: str, at: datetime) -> R | None:
        """A record as it was at a moment; None before it existed."""
        return history.as_of(self.vault, self.scope, self.table(record), id, at)

    def trim(self, before: datetime, since: datetime | None = None) -> int:
        """Keep one value per field and day of the history older than a moment; returns
        how many changes went. Refused for anything younger than the trash (30 days).
        `since`: what is older was trimmed already."""
        self._writable()
        return retention.trim(self.vault, self.scope, before, since)

    def listen(self, listener: Callable[[Commit], None]) -> Callable[[], None]:
        """Call after each commit that touches this space; returns how to stop."""
        space = self.scope.space

        def hear(commit: Commit) -> None:
            if space in commit.spaces:
                listener(commit)

        return self.vault.listen(hear)

    # --- what every call checks -------------------------------------------------------

    def _writable(self, record: type[Record] | str = "") -> Table | None:
        """The table of a kind to write; an archived space only lets itself be changed."""
        self.ready()
        if self.scope.role == "viewer":
            raise Refused(
                "You can only read in this space.", hint="its owner can change that"
            )
        table = self.table(record) if record else None
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
    def _plain(self) -> Store:
        """Without narrowing: tags and links are of the whole space."""
        return self.within(msgspec.structs.replace(self.scope, state="live", tags=()))
