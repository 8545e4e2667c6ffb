"""Scopes do not leak: the two machines of the suite, for longer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.modules.test_scopes import Spaces
from tests.storage.test_scopes import Leaks

MACHINES = {
    "the store: three spaces, two people": (Leaks, 40, 50),
    "modules, importers, search: four spaces": (Spaces, 30, 50),
}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", MACHINES)
def test_nothing_leaks(name: str, say: Callable[..., None]) -> None:
    machine, examples, steps = MACHINES[name]
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=False,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    say(f"scopes, {name}", examples * steps, "steps at most, 0 leaks")
