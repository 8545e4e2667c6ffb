"""What search reads of a record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import msgspec

from storage.kind import Kind
from storage.record import Record

DATES = ("due", "start", "date", "day", "at", "when")
STATES = ("open", "done", "unread", "starred")


class Document(msgspec.Struct, kw_only=True):
    """A record as search sees it.

    `date` is its main date (due, start, day); `state` any of open, done, unread,
    starred. Tags are added by the index, by name.
    """

    title: str = ""
    body: str = ""
    people: str | Sequence[str] = ""
    date: date | datetime | None = None
    state: str | Sequence[str] = ()

    @property
    def states(self) -> tuple[str, ...]:
        """`state` as a tuple."""
        return (
            (self.state,)
            if isinstance(self.state, str) and self.state
            else tuple(self.state)
        )

    @property
    def names(self) -> str:
        """`people` as one text."""
        return self.people if isinstance(self.people, str) else "\n".join(self.people)


def default_document(kind: Kind, record: Record) -> Document:
    """Title and text fields as the record declares them; date and state by field names."""
    return Document(
        title=words(getattr(record, kind.title)),
        body="\n".join([text for n in kind.search if (text := words(getattr(record, n)))]),
        date=_main_date(record),
        state=_states(record),
    )


def words(value: Any) -> str:
    """A field's value as text to search."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, (tuple, list, frozenset)):
        return "\n".join(words(one) for one in value)
    if isinstance(value, dict):
        return "\n".join(words(one) for one in value.values())
    if isinstance(value, msgspec.Struct):
        return "\n".join(words(getattr(value, name)) for name in value.__struct_fields__)
    return str(value)


def _main_date(record: Record) -> date | None:
    for name in DATES:
        value = getattr(record, name, None)
        if isinstance(value, date):
            return value
    return None


def _states(record: Record) -> tuple[str, ...]:
    found: list[str] = []
    if "done" in record.__struct_fields__:
        found.append("done" if getattr(record, "done", None) else "open")
    if "read" in record.__struct_fields__ and not getattr(record, "read", None):
        found.append("unread")
    if getattr(record, "starred", False):
        found.append("starred")
    return tuple(found)
