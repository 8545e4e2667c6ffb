"""A Textual app that never prints a traceback: a bug becomes a redacted report."""

from __future__ import annotations

import sys

from textual.app import App

from mana_tui import crash


class SafeApp(App[int], inherit_bindings=False):
    """Textual prints local variables on a crash, and they hold what people typed."""

    report = ""

    def _handle_exception(self, error: Exception) -> None:
        """A bug: write the report, leave, and name it when the screen is back."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
            self.report = crash.report(error)
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        """Textual's own would print local variables."""
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        """Nothing Textual wants to say about a failure is printed."""
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Nothing but the sentence that names the report."""
        self._exit_renderables.clear()
        if self.report:
            print(f"mana: {self.report}", file=sys.__stderr__)
            self.report = ""
