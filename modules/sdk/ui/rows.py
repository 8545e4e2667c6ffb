"""The drawn part of a list: only visible lines exist, a cursor move repaints two."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Protocol

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from modules.sdk.ui.cells import clean, fit, width
from modules.sdk.ui.column import Cell, ListColumn, gap, lay_out
from modules.sdk.ui.ids import Groups
from modules.sdk.ui.tones import TONES, Drawn, resize_content

GUTTER = 3
KEPT_STRIPS = 1024
NO_GROUPS = Groups()


class Source(Protocol):
    """Where rows come from."""

    columns: Sequence[ListColumn]

    def row(self, at: int) -> Any:
        """The record at a row, or None while it is not there."""
        ...

    def row_style(self, record: Any) -> str:
        """A tone for the whole line, or nothing."""
        ...

    def marked(self, at: int) -> bool:
        """Whether a row is marked."""
        ...


class Rows(Drawn, ScrollView, can_focus=False):
    """Draws the rows of a source, with a cursor and group headers."""

    class Clicked(Message):
        """A row was clicked; `twice` for a double click."""

        def __init__(self, row: int, twice: bool) -> None:
            super().__init__()
            self.row = row
            self.twice = twice

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source
        self.cursor = 0
        self.active = False
        self.count = 0
        self.groups = NO_GROUPS
        self._strips: dict[tuple[int, int], Strip] = {}
        self._laid: tuple[tuple[int, int], ...] = ()
        self._laid_for = -1
        self._drawn_for = -1

    # --- what the view tells it ----------------------------------------------------------

    def set_rows(self, count: int, groups: Groups = NO_GROUPS) -> None:
        """There are so many rows now, and everything may look different."""
        self.count, self.groups = count, groups
        self._strips.clear()
        resize_content(self, count + len(groups))
        self.refresh()

    def forget(self, rows: Sequence[int] | None = None) -> None:
        """These rows (or all) look different now."""
        if rows is None:
            self._strips.clear()
            self.refresh()
            return
        for row in rows:
            for kind in (0, 1, 2):
                self._strips.pop((row, kind), None)
            self.refresh_line(self.groups.line(row))

    def move(self, row: int, *, keep: int | None = None) -> None:
        """Put the cursor on a row and show it; `keep` is the screen line to keep it on."""
        old, self.cursor = self.cursor, row
        line = self.groups.line(row)
        if keep is not None:
            self._scroll(line - keep)
        elif self.scrollable_content_region.height <= 0:
            return
        elif self._in_sight(row):
            self.refresh_line(self.groups.line(old))
            self.refresh_line(line)
        else:
            self._scroll_to_show(row)

    def _in_sight(self, row: int) -> bool:
        line, top = self.groups.line(row), self.scroll_offset.y
        return top <= line - self._lead(row) and line < top + self.height

    def _lead(self, row: int) -> int:
        """How many lines above a row belong to it: its header, when it is the first."""
        line = self.groups.line(row)
        return 1 if line and self.groups.header(line - 1) is not None else 0

    def _scroll_to_show(self, row: int) -> None:
        line, top = self.groups.line(row), self.scroll_offset.y
        above = line - self._lead(row)
        self._scroll(above if above < top else line - self.height + 1)

    def _scroll(self, y: int) -> None:
        if round(self.scroll_y) != max(0, min(y, self.max_scroll_y)):
            self.scroll_to(y=max(0, y), animate=False, force=True, immediate=True)
        self.refresh()

    def set_active(self, on: bool) -> None:
        """Draw the cursor strongly, or faintly."""
        if on != self.active:
            self.active = on
            self.refresh_line(self.groups.line(self.cursor))

    @property
    def height(self) -> int:
        """Visible lines."""
        return max(1, self.scrollable_content_region.height)

    @property
    def cursor_offset(self) -> int:
        """The screen line the cursor is on."""
        return self.groups.line(self.cursor) - round(self.scroll_y)

    # --- drawing ------------------------------------------------------------------------------

    def notify_style_update(self) -> None:
        """Colours changed: draw everything anew."""
        self._strips.clear()
        super().notify_style_update()

    def _on_resize(self) -> None:
        wide = self.scrollable_content_region.width
        if self._drawn_for != wide:  # also told when it is only shown again
            self._drawn_for = wide
            self._strips.clear()
            self._laid_for = -1
        if self.count and not self._in_sight(self.cursor):
            self._scroll_to_show(self.cursor)

    def render_line(self, y: int) -> Strip:
        """Draw one line of what is in sight."""
        line = round(self.scroll_y) + y
        wide = self.scrollable_content_region.width
        if wide != self._drawn_for:  # painted before the resize is told
            self._strips.clear()
            self._drawn_for = wide
        if line >= self.count + len(self.groups):
            return Strip.blank(wide, self.tones.plain)
        header = self.groups.header(line) if self.groups.titles else None
        if header is not None:
            return self._draw_header(header, wide)
        row = self.groups.row(line) if self.groups.titles else line
        kind = 0 if row != self.cursor else 1 if self.active else 2
        strip = self._strips.get((row, kind))
        if strip is None:
            strip = self._draw(row, kind, wide)
        return strip

    def _draw(self, row: int, kind: int, wide: int) -> Strip:
        record = self.source.row(row)
        base = self.tones["cursor" if kind == 1 else "cursor-blur" if kind == 2 else ""]
        if record is None:
            return Strip.blank(wide, base)
        if len(self._strips) >= KEPT_STRIPS:
            self._strips.clear()
        segments = self._gutter(row, kind, base)
        segments += self._cells(record, kind, wide, base)
        strip = self._strips[row, kind] = Strip(segments, wide)
        return strip

    def _gutter(self, row: int, kind: int, base: Style) -> list[Segment]:
        bar = self.glyphs.cursor if kind == 1 else self.glyphs.here if kind == 2 else " "
        if not self.source.marked(row):
            return [Segment(bar + "  ", base)]
        mark = self.glyphs.mark
        lit = base if kind == 1 else self._style("mark", kind, base)
        return [Segment(bar, base), Segment(mark, lit), Segment(" ", base)]

    def _cells(self, record: Any, kind: int, wide: int, base: Style) -> list[Segment]:
        columns, segments = self.source.columns, []
        room = wide - GUTTER - 1
        if self._laid_for != wide:
            self._laid, self._laid_for = lay_out(columns, room), wide
        whole = self.source.row_style(record)
        between, left = gap(room), room
        for n, (index, wish) in enumerate(self._laid):
            if n and left > 0:
                segments.append(Segment(" " * min(between, left), base))
                left -= between
            if left <= 0:
                break
            column, cells = columns[index], min(wish, left)
            style = self._style(whole or column.style, kind, base)
            segments += self._cell(
                column.cell(record, self.source), column, cells, style, kind
            )
            left -= cells
        segments.append(Segment(" " * (max(0, left) + 1), base))
        return segments

    def _style(self, tone: str, kind: int, base: Style) -> Style:
        """A tone on a plain line; on the cursor only what is not a colour."""
        if not tone:
            return base
        style = self.tones[tone]
        if kind == 0:
            return style
        if kind == 2:
            return style + Style(bgcolor=base.bgcolor)
        return base + Style(strike=style.strike, italic=style.italic)

    def _cell(
        self, cell: Cell, column: ListColumn, cells: int, style: Style, kind: int
    ) -> list[Segment]:
        more = self.glyphs.more
        if isinstance(cell, str):
            return [Segment(fit(clean(cell), cells, more, column.align), style)]
        runs = self._runs(cell, style, kind)
        return fit_runs(runs, cells, style, more, column.align)

    def _runs(self, text: Text, style: Style, kind: int) -> list[tuple[str, Style]]:
        """A Text as runs of one style; tones by name."""
        edges = {0, len(text.plain)}
        for span in text.spans:
            edges |= {span.start, span.end}
        cuts = sorted(edge for edge in edges if 0 <= edge <= len(text.plain))
        runs: list[tuple[str, Style]] = []
        for start, end in pairwise(cuts):
            own = style
            for span in text.spans:
                if span.start <= start and end <= span.end:
                    own = self._span_style(span.style, own, kind)
            runs.append((clean(text.plain[start:end]), own))
        return runs

    def _span_style(self, said: str | Style, own: Style, kind: int) -> Style:
        if isinstance(said, str):
            if said in TONES:
                return self._style(said, kind, own)
            said = Style.parse(said)
        return own + (said if kind == 0 else said.without_color)

    def _draw_header(self, group: int, wide: int) -> Strip:
        title = clean(self.groups.titles[group])
        count = str(self.groups.size(group))
        room = wide - GUTTER - 1 - len(count) - 1
        said = fit(title, room, self.glyphs.more)
        return Strip(
            [
                Segment(" " * GUTTER, self.tones.plain),
                Segment(said, self.tones["heading"]),
                Segment(f" {count} ", self.tones["faint"]),
            ],
            wide,
        )

    # --- mouse -----------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Tell the view which row."""
        line = round(self.scroll_y) + event.y
        if line < self.count + len(self.groups) and self.groups.header(line) is None:
            self.post_message(self.Clicked(self.groups.row(line), event.chain == 2))


