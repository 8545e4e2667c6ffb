"""One event whole: when, its next dates, who and where, its text."""

from __future__ import annotations

from typing import ClassVar

from modules.calendar.model import Event
from modules.calendar.show import facts
from modules.sdk.ui.cells import clean, fit
from modules.sdk.ui.detail import LABEL, DetailView, Shown
from modules.sdk.ui.grids.view import Within
from modules.sdk.ui.markup import Markup, wrap
from modules.sdk.ui.page import PageLine
from modules.sdk.ui.view import Action
from storage.store import Store

APART = ("id", "title", "notes")
"""Facts that have a place of their own on the page."""


class ShownEvent(Shown, frozen=True, kw_only=True):
    """What is loaded: the record, and what there is to say of it."""

    said: tuple[tuple[str, str], ...] = ()


class EventView(DetailView):
    """An event; `e` edits it."""

    edit_command = "calendar.edit"
    ACTIONS: ClassVar[tuple[Action, ...]] = DetailView.ACTIONS

    def load(self, store: Store) -> ShownEvent:
        """The event, and its next dates, calendar, people in words."""
        shown = super().load(store)
        event = shown.record
        assert isinstance(event, Event)
        within = Within(self.context, store)
        return ShownEvent(
            record=event,
            links=shown.links,
            references=shown.references,
            tags=shown.tags,
            said=tuple(facts(within, event)),  # type: ignore[arg-type]
        )

    def lines(self) -> list[PageLine]:
        """Title, facts, notes, links."""
        shown = self.shown
        if not isinstance(shown, ShownEvent):
            return []
        lines = [*self._head(), PageLine()]
        room, last = max(8, self.page.room - LABEL), ""
        for name, value in shown.said:
            if not value or name in APART:
                continue
            label = "" if name == last else name
            last = name
            for n, runs in enumerate(wrap([(clean(value), "")], room)):
                head = fit(label if n == 0 else "", LABEL, self.glyphs.more)
                lines.append(PageLine(((head, "muted"), *runs)))
        notes = dict(shown.said).get("notes", "")
        if notes:
            lines += [PageLine(), *Markup(self.page.room, self.glyphs).lines(notes)]
        lines += self._links()
        return [*lines, PageLine(), *self._foot()]
