"""Keys in the order they were typed, whatever opens meanwhile.

Textual hands a key to the queue of whatever has the focus when the app reads it. A key
typed right after the one that opens the palette would still go to the panes. So the app
hands keys to the workbench and to the widgets one types into at once, and keeps them while
something is on its way that they are meant for.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, Any

from textual import events

from mana_tui.widgets.typed import Typed
from mana_tui.widgets.workbench import Workbench

if TYPE_CHECKING:
    from mana_tui.app import ManaApp


class KeyStream:
    """Holds keys back, and hands them on."""

    def __init__(self, app: ManaApp) -> None:
        self.app = app
        self.held: deque[events.Key | events.Paste] = deque()
        self.holds: set[str] = set()
        self.touched = time.monotonic()

    def take(self, event: events.Key | events.Paste) -> bool:
        """Handle an event that nobody saw yet; False when Textual should."""
        self.touched = time.monotonic()
        if self.holds:
            self.held.append(event)
            return True
        focused: Any = self.app.focused
        if isinstance(focused, Workbench):
            if isinstance(event, events.Key):
                focused.read_key(event.key, event.character)
            return True
        if isinstance(focused, Typed):
            return focused.take(event)
        return False

    def hold(self, why: str) -> None:
        """Keys wait until `release` is called for the same reason."""
        self.holds.add(why)

    def release(self, why: str) -> None:
        """Hand on the keys that waited, until one of them makes the next wait again."""
        self.holds.discard(why)
        while self.held and not self.holds:
            event = self.held.popleft()
            focused = self.app.focused
            if not self.take(event) and focused is not None:
                focused._forward_event(event)  # noqa: SLF001 - as the app does

    def drop(self) -> None:
        """Forget what waits: it was meant for something that is gone."""
        self.held.clear()
        self.holds.clear()
