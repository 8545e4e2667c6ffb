"""The ids of a long list in little memory, and where its group headers stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

LENGTH = 26


class Ids(Sequence[str]):
    """Ids in order, kept as one string: 26 bytes each instead of 83.

    Ids of another length than 26 are kept as they are.
    """

    def __init__(self, ids: Sequence[str] = ()) -> None:
        self._count = len(ids)
        packed = set(map(len, ids)) <= {LENGTH}
        self._text = "".join(ids) if packed else ""
        self._list = None if packed else list(ids)

    def __len__(self) -> int:
        """How many."""
        return self._count

    def __getitem__(self, at: int | slice) -> str | list[str]:  # type: ignore[override]
        """One id, or a list of several."""
        if self._list is not None:
            return self._list[at]
        if isinstance(at, slice):
            start, stop, step = at.indices(self._count)
            return [self._one(i) for i in range(start, stop, step)]
        if not -self._count <= at < self._count:
            raise IndexError(at)
        return self._one(at % self._count)

    def _one(self, at: int) -> str:
        return self._text[at * LENGTH : (at + 1) * LENGTH]

    def at(self, place: int) -> str:
        """The id at a place, or nothing beyond the ends."""
        return str(self[place]) if 0 <= place < self._count else ""

    def part(self, start: int, stop: int) -> list[str]:
        """The ids from `start` up to `stop`."""
        return list(self[max(0, start) : max(0, stop)])

    def __iter__(self) -> Iterator[str]:
        """One after another."""
        return iter(self.part(0, self._count))

    def place(self, id: str) -> int | None:
        """Where an id stands, or None."""
        if self._list is not None:
            return self._list.index(id) if id in self._list else None
        if len(id) != LENGTH:
            return None
        found = self._text.find(id)
        while found % LENGTH and found >= 0:
            found = self._text.find(id, found + 1)
        return None if found < 0 else found // LENGTH

    def without(self, ids: Iterable[str]) -> Ids:
        """The same but for some."""
        gone = set(ids)
        return Ids([one for one in self if one not in gone])


class Groups:
    """Headers between rows: maps lines of the screen to rows and back."""

    def __init__(self, labels: Iterable[str] = ()) -> None:
        self.titles: list[str] = []
        self.starts: list[int] = []
        self.rows = 0
        for label in labels:
            if not self.titles or self.titles[-1] != label:
                self.titles.append(label)
                self.starts.append(self.rows)
            self.rows += 1
        self._lines = [start + i for i, start in enumerate(self.starts)]

    def __len__(self) -> int:
        """How many headers."""
        return len(self.titles)

    def line(self, row: int) -> int:
        """The line a row is drawn on."""
        return row + bisect_right(self.starts, row)

    def row(self, line: int) -> int:
        """The row drawn on a line; on a header, the row below it."""
        group = bisect_right(self._lines, line) - 1
        if group < 0:
            return line
        return max(line - group - 1, self.starts[group])

    def header(self, line: int) -> int | None:
        """Which header is drawn on a line, or None."""
        group = bisect_right(self._lines, line) - 1
        return group if group >= 0 and self._lines[group] == line else None

    def size(self, group: int) -> int:
        """How many rows stand under a header."""
        after = self.starts[group + 1] if group + 1 < len(self.starts) else self.rows
        return after - self.starts[group]
