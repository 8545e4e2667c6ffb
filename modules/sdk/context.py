"""What the shell lends a module while one of its commands runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from storage.actor import Actor
from storage.space import Space
from storage.store import AcrossStore, Store

S = TypeVar("S")


class Context(Protocol):
    """The workspace, as seen from inside a module."""

    @property
    def store(self) -> Store:
        """Records of the active space."""
        ...

    @property
    def across(self) -> AcrossStore:
        """Records of every space that takes part, to read only."""
        ...

    @property
    def space(self) -> Space:
        """The active space."""
        ...

    @property
    def actor(self) -> Actor:
        """Who acts."""
        ...

    @property
    def zone(self) -> ZoneInfo:
        """The person's time zone: days are local days."""
        ...

    @property
    def locale(self) -> str:
        """`en` or `de`: the language of what is typed and shown, `en-US` orders m/d."""
        ...

    def now(self) -> datetime:
        """The current instant in `zone`."""
        ...

    def today(self) -> date:
        """The current local day."""
        ...

    def setting(self, name: str) -> Any:
        """A setting's value by id, e.g. `todo.default_due_time`."""
        ...

    def notify(self, message: str) -> None:
        """Say something that is not the result: a toast, a line on stderr."""
        ...

    def progress(self, done: int, total: int | None, what: str = "") -> None:
        """Report long work; raises Cancelled when the person stopped it."""
        ...

    def run(self, command_id: str, values: Mapping[str, object]) -> Any:
        """Run another command by id; it joins the same undo."""
        ...

    def has(self, command_id: str) -> bool:
        """Whether a command exists and its module is allowed in this space."""
        ...

    def slots(self, kind: type[S]) -> Iterator[tuple[str, S]]:
        """(module name, slot) of every module of this space that offers such a slot."""
        ...
