"""What went wrong, in one line, where it went wrong."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip
from textual.widget import Widget

from modules.sdk.ui.cells import clean, fit
from modules.sdk.ui.glyphs import glyphs_of
from modules.sdk.ui.tones import CLASSES, Tones
from storage.errors import ManaError


class ProblemLine(Widget, can_focus=False):
    """One line: a mark, the sentence, the hint, and the key that shows details."""

    COMPONENT_CLASSES = CLASSES

    def __init__(self, problem: ManaError, key: str = "") -> None:
        super().__init__()
        self.problem = problem
        self.key = key

    def render_line(self, y: int) -> Strip:
        """Draw it."""
        glyphs, tones = glyphs_of(self.app), Tones(self)
        wide = self.size.width
        said = f" {glyphs.warn} {clean(str(self.problem))}"
        hint = f"  {clean(self.problem.hint)}" if self.problem.hint else ""
        key = f"  {self.key} details " if self.key else ""
        room = max(0, wide - len(key))
        first = fit(said + hint, room, glyphs.more)
        split = min(len(said), len(first))
        return Strip(
            [
                Segment(first[:split], tones["error"]),
                Segment(first[split:], tones["muted"]),
                Segment(key, tones["accent"]),
            ],
            wide,
        )
