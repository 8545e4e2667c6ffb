"""Any record: search, show, the trash."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from mana_tui.workspace import Workspace
from modules.sdk.command import command
from modules.sdk.field import says
from modules.sdk.listing import Col, Listing, Row, Said
from storage.errors import Refused, UserError
from storage.query import Query
from storage.record import Record
from storage.scope import Scope

Words = Annotated[str, says("free text")]
Ids = Annotated[tuple[str, ...], says("ids or short ids")]


def hits_listing(context: Workspace, result: list[Any]) -> Listing:
    """Search results: where, what, and the words around the hit."""
    return Listing(
        columns=(Col(title="id", style="dim"), Col(title="kind", style="cyan"), Col(title="title", style="bold"),
                 Col(title="text", grow=True, style="dim")),
        rows=tuple(Row((hit.short or hit.id[-6:], hit.kind, hit.title, hit.snippet)) for hit in result),
        empty="Nothing found.",
    )  # fmt: skip


@command("Search", effect="read", show="mana_tui.commands.records:hits_listing")
def search(context: Workspace, query: Words, limit: int = 50) -> list[Any]:
    """Find records: words, "phrases", -not, tag:, kind:, is:open, due:<friday, …"""
    return context.search(query, limit)


@command("Show record", effect="read", name="show")
def show(context: Workspace, id: Annotated[str, says("an id or short id")]) -> Record:
    """Show any record by its id."""
    kind, full = context.store.resolve(id)
    return context.store.get(context.vault.catalog.kind(kind).record, full)


class Trashed(msgspec.Struct, frozen=True, kw_only=True):
    """A record in the trash."""

    id: str
    short: str
    kind: str
    title: str
    deleted: datetime


def _bin(context: Workspace) -> Scope:
    return msgspec.structs.replace(context.store.scope, state="trash", tags=())


@command("List the trash", name="trash.list", effect="read")
def trash_list(context: Workspace, limit: int = 200) -> list[Trashed]:
    """What is in the trash, newest first."""
    store = context.store.within(_bin(context))
    found = [
        Trashed(
            id=r.id,
            short=r.short,
            kind=k.name,
            title=str(getattr(r, k.title)),
            deleted=r.deleted or r.updated,
        )
        for k in context.kinds()
        for r in store.all(Query(k.record).order("-deleted").limit(limit))
    ]
    return sorted(found, key=lambda one: one.deleted, reverse=True)[:limit]


@command("Restore from the trash", name="trash.restore")
def trash_restore(context: Workspace, ids: Ids) -> list[Record]:
    """Bring records back from the trash."""
    return [context.store.restore(*_record(context, id)) for id in ids]


@command(
    "Purge from the trash",
    name="trash.purge",
    asks="End these records for ever?",
    batch=False,
)
def trash_purge(
    context: Workspace,
    ids: Annotated[
        tuple[str, ...],
        msgspec.Meta(description="ids or short ids", extra={"positional": True}),
    ] = (),
    all: Annotated[bool, says("everything that is in the trash")] = False,
) -> Said:
    """End records in the trash for ever: their rows, history and search entries."""
    if all:
        ids = tuple(one.id for one in trash_list(context, 1_000_000))
    elif not ids:
        raise UserError("Say which records, or --all.")
    for id in ids:
        record, full = _record(context, id)
        if context.store.get(record, full).deleted is None:
            raise Refused(
                "Only what is in the trash can be purged.", hint="delete it first"
            )
        context.store.purge(record, full)
    return Said(text=f"{len(ids)} purged.", data={"purged": len(ids)})


def _record(context: Workspace, id: str) -> tuple[type[Record], str]:
    kind, full = context.store.resolve(id)
    return context.vault.catalog.kind(kind).record, full
