"""The drawn parts of a time grid: names of days with all-day bars, and the hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.scroll_view import ScrollView
from textual.strip import Strip

from modules.sdk.ui.cells import clean, fit
from modules.sdk.ui.grids.layout import Bar
from modules.sdk.ui.tones import Drawn, resize_content

if TYPE_CHECKING:
    from modules.sdk.ui.grids.time import Column, Piece, TimeGrid

GUTTER = 6
MOST_BARS = 4
MORNING = 7
"""The hour at the top when a day is shown first."""


class Head(Drawn):
    """Names of days, and bars of all-day spans below them."""

    def __init__(self, grid: TimeGrid) -> None:
        super().__init__()
        self.grid = grid

    def fit(self) -> None:
        """As many lines as there are bars, within reason."""
        lanes = max((bar.lane + 1 for bar in self.grid.bars), default=0)
        high = 1 + min(lanes, MOST_BARS)
        if self.styles.height is None or self.styles.height.value != high:
            self.styles.height = high
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Names first, then a lane of bars per line."""
        wide = self.size.width
        segments = self._names() if y == 0 else self._lane(y - 1)
        return Strip(segments).adjust_cell_length(wide, self.tones.plain)

    def _names(self) -> list[Segment]:
        from modules.sdk.text.dates import weekday_names

        names = weekday_names(self.grid.context.locale)
        today = self.grid.context.today()
        segments = [Segment(" " * GUTTER, self.tones.plain)]
        for column in self.grid.columns:
            mark = self.glyphs.now_left if column.day == today else " "
            name = f"{mark}{names[column.day.weekday()]} {column.day.day}"
            tone = "today" if column.day == today else "muted"
            if column.day == self.grid.day:
                tone = "cursor-blur" if tone == "muted" else "cursor-blur today"
            segments.append(
                Segment(fit(name, column.width, self.glyphs.more), self.tones[tone])
            )
            segments.append(Segment(" ", self.tones.plain))
        return segments

    def _lane(self, lane: int) -> list[Segment]:
        columns, segments, at = (
            self.grid.columns,
            [Segment(" " * GUTTER, self.tones.plain)],
            0,
        )
        bars = [bar for bar in self.grid.bars if bar.lane == lane]
        hidden = [bar for bar in self.grid.bars if bar.lane >= MOST_BARS]
        if lane == MOST_BARS - 1 and hidden:
            said = f"+{len(hidden) + len(bars)} more all day"
            return [*segments, Segment(said, self.tones["muted"])]
        for bar in sorted(bars, key=lambda bar: bar.first):
            if bar.last >= len(columns):
                continue
            left, last = columns[bar.first].left - GUTTER, columns[bar.last]
            right = last.left - GUTTER + last.width
            segments.append(Segment(" " * (left - at), self.tones.plain))
            segments.append(
                Segment(self._bar(bar, right - left), self.grid.style_of(bar.span))
            )
            at = right
        return segments

    def _bar(self, bar: Bar, cells: int) -> str:
        left = self.glyphs.back if bar.before else self.glyphs.span
        right = self.glyphs.arrow if bar.after else ""
        title = clean(f"{bar.span.icon} {bar.span.title}".strip())
        return fit(
            left + fit(title, cells - len(left) - len(right), self.glyphs.more) + right,
            cells,
        )


