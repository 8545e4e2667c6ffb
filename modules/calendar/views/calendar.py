"""The calendar's pane: week, day, month, agenda and year as tabs of one day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

import msgspec
from textual.app import ComposeResult

from modules.calendar.model import Event, Scope
from modules.calendar.views.agenda import Agenda
from modules.calendar.views.asking import DragLine, FilterLine, JumpLine, ScopeLine
from modules.calendar.views.grids import KIND, Day, Month, ShowDay, Week, Year
from modules.sdk.context import Context
from modules.sdk.slot import Span
from modules.sdk.ui.grids.time import TimeGrid
from modules.sdk.ui.tabs import TabStrip
from modules.sdk.ui.view import Action, Selection, View
from storage.record import Record
from storage.store import Store

PICTURES: dict[str, tuple[str, type[View[Any]]]] = {
    "week": ("Week", Week),
    "day": ("Day", Day),
    "month": ("Month", Month),
    "agenda": ("Agenda", Agenda),
    "year": ("Year", Year),
}
NAMES = tuple(PICTURES)


def _actions(*own: Action) -> tuple[Action, ...]:
    """Ours, then those of every picture, each id once with all its keys."""
    found = {action.id: action for action in (*View.ACTIONS, *own)}
    for _, made in PICTURES.values():
        for action in made.ACTIONS:
            held = found.setdefault(action.id, action)
            if action.id not in {one.id for one in own}:
                keys = tuple(dict.fromkeys((*held.keys, *action.keys)))
                found[action.id] = msgspec.structs.replace(held, keys=keys)
    return tuple(found.values())


class CalendarView(View[None]):
    """Five pictures of the same day; switching keeps the day.

    What is under the cursor may belong to any module; events can be moved and resized
    here, and a recurring one asks how much of its series is meant.
    """

    reads: tuple[type[Record], ...] = ()
    ACTIONS: ClassVar[tuple[Action, ...]] = _actions(
        Action("calendar.next-view", "Next view", (")",), show=True),
        Action("calendar.previous-view", "Previous view", ("(",)),
        Action("calendar.jump", "Go to a day", ("@",)),
        Action("calendar.filter", "Show one kind or calendar", ("f",)),
        Action("calendar.find-here", "Filter by words", ("/",)),
        Action("calendar.calendars-here", "Calendars", ("C",)),
        Action("calendar.add", "Add here", ("a",)),
        Action("calendar.add-form", "Add with every field", ("F",)),
        Action("calendar.edit", "Edit", ("e",)),
        Action("calendar.delete", "Delete", ("d",)),
        Action("calendar.move", "Move or resize", ("M",), show=True),
    )

    def __init__(self, context: Context, **options: Any) -> None:
        super().__init__(context, **options)
        wanted = str(options.get("view") or context.setting("calendar.view") or "week")
        self.at = NAMES.index(wanted) if wanted in NAMES else 0
        self.strip = TabStrip([title for title, _ in PICTURES.values()], self.at)
        self.pictures: dict[str, View[Any]] = {}
        self.only = ""
        self.day = context.today()

    # --- pictures ----------------------------------------------------------------------------

    def compose(self) -> ComposeResult:
        """The tabs, and the picture that is chosen; others come when they are.

        Where nothing may be drawn, for those who listen, the agenda is the only picture:
        columns side by side mean nothing line by line.
        """
        if not self.glyphs.drawn:
            self.at = NAMES.index("agenda")
            self.strip.display = False
            self.picture.set_active(self.active)
        yield self.strip
        yield self._picture()

    def _picture(self) -> View[Any]:
        name = NAMES[self.at]
        found = self.pictures.get(name)
        if found is None:
            found = self.pictures[name] = PICTURES[name][1](self.context, day=self.day)
            found.only = self.only  # type: ignore[attr-defined]
            if self._scoped is not None:
                found.rescope(self._scoped)
        return found

    @property
    def picture(self) -> Any:
        """The picture that is shown."""
        return self._picture()

    def choose(self, index: int) -> bool:
        """Show another picture of the same day."""
        index %= len(NAMES)
        if index == self.at or (self.is_attached and not self.glyphs.drawn):
            return False
        before = self.picture
        self.day = before.day
        before.set_active(False)
        self.at = index
        self.strip.choose(index)
        after = self.picture
        if after.only != self.only:
            after.only = self.only
            after.ask_anew()
        if self.is_attached and not after.is_attached:
            self.mount(after)
        before.display, after.display = False, True
        after.go_to_day(self.day)
        after.set_active(self.active)
        self.retitle()
        return True

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        """A tab was clicked."""
        event.stop()
        self.choose(event.index)

    def on_show_day(self, event: ShowDay) -> None:
        """A day of a month or a year was opened."""
        event.stop()
        self.picture.go_to_day(event.day)
        self.choose(NAMES.index("day"))

    def on_view_titled(self, event: View.Titled) -> None:
        """The picture's title is ours."""
        if event.view is not self:
            event.stop()
            self.retitle()

    # --- being a view ----------------------------------------------------------------------------

    def load(self, store: Store) -> None:
        """Nothing: the pictures load."""

    def show(self, data: None) -> None:
        """Nothing to show beside them."""

    def perform(self, action_id: str, count: int = 1) -> bool:
        """Our own actions, else the picture's."""
        if action_id.startswith("calendar."):
            return super().perform(action_id, count)
        done = self.picture.perform(action_id, count)
        if done:
            self.retitle()
        return done

    @property
    def title(self) -> str:
        """The picture's title, and the filter."""
        return (
            f"{self.picture.title} · {self._only_said}" if self.only else self.picture.title
        )

    @property
    def _only_said(self) -> str:
        named = "." in self.only and not self.only.startswith("/")
        return self.only.partition(".")[0] if named else self.only

    @property
    def status(self) -> str:
        """The picture's."""
        return self.picture.status

    def selection(self) -> Selection:
        """What is under the picture's cursor."""
        return (
            self.picture.selection() if hasattr(self.picture, "selection") else Selection()
        )

    def set_active(self, on: bool) -> None:
        """The picture draws its cursor."""
        super().set_active(on)
        self.picture.set_active(on)

    def state(self) -> dict[str, Any]:
        """Which picture, and what it shows."""
        return {"view": NAMES[self.at], "only": self.only}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look as remembered."""
        only = state.get("only")
        if isinstance(only, str) and len(only) <= 200:
            self.only = only
            for one in self.pictures.values():
                one.only = only  # type: ignore[attr-defined]
        if state.get("view") in NAMES:
            self.choose(NAMES.index(state["view"]))

    def rescope(self, store: Store) -> None:
        """Every picture reads through another scope."""
        super().rescope(store)
        for one in self.pictures.values():
            one.rescope(store)

    def reload(self) -> None:
        """The pictures read again."""
        super().reload()
        for one in getattr(self, "pictures", {}).values():
            one.reload()

    def clear_content(self) -> None:
        """The pictures forget."""
        super().clear_content()
        for one in self.pictures.values():
            one.clear_content()

    def back(self) -> bool:
        """One step back inside the picture, then the filter."""
        if self.picture.back():
            return True
        return self.show_only("") if self.only else False

    def go_to_day(self, day: date) -> bool:
        """Stand on a day."""
        moved: bool = self.picture.go_to_day(day)
        self.retitle()
        return moved

    # --- actions ------------------------------------------------------------------------------------

    def act_view_back(self) -> bool:
        """Go back one step inside the view."""
        return self.back()

    def act_calendar_next_view(self, count: int = 1) -> bool:
        """The next picture."""
        return self.choose(self.at + count)

    def act_calendar_previous_view(self, count: int = 1) -> bool:
        """The picture before."""
        return self.choose(self.at - count)

    def act_calendar_jump(self) -> bool:
        """Ask for a day."""
        self.mount(JumpLine(self))
        return True

    def act_calendar_filter(self) -> bool:
        """Everything, events alone, another kind alone, one calendar alone, in turn."""
        kinds = sorted({s.kind for s in self._seen()} | {KIND})
        groups = sorted({s.group for s in self._seen() if s.group and s.kind == KIND})
        ways = ["", *kinds, *groups]
        at = ways.index(self.only) if self.only in ways else 0
        return self.show_only(ways[(at + 1) % len(ways)])

    def act_calendar_find_here(self) -> bool:
        """Ask for words, and show what says them."""
        said = self.only[1:] if self.only.startswith("/") else ""
        self.mount(FilterLine(self, said))
        return True

    def _seen(self) -> list[Span]:
        """Spans of the days in sight, whatever the filter."""
        from modules.calendar import queries
        from modules.sdk.ui.grids.layout import midnight

        zone = self.context.zone
        first = self.picture.day - timedelta(days=7)
        return queries.spans(
            self.context, midnight(first, zone), midnight(first + timedelta(days=14), zone)
        )

    def show_only(self, only: str) -> bool:
        """Show everything, or what passes a filter."""
        self.only = self.picture.only = only
        self.picture.ask_anew()
        self.retitle()
        return True

    def act_calendar_calendars_here(self) -> bool:
        """Show the calendars."""
        from modules.calendar.views.lists import CalendarList

        self.post_message(View.Push(CalendarList(self.context)))
        return True

    def act_calendar_add(self) -> bool:
        """Take a line for an event at the cursor."""
        self.post_message(View.Capture("calendar.add", self.picture.here()))
        return True

    def act_calendar_add_form(self) -> bool:
        """Ask for every field of an event at the cursor."""
        self.post_message(View.Ask("calendar.add", self.picture.here()))
        return True

    # --- events under the cursor ----------------------------------------------------------------------

    @property
    def span(self) -> Span | None:
        """The span under the cursor."""
        if isinstance(self.picture, Agenda):
            return self.picture.span
        return getattr(self.picture, "current", None)

    def _event(self) -> tuple[Event, Span] | None:
        span = self.span
        if span is None or span.kind != KIND:
            return None
        found = self.store.find(Event, span.record)
        return (found, span) if found is not None else None

    def _other(self, verb: str) -> bool:
        """The same verb of the module that a span of another kind belongs to."""
        span = self.span
        if span is None:
            return False
        command = f"{span.kind.partition('.')[0]}.{verb}"
        if not self.context.has(command):
            return False
        from modules.sdk import registry

        first = registry.find(command).params[0]
        ids = (span.record,) if first.many else span.record
        message = View.Ask if verb == "edit" else View.Run
        self.post_message(message(command, {first.name: ids}))
        return True

    def _with_scope(
        self, verb: str, event: Event, span: Span, command: str, values: dict[str, Any],
        *, ask: bool = False,
    ) -> bool:  # fmt: skip
        """Run a command on an event; of a series, on what the person says is meant."""
        values = {"event": (event.id,)} | values
        send = View.Ask if ask else View.Run
        if not (event.recurs or event.series):
            self.post_message(send(command, values))
            return True
        day = span.day or span.start.astimezone(self.context.zone).date()
        if event.recurs:
            values["on"] = day
            if span.day is None:
                values["at"] = (
                    span.start.astimezone(self.context.zone).time().replace(second=0)
                )

        def then(scope: Scope) -> None:
            self.post_message(send(command, values | {"scope": scope}))

        self.mount(ScopeLine(verb, span.title, day, then))
        return True

    def act_calendar_delete(self) -> bool:
        """Delete the event, or as much of its series as the person says."""
        found = self._event()
        if found is None:
            return self._other("delete")
        return self._with_scope("Delete", *found, "calendar.delete", {})

    def act_calendar_edit(self) -> bool:
        """Edit the event, or as much of its series as the person says."""
        found = self._event()
        if found is None:
            return self._other("edit")
        event, span = found
        values: dict[str, Any] = {"title": event.title, "place": event.place}
        if span.day is None:
            values |= {"start": span.start, "end": span.end}
        return self._with_scope("Edit", event, span, "calendar.edit", values, ask=True)

    def act_calendar_move(self) -> bool:
        """Move or resize the event with the arrows."""
        found = self._event()
        if found is None:
            return False
        event, span = found
        picture = self.picture
        step = picture.minutes if isinstance(picture, TimeGrid) else 15
        held: list[Span] = list(getattr(picture, "spans", ()))

        def shown(moved: Span) -> None:
            if hasattr(picture, "place") and held:
                picture.spans = [moved if s is span else s for s in held]
                picture.place()

        def then(moved: Span | None) -> None:
            if moved is not None and moved != span:
                self._with_scope("Move", event, span, "calendar.edit", _times(moved))

        self.mount(DragLine(span, step, shown, then))
        return True


def _times(span: Span) -> dict[str, Any]:
    """Where a span is, as values of the edit command."""
    if span.day is not None:
        return {"day": span.day, "last_day": span.last_day or span.day}
    return {"start": span.start, "end": span.end}
