"""One flipped bit at a random place of a file, and what a vault says of itself."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from modules.sdk.registry import Catalog
from storage import migrate
from storage.errors import ManaError
from storage.vault import Vault

Content = dict[str, list[tuple[Any, ...]]]


def flipped(path: Path, chance: random.Random) -> int:
    """Flip one bit of a file; where."""
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    return at


def content(folder: Path, key: bytes) -> Content:
    """Every row of every table of a vault: records, history, everything."""
    with Vault.open(folder, key, Catalog()) as vault:
        return tables(vault)


def checked(folder: Path, key: bytes) -> None:
    """Read every page and index, as `mana check` does; DamagedError."""
    with Vault.open(folder, key, Catalog()) as vault:
        migrate.check(vault.db)


def tables(vault: Vault) -> Content:
    """Every row of every table."""
    names = vault.db.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {
        name: sorted(vault.db.rows(f'SELECT * FROM "{name}"'), key=repr)
        for (name,) in names
    }


def outcomes(
    times: int,
    seed: str,
    pristine: Path,
    copy: Path,
    file: Callable[[Path, random.Random], Path],
    read: Callable[[Path], Content],
    check: Callable[[Path], None] = lambda _: None,
) -> Counter[str]:
    """Flip a bit of a fresh copy so many times and read it: an error of ours, the same
    content, or a wrong value, which is what must never be."""
    chance, found = random.Random(seed), Counter[str]()
    truth = read(shutil.copytree(pristine, copy))
    shutil.rmtree(copy)
    for number in range(times):
        shutil.copytree(pristine, copy)
        path = file(copy, chance)
        at = flipped(path, chance)
        try:
            same = read(copy) == truth
            assert same, f"flip {number} of seed {seed}: {path.name} at {at}"
            check(copy)
        except ManaError:
            found["detected"] += 1
        else:
            found["harmless"] += 1
        shutil.rmtree(copy)
    return found
