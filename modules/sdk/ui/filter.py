"""The quick filter's line at the bottom of a list."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.widgets import Input

from modules.sdk.ui.view import View


class FilterLine(Input):
    """Narrows while one types; enter keeps the filter, escape clears it."""

    def __init__(self, text: str = "") -> None:
        super().__init__(text, placeholder="filter", compact=True, max_length=200)

    @property
    def _view(self) -> Any:
        return self.parent

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as one types."""
        event.stop()
        self._view.set_filter(self.value)

    def on_key(self, event: events.Key) -> None:
        """Enter keeps, escape clears; the arrows move the rows meanwhile."""
        match event.key:
            case "enter":
                self._leave()
            case "escape":
                self._view.set_filter("")
                self._leave()
            case "down":
                self._view.act_list_down()
            case "up":
                self._view.act_list_up()
            case _:
                return
        event.stop()
        event.prevent_default()

    def _leave(self) -> None:
        self._view.post_message(View.EditDone())
        self.remove()


def open_filter(view: Any, text: str) -> None:
    """Show the filter line of a view, or give it the focus again."""
    for line in view.query_children(FilterLine):
        line.focus()
        return
    line = FilterLine(text)
    view.mount(line)
    line.focus()
