"""What changed on the screen, and no more: a compositor for the app's screen.

Textual draws every line of every widget that touches the rectangle around all changes, cuts
each at the edges of all widgets, and writes all of it. A change at both ends of the screen
is then a whole screen. This one goes through the widgets from the front, asks each only for
the lines of which something is still wanted and uncovered, and writes what the terminal does
not show already.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region

if TYPE_CHECKING:
    from textual.strip import Strip

Span = tuple[int, int]
Pieces = dict[int, list[tuple[int, "Strip"]]]
"""Lines to what is drawn in them, each at its column."""


class Frames(Compositor):
    """Makes frames. `shown` is what the terminal shows: line, column, strip."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: dict[int, dict[int, Strip]] = {}

    def render_full_update(self, simplify: bool = False) -> Any:
        """The whole screen, whatever the terminal shows."""
        if simplify:
            return super().render_full_update(simplify=True)
        self._dirty_regions.clear()
        self.shown.clear()
        wide, high = self.size
        return Frame(self._painted({y: [(0, wide)] for y in range(high)}), self.shown)

    def render_partial_update(self) -> Any:
        """What changed; None when nothing did."""
        screen = self.size.region
        regions = [region.intersection(screen) for region in self._dirty_regions]
        self._dirty_regions.clear()
        wanted: dict[int, list[Span]] = {}
        for y, start, end in self._regions_to_spans(one for one in regions if one):
            wanted.setdefault(y, []).append((start, end))
        return Frame(self._painted(wanted), self.shown) if wanted else None

    def _painted(self, wanted: dict[int, list[Span]]) -> Pieces:
        """Draw the spans that are wanted; the widget in front wins."""
        pieces: Pieces = {y: [] for y in wanted}
        for widget, (region, clip) in self.visible_widgets.items():
            if not wanted:
                break
            seen = region.intersection(clip)
            left, right = seen.column_span
            lines = [
                y
                for y in range(*seen.line_span)
                if y in wanted and _meet(wanted[y], left, right)
            ]
            if not lines:
                continue
            top = lines[0]
            crop = Region(left - region.x, top - region.y, seen.width, lines[-1] - top + 1)
            strips = widget.render_lines(crop)
            for y in lines:
                rest = _take(wanted[y], strips[y - top], left, right, pieces[y])
                if rest:
                    wanted[y] = rest
                else:
                    del wanted[y]
        return pieces


def _meet(spans: list[Span], left: int, right: int) -> bool:
    return any(start < right and left < end for start, end in spans)


def _take(
    spans: list[Span], strip: Strip, left: int, right: int, pieces: list[tuple[int, Strip]]
) -> list[Span]:
    """Put what a strip covers of the spans among the pieces; gives what is left of them."""
    rest: list[Span] = []
    for start, end in spans:
        a, b = max(start, left), min(end, right)
        if a >= b:
            rest.append((start, end))
            continue
        pieces.append((a, strip.crop(a - left, b - left)))
        if start < a:
            rest.append((start, a))
        if b < end:
            rest.append((b, end))
    return rest


class Frame(CompositorUpdate):
    """Pieces for the terminal; those it shows already are not written again."""

    def __init__(self, pieces: Pieces, shown: dict[int, dict[int, Strip]]) -> None:
        self.pieces = pieces
        self.shown = shown

    def __rich_console__(self, console: Any, options: Any) -> Iterable[Any]:
        """The lines as they stand, for pictures of the screen."""
        from rich.control import Control
        from rich.segment import Segment

        yield Control.home()
        last = len(self.pieces) - 1
        for number, (_, line) in enumerate(sorted(self.pieces.items())):
            for _, strip in sorted(line, key=lambda piece: piece[0]):
                yield from strip
            if number < last:
                yield Segment.line()

    def render_segments(self, console: Any) -> str:
        """The bytes to write; from then on the terminal counts as showing them."""
        out: list[str] = []
        for y in sorted(self.pieces):
            known, at = self.shown.setdefault(y, {}), -1
            for x, strip in sorted(self.pieces[y], key=_column):
                if _shows(known, x, strip):
                    continue
                _cover(known, x, x + strip.cell_length)
                known[x] = strip
                if at != x:
                    out.append(f"\x1b[{y + 1};{x + 1}H")
                out.append(strip.render(console))
                at = x + strip.cell_length
        return "".join(out)


def _column(piece: tuple[int, Strip]) -> int:
    return piece[0]


def _shows(known: dict[int, Strip], x: int, strip: Strip) -> bool:
    """Whether the terminal shows a strip at a column, also as a part of a longer one."""
    if (same := known.get(x)) is not None and same.cell_length == strip.cell_length:
        return same == strip
    end = x + strip.cell_length
    for start, one in known.items():
        if start <= x and end <= start + one.cell_length:
            return one.crop(x - start, end - start) == strip
    return False


def _cover(known: dict[int, Strip], start: int, end: int) -> None:
    """Forget what stands where something else is written; its ends stay."""
    for x in [x for x, one in known.items() if x < end and start < x + one.cell_length]:
        one = known.pop(x)
        if x < start:
            known[x] = one.crop(0, start - x)
        if end < x + one.cell_length:
            known[end] = one.crop(end - x)
