"""What most tests start from: an encrypted vault in a temporary folder, a clock that stands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings

from mana_tui.workspace import Workspace
from modules.sdk.registry import Catalog
from storage.vault import Vault

# One machine's load must not decide a test; CI always draws the same examples.
settings.register_profile(
    "mana",
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("mana")

MONDAY = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
"""When every test happens: Monday 23 November 2026, 09:30 in Zurich."""


class Clock:
    """A clock that stands until it is told to go on."""

    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **by: float) -> datetime:
        """Go on, as `timedelta` says it: `clock.advance(days=1)`."""
        self.now += timedelta(**by)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A standing clock, shared by the vault and the workspace of a test."""
    return Clock()


@pytest.fixture
def zone() -> ZoneInfo:
    """Where tests live: a zone with summer time."""
    return ZoneInfo("Europe/Zurich")


@pytest.fixture
def catalog() -> Catalog:
    """Every kind of record the workspace knows."""
    return Catalog()


@pytest.fixture
def vault(tmp_path: Path, catalog: Catalog, clock: Clock) -> Iterator[Vault]:
    """A real encrypted vault under a raw key: no passphrase, so no time spent on one."""
    made = Vault.create(
        tmp_path / "vault", os.urandom(32), catalog, person="Ada", clock=clock
    )
    yield made
    made.close()


@pytest.fixture
def workspace(vault: Vault, clock: Clock, zone: ZoneInfo) -> Iterator[Workspace]:
    """A workspace on it: most tests drive `workspace.run(...)` and need no screen."""
    made = Workspace(vault, clock=clock, zone=zone, locale="en")
    yield made
    made.close()


@pytest.fixture(scope="session")
def _made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.program import new_home

    return new_home(tmp_path_factory.mktemp("made") / "home", unlock=False)


@pytest.fixture
def home(_made_home: Path, tmp_path: Path) -> Path:
    """A home of the program (MANA_HOME) with an unlocked, empty vault."""
    from tests.program import copy_home

    return copy_home(_made_home, tmp_path / "home")


@pytest.fixture
def cli(home: Path):
    """Run the command line: `cli("todo", "add", "x")` here, `cli.apart(…)` in a process."""
    from tests.program import Program

    return Program(home)
