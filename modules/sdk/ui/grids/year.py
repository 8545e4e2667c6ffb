"""A year as a heat map: a cell per day, a column per week."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.strip import Strip

from modules.sdk.context import Context
from modules.sdk.ui.cells import fit
from modules.sdk.ui.grids.layout import add_months, midnight, week_start
from modules.sdk.ui.tones import Drawn
from modules.sdk.ui.view import Action, View
from storage.store import Store

LEVELS = 4
GUTTER = 4


class YearMap(Drawn):
    """Draws numbers per day as five levels, ending with the week of `until`."""

    class Chosen(Message):
        """A day was clicked."""

        def __init__(self, day: date) -> None:
            super().__init__()
            self.day = day

    def __init__(
        self,
        numbers: Mapping[date, float] | None = None,
        *,
        until: date,
        first_weekday: int = 0,
        locale: str = "en",
        most: float | None = None,
    ) -> None:
        super().__init__()
        self.numbers: Mapping[date, float] = numbers or {}
        self.until = until
        self.first_weekday = first_weekday
        self.locale = locale
        self.most = most
        self.cursor: date | None = None
        self.active = False

    def set_numbers(
        self, numbers: Mapping[date, float], *, most: float | None = None
    ) -> None:
        """Show others; `most` is the number that is drawn strongest."""
        self.numbers, self.most = numbers, most
        self.refresh()

    @property
    def step(self) -> int:
        """Cells per week: two when a year fits that way."""
        return 2 if self.size.width >= GUTTER + 106 else 1

    @property
    def weeks(self) -> int:
        """How many weeks fit, at most a year."""
        return max(1, min(53, (self.size.width - GUTTER) // self.step))

    @property
    def first(self) -> date:
        """The first day drawn."""
        last = week_start(self.until, self.first_weekday)
        return last - timedelta(days=7 * (self.weeks - 1))

    def level(self, day: date) -> int:
        """0 for nothing, 1 to 4 by quarters of the largest number."""
        number = self.numbers.get(day, 0)
        if number <= 0:
            return 0
        most = self.most or max(self.numbers.values(), default=0)
        return max(1, min(LEVELS, -int(-LEVELS * number // most))) if most else 0

    def render_line(self, y: int) -> Strip:
        """Months, seven lines of days, a legend."""
        wide = self.size.width
        if y == 0:
            segments = self._months()
        elif y <= 7:
            segments = self._row(y - 1)
        elif y == 8:
            segments = self._legend()
        else:
            return Strip.blank(wide, self.tones.plain)
        return Strip(segments).adjust_cell_length(wide, self.tones.plain)

    def _months(self) -> list[Segment]:
        from modules.sdk.text.dates import month_names

        names, said, at = month_names(self.locale), " " * GUTTER, GUTTER
        for week in range(self.weeks):
            day = self.first + timedelta(days=7 * week + 6)
            place = GUTTER + week * self.step
            if day.day <= 7 and place >= at:
                said += " " * (place - len(said)) + names[day.month - 1][:3]
                at = place + 4
        return [Segment(said, self.tones["muted"])]

    def _row(self, weekday: int) -> list[Segment]:
        from modules.sdk.text.dates import weekday_names

        name = weekday_names(self.locale)[(self.first_weekday + weekday) % 7]
        shown = name if weekday % 2 == 0 else ""
        segments = [Segment(fit(shown, GUTTER, ""), self.tones["faint"])]
        for week in range(self.weeks):
            day = self.first + timedelta(days=7 * week + weekday)
            segments.append(self._cell(day))
        return segments

    def _cell(self, day: date) -> Segment:
        if day > self.until:
            return Segment(" " * self.step, self.tones.plain)
        level = self.level(day)
        glyph = self.glyphs.shades[level] if self._by_shape else self._square(level)
        if day == self.cursor:
            tone = "cursor" if self.active else "cursor-blur"
        else:
            tone = f"heat-{level}" if level else "grid"
        return Segment(glyph + " " * (self.step - 1), self.tones[tone])

    @property
    def _by_shape(self) -> bool:
        return bool(self.app.no_color or self.glyphs.full == "#" or self.app.ansi_color)

    def _square(self, level: int) -> str:
        return "■" if level else self.glyphs.shades[0]

    def _legend(self) -> list[Segment]:
        segments = [Segment(" " * GUTTER + "less ", self.tones["faint"])]
        for level in range(LEVELS + 1):
            glyph = self.glyphs.shades[level] if self._by_shape else self._square(level)
            tone = f"heat-{level}" if level else "grid"
            segments.append(Segment(glyph + " ", self.tones[tone]))
        return [*segments, Segment("more", self.tones["faint"])]

    def on_click(self, event: events.Click) -> None:
        """Tell which day."""
        week, weekday = (event.x - GUTTER) // self.step, event.y - 1
        if 0 <= week < self.weeks and 0 <= weekday < 7:
            self.post_message(self.Chosen(self.first + timedelta(days=7 * week + weekday)))


class YearView(View[Mapping[date, float]]):
    """A heat map to walk through. Subclasses say the `numbers` of a stretch of days.

    `unit` follows a day's number; enter pushes `day_view(context, day=…)` if there is one.
    """

    unit: ClassVar[str] = ""
    day_view: ClassVar[Any] = None
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *View.ACTIONS,
        Action("grid.down", "The day after", ("j", "down")),
        Action("grid.up", "The day before", ("k", "up")),
        Action("grid.left", "The week before", ("h", "left")),
        Action("grid.right", "The week after", ("l", "right")),
        Action("grid.next-period", "The next year", ("}", "pagedown", "J", "ctrl+d")),
        Action("grid.previous-period", "The year before", ("{", "pageup", "K", "ctrl+u")),
        Action("grid.today", "Today", ("T", "g g", "home")),
        Action("grid.open", "Open the day", ("enter",), show=True),
    )

    def __init__(
        self, context: Context, *, day: date | None = None, **options: Any
    ) -> None:
        super().__init__(context, **options)
        self.day = day or context.today()
        self.map = YearMap(until=self._until, locale=context.locale)
        self.map.cursor = self.day

    @property
    def _until(self) -> date:
        today = self.context.today()
        return today if self.day <= today else add_months(self.day, 6)

    def compose(self) -> ComposeResult:
        """The map."""
        yield self.map

    def numbers(self, store: Store, first: date, after: date) -> Mapping[date, float]:
        """A number per day, from `first` up to `after`; runs in a thread."""
        raise NotImplementedError

    def load(self, store: Store) -> Mapping[date, float]:
        """A year and a bit."""
        until = self.map.until
        return self.numbers(
            store, until - timedelta(days=53 * 7), until + timedelta(days=1)
        )

    def show(self, data: Mapping[date, float]) -> None:
        """Draw it."""
        self.map.set_numbers(data)

    def set_active(self, on: bool) -> None:
        """Draw the cursor strongly, or faintly."""
        super().set_active(on)
        self.map.active = on
        self.map.refresh()

    @property
    def title(self) -> str:
        """The day under the cursor."""
        from modules.sdk.text.dates import format_day

        return format_day(self.day, self.context.today(), self.context.locale, near=False)

    @property
    def status(self) -> str:
        """Its number."""
        number = self.map.numbers.get(self.day, 0)
        return f"{number:g} {self.unit}".strip()

    def here(self) -> dict[str, Any]:
        """The day."""
        return {"day": self.day}

    def go_to_day(self, day: date) -> bool:
        """Stand on a day."""
        if day == self.day or not date(1900, 1, 1) <= day <= date(2199, 12, 31):
            return False
        self.day = self.map.cursor = day
        today = self.context.today()
        if not self.map.first <= day <= self.map.until:
            self.map.until = today if self.map.until > today >= day else add_months(day, 6)
            if day <= today < self.map.until:
                self.map.until = today
            self.ask_anew()
        self.map.refresh()
        self.retitle()
        return True

    def instant_of(self, day: date) -> Any:
        """When a day begins, as an aware instant."""
        return midnight(day, self.context.zone)

    def act_grid_down(self, count: int = 1) -> bool:
        """The day after."""
        return self.go_to_day(self.day + timedelta(days=count))

    def act_grid_up(self, count: int = 1) -> bool:
        """The day before."""
        return self.go_to_day(self.day - timedelta(days=count))

    def act_grid_right(self, count: int = 1) -> bool:
        """The week after."""
        return self.go_to_day(self.day + timedelta(days=7 * count))

    def act_grid_left(self, count: int = 1) -> bool:
        """The week before."""
        return self.go_to_day(self.day - timedelta(days=7 * count))

    def act_grid_next_period(self, count: int = 1) -> bool:
        """The next year."""
        return self.go_to_day(add_months(self.day, 12 * count))

    def act_grid_previous_period(self, count: int = 1) -> bool:
        """The year before."""
        return self.go_to_day(add_months(self.day, -12 * count))

    def act_grid_today(self) -> bool:
        """Back to today."""
        return self.go_to_day(self.context.today())

    def act_grid_open(self) -> bool:
        """Show the day."""
        if self.day_view is None:
            return False
        self.post_message(View.Push(self.day_view(self.context, day=self.day)))
        return True

    def on_year_map_chosen(self, event: YearMap.Chosen) -> None:
        """A click."""
        event.stop()
        self.go_to_day(event.day)
