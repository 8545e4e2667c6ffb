"""Queries become SQL here, each with the clause of its scope."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

import json
from typing import Any

import msgspec

from storage.errors import UserError
from storage.query import Condition, Query
from storage.scope import Scope
from storage.table import Table

Values = list[Any]

_STATE = {"live": "t.deleted IS NULL", "trash": "t.deleted IS NOT NULL", "all": "1"}
_SEVERAL = 8
"""Up to this many values are written out; more travel as one JSON value."""


class Part(msgspec.Struct, frozen=True):
    """A piece of SQL and the values of its marks."""

    sql: str
    values: Values


# --- scopes ---------------------------------------------------------------------------


def scope_clause(table: Table, scope: Scope, tags: bool = True) -> Part:
    """What every statement about records carries."""
    sql = (
        "t.space = ? AND (t.visibility = 'space' OR t.author = ?) AND "
        + _STATE[scope.state]
    )
    values: Values = [scope.space, scope.person]
    if tags and scope.tags:
        narrow = tag_clause(table, scope.tags)
        sql += f" AND ({narrow.sql} OR NOT {_ANY_TAG.format(kind=table.kind.name)})"
        values += narrow.values
    return Part(sql, values)


_ANY_TAG = "EXISTS (SELECT 1 FROM tagging g WHERE g.record = t.id AND g.kind = '{kind}')"


def tag_clause(table: Table, tags: tuple[str, ...]) -> Part:
    """Carries at least one of these tags."""
    return Part(
        "EXISTS (SELECT 1 FROM tagging g WHERE g.record = t.id"
        f" AND g.kind = '{table.kind.name}' AND g.tag IN {marks(tags)})",
        spread(tags),
    )


def marks(values: tuple[Any, ...] | list[Any]) -> str:
    """The right side of an IN, for values passed with `spread`."""
    if len(values) <= _SEVERAL:
        return f"({', '.join('?' * len(values))})"
    return "(SELECT value FROM json_each(?))"


def spread(values: tuple[Any, ...] | list[Any]) -> Values:
    """The values of an IN made with `marks`."""
    return list(values) if len(values) <= _SEVERAL else [json.dumps(list(values))]


# --- conditions -----------------------------------------------------------------------


def where(table: Table, scope: Scope, query: Query[Any], tags: bool = True) -> Part:
    """The scope's clause and every condition of the query."""
    parts = [scope_clause(table, scope, tags)]
    parts += [condition(table, one) for one in query.conditions]
    return Part(
        " AND ".join(part.sql for part in parts), [v for part in parts for v in part.values]
    )


def condition(table: Table, said: Condition) -> Part:
    """One condition; UserError when it names a field the kind does not have."""
    match said.operator:
        case "and" | "or":
            parts = [condition(table, one) for one in said.parts]
            word = f" {said.operator.upper()} "
            joined = word.join(part.sql for part in parts) or "1"
            return Part(f"({joined})", [v for part in parts for v in part.values])
        case "not":
            return _not(table, said.parts[0])
        case "tag":
            return tag_clause(table, tuple(said.value))
        case "matches":
            names = dict.fromkeys((table.kind.title, *table.kind.search))
            return like([_column(table, name) for name in names], str(said.value))
        case _:
            return _test(table, said)


def _not(table: Table, said: Condition) -> Part:
    if said.operator == "empty":
        return Part(f"{_column(table, said.field)} IS NOT NULL", [])
    part = condition(table, said)
    return Part(f"({part.sql}) IS NOT TRUE", part.values)


def _test(table: Table, said: Condition) -> Part:
    column, value = _column(table, said.field), said.value
    if said.operator == "empty" or (said.operator == "=" and value is None):
        return Part(f"{column} IS NULL", [])
    if said.operator == "!=" and value is None:
        return Part(f"{column} IS NOT NULL", [])
    if said.operator == "like":
        return like([column], str(value))
    encode = table.by_name[said.field].encode
    if said.operator == "in":
        values = [encode(one) for one in value if one is not None]
        part = Part(f"{column} IN {marks(values)}", spread(values))
        if any(one is None for one in value):
            return Part(f"({part.sql} OR {column} IS NULL)", part.values)
        return part
    return Part(f"{column} {said.operator} ?", [encode(value)])


