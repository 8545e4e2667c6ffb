"""Finding records by what a person types."""

# ruff: noqa: S608 - table names and marks only; values are bound
from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.database import driver
from storage.errors import DamagedError, ManaError
from storage.kind import Kind
from storage.record import Record
from storage.scope import Scope
from storage.search.document import Document, default_document
from storage.search.hits import Hit, Reader
from storage.search.index import Index, Progress
from storage.search.language import Parsed, Term, parse
from storage.search.names import Names
from storage.search.select import (
    DAY_SECONDS,
    WEIGHTS,
    Clause,
    Resolved,
    match_of,
    narrowed,
    visible,
)
from storage.vault import Vault

CACHE_KIB = 16 * 1024
MOST_RANKED = 10_000
_INTERRUPT = 9
_CORRUPT, _NOT_A_DATABASE = 11, 26


def _nothing(done: int, total: int) -> None:
    """Tell nobody how far it is."""


class Stopped(ManaError):
    """A running query was interrupted, because a newer one replaced it."""


class Search:
    """The search of a vault. Every answer is as new as the vault.

    `document(kind, record)` says what is read of a record; `version` names that function:
    when it changes, the index is rebuilt. `weights` makes kinds more or less important
    (1.0 where a kind is not named). `clock` gives an aware present in the person's zone.
    Safe to use from several threads; queries run one after another.
    """

    def __init__(
        self,
        vault: Vault,
        document: Callable[[Kind, Record], Document] = default_document,
        *,
        version: str = "",
        weights: Mapping[str, float] | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now().astimezone(),
    ) -> None:
        self.vault = vault
        self.weights = dict(weights or {})
        self.clock = clock
        self.index = Index(vault, document, version)
        self._reading = threading.Lock()
        self._closing = threading.Lock()
        self._reader: Any = None

    def find(
        self,
        text: str,
        scopes: Sequence[Scope],
        limit: int = 50,
        *,
        progress: Progress = _nothing,
    ) -> list[Hit]:
        """Records that a query names, best first; empty for an empty query.

        Only what the scopes show is found: their spaces, the kinds of their type, no other
        person's private records, their tags; the trash only with `in:trash`. Raises
        QueryError, and Stopped when `interrupt` was called meanwhile.
        """
        limit = min(limit, MOST_RANKED)
        parsed = parse(text, self.clock().date())
        if parsed.empty or not scopes or limit < 1:
            return []
        self.catch_up(progress)
        names = Names(self.vault, self.index, text, tuple(scopes))
        try:
            rows = self._rows(parsed, names.resolve(parsed), limit)
        except DamagedError:  # nothing is lost: it is made again from the vault
            self.rebuild()
            self.catch_up(progress)
            rows = self._rows(parsed, names.resolve(parsed), limit)
        state = parsed.state if parsed.state != "live" else _state(scopes)
        reader = Reader(self.vault, self.index)
        return reader.hits(rows, parsed.terms, scopes, state)

    def catch_up(self, progress: Progress = _nothing) -> int:
        """Bring the index up to the vault; returns how many records were read."""
        try:
            return self.index.catch_up(progress)
        except DamagedError:
            self.rebuild()
            return self.index.catch_up(progress)

    @property
    def problems(self) -> dict[str, str]:
        """Kinds whose document function failed, and the name of the error."""
        return self.index.problems

    def rebuild(self) -> None:
        """Throw the index away; it is made again by the next query or `catch_up`."""
        with self._reading:
            self._close_reader()
            self.index.rebuild()

    def interrupt(self) -> None:
        """Stop the query that is running, if any; it raises Stopped."""
        with self._closing:
            if self._reader is not None:
                self._reader.interrupt()

    def close(self) -> None:
        """Close the index and forget its key."""
        self.interrupt()
        with self._reading:
            self._close_reader()
            self.index.close()

    # --- rows ------------------------------------------------------------------------------

    def _rows(
        self, parsed: Parsed, resolved: Resolved, limit: int
    ) -> list[tuple[Any, ...]]:
        terms = [term for term in parsed.terms if not term.negated]
        state = parsed.state if parsed.state != "live" else _state(resolved.scopes)
        clauses = [visible(resolved, state)]
        clauses += narrowed(parsed, resolved, self.clock().tzinfo)  # pyright: ignore[reportArgumentType]
        where = " AND ".join(f"({c.sql})" for c in clauses)
        values = tuple(value for c in clauses for value in c.values)
        with self._reading:
            if not terms:
                return self._run(
                    f"SELECT d.n, 0.0 FROM doc d WHERE {where} "
                    "ORDER BY d.updated DESC, d.n DESC LIMIT ?",
                    (*values, limit),
                )
            found = self._ranked(match_of(terms, exact=True), Clause(where, values), limit)
            if len(found) < limit and any(term.short for term in terms):
                found += self._started(terms, Clause(where, values), limit, found)
            return found[:limit]

    def _ranked(self, match: str, where: Clause, limit: int) -> list[tuple[Any, ...]]:
        """By text match, times recency (half after 90 days at most), times the kind.

        Of a word that very many records have, the newest MOST_RANKED are compared: its
        text match says little, and nobody waits for it.
        """
        now = int(self.clock().timestamp())
        kinds = self._weights()
        sql = (
            f"SELECT n, score FROM (SELECT d.n, d.updated, -bm25(text, {WEIGHTS}) * {kinds.sql} "
            "* CASE WHEN d.flags & 2 THEN 0.8 ELSE 1.0 END "
            f"* (1.0 + 1.0 / (1.0 + abs(? - d.updated) / {90.0 * DAY_SECONDS})) AS score "
            f"FROM text JOIN doc d ON d.n = text.rowid WHERE text MATCH ? AND {where.sql} "
            "ORDER BY text.rowid DESC LIMIT ?) ORDER BY score DESC, updated DESC, n DESC LIMIT ?"
        )
        values = (*kinds.values, now, match, *where.values, MOST_RANKED, limit)
        return self._run(sql, values)

    def _started(
        self,
        terms: Sequence[Term],
        where: Clause,
        limit: int,
        have: Sequence[tuple[Any, ...]],
    ) -> list[tuple[Any, ...]]:
        """Titles with a word that one or two typed letters begin; newest first."""
        whole = [term for term in terms if not term.short or term.column]
        starts = [f'"{term.words[0]}"*' for term in terms if term.short and not term.column]
        source, parts, values = "doc d", [], []
        if starts:
            source = "titles JOIN doc d ON d.n = titles.rowid"
            parts.append("titles MATCH ?")
            values.append(" AND ".join(starts))
        if whole:
            parts.append("d.n IN (SELECT rowid FROM text WHERE text MATCH ?)")
            values.append(match_of(whole))
        sql = (
            f"SELECT d.n, 0.0 FROM {source} WHERE {' AND '.join(parts)} AND {where.sql} "
            f"ORDER BY {'titles.rowid' if starts else 'd.n'} DESC LIMIT ?"
        )
        known = {row[0] for row in have}
        found = self._run(sql, (*values, *where.values, limit + len(known)))
        return [row for row in found if row[0] not in known]

    def _weights(self) -> Clause:
        told = [
            (self.index.number("kind", kind), weight)
            for kind, weight in self.weights.items()
        ]
        said = [(number, weight) for number, weight in told if number is not None]
        if not said:
            return Clause("1.0")
        cases = " ".join("WHEN ? THEN ?" for _ in said)
        return Clause(
            f"CASE d.kind {cases} ELSE 1.0 END", tuple(v for one in said for v in one)
        )

    def _run(self, sql: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        try:
            if self._reader is None:
                self._reader = self.index.db.connect_raw()
                self._reader.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            return self._reader.execute(sql, values).fetchall()
        except driver.DatabaseError as error:  # pyright: ignore[reportAttributeAccessIssue]
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code == _INTERRUPT:
                raise Stopped("The search was stopped.") from None
            if code in (_CORRUPT, _NOT_A_DATABASE):
                raise DamagedError(
                    "The search index is damaged.",
                    hint="it is rebuilt when you search again",
                ) from None
            raise

    def _close_reader(self) -> None:
        with self._closing:
            if self._reader is not None:
                self._reader.close()
                self._reader = None


def _state(scopes: Sequence[Scope]) -> Any:
    states = {scope.state for scope in scopes}
    return states.pop() if len(states) == 1 else "live"
