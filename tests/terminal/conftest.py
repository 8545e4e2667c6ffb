"""Homes and terminals for the tests that run the real program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.program import MANA, environment
from tests.terminal.ptylib import Terminal

Start = Callable[..., Terminal]


@pytest.fixture
def locked(_made_home: Path, tmp_path: Path) -> Path:
    """A home whose vault nobody has unlocked."""
    import shutil

    return Path(shutil.copytree(_made_home, tmp_path / "locked"))


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the program on a pseudo-terminal: `start(home, "todo", "list", rows=10)`."""
    with ExitStack() as stack:

        def started(
            home: Path, *words: str, columns: int = 120, rows: int = 36
        ) -> Terminal:
            seen = environment(home, password=False)
            program = Terminal(
                [*MANA, *words], env=seen, cwd=home, columns=columns, rows=rows
            )
            return stack.enter_context(program)

        yield started
