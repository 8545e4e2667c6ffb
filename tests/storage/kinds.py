"""Small kinds of record for the storage tests; the store knows no real module."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec

from storage.errors import NotFound
from storage.kind import Kind, describe
from storage.link import Link
from storage.record import Record, kind_of
from storage.space import Member, Space
from storage.tag import Tag


class Task(
    Record,
    kind="todo.task",
    indexes=(("done", "due"), ("slug",)),
    unique=(("slug",),),
    parent="parent",
):
    """Something to do."""

    title: str
    notes: Annotated[str, msgspec.Meta(extra={"multiline": True})] = ""
    slug: str = ""
    due: date | None = None
    done: datetime | None = None
    priority: int = 0
    parent: Annotated[str, msgspec.Meta(extra={"ref": "Task"})] | None = None


class Place(msgspec.Struct, frozen=True):
    """A nested value."""

    name: str
    height: float = 0.0


class Note(Record, kind="notes.note", parent="task"):
    """One field of every type."""

    title: str
    text: Annotated[str, msgspec.Meta(extra={"multiline": True})] = ""
    task: Annotated[str, msgspec.Meta(extra={"ref": Task})] | None = None
    at: datetime | None = None
    day: date | None = None
    wall: time | None = None
    length: timedelta | None = None
    cost: Decimal | None = None
    score: float = 0.0
    stars: int | None = None
    open: bool = True
    mood: Literal["calm", "happy"] = "calm"
    picture: bytes = b""
    place: Place | None = None
    items: tuple[str, ...] = ()
    counts: dict[str, int] = {}


class Mood(Record, kind="mood.mood"):
    """Personal spaces only."""

    level: int
    note: str = ""


RECORDS: tuple[type[Record], ...] = (Space, Member, Tag, Link, Task, Note)


class Catalog:
    """Kinds by name; `extra` may replace one with another version of itself."""

    def __init__(self, *extra: type[Record]) -> None:
        found = [describe(record) for record in (*RECORDS, *extra)]
        found.append(describe(Mood, frozenset({"personal"})))
        self._kinds = {kind_of(kind.record): kind for kind in found}

    def kind(self, name: str) -> Kind:
        """The kind of this name."""
        if name not in self._kinds:
            raise NotFound(f"no kind {name}")
        return self._kinds[name]

    def kinds(self) -> tuple[Kind, ...]:
        """Every kind."""
        return tuple(self._kinds.values())


def everything(db: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every column of every record table, the tags carried: what undo must restore."""
    names = [row[0] for row in db.rows("SELECT DISTINCT name FROM kind")]
    tables = {name: name.replace(".", "_") for name in names}
    found = {
        name: sorted(db.rows(f'SELECT * FROM "{table}"'), key=repr)
        for name, table in tables.items()
    }
    found["tagging"] = sorted(db.rows("SELECT kind, record, tag FROM tagging"))
    return {name: rows for name, rows in found.items() if rows}
