"""Archives: everything in plain files, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec

from mana_tui.workspace import Workspace
from modules.sdk.command import command
from modules.sdk.field import says
from modules.sdk.listing import Said
from modules.sdk.slot import Export, resolve
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
