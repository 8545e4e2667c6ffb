"""Lines at the bottom of the calendar that take keys for a moment: which of a series is
meant, which day to go to, where an event is moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from rich.segment import Segment
from textual import events
from textual.strip import Strip
from textual.widgets import Input

from modules.calendar.model import Scope
from modules.sdk.slot import Span
from modules.sdk.ui.cells import clean, cut
from modules.sdk.ui.tones import Drawn
from modules.sdk.ui.view import View
from storage.errors import UserError

SCOPES: dict[str, Scope] = {"t": "this", "f": "following", "a": "all"}


class Asking(Drawn, can_focus=True):
    """A line that has the keys until it is answered or left."""

    DEFAULT_CSS = "Asking { height: 1; width: 1fr; background: $panel; dock: bottom; }"

    def on_mount(self) -> None:
        """Take the keys."""
        self.focus(scroll_visible=False)

    def leave(self) -> None:
        """Give the keys back."""
        self.post_message(View.EditDone())
        self.remove()

    def said(self) -> list[tuple[str, str]]:
        """Text and tone of its parts."""
        return []

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Draw it."""
        segments = [Segment(text, self.tones[tone]) for text, tone in self.said()]
        return Strip(segments).adjust_cell_length(self.size.width, self.tones.plain)


class ScopeLine(Asking):
    """Asks how much of a series is meant: this one, all following, or all."""

    def __init__(
        self, verb: str, title: str, day: date, then: Callable[[Scope], Any]
    ) -> None:
        super().__init__()
        self.verb, self.title, self.day, self.then = verb, title, day, then

    def said(self) -> list[tuple[str, str]]:
        """The question and its keys."""
        title = cut(clean(self.title), 24)
        return [
            (f" {self.verb} {title} of {self.day:%a %d %b}: ", "bold"),
            ("t", "accent"), ("his  ", ""), ("f", "accent"), ("ollowing  ", ""),
            ("a", "accent"), ("ll  ", ""), ("esc", "muted"),
        ]  # fmt: skip

    def on_key(self, event: events.Key) -> None:
        """One letter answers."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.leave()
        elif event.key in SCOPES:
            self.leave()
            self.then(SCOPES[event.key])


class JumpLine(Input):
    """Asks for a day and goes there."""

    DEFAULT_CSS = (
        "JumpLine { height: 1; width: 1fr; border: none; dock: bottom; padding: 0 1; }"
    )

    def __init__(self, view: Any) -> None:
        super().__init__(
            placeholder="go to day: 24.12., next fri, 2027-01", compact=True, max_length=100
        )
        self.asked_by = view

    def on_mount(self) -> None:
        """Take the keys."""
        self.focus(scroll_visible=False)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Nothing happens until it is done."""
        event.stop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go there; what is no day stays to be corrected."""
        event.stop()
        view = self.asked_by
        try:
            day = day_of(self.value, view.context)
        except UserError:
            self.add_class("-invalid")
            return
        self.leave()
        view.go_to_day(day)

    def on_key(self, event: events.Key) -> None:
        """Escape leaves."""
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self.leave()

    def leave(self) -> None:
        """Give the keys back."""
        self.post_message(View.EditDone())
        self.remove()


class FilterLine(JumpLine):
    """Asks for words; only what says them stays in sight."""

    def __init__(self, view: Any, value: str) -> None:
        super().__init__(view)
        self.placeholder = "words of a title, a place or a calendar"
        self.value = value

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Show what says these words; everything when there are none."""
        event.stop()
        self.leave()
        self.asked_by.show_only(f"/{self.value.strip()}" if self.value.strip() else "")


def day_of(text: str, context: Any) -> date:
    """A day, a month (`2027-01`: its first) or a year."""
    from modules.sdk.text.dates import parse_day

    parts = text.strip().split("-")
    if all(part.isdigit() for part in parts) and len(parts) <= 2 and len(parts[0]) == 4:
        try:
            return date(int(parts[0]), int(parts[1]) if len(parts) == 2 else 1, 1)
        except ValueError:
            raise UserError(f"{text[:40]!r} is not a month.") from None
    return parse_day(text, context.today(), context.locale)


class DragLine(Asking):
    """Moves a span with the arrows, or its end with + and -; enter keeps it there."""

    def __init__(
        self,
        span: Span,
        step: int,
        shown: Callable[[Span], Any],
        then: Callable[[Span | None], Any],
    ) -> None:
        super().__init__()
        self.span, self.before = span, span
        self.step, self.shown, self.then = step, shown, then

    def said(self) -> list[tuple[str, str]]:
        """Where it is now, and the keys."""
        span = self.span
        when = (
            f"{span.day:%a %d %b}"
            if span.day
            else f"{span.start:%a %d %b %H:%M}–{span.end:%H:%M}"
        )
        return [
            (f" {cut(clean(span.title), 20)} ", "bold"), (f"{when}  ", "accent"),
            ("arrows move  + - length  enter keep  esc leave", "muted"),
        ]  # fmt: skip

    def on_key(self, event: events.Key) -> None:
        """Move, resize, keep or leave."""
        event.stop()
        event.prevent_default()
        key = (
            event.character
            if event.character in ("+", "-", "h", "j", "k", "l")
            else event.key
        )
        day, step = timedelta(days=1), timedelta(minutes=self.step)
        moves = {
            "left": (-day, -day), "h": (-day, -day), "right": (day, day), "l": (day, day),
            "up": (-step, -step), "k": (-step, -step), "down": (step, step), "j": (step, step),
            "+": (timedelta(), step), "-": (timedelta(), -step),
            "shift+down": (timedelta(), step), "shift+up": (timedelta(), -step),
        }  # fmt: skip
        if key == "escape":
            self.leave()
            self.shown(self.before)
            self.then(None)
        elif key == "enter":
            self.leave()
            self.then(self.span)
        elif key in moves:
            self.move(*moves[key])

    def move(self, first: timedelta, last: timedelta) -> None:
        """Move the start and the end; an all-day span moves by whole days."""
        span = self.span
        if span.day is not None:
            days = [timedelta(days=_whole(d)) for d in (first, last)]
            day, until = span.day + days[0], (span.last_day or span.day) + days[1]
            if until >= day:
                self.span = msgspec.structs.replace(span, day=day, last_day=until)
        elif span.end + last - (span.start + first) >= timedelta(minutes=5):
            start, end = _clock(span.start, first), _clock(span.end, last)
            self.span = msgspec.structs.replace(span, start=start, end=end)
        self.shown(self.span)
        self.refresh()


def _whole(by: timedelta) -> int:
    """Days of an all-day span: a step of minutes is a day."""
    return (by > timedelta()) - (by < timedelta())


def _clock(at: datetime, by: timedelta) -> datetime:
    """Moved on the clock, not in real time: 9:00 stays 9:00 over a change of clocks."""
    return at + by
