"""A widget one types a line into: the palette, the pickers, the capture bar."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.geometry import Offset

from mana_tui.line import Line
from mana_tui.widgets.drawn import Drawn, Part
from modules.sdk.ui.cells import width


class Typed(Drawn, can_focus=True):
    """Takes the keys while it is open; subclasses say what they mean."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.line = Line()

    def fit_screen(self) -> None:
        """Take a place that fits the terminal."""
        raise NotImplementedError

    def typed(self) -> None:
        """The text changed."""

    def pressed(self, key: str) -> bool:
        """A key that may mean something else than text; False when it does not."""
        raise NotImplementedError

    def take(self, event: events.Key | events.Paste) -> bool:
        """A key: own meanings first, then the line's. False for keys of the whole app."""
        if isinstance(event, events.Paste):
            if self.line.insert(event.text):
                self.typed()
            return True
        if event.key in ("ctrl+q", "ctrl+c"):
            return False
        if not self.pressed(event.key):
            changed = self.line.key(event.key, event.character)
            if changed:
                self.typed()
            elif changed is False:
                self.refresh()
        return True

    def take_keys(self) -> None:
        """Get the keys from now on: the very next one as well."""
        self.screen.set_focus(self, scroll_visible=False)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Nothing looks different with the focus: spare the styles of the whole tree."""

    def _on_focus(self, event: events.Focus) -> None:
        """Take the focus without drawing everything anew."""
        event.prevent_default()
        self.has_focus = True

    def _on_blur(self, event: events.Blur) -> None:
        """Give it up likewise."""
        event.prevent_default()
        self.has_focus = False

    def line_parts(self, room: int, tone: str = "") -> list[Part]:
        """The line with its cursor, scrolled so that the cursor is seen."""
        text, at = self.line.text, self.line.at
        start = 0
        while start < at and width(text[start:at]) > max(1, room - 2):
            start += 1
        under = text[at : at + 1] or " "
        return [(text[start:at], tone), (under, "reverse"), (text[at + 1 :], tone)]

    def put_cursor(self, x: int, y: int) -> None:
        """Where the terminal's own cursor belongs, for input methods."""
        self.app.cursor_position = Offset(self.region.x + x, self.region.y + y)