class HeadLine(Drawn):
    """The titles of a list's columns, in line with its rows."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.source = source

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Draw it."""
        wide = self.size.width - 1
        room = wide - GUTTER - 1
        said = [
            fit(
                self.source.columns[i].title,
                cells,
                self.glyphs.more,
                self.source.columns[i].align,
            )
            for i, cells in lay_out(self.source.columns, room)
        ]
        text = " " * GUTTER + (" " * gap(room)).join(said)
        return Strip([Segment(text, self.tones["muted"])]).adjust_cell_length(
            self.size.width, self.tones.plain
        )


def fit_runs(
    runs: list[tuple[str, Style]], cells: int, style: Style, more: str, align: str
) -> list[Segment]:
    """Runs cut and padded to exactly so many cells."""
    total = sum(width(text) for text, _ in runs)
    if total < cells:
        pad = cells - total
        before = pad if align == "right" else pad // 2 if align == "center" else 0
        runs = [(" " * before, style), *runs, (" " * (pad - before), style)]
    made: list[Segment] = []
    left = cells
    for n, (text, own) in enumerate(runs):
        has = width(text)
        if has > left or (has == left and any(text for text, _ in runs[n + 1 :])):
            made.append(Segment(fit(text + more, left, more), own))
            return made
        if text:
            made.append(Segment(text, own))
            left -= has
    return made
