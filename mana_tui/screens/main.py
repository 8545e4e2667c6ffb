"""The one screen of the app, without the work Textual does twice."""

from __future__ import annotations

from textual.screen import Screen


class MainScreen(Screen[None]):
    """Draws what changed, once.

    Textual applies every style a second time when a screen is first shown, and draws the
    whole screen twice whenever a widget comes or goes: as part of the new layout, and
    because the screen itself asked to be drawn. The screen is covered all over, so neither
    is needed (opening the palette costs a third).
    """

    _shown = False

    def update_node_styles(self, animate: bool = True) -> None:
        """Skip the first time: the styles were applied when the widgets were mounted."""
        if self._shown:
            super().update_node_styles(animate)
        self._shown = True

    def _on_timer_update(self) -> None:
        """A new layout draws what it changes: the screen need not be drawn for it."""
        held = self.app._batch_count  # noqa: SLF001 - Textual is pinned
        if self._layout_required and self.is_current and not held:
            self._repaint_required = False
            self._dirty_widgets.discard(self)
        super()._on_timer_update()
