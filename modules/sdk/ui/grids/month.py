"""A month as weeks of cells, each with the first few of its spans."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.strip import Strip

from modules.sdk.context import Context
from modules.sdk.slot import Span
from modules.sdk.ui.cells import clean, fit
from modules.sdk.ui.grids.layout import (
    Bar,
    add_months,
    bars_of,
    by_day,
    days_of,
    is_all_day,
    week_start,
)
from modules.sdk.ui.grids.view import GridView, span_style
from modules.sdk.ui.tones import Drawn
from modules.sdk.ui.view import Action, View

WEEKS = 6


class MonthGrid(GridView):
    """Six weeks. Enter opens the day: `day_view` names the view that shows it."""

    day_view: ClassVar[Any] = None
    ACTIONS: ClassVar[tuple[Action, ...]] = GridView.ACTIONS

    def __init__(
        self, context: Context, *, day: date | None = None, **options: Any
    ) -> None:
        super().__init__(context, day=day, **options)
        self.cells = MonthCells(self)
        self.days: list[list[Span]] = []
        self.bars: list[list[Bar]] = []

    def compose(self) -> ComposeResult:
        """One drawing."""
        yield self.cells

    def set_active(self, on: bool) -> None:
        """Draw the cursor strongly, or faintly."""
        super().set_active(on)
        self.cells.refresh()

    @property
    def first(self) -> date:
        """The first day in the upper left corner."""
        return week_start(self.day.replace(day=1), self.first_weekday)

    def window(self) -> tuple[date, date]:
        """Six weeks."""
        return self.first, self.first + timedelta(days=7 * WEEKS)

    def place(self) -> None:
        """Sort spans into days and bars into weeks."""
        zone = self.context.zone
        self.days = by_day(self.spans, self.first, 7 * WEEKS, zone)
        self.bars = [
            bars_of(self.spans, self.first + timedelta(days=7 * week), 7, zone)
            for week in range(WEEKS)
        ]
        self.cells.refresh()

    @property
    def title(self) -> str:
        """The month."""
        from modules.sdk.text.dates import format_month

        return format_month(self.day, self.context.locale)

    @property
    def status(self) -> str:
        """How many spans the chosen day has."""
        place = (self.day - self.first).days
        count = len(self.days[place]) if 0 <= place < len(self.days) else 0
        return f"{count} on {self.day.day}." if count else ""

    def act_grid_down(self, count: int = 1) -> bool:
        """The week below."""
        return self.go_to_day(self.day + timedelta(days=7 * count))

    def act_grid_up(self, count: int = 1) -> bool:
        """The week above."""
        return self.go_to_day(self.day - timedelta(days=7 * count))

    def act_grid_next_period(self, count: int = 1) -> bool:
        """The next month."""
        return self.go_to_day(add_months(self.day, count))

    def act_grid_previous_period(self, count: int = 1) -> bool:
        """The month before."""
        return self.go_to_day(add_months(self.day, -count))

    def act_grid_next(self, count: int = 1) -> bool:
        """The next day with something on."""
        return self._seek(count)

    def act_grid_previous(self, count: int = 1) -> bool:
        """The last day before with something on."""
        return self._seek(-count)

    def _seek(self, step: int) -> bool:
        here = (self.day - self.first).days
        full = [i for i, spans in enumerate(self.days) if spans]
        ways = [i for i in full if (i > here if step > 0 else i < here)]
        if not ways:
            return False
        place = ways[step - 1 if step > 0 else max(step, -len(ways))]
        return self.go_to_day(self.first + timedelta(days=place))

    def act_grid_open(self) -> bool:
        """Show the day."""
        if self.day_view is None:
            return super().act_grid_open()
        self.post_message(View.Push(self.day_view(self.context, day=self.day)))
        return True


class MonthCells(Drawn):
    """Draws the weeks."""

    def __init__(self, grid: MonthGrid) -> None:
        super().__init__()
        self.grid = grid

    @property
    def high(self) -> int:
        """Lines of a week."""
        return max(1, (self.size.height - 1) // WEEKS)

    @property
    def lefts(self) -> list[int]:
        """Where columns begin, and where the last ends."""
        share, rest = divmod(max(7, self.size.width), 7)
        return [i * share + min(i, rest) for i in range(8)]

    def render_line(self, y: int) -> Strip:
        """Names of days, then the weeks."""
        wide = self.size.width
        week, line = divmod(y - 1, self.high)
        if y == 0:
            segments = self._names()
        elif week >= WEEKS or not self.grid.days:
            return Strip.blank(wide, self.tones.plain)
        else:
            segments = self._numbers(week) if line == 0 else self._line(week, line - 1)
        return Strip(segments).adjust_cell_length(wide, self.tones.plain)

    def _names(self) -> list[Segment]:
        from modules.sdk.text.dates import weekday_names

        names, lefts = weekday_names(self.grid.context.locale), self.lefts
        start = self.grid.first_weekday
        return [
            Segment(
                fit(" " + names[(start + i) % 7], lefts[i + 1] - lefts[i]),
                self.tones["muted"],
            )
            for i in range(7)
        ]

    def _day(self, week: int, i: int) -> date:
        return self.grid.first + timedelta(days=7 * week + i)

    def _numbers(self, week: int) -> list[Segment]:
        segments, lefts = [], self.lefts
        today = self.grid.context.today()
        for i in range(7):
            day = self._day(week, i)
            spans = len(self.grid.days[7 * week + i])
            room = lefts[i + 1] - lefts[i] - 1
            mark = self.glyphs.now_left[:1] if day == today else " "
            hidden = spans - (self.high - 1)
            more = f"+{hidden}" if hidden > 0 and self.high > 1 else ""
            more = self.glyphs.mark if self.high == 1 and spans else more
            number = fit(f"{mark}{day.day}", room - len(more), "") + more
            segments += [
                Segment(number, self.tones[self._tone(day, today)]),
                self._gap,
            ]
        return segments

    def _tone(self, day: date, today: date) -> str:
        if day == self.grid.day:
            return "cursor" if self.grid.active else "cursor-blur"
        if day == today:
            return "today"
        return "bold" if day.month == self.grid.day.month else "faint"

    @property
    def _gap(self) -> Segment:
        return Segment(" ", self.tones.plain)

    def _blank(self, week: int, i: int, room: int) -> Segment:
        here = self._day(week, i) == self.grid.day
        return Segment(" " * room, self.tones["cursor-blur" if here else ""])

    def _line(self, week: int, line: int) -> list[Segment]:
        segments, lefts, at = [], self.lefts, 0
        bars = self.grid.bars[week]
        for i in range(7):
            if lefts[i] < at:
                continue
            bar = next((b for b in bars if b.lane == line and b.first == i), None)
            if bar is not None:
                right = lefts[bar.last + 1] - 1
                text = self._said(bar.span, right - lefts[i], before=bar.before)
                segments.append(Segment(text, self._style(bar.span, week, i)))
                at = right + 1
            else:
                segments.append(self._timed(week, i, line, lefts[i + 1] - lefts[i] - 1))
                at = lefts[i + 1]
            segments.append(self._gap)
        return segments

    def _timed(self, week: int, i: int, line: int, room: int) -> Segment:
        """The timed span on a line of a day, below the lanes bars take on that day."""
        taken = {bar.lane for bar in self.grid.bars[week] if bar.first <= i <= bar.last}
        if line in taken:
            return self._blank(week, i, room)
        place = sum(lane not in taken for lane in range(line))
        spans = [span for span in self.grid.days[7 * week + i] if not is_all_day(span)]
        if place >= len(spans):
            return self._blank(week, i, room)
        began = days_of(spans[place], self.grid.context.zone)[0]
        said = self._said(spans[place], room, before=began < self._day(week, i))
        return Segment(said, self._style(spans[place], week, i))

    def _style(self, span: Span, week: int, i: int) -> Any:
        style = span_style(self, self.tones, span)
        dim = self._day(week, i).month != self.grid.day.month
        return style + self.tones["faint"].without_color if dim else style

    def _said(self, span: Span, room: int, *, before: bool = False) -> str:
        edge = self.glyphs.back if before else self.glyphs.span
        title = clean(f"{span.icon} {span.title}".strip())
        if not is_all_day(span) and room >= 16 and not before:
            title = f"{span.start.astimezone(self.grid.context.zone):%H:%M} {title}"
        return fit(edge + title, room, self.glyphs.more)

    def on_click(self, event: events.Click) -> None:
        """Choose the day; twice opens it."""
        week = (event.y - 1) // self.high
        lefts = self.lefts
        column = next((i for i in range(7) if lefts[i] <= event.x < lefts[i + 1]), None)
        if event.y < 1 or week >= WEEKS or column is None:
            return
        self.grid.go_to_day(self._day(week, column))
        if event.chain == 2:
            self.grid.act_grid_open()
