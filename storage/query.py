"""Typed reads as data: conditions, orders, limits over one kind of record.

    Query(Task).where(col("done").empty(), col("due") <= today).order("due", "-priority")

A query knows no space: the store adds its scope to every statement.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, Literal, TypeVar

import msgspec

from storage.record import Record

R = TypeVar("R", bound=Record)
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "like", "empty", "tag", "matches"]


class Condition(msgspec.Struct, frozen=True):
    """A test of one column, or several joined by `and` / `or` / `not`."""

    operator: Operator | Literal["and", "or", "not"]
    field: str = ""
    value: Any = None
    parts: tuple[Condition, ...] = ()

    def __and__(self, other: Condition) -> Condition:
        """Both hold."""
        return Condition("and", parts=(self, other))

    def __or__(self, other: Condition) -> Condition:
        """Either holds."""
        return Condition("or", parts=(self, other))

    def __invert__(self) -> Condition:
        """It does not hold (an empty column counts as not holding)."""
        return Condition("not", parts=(self,))


class Column:
    """A field of a record in a condition: `col("due") < today`."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, value: object) -> Condition:  # type: ignore[override]
        """Equal; use `empty()` for None."""
        return Condition("=", self.name, value)

    def __ne__(self, value: object) -> Condition:  # type: ignore[override]
        """Different, and not empty."""
        return Condition("!=", self.name, value)

    def __lt__(self, value: object) -> Condition:
        """Before, less."""
        return Condition("<", self.name, value)

    def __le__(self, value: object) -> Condition:
        """Not after."""
        return Condition("<=", self.name, value)

    def __gt__(self, value: object) -> Condition:
        """After, more."""
        return Condition(">", self.name, value)

    def __ge__(self, value: object) -> Condition:
        """Not before."""
        return Condition(">=", self.name, value)

    def one_of(self, values: Iterable[object]) -> Condition:
        """Any of several values."""
        return Condition("in", self.name, tuple(values))

    def contains(self, text: str) -> Condition:
        """Holds this text, without regard to ASCII case."""
        return Condition("like", self.name, text)

    def empty(self) -> Condition:
        """No value (None)."""
        return Condition("empty", self.name)

    def filled(self) -> Condition:
        """Some value."""
        return ~self.empty()


def col(name: str) -> Column:
    """Name a field for a condition."""
    return Column(name)


def tagged(*tags: str) -> Condition:
    """Carries at least one of these tags (ids)."""
    return Condition("tag", value=tags)


def matching(text: str) -> Condition:
    """The title or a searched field holds this text: the quick filter of a list."""
    return Condition("matches", value=text)


class Query(msgspec.Struct, Generic[R], frozen=True):
    """What to read of one kind; every method returns a new query.

    Orders name fields, `-` first for descending; empty values sort last either way; the
    id is always the last key, so pages are stable.
    """

    record: type[R]
    conditions: tuple[Condition, ...] = ()
    orders: tuple[str, ...] = ()
    most: int | None = None
    skip: int = 0

    def where(self, *conditions: Condition) -> Query[R]:
        """Narrow: every condition must hold."""
        return msgspec.structs.replace(self, conditions=self.conditions + conditions)

    def order(self, *fields: str) -> Query[R]:
        """Sort by these fields, replacing any order there was."""
        return msgspec.structs.replace(self, orders=fields)

    def limit(self, most: int, skip: int = 0) -> Query[R]:
        """At most this many, after skipping some."""
        return msgspec.structs.replace(self, most=most, skip=skip)
