"""The one screen of the app."""

from __future__ import annotations

from textual.screen import Screen


class MainScreen(Screen[None]):
    """Textual applies every style a second time when a screen is shown first; they were
    applied a moment before, when the widgets were mounted."""

    _shown = False

    def update_node_styles(self, animate: bool = True) -> None:
        """Skip the first time."""
        if self._shown:
            super().update_node_styles(animate)
        self._shown = True
