"""Colours by meaning: classes of one style sheet, looked up when they are first drawn."""

from __future__ import annotations

from typing import Any

from rich.style import Style
from textual.color import Color
from textual.dom import DOMNode
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
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
    styles, and thirty of them made the first paint twice as slow. Widgets of one colour
    share what was looked up.
    """
    app = widget.app
    known = app.__dict__.setdefault("_looks", {})
    key = (class_name, widget.rich_style, app._css_update_count)  # noqa: SLF001
    found = known.get(key)
    if found is None:
        node = DOMNode(classes=class_name)
        node._attach(widget)  # noqa: SLF001 - as Textual does for component classes
        app.stylesheet.apply(node, animate=False)
        found = known[key] = node.rich_style
    return found


class Tones:
    """The tones of one widget as Rich styles; made anew when its style changes."""

    def __init__(self, widget: Any) -> None:
        self.plain: Style = widget.rich_style
        self.ground: Color = widget.background_colors[1]
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
    _plain: bool | None = None

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

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines as they are drawn: without border or padding nothing is put around
        them, and Textual's cache of styled lines costs more than most of them."""
        if self._plain is None:
            self._plain = not self.styles.gutter and not self.styles.outline
        if not self._plain:
            return super().render_lines(crop)
        wide, plain = self.size.width, self.tones.plain
        whole, filters = crop.x == 0 and crop.width == wide, self.get_line_filters()
        strips: list[Strip] = []
        for y in crop.line_range:
            strip = self.render_line(y).adjust_cell_length(wide, plain)
            for one in filters:
                strip = strip.apply_filter(one, self.tones.ground)
            strips.append(strip if whole else strip.crop(crop.x, crop.right))
        return strips

    def on_mount(self) -> None:
        """Scroll bars are block characters: without those there are none."""
        if isinstance(self, ScrollView) and self.glyphs.cursor.isascii():
            self.styles.scrollbar_size_vertical = 0

    def notify_style_update(self) -> None:
        self._known_tones = self._plain = None
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
