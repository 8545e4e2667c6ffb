"""The shell's own commands: undo, history, trash, search, spaces, tags, import, capture."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from datetime import datetime
from typing import Annotated, Any

import msgspec

from mana_tui.importing import Imported, bring, sources
from mana_tui.scenes import COMMANDS as SCENES
from mana_tui.tagging import tag_set
from mana_tui.workspace import Workspace
from modules.sdk.command import Command, command
from modules.sdk.field import Line, says
from modules.sdk.listing import Col, Listing, Row, Said
from modules.sdk.slot import Export, resolve
from storage.change import Batch, Change, Undone
from storage.errors import NotFound, Refused, UserError
from storage.query import Query
from storage.record import Record
from storage.scope import Scope
from storage.space import Space, SpaceType
from storage.tag import Tag

Words = Annotated[str, says("free text")]
Ids = Annotated[tuple[str, ...], says("ids or short ids")]


# --- undo and history ---------------------------------------------------------------


def undone(context: Workspace, result: Undone | None) -> Said:
    """Say what an undo or redo did."""
    if result is None:
        return Said(text="There is nothing to undo.", data=None)
    text = f"{result.batch.title}."
    if result.kept:
        text += f" {len(result.kept)} fields were changed later and stay as they are."
    return Said(text=text, data=msgspec.to_builtins(result))


@command("Undo", effect="write", show="mana_tui.commands:undone", batch=False)
def undo(context: Workspace) -> Undone | None:
    """Undo the newest change of this space, also after a restart."""
    return context.store.undo()


@command("Redo", effect="write", show="mana_tui.commands:redone", batch=False)
def redo(context: Workspace) -> Undone | None:
    """Do again what was undone last."""
    return context.store.redo()


def redone(context: Workspace, result: Undone | None) -> Said:
    """Say what a redo did."""
    if result is None:
        return Said(text="There is nothing to redo.", data=None)
    return undone(context, result)


@command("Revert batch", show="mana_tui.commands:undone", batch=False)
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


@command("History", effect="read", show="mana_tui.commands:history_listing")
def history(
    context: Workspace,
    id: Annotated[str | None, msgspec.Meta(extra={"positional": True})] = None,
    limit: int = 50,
) -> list[Batch] | list[Change]:
    """What changed: of the space, or of one record by its id."""
    if id:
        return context.store.history(context.store.resolve(id)[1])[:limit]
    return context.store.batches(limit)


# --- search, show ----------------------------------------------------------------------


def hits_listing(context: Workspace, result: list[Any]) -> Listing:
    """Search results: where, what, and the words around the hit."""
    return Listing(
        columns=(Col(title="id", style="dim"), Col(title="kind", style="cyan"), Col(title="title", style="bold"),
                 Col(title="text", grow=True, style="dim")),
        rows=tuple(Row((hit.short or hit.id[-6:], hit.kind, hit.title, hit.snippet)) for hit in result),
        empty="Nothing found.",
    )  # fmt: skip


@command("Search", effect="read", show="mana_tui.commands:hits_listing")
def search(context: Workspace, query: Words, limit: int = 50) -> list[Any]:
    """Find records: words, "phrases", -not, tag:, kind:, is:open, due:<friday, …"""
    return context.search(query, limit)


@command("Show record", effect="read", name="show")
def show(context: Workspace, id: Annotated[str, says("an id or short id")]) -> Record:
    """Show any record by its id."""
    kind, full = context.store.resolve(id)
    return context.store.get(context.vault.catalog.kind(kind).record, full)


# --- trash --------------------------------------------------------------------------------


class Trashed(msgspec.Struct, frozen=True, kw_only=True):
    """A record in the trash."""

    id: str
    short: str
    kind: str
    title: str
    deleted: datetime


def _kinds(context: Workspace) -> list[Any]:
    return [k for k in context.vault.catalog.kinds() if context.space.type in k.spaces]


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
            deleted=r.deleted,
        )
        for k in _kinds(context)
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
def trash_purge(context: Workspace, ids: Ids = (), all: bool = False) -> Said:
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


# --- in and out ----------------------------------------------------------------------------------


def import_listing(context: Workspace, result: list[Imported]) -> Listing:
    """One line a source, then each refused item with its reason."""
    rows = [
        Row((one.source, one.format, f"{one.new} new, {one.changed} changed, {one.same} same"
             + (f", {one.trashed} in the trash" if one.trashed else "")
             + (f", {len(one.rejected)} refused" if one.rejected else "")))
        for one in result
    ]  # fmt: skip
    rows += [
        Row((one.source, "refused", f"{bad.item}: {bad.reason}"), "yellow")
        for one in result
        for bad in one.rejected
    ]
    dry = any(one.dry_run for one in result)
    return Listing(
        columns=(
            Col(title="source"),
            Col(title="format", style="cyan"),
            Col(title="result", grow=True),
        ),
        rows=tuple(rows),
        note="Nothing was changed: this was a dry run." if dry else "",
    )


@command("Import", show="mana_tui.commands:import_listing")
def import_(
    context: Workspace,
    files: Annotated[tuple[str, ...], msgspec.Meta(extra={"whole": True})],
    as_: Annotated[str, says("the format, where it cannot be told")] = "",
    dry_run: bool = False,
) -> list[Imported]:
    """Import files and folders: one undo, refused items are named, the rest goes on."""
    waiting = sys.stdin.buffer.read() if "-" in files else None
    with context.vault.rehearse() if dry_run else nullcontext():
        results = [bring(context, source, as_) for source in sources(files, waiting)]
    for one in results:
        one.dry_run = dry_run
    return results


@command("Export", effect="read", name="export")
def export(
    context: Workspace,
    format: Annotated[str, says("such as ics, todo.txt, markdown")],
    ids: Annotated[tuple[str, ...], says("only these records")] = (),
) -> Said:
    """Write a module's records in an open format to standard output."""
    known = {slot.format: slot for _, slot in context.slots(Export)}
    if format not in known:
        raise UserError(
            f"There is no format {format!r}.", hint=f"known: {', '.join(sorted(known))}"
        )
    full = tuple(context.store.resolve(id)[1] for id in ids) or None
    data = b"".join(resolve(known[format].write)(context, full))
    text = data.decode()
    return Said(text=text.rstrip("\n"), data=text)


