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

    def _pieces(self) -> list[tuple[int, str, str, int]]:
        """(cells, title, count, tab) of the tabs that fit, the chosen one among them.

        Without room for all, counts go first, then the tabs farthest from the chosen one;
        an ellipsis (tab -1) says that there are more on that side.
        """
        room = self.size.width - 1
        whole = [self._piece(i, counted=True) for i in range(len(self.titles))]
        if sum(piece[0] for piece in whole) <= room:
            return whole
        whole = [self._piece(i, counted=False) for i in range(len(self.titles))]
        if sum(piece[0] for piece in whole) <= room:
            return whole
        return self._around(whole, room)

    def _piece(self, i: int, *, counted: bool) -> tuple[int, str, str, int]:
        title = clean(self.titles[i])
        count = str(self.counts[i]) if counted and self.counts.get(i) else ""
        return width(title) + len(count) + bool(count) + 3, title, count, i

    def _around(
        self, whole: list[tuple[int, str, str, int]], room: int
    ) -> list[tuple[int, str, str, int]]:
        """The chosen tab, then as many as fit after it, then before it."""
        more = self.glyphs.more
        mark = (width(more) + 1, more, "", -1)
        first = last = min(self.chosen, len(whole) - 1)
        used = whole[first][0] + 2 * mark[0]
        while last + 1 < len(whole) and used + whole[last + 1][0] <= room:
            last += 1
            used += whole[last][0]
        while first > 0 and used + whole[first - 1][0] <= room:
            first -= 1
            used += whole[first][0]
        shown = whole[first : last + 1]
        if used > room and len(shown) == 1:
            cells, title, count, i = shown[0]
            title = cut(title, max(1, room - 3), more)
            return [(min(cells, room), title, count, i)]
        before = [mark] if first > 0 else []
        return [*before, *shown, *([mark] if last + 1 < len(whole) else [])]

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Draw it."""
        tones, segments = self.tones, [Segment(" ", self.rich_style)]
        for _, title, count, i in self._pieces():
            if i < 0:
                segments.append(Segment(title + " ", tones["faint"]))
                continue
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
        """Choose the tab under the mouse; an ellipsis, the next one on that side."""
        left, before = 1, self.chosen - 1
        for cells, _, _, i in self._pieces():
            if left <= event.x < left + cells:
                self.post_message(self.Chosen(i if i >= 0 else before))
                return
            left += cells
            before = self.chosen + 1
