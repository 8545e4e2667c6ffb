"""Values from outside (command line, forms, agents) become what a command's types say."""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from modules.sdk.context import Context
from modules.sdk.field import Money, Param
from storage.errors import NotFound, UserError
from storage.record import Record


def params_of(struct: type[msgspec.Struct]) -> tuple[Param, ...]:
    """Read a struct's fields into Params."""
    return tuple(_param(field) for field in msgspec.structs.fields(struct))


def _param(field: msgspec.structs.FieldInfo) -> Param:
    annotation, extra, help_text = field.type, dict[str, Any](), ""
    many = optional = False
    most: int | None = None
    while True:
        origin = typing.get_origin(annotation)
        if origin is typing.Annotated:
            annotation, *metas = typing.get_args(annotation)
            for meta in metas:
                if isinstance(meta, msgspec.Meta):
                    extra |= meta.extra or {}
                    help_text = help_text or meta.description or ""
                    most = int(meta.le) if meta.le is not None else most
        elif origin in (typing.Union, types.UnionType):
            left = [a for a in typing.get_args(annotation) if a is not type(None)]
            optional |= len(left) < len(typing.get_args(annotation))
            if len(left) != 1:
                break
            annotation = left[0]
        elif origin in (tuple, list, frozenset) and not many:
            many = True
            annotation = typing.get_args(annotation)[0]
        else:
            break
    default = (
        None if field.required or field.default is msgspec.NODEFAULT else field.default
    )
    choices = typing.get_args(annotation) if origin is typing.Literal else ()
    return Param(
        name=field.name,
        type=annotation,
        required=field.required,
        default=default,
        help=help_text,
        extra=extra,
        many=many,
        optional=optional,
        choices=choices,
        most=most,
    )


def convert(
    values: Mapping[str, object],
    struct: type[msgspec.Struct],
    params: tuple[Param, ...],
    context: Context,
) -> dict[str, Any]:
    """Check and convert; UserError names the parameter and says what would do."""
    known = {param.name: param for param in params}
    ready: dict[str, object] = {}
    for name, value in values.items():
        if name not in known:
            raise UserError(
                f"There is no {name!r} here.",
                hint=f"known: {', '.join(known) or 'nothing'}",
            )
        ready[name] = _prepare(known[name], value, context)
    for param in params:
        if param.required and param.name not in ready:
            raise UserError(f"{_human(param.name)} is missing.", hint=param.help)
    try:
        made = msgspec.convert(ready, struct, strict=False)
    except msgspec.ValidationError as error:
        raise UserError(_say(error)) from error
    return {name: getattr(made, name) for name in struct.__struct_fields__}


def _prepare(param: Param, value: object, context: Context) -> object:
    if value is None:
        return None
    if param.many:
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, (list, tuple, frozenset, set)):
            items = [items]
        whole = param.extra.get("whole")
        return [_one(param, item, context) for item in items if whole or item != ""]
    if value == "" and param.optional and param.type is not str:
        return None
    return _one(param, value, context)


def _one(param: Param, value: object, context: Context) -> object:
    if not isinstance(value, str):
        return value
    if param.ref is not None:
        return _referred(value, param.ref if isinstance(param.ref, type) else None, context)
    if param.type in _PARSERS:
        return _PARSERS[param.type](value, context)
    if param.choices and value not in param.choices:
        fits = [c for c in param.choices if str(c).startswith(value.lower())]
        if len(fits) == 1:
            return fits[0]
        words = ", ".join(map(str, param.choices))
        raise UserError(
            f"{_human(param.name)} cannot be {value!r}.", hint=f"one of: {words}"
        )
    return value


def _referred(text: str, record: type[Record] | None, context: Context) -> str:
    """The record of an id, a short id, or the title (`Work/Website`) only it has."""
    try:
        return context.store.resolve(text, record)[1]
    except NotFound:
        found = titled(text, record, context) if record is not None else []
        if not found:
            raise
    if len(found) > 1:
        ids = ", ".join(one.short for one in found[:8])
        raise UserError(f"Several are called {text!r}.", hint=f"one of: {ids}")
    return found[0].id


