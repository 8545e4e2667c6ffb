"""A form made from parameters: asks, checks while one types, says what it understood."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Input

from modules.sdk.context import Context
from modules.sdk.outside import params_of
from modules.sdk.ui.choice import Choice
from modules.sdk.ui.fields import FieldRow, FormLine
from modules.sdk.ui.routed import Routed
from modules.sdk.ui.values import label

MOST_CHOICES = 40
SHOWN_FIELDS = 9
"""A longer form shows so many fields, and those with a value; the rest on demand."""


class Form(VerticalScroll, can_focus=False):
    """Asks for the fields of a struct, such as `command.arguments`.

    `values` are what is known already, as values or as typed text. `only` names the
    fields to ask for; the others of `values` are handed on untouched. `draft` is told the
    typed values while one types, so that nothing is lost. Enter saves, escape cancels;
    both post a message and leave it to the receiver to take the form away.
    """

    takes_keys = True
    """It gives the focus to one of its fields."""

    class Done(Routed):
        """Every field can be used: `values` are as typed, for `workspace.run`."""

        def __init__(self, form: Form, values: dict[str, Any]) -> None:
            super().__init__()
            self.form = form
            self.values = values

    class Cancelled(Routed):
        """Escape; `values` are as typed, `changed` says whether any differs."""

        def __init__(self, form: Form, values: dict[str, Any], changed: bool) -> None:
            super().__init__()
            self.form = form
            self.values = values
            self.changed = changed

    def __init__(
        self,
        context: Context,
        takes: type[msgspec.Struct],
        values: Mapping[str, Any] | None = None,
        *,
        title: str = "",
        about: str = "",
        only: Sequence[str] | None = None,
        draft: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        super().__init__()
        self.context = context
        self.heading = title
        self.about = about
        self.given = dict(values or {})
        self.draft = draft
        self.takes = takes
        self.only = only
        self.rows: list[FieldRow] = []
        self.more = FormLine(())

    def compose(self) -> ComposeResult:
        """A heading, a row per field, the keys."""
        if self.heading:
            yield FormLine([(self.heading, "heading"), (f"  {self.about}", "muted")])
        annotations = {
            field.name: field.type for field in msgspec.structs.fields(self.takes)
        }
        self.rows = [
            FieldRow(
                self.context, param, annotations[param.name], self.given.get(param.name)
            )
            for param in params_of(self.takes)
            if self.only is None or param.name in self.only
        ]
        yield from self.rows
        self._hide_rest()
        yield self.more
        yield FormLine(
            [("enter", "accent"), (" saves   ", "muted"), ("esc", "accent"), (" cancels   ", "muted"),
             ("tab", "accent"), (" next field", "muted")]
        )  # fmt: skip

    def _hide_rest(self) -> None:
        """Long forms begin short: hide optional fields that have no value."""
        hidden = [
            row
            for row in self.rows[SHOWN_FIELDS:]
            if row.was == "" and not row.param.required
        ]
        if len(hidden) < 3:
            hidden = []
        for row in hidden:
            row.display = False
        names = ", ".join(label(row.param.name).lower() for row in hidden)
        self.more.parts = [
            (" tab", "accent"),
            (f" after the last shows {len(hidden)} more: ", "muted"),
            (names, "faint"),
        ]
        self.more.display = bool(hidden)

    def show_all(self) -> bool:
        """Show the fields that were left out; False when there were none."""
        hidden = [row for row in self.rows if not row.display]
        for row in hidden:
            row.display = True
        self.more.display = False
        return bool(hidden)

    def on_mount(self) -> None:
        """Begin to ask."""
        self.take_keys()

    def take_keys(self) -> None:
        """Start in the first field that still needs something."""
        for row in self.rows:
            if row.param.required and row.raw == "":
                row.editor.focus()
                return
        if self.rows:
            self.rows[0].editor.focus()

    @property
    def values(self) -> dict[str, Any]:
        """What stands there now, as typed; empty optional fields that were empty are left out."""
        asked = {row.param.name for row in self.rows}
        kept = {name: value for name, value in self.given.items() if name not in asked}
        return kept | {
            row.param.name: row.raw for row in self.rows if row.raw != "" or row.was != ""
        }

    @property
    def changed(self) -> bool:
        """Whether anything differs from what it began with."""
        return any(row.raw != row.was for row in self.rows)

    def save(self) -> bool:
        """Check everything; post Done, or go to the first field that cannot be used."""
        wrong = [row for row in self.rows if row.check()]
        if wrong:
            wrong[0].editor.focus()
            return False
        self.post_message(self.Done(self, self.values))
        return True

    def cancel(self) -> None:
        """Give up; what was typed goes along."""
        self.post_message(self.Cancelled(self, self.values, self.changed))

    def refuse(self, name: str, problem: str) -> None:
        """Show what the command refused, at its field or at the first one."""
        row = next((row for row in self.rows if row.param.name == name), None)
        row = row or (self.rows[0] if self.rows else None)
        if row is not None:
            row.say(problem, wrong=True)
            row.editor.focus()

    def on_field_row_edited(self, event: FieldRow.Edited) -> None:
        """Keep a draft."""
        event.stop()
        if self.draft is not None:
            self.draft(self.values)

    def on_key(self, event: events.Key) -> None:
        """Escape, enter on a choice, arrows between fields."""
        match event.key:
            case "escape":
                self.cancel()
            case "enter" | "ctrl+s":
                self.save()
            case "down" | "up" if self._arrows_move:
                self._step(1 if event.key == "down" else -1)
            case "tab" | "shift+tab":
                self._step(1 if event.key == "tab" else -1)
            case _:
                return
        event.stop()
        event.prevent_default()

    @property
    def _arrows_move(self) -> bool:
        return isinstance(self.app.focused, (Input, Choice))

    def _step(self, step: int) -> None:
        rows = [row for row in self.rows if row.display]
        here = next((i for i, row in enumerate(rows) if row.editor.has_focus), 0)
        if here + step == len(rows) and self.show_all():
            after = self.rows.index(rows[-1]) + 1
            rows, here = self.rows, min(after, len(self.rows) - 1) - step
        rows[(here + step) % len(rows)].editor.focus()
