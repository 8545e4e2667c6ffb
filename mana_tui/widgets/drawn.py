"""Widgets that draw their own lines, in the kit's tones and a few of the shell's."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.reactive import Reactive
from textual.strip import Strip

from modules.sdk.ui.cells import clean, cut, width
from modules.sdk.ui.tones import Drawn as KitDrawn
from modules.sdk.ui.tones import Tones, style_of

Part = tuple[str, str]
"""Text and the tone it is drawn in."""

SHELL_TONES = (
    "space",
    "tab",
    "tab-on",
    "key",
    "edge",
    "edge-on",
    "panel",
    "panel-muted",
    "chip-on",
)


class ShellTones(Tones):
    """The kit's tones, and the shell's own (`shell--space` and so on)."""

    def _make(self, name: str) -> Style:
        if name in SHELL_TONES:
            return style_of(self._widget, f"shell--{name}")
        return super()._make(name)


class Drawn(KitDrawn, can_focus=False):
    """Draws itself line by line: subclasses give the parts of each line."""

    virtual_size = Reactive(Size(0, 0))  # nothing scrolls: its size asks for no new layout

    @property
    def tones(self) -> Tones:
        """Styles by meaning, as the theme has them now."""
        if self._known_tones is None:
            self._known_tones = ShellTones(self)
        return self._known_tones

    def strip(self, parts: Iterable[Part], wide: int, fill: str = "") -> Strip:
        """A line of exactly so many cells from parts; what does not fit is cut."""
        segments: list[Segment] = []
        left = wide
        for text, tone in parts:
            if left <= 0:
                break
            shown = cut(clean(text), left, self.glyphs.more)
            left -= width(shown)
            segments.append(Segment(shown, self.tones[tone or fill]))
        if left > 0:
            segments.append(Segment(" " * left, self.tones[fill]))
        return Strip(segments, wide)

    def refresh_line(self, y: int) -> None:
        """Draw one line anew."""
        self.refresh(Region(0, y, self.size.width, 1))


def both_ends(
    left: list[Part], right: list[Part], wide: int, tone: str = "", fill: str = " "
) -> list[Part]:
    """Parts at both ends of a line; the left ones give way."""
    room = max(0, wide - sum(width(clean(text)) for text, _ in right))
    kept: list[Part] = []
    for text, one in left:
        shown = cut(clean(text), room)
        room -= width(shown)
        kept.append((shown, one))
        if room <= 0:
            break
    return [*kept, (fill * room, tone), *right]
