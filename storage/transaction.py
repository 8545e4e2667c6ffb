"""What one thread is writing: its transaction, its batches, the clock, the change log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from storage.actor import Actor
from storage.change import Batch, Commit
from storage.column import instant
from storage.database import Database
from storage.record import new_id

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LOG = "INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_encode = msgspec.json.Encoder().encode


def moment(ticks: int) -> datetime:
    """The history's clock, microseconds since 1970, as a datetime."""
    return EPOCH + ticks * _MICROSECOND


def ticks_of(at: datetime) -> int:
    """A datetime on the history's clock."""
    return (at - EPOCH) // _MICROSECOND


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One change about to be logged; values as SQLite stores them."""

    kind: str
    record: str
    field: str
    before: Any
    after: Any
    owner: str | None = None


class Gesture:
    """One undo in the making: its batches, one per space that something is written in."""

    def __init__(self, title: str, origin: str, space: str, actor: Actor) -> None:
        self.title = title
        self.origin = origin
        self.space = space
        self.actor = actor
        self.undoes: str | None = None
        self.undoing = 0
        self.ids: dict[str, str] = {}

    def id_in(self, space: str) -> str:
        """The id its batch in a space has, or will have."""
        return self.ids.setdefault(space, new_id())


class Transaction:
    """Open from BEGIN to COMMIT. The clock and the log's numbers continue what is stored,
    so neither ever goes back, whatever the computer's clock does."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self.db = db
        self.clock = clock
        last = db.row("SELECT seq, at FROM change ORDER BY seq DESC LIMIT 1")
        self.first_seq = self.seq = last[0] if last else 0
        self.at = last[1] if last else 0
        self.rows: dict[str, int] = {}
        self.kinds: set[str] = set()
        self.ids: set[str] = set()
        self.spaces: set[str] = set()
        self.batch = ""
        self.tags: dict[str, frozenset[str]] = {}

    def tick(self) -> datetime:
        """The hybrid logical clock: now, but always after the last tick."""
        self.at = max(ticks_of(self.clock()), self.at + 1)
        return moment(self.at)

    def log(self, gesture: Gesture, space: str, entries: Sequence[Entry]) -> None:
        """Append to the history at the present tick, opening the batch when there is none."""
        if not entries:
            return
        batch = self._batch_row(gesture, space)
        seq, at = self.seq, self.at
        rows = [
            (
                seq + number,
                batch,
                at,
                space,
                one.owner,
                one.kind,
                one.record,
                one.field,
                None if one.before is None else _encode(one.before).decode(),
                None if one.after is None else _encode(one.after).decode(),
            )
            for number, one in enumerate(entries, 1)
        ]
        if len(rows) == 1:
            self.db.execute(_LOG, rows[0])
        else:
            self.db.execute_many(_LOG, rows)
        self.seq += len(rows)
        self.spaces.add(space)
        self.kinds.update(one.kind for one in entries)
        self.ids.update(one.record for one in entries)

    def open_batch(self, gesture: Gesture, space: str) -> None:
        """Write the batch even if nothing will follow: an undo that could change nothing."""
        self._batch_row(gesture, space)

    def _batch_row(self, gesture: Gesture, space: str) -> int:
        id = gesture.id_in(space)
        found = self.rows.get(id)
        if found is None:
            found = self.db.value("SELECT seq FROM batch WHERE id = ?", (id,))
        if found is None:
            found = self._new_batch(gesture, id, space)
        self.rows[id] = found
        self.batch = id
        return found

    def _new_batch(self, gesture: Gesture, id: str, space: str) -> int:
        seq = (self.db.value("SELECT max(seq) FROM batch") or 0) + 1
        self.db.execute(
            "INSERT INTO batch VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)",
            (
                seq,
                id,
                space,
                gesture.title,
                self._actor(gesture.actor),
                gesture.origin,
                instant(moment(self.at)),
                gesture.undoing,
                gesture.undoes,
            ),
        )
        return seq

    def _actor(self, actor: Actor) -> int:
        said = (actor.kind, actor.id, actor.name)
        find = "SELECT id FROM actor WHERE kind = ? AND actor = ? AND name = ?"
        found = self.db.value(find, said)
        if found is None:
            self.db.execute("INSERT INTO actor (kind, actor, name) VALUES (?, ?, ?)", said)
            found = self.db.value(find, said)
        return found

    def save(self) -> tuple[Any, ...]:
        """What to `load` when a nested part is taken back. The clock only goes on."""
        return (self.seq, dict(self.rows), set(self.kinds), set(self.ids), set(self.spaces))

    def load(self, state: tuple[Any, ...]) -> None:
        """Forget what a nested part logged."""
        self.seq, self.rows, self.kinds, self.ids, self.spaces = state
        self.tags = {}

    def commit_of(self) -> Commit | None:
        """What listeners are told; None when nothing was logged."""
        if self.seq == self.first_seq:
            return None
        return Commit(
            kinds=frozenset(self.kinds),
            ids=frozenset(self.ids),
            spaces=frozenset(self.spaces),
            batch=self.batch,
            last_seq=self.seq,
        )


def batch_of(row: dict[str, Any]) -> Batch:
    """A row of `batch` joined with its actor."""
    return Batch(
        id=row["id"],
        title=row["title"],
        actor=Actor(kind=row["actor_kind"], id=row["actor_id"], name=row["actor_name"]),
        origin=row["origin"],
        space=row["space"],
        started=datetime.fromisoformat(row["started"]),
        undoes=row["undoes"],
        undone_by=row["undone_by"],
    )
