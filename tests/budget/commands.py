"""The command line beside a bare Python that imports what it cannot do without."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.budget.gates import Table
from tests.program import ROOT, environment

RUNS = 15
BARE = (sys.executable, "-c", "import sqlcipher3.dbapi2, msgspec, platformdirs, argparse")
MANA = str(Path(sys.executable).with_name("mana"))
COMMANDS = {
    "mana todo add": (MANA, "todo", "add", "Call Ada about the shed", "--due", "tomorrow"),
    "mana todo list": (MANA, "todo", "list", "--limit", "20"),
}


def run(command: Sequence[str], home: Path) -> float:
    """Milliseconds a process takes."""
    began = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(home, password=False),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return (time.perf_counter() - began) * 1000


def measure(table: Table, big: Path) -> None:
    """Everyday commands with an open session, as a ratio; runs take turns."""
    table.title("Command line, open session, 100,000 tasks")
    found: dict[str, list[float]] = {name: [] for name in ("bare", *COMMANDS)}
    for _ in range(RUNS):
        found["bare"].append(run(BARE, big))
        for name, command in COMMANDS.items():
            found[name].append(run(command, big))
    base = statistics.median(found["bare"])
    table.add("bare Python with its imports", base)
    for name in COMMANDS:
        took = statistics.median(found[name])
        table.add(name, took / base, "×", most=2.0, note=f"{took:.0f} ms")
