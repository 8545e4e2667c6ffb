"""Undo, redo, revert, history: what happened, and taking it back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from mana_tui.workspace import Workspace
from modules.sdk.command import command
from modules.sdk.field import says
from modules.sdk.listing import Col, Listing, Row, Said
from storage.change import Batch, Change, Undone
from storage.errors import NotFound


def undone(context: Workspace, result: Undone | None) -> Said:
    """Say what an undo or redo did."""
    if result is None:
        return Said(text="There is nothing to undo.", data=None)
    text = f"{result.batch.title}."
    if result.kept:
        text += f" {len(result.kept)} fields were changed later and stay as they are."
    return Said(text=text, data=msgspec.to_builtins(result))


@command("Undo", effect="write", show="mana_tui.commands.past:undone", batch=False)
def undo(context: Workspace) -> Undone | None:
    """Undo the newest change of this space, also after a restart."""
    return context.store.undo()


@command("Redo", effect="write", show="mana_tui.commands.past:redone", batch=False)
def redo(context: Workspace) -> Undone | None:
    """Do again what was undone last."""
    return context.store.redo()


def redone(context: Workspace, result: Undone | None) -> Said:
    """Say what a redo did."""
    if result is None:
        return Said(text="There is nothing to redo.", data=None)
    return undone(context, result)


@command("Revert batch", show="mana_tui.commands.past:undone", batch=False)
def revert(
    context: Workspace, batch: Annotated[str, says("a batch id from `mana history`")]
) -> Undone:
    """Undo one batch, however old, and keep what came after it."""
    fits = [
        b.id for b in context.store.batches(1000) if b.id == batch or b.id.endswith(batch)
    ]
    if len(fits) != 1:
        raise NotFound(f"There is no batch {batch!r}.", hint="mana history lists them")
    return context.store.revert(fits[0])


def history_listing(context: Workspace, result: list[Batch] | list[Change]) -> Listing:
    """Batches, or the changes of one record, newest first."""
    if result and isinstance(result[0], Change):
        return Listing(
            columns=(Col(title="when", style="dim"), Col(title="who"), Col(title="field", style="cyan"),
                     Col(title="change", grow=True)),
            rows=tuple(
                Row((_when(c.at, context), c.actor.name, c.field, _change(c)))
                for c in result if isinstance(c, Change)
            ),
        )  # fmt: skip
    return Listing(
        columns=(Col(title="batch", style="dim"), Col(title="when", style="dim"), Col(title="who"),
                 Col(title="what", grow=True)),
        rows=tuple(
            Row((b.id[-6:], _when(b.started, context), b.actor.name, b.title),
                "dim" if b.undone_by else "")
            for b in result if isinstance(b, Batch)
        ),
        empty="Nothing happened here yet.",
    )  # fmt: skip


def _when(at: datetime, context: Workspace) -> str:
    return at.astimezone(context.zone).strftime("%Y-%m-%d %H:%M")


def _change(change: Change) -> str:
    if change.field == "*":
        return "created" if change.before is None else "purged"
    return f"{_short(change.before)} → {_short(change.after)}"


def _short(value: Any) -> str:
    text = "nothing" if value is None or value == "" else str(value)
    return text if len(text) <= 60 else text[:59] + "…"


@command("History", effect="read", show="mana_tui.commands.past:history_listing")
def history(
    context: Workspace,
    id: Annotated[str | None, msgspec.Meta(extra={"positional": True})] = None,
    limit: int = 50,
) -> list[Batch] | list[Change]:
    """What changed: of the space, or of one record by its id."""
    if id:
        return context.store.history(context.store.resolve(id)[1])[:limit]
    return context.store.batches(limit)
