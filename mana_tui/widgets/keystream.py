"""Keys in the order they were typed, whatever opens meanwhile.

Textual hands a key to the queue of whatever has the focus when the app reads it. A key
typed right after the one that opens the palette would still go to the panes. So the app
hands keys to the workbench and to the widgets one types into at once, and keeps them while
something is on its way that they are meant for.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import events
from textual.widget import Widget

from mana_tui.widgets.typed import Typed
from mana_tui.widgets.workbench import Workbench

if TYPE_CHECKING:
    from mana_tui.app import ManaApp


ENDING = frozenset({"enter", "escape", "tab", "shift+tab", "ctrl+s"})
"""Keys after which another widget may have the focus."""


def _pass_on(way: list[Any], done: Callable[[], None]) -> None:
    """Call `done` when every widget of a way handled what it was sent before."""
    while way:
        if way.pop(0).call_later(_pass_on, way, done):
            return
    done()


class KeyStream:
    """Holds keys back, and hands them on."""

    def __init__(self, app: ManaApp) -> None:
        self.app = app
        self.held: deque[events.Key | events.Paste] = deque()
        self.holds: set[object] = set()
        self.touched = time.monotonic()

    def take(self, event: events.Key | events.Paste) -> bool:
        """Handle an event that nobody saw yet; False when Textual should."""
        self.touched = time.monotonic()
        if self.holds:
            self.held.append(event)
            return True
        focused: Any = self._focused()
        if isinstance(focused, Workbench):
            if isinstance(event, events.Key):
                focused.read_key(event.key, event.character)
            return True
        if isinstance(focused, Typed):
            return focused.take(event)
        if focused is None or self.app.bench is None:
            return False
        self._hand(event, focused)
        return True

    def _hand(self, event: events.Key | events.Paste, focused: Widget) -> None:
        """Give an event to an input; the next one waits until it did what it does.

        A key that may end the input goes up to the app and comes back as what it caused.
        """
        done = self.app.keep_keys(event)
        ends = isinstance(event, events.Key) and event.key in ENDING
        way: list[Any] = [focused]
        if ends:
            way = [*focused.ancestors_with_self, self.app, focused]
        focused._forward_event(event)  # noqa: SLF001 - as the app does
        _pass_on(way, done)

    def _focused(self) -> Any:
        """Who gets a key: never the panes while something lies over them."""
        app = self.app
        focused = app.focused
        top = app.on_top()
        if top is not None and (focused is None or top not in focused.ancestors_with_self):
            top.take_keys()
        elif focused is None and app.bench is not None:
            app.bench.take_keys()
        return app.focused

    def hold(self, why: object) -> None:
        """Keys wait until `release` is called for the same reason."""
        self.holds.add(why)

    def release(self, why: object) -> None:
        """Hand on the keys that waited, until one of them makes the next wait again."""
        self.holds.discard(why)
        while self.held and not self.holds:
            self.take(self.held.popleft())

    def drop(self) -> None:
        """Forget what waits: it was meant for something that is gone."""
        self.held.clear()
        self.holds.clear()
