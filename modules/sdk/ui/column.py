"""What a list shows of a record, and which parts go when there is little room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import msgspec
from rich.text import Text

Cell = str | Text


class ListColumn(msgspec.Struct, frozen=True):
    """A column: `cell(record, view)` gives its text.

    `width` is in cells, 0 takes what is left (at least `least`). `style` is a tone
    (`muted`, `accent`, …). A column with a `priority` above 0 drops out when there is
    too little room, the highest number first.
    """

    title: str
    width: int
    cell: Callable[[Any, Any], Cell]
    align: Literal["left", "right", "center"] = "left"
    style: str = ""
    priority: int = 0
    least: int = 24


def gap(width: int) -> int:
    """Cells between two columns."""
    return 2 if width >= 60 else 1


def lay_out(columns: Sequence[ListColumn], width: int) -> tuple[tuple[int, int], ...]:
    """(index, cells) of the columns that fit, in order; growing ones share the rest."""
    kept = list(range(len(columns)))

    def need() -> int:
        fixed = sum(columns[i].width or columns[i].least for i in kept)
        return fixed + gap(width) * (len(kept) - 1)

    for i in sorted(kept, key=lambda i: (-columns[i].priority, -i)):
        if need() <= width or columns[i].priority == 0:
            break
        kept.remove(i)
    growing = [i for i in kept if columns[i].width == 0]
    spare = width - sum(columns[i].width for i in kept) - gap(width) * (len(kept) - 1)
    share, rest = divmod(max(0, spare), len(growing) or 1)
    laid: list[tuple[int, int]] = []
    for i in kept:
        cells = columns[i].width or share + (rest if i == growing[0] else 0)
        laid.append((i, cells))
    return tuple(laid)
