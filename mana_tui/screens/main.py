"""The one screen of the app, without the work Textual does twice."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.screen import Screen

from mana_tui.screens.frames import Frames


class MainScreen(Screen[None]):
    """Draws what changed, once.

    Textual applies every style a second time when a screen is first shown, and draws the
    whole screen twice whenever a widget comes or goes: as part of the new layout, and
    because the screen itself asked to be drawn. The screen is covered all over, so neither
    is needed (opening the palette costs a third).
    """

    _shown = False

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compositor = Frames()

    def update_node_styles(self, animate: bool = True) -> None:
        """Skip the first time: the styles were applied when the widgets were mounted."""
        if self._shown:
            super().update_node_styles(animate)
        self._shown = True

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        """The first layout draws the screen; Textual asks for it once more."""
        event.prevent_default()
        laid_out = self._size != self.app.size
        super()._on_screen_resume(event)
        if laid_out:
            self._repaint_required = False
            self._dirty_widgets.discard(self)
            self._exchange_repaint_regions()

    def _on_timer_update(self) -> None:
        """A new layout draws what it changes: the screen need not be drawn for it."""
        held = self.app._batch_count  # noqa: SLF001 - Textual is pinned
        if self._layout_required and self.is_current and not held:
            self._repaint_required = False
            self._dirty_widgets.discard(self)
        super()._on_timer_update()
