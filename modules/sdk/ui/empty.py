"""The one empty state: why there is nothing here, and which key changes that."""

from __future__ import annotations

from typing import Any

from rich.segment import Segment
from textual.strip import Strip

from modules.sdk.ui.cells import clean, cut, width
from modules.sdk.ui.tones import Drawn, Tones

Line = list[tuple[str, str]]


class Empty(Drawn):
    """A few centred lines. `why` has filter, filtered, hidden and tags (see `Why`)."""

    def __init__(
        self,
        teaches: str = "",
        why: Any = None,
        *,
        add_key: str = "a",
        imports: str = "",
        clear_scope_key: str = "#",
    ) -> None:
        super().__init__()
        self.teaches = teaches
        self.why = why
        self.add_key = add_key
        self.imports = imports
        self.clear_scope_key = clear_scope_key

    @property
    def text(self) -> str:
        """What it says, for tests and screen readers."""
        return "\n".join("".join(text for text, _ in line) for line in self.lines())

    def lines(self) -> list[Line]:
        """What it says, in tones."""
        filtered = bool(self.why and self.why.filter)
        hidden = self.why.hidden if self.why else 0
        lines: list[Line] = []
        if filtered and self.why.filtered:
            lines += self._filtered()
        elif hidden:
            lines += self._hidden()
        else:
            if filtered:
                lines += [
                    [
                        ("Nothing matches ", ""),
                        (f"/{self.why.filter}", "bold"),
                        (", and without the filter there is nothing either.", ""),
                    ]
                ]
            if self.why and self.why.tags:
                lines += [
                    [
                        ("The scene is narrowed to ", ""),
                        *self._tags(),
                        (", and without that there is nothing either.", ""),
                    ]
                ]
            lines += self._teach()
        return lines  # fmt: skip

    def _filtered(self) -> list[Line]:
        many = _records(self.why.filtered)
        return [
            [("Nothing matches ", ""), (f"/{clean(self.why.filter)}", "bold"), (".", "")],
            [(f"The filter hides {many}. ", "muted"), *_key("esc", "clears it")],
        ]

    def _hidden(self) -> list[Line]:
        return [
            [("Hidden by this scene's scope: ", ""), *self._tags()],
            [(f"It keeps {_records(self.why.hidden)} out. ", "muted"),
             *_key(self.clear_scope_key, "changes or clears the scope")],
        ]  # fmt: skip

    def _tags(self) -> Line:
        return [("  ".join(f"#{clean(tag)}" for tag in self.why.tags), "accent")]

    def _teach(self) -> list[Line]:
        lines: list[Line] = []
        for part in (self.teaches or "Nothing here yet.").splitlines():
            lines.append([(clean(part), "" if not lines else "muted")])
        if self.add_key:
            lines.append(_key(self.add_key, "adds the first"))
        if self.imports:
            lines.append([(clean(self.imports), "muted")])
        return lines

    def render_lines(self, crop: Any) -> list[Strip]:
        """Draw it in the upper third."""
        tones, wide, high = self.tones, self.size.width, self.size.height
        drawn = [line for whole in self.lines() for line in _wrapped(whole, wide - 4)]
        above = max(0, min((high - len(drawn)) // 3, high - len(drawn)))
        strips: list[Strip] = []
        for y in range(crop.y, crop.bottom):
            at = y - above
            if not 0 <= at < len(drawn):
                strips.append(Strip.blank(wide, tones.plain))
                continue
            strips.append(self._centred(drawn[at], wide, tones))
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def _centred(self, line: Line, wide: int, tones: Tones) -> Strip:
        has = sum(width(text) for text, _ in line)
        drawn = self.glyphs.drawn
        left = max(0, (wide - has) // 2) if drawn else 0
        segments = [Segment(" " * left, tones.plain)]
        segments += [Segment(text, tones[tone]) for text, tone in line]
        return Strip(segments).adjust_cell_length(wide, tones.plain)


def _records(count: int) -> str:
    return "1 record" if count == 1 else f"{count:,} records"


def _key(key: str, does: str) -> Line:
    return [(key, "accent"), (f" {does}", "muted")]


def _wrapped(line: Line, wide: int) -> list[Line]:
    """Break a line at spaces, keeping tones."""
    lines: list[Line] = [[]]
    used = 0
    for text, tone in line:
        for word in text.replace(" ", " \0").split("\0"):
            cells = width(word)
            if used + len(word.rstrip()) > wide and used:
                lines.append([])
                used = 0
            lines[-1].append((cut(word, max(1, wide)), tone))
            used += cells
    return lines


def put_empty(view: Any, empty: Empty | None, instead: Any) -> None:
    """Show the empty state of a view in the place of what it draws, or take it away."""
    view.query_children(Empty).remove()
    instead.display = empty is None
    if empty is not None:
        view.mount(empty, after=instead)
