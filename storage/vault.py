"""An open vault: connections, the clock, batches, commits; stores are views of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from storage import history, migrate, retention, spaces, tail
from storage.actor import SYSTEM, Actor
from storage.change import Change, Commit
from storage.database import Database
from storage.errors import Refused, TooNew
from storage.kind import Catalog
from storage.private import sync_folder
from storage.record import Record, kind_of, new_id
from storage.scope import Across, Scope
from storage.space import Space, SpaceType
from storage.store import AcrossStore, Store
from storage.table import Table
from storage.transaction import Gesture, Transaction
from storage.watch import Watch, newest

if TYPE_CHECKING:
    from storage.blob import Blobs

FILE = "vault.db"


def utc_now() -> datetime:
    """The current instant."""
    return datetime.now(UTC)


class Vault:
    """The one file, unlocked. Made by `create` or `open`; `close` drops the key."""

    actor: Actor

    def __init__(
        self, db: Database, catalog: Catalog, clock: Callable[[], datetime]
    ) -> None:
        self.db = db
        self.catalog = catalog
        self.clock = clock
        self.read_only = migrate.version_of(db) > len(migrate.STEPS)
        self._tables: dict[str, Table] = {}
        self._local = threading.local()
        self._watch = Watch(db)

    @classmethod
    def create(
        cls,
        folder: Path,
        key: bytes,
        catalog: Catalog,
        *,
        person: str,
        clock: Callable[[], datetime] = utc_now,
    ) -> Vault:
        """Make `vault.db` in a folder (0700) under a raw 32-byte key, with a personal space."""
        path, fresh = folder / FILE, folder / f"{FILE}.new"
        if path.exists():
            raise Refused(
                f"{path.name} is already there.",
                hint="unlock it, or choose another profile",
            )
        for left in (
            fresh,
            *(fresh.with_name(fresh.name + end) for end in ("-wal", "-shm")),
        ):
            left.unlink(missing_ok=True)
        db = Database.create(fresh, key, application_id=migrate.APPLICATION_ID)
        try:
            migrate.migrate(db)
            made = cls(db, catalog, clock)
            made.actor = SYSTEM
            with made.batch("Create the vault", origin="bootstrap"):
                made.meta("person", new_id())
                made.meta("name", person)
                made.new_space("Personal", "@me", "personal")
        finally:
            db.close()
        fresh.rename(path)  # a vault is whole, or it is not there
        sync_folder(folder)
        return cls.open(folder, key, catalog, clock=clock)

    @classmethod
    def open(
        cls,
        folder: Path,
        key: bytes,
        catalog: Catalog,
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> Vault:
        """Open it: NoVault, LockedError (the key does not fit), DamagedError.

        A vault written by a newer program opens with `read_only` set: every write then
        raises TooNew.
        """
        mark = tail.read(folder / FILE, key)
        db = Database.open(
            folder / FILE, key, application_id=migrate.APPLICATION_ID, guarded=True
        )
        try:
            if mark is not None:
                tail.check(db, newest(db), mark)
        except BaseException:
            db.close(fold=False)  # folding the log in would make the loss final
            raise
        try:
            migrate.migrate(db)
            made = cls(db, catalog, clock)
            made._sign_in()
        except BaseException:
            db.close()
            raise
        return made

    def _sign_in(self) -> None:
        self.person = self.meta("person") or ""
        self.actor = Actor(kind="user", id=self.person, name=self.meta("name") or "")

    # --- views ------------------------------------------------------------------------

    def store(self, scope: Scope) -> Store:
        """The vault through a scope."""
        return Store(self, scope)

    def across(self, across: Across) -> AcrossStore:
        """Several spaces, to read."""
        return AcrossStore(self, across.spaces)

    def spaces(self) -> list[Space]:
        """Every space of the vault, the personal one first."""
        return spaces.all_spaces(self)

    def new_space(self, name: str, slug: str, type: SpaceType) -> Space:
        """Make a space, with this vault's person as its owner; one batch."""
        return spaces.make_space(self, name, slug, type)

    def end_space(self, id: str) -> None:
        """Remove a space and everything in it for good; the personal one is Refused.

        Commands ask for the slug first, and export unless told not to.
        """
        retention.end_space(self, id)

    def scope(self, space: str = "@me") -> Scope:
        """The scope of a space by slug, alias or id, as the vault's person; NotFound."""
        return spaces.scope_of(self, space)

    def table(self, record: type[Record] | str) -> Table:
        """The table of a kind, made or extended when this vault meets it first."""
        name = record if isinstance(record, str) else kind_of(record)
        found = self._tables.get(name)
        if found is None:
            found = Table(self.catalog.kind(name))
            if not migrate.ready(self.db, found):
                self._add(found)
            self._tables[name] = found
        return found

    def prepare(self) -> None:
        """Make the tables of every kind now, so that no everyday command has to: worth it
        after `create` and after an update. Loads every module."""
        if not self.read_only:
            with self.writing("Prepare"):
                for kind in self.catalog.kinds():
                    self.table(kind.name)

    def _add(self, table: Table) -> None:
        if self.read_only:
            migrate.narrow(self.db, table)
            return
        migrate.add_kind(self.db, table)

    # --- writing --------------------------------------------------------------------------

    @contextmanager
    def batch(
        self, title: str, *, origin: str = "", space: str = "", actor: Actor | None = None
    ) -> Iterator[None]:
        """Everything written inside, by this thread, is one undo of this title.

        Commands open one; the batch row is only written when something changes. The
        transaction begins with the first write, and an exception takes back everything.
        """
        outer: Gesture | None = getattr(self._local, "gesture", None)
        if outer is not None:
            with self.nested():
                yield
            return
        self._local.gesture = Gesture(title, origin, space, actor or self.actor)
        try:
            yield
        except BaseException:
            self._finish(keep=False)
            raise
        else:
            self._finish(keep=True)

    @contextmanager
    def rehearse(self) -> Iterator[Callable[[], list[Change]]]:
        """Run writes to see what they would change, then take everything back.

        Yields a function that lists the changes so far. Nobody is told of them.
        """
        with self.writing("Rehearsal", "rehearsal") as (transaction, _):
            first = transaction.seq
            try:
                with self.nested():
                    yield lambda: history.changes_since(self, first)
                    raise _Rehearsed
            except _Rehearsed:
                pass

    @contextmanager
    def writing(
        self, title: str, origin: str = ""
    ) -> Iterator[tuple[Transaction, Gesture]]:
        """Yield the thread's transaction and gesture, begun if need be. Not for modules."""
        if getattr(self._local, "gesture", None) is None:
            with self.batch(title, origin=origin):
                yield self._begin(), self._local.gesture
        else:
            yield self._begin(), self._local.gesture

    def _begin(self) -> Transaction:
        if self.read_only:
            raise TooNew(
                "This vault was written by a newer mana; it can only be read here.",
                hint="update mana",
            )
        found: Transaction | None = getattr(self._local, "transaction", None)
        if found is None:
            self.db.begin()
            try:
                found = self._local.transaction = Transaction(self.db, self.clock)
            except BaseException:
                self.db.rollback()
                raise
        return found

    @contextmanager
    def nested(self) -> Iterator[None]:
        """A part that can fail on its own: its writes are taken back, the rest stays."""
        before: Transaction | None = getattr(self._local, "transaction", None)
        if before is None:
            try:
                yield
            except BaseException:
                self._drop()
                raise
            return
        state = before.save()
        self.db.execute("SAVEPOINT nested")
        try:
            yield
        except BaseException:
            if self.db.writing:
                self.db.execute("ROLLBACK TO nested")
                self.db.execute("RELEASE nested")
            before.load(state)
            self._tables.clear()
            raise
        self.db.execute("RELEASE nested")

    def _drop(self) -> None:
        """Take back a transaction that was begun inside a failed part."""
        found: Transaction | None = getattr(self._local, "transaction", None)
        if found is not None:
            self._local.transaction = None
            self._tables.clear()
            self.db.rollback()

    def _finish(self, keep: bool) -> None:
        found: Transaction | None = getattr(self._local, "transaction", None)
        self._local.gesture = None
        if not keep:
            self._drop()
        elif found is not None:
            self._local.transaction = None
            self._watch.commit(found)

    # --- following ----------------------------------------------------------------------

    def poll(self) -> None:
        """Notice commits of other processes and tell listeners; costs microseconds."""
        self._watch.poll()

    def listen(self, listener: Callable[[Commit], None]) -> Callable[[], None]:
        """Call after each commit, ours and others'; returns how to stop."""
        return self._watch.listen(listener)

    def last_seq(self) -> int:
        """The number of the newest change."""
        return self.db.value("SELECT max(seq) FROM change") or 0

    def changes_after(self, seq: int) -> Iterator[tuple[int, str, str, str]]:
        """(seq, space, kind, record id) of every change after a number, oldest first."""
        return history.changes_after(self.db, seq)

    # --- the rest ---------------------------------------------------------------------------

    @cached_property
    def blobs(self) -> Blobs:
        """The files that records carry."""
        from storage.blob import Blobs

        return Blobs(self)

    def meta(self, name: str, value: str | None = None) -> str | None:
        """Read, or set, one of the vault's own small facts (user level)."""
        if value is not None:
            with self.writing("Settings"):
                self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
            return value
        return self.db.value("SELECT value FROM meta WHERE name = ?", (name,))

    def close(self) -> None:
        """Close every connection and forget the key."""
        self._watch.close()
        self.db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Rehearsed(Exception):
    """Ends a rehearsal."""
