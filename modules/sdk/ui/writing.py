"""A record that is mostly one Markdown text: read as a page, written in place, never lost."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, ClassVar

from modules.sdk.context import Context
from modules.sdk.ui.detail import DetailView, Shown
from modules.sdk.ui.markup import Markup
from modules.sdk.ui.page import PageLine, Run
from modules.sdk.ui.view import Action, View
from storage.errors import ManaError, NotFound
from storage.record import Record, kind_of
from storage.store import Store

if TYPE_CHECKING:
    from modules.sdk.ui.editor import Editor


class TextView(DetailView):
    """Shows the text of `text_field`; `e` opens it in an editor, escape saves it.

    While one types, a draft is kept in the vault: it is offered again after a crash or a
    lock. `save(text)` says what to run; `facts()` and `sections()` draw around the text.
    """

    text_field: ClassVar[str] = "content"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *DetailView.ACTIONS,
        Action("text.forget", "Forget the draft", ("D",)),
    )

    def __init__(
        self, context: Context, *, record: type[Record], id: str, **options: Any
    ) -> None:
        super().__init__(context, record=record, id=id, **options)
        self.editor: Editor | None = None
        self.draft = ""
        self._write_at_once = bool(options.get("write"))

    # --- for subclasses ---------------------------------------------------------------

    def missing(self) -> Record:
        """What to show while there is no such record yet."""
        raise NotFound("This is no longer there.", hint="u undoes, the trash keeps it")

    def more(self, store: Store, record: Record) -> None:
        """Read what the sections need; in a thread."""

    def facts(self) -> list[Run]:
        """A line below the title."""
        return []

    def save(self, text: str) -> View.Run:
        """The command that stores the text."""
        about = kind_of(self.record).partition(".")[2]
        return View.Run(self._edit_id, {about: self.id_shown, self.text_field: text})

    def first_text(self) -> str:
        """What an empty editor begins with."""
        return ""

    # --- loading -------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The stored text."""
        return getattr(self.shown.record, self.text_field) if self.shown else ""

    @property
    def _draft_name(self) -> str:
        return f"draft:{kind_of(self.record)}:{self.id_shown}"

    def load(self, store: Store) -> Shown:
        """The record, its tags and links, and a draft that was not saved."""
        record = store.find(self.record, self.id_shown) or self.missing()
        names = store.tag_names() if record.tags else {}
        draft = store.vault.meta(self._draft_name) or ""
        if draft and draft == getattr(record, self.text_field):
            store.vault.meta(self._draft_name, "")
            draft = ""
        self.draft = draft
        self.more(store, record)
        return Shown(
            record=record,
            links=tuple(self._linked(store)),
            references=dict(self._references(store, record)),
            tags=tuple(names.get(tag, tag) for tag in record.tags),
        )

    def show(self, data: Shown) -> None:
        """Draw it; a new one is written at once."""
        super().show(data)
        if self._write_at_once:
            self._write_at_once = False
            self.write()

    # --- drawing ---------------------------------------------------------------------------

    def lines(self) -> list[PageLine]:
        """Title and tags, facts, the text, sections, links, foot."""
        if self.shown is None:
            return []
        lines = [*self.head_lines()]
        if facts := self.facts():
            lines.append(PageLine(tuple(facts)))
        lines.append(PageLine())
        if self.draft:
            said: tuple[Run, ...] = (
                ("There is a draft that was not saved: ", "warning"), ("e", "accent"),
                (" goes on with it, ", "muted"), ("D", "accent"), (" forgets it.", "muted"),
            )  # fmt: skip
            lines += [PageLine(said), PageLine()]
        lines += Markup(self.page.room, self.glyphs).lines(self.text)
        lines += [*self.sections(), *self._links()]
        return [*lines, PageLine(), *self._foot()] if self.shown.record.short else lines

    def head_lines(self) -> list[PageLine]:
        """The title and the tags."""
        return list(self._head())

    @property
    def status(self) -> str:
        """Words while writing, else the short id."""
        return self.editor.status if self.editor is not None else super().status

    # --- writing ---------------------------------------------------------------------------

    def act_detail_edit(self) -> bool:
        """Open the editor."""
        return self.write()

    def write(self) -> bool:
        """Edit the text here."""
        from modules.sdk.ui.editor import Editor

        if self.shown is None or self.editor is not None:
            return False
        text = self.draft or self.text or self.first_text()
        self.editor = Editor(text, draft=self.keep_draft)
        self.page.display = False
        self.mount(self.editor)
        self.editor.focus()
        self.editor.move_cursor(self.editor.document.end)
        self.retitle()
        return True

    def keep_draft(self, text: str) -> None:
        """Keep what was typed until it is saved."""
        self.draft = text
        self.store.vault.meta(self._draft_name, text)

    def on_editor_counted(self, event: Any) -> None:
        """Show the number of words."""
        event.stop()
        self.retitle()

    def on_editor_left(self, event: Any) -> None:
        """Save what was written."""
        event.stop()
        text = event.text
        self._close_editor()
        if text.strip() and text != self.text and text != self.first_text():
            self.post_message(self.save(text))
        else:
            self.forget_draft()
        self.post_message(View.EditDone())
        self.reload()

    def forget_draft(self) -> None:
        """Let go of the draft."""
        if self.draft:
            self.draft = ""
            self.store.vault.meta(self._draft_name, "")

    def act_text_forget(self) -> bool:
        """Forget the draft."""
        if not self.draft or self.editor is not None:
            return False
        self.forget_draft()
        self.draw()
        return True

    def _close_editor(self) -> None:
        if self.editor is not None:
            self.editor.draft = None
            self.editor.remove()
            self.editor = None
            self.page.display = True

    def clear_content(self) -> None:
        """Keep the draft, then forget the text: the vault is being locked."""
        if self.editor is not None:
            with suppress(ManaError):  # locked already: the last rest kept a draft
                self.editor.keep()
        self._close_editor()
        self.draft = ""
        super().clear_content()
