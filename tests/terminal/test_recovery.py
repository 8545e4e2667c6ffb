"""The recovery kit at a real terminal: shown once, typed back, and a way in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.program import PASSPHRASE
from tests.terminal.conftest import Start
from tests.terminal.ptylib import Terminal

ROW = re.compile(r"\d+-\s*\d+:((?:\s+[0-9A-Z]{4}){4})")


def answer(terminal: Terminal, asked: str, said: str) -> str:
    """Wait for a question, answer it, and return the screen as it was."""
    seen = terminal.wait(asked + r"\s*\Z")
    terminal.type(said)
    terminal.press("enter")
    return seen


def kit_on(screen: str) -> list[str]:
    groups: list[str] = [group for row in ROW.findall(screen) for group in row.split()]
    assert len(groups) == 16
    return groups


@pytest.fixture
def kit(start: Start, locked: Path) -> list[str]:
    """A kit that was made at the terminal, its groups typed back."""
    made = start(locked, "recovery", "new")
    answer(made, r"Passphrase:", PASSPHRASE)
    groups = kit_on(answer(made, "then press enter\\.", ""))
    for _ in range(2):
        asked = re.findall(
            r"Type group (\d+)", made.wait(r"Type group (\d+) of the kit:\s*\Z")
        )
        made.type(groups[int(asked[-1]) - 1].lower())
        made.press("enter")
        made.gone(rf"group {asked[-1]} of the kit:\s*\Z")
    made.wait("counts from now on")
    assert made.exit_code() == 0
    return groups


def test_a_kit_is_made_and_sets_a_new_passphrase(
    start: Start, locked: Path, kit: list[str]
) -> None:
    rows = [" ".join(kit[n : n + 4]) for n in (0, 4, 8, 12)]
    again = start(locked, "passphrase", "--recovery")
    answer(again, "Groups 1 to 4:", rows[0])
    answer(again, "Groups 5 to 8:", rows[1].replace(kit[5], kit[6]))
    answer(again, r"Group 6 .*\n.*Groups 5 to 8:", rows[1])
    answer(again, "Groups 9 to 12:", rows[2])
    answer(again, "Groups 13 to 16:", rows[3])
    answer(again, "New passphrase:", "test")
    again.wait("Too easy to guess")
    assert again.exit_code() == 1

    again = start(locked, "passphrase", "--recovery")
    answer(again, "Groups 1 to 4:", " ".join(rows))
    answer(again, "New passphrase:", "another horse altogether now")
    answer(again, "The new one again:", "another horse altogether now")
    again.wait("holds from now on")
    assert again.exit_code() == 0


def test_nothing_of_a_kit_stays_on_the_screen_it_was_made_on(
    start: Start, locked: Path
) -> None:
    made = start(locked, "recovery", "new")
    answer(made, r"Passphrase:", PASSPHRASE)
    groups = kit_on(answer(made, "then press enter\\.", ""))
    for number in range(3):
        said = r"(?:\s*That is not it. Type group \d+ of the kit:)"
        answer(made, rf"Type group \d+ of the kit:{said}{{{number}}}", "0000")
    made.wait("does not count and opens nothing")
    assert made.exit_code() == 1
    shown = made.output.split(b"\x1b[?1049h")
    outside = b"".join(part.split(b"\x1b[?1049l")[-1] for part in (shown[0], shown[-1]))
    assert not [group for group in groups if group.encode() in outside]

    tried = start(locked, "unlock", "--recovery")
    answer(tried, "Groups 1 to 4:", " ".join(groups))
    tried.wait("has no recovery kit")
    assert tried.exit_code() == 12