MOST_TITLED = 1000
DEEPEST = 20


def titled(text: str, record: type[Record], context: Context) -> list[Record]:
    """The records of a kind with this title, or this path of titles, whatever its case."""
    from storage.kind import describe
    from storage.query import Query, col

    wanted = text.strip().strip("/")
    last = wanted.rpartition("/")[2].strip()
    if not last:
        return []
    query = Query(record).where(col(describe(record).title).contains(last))
    near = context.store.all(query.limit(MOST_TITLED))
    whole = [one for one in near if path_of(one, context).casefold() == wanted.casefold()]
    return whole or [one for one in near if _title(one).casefold() == wanted.casefold()]


def path_of(record: Record, context: Context) -> str:
    """A record's title, after those of what it is a part of: `Work/Website`."""
    titles, at, kind = [_title(record)], record, type(record)
    refs = {param.name: param.ref for param in params_of(kind)}
    while refs.get("parent") is kind and len(titles) < DEEPEST:
        above = getattr(at, "parent", None)
        found = context.store.find(kind, above) if above else None
        if found is None:
            break
        at = found
        titles.insert(0, _title(at))
    return "/".join(titles)


def _title(record: Record) -> str:
    from storage.kind import describe

    return str(getattr(record, describe(type(record)).title))


def as_referred(id: str, record: type[Record], context: Context) -> str:
    """How a person would name a record: its path, or its short id where that is not
    enough."""
    found = context.store.find(record, id)
    if found is None:
        return id
    said = path_of(found, context)
    plain = "," not in said and [one.id for one in titled(said, record, context)] == [id]
    return said if plain else found.short


def _date(text: str, context: Context) -> date:
    from modules.sdk.text.dates import parse_day

    return parse_day(text, context.today(), context.locale)


def _datetime(text: str, context: Context) -> datetime:
    from modules.sdk.text.dates import parse_moment

    return parse_moment(text, context.now(), context.locale)


def _time(text: str, context: Context) -> time:
    from modules.sdk.text.dates import parse_time

    return parse_time(text, context.locale)


def _duration(text: str, context: Context) -> timedelta:
    from modules.sdk.text.durations import parse_duration

    return parse_duration(text, context.locale)


def _money(text: str, context: Context) -> Money:
    from modules.sdk.text.money import parse_money

    return parse_money(
        text, context.space.currency or context.setting("currency") or "EUR", context.locale
    )


_PARSERS: dict[Any, Any] = {
    date: _date,
    datetime: _datetime,
    time: _time,
    timedelta: _duration,
    Money: _money,
}


def _human(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _say(error: msgspec.ValidationError) -> str:
    """`Expected `int`, got `str` - at `$.level`` → `Level must be a whole number.`"""
    said, _, where = str(error).partition(" - at ")
    said = said.replace("`", "")
    name = where.strip("`").removeprefix("$.").partition("[")[0]
    for pattern, words in _SAYINGS:
        found = re.match(pattern, said)
        if found is not None:
            return f"{_human(name) or 'It'} {words.format(*found.groups())}."
    said = said[:1].lower() + said[1:]
    return f"{_human(name)}: {said}." if name else f"{said.capitalize()}."


_SAYINGS = (
    (r"Expected str (?:matching regex .*|of length >= 1)$", "must not be empty"),
    (r"Expected str of length <= (\d+)", "is longer than {} characters"),
    (r"Expected str of length >= (\d+)", "is shorter than {} characters"),
    (r"Expected (?:int|float)(?: \| null)? >= (\S+)", "must be at least {}"),
    (r"Expected (?:int|float)(?: \| null)? <= (\S+)", "must be at most {}"),
    (r"Expected int(?: \| null)?, got", "must be a whole number"),
    (r"Expected float(?: \| null)?, got", "must be a number"),
    (r"Expected bool(?: \| null)?, got", "must be yes or no"),
)
"""What the validator says, and how a person would."""
