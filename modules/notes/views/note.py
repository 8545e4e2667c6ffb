"""One note: read, written in place, with what it links to and what links to it."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from modules.notes import queries
from modules.notes.model import Note, words
from modules.sdk.text import markdown
from modules.sdk.ui.cells import clean, cut
from modules.sdk.ui.detail import Other
from modules.sdk.ui.page import PageLine, Run
from modules.sdk.ui.view import Action, View
from modules.sdk.ui.writing import TextView
from storage.record import Record
from storage.store import Store

MOST_BACK = 200


class Unwritten(msgspec.Struct, frozen=True):
    """A link to a note that does not exist: enter writes it."""

    title: str


class NoteView(TextView):
    """The page of a note."""

    edit_command = "notes.edit"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *TextView.ACTIONS,
        Action("note.outline", "Outline", ("O",)),
        Action("note.tasks", "Boxes to tasks", ("T",)),
    )

    def __init__(self, context: Any, **options: Any) -> None:
        options.setdefault("record", Note)
        super().__init__(context, **options)
        self.out: list[queries.LinkOut] = []
        self.back_links: list[queries.Mention] = []
        self.named: list[queries.Mention] = []
        self.outlined = False

    def more(self, store: Store, record: Record) -> None:
        """Links both ways, and who only says the name."""
        assert isinstance(record, Note)
        self.out = queries.links_out(store, record)
        self.back_links = queries.backlinks(store, record, MOST_BACK)
        self.named = queries.mentions(store, record)

    @property
    def note(self) -> Note:
        """The note shown."""
        assert self.shown is not None
        assert isinstance(self.shown.record, Note)
        return self.shown.record

    def head_lines(self) -> list[PageLine]:
        """No title of its own where the text begins with it."""
        lines = super().head_lines()
        text = self.note.content.lstrip()
        if text.startswith("#") and markdown.title_of(text) == self.note.title:
            return [
                line
                for line in lines
                if not any("heading" in tone for _, tone in line.runs)
            ]
        return lines

    def facts(self) -> list[Run]:
        """Folder, flags, words, open boxes."""
        note = self.note
        said = [f"in {clean(note.folder)}"] if note.folder else []
        said += [name for name in ("pinned", "archived", "template") if getattr(note, name)]
        count = words(note)
        said.append(f"{count:,} word{'' if count == 1 else 's'}")
        boxes = markdown.checkboxes(note.content)
        if boxes:
            said.append(f"{sum(box.done for box in boxes)} of {len(boxes)} done")
        return [(" · ".join(said), "muted")]

    def sections(self) -> list[PageLine]:
        """Outline when asked for, links out, links in, mentions."""
        lines: list[PageLine] = []
        if self.outlined:
            lines += self.section("Outline")
            for one in markdown.outline(self.note.content):
                lines.append(PageLine((("  " * (one.level - 1) + clean(one.text), ""),)))
        if self.out:
            lines += self.section("Links to")
            lines += [self._out(link) for link in self.out]
        for title, mentions in (("Linked from", self.back_links), ("Named by", self.named)):
            if mentions:
                lines += self.section(title)
                lines += [self._mention(one) for one in mentions]
        return lines

    def _out(self, link: queries.LinkOut) -> PageLine:
        if link.note is None:
            said = ((f"{self.glyphs.arrow} {clean(link.target)}", "warning"),
                    ("  not written yet", "faint"))  # fmt: skip
            return PageLine(said, target=Unwritten(link.target))
        other = Other("", "notes.note", link.note, link.title)
        return PageLine(
            ((f"{self.glyphs.arrow} {clean(link.title)}", "link"),), target=other
        )

    def _mention(self, one: queries.Mention) -> PageLine:
        title = cut(clean(one.title), max(8, self.page.room // 2), self.glyphs.more)
        line = cut(
            clean(one.line), max(0, self.page.room - len(title) - 6), self.glyphs.more
        )
        runs: tuple[Run, ...] = (
            (f"{self.glyphs.arrow} {title}", "link"),
            (f"  {line}", "faint"),
        )
        return PageLine(runs, target=Other("", "notes.note", one.note, one.title))

    def open(self, target: Any) -> bool:
        """Follow a link; write a note that is only named so far."""
        if isinstance(target, Unwritten):
            self.post_message(View.Ask("notes.add", {"title": target.title}))
            return True
        return super().open(target)

    def act_note_outline(self) -> bool:
        """Show the headings, or hide them."""
        self.outlined = not self.outlined
        self.draw()
        return True

    def act_note_tasks(self) -> bool:
        """Make tasks of the open boxes."""
        if not any(not box.done for box in markdown.checkboxes(self.text)):
            return False
        self.post_message(View.Run("notes.tasks", {"note": self.id_shown}))
        return True

    def clear_content(self) -> None:
        """Forget the links too."""
        super().clear_content()
        self.out, self.back_links, self.named = [], [], []
