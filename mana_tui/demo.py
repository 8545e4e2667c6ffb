"""A sample vault, the same for the same seed: to try the app, to test, to measure."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import msgspec

from mana_tui.paths import Paths
from mana_tui.workspace import Workspace
from mana_tui.zone import local_zone
from modules.sdk.module import Module
from modules.sdk.slot import Seed, resolve
from storage.crypto.kdf import Cost
from storage.crypto.session import remember
from storage.crypto.slots import create
from storage.errors import Refused, UnavailableError
from storage.link import Verb
from storage.query import Query, col
from storage.record import Record, ids_from
from storage.vault import Vault, utc_now

if TYPE_CHECKING:
    from mana_tui.setup import Setup

PASSPHRASE = "demo"  # noqa: S105 - said to the person; it protects sample data
CHEAP = Cost(memory_kib=8 * 1024, passes=1, lanes=1)
MORNING = time(9, 41)
CHUNK = 2000
SESSION_SECONDS = 12 * 3600.0
CONNECTED: tuple[tuple[str, str, Verb, str, str], ...] = (
    ("todo.task", "Launch the booking pages", "reference", "notes.note", "Halden: the launch"),
    ("todo.task", "Order Mia's cake", "related", "notes.note", "Mia turns nine"),
    ("todo.task", "Pack for Lugano", "reference", "notes.note", "Packing list"),
    ("todo.task", "Book the Lugano train", "related", "calendar.event", "Train to Lugano"),
    ("notes.note", "Mia turns nine", "related", "calendar.event", "Mia's party"),
    ("notes.note", "Lugano", "related", "calendar.event", "Lugano"),
)  # fmt: skip
"""Which sample records of different modules belong together, by what they are called."""


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A sample vault: its home folder (a MANA_HOME), how many records of each module."""

    home: Path
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """How many records there are in all."""
        return sum(self.counts.values())


def make_demo(
    at: Path | None, *, records: int = 600, seed: int = 1, date: str = ""
) -> Made:
    """Make a sample vault in a folder (default: a new one that only this user can read)."""
    home = at or Path(tempfile.mkdtemp(prefix="mana-demo-"))
    paths = Paths.find(environ={"MANA_HOME": str(home)})
    if (paths.data / "vault.db").exists():
        raise Refused(f"There is a vault in {home} already.", hint="choose an empty folder")
    key = create(paths.make_data(), PASSPHRASE, cost=CHEAP)
    clock = clock_of(date)
    counts = fill(paths, key, clock, records=records, seed=seed)
    with suppress(Refused, UnavailableError):  # no memory folder: the passphrase opens it
        remember(paths.data, key, seconds=SESSION_SECONDS, runtime=paths.runtime)
    return Made(home=home, counts=counts)


def clock_of(date: str) -> Callable[[], datetime]:
    """The clock a sample vault is made by: now, or the morning of a given day."""
    if not date:
        return utc_now
    moment = datetime.combine(dt.date.fromisoformat(date), MORNING, tzinfo=local_zone())
    return lambda: moment


def fill(
    paths: Paths, key: bytes, clock: Callable[[], datetime], *, records: int, seed: int
) -> dict[str, int]:
    """Create the vault and put every module's sample records into it, one undo each."""
    from modules.sdk.registry import Catalog

    chance = Random(f"mana {seed}")
    begun = clock() - timedelta(days=400)
    with ids_from(lambda: chance.randbytes(10), int(begun.timestamp() * 1000)):
        vault = Vault.create(paths.data, key, Catalog(), person="Robin", clock=clock)
        workspace = Workspace(vault, clock=clock, locale="en")
        try:
            return _fill(workspace, records, seed)
        finally:
            workspace.close()


def _fill(workspace: Workspace, records: int, seed: int) -> dict[str, int]:
    seeds = [(m, s) for m in workspace.modules() for s in m.slots if isinstance(s, Seed)]
    whole = sum(slot.share for _, slot in seeds) or 1
    counts = {
        module.name: _seed(
            workspace, module, slot, round(records * slot.share / whole), seed
        )
        for module, slot in seeds
    }
    with workspace.vault.batch("Sample data: links", origin="demo"):
        for kind, title, verb, other, called in CONNECTED:
            one, two = _named(workspace, kind, title), _named(workspace, other, called)
            if one and two:
                workspace.store.link(one, verb, two)
    return counts


def _named(workspace: Workspace, kind: str, title: str) -> Record | None:
    """A sample record by what it is called; None where there are too few of them."""
    known = workspace.vault.catalog.kind(kind)
    called = Query(known.record).where(col(known.title) == title).limit(1)
    return next(iter(workspace.store.all(called)), None)


def _seed(workspace: Workspace, module: Module, slot: Seed, count: int, seed: int) -> int:
    if not count:
        return 0
    chance = Random(f"{module.name} {seed}")
    with workspace.vault.batch(f"Sample data: {module.title}", origin="demo"):
        found = resolve(slot.records)(workspace, count, chance, **slot.options)
        made = 0
        while chunk := list(islice(found, CHUNK)):
            by_type: dict[type, list[Any]] = {}
            for record in chunk:
                by_type.setdefault(type(record), []).append(record)
            for several in by_type.values():
                workspace.store.put_many(several)
            made += len(chunk)
    return made


def open_demo(setup: Setup, made: Made, *, throw_away: bool = False) -> None:
    """Open the app on a sample vault; a throw-away one is gone afterwards."""
    from mana_tui.setup import Setup as Fresh

    fresh = Fresh(setup.given)
    fresh.paths = Paths.find(environ={"MANA_HOME": str(made.home)})
    try:
        fresh.open_app()
    finally:
        if throw_away:
            from mana_tui.session import lock

            lock(fresh.paths)
            shutil.rmtree(made.home)
