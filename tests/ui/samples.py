"""Views of the test records."""

# ruff: noqa: E712 - a Column makes a condition of ==

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from modules.sdk.ui.list import Group, ListColumn, ListView, Sort, Tab
from storage.query import Query, col
from tests.ui.conftest import Chore


def when(day: date | None, view: Any) -> str:
    """Overdue, Today, Later, Some day."""
    today = view.context.today()
    if day is None:
        return "Some day"
    return "Overdue" if day < today else "Today" if day == today else "Later"


class ChoreList(ListView):
    """The list most tests look at."""

    record = Chore
    columns = (
        ListColumn("Title", 0, lambda chore, view: chore.title),
        ListColumn("Room", 10, lambda chore, view: chore.room, style="muted", priority=2),
        ListColumn(
            "Due",
            10,
            lambda chore, view: str(chore.due or ""),
            align="right",
            style="muted",
            priority=1,
        ),
    )
    tabs = (
        Tab(
            "open",
            "Open",
            lambda view: Query(Chore).where(col("done") == False).order("title"),
        ),
        Tab(
            "done",
            "Done",
            lambda view: Query(Chore).where(col("done") == True).order("title"),
        ),
        Tab(
            "due",
            "By day",
            lambda view: Query(Chore).order("due", "title"),
            group=Group("due", when),
        ),
    )
    sorts = (Sort("newest", "newest first", ("-created", "-title")),)
    empty = "Chores stand here.\nThe sooner, the better."

    def row_style(self, record: Chore) -> str:
        return "done" if record.done else ""


DAY = timedelta(days=1)
