"""The program in tmux: how most people run it, with a server and settings of its own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import time
import uuid
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

SETTINGS = """\
set -g default-terminal tmux-256color
set -as terminal-features ",*:RGB"
set -g escape-time 0
set -g status off
set -g remain-on-exit on
"""


class Tmux:
    """A program in a tmux window; use it in a `with`."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        env: Mapping[str, str] | None = None,
        columns: int = 120,
        rows: int = 40,
    ) -> None:
        self.name = "mana-test-" + uuid.uuid4().hex[:8]
        self._settings = folder / f"{self.name}.conf"
        self._settings.write_text(SETTINGS)
        self._env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        self._env |= {"TERM": "xterm-256color", "TMUX_TMPDIR": str(folder), **(env or {})}
        size = ("-x", str(columns), "-y", str(rows))
        self._ended = folder / f"{self.name}.ended"
        run = f"{shlex.join(command)}; echo $? > {shlex.quote(str(self._ended))}"
        self._ask("new-session", "-d", "-s", "main", *size, run)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        subprocess.run(
            self._words("kill-server"), env=self._env, capture_output=True, check=False
        )

    def _words(self, *words: str) -> list[str]:
        return ["tmux", "-L", self.name, "-f", str(self._settings), *words]

    def _ask(self, *words: str) -> str:
        done = subprocess.run(
            self._words(*words), env=self._env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names: `Enter`, `C-p`, `Escape`, `Down`."""
        self._ask("send-keys", "-t", "main", *keys)

    def type(self, text: str) -> None:
        """Type text."""
        self._ask("send-keys", "-t", "main", "-l", text)

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size."""
        self._ask("resize-window", "-t", "main", "-x", str(columns), "-y", str(rows))

    @property
    def text(self) -> str:
        """What the window shows."""
        return self._ask("capture-pane", "-p", "-t", "main")

    def wait(self, pattern: str, most: float = 20.0) -> str:
        """Look until the window shows a pattern; fails with what it shows."""
        wanted = re.compile(pattern)
        end = time.monotonic() + most
        while time.monotonic() < end:
            if wanted.search(shown := self.text):
                return shown
            time.sleep(0.05)
        raise AssertionError(f"{pattern!r} was not seen; the window:\n{self.text}")

    def exit_code(self, most: float = 20.0) -> int:
        """Wait for the program to end; its exit code. (tmux's own account of it races.)"""
        end = time.monotonic() + most
        while time.monotonic() < end:
            if self._ended.exists() and (said := self._ended.read_text().strip()):
                return int(said)
            time.sleep(0.05)
        raise AssertionError(f"it still runs; the window:\n{self.text}")
