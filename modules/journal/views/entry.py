"""One entry: read, and written in place; a day without one is an empty page."""

from __future__ import annotations

from datetime import date
from typing import Any

from modules.journal.model import Entry, id_of, mood_name
from modules.journal.prompts import prompt_for
from modules.journal.queries import on_this_day
from modules.sdk.context import Context
from modules.sdk.text.dates import format_day
from modules.sdk.text.markdown import preview
from modules.sdk.ui.cells import clean, cut
from modules.sdk.ui.detail import FieldOf, Other
from modules.sdk.ui.page import PageLine, Run
from modules.sdk.ui.view import View
from modules.sdk.ui.writing import TextView
from storage.record import Record
from storage.store import Store


class EntryView(TextView):
    """The page of a day."""

    edit_command = "journal.edit"

    def __init__(
        self, context: Context, *, id: str = "", day: date | None = None, **options: Any
    ) -> None:
        options.setdefault("record", Entry)
        self.day = day or context.today()
        super().__init__(context, id=id or id_of(context.space.id, self.day), **options)
        self.earlier: list[Entry] = []

    def missing(self) -> Record:
        """A day that nothing is written about yet."""
        return Entry(id=self.id_shown, day=self.day)

    def more(self, store: Store, record: Record) -> None:
        """What was written on the same day of earlier years."""
        assert isinstance(record, Entry)
        self.earlier = store.all(on_this_day(record.day).limit(10))

    @property
    def entry(self) -> Entry | None:
        """The entry shown."""
        record = self.shown.record if self.shown else None
        return record if isinstance(record, Entry) else None

    @property
    def asked(self) -> str:
        """The question of the day."""
        own = self.context.setting("journal.prompts") or ""
        return prompt_for(self.day, self.context.locale, own)

    @property
    def title(self) -> str:
        """The day, and its question while nothing is written."""
        entry = self.entry
        if entry is None:
            return ""
        day = format_day(entry.day, self.context.today(), self.context.locale, near=False)
        return day if entry.content else f"{day} · {self.asked}"

    def head_lines(self) -> list[PageLine]:
        """The day, the title, the tags."""
        entry = self.entry
        assert entry is not None
        assert self.shown is not None
        day = format_day(entry.day, self.context.today(), self.context.locale, near=False)
        runs: list[Run] = [(day, "heading")]
        runs += [(f"  {clean(entry.title)}", "bold")] if entry.title else []
        lines = [PageLine(tuple(runs), target=FieldOf("title") if entry.short else None)]
        if self.shown.tags:
            tags = tuple((f"#{clean(tag)} ", "accent") for tag in self.shown.tags)
            lines.append(PageLine(tags, target=FieldOf("tags")))
        if not entry.content:
            lines.append(
                PageLine(((self.asked, "muted"), ("  e", "accent"), (" writes", "muted")))
            )
        return lines

    def facts(self) -> list[Run]:
        """Mood, flags, words."""
        entry = self.entry
        if entry is None or not entry.short:
            return []
        said = [mood_name(entry.mood, self.context.locale)] if entry.mood else []
        said += [
            name for name in ("favourite", "pinned", "archived") if getattr(entry, name)
        ]
        said.append(f"{entry.words:,} word{'' if entry.words == 1 else 's'}")
        return [(" · ".join(said), "muted")]

    def sections(self) -> list[PageLine]:
        """Earlier years."""
        if not self.earlier:
            return []
        lines = self.section("On this day")
        for entry in self.earlier:
            room = max(8, self.page.room - 8)
            said = cut(clean(entry.title or preview(entry.content)), room, self.glyphs.more)
            runs = ((f"{entry.day.year}  ", "accent"), (said, "link"))
            lines.append(PageLine(runs, target=Other("", "journal.entry", entry.id, said)))
        return lines

    def save(self, text: str) -> View.Run:
        """Change the entry, or make the day's."""
        if self.entry is not None and self.entry.short:
            return super().save(text)
        values = {"content": text, "day": self.day.isoformat()}
        return View.Run("journal.write", values)

    def clear_content(self) -> None:
        """Forget earlier years too."""
        super().clear_content()
        self.earlier = []
