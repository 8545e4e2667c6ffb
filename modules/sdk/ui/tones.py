"""Colours by meaning: classes of one style sheet, looked up when they are first drawn."""

from __future__ import annotations

from typing import Any

from rich.style import Style
from textual.dom import DOMNode
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget

from modules.sdk.ui.glyphs import Glyphs, glyphs_of

TONES = (
    "muted", "faint", "bold", "accent", "primary", "secondary", "success", "warning",
    "error", "heading", "done", "cursor", "cursor-blur", "mark", "today", "chip", "code", "link", "lit",
    "span", "span-done", "span-actual", "span-free", "now", "grid", "chart", "heat-1", "heat-2", "heat-3", "heat-4",
)  # fmt: skip
"""`text-muted` and so on: `modules/sdk/ui/styles.tcss` says what each looks like."""


def style_of(widget: Any, class_name: str) -> Style:
    """What a class of the style sheet looks like inside a widget.

    Not by COMPONENT_CLASSES: those are all applied to every widget on every change of
    styles, and thirty of them made the first paint twice as slow.
    """
    node = DOMNode(classes=class_name)
    node._attach(widget)  # noqa: SLF001 - as Textual does for component classes
    widget.app.stylesheet.apply(node, animate=False)
    return node.rich_style


class Tones:
    """The tones of one widget as Rich styles; made anew when its style changes."""

    def __init__(self, widget: Any) -> None:
        self.plain: Style = widget.rich_style
        self._widget = widget
        self._known: dict[str, Style] = {"": self.plain}

    def __getitem__(self, name: str) -> Style:
        """The style of a tone, or of a Rich style over the plain one (`bold red`)."""
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = self._make(name)
        return found

    def _make(self, name: str) -> Style:
        if name in TONES:
            return style_of(self._widget, f"tone--{name}")
        if " " in name and all(part in TONES for part in name.split()):
            return Style.combine(self[part] for part in name.split())
        return self.plain + Style.parse(name)


class Drawn(Widget, can_focus=False):
    """A widget that draws its own lines, with tones and the app's glyphs."""

    _known_tones: Tones | None = None

    @property
    def tones(self) -> Tones:
        """Styles by meaning, as the theme has them now."""
        if self._known_tones is None:
            self._known_tones = Tones(self)
        return self._known_tones

    @property
    def glyphs(self) -> Glyphs:
        """The marks to draw with."""
        return glyphs_of(self.app)

    def on_mount(self) -> None:
        """Scroll bars are block characters: without those there are none."""
        if isinstance(self, ScrollView) and self.glyphs.cursor.isascii():
            self.styles.scrollbar_size_vertical = 0

    def notify_style_update(self) -> None:
        self._known_tones = None
        super().notify_style_update()


def resize_content(view: ScrollView, lines: int) -> None:
    """Tell a scroll view how many lines it has, without laying out the whole screen anew
    as long as its scroll bar stays, or stays away."""
    size = Size(1, lines)
    if size == view.virtual_size:
        return
    bar = lines > view.container_size.height or view.styles.overflow_y == "scroll"
    if view.container_size.height <= 0 or bar != view.show_vertical_scrollbar:
        view.virtual_size = size
        return
    virtual: Any = ScrollView.virtual_size
    view.set_reactive(virtual, size)
    view._scroll_update(size)  # noqa: SLF001 - what its own layout does, Textual is pinned
