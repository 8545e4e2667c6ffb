"""A parsed query as SQL over the index: what must hold, in whose eyes."""

# ruff: noqa: S608 - marks only; values are bound
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Any

import msgspec

from storage.scope import Scope
from storage.search.index import FLAGS
from storage.search.language import Between, Filter, Parsed, Term

WEIGHTS = "8.0, 1.0, 4.0, 4.0"
"""Of title, body, people, tags in the text match."""

DAY_SECONDS = 86_400


class Clause(msgspec.Struct, frozen=True):
    """A piece of SQL and the values of its marks."""

    sql: str
    values: tuple[Any, ...] = ()


class Resolved(msgspec.Struct, kw_only=True):
    """Names in a query as numbers of the index; looked up once per query.

    `kinds` are the kinds each scope may show, aligned with `scopes`; `tags` maps a tag
    filter's value (folded) to ids, `spaces` a space filter's value to numbers.
    """

    scopes: tuple[Scope, ...]
    spaces: tuple[int, ...]
    people: tuple[int, ...]
    kinds: tuple[tuple[int, ...], ...]
    tags: dict[str, tuple[str, ...]] = {}
    named_kinds: dict[str, tuple[int, ...]] = {}
    named_spaces: dict[str, tuple[int, ...]] = {}


def match_of(terms: Sequence[Term], *, exact: bool = False) -> str:
    """An FTS5 expression in which every term holds; `exact` finishes short last words."""
    return " AND ".join(_match(term, exact=exact) for term in terms)


def _match(term: Term, *, exact: bool = False) -> str:
    star = "*" if term.prefix and not (exact and term.short) else ""
    column = f"{{{term.column}}} : " if term.column else ""
    return f'{column}"{" ".join(term.words)}"{star}'


def visible(resolved: Resolved, state: str) -> Clause:
    """Where a document may be seen at all: space, kind, privacy, trash, scope tags."""
    parts, values = [], []
    told = zip(
        resolved.scopes, resolved.spaces, resolved.people, resolved.kinds, strict=True
    )
    for scope, space, person, kinds in told:
        if not kinds:
            continue
        marks = ", ".join("?" * len(kinds))
        said = f"d.space = ? AND d.owner IN (0, ?) AND d.kind IN ({marks})"
        values += [space, person, *kinds]
        if scope.tags:
            tags = ", ".join("?" * len(scope.tags))
            said += (
                f" AND (EXISTS (SELECT 1 FROM tagging g WHERE g.doc = d.n AND g.tag IN ({tags}))"
                " OR NOT EXISTS (SELECT 1 FROM tagging g WHERE g.doc = d.n))"
            )
            values += scope.tags
        parts.append(f"({said})")
    where = " OR ".join(parts) or "0"
    trash = {"live": " AND d.trashed = 0", "trash": " AND d.trashed = 1"}.get(state, "")
    return Clause(f"({where}){trash}", tuple(values))


def narrowed(parsed: Parsed, resolved: Resolved, zone: tzinfo) -> list[Clause]:
    """A clause for each filter, date and negated term."""
    found = [_negate(_filter(one, resolved), one.negated) for one in parsed.filters]
    found += [_negate(_between(one, zone), one.negated) for one in parsed.dates]
    for term in parsed.terms:
        if term.negated:
            sql = "d.n NOT IN (SELECT rowid FROM text WHERE text MATCH ?)"
            found.append(Clause(sql, (_match(term, exact=True),)))
    return found


def _filter(one: Filter, resolved: Resolved) -> Clause:
    if one.key == "tag":
        ids = [tag for value in one.values for tag in resolved.tags.get(value, ())]
        return _in("d.n IN (SELECT doc FROM tagging WHERE tag IN ({}))", ids)
    if one.key == "kind":
        return _in("d.kind IN ({})", _numbers(one, resolved.named_kinds))
    if one.key == "in":
        return _in("d.space IN ({})", _numbers(one, resolved.named_spaces))
    if one.key == "is":
        return Clause("d.flags & ?", (sum(FLAGS[value] for value in set(one.values)),))
    return _any([_has(value) for value in one.values])


def _has(what: str) -> Clause:
    ties = "SELECT record FROM tie"
    return {
        "link": Clause(f"d.flags & ? OR d.id IN ({ties})", (FLAGS["link"],)),
        "attachment": Clause(f"d.id IN ({ties} WHERE verb = 'attachment')"),
        "note": Clause("d.flags & ?", (FLAGS["note"],)),
        "tag": Clause("d.n IN (SELECT doc FROM tagging)"),
        "date": Clause("d.day IS NOT NULL"),
    }[what]


def _between(one: Between, zone: tzinfo) -> Clause:
    if one.column == "any":  # before: and after: look at the main date, else the creation
        dated = _span("d.day", one.first, one.after, None)
        made = _span("d.created", one.first, one.after, zone)
        return Clause(
            f"CASE WHEN d.day IS NULL THEN {made.sql} ELSE {dated.sql} END",
            made.values + dated.values,
        )
    return _span(
        f"d.{one.column}", one.first, one.after, None if one.column == "day" else zone
    )


def _span(
    column: str, first: date | None, after: date | None, zone: tzinfo | None
) -> Clause:
    parts, values = [f"{column} IS NOT NULL"], []
    for sign, bound in ((">=", first), ("<", after)):
        if bound is not None and bound != date.min:
            parts.append(f"{column} {sign} ?")
            values.append(bound.toordinal() if zone is None else _seconds(bound, zone))
    return Clause(f"({' AND '.join(parts)})", tuple(values))


def _seconds(day: date, zone: tzinfo) -> int:
    """When a local day begins. Far years are clamped: the epoch's arithmetic ends there."""
    if not 2 <= day.year <= 9998:
        return (day.toordinal() - date(1970, 1, 1).toordinal()) * DAY_SECONDS
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def _numbers(one: Filter, known: dict[str, tuple[int, ...]]) -> list[int]:
    return [number for value in one.values for number in known.get(value, ())]


def _in(sql: str, values: Sequence[Any]) -> Clause:
    return Clause(sql.format(", ".join("?" * len(values))), tuple(values))


def _any(clauses: Sequence[Clause]) -> Clause:
    return Clause(
        "(" + " OR ".join(f"({c.sql})" for c in clauses) + ")",
        tuple(value for c in clauses for value in c.values),
    )


def _negate(clause: Clause, negated: bool) -> Clause:
    return Clause(f"NOT ({clause.sql})", clause.values) if negated else clause
