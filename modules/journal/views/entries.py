"""The journal as a list, and as a year."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

from rich.text import Text

from modules.journal import queries
from modules.journal.model import Entry, mood_name, preview
from modules.journal.views.entry import EntryView
from modules.sdk.text.dates import format_day, format_month
from modules.sdk.ui.cells import clean
from modules.sdk.ui.grids.year import YearView
from modules.sdk.ui.list import Group, ListColumn, ListView, Tab
from modules.sdk.ui.view import Action, View
from storage.store import Store

TONES = {
    "grateful": "green", "happy": "green", "content": "cyan", "neutral": "", "pensive": "blue",
    "sad": "blue", "stressed": "yellow", "angry": "red",
}  # fmt: skip


def _mood(entry: Entry, view: JournalView) -> Text:
    return Text(mood_name(entry.mood, view.context.locale), style=TONES.get(entry.mood, ""))


def _marks(entry: Entry, _: JournalView) -> str:
    return ("^" if entry.pinned else "") + ("*" if entry.favourite else "")


def _month(day: date, view: JournalView) -> str:
    return format_month(day, view.context.locale)


class JournalView(ListView):
    """Entries, by month, favourites, on this day, the archive."""

    record = Entry
    reads = (Entry,)
    columns = (
        ListColumn("Day", 15, lambda entry, view: view.said(entry.day), style="accent"),
        ListColumn("", 2, _marks, priority=3),
        ListColumn("Text", 0, lambda entry, _: clean(preview(entry)) or "–"),
        ListColumn("Mood", 9, _mood, priority=1),
        ListColumn("Words", 6, lambda entry, _: f"{entry.words:,}", align="right",
                   style="faint", priority=2),
    )  # fmt: skip
    tabs = (
        Tab("entries", "Entries", lambda _: queries.entries()),
        Tab("months", "By month", lambda _: queries.by_month(), group=Group("day", _month)),
        Tab("favourites", "Favourites", lambda _: queries.favourites(),
            empty="f makes an entry a favourite."),
        Tab("years", "On this day", lambda view: queries.on_this_day(view.context.today()),
            empty="Nothing was written on this day in earlier years."),
        Tab("archive", "Archive", lambda _: queries.archive(), empty="Nothing is archived."),
    )  # fmt: skip
    empty = "Nothing is written yet.\nw opens today's page, escape saves it."
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *ListView.ACTIONS,
        Action("journal.page", "Write today", ("w",), show=True),
        Action("journal.page-entry", "Write", ("e",), show=True),
        Action("journal.page-yesterday", "Write yesterday", ("W",)),
    )

    def said(self, day: date) -> str:
        """A day in words."""
        return format_day(day, self.context.today(), self.context.locale)

    def act_journal_page(self) -> bool:
        """Open today's page to write."""
        return self._page(self.context.today())

    def act_journal_page_entry(self) -> bool:
        """Open the entry under the cursor to write."""
        entry = self.current
        if entry is None:
            return False
        page = EntryView(self.context, id=entry.id, day=entry.day, write=True)
        self.post_message(View.Push(page))
        return True

    def act_journal_page_yesterday(self) -> bool:
        """Open yesterday's page to write."""
        return self._page(self.context.today() - timedelta(days=1))

    def _page(self, day: date) -> bool:
        self.post_message(View.Push(EntryView(self.context, day=day, write=True)))
        return True


def day_page(context: Any, day: date) -> EntryView:
    """The page of a day."""
    return EntryView(context, day=day)


class JournalYear(YearView):
    """Words per day as a heat map, with the streak."""

    reads = (Entry,)
    unit: ClassVar[str] = "words"
    day_view: ClassVar[Any] = staticmethod(day_page)
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *YearView.ACTIONS,
        Action("journal.page", "Write this day", ("w",), show=True),
    )

    def __init__(self, context: Any, **options: Any) -> None:
        super().__init__(context, **options)
        self.streak = 0

    def numbers(self, store: Store, first: date, after: date) -> Mapping[date, float]:
        """Words per day."""
        found = queries.words_per_day(store, first, after - timedelta(days=1))
        self.streak = queries.streak(found, self.context.today())
        return found

    @property
    def status(self) -> str:
        """The words of the day, and the streak."""
        days = f"{self.streak} day{'' if self.streak == 1 else 's'} in a row"
        count = int(self.map.numbers.get(self.day, 0))
        said = f"{count:,} word{'' if count == 1 else 's'}"
        return f"{said} · {days}" if self.streak else said

    def act_journal_page(self) -> bool:
        """Open the page of the day to write."""
        if self.day > self.context.today():
            return False
        self.post_message(View.Push(EntryView(self.context, day=self.day, write=True)))
        return True
