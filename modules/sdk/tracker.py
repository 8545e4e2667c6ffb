"""A module that is one kind of record, logged over time: everything else is derived."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec

from modules.sdk.command import Command
from modules.sdk.context import Context
from modules.sdk.field import Ref, says
from modules.sdk.module import PERSONAL, Module, Pane
from modules.sdk.setting import Setting
from modules.sdk.slot import Capture, Seed, Slot
from storage.errors import UserError
from storage.query import Query
from storage.record import Record, kind_of
from storage.space import SpaceType


def tracker(
    record: type[Record],
    *,
    title: str,
    icon: str,
    ask: tuple[str, ...],
    summary: str = "",
    chart: str = "",
    unit: str = "",
    total: bool = False,
    target: float | None = None,
    letter: str = "",
    go: str = "",
    presets: tuple[Mapping[str, Any], ...] = (),
    spaces: tuple[SpaceType, ...] = PERSONAL,
    slots: tuple[Slot, ...] = (),
    settings: tuple[Setting, ...] = (),
    empty: str = "",
) -> Module:
    """Make a module of one record type.

    `ask` names the fields a log line asks for, in order. `chart` is the number that is
    drawn per day: its average, or its sum where `total` is set, against `target`.
    `presets` are ready-made values offered with one key each. A record has a field `at`
    (a datetime) or is dated by its `created`.
    """
    name = kind_of(record).partition(".")[0]
    takes = _asked(record, ask)
    commands = (
        Command(_log(record), f"Log {title.lower()}", name="log", key="a", takes=takes),
        Command(
            _list(record),
            f"List {title.lower()}",
            name="list",
            effect="read",
            takes=msgspec.defstruct(
                "List", [("limit", int, 50)], kw_only=True, forbid_unknown_fields=True
            ),
        ),
        Command(
            _edit(record), "Edit entry", name="edit", key="e", takes=_edits(record, ask)
        ),
        Command(
            _delete(record),
            "Delete entries",
            name="delete",
            key="d",
            takes=_refs(record, "Delete"),
        ),
    )
    options: dict[str, Any] = {
        "record": record,
        "ask": ask,
        "chart": chart,
        "unit": unit,
        "total": total,
        "target": target,
        "presets": presets,
    }
    offered: tuple[Slot, ...] = slots
    if letter:
        offered = (
            *offered,
            Capture(
                letter=letter,
                words=(name,),
                title=title,
                command=f"{name}.log",
                values="modules.sdk.tracker:captured",
            ),
        )
    if not any(isinstance(slot, Seed) for slot in offered):
        offered = (
            *offered,
            Seed(
                records="modules.sdk.seeding:entries",
                share=0.2,
                options={"record": record, "presets": presets},
            ),
        )
    return Module(
        name=name,
        title=title,
        icon=icon,
        go=go,
        summary=summary or f"Log {title.lower()} and see how it goes.",
        spaces=spaces,
        records=(record,),
        commands=commands,
        slots=offered,
        settings=settings,
        empty=empty,
        panes=(
            Pane(
                name=name,
                title=title,
                view="modules.sdk.ui.tracker:TrackerView",
                options=options,
            ),
        ),
    )


def _fields(record: type[Record]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.name: field for field in msgspec.structs.fields(record)}


def _asked(record: type[Record], ask: tuple[str, ...]) -> type[msgspec.Struct]:
    fields = _fields(record)
    spoken = msgspec.Meta(extra={"positional": True})
    asked: list[Any] = []
    for name in ask:
        kind = Annotated[fields[name].type, spoken]
        asked.append(
            (name, kind) if fields[name].required else (name, kind, fields[name].default)
        )
    if "at" in fields and "at" not in ask:
        asked.append(("at", Annotated[datetime | None, says("when; default: now")], None))
    return msgspec.defstruct("Log", asked, kw_only=True, forbid_unknown_fields=True)


def _edits(record: type[Record], ask: tuple[str, ...]) -> type[msgspec.Struct]:
    fields = _fields(record)
    return msgspec.defstruct(
        "Edit",
        [("entry", Ref[record]), *((n, fields[n].type | None, None) for n in ask)],  # type: ignore[valid-type]
        kw_only=True,
        forbid_unknown_fields=True,
    )


def _refs(record: type[Record], name: str) -> type[msgspec.Struct]:
    return msgspec.defstruct(
        name,
        [("entries", tuple[Ref[record], ...])],  # type: ignore[valid-type]
        kw_only=True,
        forbid_unknown_fields=True,
    )


def _log(record: type[Record]) -> Any:
    def log(context: Context, **values: Any) -> Record:
        """Log an entry."""
        given = {name: value for name, value in values.items() if value is not None}
        if "at" in record.__struct_fields__:
            given.setdefault("at", context.now())
        return context.store.put(record(**given))

    return log


def _list(record: type[Record]) -> Any:
    def list_(context: Context, limit: int) -> list[Record]:
        """List entries, newest first."""
        order = "-at" if "at" in record.__struct_fields__ else "-created"
        return context.store.all(Query(record).order(order).limit(limit))

    return list_


def _edit(record: type[Record]) -> Any:
    def edit(context: Context, entry: str, **values: Any) -> Record:
        """Change an entry."""
        given = {name: value for name, value in values.items() if value is not None}
        if not given:
            raise UserError("Say what to change.", hint=", ".join(values))
        found = context.store.get(record, entry)
        return context.store.put(msgspec.structs.replace(found, **given))

    return edit


def _delete(record: type[Record]) -> Any:
    def delete(context: Context, entries: tuple[str, ...]) -> list[Record]:
        """Move entries to the trash."""
        return [context.store.delete(record, entry) for entry in entries]

    return delete


def captured(line: Any, context: Context) -> dict[str, Any]:
    """What a captured line says, as values of the log command: the words in order."""
    module = sys.modules["modules.sdk.registry"].load(line.module)
    params = module.commands[0].params
    words = line.title.split(None, max(len(params) - 2, 0)) if line.title else []
    return {param.name: word for param, word in zip(params, words, strict=False)}
