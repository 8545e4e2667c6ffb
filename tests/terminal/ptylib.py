"""The program on a real pseudo-terminal: type at it, look at its screen, time its frames."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import pyte

now = time.perf_counter

ANSWERS = (
    (b"\x1b[?2026$p", b"\x1b[?2026;2$y"),
    (b"\x1b[?2048$p", b"\x1b[?2048;0$y"),
    (b"\x1b[c", b"\x1b[?62;22c"),
    (b"\x1b[0c", b"\x1b[?62;22c"),
    (b"\x1b[>c", b"\x1b[>41;354;0c"),
    (b"\x1b[6n", b"\x1b[1;1R"),
    (b"\x1b]10;?", b"\x1b]10;rgb:dddd/dddd/dddd\x1b\\"),
    (b"\x1b]11;?", b"\x1b]11;rgb:1111/1111/1111\x1b\\"),
    (b"\x1b[14t", b"\x1b[4;800;1200t"),
    (b"\x1b[16t", b"\x1b[6;20;10t"),
)
"""What a terminal says when it is asked."""

UNKNOWN_TO_PYTE = re.compile(
    rb"\x1b\[[<>=][0-9;]*[a-zA-Z]|\x1bP.*?\x1b\\|\x1b_.*?\x1b\\|\x1b\[[0-9;?]*\$p"
    rb"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-9;]* q|\x1b\[[0-9;]*t",
    re.DOTALL,
)

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "space": " ",
    "backspace": "\x7f",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "f1": "\x1bOP",
} | {f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"}


class Terminal:
    """A program on a pseudo-terminal. Use it in a `with`: it is killed at the end."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        columns: int = 120,
        rows: int = 40,
    ) -> None:
        self.columns, self.rows = columns, rows
        self.chunks: list[tuple[float, bytes]] = []
        self.ended = False
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._fed = 0
        seen = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        seen |= {"TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})}
        self.fd, inner = pty.openpty()
        _resize(inner, columns, rows)
        self.began = now()
        self.process = subprocess.Popen(
            command,
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env=seen,
            cwd=cwd,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - two system calls, no locks
        )
        self.pid = self.process.pid
        os.close(inner)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    # --- typing ---------------------------------------------------------------------

    def write(self, data: bytes) -> None:
        """Send bytes as they are."""
        os.write(self.fd, data)

    def press(self, *keys: str) -> None:
        """Press keys by name (`enter`, `ctrl+c`) or character."""
        for key in keys:
            self.write(KEYS.get(key, key).encode())
            if key == "escape":  # alone: what follows at once would be an alt chord
                self.rest(0.15)

    def type(self, text: str) -> None:
        """Type text."""
        self.write(text.encode())

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size."""
        self.columns, self.rows = columns, rows
        self._screen.resize(rows, columns)
        _resize(self.fd, columns, rows)
        os.kill(self.pid, signal.SIGWINCH)

    # --- looking --------------------------------------------------------------------

    def pump(self, until: float, stop: Callable[[], bool] | None = None) -> bool:
        """Read what comes until a moment; `stop` may end it earlier, which gives True."""
        while (left := until - now()) > 0 and not self.ended:
            if not select.select([self.fd], [], [], left)[0]:
                break
            self._read()
            if stop and stop():
                return True
        return False

    def _read(self) -> None:
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:
            data = b""
        if not data:
            self.ended = True
            return
        self.chunks.append((now(), data))
        for question, answer in ANSWERS:
            if question in data:
                self.write(answer)

    def rest(self, seconds: float) -> None:
        """Let it run for a while."""
        self.pump(now() + seconds)

    def settle(self, quiet: float = 0.15, most: float = 10.0) -> None:
        """Let it run until nothing has come for a moment."""
        end = now() + most
        while now() < end and not self.ended:
            before = len(self.chunks)
            self.pump(min(end, now() + quiet))
            if len(self.chunks) == before:
                return

    @property
    def lines(self) -> list[str]:
        """The screen, line by line."""
        while self._fed < len(self.chunks):
            self._stream.feed(plain(self.chunks[self._fed][1]))
            self._fed += 1
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    @property
    def output(self) -> bytes:
        """Everything the program has written."""
        return b"".join(data for _, data in self.chunks)

    def wait(self, pattern: str, most: float = 20.0) -> str:
        """Look until the screen shows a pattern; fails with the screen."""
        wanted = re.compile(pattern)
        end = now() + most
        while now() < end:
            if wanted.search(self.text):
                return self.text
            if self.ended:
                break
            self.pump(min(end, now() + 0.25), lambda: True)
        raise AssertionError(f"{pattern!r} was not seen; the screen:\n{self.text}")

    def gone(self, pattern: str, most: float = 20.0) -> str:
        """Look until the screen shows a pattern no more."""
        wanted = re.compile(pattern)
        end = now() + most
        while now() < end:
            if not wanted.search(self.text):
                return self.text
            self.pump(min(end, now() + 0.25), lambda: True)
        raise AssertionError(f"{pattern!r} is still there; the screen:\n{self.text}")

    def first(self, pattern: str, since: int = 0) -> float | None:
        """When the screen first showed a pattern, after so many chunks; None if never.

        Replays what came from the start, so that it can be asked afterwards.
        """
        wanted = re.compile(pattern)
        screen = pyte.Screen(self.columns, self.rows)
        stream = pyte.ByteStream(screen)
        for number, (at, data) in enumerate(self.chunks):
            stream.feed(plain(data))
            if number >= since and wanted.search("\n".join(screen.display)):
                return at
        return None

    # --- ending ---------------------------------------------------------------------

    def exit_code(self, most: float = 20.0) -> int:
        """Wait for it to end; its exit code, or minus the signal that killed it."""
        end = now() + most
        while self.process.poll() is None and now() < end:
            if self.ended:
                time.sleep(0.02)
            self.pump(min(end, now() + 0.05))
        assert self.process.returncode is not None, f"it still runs:\n{self.text}"
        return self.process.returncode

    def signal(self, which: signal.Signals) -> None:
        """Send it a signal."""
        os.kill(self.pid, which)

    def kill(self) -> None:
        """End it now, and close the terminal."""
        self.process.kill()
        self.process.wait()
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


def plain(data: bytes) -> bytes:
    """What pyte understands; it has one screen, so leaving the other one clears it."""
    data = data.replace(b"\x1b[?1049l", b"\x1b[2J\x1b[H").replace(
        b"\x1b[?1049h", b"\x1b[2J"
    )
    return UNKNOWN_TO_PYTE.sub(b"", data)


def _resize(fd: int, columns: int, rows: int) -> None:
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
