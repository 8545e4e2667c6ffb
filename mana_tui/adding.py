"""One-line capture without a screen: `mana add` and the capture bar do the same here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from modules.sdk.context import Context
from modules.sdk.listing import Col, Listing, Row
from modules.sdk.slot import Capture, resolve
from modules.sdk.text.capture import Captured, describe, kinds_of, parse
from storage.errors import UserError
from storage.record import Record

DEFAULT = "t"


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a captured line: what was understood, in words, and what became of it."""

    said: str
    captured: Captured
    record: Any = None


def slots(context: Context) -> dict[str, tuple[str, Capture]]:
    """Every kind of thing that can be captured in this space: letter to (module, slot)."""
    return {slot.letter: (name, slot) for name, slot in context.slots(Capture)}


def read(
    context: Context,
    text: str,
    *,
    default: str = DEFAULT,
    dismissed: Iterable[tuple[int, int]] = (),
) -> list[Captured]:
    """What a line says; `dismissed` are stretches that are to stay plain text."""
    return parse(
        text,
        now=context.now(),
        locale=context.locale,
        kinds=kinds_of(context.slots(Capture)),
        default=default,
        dismissed=frozenset(dismissed),
    )


def file(context: Context, captured: Captured) -> Record:
    """Run the command that makes what was captured."""
    _, slot = slots(context)[captured.kind]
    return context.run(slot.command, resolve(slot.values)(captured, context))


def capture(
    context: Context, text: str, *, default: str = DEFAULT, dry_run: bool = False
) -> list[Added]:
    """Read a line and make every item of it, as one undo; UserError when it says nothing."""
    if not text.strip():
        raise UserError("There is nothing to add.", hint='mana add "call Ada tomorrow 9:00"')
    found = read(context, text, default=default)
    return [
        Added(
            said=describe(one, context.locale),
            captured=one,
            record=None if dry_run else file(context, one),
        )
        for one in found
    ]


def added(context: Context, result: list[Added]) -> Listing:
    """A line for each item: its short id, its title, how it was understood."""
    dry = any(one.record is None for one in result)
    return Listing(
        columns=(
            Col(title="id", style="dim"),
            Col(title="title", style="bold"),
            Col(title="understood", grow=True),
        ),
        rows=tuple(
            Row((getattr(one.record, "short", ""), one.captured.title, one.said))
            for one in result
        ),
        note="Nothing was added: this was a dry run." if dry else "",
    )
