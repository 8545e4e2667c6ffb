"""The history in an archive: batches and changes of a space, as the vault keeps them."""

# ruff: noqa: S608 - clauses are ours, values are always bound
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from storage.actor import Actor
from storage.clean import clean_line, clean_tree
from storage.column import instant
from storage.connection import driver
from storage.history import BATCH, MINE
from storage.portable.form import BadLine, checked, decode, is_field, is_kind, log_path
from storage.portable.read import Archive, Problem
from storage.portable.shape import UNFIT, known_table
from storage.scope import Scope
from storage.transaction import Transaction, ticks_of
from storage.undo import DO, REDO, UNDO

if TYPE_CHECKING:
    from storage.vault import Vault

T = TypeVar("T")

_MOST = 2**62

_CHANGE = f"""
SELECT c.seq, b.id AS batch, c.at, c.owner, c.kind, c.record, c.field, c.before, c.after
FROM change c JOIN batch b ON b.seq = c.batch
WHERE c.space = ? AND {MINE} AND c.seq > ? ORDER BY c.seq LIMIT 2000
"""
_BATCHES = f"{BATCH} WHERE b.space = ? AND b.seq > ? ORDER BY b.seq LIMIT 2000"


def written(vault: Vault, scope: Scope) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """What to write of a space's history: file by file, line by line."""
    yield "batches", _batches(vault, scope)
    yield "changes", _changes(vault, scope)


def _batches(vault: Vault, scope: Scope) -> Iterator[dict[str, Any]]:
    last = 0
    while rows := vault.db.named(_BATCHES, (scope.space, last)):
        for row in rows:
            actor = {word: row.pop(f"actor_{word}") for word in ("kind", "id", "name")}
            del row["space"]
            yield row | {"actor": actor}
        last = rows[-1]["seq"]


def _changes(vault: Vault, scope: Scope) -> Iterator[dict[str, Any]]:
    last = 0
    mine = (scope.space, scope.space, scope.person)
    while rows := vault.db.named(_CHANGE, (*mine, last)):
        for row in rows:
            for end in ("before", "after"):
                if row[end] is not None:
                    row[end] = msgspec.Raw(row[end].encode())
            yield row
        last = rows[-1]["seq"]


# --- back in ----------------------------------------------------------------------------

CHUNK = 500
MOST_AHEAD = timedelta(days=400)
"""How far the clock of the writing vault may have been ahead of ours."""


class BatchLine(msgspec.Struct, frozen=True):
    """A line of `batches.jsonl`."""

    seq: int
    id: str
    title: str
    actor: Actor
    origin: str
    started: str
    undoing: int
    undoes: str | None
    undone_by: str | None


class ChangeLine(msgspec.Struct, frozen=True):
    """A line of `changes.jsonl`."""

    seq: int
    batch: str
    at: int
    owner: str | None
    kind: str
    record: str
    field: str
    before: Any
    after: Any


class Log:
    """Takes the history of an archive into a vault that has none."""

    def __init__(
        self,
        vault: Vault,
        archive: Archive,
        transaction: Transaction,
        person: str,
        edit: Callable[[bytes], bytes],
    ) -> None:
        self.vault = vault
        self.db = vault.db
        self.archive = archive
        self.transaction = transaction
        self.person = person
        self.edit = edit
        self.latest = ticks_of(vault.clock() + MOST_AHEAD)
        self.last = 0
        self.actors: dict[Actor, int] = {}
        self.batches: dict[str, int] = {}

    def take(self, folder: str, space: str, say: Callable[[Problem], None]) -> int:
        """Insert the batches and changes of a space; returns how many changes."""
        for name, line in self._lines(log_path(folder, "batches"), BatchLine, say):
            try:
                self._batch(line, space)
            except (driver.IntegrityError, *UNFIT) as error:
                reason = f"it is no batch of its own: {type(error).__name__}"
                say(Problem(file=name, reason=reason))
        self.last = 0
        name = log_path(folder, "changes")
        before = self._count()
        rows = self._rows(self._lines(name, ChangeLine, say), space, say)
        sent = 0
        while chunk := list(islice(rows, CHUNK)):
            self.db.execute_many(
                "INSERT OR IGNORE INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", chunk
            )
            sent += len(chunk)
            self.transaction.seq = max(self.transaction.seq, chunk[-1][0])
            self.transaction.at = max(self.transaction.at, chunk[-1][2])
        done = self._count() - before
        if done < sent:
            say(Problem(file=name, reason=f"{sent - done} changes have a number twice"))
        return done

    def _count(self) -> int:
        return self.db.value("SELECT count(*) FROM change")

    def _lines(
        self, name: str, kind: type[T], say: Callable[[Problem], None]
    ) -> Iterator[tuple[str, T]]:
        for number, line in self.archive.lines(name):
            try:
                yield f"{name}:{number}", decode(self.edit(checked(line)), kind)
            except BadLine as error:
                say(Problem(file=name, line=number, reason=str(error)))

    def _batch(self, said: BatchLine, space: str) -> None:
        if not 0 < said.seq < _MOST or said.undoing not in (DO, UNDO, REDO):
            raise ValueError("out of range")
        self.db.execute(
            "INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                said.seq, said.id, space, clean_line(said.title), self._actor(said.actor),
                clean_line(said.origin), instant(datetime.fromisoformat(said.started)),
                said.undoing, said.undoes, said.undone_by,
            ),
        )  # fmt: skip
        self.batches[said.id] = said.seq

    def _actor(self, actor: Actor) -> int:
        if actor not in self.actors:
            said = (actor.kind, clean_line(actor.id), clean_line(actor.name))
            self.db.execute(
                "INSERT OR IGNORE INTO actor (kind, actor, name) VALUES (?, ?, ?)", said
            )
            self.actors[actor] = self.db.value(
                "SELECT id FROM actor WHERE kind = ? AND actor = ? AND name = ?", said
            )
        return self.actors[actor]

    def _rows(
        self,
        lines: Iterator[tuple[str, ChangeLine]],
        space: str,
        say: Callable[[Problem], None],
    ) -> Iterator[tuple[Any, ...]]:
        for where, said in lines:
            try:
                yield self._row(said, space)
            except UNFIT as error:
                say(Problem(file=where, reason=f"it is no change: {error}"))

    def _row(self, said: ChangeLine, space: str) -> tuple[Any, ...]:
        batch = self.batches.get(said.batch)
        if batch is None:
            raise ValueError("its batch is not there")
        if not self.last < said.seq < _MOST or not 0 <= said.at <= self.latest:
            raise ValueError("out of its order")
        if not is_kind(said.kind) or not (said.field == "*" or is_field(said.field)):
            raise ValueError("of nothing")
        if said.owner not in (None, self.person):
            raise ValueError("it is private to somebody else")
        self.last = said.seq
        ends = [self._value(said, end) for end in (said.before, said.after)]
        record = clean_line(said.record)
        head = (said.seq, batch, said.at, space, said.owner)
        return (*head, said.kind, record, said.field, *ends)

    def _value(self, said: ChangeLine, value: Any) -> str | None:
        """A value that this program can read, when it knows the kind."""
        if value is None:
            return None
        value = clean_tree(value, multiline=True)
        table = known_table(self.vault, said.kind)
        if table is not None:
            fields = value if said.field == "*" else {said.field: value}
            for name, one in fields.items():
                table.value(name, one)
        return msgspec.json.encode(value).decode()
