"""An open vault: connections, the clock, batches, commits; stores are views of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage.actor import Actor
from storage.change import Batch, Commit
from storage.kind import Catalog
from storage.scope import Across, Scope
from storage.space import Space, SpaceType
from storage.store import AcrossStore, Store


def utc_now() -> datetime:
    """The current instant."""
    return datetime.now(UTC)


class Vault:
    """The one file, unlocked. Made by `create` or `open`; `close` drops the key."""

    actor: Actor

    @classmethod
    def create(
        cls,
        folder: Path,
        key: bytes,
        catalog: Catalog,
        *,
        person: str,
        clock: Callable[[], datetime] = utc_now,
    ) -> Vault:
        """Make `vault.db` in a folder (0700) under a raw 32-byte key, with a personal space."""
        raise NotImplementedError

    @classmethod
    def open(
        cls,
        folder: Path,
        key: bytes,
        catalog: Catalog,
        *,
        clock: Callable[[], datetime] = utc_now,
    ) -> Vault:
        """Open it: NoVault, WrongPassphrase (key does not fit), TooNew, DamagedError."""
        raise NotImplementedError

    def store(self, scope: Scope) -> Store:
        """The vault through a scope."""
        return Store(self, scope)

    def across(self, across: Across) -> AcrossStore:
        """Several spaces, to read."""
        return AcrossStore(self, across.spaces)

    def spaces(self) -> list[Space]:
        """Every space of the vault, the personal one first."""
        raise NotImplementedError

    def new_space(self, name: str, slug: str, type: SpaceType) -> Space:
        """Make a space."""
        raise NotImplementedError

    def scope(self, space: str = "@me") -> Scope:
        """The scope of a space by slug, alias or id, as the vault's person; NotFound."""
        raise NotImplementedError

    @contextmanager
    def batch(
        self, title: str, *, origin: str = "", space: str = "", actor: Actor | None = None
    ) -> Iterator[None]:
        """Everything written inside, by this thread, is one undo of this title.

        Commands open one; the batch row is only written when something changes.
        """
        raise NotImplementedError
        yield

    def poll(self) -> None:
        """Notice commits of other processes and tell listeners; costs microseconds."""
        raise NotImplementedError

    def listen(self, listener: Callable[[Commit], None]) -> Callable[[], None]:
        """Call after each commit, ours and others'; returns how to stop."""
        raise NotImplementedError

    def meta(self, name: str, value: str | None = None) -> str | None:
        """Read, or set, one of the vault's own small facts (user level)."""
        raise NotImplementedError

    def close(self) -> None:
        """Close every connection and forget the key."""
        raise NotImplementedError
