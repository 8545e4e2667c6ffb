"""Days side by side with real hours: the day grid and the week grid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import msgspec
from rich.style import Style
from textual.app import ComposeResult

from modules.sdk.context import Context
from modules.sdk.slot import Span
from modules.sdk.ui.cells import clean
from modules.sdk.ui.grids.body import Body, Head
from modules.sdk.ui.grids.layout import (
    MINUTES,
    Bar,
    Block,
    bars_of,
    blocks_of,
    instant,
    is_all_day,
)
from modules.sdk.ui.grids.view import GridView, span_style
from modules.sdk.ui.markup import wrap
from modules.sdk.ui.view import Action

GUTTER = 6
LEAST = 9
"""Cells a day's column needs; a narrower grid shows fewer days."""


class Piece(msgspec.Struct, frozen=True):
    """A block as it is drawn: cells `left` up to `right` of its column, a text per row."""

    block: Block
    left: int
    right: int
    texts: tuple[str, ...]


class Column(msgspec.Struct, frozen=True):
    """One day as it is drawn; `more` counts blocks per row that there is no room for."""

    day: date
    left: int
    width: int
    pieces: tuple[Piece, ...] = ()
    more: dict[int, int] = {}

    def at(self, row: int) -> list[Piece]:
        """The pieces on a row, from the left."""
        found = [one for one in self.pieces if one.block.top <= row < one.block.end]
        return sorted(found, key=lambda one: one.left)


