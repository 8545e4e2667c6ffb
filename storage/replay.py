"""The history played from its beginning, to compare with what the tables hold."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Any

import msgspec

from storage.database import Database
from storage.history import plain
from storage.table import table_name

_PAGE, _FEW = 4000, 500
_load = msgspec.json.Decoder().decode

State = dict[str, Any] | None
"""What a record should hold, field by field; None when it should not be there."""


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A record whose row is not what its history says. Names fields, never values."""

    kind: str
    record: str
    what: str
    repair: str = ""


class Replay:
    """Plays changes record by record, a page at a time."""

    def __init__(self, db: Database) -> None:
        self.db = db
        names = db.rows("SELECT DISTINCT name FROM kind")
        self.kinds = {row[0] for row in names}
        self._defaults = lru_cache(maxsize=None)(self._read_defaults)

    def differences(self) -> Iterator[Difference]:
        """Every record that differs; memory does not grow with the vault."""
        few: list[tuple[str, str, State]] = []
        for one in self.records():
            if isinstance(one, Difference):
                yield one
                continue
            few.append(one)
            if len(few) >= _FEW:
                yield from self._compare(few)
                few = []
        yield from self._compare(few)

    def records(self) -> Iterator[tuple[str, str, State] | Difference]:
        """(kind, record id, what it should hold), in the order of ids."""
        for record, rows in groupby(self._changes(), key=lambda row: row[0]):
            yield from _play(record, rows)

    def state(self, kind: str, record: str) -> State:
        """What one record should hold."""
        sql = (
            "SELECT record, seq, kind, field, after, at FROM change"
            " WHERE record = ? AND kind = ? ORDER BY seq"
        )
        for one in _play(record, self.db.rows(sql, (record, kind))):
            if isinstance(one, tuple):
                return one[2]
        return None

    def _changes(self) -> Iterator[tuple[Any, ...]]:
        at = ("", 0)
        sql = (
            "SELECT record, seq, kind, field, after, at FROM change"
            " WHERE (record, seq) > (?, ?) ORDER BY record, seq LIMIT ?"
        )
        while rows := self.db.rows(sql, (*at, _PAGE)):
            yield from rows
            at = (rows[-1][0], rows[-1][1])

    # --- against the tables --------------------------------------------------------------

    def _compare(self, few: list[tuple[str, str, State]]) -> Iterator[Difference]:
        by_kind: dict[str, list[tuple[str, State]]] = {}
        for kind, record, state in few:
            by_kind.setdefault(kind, []).append((record, state))
        for kind, wanted in by_kind.items():
            if kind not in self.kinds:
                yield Difference(kind=kind, record="", what="its table is missing")
                continue
            there = self._rows(kind, [record for record, _ in wanted])
            for record, state in wanted:
                yield from self._differs(kind, record, state, there.get(record))

    def _rows(self, kind: str, ids: list[str]) -> dict[str, dict[str, Any]]:
        rows = self.db.named(
            "SELECT t.*, (SELECT json_group_array(g.tag) FROM tagging g WHERE g.kind = ?"
            f' AND g.record = t.id) AS tags FROM "{table_name(kind)}" t'
            " WHERE t.id IN (SELECT value FROM json_each(?))",
            (kind, msgspec.json.encode(ids).decode()),
        )
        return {row["id"]: {**row, "tags": _load(row["tags"])} for row in rows}

    def _differs(
        self, kind: str, record: str, state: State, row: dict[str, Any] | None
    ) -> Iterator[Difference]:
        if row is None and state is not None:
            said = "it is missing; its history has it"
            yield Difference(kind=kind, record=record, what=said, repair="row")
        elif state is None and row is not None:
            said = "it is here; its history says it was removed"
            yield Difference(kind=kind, record=record, what=said)
        elif state is not None and row is not None and not _equal(state, row):
            wrong = [name for name in row if not self._same(kind, name, state, row)]
            if wrong:
                said = f"not what was written: {', '.join(wrong)}"
                yield Difference(kind=kind, record=record, what=said)

    def _same(
        self, kind: str, name: str, state: dict[str, Any], row: dict[str, Any]
    ) -> bool:
        if name == "tags":
            return sorted(state.get(name) or ()) == sorted(row[name])
        if name in state:
            return state[name] == plain(row[name])
        return row[name] is None or row[name] == self._defaults(kind).get(name)

    def _read_defaults(self, kind: str) -> dict[str, Any]:
        """What columns that were added later hold in rows that were there before."""
        rows = self.db.rows(f'PRAGMA table_info("{table_name(kind)}")')
        said = {row[1]: row[4] for row in rows if row[4] is not None}
        return {name: self.db.value(f"SELECT {sql}") for name, sql in said.items()}


def _equal(state: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether a row is plainly what it should be: most are, and this is quick to see."""
    missing = row.keys() - state.keys()
    return {**row, **state} == row and all(row[n] is None or row[n] == [] for n in missing)


def _play(
    record: str, rows: Iterable[tuple[Any, ...]]
) -> Iterator[tuple[str, str, State] | Difference]:
    states: dict[str, State] = {}
    last = 0
    for _, _, kind, field, after, at in rows:
        if at < last:
            yield Difference(kind=kind, record=record, what="its history runs backwards")
        last = at
        if field == "*":
            states[kind] = None if after is None else _load(after)
            continue
        state = states.setdefault(kind, None)
        if state is None:
            yield Difference(kind=kind, record=record, what="its history has no beginning")
            state = states[kind] = {}
        state[field] = None if after is None else _load(after)
    for kind, state in states.items():
        yield kind, record, state


def rows_unknown(db: Database, kind: str) -> Iterator[str]:
    """Ids of rows without any history."""
    last = ""
    sql = (
        f'SELECT t.id FROM "{table_name(kind)}" t WHERE t.id > ? AND NOT EXISTS'
        " (SELECT 1 FROM change c WHERE c.record = t.id AND c.kind = ?) ORDER BY t.id LIMIT ?"
    )
    while rows := db.rows(sql, (last, kind, _FEW)):
        yield from (row[0] for row in rows)
        last = rows[-1][0]
