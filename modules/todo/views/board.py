"""Boards: columns of cards side by side; the Eisenhower matrix is one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec
from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.message import Message
from textual.strip import Strip

from modules.sdk.context import Context
from modules.sdk.ui.cells import clean, fit
from modules.sdk.ui.empty import Empty, put_empty
from modules.sdk.ui.list import Why
from modules.sdk.ui.tones import Drawn
from modules.sdk.ui.view import Action, Selection, View
from modules.todo import queries, wording
from modules.todo.commands.boards import Cards, filled, first_board
from modules.todo.model import GROUPINGS, Board, Task, is_overdue
from storage.query import Query
from storage.store import Store
from storage.tag import Tag

LEAST = 18
"""Cells a column takes at least; further columns come into sight with the cursor."""
LINES = 2
HEAD = 2
MOST = 500


TEACHES = "A board shows tasks as cards: move them between columns with { and }."


def why_empty(store: Store) -> Why:
    """What the scope of the scene keeps out."""
    names = store.tag_names() if store.scope.tags else {}
    return Why(
        hidden=store.hidden(Query(Task)) if store.scope.tags else 0,
        tags=tuple(names.get(tag, tag) for tag in store.scope.tags),
    )


class Loaded(msgspec.Struct, frozen=True):
    """A board, its columns with their cards, and every board there is."""

    board: Board
    columns: list[Cards]
    boards: list[Board]
    paths: dict[str, str]
    why: Why | None = None


class Cells(Drawn):
    """Draws the columns; knows where the cursor stands."""

    class Clicked(Message):
        """A card was clicked."""

        def __init__(self, column: int, card: int, twice: bool) -> None:
            super().__init__()
            self.column = column
            self.card = card
            self.twice = twice

    def __init__(self, view: BoardView) -> None:
        super().__init__()
        self.view = view
        self.first = 0
        self.tops: dict[int, int] = {}

    @property
    def shown(self) -> int:
        """How many columns fit."""
        return max(1, min(len(self.view.columns) or 1, self.size.width // LEAST))

    @property
    def cards(self) -> int:
        """How many cards fit under each other."""
        return max(1, (self.size.height - HEAD) // LINES)

    def follow(self) -> None:
        """Bring the card under the cursor into sight."""
        column, card = self.view.at
        self.first = max(0, min(self.first, column), column - self.shown + 1)
        top = self.tops.get(column, 0)
        self.tops[column] = max(0, min(top, card), card - self.cards + 1)
        self.refresh()

    def on_resize(self) -> None:
        """Other columns fit."""
        self.follow()

    def _width(self) -> int:
        return self.size.width // self.shown

    def render_line(self, y: int) -> Strip:
        """One line through all columns in sight."""
        wide, columns = self._width(), self.view.columns
        segments: list[Segment] = []
        for place in range(self.first, min(len(columns), self.first + self.shown)):
            segments += self._cell(place, y, wide - 1)
            segments.append(Segment(self.glyphs.wall, self.tones["faint"]))
        return Strip(segments).adjust_cell_length(self.size.width, self.tones.plain)

    def _cell(self, place: int, y: int, wide: int) -> list[Segment]:
        column = self.view.columns[place]
        if y < HEAD:
            return self._head(column, y, wide)
        number, line = divmod(y - HEAD, LINES)
        card = self.tops.get(place, 0) + number
        if card >= len(column.tasks):
            return [Segment(" " * wide, self.tones.plain)]
        return self._card(
            column.tasks[card], line, wide, here=self.view.at == (place, card)
        )

    def _head(self, column: Cards, y: int, wide: int) -> list[Segment]:
        if y == 1:
            return [Segment(self.glyphs.rule * wide, self.tones["faint"])]
        room = f"/{column.limit}" if column.limit else ""
        many = f" {column.total}{room}{' ' + self.glyphs.warn if column.full else ''}"
        title = fit(clean(column.name), max(1, wide - len(many)), self.glyphs.more)
        tone = self.tones["error" if column.full else "faint"]
        return [Segment(title, self.tones["heading"]), Segment(many[-wide:], tone)]

    def _card(self, task: Task, line: int, wide: int, *, here: bool) -> list[Segment]:
        cursor = "cursor" if self.view.active else "cursor-blur"
        base = self.tones[cursor] if here else self.tones.plain
        if task.id in self.view.marks:
            side = self.glyphs.mark
        else:
            side = self.glyphs.cursor if here else " "
        if line == 0:
            text, tone = (
                f"{wording.mark(task, ascii_only=self.view.ascii)} {task.title}",
                "",
            )
            tone = tone if task.live else "done"
        else:
            text, tone = self._facts(task), "muted"
            tone = "error" if is_overdue(task, self.view.context.today()) else tone
        style = base if here or not tone else self.tones[tone]
        return [
            Segment(side + " ", base),
            Segment(fit(clean(text), max(1, wide - 2), self.glyphs.more), style),
        ]

    def _facts(self, task: Task) -> str:
        today, view = self.view.context.today(), self.view
        warn = f"{self.glyphs.warn} " if is_overdue(task, today) else ""
        bang = wording.bang(task, ascii_only=view.ascii)
        project = view.paths.get(task.project or "", "").rpartition("/")[2]
        said = (
            bang,
            warn + wording.when(task, today),
            project,
            wording.length(task.estimate),
        )
        return "  " + " ".join(part for part in said if part)

    def on_click(self, event: events.Click) -> None:
        """Tell the view which card."""
        column = self.first + event.x // max(1, self._width())
        card = self.tops.get(column, 0) + (event.y - HEAD) // LINES
        if event.y >= HEAD:
            self.post_message(self.Clicked(column, card, event.chain == 2))


class BoardView(View[Loaded]):
    """A board. Options: `board` a name, or `group_by` for one that need not be stored."""

    reads = (Task, Board, Tag)
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *View.ACTIONS,
        Action("board.down", "Down", ("j", "down")),
        Action("board.up", "Up", ("k", "up")),
        Action("board.left", "Column to the left", ("h", "left")),
        Action("board.right", "Column to the right", ("l", "right")),
        Action("board.top", "Top", ("g g", "home")),
        Action("board.bottom", "Bottom", ("G", "end")),
        Action("board.open", "Open", ("enter",), show=True),
        Action("board.mark", "Mark", ("x",)),
        Action("board.move-left", "Card to the left", ("{",), show=True),
        Action("board.move-right", "Card to the right", ("}",), show=True),
        Action("board.next", "Next board", (")",), show=True),
        Action("board.previous", "Previous board", ("(",)),
    )

    def __init__(self, context: Context, **options: Any) -> None:
        super().__init__(context, **options)
        self.wanted = str(options.get("board", ""))
        by = options.get("group_by", "")
        self.fixed = (
            Board(name="Matrix", icon="▦", group_by=by) if by in GROUPINGS else None
        )
        self.board: Board | None = None
        self.boards: list[Board] = []
        self.columns: list[Cards] = []
        self.paths: dict[str, str] = {}
        self.at = (0, 0)
        self.marks: set[str] = set()
        self.cells = Cells(self)

    def compose(self) -> ComposeResult:
        """The columns alone."""
        yield self.cells

    @property
    def ascii(self) -> bool:
        """Whether only seven bits may be drawn."""
        return self.glyphs.todo != "☐"

    # --- loading ------------------------------------------------------------------------

    def load(self, store: Store) -> Loaded:
        """The board that is wanted, else the first."""
        known = queries.boards(store)
        named = [one for one in known if self.wanted in (one.id, one.name)]
        board = self.fixed or (named[0] if named else first_board(self.context))
        shown = filled(self.context, board, MOST)
        why = None if any(column.tasks for column in shown.columns) else why_empty(store)
        return Loaded(board, shown.columns, known, queries.paths(store), why)

    def show(self, data: Loaded) -> None:
        """Put it on screen; the cursor stays on its task."""
        before = self.card
        self.board, self.boards = data.board, data.boards
        self.columns, self.paths = data.columns, data.paths
        there = {task.id for column in self.columns for task in column.tasks}
        self.marks &= there
        self.at = self._place(before) if before is not None else (0, 0)
        self._moved(*self.at)
        empty = None if data.why is None else Empty(TEACHES, data.why)
        put_empty(self, empty, self.cells)

    def _place(self, task: Task) -> tuple[int, int]:
        for number, column in enumerate(self.columns):
            for card, one in enumerate(column.tasks):
                if one.id == task.id:
                    return number, card
        return self.at

    # --- cursor ----------------------------------------------------------------------------

    @property
    def card(self) -> Task | None:
        """The task under the cursor."""
        column, card = self.at
        if column < len(self.columns) and card < len(self.columns[column].tasks):
            return self.columns[column].tasks[card]
        return None

    def _moved(self, column: int, card: int) -> bool:
        if not self.columns:
            self.at = (0, 0)
            self.cells.follow()
            return False
        column = max(0, min(column, len(self.columns) - 1))
        card = max(0, min(card, len(self.columns[column].tasks) - 1))
        changed = (column, card) != self.at
        self.at = (column, card)
        self.cells.follow()
        return changed

    def selection(self) -> Selection:
        """Marked cards, else the one under the cursor."""
        if self.marks:
            ordered = [t.id for c in self.columns for t in c.tasks if t.id in self.marks]
            return Selection(Task, tuple(dict.fromkeys(ordered)))
        return Selection(Task, (self.card.id,) if self.card else ())

    def set_active(self, on: bool) -> None:
        """Draw the cursor strongly, or faintly."""
        super().set_active(on)
        self.cells.refresh()

    def back(self) -> bool:
        """Take the marks away."""
        had = bool(self.marks)
        self.marks.clear()
        self.cells.refresh()
        return had

    def clear_content(self) -> None:
        """Forget the cards."""
        super().clear_content()
        self.columns, self.boards, self.paths = [], [], {}
        self.board = None
        self.marks.clear()
        self.cells.refresh()

    # --- title and state ----------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The board's name."""
        return self.board.name if self.board else "Board"

    @property
    def status(self) -> str:
        """Marks, and which of the boards it is."""
        marked = f"{len(self.marks)} marked · " if self.marks else ""
        return f"{marked}{sum(column.total for column in self.columns):,}"

    def state(self) -> dict[str, Any]:
        """Which board, which column."""
        return {"board": self.wanted, "column": self.at[0]}

    def restore(self, state: Any) -> None:
        """As remembered."""
        if isinstance(name := state.get("board"), str):
            self.wanted = name
        if isinstance(column := state.get("column"), int):
            self.at = (max(0, column), 0)
        if self.is_attached:
            self.ask_anew()

    # --- actions ----------------------------------------------------------------------------------

    def act_board_down(self, count: int = 1) -> bool:
        """The next card."""
        return self._moved(self.at[0], self.at[1] + count)

    def act_board_up(self, count: int = 1) -> bool:
        """The card before."""
        return self._moved(self.at[0], self.at[1] - count)

    def act_board_left(self, count: int = 1) -> bool:
        """One column to the left; False at the edge, so that the key goes on."""
        return self.at[0] > 0 and self._moved(self.at[0] - count, self.at[1])

    def act_board_right(self, count: int = 1) -> bool:
        """One column to the right; False at the edge."""
        here = self.at[0]
        return here < len(self.columns) - 1 and self._moved(here + count, self.at[1])

    def act_board_top(self) -> bool:
        """The first card."""
        return self._moved(self.at[0], 0)

    def act_board_bottom(self) -> bool:
        """The last card."""
        return self._moved(self.at[0], MOST)

    def act_board_open(self) -> bool:
        """Show the task."""
        if self.card is None:
            return False
        self.post_message(View.Open("todo.task", self.card.id))
        return True

    def act_board_mark(self) -> bool:
        """Mark the card and go on."""
        if self.card is None:
            return False
        self.marks ^= {self.card.id}
        self._moved(self.at[0], self.at[1] + 1)
        self.retitle()
        return True

    def act_board_move_left(self, count: int = 1) -> bool:
        """Drop the cards on the column to the left."""
        return self._drop(self.at[0] - count)

    def act_board_move_right(self, count: int = 1) -> bool:
        """Drop the cards on the column to the right."""
        return self._drop(self.at[0] + count)

    def _drop(self, column: int) -> bool:
        chosen = self.selection().ids
        if (
            not chosen
            or self.board is None
            or self.fixed
            or not 0 <= column < len(self.columns)
        ):
            return False
        values = {
            "tasks": list(chosen),
            "board": self.board.name if self.board.short else "",
            "column": self.columns[column].name,
        }
        self.post_message(View.Run("todo.board-move", values))
        return True

    def act_board_next(self, count: int = 1) -> bool:
        """The next board."""
        return self._turn(count)

    def act_board_previous(self, count: int = 1) -> bool:
        """The board before."""
        return self._turn(-count)

    def _turn(self, step: int) -> bool:
        if self.fixed is not None or len(self.boards) < 2:
            return False
        ids: Sequence[str] = [one.id for one in self.boards]
        here = ids.index(self.board.id) if self.board and self.board.id in ids else 0
        self.wanted = ids[(here + step) % len(ids)]
        self.at = (0, 0)
        self.ask_anew()
        return True

    def on_cells_clicked(self, event: Cells.Clicked) -> None:
        """Go to the card; twice opens it."""
        event.stop()
        self._moved(event.column, event.card)
        if event.twice:
            self.act_board_open()
