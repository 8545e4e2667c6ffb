"""Bringing the records of one space in: what is new, the same, later, or a conflict."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from storage.column import instant
from storage.connection import driver
from storage.errors import UserError
from storage.portable.form import BadLine, KindEntry, checked, records_path, unpack
from storage.portable.keep import Room, room_for
from storage.portable.read import Archive, Problem
from storage.portable.shape import Row, canonical, inside
from storage.put import set_tags
from storage.select import marks, spread
from storage.shorts import reserve
from storage.space import SpaceType
from storage.transaction import Entry, Gesture, Transaction

if TYPE_CHECKING:
    from storage.vault import Vault

Prefer = Literal["newer", "vault", "archive"]
CHUNK = 500
MOST_NAMED = 1000
"""Conflicts and problems that are kept one by one."""

_UNLIKE = frozenset({"updated", "short", "space"})
"""Fields that may differ between two records that say the same."""

_TIMES = ("created", "updated", "deleted")


class Counts(msgspec.Struct):
    """What became of the records of one kind. `kept`: the vault's was the later one."""

    new: int = 0
    same: int = 0
    replaced: int = 0
    kept: int = 0


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """A record that was left as it is in the vault, and why."""

    kind: str
    id: str
    reason: str

    @property
    def item(self) -> str:
        """Which it is."""
        return f"{self.kind} {self.id}"


