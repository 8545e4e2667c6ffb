"""The list of notes: pinned first, then the newest change."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.text import Text

from modules.notes import queries
from modules.notes.model import Note, preview, shown_title
from modules.notes.views.note import NoteView
from modules.sdk.text.dates import format_ago
from modules.sdk.ui.cells import clean
from modules.sdk.ui.list import ListColumn, ListView, Loaded, Sort, Tab
from modules.sdk.ui.view import Action, View
from storage.store import Store

RGB = {
    "red": "#EF4444", "orange": "#F59E0B", "yellow": "#EAB308", "green": "#22C55E",
    "teal": "#14B8A6", "cyan": "#06B6D4", "blue": "#3B82F6", "purple": "#8B5CF6",
    "pink": "#EC4899", "gray": "#9CA3AF",
}  # fmt: skip


def _mark(note: Note, view: NotesView) -> Text:
    mark = "^" if note.pinned else view.glyphs.bullet if note.color else ""
    return Text(mark, style=RGB.get(note.color, ""))


def _tags(note: Note, view: NotesView) -> str:
    return " ".join(f"#{clean(view.names[tag])}" for tag in note.tags if tag in view.names)


class NotesView(ListView):
    """Notes, the archive, templates."""

    record = Note
    columns = (
        ListColumn("", 1, _mark),
        ListColumn("Title", 0, lambda note, _: shown_title(note), least=20),
        ListColumn("Text", 0, lambda note, _: preview(note), style="muted", priority=2),
        ListColumn("Tags", 16, _tags, style="accent", priority=3),
        ListColumn("Changed", 12, lambda note, view: view.changed(note), style="faint",
                   align="right", priority=1),
    )  # fmt: skip
    tabs = (
        Tab("notes", "Notes", lambda _: queries.live()),
        Tab("archive", "Archive", lambda _: queries.archive(), empty="Nothing is archived."),
        Tab("templates", "Templates", lambda _: queries.templates(),
            empty="A template is a note new ones start from.\n"
            "Make one of a note: mana notes template ID"),
    )  # fmt: skip
    sorts: ClassVar[tuple[Sort, ...]] = (
        Sort("title", "by title", ("title",)),
        Sort("created", "newest", ("-created",)),
        Sort("folder", "by folder", ("folder", "title")),
    )
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *ListView.ACTIONS,
        Action("note.write", "Write", ("e",), show=True),
    )
    empty = (
        "Notes are Markdown. Write the first one,\nor bring a folder: mana import ~/notes"
    )

    def __init__(self, context: Any, **options: Any) -> None:
        super().__init__(context, **options)
        self.names: dict[str, str] = {}

    def load(self, store: Store) -> Loaded:
        """The tags' names too."""
        self.names = store.tag_names()
        return super().load(store)

    def act_note_write(self) -> bool:
        """Open the note under the cursor in the editor."""
        note = self.current
        if note is None:
            return False
        self.post_message(View.Push(NoteView(self.context, id=note.id, write=True)))
        return True

    def changed(self, note: Note) -> str:
        """When it was changed last."""
        return format_ago(note.updated, self.context.now(), self.context.locale)

    def clear_content(self) -> None:
        """Forget the tags' names too."""
        super().clear_content()
        self.names = {}
