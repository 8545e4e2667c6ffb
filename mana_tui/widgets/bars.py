"""The lines above and below the panes: space and scenes; hints, messages, work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.strip import Strip

from mana_tui.widgets.drawn import Drawn, Part, both_ends
from modules.sdk.ui.cells import clean, width

if TYPE_CHECKING:
    from mana_tui.widgets.workbench import Workbench


class TopBar(Drawn):
    """The space's chip, the scenes as tabs, the scope's tags."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self.bench = bench
        self._spans: list[tuple[int, int, int]] = []

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Draw it; tabs that do not fit are counted instead."""
        wide = self.size.width
        space = self.bench.workspace.space
        chip = (
            f" {space.icon or '◆' if self.glyphs.wall != '|' else '*'} {clean(space.name)} "
        )
        left: list[Part] = [(chip, "space"), (" ", "panel")]
        used = width(chip) + 1
        right = self._right()
        room = wide - used - sum(width(text) for text, _ in right)
        tabs = self._tabs(max(0, room))
        self._spans = []
        for text, tone, index in tabs:
            self._spans.append((used, used + width(text), index))
            used += width(text)
            left.append((text, tone))
        return self.strip(both_ends(left, right, wide, "panel"), wide, "panel")

    def _right(self) -> list[Part]:
        bench = self.bench
        parts: list[Part] = [
            (f" #{clean(name)}", "accent") for name in bench.desk.scope_names
        ]
        if bench.workspace.read_only:
            parts.append((" read-only ", "warning"))
        return [*parts, (" ", "panel")] if parts else []

    def _tabs(self, room: int) -> list[tuple[str, str, int]]:
        bench = self.bench
        shown = [
            (
                f" {n + 1 if n < 9 else '·'} {f'{s.icon} ' if s.icon else ''}{clean(s.name)} ",
                "tab-on" if n == bench.desk.at else "tab",
                n,
            )
            for n, s in enumerate(bench.desk.scenes)
        ]
        first = 0
        while (
            first < bench.desk.at
            and sum(width(t) for t, _, _ in shown[first : bench.desk.at + 1]) > room
        ):
            first += 1
        return shown[first:]

    def on_click(self, event: events.Click) -> None:
        """Go to the scene; the chip opens the spaces."""
        for start, end, index in self._spans:
            if start <= event.x < end:
                self.bench.desk.goto_scene(index)
                return
        if self._spans and event.x < self._spans[0][0]:
            self.bench.pickers.spaces()


class Foot(Drawn):
    """One or two lines: what keys do here; what was done, what runs, what waits."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self.bench = bench

    def fit(self, high: int) -> None:
        """In a small terminal the hints give way to the panes."""
        lines = 2 if high >= 18 else 1
        if self.styles.height is None or self.styles.height.value != lines:
            self.styles.height = lines

    def render_line(self, y: int) -> Strip:
        """Hints above, the message below; one line shows the message when there is one."""
        wide, bench = self.size.width, self.bench
        if self.size.height > 1 and y == 0:
            return self.strip(self._hints(wide), wide, "panel")
        left = self._message()
        if not left and self.size.height == 1:
            left = self._hints(wide)
        return self.strip(both_ends(left, self._right(bench), wide, "panel"), wide, "panel")

    def _hints(self, wide: int) -> list[Part]:
        parts: list[Part] = [(" ", "panel")]
        used = 1
        for keys, title in self.bench.hints():
            need = width(keys) + width(title) + 3
            if used + need > wide:
                break
            used += need
            parts += [(keys, "key"), (f" {title}  ", "panel-muted")]
        return parts

    def _message(self) -> list[Part]:
        message = self.bench.message
        if message is None:
            return []
        glyphs = self.glyphs
        mark = {"error": glyphs.warn, "done": "✓" if glyphs.wall != "|" else "+"}.get(
            message.kind, ""
        )
        tone = {"error": "error", "done": "success"}.get(message.kind, "panel")
        parts: list[Part] = [(f" {mark} " if mark else " ", tone), (message.text, "panel")]
        if message.hint:
            parts.append((f"  {message.hint}", "panel-muted"))
        for keys, title in message.keys:
            parts += [("  " + keys, "key"), (f" {title}", "panel-muted")]
        return parts

    def _right(self, bench: Workbench) -> list[Part]:
        parts: list[Part] = []
        if work := bench.runner.working:
            parts.append((f" {work} ", "panel-muted"))
        if bench.reader.pending:
            parts.append((f" {bench.reader.pending} ", "key"))
        strip = bench.desk.strip
        if strip is not None and len(strip.panes) > 1 and strip.paged:
            mark = "zoom " if strip.zoomed else ""
            parts.append((f" {mark}{strip.active + 1}/{len(strip.panes)} ", "panel-muted"))
        return parts
