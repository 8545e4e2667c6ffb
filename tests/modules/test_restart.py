"""Everything every module wrote undoes and redoes after the program was started again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings

from mana_tui.workspace import Workspace
from modules.sdk import Module, registry
from modules.sdk.registry import Catalog
from storage.errors import UserError
from storage.vault import Vault
from tests.modules.sample import Sample, sample_of
from tests.modules.state import Dump, difference, dump
from tests.modules.test_contract import arguments

MODULES = [module for module in registry.all_modules() if module.records]
ENOUGH = 2
"""Times each command writes."""
STEPS = 6
"""Undos between two starts."""


class Restarted:
    """A sample of a module whose vault is closed and opened now and then."""

    def __init__(self, sample: Sample, module: Module) -> None:
        self.sample = sample
        self.module = module
        self.workspace = sample.workspace
        self.states: list[Dump] = []

    def write(self) -> None:
        """Every write command a few times, with values drawn from its types."""
        self.states.append(dump(self.workspace.vault))
        for command in self.module.commands:
            if command.effect == "write":
                self._drive(command)

    def _drive(self, command: Any) -> None:
        drawn: list[dict[str, Any]] = []
        examples = settings(max_examples=12, phases=[Phase.generate])

        def keep(values: dict[str, Any]) -> None:
            drawn.append(values)

        examples(given(arguments(command, self.sample))(keep))()
        done = 0
        for values in drawn:  # drawn before anything changes: a draw must not depend on it
            try:
                self.workspace.run(f"{self.module.name}.{command.name}", values)
            except UserError:
                continue
            now = dump(self.workspace.vault)
            if now != self.states[-1]:
                self.states.append(now)
                done += 1
            if done == ENOUGH:
                return

    def restart(self) -> None:
        """Close the vault, open the file."""
        folder, clock = self.workspace.vault.db.path.parent, self.workspace.vault.clock
        key = self.workspace.vault.db.key()
        self.workspace.close()
        vault = Vault.open(folder, key, Catalog(), clock=clock)
        zone = ZoneInfo("Europe/Zurich")
        self.workspace = Workspace(vault, clock=clock, zone=zone, locale="en")

    def walk(self, command: str, states: list[Dump]) -> None:
        """Undo, or redo, through states, starting the program anew now and then."""
        for number, wanted in enumerate(states):
            if number % STEPS == 0:
                self.restart()
            found = self.workspace.run(command)
            assert found is not None, f"{len(states) - number} more to {command}"
            assert not found.kept
            left = difference(wanted, dump(self.workspace.vault))
            assert not left, f"{command} {number} of {found.of.title}: {left[:4]}"


@pytest.fixture(params=MODULES, ids=lambda module: module.name)
def restarted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Restarted]:
    with sample_of(request.param, tmp_path / "vault") as sample:
        made = Restarted(sample, request.param)
        yield made
        made.workspace.close()


def test_undo_and_redo_of_everything_after_a_restart(restarted: Restarted) -> None:
    restarted.write()
    states = restarted.states
    assert len(states) > 2
    restarted.walk("undo", states[-2::-1])
    restarted.walk("redo", states[1:])
    restarted.walk("undo", states[-2::-1])
