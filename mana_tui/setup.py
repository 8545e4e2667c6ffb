"""What works without an open vault: making one, opening it, places, settings, help."""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from mana_tui.output import Output
from modules.sdk.command import Command, command
from modules.sdk.field import Duration, Line, says
from modules.sdk.listing import Col, Listing, Row, Said
from storage.errors import LockedError, Refused, UserError
from storage.space import SPACE_TYPES

if TYPE_CHECKING:
    from mana_tui.config import Config
    from mana_tui.paths import Paths
    from mana_tui.workspace import Workspace

VERSION = "0.1.0"


class Setup:
    """A person at a terminal, before any vault is open: folders, settings, questions."""

    def __init__(self, given: dict[str, Any] | None = None) -> None:
        self.given = given or {}
        form = next((f for f in ("jsonl", "json", "plain") if self.given.get(f)), "human")
        self.output = Output(
            form,  # type: ignore[arg-type]
            quiet=bool(self.given.get("quiet")),
            color=False if self.given.get("no_color") else None,
        )

    @cached_property
    def paths(self) -> Paths:
        """Where everything is."""
        from mana_tui.paths import Paths

        return Paths.find(profile=self.given.get("profile"))

    @cached_property
    def config(self) -> Config:
        """The settings."""
        from mana_tui.config import Config

        return Config(self.paths)

    # what commands without a vault may ask of their context
    @property
    def locale(self) -> str:
        """The language of what is typed."""
        return str(self.config.get("locale") or "en")

    @property
    def secrets(self) -> dict[str, Any]:
        """Where a passphrase may come from: a person, a descriptor, a command."""
        told = self.given.get("password_fd")
        if told is not None and not str(told).isdecimal():
            raise UserError("--password-fd takes a number.")
        return {
            "ask": self.ask_passphrase if self.may_ask else None,
            "password_fd": None if told is None else int(told),
            "password_command": self.config.get("password_command") or (),
        }

    @property
    def may_ask(self) -> bool:
        """Whether there is a person to ask."""
        return not self.given.get("no_input") and sys.stdin.isatty()

    def ask_passphrase(self, prompt: str = "Passphrase: ") -> str:
        """Ask on the terminal without showing what is typed; LockedError if nobody can."""
        if not self.may_ask:
            raise LockedError(
                "The vault is locked and nobody can be asked.",
                hint="mana unlock --for 8h, or set MANA_PASSWORD_COMMAND",
            )
        from getpass import getpass

        return getpass(prompt)

    def confirm(self, question: str) -> None:
        """Ask yes or no; Refused on anything but yes."""
        if not self.may_ask:
            raise Refused(f"{question} Nobody can be asked.", hint="say --yes")
        sys.stderr.write(f"{question} [y/N] ")
        sys.stderr.flush()
        if sys.stdin.readline().strip().lower() not in ("y", "yes", "j", "ja"):
            raise Refused("Nothing was changed.")

    def workspace(self) -> Workspace:
        """Open the vault (session, password command, or asking) and enter the space."""
        from mana_tui.session import active_space, open_vault
        from mana_tui.workspace import Workspace
        from modules.sdk.registry import Catalog

        vault = open_vault(self.paths, Catalog(), **self.secrets)
        space = self.given.get("space") or active_space(self.paths) or "@me"
        return Workspace(
            vault,
            config=self.config,
            paths=self.paths,
            space=space,
            notify=self.output.say,
        )

    def open_app(self, *, linear: bool = False) -> int:
        """Start the terminal app."""
        if not sys.stdout.isatty() or not sys.stdin.isatty():
            raise UserError(
                "The app needs a terminal.", hint="mana --help lists the commands"
            )
        from mana_tui.app import run

        return run(self, linear=linear)


# --- the vault ---------------------------------------------------------------------------


@command("Create the vault", batch=False)
def init(setup: Setup) -> Said:
    """Create an encrypted vault in the data folder, protected by a passphrase."""
    from mana_tui.session import create_vault

    where = create_vault(setup.paths, **setup.secrets)
    return Said(
        text=f"Your vault is ready in {where}.\nOpen it with: mana",
        data={"vault": str(where)},
    )


@command("Unlock", batch=False)
def unlock(
    setup: Setup, for_: Annotated[Duration | None, says("how long, e.g. 8h")] = None
) -> Said:
    """Keep the vault open for the command line until the time is over or `mana lock`."""
    from mana_tui.session import unlock_for
    from modules.sdk.text.durations import format_duration

    until = unlock_for(setup.paths, for_, **setup.secrets)
    length = f" for {format_duration(for_)}" if for_ else ""
    return Said(text=f"Unlocked{length}.", data={"until": until})


