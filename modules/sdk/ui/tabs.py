"""One line of tabs with counts that arrive when they are known."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from modules.sdk.ui.cells import clean, cut, width
from modules.sdk.ui.tones import Drawn


class TabStrip(Drawn):
    """Titles side by side; the chosen one stands out by brackets or weight, and colour."""

    class Chosen(Message):
        """A tab was clicked."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, titles: Sequence[str], chosen: int = 0) -> None:
        super().__init__()
        self.titles = list(titles)
        self.counts: dict[int, int] = {}
        self.chosen = chosen

    def choose(self, index: int) -> None:
        """Show another as chosen."""
        self.chosen = index
        self.refresh()

    def set_counts(self, counts: dict[int, int]) -> None:
        """How many records each has."""
        if counts != self.counts:
            self.counts = dict(counts)
            self.refresh()

    def _pieces(self) -> list[tuple[int, str, str]]:
        """(cells, title, count) of each tab; narrow strips drop counts, then shorten."""
        with_counts = [
            (clean(t), str(self.counts[i]) if self.counts.get(i) else "")
            for i, t in enumerate(self.titles)
        ]
        room = self.size.width - 1
        if sum(width(t) + len(c) + bool(c) + 3 for t, c in with_counts) > room:
            with_counts = [(t, "") for t, _ in with_counts]
        if sum(width(t) + 3 for t, _ in with_counts) > room:
            most = max(3, room // len(self.titles) - 3)
            more = self.glyphs.more
            with_counts = [
                (t if i == self.chosen else cut(t, most, more), "")
                for i, (t, _) in enumerate(with_counts)
            ]
        return [(width(t) + len(c) + bool(c) + 3, t, c) for t, c in with_counts]

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Draw it."""
        tones, segments = self.tones, [Segment(" ", self.rich_style)]
        for i, (_, title, count) in enumerate(self._pieces()):
            on = i == self.chosen
            left, right = ("[", "]") if on else (" ", " ")
            tone = tones["heading"] if on else tones["muted"]
            segments.append(Segment(left + title, tone))
            if count:
                segments.append(
                    Segment(" " + count, tones["accent"] if on else tones["faint"])
                )
            segments.append(Segment(right + " ", tone))
        return Strip(segments).adjust_cell_length(self.size.width, self.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Choose the tab under the mouse."""
        left = 1
        for i, (cells, _, _) in enumerate(self._pieces()):
            if left <= event.x < left + cells:
                self.post_message(self.Chosen(i))
                return
            left += cells
