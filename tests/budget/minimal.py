"""The smallest Textual app, and a raw widget of 100,000 rows: what Textual itself costs."""

from __future__ import annotations

import os

os.environ.setdefault("TEXTUAL_FPS", "240")

from rich.segment import Segment
from textual import events
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.widgets import Static


class Minimal(App[None]):
    """One text."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        """Say that it is there."""
        yield Static("minimal is ready")


class Rows(ScrollView, can_focus=True):
    """A cursor over rows: a key repaints two lines and nothing else."""

    cursor = 0

    def on_mount(self) -> None:
        """Know how long it is."""
        self.virtual_size = Size(1, 100_000)

    def render_line(self, y: int) -> Strip:
        """A row as one segment."""
        row = self.scroll_offset.y + y
        mark = ">" if row == self.cursor else " "
        text = f"{mark} row {row:06d} of a raw widget".ljust(self.size.width)
        return Strip([Segment(text, self.rich_style)], self.size.width)

    def on_key(self, event: events.Key) -> None:
        """Move the cursor."""
        step = {"j": 1, "k": -1}.get(event.key, 0)
        old, self.cursor = self.cursor, max(0, self.cursor + step)
        for row in {old, self.cursor}:
            self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))


class Raw(App[None]):
    """The rows alone."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        """One widget."""
        yield Rows()

    def on_ready(self) -> None:
        """Keys go to it."""
        self.query_one(Rows).focus()


if __name__ == "__main__":
    import sys

    (Raw if "raw" in sys.argv else Minimal)().run()