class Body(Drawn, ScrollView, can_focus=False):
    """The hours: rows of time, blocks, the now-line, the cursor."""

    def __init__(self, grid: TimeGrid) -> None:
        super().__init__()
        self.grid = grid
        self._strips: dict[int, Strip] = {}
        self._scrolled = False

    # --- what the grid tells it -----------------------------------------------------------------

    def fit(self) -> None:
        """Rows or places changed."""
        resize_content(self, self.grid.rows)
        if not self._scrolled and self.height > 1:
            self._scrolled = True
            top = min(self.grid.row - 2, MORNING * 60 // self.grid.minutes)
            bottom = max(top, self.grid.row + 3 - self.height)
            self.scroll_to(y=max(0, bottom), animate=False, force=True, immediate=True)
        self.forget()

    def forget(self) -> None:
        """Draw everything anew."""
        self._strips.clear()
        self.refresh()

    def show_cursor(self) -> None:
        """Keep the cursor in sight, with a line around it."""
        row, top = self.grid.row, round(self.scroll_y)
        if row < top + 1 or row > top + self.height - 2:
            y = row - 1 if row < top + 1 else row - self.height + 2
            self.scroll_to(y=max(0, y), animate=False, force=True, immediate=True)
        self.forget()

    @property
    def height(self) -> int:
        """Visible rows."""
        return max(1, self.scrollable_content_region.height)

    def on_resize(self) -> None:
        """Lay out for the new width."""
        self.grid.place()

    def notify_style_update(self) -> None:
        self._strips.clear()
        super().notify_style_update()

    # --- drawing ----------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """One row of every day."""
        row = round(self.scroll_y) + y
        wide = self.scrollable_content_region.width
        if row >= self.grid.rows:
            return Strip.blank(wide, self.tones.plain)
        strip = self._strips.get(row)
        if strip is None:
            segments = [self._hour(row)]
            for column in self.grid.columns:
                segments += self.draw_cell(column, row)
                segments.append(Segment(" ", self.tones.plain))
            strip = Strip(segments).adjust_cell_length(wide, self.tones.plain)
            self._strips[row] = strip
        return strip

    def _hour(self, row: int) -> Segment:
        minutes = row * self.grid.minutes
        today = self.grid.context.today()
        if row == self.grid.now_row and any(one.day == today for one in self.grid.columns):
            now = f"{self.grid.context.now():%H:%M}"
            return Segment(fit(now + self.glyphs.now_left[:1], GUTTER), self.tones["now"])
        said = f"{minutes // 60:02}:00" if minutes % 60 == 0 else ""
        on = self.active_row(row)
        return Segment(fit(said, GUTTER), self.tones["bold" if on else "faint"])

    def active_row(self, row: int) -> bool:
        """Whether the cursor is on this row."""
        return row == self.grid.row

    def draw_cell(self, column: Column, row: int) -> list[Segment]:
        """One row of one day: what is free, and the pieces over it."""
        cursor = column.day == self.grid.day and row in self.grid.chosen
        pieces = column.at(row)
        segments: list[Segment] = []
        at = 0
        for piece in pieces:
            if piece.left > at:
                segments.append(
                    self._free(column, row, piece.left - at, cursor and not pieces)
                )
            segments += self._piece(piece, row)
            at = piece.right
        if at < column.width:
            segments.append(
                self._free(column, row, column.width - at, cursor and not pieces)
            )
        return self._with_more(segments, column, row)

    def _with_more(
        self, segments: list[Segment], column: Column, row: int
    ) -> list[Segment]:
        if not column.more.get(row):
            return segments
        said = f"+{column.more[row]}"
        strip = Strip(segments).crop(0, column.width - len(said))
        return [*strip, Segment(said, self.tones["warning"])]

    def _cursor(self) -> Style:
        return self.tones["cursor" if self.grid.active else "cursor-blur"]

    def _free(self, column: Column, row: int, cells: int, cursor: bool) -> Segment:
        minutes = row * self.grid.minutes
        if cursor:
            time = f"{minutes // 60:02}:{minutes % 60:02}"
            return Segment(fit(f"{self.glyphs.cursor}{time}", cells, ""), self._cursor())
        if row == self.grid.now_row and column.day == self.grid.context.today():
            return Segment(self.glyphs.now * cells, self.tones["now"])
        if minutes % 60 == 0 and self.glyphs.drawn:
            return Segment(self.glyphs.half * cells, self.tones["grid"])
        return Segment(" " * cells, self.tones.plain)

    def _piece(self, piece: Piece, row: int) -> list[Segment]:
        grid, block = self.grid, piece.block
        on = grid.piece is piece
        style = self._cursor() if on else grid.style_of(block.span)
        at = row - block.top
        said = piece.texts[at] if at < len(piece.texts) else ""
        if at == 0 and not on:
            style += Style(bold=True)
        edge = self.glyphs.cursor if on else self.glyphs.span
        text = fit(said, piece.right - piece.left - 2, self.glyphs.more)
        room = piece.right - piece.left
        return [Segment(fit(edge + text + " ", room, ""), style)]

    # --- mouse -------------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Stand there; twice opens."""
        row = round(self.scroll_y) + event.y
        for column in self.grid.columns:
            if column.left <= event.x < column.left + column.width and row < self.grid.rows:
                self.grid.go_to_day(column.day)
                self.grid.go_to_row(row)
                self._pick(column, row, event.x - column.left)
                if event.chain == 2:
                    self.grid.act_grid_open()
                return

    def _pick(self, column: Column, row: int, x: int) -> None:
        for i, piece in enumerate(column.at(row)):
            if piece.left <= x < piece.right:
                self.grid.pick = i
        self.show_cursor()
