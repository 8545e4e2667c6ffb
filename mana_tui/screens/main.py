"""The one screen of the app, without the work Textual does twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual import events
from textual.geometry import Size
from textual.screen import Screen

from modules.sdk.ui.frames import Frames

if TYPE_CHECKING:
    from mana_tui.app import ManaApp


class MainScreen(Screen[None]):
    """Draws what changed, once.

    Textual applies every style a second time when a screen is first shown, and draws the
    whole screen twice whenever a widget comes or goes: as part of the new layout, and
    because the screen itself asked to be drawn. The screen is covered all over, so neither
    is needed (opening the palette costs a third).
    """

    app: ManaApp  # type: ignore[assignment]
    _shown = False
    _laid_out = False
    _resized = False

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._compositor = Frames()

    def update_node_styles(self, animate: bool = True) -> None:
        """Skip the first time: the styles were applied when the widgets were mounted."""
        if self._shown:
            super().update_node_styles(animate)
        self._shown = True

    def _refresh_layout(self, size: Size | None = None, scroll: bool = False) -> None:
        """The first time, wait a moment for what the first paint is to show."""
        if not self._laid_out:
            self._laid_out = True
            self.app.before_first_paint()
        super()._refresh_layout(size, scroll)

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        """The first layout draws the screen; Textual asks for it once more."""
        event.prevent_default()
        laid_out = self._size != self.app.size
        super()._on_screen_resume(event)
        if laid_out:
            self._repaint_required = False
            self._dirty_widgets.discard(self)
            self._exchange_repaint_regions()

    def _screen_resized(self, size: Size) -> None:
        """Textual says the first size twice."""
        again = self._laid_out and not self._resized and size == self._size
        self._resized = self._resized or self._laid_out
        if not again:
            super()._screen_resized(size)

    def _on_timer_update(self) -> None:
        """A new layout draws what it changes: the screen need not be drawn for it."""
        held = self.app._batch_count  # noqa: SLF001 - Textual is pinned
        if self._layout_required and self.is_current and not held:
            self._repaint_required = False
            self._dirty_widgets.discard(self)
        super()._on_timer_update()
