"""Records as they were: at a moment, between two moments, one field brought back.

Nothing here knows a screen: the command line and the inspector draw what these return.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec

from storage.errors import NotFound, Refused, UserError
from storage.record import Record
from storage.store import Store
from storage.table import SYSTEM_COLUMNS

Piece = tuple[Literal["same", "gone", "new"], str]
"""A stretch of text, and what became of it."""

_WORDS = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
MOST_WORDS = 4000
"""Texts of more words are compared line by line, of more lines as a whole."""

LONG = 60
"""Characters from which a text is compared word by word."""

_SILENT = frozenset({"id", "short", "space", "author", "created", "updated"})


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """How one field of a record differs between two moments. `pieces` has the changes
    within a long text, in order; it is empty for everything else."""

    field: str
    before: Any
    after: Any
    pieces: tuple[Piece, ...] = ()


def record_at(store: Store, kind: str, id: str, at: datetime) -> Record:
    """A record of any kind as it was at a moment; NotFound before it existed, or after it
    was gone."""
    found = store.as_of(store.table(kind).record, id, at)
    if found is None:
        raise NotFound("There was no such record then.", hint=f"mana history {id[-6:]}")
    return found


def differences(
    store: Store, kind: str, id: str, start: datetime, end: datetime
) -> list[Difference]:
    """What changed in a record between two moments, field by field in their order; before
    it existed every field was empty."""
    record = store.table(kind).record
    if end < start:
        start, end = end, start
    one, other = store.as_of(record, id, start), store.as_of(record, id, end)
    found = []
    for name in record.__struct_fields__:
        before, after = (_get(each, name, store) for each in (one, other))
        if name not in _SILENT and before != after:
            pieces = tuple(compare(before, after)) if _long(before, after) else ()
            found.append(Difference(field=name, before=before, after=after, pieces=pieces))
    return found


def _get(record: Record | None, name: str, store: Store) -> Any:
    value = None if record is None else getattr(record, name)
    if name == "tags" and value is not None:
        names = store.tag_names()
        return tuple(sorted(str(names.get(tag, tag)) for tag in value))
    return None if value in ("", (), {}) else value


def _long(before: Any, after: Any) -> bool:
    texts = [one for one in (before, after) if isinstance(one, str)]
    return len(texts) == 2 and max(map(len, texts)) > LONG


def restore_field(store: Store, kind: str, id: str, field: str, at: datetime) -> Record:
    """Give one field the value it had at a moment, and leave the rest as it is."""
    record: type[Record] = store.table(kind).record
    free = [n for n in record.__struct_fields__ if n not in SYSTEM_COLUMNS]
    if field not in free:
        raise UserError(
            f"There is no field {field!r} to bring back.", hint=f"known: {', '.join(free)}"
        )
    now = store.get(record, id)
    if now.deleted is not None:
        raise Refused("It is in the trash.", hint=f"mana trash restore {now.short}")
    then = record_at(store, kind, id, at)
    return store.put(msgspec.structs.replace(now, **{field: getattr(then, field)}))


# --- texts ---------------------------------------------------------------------------------


def compare(before: str, after: str) -> Iterator[Piece]:
    """The pieces of two texts: joined without the new ones they are the first, without
    those gone the second."""
    one, other = _cut(before, after)
    from difflib import SequenceMatcher

    match = SequenceMatcher(None, one, other, autojunk=False)
    for tag, a, b, c, d in match.get_opcodes():
        if tag == "equal":
            yield "same", "".join(one[a:b])
            continue
        if b > a:
            yield "gone", "".join(one[a:b])
        if d > c:
            yield "new", "".join(other[c:d])


def _cut(before: str, after: str) -> tuple[list[str], list[str]]:
    for pattern in (_WORDS, _LINES):
        parts = pattern.findall(before), pattern.findall(after)
        if max(map(len, parts)) <= MOST_WORDS:
            return parts
    return [before], [after]


def marked(pieces: tuple[Piece, ...], context: int = 30) -> str:
    """Pieces as one text: `[-gone-]{+new+}`, long unchanged stretches shortened."""
    said = []
    for number, (what, text) in enumerate(pieces):
        if what == "gone":
            said.append(f"[-{text}-]")
        elif what == "new":
            said.append(f"{{+{text}+}}")
        else:
            first, last = number == 0, number == len(pieces) - 1
            said.append(_shorter(text, context, first=first, last=last))
    return "".join(said)


def _shorter(text: str, context: int, *, first: bool, last: bool) -> str:
    if len(text) <= 2 * context + 1:
        return text
    head = "" if first else text[:context]
    tail = "" if last else text[-context:]
    return f"{head}…{tail}"
