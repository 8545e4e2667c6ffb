"""What a module offers the rest of the workspace. Slots are data: functions are named by
import path (`modules.todo.slots:spans`) so that a manifest stays light."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

import msgspec


def resolve(path: str | Callable[..., Any]) -> Any:
    """Import what a path names; a function is returned as it is."""
    if not isinstance(path, str):
        return path
    module, _, attribute = path.partition(":")
    return getattr(import_module(module), attribute)


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every slot."""


# --- time ---------------------------------------------------------------------------


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time on the shared agenda.

    `start` and `end` are aware instants, half open; an all-day span carries `day` and
    `last_day` (inclusive) as well and keeps them whatever the zone. `kind` and `record`
    name the record behind it.
    """

    title: str
    start: datetime
    end: datetime
    kind: str
    record: str
    space: str = ""
    day: date | None = None
    last_day: date | None = None
    actual: bool = False
    done: bool = False
    busy: bool = True
    group: str = ""
    color: str = ""
    icon: str = ""
    place: str = ""


class Agenda(Slot, frozen=True, kw_only=True):
    """`spans(context, start, end) -> list[Span]` between two aware instants."""

    title: str
    spans: str


class TodayLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the day at a glance."""

    text: str
    section: str
    kind: str = ""
    record: str = ""
    icon: str = ""
    weight: int = 0
    done: bool | None = None
    late: bool = False
    at: datetime | None = None
    minutes: int = 0


class Today(Slot, frozen=True, kw_only=True):
    """`lines(context, day) -> list[TodayLine]`; the smaller the order, the higher."""

    title: str
    lines: str
    order: int = 50


# --- one-line capture -----------------------------------------------------------------


class Capture(Slot, frozen=True, kw_only=True):
    """A kind of thing the capture bar can make.

    `letter` and `words` start a line (`e Dentist tomorrow 9`); `command` is run with the
    values that `values(captured, context) -> dict` gives. `parts(text, locale)` may
    recognise further parts of its own (see `modules.sdk.text.capture`). `takes` names the
    parts of the grammar it understands (default: the usual ones); everything else stays
    in the title. `past` takes a date without a year as gone by.
    """

    letter: str
    title: str
    command: str
    values: str
    words: tuple[str, ...] = ()
    parts: str = ""
    takes: tuple[str, ...] = ()
    past: bool = False


# --- search, seeds -----------------------------------------------------------------------


class Search(Slot, frozen=True, kw_only=True):
    """Replaces what search reads of one kind: `document(record) -> dict` with any of
    title, body, people, date, state (open, done, unread, starred)."""

    kind: str
    document: str


class Detail(Slot, frozen=True, kw_only=True):
    """Replaces the view of one record of a kind: `view` names a class like
    `modules.sdk.ui.detail:DetailView`, made with `record` and `id`."""

    kind: str
    view: str


class Seed(Slot, frozen=True, kw_only=True):
    """Sample records: `records(context, count, random, **options) -> Iterator[Record]`, the
    same for the same random.Random, `count` being this module's share of all. It may make
    tags and links through the store as it goes."""

    records: str
    share: float = 1.0
    options: Mapping[str, Any] = {}


# --- in and out -----------------------------------------------------------------------------


class Rejected(msgspec.Struct, frozen=True, kw_only=True):
    """One item an importer could not use; the rest goes on."""

    item: str
    reason: str
    raw: str = ""


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A file or folder to import; `-` is standard input."""

    path: Path
    data: bytes | None = None

    def read(self, most: int = 256 * 2**20) -> bytes:
        """Its bytes; UserError when there are more than `most`."""
        from storage.errors import UserError

        if self.data is not None:
            found = self.data
        else:
            with self.path.open("rb") as file:
                found = file.read(most + 1)
        if len(found) > most:
            raise UserError(f"{self.path.name} is larger than {most // 2**20} MB.")
        return found


class Import(Slot, frozen=True, kw_only=True):
    """A format that can be read.

    `detect(path, head) -> bool` looks at the name and the first 4 KB (or the folder);
    `read(context, source) -> Iterator[Record | Rejected]` yields records with stable ids,
    so that importing twice changes nothing. It may make tags; it runs in a transaction
    that a dry run rolls back.
    """

    format: str
    title: str
    detect: str
    read: str
    folder: bool = False


class Export(Slot, frozen=True, kw_only=True):
    """A format that can be written: `write(context, ids | None) -> Iterator[bytes]`."""

    format: str
    title: str
    write: str
    extension: str


# --- reminders, small pictures ------------------------------------------------------------------


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """Something to say at a moment."""

    at: datetime
    text: str
    kind: str
    record: str


class Remind(Slot, frozen=True, kw_only=True):
    """`reminders(context, since, until) -> list[Reminder]`."""

    reminders: str


class Measure(Slot, frozen=True, kw_only=True):
    """A number per day that goals can count: `value(context, start, end) -> float`."""

    name: str
    title: str
    value: str
    unit: str = ""


Effect = Literal["read", "write", "outside"]


def stable_id(*parts: str) -> str:
    """A record id that is always the same for the same parts (kind, space, foreign id)."""
    from hashlib import blake2b

    from storage.record import encode_id

    digest = blake2b("\x1f".join(parts).encode(), digest_size=16, person=b"mana-id")
    return encode_id(int.from_bytes(digest.digest()))
