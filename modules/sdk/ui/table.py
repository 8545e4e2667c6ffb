"""A list of things in memory: settings, keys, rows a command returned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from modules.sdk.context import Context
from modules.sdk.listing import Listing, Row
from modules.sdk.ui.cells import clean, width
from modules.sdk.ui.column import ListColumn
from modules.sdk.ui.cursor import CursorView
from modules.sdk.ui.ids import Ids
from modules.sdk.ui.view import Action, Selection
from storage.store import Store

__all__ = ["ListColumn", "Table"]


class Table(CursorView[Sequence[Any]]):
    """Rows of any kind. `rows_of(store)` loads them in a thread, or `items` are given.

    `key(row)` gives a row's id (default: its place); enter calls `chosen(row)`.
    """

    empty: str = "Nothing here."
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *CursorView.ACTIONS,
        Action("list.filter", "Filter", ("/",), show=True),
    )

    def __init__(
        self,
        context: Context,
        *,
        columns: Sequence[ListColumn] = (),
        items: Sequence[Any] = (),
        key: Callable[[Any], str] | None = None,
        chosen: Callable[[Any], None] | None = None,
        heading: str = "",
        **options: Any,
    ) -> None:
        super().__init__(context, **options)
        self.columns = columns or self.columns
        self.items: Sequence[Any] = items
        self.key = key
        self.chosen = chosen
        self.heading = heading
        self.filter = ""
        self._shown: list[Any] = []
        self._sought: list[str] = []

    # --- rows ----------------------------------------------------------------------------------

    def rows_of(self, store: Store) -> Sequence[Any]:  # noqa: ARG002 - for subclasses
        """The rows; runs in a thread."""
        return self.items

    def load(self, store: Store) -> Sequence[Any]:
        """Read the rows."""
        return self.rows_of(store)

    def show(self, data: Sequence[Any]) -> None:
        """Show those the filter lets through."""
        self.items = data
        self._sought = [self.words(item).casefold() for item in data]
        self._narrow()

    def set_items(self, items: Sequence[Any]) -> None:
        """Show other rows."""
        self.items = items
        self.reload()

    def words(self, item: Any) -> str:
        """What the filter looks at: every cell."""
        return " ".join(str(column.cell(item, self)) for column in self.columns)

    def _narrow(self) -> None:
        wanted = self.filter.casefold()
        chosen = [i for i, words in enumerate(self._sought) if wanted in words]
        self._shown = [self.items[i] for i in chosen]
        keys = [self.key(self.items[i]) if self.key else str(i) for i in chosen]
        self.set_ids(Ids(keys))
        self._show_empty()
        self.retitle()

    def _show_empty(self) -> None:
        from modules.sdk.ui.empty import Empty, put_empty
        from modules.sdk.ui.list import Why

        why = Why(filter=self.filter, filtered=len(self.items) if self.filter else 0)
        empty = None if self._shown else Empty(self.empty, why, add_key="")
        put_empty(self, empty, self.rows)

    def row(self, at: int) -> Any:
        """The thing at a row."""
        return self._shown[at] if at < len(self._shown) else None

    def open(self, record: Any) -> None:
        """Enter."""
        if self.chosen is not None:
            self.chosen(record)

    def selection(self) -> Selection:
        """Things in memory are no records."""
        return Selection()

    # --- filter ----------------------------------------------------------------------------------

    def set_filter(self, text: str) -> None:
        """Narrow to rows that hold this text."""
        if text.strip() != self.filter:
            self.filter = text.strip()
            self._narrow()

    def act_list_filter(self) -> bool:
        """Open the filter line."""
        from modules.sdk.ui.filter import open_filter

        open_filter(self, self.filter)
        return True

    def back(self) -> bool:
        """Leave the marks, the filter."""
        if super().back():
            return True
        had = bool(self.filter)
        self.set_filter("")
        return had

    @property
    def title(self) -> str:
        """What it is a table of."""
        return self.heading

    @property
    def status(self) -> str:
        """Filter and how many."""
        count = f"{len(self._shown):,}"
        return f"/{self.filter} · {count}" if self.filter else count


def columns_of(listing: Listing) -> tuple[ListColumn, ...]:
    """The columns of a command's listing: as wide as their cells, one grows."""
    made: list[ListColumn] = []
    for i, col in enumerate(listing.columns):
        cells = [width(clean(row.cells[i])) for row in listing.rows if i < len(row.cells)]
        made.append(
            ListColumn(
                col.title,
                0 if col.grow else max([4, *cells, width(col.title)]),
                _cell_of(i),
                align=col.align,
                priority=0 if col.grow or i == 0 else len(listing.columns) - i,
            )
        )
    return tuple(made)


def _cell_of(place: int) -> Callable[[Row, Any], str]:
    return lambda row, _: row.cells[place] if place < len(row.cells) else ""
