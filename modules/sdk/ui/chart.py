"""Numbers as pictures: bars with labels, a line of columns, columns with an average.

Block characters, or ASCII where the app says so; the numbers are always there as text too.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from rich.segment import Segment
from textual.strip import Strip

from modules.sdk.ui.cells import clean, cut, fit, width
from modules.sdk.ui.glyphs import UNICODE, Glyphs
from modules.sdk.ui.tones import Drawn

Number = float | None
"""None is a gap: nothing was measured."""


def bar(share: float, cells: int, glyphs: Glyphs = UNICODE) -> str:
    """A horizontal bar of a share from 0 to 1 of some cells, to an eighth of a cell."""
    eighths = round(max(0.0, min(1.0, share)) * cells * 8)
    full, part = divmod(eighths, 8)
    return glyphs.full * full + (glyphs.parts[part] if part else "")


def spark(numbers: Sequence[Number], glyphs: Glyphs = UNICODE, *, low: float = 0.0) -> str:
    """A character per number, from low to the largest; a gap is a space."""
    known = [number for number in numbers if number is not None]
    top = max(known, default=0.0)
    steps = len(glyphs.ramp)
    said = ""
    for number in numbers:
        share = (number - low) / (top - low) if number is not None and top > low else 0.0
        said += " " if number is None else glyphs.ramp[min(steps - 1, int(share * steps))]
    return said


def columns(
    numbers: Sequence[Number],
    high: int,
    glyphs: Glyphs = UNICODE,
    *,
    top: float | None = None,
) -> list[str]:
    """A chart of `high` lines, a column per number, from the top line down."""
    most = top or max((number for number in numbers if number is not None), default=0.0)
    steps = len(glyphs.ramp)
    lines: list[str] = []
    for line in range(high - 1, -1, -1):
        said = ""
        for number in numbers:
            units = round((number or 0.0) / most * high * steps) if most > 0 else 0
            if number and units == 0:
                units = 1
            here = max(0, min(steps, units - line * steps))
            said += glyphs.ramp[here - 1] if here else " "
        lines.append(said)
    return lines


def moving_average(numbers: Sequence[Number], days: int = 7) -> list[Number]:
    """The average of each number and those before it, gaps left out."""
    sums = [0.0, *accumulate(number or 0.0 for number in numbers)]
    counts = [0, *accumulate(number is not None for number in numbers)]
    found: list[Number] = []
    for i in range(len(numbers)):
        start = max(0, i + 1 - days)
        count = counts[i + 1] - counts[start]
        found.append((sums[i + 1] - sums[start]) / count if count else None)
    return found


def fit_days(numbers: Sequence[Number], cells: int) -> list[Number]:
    """The newest numbers that fit, one per cell."""
    return list(numbers[-cells:]) if cells > 0 else []


class Bars(Drawn):
    """Labelled horizontal bars, a line each: `(label, number, text)`."""

    def __init__(self, rows: Sequence[tuple[str, float, str]] = ()) -> None:
        super().__init__()
        self.rows = list(rows)

    def set_rows(self, rows: Sequence[tuple[str, float, str]]) -> None:
        """Show others."""
        self.rows = list(rows)
        self.styles.height = max(1, len(self.rows))
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One bar."""
        wide = self.size.width
        if y >= len(self.rows):
            return Strip.blank(wide, self.tones.plain)
        label, number, said = self.rows[y]
        name = min(max(width(clean(row[0])) for row in self.rows), max(6, wide // 3))
        tail = max(width(clean(row[2])) for row in self.rows)
        most = max((row[1] for row in self.rows), default=0.0)
        room = max(1, wide - name - tail - 3)
        drawn = bar(number / most if most > 0 else 0.0, room, self.glyphs)
        segments = [
            Segment(fit(clean(label), name, self.glyphs.more) + " ", self.tones.plain),
            Segment(drawn.ljust(room) + " ", self.tones["chart"]),
            Segment(fit(clean(said), tail, align="right"), self.tones["muted"]),
        ]
        return Strip(segments).adjust_cell_length(wide, self.tones.plain)


class Sparkline(Drawn):
    """One line of columns, the newest on the right, with the last number as text."""

    def __init__(self, numbers: Sequence[Number] = (), said: str = "") -> None:
        super().__init__()
        self.numbers = list(numbers)
        self.said = said

    def set_numbers(self, numbers: Sequence[Number], said: str = "") -> None:
        """Show others."""
        self.numbers, self.said = list(numbers), said
        self.refresh()

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Draw it."""
        wide = self.size.width
        said = cut(clean(self.said), wide // 2, self.glyphs.more)
        drawn = spark(fit_days(self.numbers, wide - width(said) - 1), self.glyphs)
        segments = [
            Segment(drawn + " ", self.tones["chart"]),
            Segment(said, self.tones["muted"]),
        ]
        return Strip(segments).adjust_cell_length(wide, self.tones.plain)


class Trend(Drawn):
    """Columns per day with the moving average as a mark in each, and labels below."""

    def __init__(self, *, days: int = 7) -> None:
        super().__init__()
        self.days = days
        self.numbers: list[Number] = []
        self.top: float | None = None
        self.first = self.last = ""

    def set_numbers(
        self,
        numbers: Sequence[Number],
        *,
        top: float | None = None,
        first: str = "",
        last: str = "",
    ) -> None:
        """Show others; `first` and `last` are written below the ends."""
        self.numbers, self.top = list(numbers), top
        self.first, self.last = first, last
        self.refresh()

    @property
    def step(self) -> int:
        """Cells per column: wider when there are few days."""
        return max(1, min(4, self.size.width // max(1, len(self.numbers))))

    def render_line(self, y: int) -> Strip:
        """Columns from the top line down, then the labels."""
        wide, high = self.size.width, max(1, self.size.height - 1)
        shown = fit_days(self.numbers, wide // self.step)
        if y >= high:
            labels = self._labels(len(shown) * self.step)
            return labels.adjust_cell_length(wide, self.tones.plain)
        average = moving_average(self.numbers, self.days)[-len(shown) :] if shown else []
        top = self.top or max((n for n in shown if n is not None), default=0.0)
        line = columns(shown, high, self.glyphs, top=top)[y]
        drawn = self._line(line, y, high, average, top)
        return drawn.adjust_cell_length(wide, self.tones.plain)

    def _line(
        self, line: str, y: int, high: int, average: Sequence[Number], top: float
    ) -> Strip:
        segments: list[Segment] = []
        for i, glyph in enumerate(line):
            mean = average[i] if i < len(average) else None
            at = high - 1 - min(high - 1, int((mean or 0) / top * high)) if top else high
            is_mark = mean is not None and at == y and glyph == " "
            shown = self.glyphs.half if is_mark else glyph
            tone = "muted" if is_mark else "chart"
            segments.append(Segment(shown * max(1, self.step - 1), self.tones[tone]))
            if self.step > 1:
                segments.append(Segment(" ", self.tones.plain))
        return Strip(segments)

    def _labels(self, cells: int) -> Strip:
        gap = max(1, cells - width(self.first) - width(self.last))
        return Strip([Segment(self.first + " " * gap + self.last, self.tones["faint"])])
