"""What works without an open vault: making one, opening it, places, settings, help."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

from mana_tui.output import Output
from storage.errors import LockedError, Refused, UserError

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

    def workspace(self, *, asking: bool = True) -> Workspace:
        """Open the vault (session, password command, or asking), enter the space, file what
        was captured while it was locked. LockedError when it takes asking and is not to."""
        from mana_tui.session import last_space, open_vault
        from mana_tui.workspace import Workspace
        from modules.sdk.registry import Catalog
        from storage.inbox import waiting

        secrets = self.secrets if asking else {**self.secrets, "ask": None}
        vault = open_vault(self.paths, Catalog(), **secrets)
        opened = Workspace(
            vault,
            config=self.config,
            paths=self.paths,
            space=self.given.get("space") or last_space(self.paths, vault),
            notify=self.output.say,
            progress=self.output.progress,
        )
        if waiting(self.paths.data):
            from mana_tui.inbox import file_waiting

            file_waiting(opened)
        return opened

    def open_app(self, *, linear: bool = False) -> int:
        """Start the terminal app."""
        if not sys.stdout.isatty() or not sys.stdin.isatty():
            raise UserError(
                "The app needs a terminal.", hint="mana --help lists the commands"
            )
        from mana_tui.app import run

        return run(self, linear=linear)
