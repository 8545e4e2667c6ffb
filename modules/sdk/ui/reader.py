"""Shows Markdown to read: previews, notes, long descriptions."""

from __future__ import annotations

from modules.sdk.ui.markup import Markup, links_in
from modules.sdk.ui.page import Page


class Reader(Page):
    """A page that shows one Markdown text and makes its lines anew for another width."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.source = text

    def set_text(self, text: str, *, keep: bool = False) -> None:
        """Show another text; `keep` leaves the scroll where it is."""
        self.source = text
        if self.size.width:
            self.set_lines(Markup(self.room, self.glyphs).lines(text), keep=keep)

    @property
    def links(self) -> list[str]:
        """Where its links lead, in order."""
        return links_in(self.source)

    def on_page_resized(self, event: Page.Resized) -> None:
        """Fit the lines to the width."""
        event.stop()
        self.set_text(self.source, keep=True)
