"""A view that is a page: walking and scrolling it, shared by details and previews."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult

from modules.sdk.context import Context
from modules.sdk.ui.page import Page, PageLine
from modules.sdk.ui.view import Action, View

Data = TypeVar("Data")


class PageView(View[Data]):
    """Subclasses make `lines()` of what they loaded, for the width there is."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *View.ACTIONS,
        Action("page.down", "Down", ("j", "down")),
        Action("page.up", "Up", ("k", "up")),
        Action("page.page-down", "Half a page down", ("J", "pagedown", "ctrl+d")),
        Action("page.page-up", "Half a page up", ("K", "pageup", "ctrl+u")),
        Action("page.top", "Top", ("g g", "home")),
        Action("page.bottom", "Bottom", ("G", "end")),
        Action("page.open", "Open", ("enter",), show=True),
    )

    def __init__(self, context: Context, **options: Any) -> None:
        super().__init__(context, **options)
        self.page = Page()

    def compose(self) -> ComposeResult:
        """The page alone."""
        yield self.page

    def lines(self) -> list[PageLine]:
        """What to show, in lines that fit into `self.page.room` cells."""
        raise NotImplementedError

    def open(self, target: Any) -> bool:  # noqa: ARG002 - for subclasses
        """Enter or a double click on a line's target."""
        return False

    def draw(self, *, keep: bool = True) -> None:
        """Make the lines anew."""
        if self.page.size.width:
            self.page.set_lines(self.lines(), keep=keep)

    def on_page_resized(self, event: Page.Resized) -> None:
        """Fit the lines to the width."""
        event.stop()
        self.draw()

    def on_page_clicked(self, event: Page.Clicked) -> None:
        """Twice opens."""
        event.stop()
        if event.twice:
            self.open(event.target)

    def set_active(self, on: bool) -> None:
        """Draw the cursor strongly, or faintly."""
        super().set_active(on)
        self.page.set_active(on)

    def clear_content(self) -> None:
        """Forget the lines."""
        super().clear_content()
        self.page.set_lines(())

    def act_page_down(self, count: int = 1) -> bool:
        """To the next field or link, or a line down."""
        return self._walk(1, count)

    def act_page_up(self, count: int = 1) -> bool:
        """To the previous field or link, or a line up."""
        return self._walk(-1, count)

    def _walk(self, step: int, count: int) -> bool:
        moved = False
        for _ in range(count):
            moved = self.page.move(step) or moved
        return moved

    def act_page_page_down(self, count: int = 1) -> bool:
        """Half a page down."""
        return self.page.scroll_lines(count * max(1, self.page.height // 2))

    def act_page_page_up(self, count: int = 1) -> bool:
        """Half a page up."""
        return self.page.scroll_lines(-count * max(1, self.page.height // 2))

    def act_page_top(self) -> bool:
        """To the top."""
        self.page.put_cursor(None)
        return self.page.scroll_lines(-len(self.page.lines))

    def act_page_bottom(self) -> bool:
        """To the end."""
        return self.page.scroll_lines(len(self.page.lines))

    def act_page_open(self) -> bool:
        """Open what the cursor stands on."""
        return self.page.target is not None and self.open(self.page.target)
