"""Help as text, made from the commands themselves."""

from __future__ import annotations

from typing import Any

from modules.sdk import registry
from modules.sdk.command import Command
from modules.sdk.listing import Col, Listing, Row
from storage.errors import NotFound


def find(command_id: str) -> Command[..., Any]:
    """A command by id, whether it needs a vault or not."""
    from mana_tui.commands.opened import SHELL
    from mana_tui.commands.unopened import SETUP

    return SETUP.get(command_id) or SHELL.get(command_id) or registry.find(command_id)


def overview() -> Listing:
    """Everything `mana` can do, one line each."""
    from mana_tui.commands.opened import SHELL
    from mana_tui.commands.unopened import SETUP

    rows = [Row(("", "open the app"), "bold")]
    hidden = {"complete"}
    for name, command in sorted((SETUP | SHELL).items()):
        if name not in hidden:
            rows.append(Row((name.replace(".", " "), command.help)))
    for module in registry.all_modules():
        names = ", ".join(command.name for command in module.commands)
        rows.append(Row((module.name, f"{module.summary} ({names})")))
    return Listing(
        columns=(Col(title="mana", style="cyan"), Col(title="does", grow=True)),
        rows=tuple(rows),
        note="mana COMMAND --help says more.",
    )


def group_help(group: str) -> Listing:
    """The commands of a module or group."""
    from mana_tui.commands.opened import SHELL
    from mana_tui.commands.unopened import SETUP

    found = {
        name.partition(".")[2]: command
        for name, command in sorted((SETUP | SHELL).items())
        if name.startswith(f"{group}.")
    }
    if not found:
        module = registry.load(group)
        found = {command.name: command for command in module.commands}
    if not found:
        raise NotFound(f"There is nothing called {group!r}.")
    return Listing(
        columns=(
            Col(title="command", style="cyan"),
            Col(title="takes"),
            Col(title="does", grow=True),
        ),
        rows=tuple(
            Row((f"mana {group} {name}", _usage(command), command.help))
            for name, command in found.items()
        ),
        note=f"mana {group} COMMAND --help says more.",
    )


def _usage(command: Command[..., Any]) -> str:
    asked = [p.name.upper() + ("…" if p.many else "") for p in command.params if p.required]
    return " ".join(asked + (["[options]"] if len(asked) < len(command.params) else []))
