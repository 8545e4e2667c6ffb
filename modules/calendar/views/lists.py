"""Calendars, and what imports could not use, as lists."""

from __future__ import annotations

from typing import Any, ClassVar

from modules.calendar.model import Broken, Calendar
from modules.sdk.ui.cells import clean, clean_lines
from modules.sdk.ui.detail import DetailView
from modules.sdk.ui.list import ListColumn, ListView, Tab
from modules.sdk.ui.page import PageLine
from modules.sdk.ui.view import Action, View
from storage.query import Query, col


class CalendarList(ListView):
    """The calendars; space shows or hides one."""

    record = Calendar
    columns = (
        ListColumn(
            "", 1, lambda c, view: view.glyphs.mark if c.visible else "", style="accent"
        ),
        ListColumn("Name", 0, lambda c, _: clean(c.name)),
        ListColumn("", 8, lambda c, _: "default" if c.default else "", style="muted"),
        ListColumn("Colour", 9, lambda c, _: clean(c.color), style="muted", priority=2),
        ListColumn("Source", 16, lambda c, _: clean(c.source), style="muted", priority=1),
    )
    tabs = (Tab("all", "Calendars", lambda _: Query(Calendar).order("name")),)
    empty = "Calendars group events. The first event makes one; an import brings its own."
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *ListView.ACTIONS,
        Action("calendar.hide-here", "Show or hide", ("space",), show=True),
        Action("calendar.calendar-add", "Add a calendar", ("a",), show=True),
        Action("calendar.calendar-edit", "Edit the calendar", ("e",), show=True),
        Action("calendar.calendar-delete", "Delete the calendar", ("d",)),
    )

    def row_style(self, record: Calendar) -> str:
        """Hidden ones are quiet."""
        return "" if record.visible else "muted"

    def _run(self, command: str, *, ask: bool = False, many: bool = True) -> bool:
        ids = self.selection().ids
        if not ids:
            return False
        name = "calendars" if many else "calendar"
        values: dict[str, Any] = {name: ids if many else ids[0]}
        self.post_message((View.Ask if ask else View.Run)(command, values))
        return True

    def act_calendar_hide_here(self) -> bool:
        """Show or hide."""
        return self._run("calendar.calendar-hide")

    def act_calendar_calendar_add(self) -> bool:
        """Ask for a name."""
        self.post_message(View.Ask("calendar.calendar-add", {}))
        return True

    def act_calendar_calendar_edit(self) -> bool:
        """Ask for changes."""
        return self._run("calendar.calendar-edit", ask=True, many=False)

    def act_calendar_calendar_delete(self) -> bool:
        """Delete with what it holds."""
        return self._run("calendar.calendar-delete")


class BrokenList(ListView):
    """What could not be used, and why."""

    record = Broken
    columns = (
        ListColumn("Item", 30, lambda b, _: clean(b.item)),
        ListColumn("Reason", 0, lambda b, _: clean(b.reason), style="warning"),
        ListColumn("Source", 18, lambda b, _: clean(b.source), style="muted", priority=1),
    )
    tabs = (
        Tab("events", "Events", lambda _: Query(Broken).where(col("component") == "VEVENT").order("-created")),
        Tab("others", "Other", lambda _: Query(Broken).where(col("component") != "VEVENT").order("-created")),
    )  # fmt: skip
    empty = "Everything that was imported could be used."
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *ListView.ACTIONS,
        Action("calendar.repair", "Repair", ("e",), show=True),
        Action("calendar.broken-delete", "Delete", ("d",), show=True),
    )

    def act_calendar_repair(self) -> bool:
        """Ask what is to be different."""
        ids = self.selection().ids
        if not ids:
            return False
        self.post_message(View.Ask("calendar.repair", {"item": ids[0]}))
        return True

    def act_calendar_broken_delete(self) -> bool:
        """To the trash."""
        ids = self.selection().ids
        if not ids:
            return False
        self.post_message(View.Run("calendar.broken-delete", {"items": ids}))
        return True


class BrokenView(DetailView):
    """An unusable item: the reason, then its text, line by line."""

    hidden = ("raw",)
    edit_command = "calendar.repair"
    ACTIONS: ClassVar[tuple[Action, ...]] = DetailView.ACTIONS

    def sections(self) -> list[PageLine]:
        """Its text."""
        if self.shown is None or not isinstance(self.shown.record, Broken):
            return []
        lines = clean_lines(self.shown.record.raw[:50_000])
        return [
            *self.section("Text"),
            *(PageLine(((line, "code"),)) for line in lines[:2_000]),
        ]
