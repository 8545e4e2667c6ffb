"""A view with rows: the cursor, marks, ranges, and the keys that move them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, TypeVar

from textual.app import ComposeResult

from modules.sdk.context import Context
from modules.sdk.ui.column import ListColumn
from modules.sdk.ui.ids import Groups, Ids
from modules.sdk.ui.rows import NO_GROUPS, Rows
from modules.sdk.ui.view import Action, Selection, View

Data = TypeVar("Data")

MOVING = (
    Action("list.down", "Down", ("j", "down")),
    Action("list.up", "Up", ("k", "up")),
    Action("list.top", "Top", ("g g", "home")),
    Action("list.bottom", "Bottom", ("G", "end")),
    Action("list.page-down", "Half a page down", ("J", "pagedown", "ctrl+d")),
    Action("list.page-up", "Half a page up", ("K", "pageup", "ctrl+u")),
    Action("list.open", "Open", ("enter",), show=True),
)
MARKING = (
    Action("list.mark", "Mark", ("x",)),
    Action("list.range", "Mark a range", ("v",)),
    Action("list.mark-all", "Mark all", ("*",)),
    Action("list.unmark", "Unmark all", ("X",)),
)


class CursorView(View[Data]):
    """Rows by id, one under the cursor, some of them marked.

    Subclasses fill `ids` (through `set_ids`), say how a record is drawn (`columns`,
    `row_style`), and where it comes from (`row`).
    """

    record: Any = None
    columns: Sequence[ListColumn] = ()
    ACTIONS: ClassVar[tuple[Action, ...]] = (*View.ACTIONS, *MOVING, *MARKING)

    def __init__(self, context: Context, **options: Any) -> None:
        super().__init__(context, **options)
        self.ids = Ids()
        self.marks: set[str] = set()
        self.range_from: str | None = None
        self.rows = Rows(self)
        self.wanted = ""

    def compose(self) -> ComposeResult:
        """The rows alone."""
        yield self.rows

    # --- what it draws --------------------------------------------------------------------

    def row(self, at: int) -> Any:
        """The record at a row, or None while it is not there."""
        raise NotImplementedError

    def row_style(self, record: Any) -> str:  # noqa: ARG002 - for subclasses
        """A tone for the whole line (`done`, `muted`, `error`), or nothing."""
        return ""

    def open(self, record: Any) -> None:
        """Enter or a double click on a row."""

    # --- rows -----------------------------------------------------------------------------------

    def set_ids(self, ids: Ids, groups: Groups = NO_GROUPS, *, top: bool = False) -> None:
        """Other rows from now on; the cursor stays on its record and on its screen line."""
        was, before = self.cursor_id, self.rows.cursor_offset
        place = self.rows.cursor
        self.ids = ids
        wanted = self.wanted or ("" if top else was)
        found = ids.place(wanted) if wanted else None
        if found is not None:
            self.wanted = ""
        if found is None:
            found = 0 if top else min(place, max(0, len(ids) - 1))
        self.rows.set_rows(len(ids), groups)
        self.rows.move(found, keep=before if was and not top else None)
        if not self.wanted:
            self._keep_marks()

    def _keep_marks(self) -> None:
        self.marks = {one for one in self.marks if self.ids.place(one) is not None}
        if self.range_from is not None and self.ids.place(self.range_from) is None:
            self.range_from = None

    @property
    def cursor_id(self) -> str:
        """The id under the cursor, or nothing."""
        return self.ids.at(self.rows.cursor)

    @property
    def current(self) -> Any:
        """The record under the cursor, or None."""
        return self.row(self.rows.cursor) if self.ids else None

    def go_to(self, row: int) -> bool:
        """Move the cursor to a row, or as near as there is; False when it stands there."""
        row = max(0, min(row, len(self.ids) - 1))
        old = self.rows.cursor
        if row == old or not self.ids:
            return False
        self.rows.move(row)
        self.wanted = ""
        if self.range_from is not None:
            self._range_moved(old, row)
        return True

    def go_to_id(self, id: str) -> bool:
        """Move to a record; when it is not there yet, as soon as it is."""
        place = self.ids.place(id)
        if place is None:
            self.wanted = id
            return False
        self.go_to(place)
        return True

    def set_active(self, on: bool) -> None:
        """Draw the cursor strongly, or faintly."""
        super().set_active(on)
        self.rows.set_active(on)

    def clear_content(self) -> None:
        """Forget ids, rows and marks."""
        super().clear_content()
        self.wanted = self.wanted or self.cursor_id
        self.marks.clear()
        self.range_from = None
        self.ids = Ids()
        self.rows.set_rows(0)

    # --- marks -------------------------------------------------------------------------------------

    def selection(self) -> Selection:
        """Marked rows in order, else the one under the cursor."""
        places = self._range()
        if self.marks or places:
            ids = self.marks | {self.ids.at(i) for i in places}
            chosen = sorted(ids, key=lambda one: self.ids.place(one) or 0)
        else:
            chosen = [self.cursor_id] if self.cursor_id else []
        return Selection(self.record, tuple(chosen))

    def _range(self) -> range:
        if self.range_from is None:
            return range(0)
        start, here = self.ids.place(self.range_from), self.rows.cursor
        if start is None:
            return range(0)
        return range(min(start, here), max(start, here) + 1)

    def marked(self, at: int) -> bool:
        """Whether a row is marked or in the range."""
        if self.range_from is not None and at in self._range():
            return True
        return bool(self.marks) and self.ids.at(at) in self.marks

    @property
    def marked_count(self) -> int:
        """How many rows are marked."""
        if self.range_from is None:
            return len(self.marks)
        return len(self.selection().ids)

    def _range_moved(self, old: int, new: int) -> None:
        self.rows.forget(range(min(old, new), max(old, new) + 1))
        self.retitle()

    def unmark(self) -> bool:
        """Take every mark away; False when there was none."""
        if not self.marks and self.range_from is None:
            return False
        self.marks.clear()
        self.range_from = None
        self.rows.forget()
        self.retitle()
        return True

    def back(self) -> bool:
        """Leave the range, then the marks."""
        if self.range_from is not None:
            self.range_from = None
            self.rows.forget()
            self.retitle()
            return True
        return self.unmark()

    # --- actions ------------------------------------------------------------------------------------

    def act_list_down(self, count: int = 1) -> bool:
        """Move down."""
        return self.go_to(self.rows.cursor + count)

    def act_list_up(self, count: int = 1) -> bool:
        """Move up."""
        return self.go_to(self.rows.cursor - count)

    def act_list_top(self, count: int = 1) -> bool:
        """Move to the first row, or with a count to that row."""
        return self.go_to(count - 1)

    def act_list_bottom(self, count: int = 1) -> bool:
        """Move to the last row, or with a count to that row."""
        return self.go_to(len(self.ids) - 1 if count == 1 else count - 1)

    def act_list_page_down(self, count: int = 1) -> bool:
        """Move half a page down."""
        return self.go_to(self.rows.cursor + count * max(1, self.rows.height // 2))

    def act_list_page_up(self, count: int = 1) -> bool:
        """Move half a page up."""
        return self.go_to(self.rows.cursor - count * max(1, self.rows.height // 2))

    def act_list_open(self) -> bool:
        """Open the row under the cursor."""
        record = self.current
        if record is None:
            return False
        self.open(record)
        return True

    def act_list_mark(self, count: int = 1) -> bool:
        """Mark or unmark the row under the cursor and move on; in a range, keep the range."""
        if not self.ids:
            return False
        if self.range_from is not None:
            self.marks |= {self.ids.at(i) for i in self._range()}
            self.range_from = None
            self.rows.forget()
        else:
            for _ in range(count):
                self.marks ^= {self.cursor_id}
                self.rows.forget([self.rows.cursor])
                if not self.go_to(self.rows.cursor + 1):
                    break
        self.retitle()
        return True

    def act_list_range(self) -> bool:
        """Start a range here, or end it and mark its rows."""
        if not self.ids:
            return False
        if self.range_from is not None:
            return self.act_list_mark()
        self.range_from = self.cursor_id
        self.rows.forget([self.rows.cursor])
        self.retitle()
        return True

    def act_list_mark_all(self) -> bool:
        """Mark every row."""
        self.marks = set(self.ids)
        self.range_from = None
        self.rows.forget()
        self.retitle()
        return bool(self.marks)

    def act_list_unmark(self) -> bool:
        """Take every mark away."""
        return self.unmark()

    # --- mouse -----------------------------------------------------------------------------------------

    def on_rows_clicked(self, event: Rows.Clicked) -> None:
        """Move to the row; twice opens it."""
        event.stop()
        self.go_to(event.row)
        if event.twice:
            self.act_list_open()
