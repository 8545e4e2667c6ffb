"""Values as a form shows them, and what was understood of a typed one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from modules.sdk.context import Context
from modules.sdk.field import Money, Param
from modules.sdk.outside import as_referred, convert, params_of
from modules.sdk.slot import resolve
from storage.errors import ManaError
from storage.query import Query
from storage.record import Record


def label(name: str) -> str:
    """`due_date` as people read it: `Due date`."""
    return name.replace("_", " ").capitalize()


def as_text(value: Any, context: Context, *, name: str = "") -> str:
    """A value as it would be typed again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (tuple, list, frozenset)):
        if name == "tags":
            names = context.store.tag_names()
            return ", ".join(names.get(str(one), str(one)) for one in value)
        return ", ".join(as_text(one, context) for one in value)
    for kind, say in _TYPED.items():
        if isinstance(value, kind):
            return say(value, context)
    return str(value)


def _moment(value: datetime, context: Context) -> str:
    there = value.astimezone(context.zone) if value.tzinfo else value
    return there.strftime("%Y-%m-%d %H:%M")


def _length(value: timedelta, context: Context) -> str:
    from modules.sdk.text.durations import format_duration

    return format_duration(value, context.locale)


_TYPED: dict[Any, Any] = {
    datetime: _moment,
    date: lambda value, _: value.isoformat(),
    time: lambda value, _: value.strftime("%H:%M"),
    timedelta: _length,
    Money: lambda value, _: f"{value.amount} {value.currency}",
    Decimal: lambda value, _: str(value),
}
"""datetime stands before date: it is one."""


# --- for people --------------------------------------------------------------------------


def say(value: Any, context: Context, *, name: str = "") -> str:
    """A value as a sentence would have it."""
    if isinstance(value, (datetime, date, time, timedelta, Money)):
        return _SAID[type(value)](value, context)
    return as_text(value, context, name=name)


def _say_day(value: date, context: Context) -> str:
    from modules.sdk.text.dates import format_day

    away = (value - context.today()).days
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get(away)
    far = f"in {away:,} days" if away > 0 else f"{-away:,} days ago"
    said = format_day(value, context.today(), context.locale, near=False)
    return f"{said}, {near or far}"


def _say_moment(value: datetime, context: Context) -> str:
    from modules.sdk.text.dates import format_time

    there = value.astimezone(context.zone) if value.tzinfo else value
    clock = format_time(there.time(), context.locale)
    return f"{_say_day(there.date(), context)}, {clock}"


def _say_time(value: time, context: Context) -> str:
    from modules.sdk.text.dates import format_time

    return format_time(value, context.locale)


def _say_length(value: timedelta, context: Context) -> str:
    from modules.sdk.text.durations import say_duration

    return say_duration(value, context.locale)


def _say_money(value: Money, context: Context) -> str:
    from modules.sdk.text.money import format_money

    return format_money(value, context.locale)


_SAID: dict[Any, Any] = {
    datetime: _say_moment,
    date: _say_day,
    time: _say_time,
    timedelta: _say_length,
    Money: _say_money,
}


# --- what was understood -----------------------------------------------------------------------


class Check:
    """Checks one field the way the command will, and says what it understood."""

    def __init__(self, param: Param, annotation: Any, context: Context) -> None:
        self.param = param
        self.context = context
        self._struct = msgspec.defstruct("Field", [(param.name, annotation)], kw_only=True)

    def value(self, raw: Any) -> Any:
        """What the command would get; UserError says why not."""
        if raw == "" and self.param.optional:
            return None
        found = convert({self.param.name: raw}, self._struct, (self.param,), self.context)
        return found[self.param.name]

    def problem(self, raw: Any) -> str:
        """What is wrong, with a hint, or nothing."""
        if raw == "":
            return f"{label(self.param.name)} is missing." if self.param.required else ""
        try:
            self.value(raw)
        except ManaError as error:
            return f"{error} {error.hint}".strip()
        return ""

    def understood(self, raw: Any) -> str:
        """In words what a date, a length, an amount, tags or records are taken for."""
        if not isinstance(raw, str) or not raw.strip():
            return ""
        try:
            return self._understood(raw)
        except ManaError:
            return ""

    def _understood(self, raw: str) -> str:
        if self.param.name == "tags":
            return self._tags(raw)
        if self.param.ref is not None:
            return self._records(self.value(raw))
        if path := self.param.extra.get("preview"):
            return resolve(path)(raw, self.context)
        if self.param.type in _SAID and not self.param.many:
            return say(self.value(raw), self.context)
        return ""

    def _tags(self, raw: str) -> str:
        known = {name.casefold() for name in self.context.store.tag_names().values()}
        given = [one.strip().removeprefix("#") for one in raw.split(",")]
        said = [
            f"#{one}" + ("" if one.casefold() in known else " (new)")
            for one in given
            if one
        ]
        return "  ".join(said)

    def _records(self, found: Any) -> str:
        catalog = self.context.store.vault.catalog
        ids = [found] if isinstance(found, str) else list(found or ())
        titles: list[str] = []
        for one in ids[:5]:
            kind, full = self.context.store.resolve(one)
            record = self.context.store.find(catalog.kind(kind).record, full)
            titles.append(title_of(record) if record else one)
        more = f" and {len(ids) - 5} more" if len(ids) > 5 else ""
        return ", ".join(titles) + more


def typed_refs(record: Record, context: Context) -> dict[str, Any]:
    """What a record's fields refer to, as one would type it: titles instead of ids."""
    found: dict[str, Any] = {}
    for param in params_of(type(record)):
        value = getattr(record, param.name, None)
        if not value or not isinstance(param.ref, type):
            continue
        ids = [value] if isinstance(value, str) else list(value)
        found[param.name] = ", ".join(as_referred(id, param.ref, context) for id in ids)
    return found


def title_of(record: Record) -> str:
    """The field that names a record, as text."""
    from storage.kind import describe

    return str(getattr(record, describe(type(record)).title))


def titles_of(context: Context, record: type[Record], ids: list[str]) -> dict[str, str]:
    """Id to title of some records; one statement."""
    return {found.id: title_of(found) for found in context.store.many(record, ids)}


def newest(record: type[Record]) -> Query[Any]:
    """Records of a kind, newest first."""
    order = "-at" if "at" in record.__struct_fields__ else "-created"
    return Query(record).order(order)
