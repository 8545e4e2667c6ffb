"""Measure everything, print a table, fail when a gate is broken."""

from __future__ import annotations

import compileall
import sys
import tempfile
from pathlib import Path

from tests.budget import commands, records, screen, vaults
from tests.budget.gates import Table
from tests.program import ROOT


def main() -> int:
    """Returns 1 when a gate is broken."""
    for name in ("storage", "modules", "mana_tui"):
        compileall.compile_dir(ROOT / name, quiet=1)  # as an installed program is
    table = Table()
    with tempfile.TemporaryDirectory(prefix="mana-budget-") as folder:
        small, big = Path(folder, "small"), Path(folder, "big")
        print("making two vaults …", flush=True)
        vaults.make(small)
        rate = vaults.make(big, vaults.BIG)
        slower = screen.starts(table, small, big)
        screen.presses(table, big, slower)
        commands.measure(table, big)
        records.measure(table, big, rate)
        records.ratios(table, Path(folder))
    if table.broken:
        print(f"\n{len(table.broken)} of {len(table.figures)} figures break their gate.")
        return 1
    print("\nEvery gate holds.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
