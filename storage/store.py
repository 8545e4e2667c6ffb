"""A vault as one person sees one space of it: typed reads and writes, always scoped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from storage.change import Batch, Change, Commit, Undone
from storage.link import Link, Verb
from storage.query import Query
from storage.record import Record
from storage.scope import Scope
from storage.tag import Tag

if TYPE_CHECKING:
    from storage.vault import Vault

R = TypeVar("R", bound=Record)


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
        raise NotImplementedError

    def find(self, record: type[R], id: str) -> R | None:
        """One record by full id, or None."""
        raise NotImplementedError

    def many(self, record: type[R], ids: Sequence[str]) -> list[R]:
        """The records of these ids in their order, missing ones left out; one statement."""
        raise NotImplementedError

    def all(self, query: Query[R]) -> list[R]:
        """Every record a query names."""
        raise NotImplementedError

    def each(self, query: Query[R]) -> Iterator[R]:
        """The same, a page at a time, for long reads."""
        raise NotImplementedError

    def first(self, query: Query[R]) -> R | None:
        """The first record a query names, or None."""
        raise NotImplementedError

    def count(self, query: Query[Any]) -> int:
        """How many records a query names, ignoring its limit."""
        raise NotImplementedError

    def ids(self, query: Query[Any]) -> list[str]:
        """Ids alone, in order: what a long list keeps in memory."""
        raise NotImplementedError

    def groups(self, query: Query[Any], field: str) -> dict[Any, int]:
        """How many records per value of a field (`tags` counts per tag id)."""
        raise NotImplementedError

    def values(self, query: Query[Any], *fields: str) -> list[tuple[Any, ...]]:
        """Some fields of every record a query names, as Python values, without records."""
        raise NotImplementedError

    def resolve(self, text: str, record: type[Record] | None = None) -> tuple[str, str]:
        """(kind, full id) of a short id, an id, or an unambiguous start of either.

        Raises NotFound, or UserError naming the candidates when several match.
        """
        raise NotImplementedError

    def hidden(self, query: Query[Any]) -> int:
        """How many records the scope's tags alone keep out of this query."""
        raise NotImplementedError

    def explain(self, query: Query[Any]) -> list[str]:
        """SQLite's plan for a query: tests look for table scans in it."""
        raise NotImplementedError

    # --- writes ----------------------------------------------------------------

    @contextmanager
    def transaction(self, title: str = "") -> Iterator[Batch]:
        """All writes inside are committed at once, or none; nesting joins the outer one.

        The outermost opens a batch (one undo) unless `vault.batch(...)` already did.
        """
        raise NotImplementedError
        yield

    def put(self, record: R) -> R:
        """Store a whole new value; only fields that changed are written and logged.

        Returns the record as stored (space, author, short id, times filled; control
        characters gone). An unchanged record writes nothing.
        """
        raise NotImplementedError

    def put_many(self, records: Iterable[R]) -> list[R]:
        """Store many in one transaction, much faster than one by one."""
        raise NotImplementedError

    def delete(self, record: type[R], id: str) -> R:
        """Move a record (and its children, see `parent`) to the trash."""
        raise NotImplementedError

    def restore(self, record: type[R], id: str) -> R:
        """Bring a record and what its deletion took along back from the trash."""
        raise NotImplementedError

    def purge(self, record: type[Record], id: str) -> None:
        """End a record: its row, its history, its search entry. Cannot be undone."""
        raise NotImplementedError

    # --- links and tags ----------------------------------------------------------

    def link(self, one: Record, verb: Verb, other: Record) -> Link:
        """Connect two records; linking twice changes nothing."""
        raise NotImplementedError

    def unlink(self, link: Link) -> None:
        """Take a connection away."""
        raise NotImplementedError

    def links(self, id: str) -> list[Link]:
        """Every live link that starts or ends at a record."""
        raise NotImplementedError

    def tag_names(self) -> dict[str, str]:
        """Id to name of every live tag of the space."""
        raise NotImplementedError

    def tag_ids(self, names: Iterable[str], *, create: bool = True) -> tuple[str, ...]:
        """Ids of tags by name (without case), made where missing unless told not to."""
        raise NotImplementedError

    def tags(self) -> list[Tag]:
        """Every live tag of the space, by name."""
        raise NotImplementedError

    # --- history -------------------------------------------------------------------

    def undo(self) -> Undone | None:
        """Undo this space's newest batch that is not undone; None when there is none."""
        raise NotImplementedError

    def redo(self) -> Undone | None:
        """Undo the newest undo, unless something was written since."""
        raise NotImplementedError

    def revert(self, batch: str) -> Undone:
        """Undo any batch by id, keeping what later batches changed."""
        raise NotImplementedError

    def history(self, id: str) -> list[Change]:
        """Every change of a record, newest first."""
        raise NotImplementedError

    def batches(self, limit: int = 100, before: str | None = None) -> list[Batch]:
        """The space's batches, newest first."""
        raise NotImplementedError

    def changes(self, batch: str) -> list[Change]:
        """Every change of a batch, oldest first."""
        raise NotImplementedError

    def as_of(self, record: type[R], id: str, at: datetime) -> R | None:
        """A record as it was at a moment; None before it existed."""
        raise NotImplementedError

    def listen(self, listener: Callable[[Commit], None]) -> Callable[[], None]:
        """Call after each commit that touches this space; returns how to stop."""
        raise NotImplementedError


class AcrossStore:
    """Several spaces, to read only. Rows carry their `space`."""

    def __init__(self, vault: Vault, scopes: tuple[Scope, ...]) -> None:
        self.vault = vault
        self.scopes = scopes

    def all(self, query: Query[R]) -> list[R]:
        """Every record a query names in any of the spaces that may have the kind."""
        raise NotImplementedError

    def count(self, query: Query[Any]) -> int:
        """How many."""
        raise NotImplementedError

    def get(self, record: type[R], id: str) -> R:
        """One record, whichever of the spaces it lives in."""
        raise NotImplementedError