class TimeGrid(GridView):
    """Some days side by side, a row per half hour, all-day spans above.

    The cursor is a cell; on a span it stands on the span. `v` starts a range of time.
    """

    days: ClassVar[int] = 7
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *GridView.ACTIONS,
        Action("grid.range", "Choose a stretch of time", ("v",)),
        Action("grid.finer", "Finer rows", ("=",)),
        Action("grid.coarser", "Coarser rows", ("_",)),
    )

    def __init__(
        self,
        context: Context,
        *,
        day: date | None = None,
        days: int | None = None,
        **options: Any,
    ) -> None:
        super().__init__(context, day=day, **options)
        self.count = days or self.days
        self.minutes = 30
        self.row = self._row_of(context.now())
        self.pick = 0
        self.range_from: int | None = None
        self.columns: list[Column] = []
        self.bars: list[Bar] = []
        self.head = Head(self)
        self.body = Body(self)
        self._first = self.day

    def compose(self) -> ComposeResult:
        """Names of days and all-day bars; below them the hours."""
        yield self.head
        yield self.body

    def on_mount(self) -> None:
        """Keep the now-line where now is."""
        self._now_row = self._row_of(self.context.now())
        self.set_interval(20, self._tick)

    def _tick(self) -> None:
        row = self._row_of(self.context.now())
        if row != self._now_row and self.displayed:
            self._now_row = row
            self.body.forget()
            self.head.refresh()

    # --- days and rows ------------------------------------------------------------------------

    def window(self) -> tuple[date, date]:
        """The whole week of the cursor, or as many days as a shorter grid has."""
        if self.count == 1:
            return self.day, self.day + timedelta(days=1)
        return self.week, self.week + timedelta(days=7)

    @property
    def rows(self) -> int:
        """Rows of a day."""
        return MINUTES // self.minutes

    def _row_of(self, moment: datetime) -> int:
        there = moment.astimezone(self.context.zone)
        return (there.hour * 60 + there.minute) // self.minutes

    @property
    def now_row(self) -> int:
        """The row now is in."""
        return self._row_of(self.context.now())

    @property
    def shown(self) -> int:
        """How many days fit."""
        wide = self.body.scrollable_content_region.width or self.size.width
        return max(1, min(self.count, (wide - GUTTER) // LEAST))

    @property
    def first(self) -> date:
        """The first day shown: the week's, or one that keeps the cursor in sight."""
        if self.count == 1:
            return self.day
        start = self.week
        if self.shown >= 7:
            return start
        last = start + timedelta(days=max(self.count, 1) - self.shown)
        low, high = self.day - timedelta(days=self.shown - 1), self.day
        self._first = min(max(self._first, low, start), high, max(last, low))
        return self._first

    # --- placing -----------------------------------------------------------------------------------

    def place(self) -> None:
        """Lay the spans out for the width there is."""
        wide = self.body.scrollable_content_region.width
        if wide <= 0:
            return
        first, shown, zone = self.first, self.shown, self.context.zone
        share, rest = divmod(max(0, wide - GUTTER), shown)
        left, columns = GUTTER, []
        for i in range(shown):
            cells = share + (1 if i < rest else 0)
            day = first + timedelta(days=i)
            columns.append(self._column(day, left, cells - 1))
            left += cells
        self.columns = columns
        self.bars = bars_of(self.spans, first, shown, zone)
        self.head.fit()
        self.body.fit()

    def _column(self, day: date, left: int, wide: int) -> Column:
        most = max(1, wide // 4)
        pieces: list[Piece] = []
        more: dict[int, int] = {}
        for block in blocks_of(self.spans, day, self.context.zone, self.minutes):
            lanes = min(block.lanes, most)
            if block.lane >= lanes:
                more[block.top] = more.get(block.top, 0) + 1
                continue
            right = min(block.lane + block.wide, lanes)
            x, end = wide * block.lane // lanes, wide * right // lanes
            pieces.append(Piece(block, x, end, self._texts(block, end - x - 2)))
        return Column(day, left, wide, tuple(pieces), more)

    def _texts(self, block: Block, room: int) -> tuple[str, ...]:
        """A line per row: the time when there is room, the title, the place."""
        span = block.span
        title = clean(f"{span.icon} {span.title}".strip())
        begins = span.start.astimezone(self.context.zone)
        rows = block.end - block.top
        said = title if block.before or room < 14 else f"{begins:%H:%M} {title}"
        lines = [
            "".join(t for t, _ in line).rstrip()
            for line in wrap([(said, "")], max(1, room))
        ]
        if len(lines) > rows:
            lines = [*lines[: rows - 1], " ".join(lines[rows - 1 :])]
        if span.place and len(lines) < rows:
            lines.append(clean(span.place))
        return tuple(lines)

    def style_of(self, span: Span) -> Style:
        """How a span looks."""
        return span_style(self.body, self.body.tones, span)

    # --- the cursor ---------------------------------------------------------------------------------

    @property
    def column(self) -> Column | None:
        """The column the cursor is in."""
        return next((one for one in self.columns if one.day == self.day), None)

    def _here(self) -> Sequence[Piece]:
        return self.column.at(self.row) if self.column is not None else ()

    @property
    def piece(self) -> Piece | None:
        """The piece under the cursor."""
        pieces = self._here()
        return pieces[min(self.pick, len(pieces) - 1)] if pieces else None

    @property
    def current(self) -> Span | None:
        """The span under the cursor."""
        return self.piece.block.span if self.piece is not None else None

    def go_to_row(self, row: int) -> bool:
        """Move within the day."""
        row = max(0, min(row, self.rows - 1))
        if row == self.row:
            return False
        self.row, self.pick = row, 0
        self.body.show_cursor()
        return True

    def go_to_day(self, day: date) -> bool:
        """Move to a day."""
        self.pick, self.range_from = 0, None
        return super().go_to_day(day)

    @property
    def chosen(self) -> range:
        """The rows of the range, or the one under the cursor."""
        start = self.row if self.range_from is None else self.range_from
        return range(min(start, self.row), max(start, self.row) + 1)

    def here(self) -> dict[str, Any]:
        """When the chosen time starts, and, for a range, when it ends."""
        rows, zone = self.chosen, self.context.zone
        when: dict[str, Any] = {"start": instant(self.day, rows[0] * self.minutes, zone)}
        if self.range_from is not None:
            when["end"] = instant(self.day, (rows[-1] + 1) * self.minutes, zone)
        return when

    def set_active(self, on: bool) -> None:
        """Draw the cursor strongly, or faintly."""
        super().set_active(on)
        self.body.forget()
        self.head.refresh()

    def back(self) -> bool:
        """Leave the range."""
        if self.range_from is None:
            return False
        self.range_from = None
        self.body.forget()
        return True

    # --- title ---------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The days it shows."""
        from modules.sdk.text.dates import format_day, format_month

        locale = self.context.locale
        if self.count == 1:
            return format_day(self.day, None, locale, near=False)
        return f"{format_month(self.day, locale)} · week {self.day.isocalendar().week}"

    @property
    def status(self) -> str:
        """How much is on: spans, and hours of the day that are taken."""
        busy = sum(
            ((span.end - span.start) for span in self.spans
             if span.busy and not span.actual and not is_all_day(span)),
            timedelta(),
        )  # fmt: skip
        from modules.sdk.text.durations import format_duration

        count = "1 entry" if len(self.spans) == 1 else f"{len(self.spans)} entries"
        return f"{count} · {format_duration(busy)} busy" if busy else count

    # --- actions ---------------------------------------------------------------------------------------

    def act_grid_down(self, count: int = 1) -> bool:
        """Later."""
        return self.go_to_row(self.row + count)

    def act_grid_up(self, count: int = 1) -> bool:
        """Earlier."""
        return self.go_to_row(self.row - count)

    def act_grid_right(self, count: int = 1) -> bool:
        """The span beside, else the day after."""
        return self._pick(1) or self.go_to_day(self.day + timedelta(days=count))

    def act_grid_left(self, count: int = 1) -> bool:
        """The span beside, else the day before."""
        return self._pick(-1) or self.go_to_day(self.day - timedelta(days=count))

    def _pick(self, step: int) -> bool:
        if not 0 <= self.pick + step < len(self._here()):
            return False
        self.pick += step
        self.body.show_cursor()
        return True

    def act_grid_next_period(self, count: int = 1) -> bool:
        """The next days."""
        return self.go_to_day(
            self.day + timedelta(days=count * (1 if self.count == 1 else 7))
        )

    def act_grid_previous_period(self, count: int = 1) -> bool:
        """The days before."""
        return self.act_grid_next_period(-count)

    def act_grid_today(self) -> bool:
        """To now."""
        moved = self.go_to_day(self.context.today())
        return self.go_to_row(self.now_row) or moved

    def act_grid_next(self, count: int = 1) -> bool:
        """The next span that begins after the cursor."""
        return self._seek(count)

    def act_grid_previous(self, count: int = 1) -> bool:
        """The last span that begins before the cursor."""
        return self._seek(-count)

    def _seek(self, step: int) -> bool:
        zone = self.context.zone
        first, after = self.window()
        places: list[tuple[date, int, int]] = []
        for i in range((after - first).days):
            day = first + timedelta(days=i)
            blocks = blocks_of(self.spans, day, zone, self.minutes)
            blocks = [block for block in blocks if not block.before]
            places += [(day, block.top, block.lane) for block in blocks]
        here = (self.day, self.row, self.pick)
        ways = [p for p in sorted(places) if (p > here if step > 0 else p < here)]
        if not ways:
            return False
        day, row, pick = ways[step - 1 if step > 0 else max(step, -len(ways))]
        self.go_to_day(day)
        self.go_to_row(row)
        self.pick = pick
        self.body.show_cursor()
        return True

    def act_grid_range(self) -> bool:
        """Start a range here, or end it by opening what adds something."""
        if self.range_from is not None:
            return self.act_grid_open()
        self.range_from = self.row
        self.body.forget()
        return True

    def act_grid_finer(self) -> bool:
        """Rows of half the time."""
        return self._zoom({60: 30, 30: 15}.get(self.minutes))

    def act_grid_coarser(self) -> bool:
        """Rows of twice the time."""
        return self._zoom({15: 30, 30: 60}.get(self.minutes))

    def _zoom(self, minutes: int | None) -> bool:
        if minutes is None:
            return False
        self.row = self.row * self.minutes // minutes
        self.minutes, self.range_from = minutes, None
        self.place()
        self.body.show_cursor()
        return True


class DayGrid(TimeGrid):
    """One day."""

    days = 1


class WeekGrid(TimeGrid):
    """A week; fewer days where there is little room."""

    days = 7