# --- spaces and tags -----------------------------------------------------------------------------


def spaces_listing(context: Workspace, result: list[Space]) -> Listing:
    """A line a space; a star marks the active one."""
    return Listing(
        columns=(
            Col(title=""),
            Col(title="slug", style="cyan"),
            Col(title="name", grow=True),
            Col(title="type"),
        ),
        rows=tuple(
            Row(
                ("*" if one.id == context.space.id else "", one.slug, one.name, one.type),
                "dim" if one.archived else "",
            )
            for one in result
        ),
    )


@command(
    "List spaces", name="space.list", effect="read", show="mana_tui.commands:spaces_listing"
)
def space_list(context: Workspace) -> list[Space]:
    """The spaces of this vault."""
    return context.vault.spaces()


@command("New space", name="space.new", batch=False)
def space_new(context: Workspace, name: Line, type: SpaceType, slug: Line = "") -> Space:
    """Make a space: a context of its own for a family, club, team, brand or practice."""
    if type == "personal":
        raise Refused("There is one personal space, and it is there already.")
    return context.vault.new_space(name, slug or slugify(name), type)


@command("Switch space", name="space.switch", effect="read")
def space_switch(context: Workspace, space: Annotated[str, says("slug")]) -> Said:
    """Make another space the active one on this device."""
    from mana_tui.session import remember_space

    context.switch(space)
    if context.paths is not None:
        remember_space(context.paths, context.space.id)
    return Said(
        text=f"You are in {context.space.name}.", data={"space": context.space.slug}
    )


def slugify(name: str) -> str:
    """A slug from a name: lower case, words joined by dashes."""
    import unicodedata

    plain = (
        unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    )
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split()) or "space"


@command("List tags", name="tag.list", effect="read")
def tag_list(context: Workspace) -> list[Tag]:
    """The tags of this space."""
    return context.store.tags()


@command("New tag", name="tag.add")
def tag_add(context: Workspace, name: Line, color: Line = "", group: Line = "") -> Tag:
    """Make a tag."""
    return context.store.put(Tag(name=name.lstrip("#").strip(), color=color, group=group))


@command("Rename tag", name="tag.rename")
def tag_rename(context: Workspace, tag: Line, name: Line) -> Tag:
    """Give a tag another name; every record shows it at once."""
    return context.store.put(
        msgspec.structs.replace(_tag(context, tag), name=name.lstrip("#"))
    )


@command("Delete tag", name="tag.delete")
def tag_delete(context: Workspace, tag: Line) -> Tag:
    """Take a tag off every record and move it to the trash."""
    found = _tag(context, tag)
    _retag(context, found.id, ())
    return context.store.delete(Tag, found.id)


@command("Merge tags", name="tag.merge")
def tag_merge(context: Workspace, tag: Line, into: Line) -> Tag:
    """Give every record of one tag another tag instead."""
    gone, kept = _tag(context, tag), _tag(context, into)
    if gone.id == kept.id:
        raise UserError("These are the same tag.")
    _retag(context, gone.id, (kept.id,))
    context.store.delete(Tag, gone.id)
    return kept


def _retag(context: Workspace, gone: str, instead: tuple[str, ...]) -> None:
    from storage.query import tagged

    for kind in _kinds(context):
        for record in context.store.all(Query(kind.record).where(tagged(gone))):
            kept = tuple(t for t in record.tags if t != gone)
            tags = tuple(dict.fromkeys((*kept, *instead)))
            context.store.put(msgspec.structs.replace(record, tags=tags))


def _tag(context: Workspace, name: str) -> Tag:
    wanted = name.lstrip("#").casefold()
    for tag in context.store.tags():
        if tag.name.casefold() == wanted or name in (tag.id, tag.short):
            return tag
    raise NotFound(f"There is no tag {name!r}.", hint="mana tag list shows them")


# --- capture ----------------------------------------------------------------------------------------


@command("Capture", name="add", show="mana_tui.adding:added")
def add(context: Workspace, text: Words, dry_run: bool = False) -> Any:
    """Add anything in one line: `mana add "call Ada tomorrow 9:00 #home ~30m"`."""
    from mana_tui.adding import capture

    return capture(context, text, dry_run=dry_run)


SHELL: dict[str, Command[..., Any]] = {
    one.name: one
    for one in (
        undo, redo, revert, history, search, show, trash_list, trash_restore, trash_purge,
        import_, export, space_list, space_new, space_switch, tag_list, tag_add, tag_rename,
        tag_delete, tag_merge, tag_set, add,
    )
} | SCENES  # fmt: skip
"""The shell's commands by id, those of scenes and tags among them."""
