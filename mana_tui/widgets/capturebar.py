"""The capture bar: one line that shows while one types what it will become."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.strip import Strip

from mana_tui.adding import TASK, Reader
from mana_tui.widgets.drawn import Part, both_ends
from mana_tui.widgets.typed import Typed
from modules.sdk.ui.cells import clean, width
from storage.errors import ManaError

if TYPE_CHECKING:
    from mana_tui.app import ManaApp
    from mana_tui.widgets.workbench import Workbench
    from modules.sdk.text.capture import Captured

MOST_SHOWN = 4
WIDEST = 96

Range = tuple[int, int]


class CaptureBar(Typed):
    """Recognised parts are chips; backspace behind a chip makes it text again."""

    app: ManaApp  # type: ignore[assignment]

    def __init__(
        self, bench: Workbench, module: str = "", given: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__()
        self.bench: Workbench | None = bench
        self.module = module
        self.given: Mapping[str, Any] = given or {}
        self.reader: Reader | None = None
        self.default = TASK
        self.items: list[Captured] = []
        self.dismissed: frozenset[Range] = frozenset()
        self.tags: list[str] = []
        self.wrong = ""
        self._before = ""

    # --- opening and closing --------------------------------------------------------------

    def on_mount(self) -> None:
        """Open for what it was made for; the keys typed meanwhile are its own."""
        if self.bench is not None:
            self.open(self.bench, self.module, given=self.given)
        self.app.stream.release("capture")

    def open(
        self,
        bench: Workbench,
        module: str = "",
        text: str = "",
        wrong: str = "",
        given: Mapping[str, Any] | None = None,
    ) -> None:
        """Show it; `module` gives the kind of lines that name none, `given` when it is
        where they do not say."""
        self.given = given or {}
        self.bench = bench
        self.app.bar = self
        self.reader = Reader(bench.workspace)
        kind = self.reader.kind_of(module) if module else None
        self.default = kind.module if kind else TASK
        self.tags = sorted(bench.workspace.store.tag_names().values(), key=str.casefold)
        self.dismissed = frozenset()
        self.wrong = wrong
        self._before = ""
        self.line.set(text or bench.draft)
        self._read()
        self.display = True
        self.fit_screen()
        self.take_keys()

    @property
    def is_open(self) -> bool:
        """Whether it is on screen."""
        return bool(self.display)

    def fit_screen(self) -> None:
        """At the bottom, above the foot."""
        wide, high = self.app.size
        w = min(WIDEST, wide - (4 if wide > 60 else 0))
        h = min(high - 1, 4 + max(1, min(len(self.items), MOST_SHOWN)))
        self.styles.width, self.styles.height = w, h
        self.styles.margin = (
            max(0, high - h - (2 if high >= 18 else 1)),
            0,
            0,
            (wide - w) // 2,
        )

    def close(self, *, keep: bool = False) -> None:
        """Leave the screen; the line is kept as a draft or forgotten."""
        bench = self.bench
        self.display = False
        if bench is not None:
            bench.draft = self.line.text if keep else ""
            bench.take_keys()
        self.line.set("")
        self.items, self.dismissed, self.wrong = [], frozenset(), ""

    # --- reading ----------------------------------------------------------------------------

    def typed(self) -> None:
        """Read the line anew."""
        self.wrong = ""
        before = len(self.items)
        self._read()
        if len(self.items) != before:
            self.fit_screen()
        self.refresh()

    def _read(self) -> None:
        if self.reader is None:
            return
        text = self.line.text
        self.dismissed = moved(self.dismissed, self._before, text)
        self._before = text
        self.items = [
            self.reader.placed(item, self.given) if item.module == self.default else item
            for item in self.reader.read(text, self.default, self.dismissed)
        ]

    @property
    def chips(self) -> list[Any]:
        """Every recognised part of the line, in order."""
        return sorted((p for item in self.items for p in item.parts), key=lambda p: p.start)

    def pressed(self, key: str) -> bool:
        """Enter makes it, escape keeps it as a draft, backspace may open a chip."""
        if key == "escape":
            self.close(keep=True)
        elif key == "enter":
            self._make()
        elif key == "backspace":
            return self._open_chip()
        elif key == "tab":
            self._complete()
        else:
            return key in ("up", "down", "shift+tab")
        return True

    def _open_chip(self) -> bool:
        for part in self.chips:
            if part.end == self.line.at and (part.start, part.end) not in self.dismissed:
                self.dismissed |= {(part.start, part.end)}
                self.typed()
                return True
        return False

    # --- completing tags ---------------------------------------------------------------------

    def _word(self) -> tuple[int, str]:
        """Where the tag being typed starts, and what of it is there."""
        before = self.line.text[: self.line.at]
        start = max(before.rfind(" "), before.rfind(";")) + 1
        word = before[start:]
        return (start, word[1:]) if word.startswith("#") else (-1, "")

    def _offered(self) -> list[str]:
        start, typed = self._word()
        if start < 0:
            return []
        low = typed.casefold()
        return [
            t for t in self.tags if t.casefold().startswith(low) and t.casefold() != low
        ]

    def _complete(self) -> None:
        offered = self._offered()
        if offered:
            start, _ = self._word()
            name = offered[0]
            said = f'#"{name}" ' if " " in name else f"#{name} "
            self.line.cut(start, self.line.at)
            self.line.insert(said)
            self.typed()

    # --- making --------------------------------------------------------------------------------

    def _make(self) -> None:
        bench, reader = self.bench, self.reader
        if bench is None or reader is None or not self.items:
            self.close()
            return
        text = self.line.text
        try:
            plan = reader.plan(self.items)
        except ManaError as error:
            self._refused(str(error))
            return
        if len(plan) == 1:
            command, values = plan[0].command, plan[0].values
        else:
            from modules.sdk.text.capture import canonical

            command = "add"
            values = {"text": " ;; ".join(canonical(item) for item in self.items)}
        default, given = self.default, self.given
        self.close()
        bench.runner.start(
            command,
            values,
            failed=lambda error: self.open(bench, default, text, str(error), given),
        )

    def _refused(self, said: str) -> None:
        self.wrong = said
        self.refresh()

    # --- drawing ---------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """A frame, the line with its chips, what it will become, what keys do."""
        wide, high = self.size
        if self.reader is None:
            return Strip.blank(wide)
        drawn, plain = self.glyphs.drawn, self.glyphs.wall == "|"
        a, b, c, d = ("++++" if plain else "╭╮╰╯") if drawn else "    "
        rule = self.glyphs.rule
        if y == 0:
            left: list[Part] = [(a + rule, "edge-on"), (f" {self._title()} ", "heading")]
            return self.strip(
                both_ends(left, [(b, "edge-on")], wide, "edge-on", rule), wide
            )
        if y == high - 1:
            left = [(c + rule, "edge-on"), *self._keys()]
            return self.strip(
                both_ends(left, [(d, "edge-on")], wide, "edge-on", rule), wide
            )
        inside = self._line(wide - 4) if y == 1 else self._below(y - 2, high)
        wall = self.glyphs.wall
        parts = both_ends(inside, [], wide - 4, "")
        return self.strip([(wall + " ", "edge-on"), *parts, (" " + wall, "edge-on")], wide)

    def _title(self) -> str:
        assert self.reader is not None
        for kind in self.reader.kinds:
            if self.default in (kind.letter, kind.module):
                return f"Add: {kind.title}" if self.default != TASK else "Capture"
        return "Capture"

    def _keys(self) -> list[Part]:
        parts: list[Part] = []
        keys = [("enter", "add"), ("esc", "keep as draft" if self.line.text else "close")]
        if self._offered():
            keys.insert(0, ("tab", "tag"))
        if self.chips:
            keys.append(("backspace", "chip to text"))
        for key, said in keys:
            parts += [(f" {key}", "key"), (f" {said} ", "muted")]
        return parts

    def _line(self, room: int) -> list[Part]:
        text, at = self.line.text, self.line.at
        if not text:
            self.put_cursor(2, 1)
            return [(" ", "reverse"), (self._example(), "faint")]
        tones = ["" for _ in range(len(text) + 1)]
        for part in self.chips:
            tones[part.start : part.end] = ["chip-on"] * (part.end - part.start)
        start = 0
        while width(text[start:at]) > max(1, room - 2):
            start += 1
        self.put_cursor(2 + width(text[start:at]), 1)
        parts: list[Part] = []
        for place in range(start, len(text) + 1):
            letter = text[place] if place < len(text) else " "
            tone = "reverse" if place == at else tones[place]
            if parts and parts[-1][1] == tone:
                parts[-1] = (parts[-1][0] + letter, tone)
            else:
                parts.append((letter, tone))
        return parts

    def _example(self) -> str:
        assert self.reader is not None
        kinds = "  ".join(
            f"{kind.letter} {kind.title.lower()}" for kind in self.reader.kinds
        )
        return f"call Ada tomorrow 9:00 #home ~30m      {kinds}"

    def _below(self, row: int, high: int) -> list[Part]:
        if self.wrong and row == 0:
            return [(f"{self.glyphs.warn} {self.wrong}", "error")]
        offered = self._offered()
        if offered and row == high - 4:
            return [("  ".join(f"#{name}" for name in offered[:6]), "accent")]
        if row < min(len(self.items), MOST_SHOWN):
            item = self.items[row]
            parts: list[Part] = [(f"{self.glyphs.arrow} ", "muted"), *self._said(item)]
            known = {tag.casefold() for tag in self.tags}
            new = [tag for tag in item.tags if tag.casefold() not in known]
            if new:
                parts.append(
                    (f"  new: {' '.join('#' + clean(tag) for tag in new)}", "warning")
                )
            return parts
        return []

    def _said(self, item: Captured) -> list[Part]:
        assert self.reader is not None
        kind, rest = self.reader.facts(item)
        title = f" “{clean(item.title)}”" if item.title else ""
        return [(kind, "bold"), (title, ""), (rest, "muted")]


def moved(ranges: frozenset[Range], before: str, after: str) -> frozenset[Range]:
    """Where stretches of a line are after an edit; those the edit touched are gone."""
    if before == after or not ranges:
        return ranges
    most = min(len(before), len(after))
    head = 0
    while head < most and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < most - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    end, shift = len(before) - tail, len(after) - len(before)
    kept: set[Range] = set()
    for start, stop in ranges:
        if stop <= head:
            kept.add((start, stop))
        elif start >= end:
            kept.add((start + shift, stop + shift))
    return frozenset(kept)
