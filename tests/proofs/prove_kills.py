"""No acknowledged write is lost by `kill -9`."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.program import ROOT

KILLS = int(os.environ.get("MANA_PROOF_KILLS", "1000"))
"""`MANA_PROOF_KILLS=10000 make proofs` is the nightly one."""
WORKERS = 2


@pytest.mark.timeout(KILLS)
def test_no_acknowledged_write_is_lost(tmp_path: Path, say: Callable[..., None]) -> None:
    seeds = [secrets.token_hex(4) for _ in range(WORKERS)]
    running = []
    for seed in seeds:
        (tmp_path / seed).mkdir()
        words = ["-m", "tests.proofs.kills", tmp_path / seed, KILLS // WORKERS, seed]
        running.append(
            subprocess.Popen(
                [sys.executable, *map(str, words)],
                cwd=ROOT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
    total: Counter[str] = Counter()
    for one in running:
        out, err = one.communicate()
        assert one.returncode == 0, err
        total.update(json.loads(out))
    assert total["kills"] == KILLS // WORKERS * WORKERS
    assert total["acknowledged"] > total["kills"] / 2
    assert total["backups"] > 0
    say("kill -9: kills", total["kills"], "every vault opens, quick check clean")
    say("kill -9: acknowledged commands lost", 0, f"of {total['acknowledged']:,}")
    say("kill -9: commands cut in half", 0, f"{total['unsaid']} whole but not yet said")
    say("kill -9: while opening or before the first command", total["opening"])
    say("kill -9: backups damaged by it", 0, f"of {total['backups']}")
