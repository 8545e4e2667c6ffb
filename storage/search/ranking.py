"""Which documents a query names, and in what order."""
# ruff: noqa: S608 - table names and marks only; values are bound

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from storage.search.language import Parsed, Term
from storage.search.reading import Reading, Rows
from storage.search.select import (
    DAY_SECONDS,
    WEIGHTS,
    Clause,
    Resolved,
    match_of,
    narrowed,
    visible,
)

MOST_RANKED = 10_000
HALF_LIFE_DAYS = 90.0
DONE_WEIGHT = 0.8

Found = tuple[str, str, str, float]
"""Kind, id, space, score."""


class Ranking:
    """Runs one query in a moment of the index."""

    def __init__(
        self, reading: Reading, weights: Mapping[str, float], now: datetime
    ) -> None:
        self.reading = reading
        self.weights = weights
        self.now = now

    def best(
        self, parsed: Parsed, resolved: Resolved, state: str, limit: int
    ) -> list[Found]:
        """The best documents, at most `limit`."""
        terms = [term for term in parsed.terms if not term.negated]
        clauses = [visible(resolved, state)]
        clauses += narrowed(parsed, resolved, self.now.tzinfo)  # pyright: ignore[reportArgumentType]
        where = Clause(
            " AND ".join(f"({c.sql})" for c in clauses),
            tuple(value for c in clauses for value in c.values),
        )
        if not terms:
            return self._named(self._newest(where, limit))
        found = self._ranked(match_of(terms, exact=True), where, limit)
        if len(found) < limit and any(term.short for term in terms):
            found += self._started(terms, where, limit, found)
        return self._named(found[:limit])

    def _newest(self, where: Clause, limit: int) -> Rows:
        sql = f"SELECT d.n, 0.0 FROM doc d WHERE {where.sql} ORDER BY d.updated DESC, d.n DESC"
        return self.reading.run(f"{sql} LIMIT ?", (*where.values, limit))

    def _ranked(self, match: str, where: Clause, limit: int) -> Rows:
        """By text match, times recency (up to twice for new ones), times the kind.

        Of a word that very many records have, the newest MOST_RANKED are compared: its
        text match says little, and nobody waits for it.
        """
        kinds = self._weights()
        sql = (
            f"SELECT n, score FROM (SELECT d.n, d.updated, -bm25(text, {WEIGHTS}) * {kinds.sql} "
            f"* CASE WHEN d.flags & 2 THEN {DONE_WEIGHT} ELSE 1.0 END * (1.0 + 1.0 / "
            f"(1.0 + abs(? - d.updated) / {HALF_LIFE_DAYS * DAY_SECONDS})) AS score "
            f"FROM text JOIN doc d ON d.n = text.rowid WHERE text MATCH ? AND {where.sql} "
            "ORDER BY text.rowid DESC LIMIT ?) ORDER BY score DESC, updated DESC, n DESC LIMIT ?"
        )
        now = int(self.now.timestamp())
        values = (*kinds.values, now, match, *where.values, MOST_RANKED, limit)
        return self.reading.run(sql, values)

    def _started(
        self, terms: Sequence[Term], where: Clause, limit: int, have: Rows
    ) -> Rows:
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
        found = self.reading.run(sql, (*values, *where.values, limit + len(known)))
        return [row for row in found if row[0] not in known]

    def _weights(self) -> Clause:
        told = [
            (self.reading.number("kind", kind), weight)
            for kind, weight in self.weights.items()
        ]
        said: list[tuple[Any, ...]] = [one for one in told if one[0]]
        if not said:
            return Clause("1.0")
        cases = " ".join("WHEN ? THEN ?" for _ in said)
        values = tuple(value for one in said for value in one)
        return Clause(f"CASE d.kind {cases} ELSE 1.0 END", values)

    def _named(self, rows: Rows) -> list[Found]:
        marks = ", ".join("?" * len(rows))
        sql = (
            "SELECT d.n, k.text, d.id, s.text FROM doc d JOIN name k ON k.n = d.kind "
            f"JOIN name s ON s.n = d.space WHERE d.n IN ({marks})"
        )
        found = {
            n: rest for n, *rest in self.reading.run(sql, tuple(row[0] for row in rows))
        }
        return [(*found[n], score) for n, score in rows]
