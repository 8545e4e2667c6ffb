"""What went wrong, in one line, where it went wrong."""

from __future__ import annotations

from rich.segment import Segment
from textual.strip import Strip

from modules.sdk.ui.cells import clean, fit
from modules.sdk.ui.tones import Drawn
from storage.errors import ManaError


class ProblemLine(Drawn):
    """One line: a mark, the sentence, the hint, and the key that shows details."""

    def __init__(self, problem: ManaError, key: str = "") -> None:
        super().__init__()
        self.problem = problem
        self.key = key

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Draw it."""
        glyphs, tones = self.glyphs, self.tones
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
