"""The agenda: what comes, day by day, as a list."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import msgspec

from modules.calendar.show import day_label, span_label
from modules.calendar.views.grids import Filtered
from modules.sdk.context import Context
from modules.sdk.slot import Span
from modules.sdk.ui.cells import clean
from modules.sdk.ui.column import ListColumn
from modules.sdk.ui.cursor import CursorView
from modules.sdk.ui.grids.layout import midnight
from modules.sdk.ui.grids.view import Within
from modules.sdk.ui.ids import Groups, Ids
from modules.sdk.ui.view import Action, Selection, View
from storage.change import Commit
from storage.store import Store

DAYS = 30


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One span on the first day of it that is shown."""

    key: str
    day: date
    when: str
    span: Span


class Agenda(Filtered, CursorView[list[Span]]):
    """Thirty days from a day on, grouped by day."""

    columns = (
        ListColumn("When", 15, lambda line, _: line.when, style="muted"),
        ListColumn("", 1, lambda line, _: line.span.icon, style="accent"),
        ListColumn("What", 0, lambda line, _: clean(line.span.title)),
        ListColumn(
            "Where", 18, lambda line, _: clean(line.span.place), style="muted", priority=2
        ),
        ListColumn(
            "Calendar",
            12,
            lambda line, _: clean(line.span.group),
            style="muted",
            priority=1,
        ),
    )
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *CursorView.ACTIONS,
        Action("grid.next-period", "The next days", ("}",)),
        Action("grid.previous-period", "The days before", ("{",)),
        Action("grid.today", "Today", ("T",)),
    )

    def __init__(
        self, context: Context, *, day: date | None = None, **options: Any
    ) -> None:
        super().__init__(context, **options)
        self.day = day or context.today()
        self.lines: list[Line] = []

    # --- data ----------------------------------------------------------------------------

    def load(self, store: Store) -> list[Span]:
        """The spans of thirty days."""
        zone = self.context.zone
        within: Any = Within(self.context, store)
        last = self.day + timedelta(days=DAYS)
        return self.read(within, midnight(self.day, zone), midnight(last, zone))

    def show(self, data: list[Span]) -> None:
        """A line each, under the names of days."""
        context, today = self.context, self.context.today()
        self.lines = []
        for number, span in enumerate(data):
            day = span.day or span.start.astimezone(context.zone).date()
            self.lines.append(
                Line(
                    key=f"{number} {span.record}",
                    day=max(day, self.day),
                    when="all day"
                    if span.day
                    else span_label(span.start, span.end, context),
                    span=span,
                )
            )
        self.lines.sort(key=lambda line: line.day)
        labels = [day_label(line.day, today, context.locale) for line in self.lines]
        self.set_ids(Ids([line.key for line in self.lines]), Groups(labels))
        self._show_empty()

    def _show_empty(self) -> None:
        from modules.sdk.ui.empty import Empty
        from modules.sdk.ui.list import Why

        self.query_children(Empty).remove()
        self.rows.display = bool(self.lines)
        if not self.lines:
            said = "Nothing is planned in these thirty days."
            self.mount(Empty(said, Why(filter=self.only), add_key="a"))

    def follows(self, commit: Commit) -> bool:
        """Any commit of the space may change it."""
        return self.store.scope.space in commit.spaces

    def clear_content(self) -> None:
        """Forget the spans."""
        super().clear_content()
        self.lines = []

    # --- rows -------------------------------------------------------------------------------

    def row(self, at: int) -> Line | None:
        """A line."""
        return self.lines[at] if 0 <= at < len(self.lines) else None

    def row_style(self, record: Line) -> str:
        """What is over is quiet."""
        now: datetime = self.context.now()
        over = record.span.day is None and record.span.end <= now
        return "done" if record.span.done else "muted" if over else ""

    @property
    def span(self) -> Span | None:
        """The span under the cursor."""
        line = self.current
        return line.span if line is not None else None

    def selection(self) -> Selection:
        """The record behind the span under the cursor."""
        span = self.span
        if span is None:
            return Selection()
        return Selection(self.store.vault.catalog.kind(span.kind).record, (span.record,))

    def open(self, record: Line) -> None:
        """Show what it is about."""
        self.post_message(View.Open(record.span.kind, record.span.record))

    def here(self) -> dict[str, Any]:
        """The day under the cursor."""
        line = self.current
        return {"day": line.day if line is not None else self.day}

    # --- moving in time -----------------------------------------------------------------------

    def go_to_day(self, day: date) -> bool:
        """Begin on another day."""
        if day == self.day or not date(1900, 1, 1) <= day <= date(2199, 12, 31):
            return False
        self.day = day
        self.ask_anew()
        self.retitle()
        return True

    def act_grid_next_period(self, count: int = 1) -> bool:
        """The next thirty days."""
        return self.go_to_day(self.day + timedelta(days=DAYS * count))

    def act_grid_previous_period(self, count: int = 1) -> bool:
        """The thirty days before."""
        return self.go_to_day(self.day - timedelta(days=DAYS * count))

    def act_grid_today(self) -> bool:
        """From today on."""
        return self.go_to_day(self.context.today())

    @property
    def title(self) -> str:
        """From which day on."""
        from modules.sdk.text.dates import format_day

        return f"from {format_day(self.day, self.context.today(), self.context.locale)}"

    @property
    def status(self) -> str:
        """How many."""
        return str(len(self.lines))
