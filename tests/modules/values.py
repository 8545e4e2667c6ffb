"""Values for any type a record or a command declares, drawn by hypothesis.

A parameter whose text must follow a grammar says examples in its annotation
(`msgspec.Meta(examples=["every week"])`): they help people, tools and these tests alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import singledispatch
from typing import Any

import msgspec
from hypothesis import strategies as st
from msgspec import inspect

Pick = Callable[[Any], st.SearchStrategy[Any]]
"""How to refer to a record: gets what a `Ref` points at, gives ids."""

WORDS = st.sampled_from(
    ["milk", "Call Ada", "Grüße", "naïve café", "日本語 の メモ", "👩‍🔬 lab", "'quoted'", '"x"', "a, b",
     "<b>&amp;</b>", "% _ \\", "0", "- [ ] x", "#tag @home +p", "אבג"]
)  # fmt: skip
SAFE = st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"])
ZONES = [UTC, timezone(timedelta(hours=5, minutes=30)), timezone(-timedelta(hours=8))]
"""Fixed offsets: Python never finds the repeated hour of a real zone equal to itself in UTC."""
DATES = st.dates(date(1971, 1, 1), date(2099, 12, 31))


def of(annotation: Any, pick: Pick, names: Sequence[str] = ()) -> st.SearchStrategy[Any]:
    """Values of a type, as Python sees them; text is now and then one of `names`."""
    return _of(inspect.type_info(annotation), {"names": names} if names else {}, pick)


def fields_of(
    struct: type[msgspec.Struct], pick: Pick, names: set[str] | None = None
) -> Any:
    """Keyword arguments for a struct: what is required, and any of the rest."""
    needed, free = {}, {}
    for field in msgspec.structs.fields(struct):
        if names is None or field.name in names:
            (needed if field.required else free)[field.name] = of(field.type, pick)
    return st.fixed_dictionaries(needed, optional=free)


def all_saying(text: str, struct: type[msgspec.Struct], names: set[str]) -> Any:
    """Keyword arguments with this text wherever there is free text, however deep."""
    said = {"text": text}
    return st.fixed_dictionaries(
        {
            field.name: _of(inspect.type_info(field.type), said, _no_record)
            for field in msgspec.structs.fields(struct)
            if field.name in names
        }
    )


def _no_record(_: Any) -> st.SearchStrategy[str]:
    return st.just("0" * 26)


@singledispatch
def _of(kind: Any, extra: Mapping[str, Any], pick: Pick) -> st.SearchStrategy[Any]:
    raise NotImplementedError(f"no values for {kind}")


@_of.register
def _(kind: inspect.Metadata, extra: Mapping[str, Any], pick: Pick) -> Any:
    said = (kind.extra_json_schema or {}).get("examples")
    if said and "text" not in extra:
        return st.sampled_from(list(said))
    more = {**extra, **(kind.extra or {})}
    if "ref" in more and isinstance(kind.type, inspect.StrType):
        return pick(more["ref"])
    return _of(kind.type, more, pick)


@_of.register
def _(kind: inspect.StrType, extra: Mapping[str, Any], pick: Pick) -> Any:
    if "ref" in extra:
        return pick(extra["ref"])
    if "text" in extra:
        return st.just(extra["text"])
    least, most = kind.min_length or 0, min(kind.max_length or 40, 40)
    drawn = st.text(SAFE, min_size=least, max_size=most)
    texts = (WORDS | drawn).filter(lambda text: text == text.strip())
    if "names" in extra:
        texts = st.sampled_from(extra["names"]) | texts
    if kind.pattern:
        import re

        wanted = re.compile(kind.pattern)
        return texts.filter(lambda text: bool(wanted.search(text)))
    return texts


@_of.register
def _(kind: inspect.IntType, extra: Mapping[str, Any], pick: Pick) -> Any:
    low = kind.ge if kind.ge is not None else kind.gt + 1 if kind.gt is not None else -1000
    high = (
        kind.le
        if kind.le is not None
        else kind.lt - 1
        if kind.lt is not None
        else 1_000_000
    )
    return st.integers(low, high)


@_of.register
def _(kind: inspect.FloatType, extra: Mapping[str, Any], pick: Pick) -> Any:
    low = kind.ge if kind.ge is not None else kind.gt if kind.gt is not None else -1e6
    high = kind.le if kind.le is not None else kind.lt if kind.lt is not None else 1e6
    return st.floats(
        low, high, exclude_min=kind.gt is not None, exclude_max=kind.lt is not None
    )


@_of.register
def _(kind: inspect.BoolType, extra: Mapping[str, Any], pick: Pick) -> Any:
    return st.booleans()


@_of.register
def _(kind: inspect.NoneType, extra: Mapping[str, Any], pick: Pick) -> Any:
    return st.none()


@_of.register
def _(kind: inspect.AnyType, extra: Mapping[str, Any], pick: Pick) -> Any:
    return st.just(extra["text"]) if "text" in extra else st.integers(0, 9) | WORDS


@_of.register
def _(kind: inspect.BytesType, extra: Mapping[str, Any], pick: Pick) -> Any:
    return st.binary(max_size=40)


@_of.register
def _(kind: inspect.DateTimeType, extra: Mapping[str, Any], pick: Pick) -> Any:
    zones = st.sampled_from(ZONES)
    return st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 31), timezones=zones)


@_of.register
def _(kind: inspect.DateType, extra: Mapping[str, Any], pick: Pick) -> Any:
    return DATES


@_of.register
def _(kind: inspect.TimeType, extra: Mapping[str, Any], pick: Pick) -> Any:
    return st.builds(time, st.integers(0, 23), st.integers(0, 59))


@_of.register
def _(kind: inspect.TimeDeltaType, extra: Mapping[str, Any], pick: Pick) -> Any:
    return st.integers(1, 600).map(lambda minutes: timedelta(minutes=minutes))


@_of.register
def _(kind: inspect.DecimalType, extra: Mapping[str, Any], pick: Pick) -> Any:
    return st.integers(-10_000, 1_000_000).map(lambda cents: Decimal(cents) / 100)


@_of.register
def _(kind: inspect.LiteralType, extra: Mapping[str, Any], pick: Pick) -> Any:
    return st.sampled_from(kind.values)


@_of.register
def _(kind: inspect.EnumType, extra: Mapping[str, Any], pick: Pick) -> Any:
    return st.sampled_from(list(kind.cls))


@_of.register
def _(kind: inspect.UnionType, extra: Mapping[str, Any], pick: Pick) -> Any:
    kinds = [one for one in kind.types if not isinstance(one, inspect.NoneType)]
    offered = kinds if "text" in extra else kind.types
    return st.one_of(*(_of(one, extra, pick) for one in offered))


@_of.register
def _(kind: inspect.VarTupleType, extra: Mapping[str, Any], pick: Pick) -> Any:
    return _several(kind, extra, pick).map(tuple)


@_of.register
def _(kind: inspect.ListType, extra: Mapping[str, Any], pick: Pick) -> Any:
    return _several(kind, extra, pick)


@_of.register(inspect.SetType)
@_of.register(inspect.FrozenSetType)
def _(kind: Any, extra: Mapping[str, Any], pick: Pick) -> Any:
    return _several(kind, extra, pick).map(frozenset)


@_of.register
def _(kind: inspect.TupleType, extra: Mapping[str, Any], pick: Pick) -> Any:
    return st.tuples(*(_of(one, extra, pick) for one in kind.item_types))


@_of.register
def _(kind: inspect.DictType, extra: Mapping[str, Any], pick: Pick) -> Any:
    keys, held = (_of(one, extra, pick) for one in (kind.key_type, kind.value_type))
    return st.dictionaries(keys, held, min_size=_least(kind, extra), max_size=3)


@_of.register
def _(kind: inspect.StructType, extra: Mapping[str, Any], pick: Pick) -> Any:
    fields = msgspec.structs.fields(kind.cls)
    if "text" in extra:
        drawn = all_saying(extra["text"], kind.cls, {field.name for field in fields})
    else:
        drawn = fields_of(kind.cls, pick)
    return drawn.map(lambda given: kind.cls(**given))


def _several(
    kind: Any, extra: Mapping[str, Any], pick: Pick
) -> st.SearchStrategy[list[Any]]:
    items = _of(kind.item_type, extra, pick)
    return st.lists(items, min_size=_least(kind, extra), max_size=3, unique_by=repr)


def _least(kind: Any, extra: Mapping[str, Any]) -> int:
    # An empty choice of records is no case worth driving; where text is put, put some.
    wanted = "text" in extra or "ref" in extra or _is_ref(getattr(kind, "item_type", None))
    return 1 if wanted else (kind.min_length or 0)


def _is_ref(kind: Any) -> bool:
    return isinstance(kind, inspect.Metadata) and "ref" in (kind.extra or {})
