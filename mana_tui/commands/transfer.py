"""In and out: imports, exports, one-line capture."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from typing import Annotated, Any

import msgspec

from mana_tui.importing import Imported, bring, sources
from mana_tui.workspace import Workspace
from modules.sdk.command import command
from modules.sdk.field import says
from modules.sdk.listing import Col, Listing, Raw, Row
from modules.sdk.slot import Export, resolve
from storage.errors import UserError

Words = Annotated[str, says("free text")]


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


@command("Import", show="mana_tui.commands.transfer:import_listing")
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
) -> Raw:
    """Write a module's records in an open format to standard output."""
    known = {slot.format: slot for _, slot in context.slots(Export)}
    if format not in known:
        raise UserError(
            f"There is no format {format!r}.", hint=f"known: {', '.join(sorted(known))}"
        )
    full = tuple(context.store.resolve(id)[1] for id in ids) or None
    return Raw(data=b"".join(resolve(known[format].write)(context, full)))


@command("Capture", name="add", show="mana_tui.adding:added")
def add(context: Workspace, text: Words, dry_run: bool = False) -> Any:
    """Add anything in one line: `mana add "call Ada tomorrow 9:00 #home ~30m"`."""
    from mana_tui.adding import capture

    return capture(context, text, dry_run=dry_run)
