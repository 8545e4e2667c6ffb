"""What every grid shares: spans from all modules, the day it stands on, moving in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, TypeVar

from rich.style import Style
from textual.color import Color, ColorParseError

from modules.sdk.context import Context
from modules.sdk.slot import Agenda, Span, resolve
from modules.sdk.ui.grids.layout import midnight, week_start
from modules.sdk.ui.tones import Drawn, Tones
from modules.sdk.ui.view import Action, Selection, View
from modules.sdk.week import first_weekday
from storage.change import Commit
from storage.store import Store

Data = TypeVar("Data")


class Within:
    """A context that reads through another store: a scene's scope."""

    def __init__(self, context: Context, store: Store) -> None:
        self._context = context
        self.store = store

    def __getattr__(self, name: str) -> Any:
        """Everything else is the context's."""
        return getattr(self._context, name)


class GridView(View[list[Span]]):
    """A picture of some days. Subclasses draw; `spans` may be replaced.

    `add_command`, when set, is asked for by enter on an empty place, with `here()`.
    """

    add_command: ClassVar[str] = ""
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *View.ACTIONS,
        Action("grid.down", "Later, or the week below", ("j", "down")),
        Action("grid.up", "Earlier, or the week above", ("k", "up")),
        Action("grid.left", "The day before", ("h", "left")),
        Action("grid.right", "The day after", ("l", "right")),
        Action("grid.next", "The next span", ("n",)),
        Action("grid.previous", "The span before", ("N",)),
        Action("grid.next-period", "The next days", ("}", "pagedown", "J", "ctrl+d")),
        Action("grid.previous-period", "The days before", ("{", "pageup", "K", "ctrl+u")),
        Action("grid.today", "Today", ("T", "g g", "home")),
        Action("grid.open", "Open, or add here", ("enter",), show=True),
    )

    def __init__(
        self, context: Context, *, day: date | None = None, **options: Any
    ) -> None:
        super().__init__(context, **options)
        self.day = day or context.today()
        self.spans: list[Span] = []
        self.loaded: tuple[date, date] | None = None

    # --- data ---------------------------------------------------------------------------------

    def window(self) -> tuple[date, date]:
        """The first day to load, and the one after the last."""
        raise NotImplementedError

    def read(self, context: Context, start: datetime, end: datetime) -> list[Span]:
        """Spans between two instants: what every module of the space puts on its agenda."""
        found: list[Span] = []
        for _, slot in context.slots(Agenda):
            found += resolve(slot.spans)(context, start, end)
        return found

    def load(self, store: Store) -> list[Span]:
        """The spans of the window only."""
        first, after = self.window()
        zone = self.context.zone
        within: Any = Within(self.context, store)
        return self.read(within, midnight(first, zone), midnight(after, zone))

    def show(self, data: list[Span]) -> None:
        """Place them and draw."""
        self.spans = data
        self.place()

    def place(self) -> None:
        """Lay out `spans` anew and draw."""
        raise NotImplementedError

    def follows(self, commit: Commit) -> bool:
        """Any commit of the space may move a span."""
        return self.store.scope.space in commit.spaces

    def clear_content(self) -> None:
        """Forget the spans."""
        super().clear_content()
        self.spans = []
        self.place()

    # --- where it stands -------------------------------------------------------------------------

    @property
    def first_weekday(self) -> int:
        """0 where weeks begin on Monday."""
        return first_weekday(self.context)

    @property
    def week(self) -> date:
        """The first day of the week it stands in."""
        return week_start(self.day, self.first_weekday)

    def go_to_day(self, day: date) -> bool:
        """Stand on a day; loads when it is outside the window."""
        if day == self.day or not date(1900, 1, 1) <= day <= date(2199, 12, 31):
            return False
        before = self.window()
        self.day = day
        if self.window() != before:
            self.ask_anew()
        self.place()
        self.retitle()
        return True

    def here(self) -> dict[str, Any]:
        """What a command that adds something here is told."""
        return {"day": self.day}

    @property
    def current(self) -> Span | None:
        """The span under the cursor, or None."""
        return None

    def selection(self) -> Selection:
        """The record behind the span under the cursor."""
        span = self.current
        if span is None:
            return Selection()
        record = self.store.vault.catalog.kind(span.kind).record
        return Selection(record, (span.record,))

    def state(self) -> dict[str, Any]:
        """Nothing: a grid comes back on today."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Nothing to do."""

    # --- actions ------------------------------------------------------------------------------------

    def act_grid_left(self, count: int = 1) -> bool:
        """The day before."""
        return self.go_to_day(self.day - timedelta(days=count))

    def act_grid_right(self, count: int = 1) -> bool:
        """The day after."""
        return self.go_to_day(self.day + timedelta(days=count))

    def act_grid_today(self) -> bool:
        """Back to today."""
        return self.go_to_day(self.context.today())

    def act_grid_open(self) -> bool:
        """Open the span under the cursor, or add something here."""
        span = self.current
        if span is not None:
            self.post_message(View.Open(span.kind, span.record))
        elif self.add_command:
            self.post_message(View.Capture(self.add_command, self.here()))
        else:
            return False
        return True


def span_tone(span: Span) -> str:
    """How a span looks by what it is."""
    if span.done:
        return "span-done"
    if span.actual:
        return "span-actual"
    return "span" if span.busy else "span-free"


def span_style(widget: Drawn, tones: Tones, span: Span) -> Style:
    """Its tone; its own colour tints the background where it has one."""
    style = tones[span_tone(span)]
    if not span.color or span.done:
        return style
    try:
        colour = Color.parse(span.color)
    except ColorParseError:
        return style
    ground = widget.background_colors[1]
    tint = ground.blend(colour, 0.30 if span.busy else 0.12)
    return style + Style(bgcolor=tint.rich_color)
