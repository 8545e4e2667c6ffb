"""The index file: made from the vault, kept up from its history, thrown away at will."""

# ruff: noqa: S608 - table names and marks only; values are bound
from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from storage.crypto.kdf import subkey
from storage.errors import NotFound
from storage.kind import Kind
from storage.record import Record
from storage.search.document import Document, default_document
from storage.search.file import open_file, start_again
from storage.search.fold import fold
from storage.table import Table
from storage.vault import Vault

LAYOUT = "1"
"""Raise when the tables, the folding or the default document change: all is rebuilt."""

Make = Callable[[Kind, Record], Document]
Progress = Callable[[int, int], None]
Named = tuple[str, str]
"""A kind and a record's id."""

CHUNK = 4_000
"""Records per transaction: an interrupted build goes on where it was."""
BULK = 2_000
"""From this many waiting changes on, FTS5 collects more before it writes."""
NOT_FOUND_BY_WORDS = frozenset({"tag", "link", "space", "member"})
LINK, TAG = "link", "tag"

FLAGS = {"open": 1, "done": 2, "unread": 4, "starred": 8, "note": 16, "link": 32}
"""Bits of `doc.flags`: states, and whether there is a body, an address in it."""


class Index:
    """The tables of search.db, brought up to the vault by `catch_up`.

    `version` names the document functions: when it changes, the index is rebuilt.
    """

    def __init__(self, vault: Vault, make: Make, version: str = "") -> None:
        self.vault = vault
        self.make = make
        self.version = f"{LAYOUT}/{version}"
        self.db = open_file(vault.db.path.parent, self._key(), self.version)
        self.chunk = CHUNK
        self.problems: dict[str, str] = {}
        self._kinds: dict[str, Table | None] = {}

    def rebuild(self) -> None:
        """Throw everything away; the next `catch_up` builds it again."""
        self.db = start_again(self.db, self._key(), self.version)

    def _key(self) -> bytes:
        return subkey(self.vault.db.key(), "mana/search")

    def close(self) -> None:
        """Close the file and forget its key."""
        self.db.close()

    # --- catching up ------------------------------------------------------------------------

    @property
    def seen(self) -> int:
        """The last number of the history that is in the index; -1 before the first build."""
        found = self._meta("seen")
        return -1 if found is None else int(found)

    def behind(self) -> bool:
        """Whether the vault has changed since; three small statements."""
        return self._meta("seen") != str(self.vault.last_seq()) or self._foreign()

    def catch_up(self, progress: Progress = lambda _done, _total: None) -> int:
        """Bring the index up to the vault; how many records were read. May be repeated.

        When another program empties the index meanwhile, it stops early.
        """
        if self.vault.db.writing or not self.behind():
            return 0  # what is not committed yet may never be
        if self._foreign():
            self.rebuild()
        epoch = self._meta("epoch")
        done = 0
        if self.seen < 0:
            target = self._target()  # before the listing: what comes later is followed
            done = self._take_all(epoch, self._all(), progress, target)
        last = self.vault.last_seq()
        if self.seen >= 0:
            done += self._take_all(epoch, self._waiting(self.seen), progress, last)
        return done

    def _foreign(self) -> bool:
        """Whether the vault is an older or another one: restored from a backup."""
        seq, _, batch = (self._meta("batch") or "").partition(" ")
        return bool(batch) and batch != self.vault.db.value(
            "SELECT id FROM batch WHERE seq = ?", (int(seq),)
        )

    def _target(self) -> int:
        """Where the history was when the first build began; an interrupted one keeps it."""
        with self.db.write():
            if self._meta("target") is None:
                self._set("target", str(self.vault.last_seq()))
        return int(self._meta("target") or 0)

    def _take_all(
        self, epoch: str | None, waiting: list[Named], progress: Progress, last: int
    ) -> int:
        """Index these records as they are now; then the history up to `last` is in it."""
        done, total = 0, len(waiting)
        self.db.execute("PRAGMA synchronous = NORMAL")  # a lost commit is made again
        with self._bulk(total >= BULK):
            for chunk in _chunks(waiting, self.chunk):
                with self.db.write():
                    if self._meta("epoch") != epoch:
                        return done
                    self._take(chunk)
                done += len(chunk)
                progress(done, total)
        with self.db.write():
            if self._meta("epoch") == epoch and last > self.seen:
                self._set_seen(last)
        return done

    def _all(self) -> list[Named]:
        """Every record that is not in the index, in the order they were changed: a higher
        document number is a newer one."""
        known = {one for (one,) in self.db.rows("SELECT id FROM doc")}
        found: list[tuple[str, str, str]] = []
        for (kind,) in self.vault.db.rows("SELECT DISTINCT name FROM kind"):
            table = self._table(kind)
            if table is not None:
                rows = self.vault.db.rows(f'SELECT updated, id FROM "{table.name}"')
                found += [(updated, kind, one) for updated, one in rows if one not in known]
        return [(kind, one) for _, kind, one in sorted(found)]

    def _waiting(self, seen: int) -> list[Named]:
        """(kind, id) of every record changed since, once each."""
        changed = {(kind, one): None for _, _, kind, one in self.vault.changes_after(seen)}
        renamed = [one for kind, one in changed if kind == TAG]
        for tag in renamed:
            for kind, one in self.db.rows(
                "SELECT name.text, doc.id FROM tagging JOIN doc ON doc.n = tagging.doc "
                "JOIN name ON name.n = doc.kind WHERE tagging.tag = ?",
                (tag,),
            ):
                changed[kind, one] = None
        return list(changed)

    def _take(self, chunk: Sequence[Named]) -> None:
        by_kind: dict[str, list[str]] = {}
        for kind, one in chunk:
            by_kind.setdefault(kind, []).append(one)
        for kind, ids in by_kind.items():
            table = self._table(kind)
            found = list(self._load(table, ids)) if table else []
            if kind == LINK:
                self._tie(ids, found)
            elif kind not in NOT_FOUND_BY_WORDS:
                self._replace(table, ids, found)

    def _load(self, table: Table, ids: Sequence[str]) -> Iterator[Record]:
        for some in _chunks(ids, 500):
            marks = ", ".join("?" * len(some))
            sql = f"{table.select} WHERE t.id IN ({marks})"
            for row in self.vault.db.rows(sql, tuple(some)):
                yield table.decode(row)

    # --- documents ---------------------------------------------------------------------------------

    def _replace(
        self, table: Table | None, ids: Sequence[str], found: list[Record]
    ) -> None:
        for some in _chunks(ids, 500):
            marks = ", ".join("?" * len(some))
            old = self.db.rows(f"SELECT n FROM doc WHERE id IN ({marks})", some)
            for sql in (
                "DELETE FROM doc WHERE n = ?",
                "DELETE FROM tagging WHERE doc = ?",
                "DELETE FROM text WHERE rowid = ?",
                "DELETE FROM titles WHERE rowid = ?",
            ):
                if old:
                    self.db.execute_many(sql, old)
        if table is not None and found:
            self._insert(table, found)

    def document(self, kind: Kind, record: Record) -> Document:
        """What search reads of a record. A module whose function fails loses only its own
        words: the default document stands in, and `problems` says so."""
        try:
            return self.make(kind, record)
        except Exception as error:  # noqa: BLE001 - other people's code; reported, not hidden
            self.problems[kind.name] = type(error).__name__
            return default_document(kind, record)

    def _insert(self, table: Table, records: Sequence[Record]) -> None:
        first = (self.db.value("SELECT max(n) FROM doc") or 0) + 1
        names = self._tag_names(records)
        kind = self._name("kind", table.kind.name)
        number = lru_cache(self._name)  # of this transaction only: it may be rolled back
        docs: list[tuple[Any, ...]] = []
        texts: list[tuple[Any, ...]] = []
        titles: list[tuple[int, str]] = []
        tagging: list[tuple[int, str]] = []
        for n, record in enumerate(records, first):
            made = self.document(table.kind, record)
            title, body = fold(made.title), fold(made.body)
            tags = fold(" \n ".join(names.get(tag, "") for tag in record.tags))
            docs.append(_doc(n, kind, record, made, number))
            texts.append((n, title, body, fold(made.names), tags))
            titles.append((n, title))
            tagging += [(n, tag) for tag in record.tags]
        self.db.execute_many("INSERT INTO doc VALUES (?,?,?,?,?,?,?,?,?,?)", docs)
        self.db.execute_many(
            "INSERT INTO text (rowid, title, body, people, tags) VALUES (?,?,?,?,?)", texts
        )
        self.db.execute_many("INSERT INTO titles (rowid, title) VALUES (?,?)", titles)
        if tagging:
            self.db.execute_many("INSERT INTO tagging VALUES (?,?)", tagging)

    def _tag_names(self, records: Iterable[Record]) -> dict[str, str]:
        wanted = sorted({tag for record in records for tag in record.tags})
        table = self._table(TAG)
        if not wanted or table is None:
            return {}
        return {tag.id: getattr(tag, "name", "") for tag in self._load(table, wanted)}

    def _tie(self, ids: Sequence[str], links: Iterable[Any]) -> None:
        self.db.execute_many("DELETE FROM tie WHERE link = ?", [(one,) for one in ids])
        rows = [
            (link.id, end, link.verb)
            for link in links
            if link.deleted is None
            for end in {link.from_id, link.to_id}
        ]
        self.db.execute_many("INSERT OR REPLACE INTO tie VALUES (?,?,?)", rows)

    # --- small facts ------------------------------------------------------------------------------

    def _table(self, kind: str) -> Table | None:
        """How a kind is stored; None when this program does not have its module."""
        if kind not in self._kinds:
            try:
                self._kinds[kind] = self.vault.table(kind)
            except NotFound:
                self._kinds[kind] = None
        return self._kinds[kind]

    def _name(self, what: str, text: str) -> int:
        """A small number for a space, kind or person."""
        found = self.number(what, text)
        if found is None:
            self.db.execute("INSERT INTO name (what, text) VALUES (?, ?)", (what, text))
            found = self.number(what, text)
        return found or 0

    def number(self, what: str, text: str) -> int | None:
        """The number of a space, kind or person; None when nothing of it is indexed."""
        return self.db.value("SELECT n FROM name WHERE what = ? AND text = ?", (what, text))

    def _meta(self, name: str) -> str | None:
        return self.db.value("SELECT value FROM meta WHERE name = ?", (name,))

    def _set(self, name: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def _set_seen(self, seq: int) -> None:
        """Note how far the history is in the index, and which history it is."""
        self._set("seen", str(seq))
        last = self.vault.db.row("SELECT seq, id FROM batch ORDER BY seq DESC LIMIT 1")
        if last is not None:
            self._set("batch", f"{last[0]} {last[1]}")

    @contextmanager
    def _bulk(self, wanted: bool) -> Iterator[None]:
        """Collect more in memory before writing. The order afterwards matters: without
        `optimize`, then `crisismerge`, one later insert would stall for seconds."""
        if not wanted:
            yield
            return
        self._tell("hashsize", 64 * 2**20)
        self._tell("automerge", 0)
        try:
            yield
            for table in ("text", "titles"):
                self.db.execute(f"INSERT INTO {table} ({table}) VALUES ('optimize')")
        finally:
            self._tell("crisismerge", 200)
            self._tell("automerge", 4)
            self._tell("hashsize", 2**20)

    def _tell(self, option: str, value: int) -> None:
        for table in ("text", "titles"):
            self.db.execute(
                f"INSERT INTO {table} ({table}, rank) VALUES (?, ?)", (option, value)
            )


def _doc(
    n: int, kind: int, record: Record, made: Document, number: Callable[[str, str], int]
) -> tuple[Any, ...]:
    flags = sum(FLAGS[state] for state in set(made.states) if state in FLAGS)
    flags |= FLAGS["note"] * bool(made.body)
    flags |= FLAGS["link"] * ("://" in made.body or "://" in made.title)
    private = record.visibility == "private"
    return (
        n,
        number("space", record.space),
        kind,
        number("person", record.author) if private else 0,
        int(record.deleted is not None),
        flags,
        _ordinal(made.date),
        math.floor(record.created.timestamp()),
        math.floor(record.updated.timestamp()),
        record.id,
    )


def _ordinal(value: date | datetime | None) -> int | None:
    if value is None:
        return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    return value.toordinal()


def _chunks(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    left = iter(items)
    while some := list(islice(left, size)):
        yield some
