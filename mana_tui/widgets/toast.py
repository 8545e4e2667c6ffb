"""A note in the corner after something was taken away: what, and the key that brings it back."""

from __future__ import annotations

from textual.strip import Strip
from textual.timer import Timer

from mana_tui.widgets.drawn import Drawn, Part
from modules.sdk.ui.cells import clean, width

SECONDS = 6.0


class Toast(Drawn):
    """One line over the panes, gone by itself."""

    def __init__(self) -> None:
        super().__init__(id="toast")
        self.text = ""
        self.keys: tuple[tuple[str, str], ...] = ()
        self._timer: Timer | None = None

    def show(self, text: str, keys: tuple[tuple[str, str], ...] = ()) -> None:
        """Say it for some seconds."""
        self.text, self.keys = clean(text), keys
        wide, high = self.app.size
        if wide < 50 or high < 14:
            return
        need = min(wide - 6, sum(width(part) for part, _ in self._parts()) + 1)
        self.styles.width = need
        self.styles.margin = (high - 5, 0, 0, wide - need - 2)
        self.display = True
        self.refresh()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SECONDS, self.hide)

    def hide(self) -> None:
        """Take it away."""
        self.text, self.keys = "", ()
        self.display = False

    def _parts(self) -> list[Part]:
        parts: list[Part] = [
            (" " + self.glyphs.focus + " ", "accent"),
            (self.text, "panel"),
        ]
        for keys, said in self.keys:
            parts += [("   " + keys, "key"), (f" {said}", "panel-muted")]
        return parts

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Draw it."""
        return self.strip(self._parts(), self.size.width, "panel")
