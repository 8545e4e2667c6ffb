"""Today at a glance: the agenda, then what every module has to say of the day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, ClassVar

import msgspec
from rich.segment import Segment
from textual.app import ComposeResult
from textual.strip import Strip

from modules.myday.queries import Glance, glance, hours
from modules.myday.show import begins, lasts
from modules.sdk.context import Context
from modules.sdk.slot import Span, TodayLine
from modules.sdk.ui.cells import clean, fit
from modules.sdk.ui.column import ListColumn
from modules.sdk.ui.cursor import CursorView
from modules.sdk.ui.ids import Groups, Ids
from modules.sdk.ui.tones import Drawn
from modules.sdk.ui.view import Action, Selection, View
from storage.change import Commit
from storage.store import Store

BAR = 20


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One row: an agenda span or a line of a module."""

    key: str
    section: str
    when: str
    text: str
    note: str
    kind: str
    record: str
    state: str = ""
    icon: str = ""


class DayHead(Drawn):
    """The day, and how full it is, in one line."""

    DEFAULT_CSS = "DayHead { height: 1; width: 1fr; background: $surface; }"
    found: Glance | None = None

    def render_line(self, y: int) -> Strip:
        """Date on the left, capacity on the right."""
        wide, tones = self.size.width, self.tones
        if self.found is None or y:
            return Strip.blank(wide, tones.plain)
        found, glyphs = self.found, self.glyphs
        whole = max(1, found.planned + found.free)
        full = min(BAR, round(BAR * found.planned / whole))
        late = f"{found.late} late  " if found.late else ""
        left = f" {found.day:%A %-d %B}"
        right = f"{found.capacity} "
        room = wide - len(left) - len(late) - BAR - len(right) - 2
        if room < 1 or not found.capacity:
            short = (
                f" {found.day:%a %-d %b}  {late}{found.capacity.removesuffix(' planned')}"
            )
            return Strip([Segment(fit(short, wide), tones["heading"])], wide)
        tone = tones["warning" if found.free == 0 and found.planned else "success"]
        return Strip(
            [
                Segment(left, tones["heading"]),
                Segment(" " * room, tones.plain),
                Segment(late, tones["error"]),
                Segment(glyphs.full * full, tone),
                Segment(glyphs.shades[0] * (BAR - full), tones["faint"]),
                Segment("  " + right, tones["muted"]),
            ],
            wide,
        )


class GlanceView(CursorView[Glance]):
    """One day; `[`-like keys go to other days, enter opens what a row is about."""

    columns = (
        ListColumn("When", 7, lambda item, _: item.when, style="muted"),
        ListColumn("", 1, lambda item, _: item.icon, style="accent"),
        ListColumn("What", 0, lambda item, _: item.text),
        ListColumn(
            "", 9, lambda item, _: item.note, align="right", style="muted", priority=1
        ),
    )
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *CursorView.ACTIONS,
        Action("day.next", "Next day", ("}",)),
        Action("day.previous", "Previous day", ("{",)),
        Action("day.today", "Today", ("0",)),
    )

    def __init__(self, context: Context, **options: Any) -> None:
        super().__init__(context, **options)
        self.day: date | None = None
        self.items: list[Item] = []
        self.head = DayHead()
        self.late = 0

    def compose(self) -> ComposeResult:
        """The day's line, then the rows."""
        yield self.head
        yield self.rows

    @property
    def title(self) -> str:
        """My day, or which other day it is."""
        return "My day" if self.day is None else f"{self.day:%a %-d %b}"

    @property
    def status(self) -> str:
        """How many are late, how much is open."""
        open_ = sum(item.state != "done" for item in self.items)
        return f"{self.late} late · {open_}" if self.late else str(open_)

    def follows(self, commit: Commit) -> bool:
        """Anything in this space may change a day."""
        return self.store.scope.space in commit.spaces

    def load(self, store: Store) -> Glance:  # noqa: ARG002 - slots read through the context
        """Ask every module for its part of the day."""
        return glance(self.context, self.day or self.context.today())

    def show(self, data: Glance) -> None:
        """Agenda first, then the sections in their order."""
        self.head.found, self.late = data, data.late
        self.head.refresh()
        self.items = [*self._agenda(data), *self._lines(data)]
        self.set_ids(
            Ids([item.key for item in self.items]),
            Groups(item.section for item in self.items),
        )
        self._show_empty()

    def _agenda(self, data: Glance) -> list[Item]:
        now = self.context.now()
        return [
            Item(
                key=f"span {n} {span.record}",
                section="Agenda",
                when=begins(self.context, span),
                text=clean(span.title),
                note=lasts(span),
                kind=span.kind,
                record=span.record,
                icon=self._span_icon(span),
                state="done" if span.done or (span.day is None and span.end <= now) else "",
            )
            for n, span in enumerate(data.spans)
        ]

    def _span_icon(self, span: Span) -> str:
        now = self.context.now()
        running = span.day is None and span.start <= now < span.end
        return self.glyphs.now_left if running else span.icon

    def _lines(self, data: Glance) -> list[Item]:
        return [
            Item(
                key=f"line {line.kind} {line.record or n}",
                section=name,
                when="late" if line.late else self._at(line),
                text=clean(line.text),
                note=hours(line.minutes) if line.minutes else "",
                kind=line.kind,
                record=line.record,
                icon=line.icon,
                state="done" if line.done else "late" if line.late else "",
            )
            for name, lines in data.sections
            for n, line in enumerate(lines)
        ]

    def _at(self, line: TodayLine) -> str:
        return f"{line.at.astimezone(self.context.zone):%H:%M}" if line.at else ""

    def row(self, at: int) -> Item | None:
        """The item at a row."""
        return self.items[at] if at < len(self.items) else None

    def row_style(self, record: Any) -> str:
        """What is over steps back, what is late stands out."""
        return {"done": "muted", "late": "warning"}.get(record.state, "")

    def _show_empty(self) -> None:
        from modules.sdk.ui.empty import Empty, put_empty

        text = "Nothing is planned for this day."
        put_empty(self, None if self.items else Empty(text, add_key="A"), self.rows)

    # --- what a row is about ------------------------------------------------------------------

    def selection(self) -> Selection:
        """The records behind the marked rows, as far as they are of one kind."""
        chosen = [
            self.items[place]
            for key in super().selection().ids
            if (place := self.ids.place(key)) is not None
        ]
        behind = [item for item in chosen if item.record]
        if not behind:
            return Selection()
        kind = behind[0].kind
        record = self.context.store.vault.catalog.kind(kind).record
        return Selection(
            record, tuple(dict.fromkeys(i.record for i in behind if i.kind == kind))
        )

    def open(self, record: Any) -> None:
        """Show what a row is about."""
        if record is not None and record.record:
            self.post_message(View.Open(record.kind, record.record))

    def clear_content(self) -> None:
        """Forget the day's content."""
        super().clear_content()
        self.items, self.head.found = [], None
        self.head.refresh()

    # --- other days ------------------------------------------------------------------------------

    def act_day_next(self, count: int = 1) -> None:
        """Show a later day."""
        self._go(count)

    def act_day_previous(self, count: int = 1) -> None:
        """Show an earlier day."""
        self._go(-count)

    def act_day_today(self) -> None:
        """Show today again."""
        self.day = None
        self.ask_anew()

    def _go(self, days: int) -> None:
        today = self.context.today()
        day = (self.day or today) + timedelta(days=days)
        self.day = None if day == today else day
        self.ask_anew()

    def state(self) -> dict[str, Any]:
        """Nothing but today is worth remembering."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Always opens on today."""
