"""The program itself: modules, version, completion, the demo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec

from modules.sdk.command import command
from modules.sdk.field import Line, says
from modules.sdk.listing import Col, Listing, Row, Said
from storage.space import SPACE_TYPES

if TYPE_CHECKING:
    pass
from mana_tui.setup import VERSION, Setup


class ModuleInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A module as `mana modules` shows it; `broken` says why one cannot be used."""

    name: str
    title: str = ""
    icon: str = ""
    summary: str = ""
    spaces: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    broken: str = ""


def modules_listing(setup: Setup, result: list[ModuleInfo]) -> Listing:
    """A line a module."""
    return Listing(
        columns=(
            Col(title=""),
            Col(title="name", style="cyan"),
            Col(title="title", style="bold"),
            Col(title="what", grow=True),
            Col(title="spaces", style="dim"),
        ),
        rows=tuple(
            Row(("!", one.name, "", one.broken, "broken"), "red")
            if one.broken
            else Row((one.icon, one.name, one.title, one.summary, _spaces(one.spaces)))
            for one in result
        ),
    )


def _spaces(spaces: tuple[str, ...]) -> str:
    return "all" if len(spaces) == len(SPACE_TYPES) else ", ".join(spaces)


@command("List modules", effect="read", show="mana_tui.commands.program:modules_listing")
def modules(setup: Setup) -> list[ModuleInfo]:
    """The modules there are, and the spaces each is for."""
    from modules.sdk import registry

    found = [
        ModuleInfo(
            name=m.name,
            title=m.title,
            icon=m.icon,
            summary=m.summary,
            spaces=m.spaces,
            commands=tuple(command.name for command in m.commands),
        )
        for m in registry.all_modules()
    ]
    return found + [ModuleInfo(name=n, broken=why) for n, why in registry.broken.items()]


@command("Version", effect="read")
def version(setup: Setup) -> Said:
    """The program's version and its output format's."""
    return Said(text=f"mana {VERSION}", data={"mana": VERSION, "json": 1})


@command("Shell completion", effect="read")
def completion(setup: Setup, shell: Annotated[Line, says("bash, zsh or fish")]) -> Said:
    """Print a completion script: `source <(mana completion bash)`."""
    from mana_tui.completion import script

    text = script(shell)
    return Said(text=text, data=text)


@command("Complete", effect="read")
def complete(
    setup: Setup,
    words: Annotated[
        tuple[str, ...], msgspec.Meta(extra={"positional": True, "whole": True})
    ] = (),
) -> Said:
    """What could come next on the command line (used by the completion scripts)."""
    from mana_tui.completion import candidates

    found = candidates(setup, list(words))
    return Said(text="\n".join(found), data=found)


@command("Demo", batch=False)
def demo(
    setup: Setup,
    *,
    records: Annotated[
        int, msgspec.Meta(ge=0, le=100_000, description="how many records in all")
    ] = 600,
    seed: Annotated[int, says("the same seed gives the same vault")] = 1,
    at: Annotated[Line, says("make it in this folder and keep it")] = "",
    open: Annotated[bool, says("open the app when it is ready")] = True,
    date: Annotated[Line, says("the day it is about, e.g. 2026-11-24")] = "",
) -> Said | None:
    """Open the app on a throw-away vault with sample data: nothing of yours is touched."""
    from mana_tui.demo import make_demo, open_demo

    if at or not open:
        made = make_demo(
            Path(at).expanduser() if at else None, records=records, seed=seed, date=date
        )
        if not open:
            return Said(
                text=f"{made.total} records in {made.home}\nMANA_HOME={made.home} mana",
                data={"home": str(made.home), "records": made.counts},
            )
        return open_demo(setup, made)
    return open_demo(
        setup, make_demo(None, records=records, seed=seed, date=date), throw_away=True
    )
