"""How each field of a record becomes a value of SQLite, and back."""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache, partial
from typing import Any

import msgspec

from storage.clean import clean_line, clean_text, clean_tree
from storage.errors import UserError
from storage.record import NEVER

Codec = tuple[str, Callable[[Any], Any], "Callable[[Any], Any] | None"]
"""SQL type, encoder, decoder (None: the stored value is the value)."""


class Column(msgspec.Struct, frozen=True):
    """One field as a column. `fill` stands in where an older row has nothing."""

    name: str
    sql: str
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any] | None
    optional: bool
    fill: Any = None
    text: bool = False


_NEVER = "1970-01-01T00:00:00.000000Z"


def instant(value: datetime) -> str:
    """A moment as sortable text of fixed width, in UTC: `2026-11-22T17:50:00.000000Z`."""
    if value is NEVER:
        return _NEVER
    if value.tzinfo is None:
        raise UserError("A moment without a time zone cannot be stored.")
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat(timespec="microseconds")[:26] + "Z"


def _day(value: date) -> str:
    if isinstance(value, datetime):
        raise TypeError("expected a date, got a datetime")
    return value.isoformat()


def _seconds(value: timedelta) -> int:
    return int(value.total_seconds())


def _real(value: float) -> float:
    value = float(value)
    if not math.isfinite(value):
        raise UserError("Only finite numbers can be stored.")
    return value


def _whole(value: int) -> int:
    if not -(2**63) <= value < 2**63:
        raise UserError("That number is too large to be stored.")
    return int(value)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        raise UserError("Only finite numbers can be stored.")
    return str(value)


def _wall(value: time) -> str:
    return value.isoformat()


def _undecimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError("not a number") from None


def _nested(value: Any, multiline: bool) -> str:
    if value == ():  # by far the most common: no aliases, no items
        return "[]"
    plain = clean_tree(msgspec.to_builtins(value, order="sorted"), multiline)
    return msgspec.json.encode(plain).decode()


_SIMPLE: dict[Any, Codec] = {
    int: ("INTEGER", _whole, None),
    float: ("REAL", _real, None),
    bool: ("INTEGER", int, bool),
    bytes: ("BLOB", bytes, bytes),
    datetime: ("TEXT", instant, datetime.fromisoformat),
    date: ("TEXT", _day, date.fromisoformat),
    time: ("TEXT", _wall, time.fromisoformat),
    timedelta: ("INTEGER", _seconds, lambda seconds: timedelta(seconds=seconds)),
    Decimal: ("TEXT", _decimal, _undecimal),
}


fields_of = cache(msgspec.structs.fields)
"""A record class's fields; resolving their annotations costs a millisecond, once."""


def column_of(field: msgspec.structs.FieldInfo) -> Column:
    """Read one field of a record class into a Column."""
    annotation, extra, optional = peel(field.type)
    sql, encode, decode = _codec(annotation, bool(extra.get("multiline")))
    fill = field.default
    if fill is msgspec.NODEFAULT and field.default_factory is not msgspec.NODEFAULT:
        fill = field.default_factory() if field.name != "id" else None
    return Column(
        name=field.name,
        sql=sql,
        encode=encode,
        decode=decode,
        optional=optional,
        fill=None if fill is msgspec.NODEFAULT else fill,
        text=encode in (clean_line, clean_text),
    )


def peel(annotation: Any) -> tuple[Any, dict[str, Any], bool]:
    """(bare type, extras of its Meta, whether None is allowed)."""
    extra: dict[str, Any] = {}
    optional = False
    while True:
        origin = typing.get_origin(annotation)
        if origin is typing.Annotated:
            annotation, *metas = typing.get_args(annotation)
            for meta in metas:
                extra |= (isinstance(meta, msgspec.Meta) and meta.extra) or {}
            continue
        if origin in (typing.Union, types.UnionType):
            parts = typing.get_args(annotation)
            left = [part for part in parts if part is not type(None)]
            optional |= len(left) < len(parts)
            if len(left) == 1:
                annotation = left[0]
                continue
        return annotation, extra, optional


def _codec(annotation: Any, multiline: bool) -> Codec:
    if annotation is str:
        return ("TEXT", clean_text if multiline else clean_line, None)
    if annotation in _SIMPLE:
        return _SIMPLE[annotation]
    if typing.get_origin(annotation) is typing.Literal:
        said = typing.get_args(annotation)
        if all(isinstance(one, str) for one in said):
            return ("TEXT", clean_line, None)
        if all(type(one) is int for one in said):
            return ("INTEGER", _whole, None)
    decoder = msgspec.json.Decoder(annotation)
    return ("TEXT", partial(_nested, multiline=multiline), decoder.decode)