@command("Lock", batch=False)
def lock(setup: Setup) -> Said:
    """End the unlocked session now."""
    from mana_tui.session import lock as end

    ended = end(setup.paths)
    return Said(
        text="Locked." if ended else "It was locked already.", data={"ended": ended}
    )


@command("Change the passphrase", batch=False)
def passphrase(setup: Setup) -> Said:
    """Put a new passphrase in the place of the old one; nothing else is rewritten."""
    from mana_tui.session import change_passphrase

    old = setup.ask_passphrase("Passphrase now: ")
    new = setup.ask_passphrase("New passphrase: ")
    if new != setup.ask_passphrase("The new one again: "):
        raise UserError("The two are not the same.", hint="nothing was changed")
    change_passphrase(setup.paths, old, new)
    return Said(text="The new passphrase holds from now on.")


# --- places and settings -------------------------------------------------------------------


@command("Show paths", effect="read")
def paths(setup: Setup) -> Said:
    """Where the vault, settings, state, cache and runtime files are."""
    found = setup.paths.as_dict()
    return Said(
        text="\n".join(f"{name:8} {path}" for name, path in found.items()), data=found
    )


def config_listing(setup: Setup, result: dict[str, Any]) -> Listing:
    """Settings: name, value, where it comes from."""
    return Listing(
        columns=(Col(title="name", style="cyan"), Col(title="value", style="bold"), Col(title="from", style="dim"),
                 Col(title="what", grow=True)),
        rows=tuple(Row((n, str(s["value"]), s["from"], s["title"])) for n, s in result.items()),
    )  # fmt: skip


@command(
    "List settings", name="config.list", effect="read", show="mana_tui.setup:config_listing"
)
def config_list(setup: Setup) -> dict[str, Any]:
    """Every setting with its value and where it comes from."""
    return setup.config.describe()


@command("Read a setting", name="config.get", effect="read")
def config_get(setup: Setup, name: Line) -> Said:
    """One setting's value."""
    value = setup.config.get(name)
    return Said(text=str(value), data=value)


@command("Change a setting", name="config.set", batch=False)
def config_set(setup: Setup, name: Line, value: str) -> Said:
    """Change a setting in config.toml; comments stay."""
    stored = setup.config.set(name, value)
    return Said(text=f"{name} = {stored}", data={name: stored})


@command("Reset a setting", name="config.unset", batch=False)
def config_unset(setup: Setup, name: Line) -> Said:
    """Take a setting out of config.toml: its default holds again."""
    setup.config.unset(name)
    return Said(text=f"{name} = {setup.config.get(name)}")


@command("Check the settings", name="config.check", effect="read")
def config_check(setup: Setup) -> Said:
    """Name every mistake in config.toml with its line and the nearest known key."""
    wrong = setup.config.check()
    if wrong:
        raise UserError("\n".join(wrong))
    return Said(text="config.toml is fine.", data=[])


def keys_listing(setup: Setup, result: list[Any]) -> Listing:
    """The effective keys, by context."""
    return Listing(
        columns=(Col(title="context", style="dim"), Col(title="key", style="bold"), Col(title="does", grow=True),
                 Col(title="id", style="cyan")),
        rows=tuple(Row((one["context"], one["key"], one["title"], one["id"])) for one in result),
    )  # fmt: skip


@command("Keys", effect="read", show="mana_tui.setup:keys_listing")
def keys(
    setup: Setup,
    check: Annotated[bool, says("name conflicts and unknown ids in keys.toml")] = False,
) -> list[dict[str, str]]:
    """The keys as they are in effect: preset, keys.toml and modules together."""
    from mana_tui import keymap

    if check:
        wrong = keymap.check(setup.paths, setup.config)
        if wrong:
            raise UserError("\n".join(wrong))
        setup.output.say("keys.toml is fine.")
        return []
    return keymap.listing(setup.paths, setup.config)


# --- modules, version, completion, demo ---------------------------------------------------------


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


@command("List modules", effect="read", show="mana_tui.setup:modules_listing")
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


SETUP: dict[str, Command[..., Any]] = {
    one.name: one
    for one in (
        init, unlock, lock, passphrase, paths, config_list, config_get, config_set, config_unset, config_check,
        keys, modules, version, completion, complete, demo,
    )
}  # fmt: skip
"""Commands that run without an open vault, by id."""
