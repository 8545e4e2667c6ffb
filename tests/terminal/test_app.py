"""The real program on a real terminal, as a person uses it."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.program import MANA, PASSPHRASE, Program, environment
from tests.terminal.conftest import Start
from tests.terminal.ptylib import Terminal

pytestmark = pytest.mark.terminal

LEFT_SCREEN = b"\x1b[?1049l"
CURSOR_SHOWN = b"\x1b[?25h"


def ready(program: Terminal) -> Terminal:
    """Wait for the workbench."""
    program.wait("My day")
    program.settle(0.3)
    return program


def capture(program: Terminal, line: str) -> None:
    """Add something in one line from anywhere."""
    program.press("A")
    program.settle(0.2)
    program.type(line)
    program.wait(line.rsplit(maxsplit=1)[-1])
    program.press("enter")


# --- in and out ---------------------------------------------------------------------


def test_a_wrong_passphrase_says_so_and_the_right_one_opens(
    start: Start, locked: Path
) -> None:
    program = start(locked)
    program.wait("locked")
    program.settle(0.3)
    program.type("not this one")
    program.press("enter")
    program.wait("wrong")
    program.type(PASSPHRASE)
    program.press("enter")

    ready(program)
    assert PASSPHRASE.encode() not in program.output


def test_quitting_leaves_the_terminal_as_it_was(start: Start, home: Path) -> None:
    program = ready(start(home))
    program.press("ctrl+q")

    assert program.exit_code() == 0
    assert LEFT_SCREEN in program.output
    assert CURSOR_SHOWN in program.output


def test_escape_and_ctrl_c_never_quit(start: Start, home: Path) -> None:
    program = ready(start(home))
    for key in ("escape", "escape", "ctrl+c", "escape"):
        program.press(key)
        program.settle(0.2)

    assert program.process.poll() is None
    assert "My day" in program.text


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_end_leaves_the_terminal_as_it_was(
    start: Start, home: Path, which: signal.Signals
) -> None:
    program = ready(start(home))
    program.signal(which)
    program.exit_code()

    assert LEFT_SCREEN in program.output
    assert CURSOR_SHOWN in program.output
    assert b"Traceback" not in program.output


def test_locking_clears_the_screen(start: Start, home: Path) -> None:
    program = ready(start(home))
    capture(program, "secret errand today")
    program.wait("secret errand")
    program.press("!")
    program.wait("locked")
    program.settle(0.3)

    assert "secret" not in program.text
    program.type(PASSPHRASE)
    program.press("enter")
    program.wait("secret errand")


# --- a day by keyboard --------------------------------------------------------------


def test_a_day_is_planned_by_keyboard(start: Start, home: Path, cli: Program) -> None:
    program = ready(start(home, columns=140))
    capture(program, "call Ada today 16:00 ~30m #home")
    capture(program, "write the report today p1")
    program.press("g", "t")
    program.wait("write the report")
    program.settle(0.3)
    program.press("g", "g", "space")  # done, from the list
    program.settle(0.5)
    program.press("u")  # not yet
    program.wait(r"(?i)undo|undone")
    program.settle(0.3)
    program.press("ctrl+q")
    assert program.exit_code() == 0

    listed = cli("todo", "list", "--json").json
    assert {task["title"] for task in listed} >= {"call Ada", "write the report"}


def test_the_palette_runs_commands(start: Start, home: Path, cli: Program) -> None:
    program = ready(start(home))
    program.press(":")
    program.wait("(?i)palette")
    program.type("lock the vault")
    program.settle(0.3)
    program.press("enter")

    program.wait("is locked")


# --- size ---------------------------------------------------------------------------


def test_a_small_terminal_is_enough(start: Start, locked: Path) -> None:
    program = start(locked, columns=40, rows=10)
    program.wait("locked")
    program.settle(0.3)
    program.type(PASSPHRASE)
    program.press("enter")
    program.wait("My day")
    capture(program, "tiny errand today")
    program.wait("tiny")
    program.press("?")
    program.settle(0.3)
    program.press("escape", "ctrl+q")

    assert program.exit_code() == 0


def test_every_size_is_survived(start: Start, home: Path) -> None:
    program = ready(start(home))
    for columns, rows in ((40, 10), (20, 5), (200, 60), (1, 1), (80, 24)):
        program.resize(columns, rows)
        program.settle(0.2)
        program.press("tab")
        assert program.process.poll() is None
    program.resize(120, 36)
    program.wait("My day")


# --- others -------------------------------------------------------------------------


def test_what_another_program_writes_appears(
    start: Start, home: Path, cli: Program
) -> None:
    one, other = ready(start(home)), ready(start(home))
    assert cli.apart("todo", "add", "from outside", "--due", "today").code == 0

    one.wait("from outside")
    other.wait("from outside")
    capture(one, "between us today")
    other.wait("between us")


def test_it_can_be_suspended_and_brought_back(home: Path) -> None:
    seen = environment(home, password=False) | {"PS1": "shell> "}
    with Terminal(["bash", "--norc", "-i"], env=seen, cwd=home) as shell:
        shell.wait("shell>")
        shell.type(" ".join(MANA))
        shell.press("enter")
        ready(shell)
        shell.press("ctrl+z")
        shell.wait("Stopped")
        shell.type("echo in between")
        shell.press("enter")
        shell.wait("(?m)^in between")
        shell.type("fg")
        shell.press("enter")
        ready(shell)
        capture(shell, "errand after the break today")
        shell.wait("errand after")
        shell.press("ctrl+q")
        shell.wait(r"(?m)shell> *$")


def test_nothing_typed_reaches_the_window_title(start: Start, home: Path) -> None:
    program = ready(start(home))
    capture(program, "zqxcanaryjvk today")
    program.wait("zqxcanaryjvk")
    program.press("ctrl+q")
    program.exit_code()
    output = program.output

    titles = [part.partition(b"\x07")[0] for part in output.split(b"\x1b]")[1:]]
    assert not [title for title in titles if b"zqxcanaryjvk" in title]
    assert b"zqxcanaryjvk" not in output.rpartition(LEFT_SCREEN)[2]


# --- the command line on a terminal -------------------------------------------------


def test_the_passphrase_is_asked_without_showing_it(start: Start, locked: Path) -> None:
    program = start(locked, "todo", "add", "from the prompt")
    program.wait("Passphrase")
    program.type(PASSPHRASE)
    program.press("enter")

    assert program.exit_code() == 0
    assert PASSPHRASE.encode() not in program.output


def test_ctrl_c_at_the_prompt_ends_quietly(start: Start, locked: Path) -> None:
    program = start(locked, "todo", "list")
    program.wait("Passphrase")
    program.settle(0.2)
    program.press("ctrl+c")

    assert program.exit_code() == 130
    assert b"Traceback" not in program.output