class Taken(msgspec.Struct, kw_only=True):
    """What one space of an archive brought. `without_module` are kinds that are kept
    until their module is installed; `more` counts conflicts and problems not listed."""

    space: str
    kinds: dict[str, Counts] = {}
    conflicts: list[Conflict] = []
    problems: list[Problem] = []
    more: int = 0
    without_module: list[str] = []
    changes: int = 0
    dry_run: bool = False

    def say(self, said: Conflict | Problem) -> None:
        """Note what was not taken."""
        where: list[Any] = self.conflicts if isinstance(said, Conflict) else self.problems
        if len(where) < MOST_NAMED:
            where.append(said)
        else:
            self.more += 1

    @property
    def rejected(self) -> list[Conflict | Problem]:
        """What was not taken, for exit codes and listings."""
        return [*self.conflicts, *self.problems]


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Where a space of the archive goes. `persons` and `tags` map ids of the archive;
    `words` are names that other spaces have, `fixed` fields of its own record."""

    space: str
    type: SpaceType
    person: str
    persons: dict[str, str]
    tags: dict[str, str]
    words: frozenset[str] = frozenset()
    fixed: dict[str, Any] = {}


class Merge:
    """Takes the records of one space of an archive into one space of the vault."""

    def __init__(
        self,
        vault: Vault,
        archive: Archive,
        target: Target,
        taken: Taken,
        *,
        prefer: Prefer = "newer",
        edit: Callable[[bytes], bytes] = bytes,
        transaction: Transaction,
        gesture: Gesture | None,
    ) -> None:
        self.vault = vault
        self.db = vault.db
        self.archive = archive
        self.target = target
        self.taken = taken
        self.prefer = prefer
        self.edit = edit
        self.transaction = transaction
        self.gesture = gesture
        self.ends: dict[str, list[tuple[str, str, str | None, str | None]]] = {}
        self.tags: set[str] | None = None

    # --- lines ------------------------------------------------------------------------

    def kind(self, folder: str, kind: str, said: KindEntry) -> Iterator[int]:
        """Take one file; yields how many lines each step took."""
        name = records_path(folder, kind)
        room = self._room(name, kind, said)
        if room is None:
            return
        counts = self.taken.kinds.setdefault(kind, Counts())
        chunk: dict[str, Row] = {}
        lines = 0
        for number, line in self.archive.lines(name):
            lines += 1
            try:
                row = self._row(room, line)
                if row["id"] in chunk:
                    raise BadLine("its id is there twice")
                chunk[row["id"]] = row
            except BadLine as error:
                self.taken.say(Problem(file=name, line=number, reason=str(error)))
            if lines == CHUNK:
                self._chunk(room, chunk, counts)
                yield lines
                chunk, lines = {}, 0
        self._chunk(room, chunk, counts)
        yield lines

    def _room(self, name: str, kind: str, said: KindEntry) -> Room | None:
        """Where it goes; None, said so, when it cannot go anywhere."""
        room = room_for(self.vault, kind, said)
        if room is None:
            self.taken.say(Problem(file=name, reason="no kind can be called that"))
        elif room.table is None:
            self.taken.without_module.append(kind)
        elif self.target.type not in room.table.kind.spaces:
            reason = f"a {self.target.type} space has no {kind.partition('.')[0]}"
            self.taken.say(Problem(file=name, reason=reason))
            return None
        return room

    def _row(self, room: Room, line: bytes) -> Row:
        row = inside(unpack(self.edit(checked(line))), room.types)
        if not _plain(row["id"]):
            raise BadLine("its id is none")
        if room.table is not None:
            row = canonical(room.table, row)
        else:
            _check_times(row)
        row["space"] = self.target.space
        row["author"] = self._person(row["author"]) or self.target.person
        if room.kind == "member":
            row["person"] = self._person(row["person"])
        if room.kind == "space":
            self._as_space(row)
        _check_visible(row, self.target.person)
        row["short"] = row["short"] or ""
        row["created"] = row["created"] or row["updated"] or instant(self.vault.clock())
        row["updated"] = row["updated"] or row["created"]
        row["tags"] = sorted({self.target.tags.get(t, t) for t in row["tags"]})  # type: ignore[type-var]
        return row

    def _as_space(self, row: Row) -> None:
        """A space is kept in itself, under a name that is free."""
        if row["id"] != self.target.space:
            raise BadLine("it is another space")
        words = msgspec.json.decode(row["aliases"], type=list[str])
        left = [word for word in words if word.casefold() not in self.target.words]
        row["aliases"] = msgspec.json.encode(left).decode()
        row |= self.target.fixed

    def _person(self, id: str | None) -> str | None:
        return self.target.persons.get(id, id) if id else id

    # --- chunks -------------------------------------------------------------------------

    def _chunk(self, room: Room, chunk: dict[str, Row], counts: Counts) -> None:
        if not chunk:
            return
        self.transaction.tick()
        if room.kind == "tag":
            self.tags = None
            chunk = self._same_names(chunk, counts)
        self._real_tags(room, chunk)
        stored = self._stored(room, list(chunk))
        fresh = [row for id, row in chunk.items() if id not in stored]
        if fresh:
            counts.new += self._insert(room, fresh)
        for id, old in stored.items():
            self._meet(room, chunk[id], old, counts)

    def _same_names(self, chunk: dict[str, Row], counts: Counts) -> dict[str, Row]:
        """A tag of a name that the space has is that tag, whatever its id."""
        rows = self.db.rows(
            "SELECT name, id FROM tag WHERE space = ? AND deleted IS NULL",
            (self.target.space,),
        )
        names = {name.casefold(): id for name, id in rows}
        ids = set(names.values())
        left: dict[str, Row] = {}
        for id, row in chunk.items():
            other = None if row["deleted"] else names.get(row["name"].casefold())
            if other is None or other == id or id in ids:
                left[id] = row
            else:
                self.target.tags[id] = other
                counts.same += 1
        return left

    def _real_tags(self, room: Room, chunk: dict[str, Row]) -> None:
        """Records carry live tags of their space; what is none is said and left out."""
        if not any(row["tags"] for row in chunk.values()):
            return
        if self.tags is None:
            sql = "SELECT id FROM tag WHERE space = ? AND deleted IS NULL"
            self.tags = {row[0] for row in self.db.rows(sql, (self.target.space,))}
        for id, row in chunk.items():
            real = [tag for tag in row["tags"] if tag in self.tags]
            if len(real) < len(row["tags"]):
                reason = "it carries a tag that is not in the archive, and came without"
                self.taken.say(Problem(file=f"{room.kind} {id}", reason=reason))
                row["tags"] = real

    def _conflict(self, room: Room, id: str, reason: str) -> None:
        self.taken.say(Conflict(kind=room.kind, id=id, reason=reason))

    def _stored(self, room: Room, ids: list[str]) -> dict[str, Row]:
        """What is there under these ids, in whatever space."""
        names = list(room.types)
        listed = ", ".join(f't."{name}"' for name in names)
        rows = self.db.rows(
            f"SELECT {listed}, (SELECT json_group_array(g.tag) FROM tagging g"
            f' WHERE g.kind = ? AND g.record = t.id) FROM "{room.name}" t'
            f" WHERE t.id IN {marks(ids)}",
            [room.kind, *spread(ids)],
        )
        return {
            row[names.index("id")]: dict(zip(names, row, strict=False))
            | {"tags": msgspec.json.decode(row[-1])}
            for row in rows
        }

    # --- new ones -------------------------------------------------------------------------

    def _insert(self, room: Room, rows: list[Row]) -> int:
        wishes = [(row["id"], row["short"]) for row in rows]
        shorts = reserve(self.db, self.target.space, room.kind, wishes)
        for row in rows:
            row["short"] = shorts[row["id"]]
        self.db.execute("SAVEPOINT archive")
        try:
            self._insert_all(room, rows)
        except (driver.IntegrityError, driver.ProgrammingError, OverflowError):
            self.db.execute("ROLLBACK TO archive")
            rows = [row for row in rows if self._insert_one(room, row)]
        self.db.execute("RELEASE archive")
        pairs = [(room.kind, row["id"], tag) for row in rows for tag in row["tags"]]
        if pairs:
            self.db.execute_many("INSERT OR IGNORE INTO tagging VALUES (?, ?, ?)", pairs)
        self._log([self._born(room, row) for row in rows])
        return len(rows)

    def _insert_all(self, room: Room, rows: Sequence[Row]) -> None:
        listed = ", ".join(f'"{name}"' for name in room.types)
        sql = f'INSERT INTO "{room.name}" ({listed}) VALUES ({_marks(room)})'
        self.db.execute_many(sql, [[row[name] for name in room.types] for row in rows])

    def _insert_one(self, room: Room, row: Row) -> bool:
        try:
            self._insert_all(room, [row])
        except (driver.IntegrityError, driver.ProgrammingError, OverflowError) as error:
            self._conflict(room, row["id"], _why(error))
            return False
        return True

    def _born(self, room: Room, row: Row) -> Entry:
        """Its first entry. One in the trash was alive first: that it was deleted is an
        entry of its own, together with what the same deletion took along."""
        after = {name: row[name] for name in room.types if row[name] is not None}
        owner = row["author"] if row["visibility"] == "private" else None
        if row["deleted"]:
            del after["deleted"]
            parent = self.archive.index.kinds[room.kind].parent
            end = (room.kind, row["id"], row.get(parent), owner)
            self.ends.setdefault(row["deleted"], []).append(end)
        if row["tags"]:
            after["tags"] = row["tags"]
        return Entry(room.kind, row["id"], "*", None, after, owner)

    def close(self) -> None:
        """Log what is in the trash, deletion by deletion, parents first."""
        for deleted, ends in sorted(self.ends.items()):
            above = {id: parent for _, id, parent, _ in ends}
            self.transaction.tick()
            self._log(
                [
                    Entry(kind, id, "deleted", None, deleted, owner)
                    for kind, id, _, owner in sorted(
                        ends, key=lambda e: _depth(e[1], above)
                    )
                ]
            )

    def _log(self, entries: list[Entry]) -> None:
        if self.gesture is not None:
            self.transaction.log(self.gesture, self.target.space, entries)
        else:
            self.transaction.ids.update(one.record for one in entries)
            self.transaction.kinds.update(one.kind for one in entries)

    # --- those that are there ---------------------------------------------------------------

    def _meet(self, room: Room, row: Row, old: Row, counts: Counts) -> None:
        hidden = old["visibility"] == "private" and old["author"] != self.target.person
        if old["space"] != self.target.space or hidden:
            self._conflict(room, row["id"], "another space has a record of its id")
            return
        differs = [n for n in row if n not in _UNLIKE and row[n] != old.get(n)]
        if not differs:
            counts.same += 1
        elif self._wins(row, old):
            counts.replaced += self._replace(room, row, old, differs)
        elif self.prefer == "newer" and row["updated"] == old["updated"]:
            self._conflict(room, row["id"], f"both changed: {', '.join(differs[:5])}")
        else:
            counts.kept += 1

    def _wins(self, row: Row, old: Row) -> bool:
        if self.prefer == "newer":
            return row["updated"] > old["updated"]
        return self.prefer == "archive"

    def _replace(self, room: Room, row: Row, old: Row, differs: list[str]) -> bool:
        names = [n for n in differs if n != "tags"]
        if row["updated"] != old["updated"]:
            names.append("updated")
        sets = ", ".join(f'"{name}" = ?' for name in names)
        values = [*(row[name] for name in names), row["id"], self.target.space]
        try:
            if names:
                sql = f'UPDATE "{room.name}" SET {sets} WHERE id = ? AND space = ?'
                self.db.execute(sql, values)
        except driver.IntegrityError as error:
            self._conflict(room, row["id"], _why(error))
            return False
        if "tags" in differs:
            set_tags(self.db, room.kind, row["id"], row["tags"])
        private = "private" == row["visibility"] == old["visibility"]
        owner = row["author"] if private else None
        done = [*names, *(["tags"] if "tags" in differs else [])]
        self._log([Entry(room.kind, row["id"], n, old[n], row[n], owner) for n in done])
        return True


def _marks(room: Room) -> str:
    return ", ".join("?" * len(room.types))


def _plain(id: Any) -> bool:
    return isinstance(id, str) and 0 < len(id) <= 100 and id.isprintable()


def _check_visible(row: Row, person: str) -> None:
    if row["visibility"] not in ("space", "private"):
        raise BadLine("its visibility is none")
    if row["visibility"] == "private" and row["author"] != person:
        raise BadLine("it is private to somebody else")


def _check_times(row: Row) -> None:
    """The times of a kind nobody here knows."""
    for name in _TIMES:
        if row[name] is not None:
            try:
                row[name] = instant(datetime.fromisoformat(row[name]))
            except (ValueError, OverflowError, UserError) as error:
                raise BadLine(f"its {name} is no moment") from error


def _depth(id: str, above: dict[str, str | None]) -> int:
    deep, seen = 0, {id}
    while (up := above.get(id)) in above and up not in seen:
        id = up  # type: ignore[assignment]
        seen.add(id)
        deep += 1
    return deep


def _why(error: Exception) -> str:
    said, _, columns = str(error).partition("UNIQUE constraint failed: ")
    if not columns:
        return f"the vault cannot hold it: {said}"
    names = {one.strip().rpartition(".")[2] for one in columns.split(",")} - {"space"}
    return f"another one has its {' and '.join(sorted(names))}"
