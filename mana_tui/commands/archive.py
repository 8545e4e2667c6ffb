"""Archives: everything in plain files, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec

from mana_tui.workspace import Workspace
from modules.sdk.command import command
from modules.sdk.field import says
from modules.sdk.listing import Col, Listing, Row, Said
from modules.sdk.slot import Export, resolve
from storage.portable.merge import Prefer, Taken
from storage.portable.read import Archive, Problem
from storage.space import Space

Folder = Annotated[str, says("a folder")]


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What was written where."""

    folder: str
    spaces: dict[str, int]
    files: int
    bytes: int
    history: bool
    problems: list[str] = []


def written(context: Workspace, result: Written) -> Said:
    """How much, where, and that it is not encrypted."""
    records = sum(result.spaces.values())
    lines = [
        f"{records:,} records of {', '.join(result.spaces)} are in {result.folder}:",
        f"{result.files} files, {result.bytes / 2**20:.1f} MB.",
        *(f"! {problem}" for problem in result.problems),
        "It is not encrypted. `mana archive check` tells whether it is whole.",
    ]
    return Said(text="\n".join(lines))


@command(
    "Write an archive",
    name="archive.write",
    effect="outside",
    batch=False,
    show="mana_tui.commands.archive:written",
)
def archive_write(
    context: Workspace,
    folder: Folder,
    *,
    only: Annotated[tuple[str, ...], says("only these spaces (default: all)")] = (),
    history: Annotated[bool, says("every change ever made, too")] = False,
    readable: Annotated[bool, says("Markdown, iCalendar, todo.txt … as well")] = True,
) -> Written:
    """Write everything into a new folder, in plain files that need no mana to be read.

    One folder per space: JSON lines with every field of every record, the trash too, and
    the same again in the formats of each module. The result is not encrypted.
    `mana archive read` brings it back, `mana export` writes one format to a pipe.
    """
    from mana_tui.setup import VERSION
    from storage.portable.write import write_archive

    wanted = {context.vault.scope(word).space for word in only}
    spaces = [s for s in context.vault.spaces() if not only or s.id in wanted]
    path = Path(folder).expanduser()
    here = context.space.id
    try:
        made = write_archive(
            context.vault,
            path,
            spaces,
            program=f"mana {VERSION}",
            history=history,
            twins=lambda space: _twins(context, space) if readable else (),
            progress=context.progress,
        )
    finally:
        context.switch(here)
    return Written(
        folder=str(path),
        spaces={one.slug: sum(one.counts.values()) for one in made.spaces},
        files=len(made.files) + 1,
        bytes=sum(one.bytes for one in made.files.values()),
        history=history,
        problems=made.problems,
    )


def _twins(context: Workspace, space: Space) -> Iterator[tuple[str, Iterator[bytes]]]:
    context.switch(space.id)
    for module, slot in context.slots(Export):
        end = f".{slot.extension}"
        name = slot.format if slot.format.endswith(end) else slot.format + end
        yield f"{module}/{name}", resolve(slot.write)(context, None)


# --- back ---------------------------------------------------------------------------------


def taken(context: Workspace, result: list[Taken]) -> Listing:
    """A line for each kind of each space, then what was not taken, and why."""
    rows = [
        Row((one.space, kind, _counted(counts)))
        for one in result
        for kind, counts in one.kinds.items()
    ]
    rows += [
        Row((one.space, "history", f"{one.changes:,} changes"))
        for one in result
        if one.changes
    ]
    for one in result:
        rows += [
            Row((one.space, kind, "kept until its module is installed"), "yellow")
            for kind in one.without_module
        ]
        rows += [
            Row((one.space, "left", f"{said.item}: {said.reason}"), "yellow")
            for said in one.rejected[:SHOWN]
        ]
        more = len(one.rejected) - SHOWN + one.more
        if more > 0:
            rows.append(Row((one.space, "left", f"and {more:,} more"), "yellow"))
    dry = any(one.dry_run for one in result)
    return Listing(
        columns=(Col(title="space"), Col(title="kind", style="cyan"), Col(title="", grow=True)),
        rows=tuple(rows),
        empty="The archive holds nothing.",
        note="Nothing was changed: this was a dry run." if dry else "",
    )  # fmt: skip


SHOWN = 50
"""What was not taken, line by line, at most; --json lists more."""


def _counted(counts: Any) -> str:
    said = {
        "new": counts.new,
        "same": counts.same,
        "replaced by later ones": counts.replaced,
        "kept, the vault's are later": counts.kept,
    }
    return ", ".join(f"{many:,} {word}" for word, many in said.items() if many) or "nothing"


@command(
    "Read an archive",
    name="archive.read",
    batch=False,
    show="mana_tui.commands.archive:taken",
)
def archive_read(
    context: Workspace,
    folder: Folder,
    *,
    only: Annotated[tuple[str, ...], says("only these spaces of it")] = (),
    history: Annotated[bool, says("the history, too; into an empty vault")] = False,
    prefer: Annotated[Prefer, says("whose record stays where both have one")] = "newer",
    partly: Annotated[bool, says("take what is whole of a damaged archive")] = False,
    dry_run: bool = False,
) -> list[Taken]:
    """Bring an archive's records back: into an empty vault, or beside what is there.

    What is the same stays, a later version replaces an earlier one, what was changed on
    both sides is left alone and named. One undo in each space. Look first: --dry-run.
    """
    from storage.portable.take import take_archive

    archive = Archive.open(Path(folder).expanduser())
    here = context.space.slug
    try:
        return take_archive(
            context.vault, archive, only=only, history=history, prefer=prefer,
            partly=partly, dry_run=dry_run, progress=context.progress,
        )  # fmt: skip
    finally:
        context.switch(here)


def checked(context: Workspace, result: list[Problem]) -> Listing:
    """What is wrong, file by file."""
    return Listing(
        columns=(Col(title="where", style="yellow"), Col(title="what", grow=True)),
        rows=tuple(Row((one.item, one.reason)) for one in result),
        empty="It is whole.",
    )


@command(
    "Check an archive",
    name="archive.check",
    effect="read",
    show="mana_tui.commands.archive:checked",
)
def archive_check(context: Workspace, folder: Folder) -> list[Problem]:
    """Compare every file of an archive with what was written, line by line."""
    archive = Archive.open(Path(folder).expanduser())
    return list(archive.damage(list(archive.index.files), context.progress))
