"""What lies over the panes: one thing at a time, made when first needed, and who has the keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from mana_tui import crash
from mana_tui.safe_app import SafeApp
from mana_tui.widgets.pane import PaneBox

if TYPE_CHECKING:
    from mana_tui.widgets.capturebar import CaptureBar
    from mana_tui.widgets.keystream import KeyStream
    from mana_tui.widgets.picker import Picker
    from mana_tui.widgets.sheet import Sheet
    from mana_tui.widgets.workbench import Workbench

KEPT = 0.5
"""Seconds keys wait at most for what is to get them."""


class Surfaces(SafeApp):
    """Opens the capture bar and forms, and knows what is on top."""

    bench: Workbench | None
    stream: KeyStream
    picker: Picker
    bar: CaptureBar | None
    sheet: Sheet | None

    def keep_keys(self, what: object) -> Callable[[], None]:
        """Keys wait for what is on its way, a moment at most; call the result when it is
        there."""
        if self.bench is None:
            return lambda: None
        self.stream.hold(what)
        self.set_timer(KEPT, partial(self.stream.release, what))
        return partial(self.stream.release, what)

    def on_top(self) -> Picker | CaptureBar | Sheet | None:
        """What lies over the panes and has the keys."""
        if self.picker.is_open:
            return self.picker
        if self.bar is not None and self.bar.is_open:
            return self.bar
        return self.sheet

    def open_capture(
        self, module: str = "", given: Mapping[str, Any] | None = None
    ) -> None:
        """The capture bar, with the kind of a module; what is given holds where the line
        says nothing."""
        from mana_tui.widgets.capturebar import CaptureBar

        bench = self.bench
        if bench is None or self._asks():
            return
        for bar in self.query(CaptureBar):
            bar.open(bench, module, given=given)
            return
        self.stream.hold("capture")
        self.mount(CaptureBar(bench, module, given), before=0)

    def open_form(self, command_id: str, values: Mapping[str, Any]) -> None:
        """A form for what a command still needs; never over another one."""
        from mana_tui.widgets.sheet import Sheet

        bench = self.bench
        if bench is not None and not self._asks():
            self.sheet = Sheet(bench, command_id, values)
            self.stream.hold("form")
            self.mount(self.sheet, before=0)

    def _asks(self) -> bool:
        """Whether a form is open; then it says so, and keeps the keys."""
        if self.sheet is None or self.bench is None:
            return False
        self.bench.say("Finish the open form first: enter saves, esc cancels.")
        self.bench.take_keys()
        return True

    def redraw(self) -> None:
        """Draw every cell again, on a clean terminal."""
        if self._driver is not None:
            self._driver.write("\x1b[2J")
        self.screen.refresh()

    # --- bugs in panes ---------------------------------------------------------------------

    def survives(self, error: Exception) -> bool:
        """A bug in a view ends its pane, not the app."""
        from textual._context import active_message_pump

        return self.pane_failed(error, active_message_pump.get(None))

    def pane_failed(self, error: Exception, widget: Any) -> bool:
        """Report a bug and let the pane say so; False when it is not inside a pane."""
        node = widget
        while node is not None and not isinstance(node, PaneBox):
            node = getattr(node, "parent", None)
        if node is None or node is widget or node.gave_up or not node.is_attached:
            return False
        node.gave_up = True
        self.call_later(node.give_up, crash.report(error))
        return True
