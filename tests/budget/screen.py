"""The app through a pseudo-terminal, beside a minimal Textual app."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

from tests.budget.gates import Table
from tests.program import ROOT, environment
from tests.terminal.ptylib import Terminal, now

STARTS = 9
KEYS = ("j" * 12 + "k" * 12) * 3
QUIET = 0.12
ROW = r"☐ \S+|\[ \] \S+"
"""A task on the screen: what makes the first paint a useful one."""
MEASURED = 200.0
"""Milliseconds the minimal app took to start where the gates in milliseconds were set."""
MINIMAL = (sys.executable, "-m", "tests.budget.minimal")
MANA = (str(Path(sys.executable).with_name("mana")),)


def terminal(command: Sequence[str], home: Path) -> Terminal:
    """The program at 120×40."""
    seen = environment(home, password=False)
    return Terminal(command, env=seen, cwd=ROOT, columns=120, rows=40)


def start(command: Sequence[str], home: Path, pattern: str) -> float:
    """Milliseconds from the start of a process to a pattern on its screen."""
    with terminal(command, home) as program:
        program.wait(pattern, most=60)
        seen = program.first(pattern)
        assert seen is not None
        return (seen - program.began) * 1000


def key(program: Terminal, pressed: str) -> tuple[float, float]:
    """Milliseconds from a key to the first and to the last output it causes."""
    program.settle(QUIET)
    before = len(program.chunks)
    began = now()
    program.press(pressed)
    program.pump(began + 3, lambda: True)
    program.settle(QUIET, most=3)
    times = [(at - began) * 1000 for at, _ in program.chunks[before:]]
    assert times, f"{pressed} changed nothing; the screen:\n{program.text}"
    return times[0], times[-1]


def keys(program: Terminal, pressed: Sequence[str]) -> tuple[float, float]:
    """Medians of the same over several keys, the first of each left out."""
    found = [key(program, one) for one in pressed][1:]
    return statistics.median(f for f, _ in found), statistics.median(s for _, s in found)


def starts(table: Table, small: Path, big: Path) -> float:
    """First useful paint with an open session, as a ratio; runs take turns.

    Returns how many times slower this machine is than the one the gates were set on.
    """
    table.title("First useful paint, open session (120×40)")
    runs: dict[str, list[float]] = {"minimal": [], "small": [], "big": []}
    for _ in range(STARTS):
        runs["minimal"].append(start(MINIMAL, small, "minimal is ready"))
        runs["small"].append(start(MANA, small, ROW))
        runs["big"].append(start(MANA, big, ROW))
    base, one, other = (
        statistics.median(runs[name]) for name in ("minimal", "small", "big")
    )
    table.add("minimal Textual app", base)
    table.add("1,000 records", one / base, "×", most=1.5, note=f"{one:.0f} ms")
    table.add("100,000 records", other / base, "×", most=1.6, note=f"{other:.0f} ms")
    return base / MEASURED


def presses(table: Table, big: Path, slower: float) -> None:
    """Keys in the app with 100,000 tasks, as on a machine of the gates' speed."""

    def paced(name: str, took: float, most: float) -> None:
        table.add(name, took / slower, most=most, note=f"{took:.1f} ms here")

    table.title(
        f"Keys, 100,000 tasks (gated milliseconds are for a machine that starts the minimal"
        f" app in {MEASURED:.0f} ms; this one takes {slower:.2f} × as long)"
    )
    with terminal((*MINIMAL, "raw"), big) as raw:
        raw.wait("row 000020")
        base, _ = keys(raw, KEYS)
    table.add("raw widget: cursor key", base)
    with terminal(MANA, big) as program:
        program.wait(ROW, most=60)
        program.settle(1.0)
        _go_to_todo(program)
        first, _ = keys(program, KEYS)
        table.add(
            "cursor key in the list", first / base, "×", most=2.0, note=f"{first:.2f} ms"
        )
        first, _ = keys(program, ["ctrl+d", "ctrl+u"] * 8)
        table.add("half a page", first)
        _, settled = keys(program, ["tab"] * 12)
        paced("next pane, settled", settled, 20)
        key(program, "2")  # a scene is mounted when it is first seen
        _, settled = keys(program, ["1", "2"] * 8)
        paced("scene, settled", settled, 50)
        opened, letter = [], []
        for _ in range(8):
            opened.append(key(program, ":")[1])
            letter += [key(program, one)[1] for one in "add"]
            key(program, "escape")
        paced("palette open", statistics.median(opened[1:]), 30)
        paced("palette, a letter", statistics.median(letter[3:]), 20)
        used = psutil.Process(program.pid).memory_info().rss / 2**20
        table.add("memory", used, "MB", most=150)


def _go_to_todo(program: Terminal) -> None:
    for one in ("g", "t"):
        program.press(one)
    program.settle(0.5)
