"""The one picker: palette, scenes, spaces, panes, keys, search, trash, history, questions.

It is mounted once, hidden, and opened with a `Picking`: that takes a layout and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from textual import events
from textual.strip import Strip

from mana_tui.palette import Choice, hit_letters, rank
from mana_tui.widgets.drawn import Part, both_ends
from mana_tui.widgets.typed import Typed
from modules.sdk.ui.cells import clean, cut, fit, width

WIDEST = 92
TALLEST = 24


class Picking(msgspec.Struct):
    """What to pick from, and what happens then.

    `free` takes typed text that is no choice. `search` is asked for other choices after
    every letter, instead of ranking. `also` are further keys: (what they do, function of
    the choice under the cursor). `marks` lets space or tab tick several, and gets
    them with the typed text. `left` is called when nothing was picked.
    """

    title: str
    choices: Sequence[Choice] = ()
    picked: Callable[[Choice], Any] | None = None
    free: Callable[[str], Any] | None = None
    search: Callable[[str], Any] | None = None
    marks: Callable[[list[Choice], str], Any] | None = None
    also: Mapping[str, tuple[str, Callable[[Choice], Any]]] = {}
    left: Callable[[], Any] | None = None
    text: str = ""
    placeholder: str = ""
    empty: str = "Nothing fits."
    enter: str = "choose"
    start: int = 0


class Picker(Typed):
    """Shows a Picking over the panes, opaque, until something is chosen or escape."""

    def __init__(self) -> None:
        super().__init__(id="picker")
        self.picking: Picking | None = None
        self.shown: list[Choice] = []
        self.at = 0
        self.top = 0
        self._then: Callable[[], Any] = lambda: None

    # --- opening and closing -----------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Whether it is on screen."""
        return self.picking is not None

    def open(self, picking: Picking, then: Callable[[], Any]) -> None:
        """Show it; `then` is called when it is closed, before what was picked happens."""
        self.picking, self._then = picking, then
        self.line.set(picking.text)
        self.at = self.top = 0
        self._filter()
        self._to(picking.start)
        self.fit_screen()
        self.display = True
        self.refresh()
        self.take_keys()

    def fit_screen(self) -> None:
        """Take a place in the upper middle, as large as the terminal allows."""
        wide, high = self.app.size
        w = min(WIDEST, wide - (4 if wide > 60 else 0))
        h = min(TALLEST, high - (4 if high > 20 else 1 if high > 12 else 0))
        self.styles.width, self.styles.height = w, h
        top = max(0, min(3, (high - h) // 2))
        self.styles.margin = (top, 0, 0, max(0, (wide - w) // 2))

    def close(self) -> Picking | None:
        """Leave the screen and forget what was on it."""
        was, self.picking = self.picking, None
        self.display = False
        self.shown = []
        self.line.set("")
        then, self._then = self._then, lambda: None
        then()
        return was

    # --- what it shows ------------------------------------------------------------------------

    def typed(self) -> None:
        """Narrow to what fits."""
        self._filter()
        self.refresh()

    def _filter(self) -> None:
        if self.picking is None:
            return
        if self.picking.search is not None:
            self.picking.search(self.line.text)
            if not self.line.text.strip():
                self.set_choices(self.picking.choices)
            return
        query = self.line.text
        self.shown = (
            rank(query, self.picking.choices)
            if query.strip()
            else list(self.picking.choices)
        )
        self.top = 0
        self.at = self._alive(0, 1)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Other choices, such as a search brings."""
        self.shown = list(choices)
        self.top = 0
        self.at = self._alive(0, 1)
        self.refresh()

    def replace(self, choices: Sequence[Choice]) -> None:
        """The choices changed underneath: keep the cursor's place."""
        if self.picking is None:
            return
        self.picking.choices = list(choices)
        at = self.at
        self._filter()
        self._to(min(at, len(self.shown) - 1))
        self.refresh()

    def _alive(self, at: int, step: int) -> int:
        """The nearest choice that can be picked; headings are skipped."""
        place = at
        while 0 <= place < len(self.shown):
            if not self.shown[place].dead:
                return place
            place += step
        return at if not self.shown else max(0, min(at, len(self.shown) - 1))

    @property
    def current(self) -> Choice | None:
        """The choice under the cursor."""
        if 0 <= self.at < len(self.shown) and not self.shown[self.at].dead:
            return self.shown[self.at]
        return None

    @property
    def rows(self) -> int:
        """How many choices are in sight."""
        return max(1, self.size.height - 4)

    def _to(self, at: int, step: int = 1) -> None:
        if not self.shown:
            return
        self.at = self._alive(max(0, min(at, len(self.shown) - 1)), step)
        rows = self.rows if self.size.height else TALLEST - 4
        if self.at < self.top:
            self.top = self.at if self.at != 1 or not self.shown[0].dead else 0
        elif self.at >= self.top + rows:
            self.top = self.at - rows + 1
        self.refresh()

    # --- keys -----------------------------------------------------------------------------------

    def pressed(self, key: str) -> bool:
        """Move, choose, leave; everything else is typed."""
        picking = self.picking
        if picking is None or self._further(picking, key):
            return True
        move = MOVES.get(key)
        if move is not None:
            self._move(move)
        elif key == "escape":
            self._leave()
        elif key == "enter":
            self._pick()
        elif picking.marks is not None and (
            key == "tab" or (key == "space" and not self.line.text)
        ):
            self._tick()
        elif key == "backspace" and not self.line.text:
            return True
        else:
            return key in ("tab", "shift+tab")
        return True

    def _further(self, picking: Picking, key: str) -> bool:
        if key not in picking.also:
            return False
        if (choice := self.current) is not None:
            picking.also[key][1](choice)
        return True

    def _move(self, move: int | str) -> None:
        rows = self.rows
        if isinstance(move, int):
            self._to(self.at + move, 1 if move > 0 else -1)
        else:
            self._to(
                self.at + (rows if move == "down" else -rows), 1 if move == "down" else -1
            )

    def _tick(self) -> None:
        choice = self.current
        if choice is not None and choice.mark is not None:
            choice.mark = not choice.mark
            self._to(self.at + 1)

    def _leave(self) -> None:
        was = self.close()
        if was is not None and was.left is not None:
            was.left()

    def _pick(self) -> None:
        picking, choice, text = self.picking, self.current, self.line.text
        if picking is None:
            return
        if picking.marks is not None:
            ticked = [one for one in picking.choices if one.mark]
            self.close()
            picking.marks(ticked, text.strip())
        elif choice is not None and picking.picked is not None:
            self.close()
            picking.picked(choice)
        elif picking.free is not None and (text.strip() or not picking.choices):
            self.close()
            picking.free(text.strip())
        elif picking.picked is None and picking.free is None:
            self._leave()

    # --- mouse -----------------------------------------------------------------------------------

    def on_click(self, event: events.Click) -> None:
        """Choose by clicking."""
        event.stop()
        at = self.top + event.y - 3
        if event.y >= 3 and 0 <= at < len(self.shown) and not self.shown[at].dead:
            self.at = at
            self._pick()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Move down."""
        event.stop()
        self._to(self.at + 3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Move up."""
        event.stop()
        self._to(self.at - 3, -1)

    # --- drawing ----------------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """A frame; title, line, choices, what keys do."""
        wide, high = self.size
        if self.picking is None:
            return Strip.blank(wide)
        if y == 0:
            return self._top(wide)
        if y == high - 1:
            return self._bottom(wide)
        if y == 1:
            parts = self._typed_line(wide - 4)
        elif y == 2:
            parts = [(self._rule * (wide - 4), "edge")]
        else:
            at = self.top + y - 3
            parts = self._choice(at, wide - 4) if at < len(self.shown) else self._nothing(y)
        wall = self.glyphs.wall
        inside = both_ends(parts, [], wide - 4, "")
        return self.strip([(wall + " ", "edge-on"), *inside, (" " + wall, "edge-on")], wide)

    @property
    def _rule(self) -> str:
        return self.glyphs.rule

    def _corners(self) -> str:
        if not self.glyphs.drawn:
            return "    "
        return "++++" if self.glyphs.wall == "|" else "╭╮╰╯"

    def _top(self, wide: int) -> Strip:
        assert self.picking is not None
        a, b, _, _ = self._corners()
        count = sum(not one.dead for one in self.shown)
        right: list[Part] = (
            [(f" {count} ", "muted"), (self._rule + b, "edge-on")]
            if count
            else [(b, "edge-on")]
        )
        left: list[Part] = [
            (a + self._rule, "edge-on"),
            (f" {self.picking.title} ", "heading"),
        ]
        return self.strip(both_ends(left, right, wide, "edge-on", self._rule), wide)

    def _bottom(self, wide: int) -> Strip:
        assert self.picking is not None
        _, _, c, d = self._corners()
        keys = (
            [("enter", self.picking.enter)]
            if self.picking.picked or self.picking.free
            else []
        )
        if self.picking.marks is not None:
            keys = [("space", "tick"), ("enter", self.picking.enter)]
        keys += [(key, said) for key, (said, _) in self.picking.also.items()]
        keys.append(("esc", "close"))
        left: list[Part] = [(c + self._rule, "edge-on")]
        for key, said in keys:
            left += [(f" {key}", "key"), (f" {said} ", "muted")]
        return self.strip(
            both_ends(left, [(d, "edge-on")], wide, "edge-on", self._rule), wide
        )

    def _typed_line(self, room: int) -> list[Part]:
        assert self.picking is not None
        mark = ("> " if self.glyphs.wall == "|" else "› ") if self.glyphs.drawn else ""
        before = min(room, width(mark) + width(self.line.text[: self.line.at]))
        self.put_cursor(2 + before, 1)
        if not self.line.text and self.picking.placeholder:
            return [(mark, "key"), (" ", "reverse"), (self.picking.placeholder, "faint")]
        return [(mark, "key"), *self.line_parts(room - width(mark), "bold")]

    def _nothing(self, y: int) -> list[Part]:
        assert self.picking is not None
        if y == 3 and not self.shown:
            return [(self.picking.empty, "muted")]
        return []

    def _choice(self, at: int, room: int) -> list[Part]:
        choice = self.shown[at]
        if choice.dead:
            return [
                (clean(choice.title), choice.tone or "muted"),
                (f"  {clean(choice.detail)}", "muted"),
            ]
        on = at == self.at
        marker = (self.glyphs.cursor if on else " ") + " "
        if choice.mark is not None:
            marker += f"{self.glyphs.done if choice.mark else self.glyphs.todo} "
        if choice.icon:
            marker += fit(clean(choice.icon), 2)
        keys = f" {clean(choice.keys)}" if choice.keys else ""
        space = room - width(marker) - width(keys)
        title = cut(clean(choice.title), space)
        rest = space - width(title) - 2
        detail = cut(clean(choice.detail), rest) if rest > 8 and choice.detail else ""
        pad = " " * max(0, space - width(title) - (width(detail) + 2 if detail else 0))
        if on:
            return [
                (marker + title, "cursor"),
                (f"  {detail}" if detail else "", "cursor"),
                (pad + keys, "cursor"),
            ]
        parts: list[Part] = [(marker, "faint"), *self._letters(title, choice.tone)]
        parts += [(f"  {detail}" if detail else "", "muted"), (pad, ""), (keys, "key")]
        return parts

    def _letters(self, title: str, tone: str) -> list[Part]:
        hits = hit_letters(self.line.text, title) if self.line.text else set()
        if not hits:
            return [(title, tone)]
        parts: list[Part] = []
        for place, letter in enumerate(title):
            one = "accent" if place in hits else tone
            if parts and parts[-1][1] == one:
                parts[-1] = (parts[-1][0] + letter, one)
            else:
                parts.append((letter, one))
        return parts


MOVES: dict[str, int | str] = {
    "down": 1, "ctrl+n": 1, "ctrl+j": 1, "up": -1, "ctrl+p": -1, "pagedown": "down", "pageup": "up",
}  # fmt: skip
