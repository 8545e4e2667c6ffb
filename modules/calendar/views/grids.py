"""The pictures of the calendar: day, week, month and year, over every module's spans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from textual.message import Message

from modules.calendar import queries
from modules.calendar.model import Event
from modules.sdk.context import Context
from modules.sdk.slot import Span
from modules.sdk.ui.grids.month import MonthGrid
from modules.sdk.ui.grids.time import DayGrid, WeekGrid
from modules.sdk.ui.grids.view import Within
from modules.sdk.ui.grids.year import YearView
from storage.record import kind_of
from storage.store import Store

KIND = kind_of(Event)


class ShowDay(Message):
    """A day of a month or a year was opened."""

    def __init__(self, day: date) -> None:
        super().__init__()
        self.day = day


class Filtered:
    """What a picture shows: everything, one kind of record, one calendar, or what says
    some words (`/words`)."""

    only: str = ""

    def keeps(self, span: Span) -> bool:
        """Whether a span passes the filter."""
        if self.only.startswith("/"):
            said = f"{span.title} {span.place} {span.group}".casefold()
            return all(word in said for word in self.only[1:].casefold().split())
        return not self.only or self.only in (span.kind, span.group)

    def read(self, context: Context, start: datetime, end: datetime) -> list[Span]:
        """Every module's spans between two instants that pass."""
        return [span for span in queries.spans(context, start, end) if self.keeps(span)]


class Day(Filtered, DayGrid):
    """One day."""

    add_command = "calendar.add"


class Week(Filtered, WeekGrid):
    """A week."""

    add_command = "calendar.add"


class Month(Filtered, MonthGrid):
    """Six weeks; enter shows a day."""

    add_command = "calendar.add"

    def act_grid_open(self) -> bool:
        """Show the day."""
        self.post_message(ShowDay(self.day))
        return True


class Year(Filtered, YearView):
    """How full the days of a year are, in hours; enter shows a day."""

    unit = "h"

    def numbers(self, store: Store, first: date, after: date) -> Mapping[date, float]:
        """Hours that are taken on each day; an all-day span counts as one."""
        within: Any = Within(self.context, store)
        zone = self.context.zone
        found: dict[date, float] = {}
        for span in self.read(within, self.instant_of(first), self.instant_of(after)):
            if span.day is not None:
                day, last = max(span.day, first), min(span.last_day or span.day, after)
                while day <= last:
                    found[day] = found.get(day, 0) + 1
                    day += timedelta(days=1)
                continue
            day = span.start.astimezone(zone).date()
            hours = (span.end - span.start) / timedelta(hours=1)
            found[day] = round(found.get(day, 0) + hours, 2)
        return found

    def follows(self, commit: Any) -> bool:
        """Any commit of the space may change a day."""
        return self.store.scope.space in commit.spaces

    def act_grid_open(self) -> bool:
        """Show the day."""
        self.post_message(ShowDay(self.day))
        return True
