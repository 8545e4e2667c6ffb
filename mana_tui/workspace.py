"""The running workspace without a screen: what the app, the command line and agents drive."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from modules.sdk import registry
from modules.sdk.command import Command
from modules.sdk.module import Module
from storage.actor import Actor
from storage.errors import ModuleNotInSpace, NotFound, Refused
from storage.scope import Across
from storage.space import Space
from storage.store import AcrossStore, Store
from storage.vault import Vault, utc_now

if TYPE_CHECKING:
    from mana_tui.paths import Paths
    from storage.kind import Kind
    from storage.search import Hit

S = TypeVar("S")


class Settings(Protocol):
    """Where settings come from: flags, environment, the config file, defaults."""

    def get(self, name: str, space: Mapping[str, Any] | None = None) -> Any:
        """The value of a setting by id; `space` holds the active space's own values."""
        ...


class SpaceSettings(dict[str, Any]):
    """A space's own values of settings, read when one is asked for."""

    def __init__(self, vault: Vault, space: str) -> None:
        super().__init__()
        self.vault = vault
        self.space = space

    def get(self, key: str, default: Any = None) -> Any:
        """The space's value of a setting, or the default."""
        from mana_tui.keep import space_settings

        return space_settings(self.vault, self.space).get(key, default)


class Workspace:
    """Implements the SDK's Context over an open vault, and runs commands."""

    def __init__(
        self,
        vault: Vault,
        *,
        clock: Callable[[], datetime] = utc_now,
        zone: ZoneInfo | None = None,
        locale: str = "",
        config: Settings | None = None,
        paths: Paths | None = None,
        space: str = "@me",
        notify: Callable[[str], None] = lambda _: None,
        progress: Callable[[int, int | None, str], None] = lambda *_: None,
    ) -> None:
        self.vault = vault
        self.config = config
        self.paths = paths
        self.read_only = False
        self.on_notify = notify
        self.on_progress = progress
        self.depth = 0
        self._clock = clock
        self._zone = zone
        self._locale = locale
        self.switch(space)

    # --- what a module sees (modules.sdk.context.Context) ----------------------------

    @property
    def store(self) -> Store:
        """Records of the active space."""
        return self._store

    @property
    def across(self) -> AcrossStore:
        """Every space that is not archived, to read only."""
        scopes = (self.vault.scope(s.id) for s in self.vault.spaces() if not s.archived)
        return self.vault.across(Across(spaces=tuple(scopes)))

    @property
    def space(self) -> Space:
        """The active space."""
        return self._space

    @property
    def actor(self) -> Actor:
        """The person the vault belongs to."""
        return self.vault.actor

    @property
    def zone(self) -> ZoneInfo:
        """The space's time zone, else the configured one, else the machine's."""
        if self._known_zone is None:
            from mana_tui.zone import local_zone

            told = self.space.zone or self.setting("timezone")
            self._known_zone = self._zone or local_zone(told)
        return self._known_zone

    @property
    def locale(self) -> str:
        """The language of what is typed and shown: `en`, `en-US`, `de`."""
        return self._locale or self.space.locale or self.setting("locale") or "en"

    def now(self) -> datetime:
        """The current instant in the person's zone."""
        return self._clock().astimezone(self.zone)

    def today(self) -> date:
        """The current local day."""
        return self.now().date()

    def setting(self, name: str) -> Any:
        """A setting's value by id (`locale`, `todo.default_due_time`)."""
        if self.config is not None:
            return self.config.get(name, SpaceSettings(self.vault, self.space.id))
        module, _, rest = name.partition(".")
        if rest:
            for setting in registry.load(module).settings:
                if setting.name == rest:
                    return setting.default
        return None

    def notify(self, message: str) -> None:
        """Say something that is not the result."""
        self.on_notify(message)

    def progress(self, done: int, total: int | None, what: str = "") -> None:
        """Report long work."""
        self.on_progress(done, total, what)

    def has(self, command_id: str) -> bool:
        """Whether a command exists and its module is allowed in this space."""
        try:
            self.allowed(command_id)
        except (NotFound, ModuleNotInSpace):
            return False
        return True

    def slots(self, kind: type[S]) -> Iterator[tuple[str, S]]:
        """(module name, slot) of every module of this space that offers such a slot."""
        for module in self.modules():
            for slot in module.slots:
                if isinstance(slot, kind):
                    yield module.name, slot

    # --- what the shell does with it ----------------------------------------------------

    def switch(self, space: str) -> None:
        """Make another space the active one, by slug, alias or id."""
        self._store = self.vault.store(self.vault.scope(space))
        self._space = next(
            s for s in self.vault.spaces() if s.id == self._store.scope.space
        )
        self._known_zone: ZoneInfo | None = None

    def modules(self) -> list[Module]:
        """The modules of the active space."""
        return [m for m in registry.all_modules() if self.space.type in m.spaces]

    def kinds(self) -> list[Kind]:
        """Every kind of record this space may hold."""
        return [k for k in self.vault.catalog.kinds() if self.space.type in k.spaces]

    def commands(self) -> dict[str, Command[..., Any]]:
        """Every command of this space by id, the shell's own among them."""
        from mana_tui.commands.opened import SHELL

        found = dict(SHELL)
        for module in self.modules():
            found |= {f"{module.name}.{c.name}": c for c in module.commands}
        return found

    def find(self, command_id: str) -> Command[..., Any]:
        """The command behind an id, whatever the space; NotFound."""
        module, dot, _ = command_id.partition(".")
        if dot and module in registry.built_in():
            return registry.find(command_id)
        from mana_tui.commands.opened import SHELL

        return SHELL.get(command_id) or registry.find(command_id)

    def allowed(self, command_id: str) -> Command[..., Any]:
        """The command behind an id, if this space's type has its module."""
        command = self.find(command_id)
        module = command_id.partition(".")[0]
        if module in registry.built_in() or module in registry.third_party():
            manifest = registry.load(module)
            if self.space.type not in manifest.spaces:
                raise ModuleNotInSpace(
                    f"{manifest.title} is not part of a {self.space.type} space.",
                    hint="switch with: mana space switch @me",
                )
        return command

    def run(self, command_id: str, values: Mapping[str, object] | None = None) -> Any:
        """Run a command by id: the only door keys, palette, command line and agents use.

        Everything it writes is one undo named by its title; a command run inside another
        joins the outer one's.
        """
        command = self.allowed(command_id)
        if self.read_only and command.writes:
            raise Refused("The workspace is read-only now.", hint="R unlocks it")
        batch = (
            self.vault.batch(command.title, origin=command_id, space=self.space.id)
            if command.writes and command.batch
            else nullcontext()
        )
        with batch:
            return command.invoke(self, values or {})

    @cached_property
    def _search(self) -> Any:
        from mana_tui.finding import open_search

        return open_search(self.vault, self.now)

    def search(self, text: str, limit: int = 50) -> list[Hit]:
        """Find records of the active space by the query language, best first."""
        return self._search.find(text, (self.store.scope,), limit)

    def close(self) -> None:
        """Close the search index and the vault."""
        if "_search" in self.__dict__:
            self._search.close()
        self.vault.close()
