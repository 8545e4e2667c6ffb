"""A real SQLCipher vault in a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage.store import Store
from storage.vault import Vault
from tests.storage.kinds import Catalog

KEY = bytes(range(32))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the vault lives."""
    return tmp_path / "vault"


@pytest.fixture
def vault(folder: Path) -> Iterator[Vault]:
    """A new vault of Ada's."""
    made = Vault.create(folder, KEY, Catalog(), person="Ada")
    yield made
    made.close()


@pytest.fixture
def store(vault: Vault) -> Store:
    """Her personal space."""
    return vault.store(vault.scope())


@pytest.fixture
def reopen(folder: Path, vault: Vault) -> Iterator[Callable[[], Vault]]:
    """Close the vault and open the file again, as a restart does."""
    opened: list[Vault] = []

    def again() -> Vault:
        vault.close()
        opened.append(Vault.open(folder, KEY, Catalog()))
        return opened[-1]

    yield again
    for one in opened:
        one.close()
