"""Lines of words to read and to walk through: what detail views and previews draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from modules.sdk.ui.rows import fit_runs
from modules.sdk.ui.tones import Drawn, resize_content

Run = tuple[str, str]
"""Text (already clean) and its tone."""

MARGIN = 2


class PageLine(msgspec.Struct, frozen=True):
    """A line that fits: runs of text, and what enter does on it, if anything."""

    runs: tuple[Run, ...] = ()
    target: Any = None
    fill: str = ""

    @property
    def text(self) -> str:
        """Its words."""
        return "".join(text for text, _ in self.runs)


class Page(Drawn, ScrollView, can_focus=False):
    """Draws lines; the cursor stands on lines that have a target, the rest scrolls."""

    class Clicked(Message):
        """A line was clicked; `twice` for a double click."""

        def __init__(self, page: Page, target: Any, twice: bool) -> None:
            super().__init__()
            self.page = page
            self.target = target
            self.twice = twice

    class Resized(Message):
        """The width changed: lines have to be made anew."""

        def __init__(self, page: Page) -> None:
            super().__init__()
            self.page = page

    def __init__(self) -> None:
        super().__init__()
        self.lines: Sequence[PageLine] = ()
        self.cursor: int | None = None
        self.active = False
        self._made_for = -1

    @property
    def room(self) -> int:
        """Cells a line may take."""
        return max(8, self.scrollable_content_region.width - 2 * MARGIN)

    def set_lines(self, lines: Sequence[PageLine], *, keep: bool = False) -> None:
        """Show other lines; `keep` leaves scroll and cursor on the same target."""
        target = self.target
        self.lines = lines
        resize_content(self, len(lines))
        if not keep:
            self.scroll_to(y=0, animate=False, force=True, immediate=True)
        self.cursor = next(
            (
                i
                for i, line in enumerate(lines)
                if target is not None and line.target == target
            ),
            None,
        )
        self.refresh()

    @property
    def target(self) -> Any:
        """What the cursor stands on, or None."""
        if self.cursor is None or self.cursor >= len(self.lines):
            return None
        return self.lines[self.cursor].target

    @property
    def height(self) -> int:
        """Visible lines."""
        return max(1, self.scrollable_content_region.height)

    def move(self, step: int) -> bool:
        """To the next line with a target when it is near, else scroll by a line."""
        here = self.cursor
        if here is None:
            here = (
                round(self.scroll_y) - 1 if step > 0 else round(self.scroll_y) + self.height
            )
        way = range(here + 1, len(self.lines)) if step > 0 else range(here - 1, -1, -1)
        place = next((i for i in way if self.lines[i].target is not None), None)
        top = round(self.scroll_y)
        if place is not None and top - 1 <= place <= top + self.height:
            self.put_cursor(place)
            return True
        if step < 0 and place is None and top == 0:
            return False
        return self.scroll_lines(step)

    def put_cursor(self, place: int | None) -> None:
        """Stand on a line, in sight."""
        old, self.cursor = self.cursor, place
        if place is not None:
            top = round(self.scroll_y)
            if not top <= place < top + self.height:
                y = place if place < top else place - self.height + 1
                self.scroll_to(y=y, animate=False, force=True, immediate=True)
                self.refresh()
        for line in (old, place):
            if line is not None:
                self.refresh_line(line)

    def scroll_lines(self, step: int) -> bool:
        """Scroll; False at the end."""
        before = round(self.scroll_y)
        y = max(0, min(before + step, self.max_scroll_y))
        if y == before:
            return False
        self.scroll_to(y=y, animate=False, force=True, immediate=True)
        return True

    def set_active(self, on: bool) -> None:
        """Draw the cursor strongly, or faintly."""
        if on != self.active:
            self.active = on
            if self.cursor is not None:
                self.refresh_line(self.cursor)

    def on_resize(self) -> None:
        """Tell who makes the lines."""
        if self.room != self._made_for:
            self._made_for = self.room
            self.post_message(self.Resized(self))

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        at = round(self.scroll_y) + y
        wide = self.scrollable_content_region.width
        tones = self.tones
        if at >= len(self.lines):
            return Strip.blank(wide, tones.plain)
        line = self.lines[at]
        if at == self.cursor:
            return self._draw_cursor(line, wide)
        fill = tones[line.fill]
        runs = [(text, tones[tone]) for text, tone in line.runs]
        segments = [Segment(" " * MARGIN, tones.plain)]
        segments += fit_runs(runs, self.room, fill, self.glyphs.more, "left")
        return Strip(segments).adjust_cell_length(wide, tones.plain)

    def _draw_cursor(self, line: PageLine, wide: int) -> Strip:
        style = self.tones["cursor" if self.active else "cursor-blur"]
        bar = self.glyphs.cursor if self.active else self.glyphs.here
        segments = [Segment(bar + " ", style)]
        segments += fit_runs(
            [(line.text, style)], self.room, style, self.glyphs.more, "left"
        )
        return Strip(segments).adjust_cell_length(wide, style)

    def on_click(self, event: events.Click) -> None:
        """Stand on the line."""
        at = round(self.scroll_y) + event.y
        if at < len(self.lines) and self.lines[at].target is not None:
            self.put_cursor(at)
            self.post_message(self.Clicked(self, self.lines[at].target, event.chain == 2))
