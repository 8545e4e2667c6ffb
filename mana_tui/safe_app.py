"""A Textual app that never prints a traceback and always gives the terminal back."""

from __future__ import annotations

import asyncio
import signal
import sys

from textual.app import App
from textual.binding import Binding

from mana_tui import crash

ENDINGS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class SafeApp(App[int], inherit_bindings=False):
    """Textual prints local variables on a crash, and they hold what people typed."""

    BINDINGS = [Binding("ctrl+z", "suspend_process", show=False)]

    report = ""

    async def on_mount(self) -> None:
        """Told to end from outside, leave as if by the key; back from the shell or an
        editor, paint, because the screen is empty and nothing else would fill it."""
        self.app_resume_signal.subscribe(self, lambda _: self.screen.refresh())
        if sys.platform != "win32":
            for which in ENDINGS:
                asyncio.get_running_loop().add_signal_handler(which, self.leave_on, which)

    def leave_on(self, which: signal.Signals) -> None:
        """End with the exit code a shell expects of a signal."""
        self.exit(return_code=128 + which)

    def survives(self, error: Exception) -> bool:  # noqa: ARG002 - for subclasses
        """Whether the app can go on after a bug in what runs now."""
        return False

    def _handle_exception(self, error: Exception) -> None:
        """A bug: write the report, leave, and name it when the screen is back."""
        if self._exception is None and self.survives(error):
            return
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
            self.report = crash.report(error)
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        """Textual's own would print local variables."""
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:  # noqa: ARG002 - that is the point
        """Nothing Textual wants to say about a failure is printed."""
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Nothing but the sentence that names the report."""
        self._exit_renderables.clear()
        if self.report:
            print(f"mana: {self.report}", file=sys.__stderr__)
            self.report = ""
