"""`mana demo` in tmux: the first thing a new person runs, where many people run it."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from tests.program import MANA, environment
from tests.terminal.tmux import Tmux

pytestmark = pytest.mark.terminal


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed")
def test_the_demo_opens_in_tmux(tmp_path: Path) -> None:
    (tmp_path / "person").mkdir()
    seen = environment(tmp_path, password=False) | {"TMPDIR": str(tmp_path)}
    del seen["MANA_HOME"]
    with Tmux([*MANA, "demo", "--records", "200"], folder=tmp_path, env=seen) as tmux:
        shown = tmux.wait(r"My day[\s\S]*☐")
        assert all(len(line) <= 120 for line in shown.splitlines())
        tmux.press(":")
        tmux.wait("(?i)palette")
        tmux.press("Escape")
        tmux.resize(80, 24)
        time.sleep(0.5)
        shown = tmux.wait("☼ My")
        assert all(len(line) <= 80 for line in shown.splitlines())
        tmux.press("C-q")
        assert tmux.exit_code() == 0
    assert not list(tmp_path.glob("mana-demo-*")), "the throw-away vault is gone"
