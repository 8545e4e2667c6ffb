"""One of a few values, on one line: all of them when they fit, else one at a time."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from textual import events
from textual.message import Message
from textual.strip import Strip

from modules.sdk.ui.cells import clean, cut, width
from modules.sdk.ui.tones import Drawn


class Choice(Drawn, can_focus=True):
    """Left, right, a first letter or a number choose. The chosen one stands in brackets."""

    class Changed(Message):
        """Another value was chosen."""

        def __init__(self, choice: Choice) -> None:
            super().__init__()
            self.choice = choice

    def __init__(
        self, options: Sequence[str], chosen: str = "", *, empty: bool = False
    ) -> None:
        super().__init__()
        self.options = (["", *options] if empty else list(options)) or [""]
        self.index = self.options.index(chosen) if chosen in self.options else 0

    @property
    def value(self) -> str:
        """The chosen one."""
        return self.options[self.index]

    @value.setter
    def value(self, chosen: str) -> None:
        if chosen in self.options:
            self._choose(self.options.index(chosen))

    def _choose(self, index: int) -> None:
        index %= len(self.options)
        if index != self.index:
            self.index = index
            self.refresh()
            self.post_message(self.Changed(self))

    def _shown(self, option: str) -> str:
        return clean(option) or "none"

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Draw it."""
        wide = self.size.width
        if sum(width(self._shown(o)) + 2 for o in self.options) > wide:
            said = cut(self._shown(self.value), max(1, wide - 14), self.glyphs.more)
            place = f"  {self.index + 1}/{len(self.options)}"
            segments = [
                Segment("< ", self.tones["faint"]),
                Segment(said, self.tones["heading" if self.has_focus else "bold"]),
                Segment(" >", self.tones["faint"]),
                Segment(place, self.tones["faint"]),
            ]
        else:
            segments = [part for i in range(len(self.options)) for part in self._option(i)]
        return Strip(segments).adjust_cell_length(wide, self.tones.plain)

    def _option(self, i: int) -> list[Segment]:
        said = self._shown(self.options[i])
        if i != self.index:
            return [Segment(f" {said} ", self.tones["muted"])]
        tone = "cursor" if self.has_focus else "bold"
        return [Segment(f"[{said}]", self.tones[tone])]

    def on_focus(self) -> None:
        """Draw it chosen strongly."""
        self.refresh()

    def on_blur(self) -> None:
        """Draw it quietly."""
        self.refresh()

    def on_key(self, event: events.Key) -> None:
        """Move, or jump by letter or number."""
        steps = {"left": -1, "right": 1, "space": 1}
        if event.key in steps:
            self._choose(self.index + steps[event.key])
        elif event.key in ("home", "end"):
            self._choose(0 if event.key == "home" else -1)
        elif not (event.is_printable and self._jump(event.character or "")):
            return
        event.stop()

    def _jump(self, character: str) -> bool:
        order = [(self.index + 1 + i) % len(self.options) for i in range(len(self.options))]
        for i in order:
            if self.options[i].lower().startswith(character.lower()):
                self._choose(i)
                return True
        return False

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked, or the next one."""
        left = 0
        for i, option in enumerate(self.options):
            cells = width(self._shown(option)) + 2
            if left <= event.x < left + cells:
                self._choose(i)
                return
            left += cells
