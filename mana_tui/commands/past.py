"""Undo, redo, revert, history: what happened, and taking it back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

import msgspec

from mana_tui.output import human, record_listing
from mana_tui.past import Difference, differences, marked, record_at, restore_field
from mana_tui.workspace import Workspace
from modules.sdk.command import command
from modules.sdk.field import says
from modules.sdk.listing import Col, Listing, Row, Said
from storage.activity import activity
from storage.change import Batch, Change, Undone
from storage.errors import NotFound, UserError
from storage.record import Record
from storage.transaction import EPOCH


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
    return context.store.revert(_batch(context, batch))


def _batch(context: Workspace, text: str) -> str:
    found = context.store.batches(10_000)
    fits = [one.id for one in found if one.id == text or one.id.endswith(text)]
    if len(fits) != 1:
        raise NotFound(f"There is no batch {text!r}.", hint="mana history lists them")
    return fits[0]


Past = list[Batch] | list[Change] | list[Difference] | Record


def history_listing(context: Workspace, result: Past) -> Listing:
    """Batches, the changes of one record, a record as it was, or what differs."""
    if isinstance(result, Record):
        return record_listing(result)
    if result and isinstance(result[0], Change):
        return Listing(
            columns=(Col(title="when", style="dim"), Col(title="who"), Col(title="field", style="cyan"),
                     Col(title="change", grow=True)),
            rows=tuple(
                Row((_when(c.at, context), c.actor.name, c.field, _change(c)))
                for c in result if isinstance(c, Change)
            ),
        )  # fmt: skip
    if result and isinstance(result[0], Difference):
        return Listing(
            columns=(Col(title="field", style="cyan"), Col(title="change", grow=True)),
            rows=tuple(
                Row((one.field, marked(one.pieces) or f"{_said(one.before)} → {_said(one.after)}"))
                for one in result if isinstance(one, Difference)
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
        empty="Nothing happened here then.",
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


def _said(value: Any) -> str:
    return _short(human(value))


@command("History", effect="read", show="mana_tui.commands.past:history_listing")
def history(
    context: Workspace,
    id: Annotated[str | None, msgspec.Meta(extra={"positional": True})] = None,
    limit: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 50,
    *,
    at: Annotated[datetime | None, says("the record as it was then")] = None,
    from_: Annotated[datetime | None, says("what changed in the record since then")] = None,
    to: Annotated[datetime | None, says("up to then (default: now)")] = None,
    actor: Annotated[str, says("only by: user, agent, system, or a name")] = "",
    module: Annotated[str, says("only in this module")] = "",
    day: Annotated[date | None, says("only on this day")] = None,
    batch: Annotated[str, says("every change of one batch")] = "",
) -> Past:
    """What changed: in the space, or in one record by its id.

    `mana history ID --at yesterday` shows a record as it was, `--from monday --to today`
    what became of it, word by word in long texts. `mana history restore` brings a field back.
    """
    if id:
        return _of_record(context, id, limit, at, from_, to)
    if at or from_ or to:
        raise UserError("Of which record?", hint="mana history ID --at WHEN")
    if batch:
        return context.store.changes(_batch(context, batch))[:limit]
    since = None if day is None else _midnight(context, day)
    until = None if day is None else _midnight(context, day + timedelta(days=1))
    return activity(
        context.vault, context.store.scope, actor=actor, module=module, since=since,
        until=until, limit=limit,
    )  # fmt: skip


def _of_record(
    context: Workspace,
    text: str,
    limit: int,
    *moments: datetime | None,
) -> Past:
    at, start, end = moments
    kind, id = context.store.resolve(text)
    if at is not None:
        return record_at(context.store, kind, id, at)
    if start is not None or end is not None:
        first = start or EPOCH
        return differences(context.store, kind, id, first, end or context.now())
    return context.store.history(id)[:limit]


def _midnight(context: Workspace, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=context.zone)


@command("Restore a field", name="history.restore")
def history_restore(
    context: Workspace,
    id: Annotated[str, says("the record")],
    field: Annotated[str, says("which of its fields")],
    *,
    at: Annotated[datetime | None, says("give it the value of then")] = None,
) -> Record:
    """Bring back the value one field had at a moment: `--at "yesterday 9:00"`."""
    if at is None:
        raise UserError("The value of when?", hint="--at yesterday")
    kind, full = context.store.resolve(id)
    return restore_field(context.store, kind, full, field, at)
