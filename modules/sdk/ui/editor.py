"""Long text: a Markdown editor that continues lists, counts words and keeps drafts.

Import it late: TextArea costs time.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from textual import events
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

DRAFT_AFTER = 0.8
"""Seconds of rest before a draft is kept."""

ITEM = re.compile(r"^(\s*)(?:([-*+])|(\d{1,9})([.)]))( +)(\[[ xX]\] +)?")
QUOTE = re.compile(r"^(\s*(?:> ?)+)")


class FormText(TextArea):
    """Several lines inside a form: tab leaves it, enter breaks the line."""

    def __init__(self, text: str = "") -> None:
        super().__init__(
            text,
            soft_wrap=True,
            tab_behavior="focus",
            compact=True,
            show_line_numbers=False,
        )

    def on_key(self, event: events.Key) -> None:
        """Enter belongs to the text here; up and down leave at its edges."""
        if event.key in ("enter", "up", "down"):
            event.stop()


class Editor(TextArea):
    """Edits Markdown. Escape posts Left; `draft` is called with the text after a rest.

    Enter continues a list, a numbered list, checkboxes and quotes; on an empty item it
    ends the list. Tab and shift+tab indent items.
    """

    class Left(Message):
        """Escape: the person is done for now; `text` is what stands there."""

        def __init__(self, editor: Editor, text: str) -> None:
            super().__init__()
            self.editor = editor
            self.text = text

    class Counted(Message):
        """The number of words changed."""

        def __init__(self, words: int) -> None:
            super().__init__()
            self.words = words

        def can_replace(self, message: Message) -> bool:
            """Only the newest counts."""
            return isinstance(message, Editor.Counted)

    def __init__(
        self,
        text: str = "",
        *,
        draft: Callable[[str], None] | None = None,
        read_only: bool = False,
    ) -> None:
        super().__init__(
            text,
            soft_wrap=True,
            tab_behavior="focus",
            compact=True,
            show_line_numbers=False,
            read_only=read_only,
        )
        self.draft = draft
        self.kept = text
        self.words = count_words(text)
        self._rest: Timer | None = None

    @property
    def changed(self) -> bool:
        """Whether it differs from what was last kept."""
        return self.text != self.kept

    @property
    def status(self) -> str:
        """For the pane's title line."""
        words = "1 word" if self.words == 1 else f"{self.words:,} words"
        return words + (" · edited" if self.changed else "")

    def keep(self) -> None:
        """Hand the text to `draft` now."""
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        text = self.text
        if text != self.kept and self.draft is not None:
            self.draft(text)
            self.kept = text
        self._count(text)

    def _count(self, text: str) -> None:
        words = count_words(text)
        if words != self.words:
            self.words = words
            self.post_message(self.Counted(words))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keep a draft after a rest."""
        event.stop()
        if self._rest is None:
            self._rest = self.set_timer(DRAFT_AFTER, self.keep)
        else:
            self._rest.reset()

    def on_unmount(self) -> None:
        """Never lose the last words."""
        self.keep()

    async def _on_key(self, event: events.Key) -> None:
        handled = {
            "escape": self._leave,
            "enter": self._continue,
            "tab": lambda: self._indent(2),
            "shift+tab": lambda: self._indent(-2),
        }.get(event.key)
        if handled is not None and handled():
            event.stop()
            event.prevent_default()

    def _leave(self) -> bool:
        self.keep()
        self.post_message(self.Left(self, self.text))
        return True

    def _continue(self) -> bool:
        """Start the next item of the list the cursor is in; leave an empty item."""
        row, column = self.cursor_location
        if self.read_only or not self.selection.is_empty:
            return False
        line = self.document.get_line(row)
        prefix, said = continuation(line)
        if not prefix or column < len(said):
            return False
        if line.strip() == said.strip():
            self.replace("", (row, 0), (row, len(line)))
        else:
            self.insert("\n" + prefix)
        return True

    def _indent(self, cells: int) -> bool:
        row, column = self.cursor_location
        line = self.document.get_line(row)
        if self.read_only:
            return False
        if not ITEM.match(line):
            if cells > 0:
                self.insert(" " * cells)
            return True
        if cells > 0:
            self.insert(" " * cells, (row, 0))
        else:
            spaces = min(-cells, len(line) - len(line.lstrip(" ")))
            self.delete((row, 0), (row, spaces))
        self.move_cursor((row, max(0, column + cells)))
        return True


def continuation(line: str) -> tuple[str, str]:
    """(what the next line begins with, what this one begins with) inside a list or quote."""
    found = ITEM.match(line)
    if found is None:
        quote = QUOTE.match(line)
        return (quote[1], quote[1]) if quote else ("", "")
    indent, bullet, number, dot, space, box = found.groups()
    head = bullet or f"{int(number) + 1}{dot}"
    return f"{indent}{head}{space}{'[ ] ' if box else ''}", found[0]


def count_words(text: str) -> int:
    """Words, as people count them."""
    return len(text.split())
