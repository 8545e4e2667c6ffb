"""Keyboard input that does not wait: Escape after ESCDELAY, leaving and suspending at once.

Textual's own driver looks every 0.1 s whether to stop and whether a lone escape has
waited long enough. This one sleeps until a byte arrives, until the escape is due, or until
it is told to stop. Set ESCDELAY (milliseconds) before Textual is imported.
"""

from __future__ import annotations

import os
import select
import sys
import time
from codecs import getincrementaldecoder
from threading import Event
from typing import Any

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

CHUNK = 4096


class WakingEvent(Event):
    """An event that also writes a byte, so that a thread in `select` sees it."""

    def __init__(self) -> None:
        super().__init__()
        self.reader, self._writer = os.pipe()
        self.closed = False

    def set(self) -> None:
        """Set it and wake whoever sleeps."""
        super().set()
        os.write(self._writer, b".")

    def drain(self) -> None:
        """Forget the bytes that did their work."""
        os.read(self.reader, 64)

    def close(self) -> None:
        """Give the pipe back."""
        if not self.closed:
            self.closed = True
            os.close(self.reader)
            os.close(self._writer)


class FastDriver(LinuxDriver):
    """Textual's driver for POSIX terminals with another input loop."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.exit_event: WakingEvent = WakingEvent()

    def start_application_mode(self) -> None:
        """Take the terminal, also again after a suspension, which had closed the pipe."""
        if self.exit_event.closed:
            self.exit_event = WakingEvent()
        super().start_application_mode()

    def write(self, data: str) -> None:
        """Write; a terminal that was closed takes nothing, and waiting for it would last."""
        writer = self._writer_thread
        if writer is None or writer.is_alive():
            super().write(data)

    def close(self) -> None:
        """Stop writing, and give the pipe back."""
        super().close()
        self.exit_event.close()

    def _read(self) -> bytes:
        """What was typed; nothing when the terminal was closed, which ends the app."""
        try:
            data = os.read(self.fileno, CHUNK)
        except OSError:
            data = b""
        if not data and self._loop is not None:
            self._loop.call_soon_threadsafe(self._app.exit, None, 129)
        return data

    def run_input_thread(self) -> None:
        """Read, parse, hand on; ends when the terminal does or when told to stop."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        try:
            while not self.exit_event.is_set():
                ready = self._wait(parser)
                if self.exit_event.reader in ready:
                    self.exit_event.drain()
                if self.fileno in ready:
                    data = self._read()
                    if not data:
                        return
                    for event in parser.feed(decode(data)):
                        self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
        finally:
            _finish(parser)

    def _wait(self, parser: XTermParser) -> list[int]:
        """Sleep until there is something to do; at most until an escape is due."""
        due = parser._timeout_time  # noqa: SLF001 - Textual is pinned
        rest = None if due is None else max(0.0, due - time.monotonic()) + 0.001
        return select.select([self.fileno, self.exit_event.reader], [], [], rest)[0]


def _finish(parser: XTermParser) -> None:
    try:
        for _ in parser.feed(""):
            pass
    except (EOFError, ParseError):
        return


def fast_driver() -> type[LinuxDriver] | None:
    """The driver for `App(driver_class=…)`: None lets Textual choose (no POSIX terminal,
    or TEXTUAL_DRIVER asks for another)."""
    if os.name != "posix" or os.environ.get("TEXTUAL_DRIVER") or not sys.__stdin__:
        return None
    return FastDriver if sys.__stdin__.isatty() else None