def like(columns: list[str], text: str) -> Part:
    """Any of the columns holds the text. SQLite folds ASCII only, so text beyond it is
    looked for as typed, lowered, raised and capitalised."""
    forms = [text] if text.isascii() else [text, text.lower(), text.upper(), text.title()]
    values = [f"%{_escape(one)}%" for one in dict.fromkeys(forms)]
    tests = [f"{column} LIKE ? ESCAPE '\\'" for column in columns for _ in values]
    return Part(f"({' OR '.join(tests)})", values * len(columns))


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _column(table: Table, name: str) -> str:
    if name not in table.by_name:
        raise UserError(
            f"{table.kind.name} has no field {name!r}.",
            hint=f"it has: {', '.join(table.names)}",
        )
    return f't."{name}"'


# --- whole statements -----------------------------------------------------------------


def order(table: Table, query: Query[Any], alias: str = "t.") -> str:
    """ORDER BY: empty values last either way; the id follows the last field's direction,
    so that one index serves both."""
    words: list[str] = []
    down = ""
    for field in query.orders:
        name = field.removeprefix("-")
        _column(table, name)
        down = " DESC" if field.startswith("-") else ""
        words.append(
            f'{alias}"{name}"' + (down or (" NULLS LAST" * _may_be_null(table, name)))
        )
    if not words or words[-1].split('"')[1] != "id":
        # `+`: all that some conditions name is found by their index, then sorted; SQLite
        # would rather walk every id in order, not knowing how few there are
        found_first = not words and bool(query.conditions) and query.most is None
        words.append(f'{"+" * found_first}{alias}"id"{down}')
    return " ORDER BY " + ", ".join(words)


def _may_be_null(table: Table, name: str) -> bool:
    return table.by_name[name].optional


def limit(query: Query[Any]) -> Part:
    """LIMIT and OFFSET."""
    if query.most is None and not query.skip:
        return Part("", [])
    return Part(" LIMIT ? OFFSET ?", [-1 if query.most is None else query.most, query.skip])


def select(table: Table, scope: Scope, query: Query[Any], what: str = "") -> Part:
    """Read records, or what is named instead of their columns."""
    head = f"SELECT {what} FROM {table.source}" if what else table.select
    test, page = where(table, scope, query), limit(query)
    found = test.sql
    if query.conditions and not _along_index(table, query):
        # rows are then read in the order they lie in, each page of the file once
        found = f"t.rowid IN (SELECT t.rowid FROM {table.source} WHERE {test.sql})"
    return Part(
        f"{head} WHERE {found}{order(table, query)}{page.sql}", test.values + page.values
    )


def _along_index(table: Table, query: Query[Any]) -> bool:
    """Whether an index may help to sort: it holds what the order begins with."""
    first = query.orders[0].lstrip("-") if query.orders else "id"
    return first in table.indexed or bool(table.missing)


def listed(table: Table, names: tuple[str, ...]) -> str:
    """A column list of fields, `tags` among them if asked for."""
    return ", ".join(
        table.tags if name == "tags" else _column(table, name) for name in names
    )


def union(table: Table, scopes: list[Scope], query: Query[Any]) -> Part:
    """One statement over several spaces, each part with its own scope's clause."""
    sql: list[str] = []
    values: Values = []
    for scope in scopes:
        test = where(table, scope, query)
        sql.append(f"{table.select} WHERE {test.sql}")
        values += test.values
    page = limit(query)
    text = " UNION ALL ".join(sql)
    return Part(f"{text}{order(table, query, '')}{page.sql}", values + page.values)
