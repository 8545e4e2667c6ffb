"""A pane of a scene: one line of title, an edge on its left, and a stack of views."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from typing import TYPE_CHECKING, Any

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from mana_tui.scene import PaneEntry
from mana_tui.widgets.drawn import Drawn, Part, both_ends
from mana_tui.widgets.missing import MissingView
from modules.sdk import registry
from modules.sdk.slot import resolve
from modules.sdk.ui.cells import clean, cut, width
from modules.sdk.ui.view import View
from storage.errors import DamagedError, ManaError, ModuleNotInSpace, NotFound

if TYPE_CHECKING:
    from mana_tui.workspace import Workspace
    from storage.store import Store

AGAIN = "Your data is as it was. Another scene and back shows the pane again."
FOLDED = 3
"""Columns of a collapsed pane."""


class PaneBox(Drawn):
    """Shows the top of its stack of views. It draws title and edge; the view the rest."""

    class Chosen(Message):
        """Somebody clicked into it."""

        def __init__(self, pane: PaneBox) -> None:
            super().__init__()
            self.pane = pane

    def __init__(
        self, workspace: Workspace, entry: PaneEntry, state: Mapping[str, Any]
    ) -> None:
        super().__init__()
        self.workspace = workspace
        self.entry = entry
        self.on = False
        self.gave_up = False
        self.icon = ""
        self.heading = entry.module.replace("-", " ").capitalize()
        self.stack: list[View[Any]] = []
        self.scoped: Store | None = None
        self._state = state or entry.state
        self._drawn: tuple[Any, Strip] | None = None

    # --- its views ---------------------------------------------------------------------

    def fill(self) -> None:
        """Make the pane's own view, the first time it is to be seen.

        Importing and mounting views is most of what starting costs: the active pane's is
        made first, and the others' after the first paint.
        """
        if self.stack:
            return
        view = self._first()
        self.stack.append(view)
        view.display = not self.entry.collapsed
        if self.scoped is not None:
            view.rescope(self.scoped)
        view.set_active(self.on)
        if self.is_attached:
            self.mount(view)
            self.refresh_line(0)

    def load_ahead(self, readers: Executor) -> None:
        """Make the view and let it load before anything is mounted."""
        self.fill()
        if self.view is not None and not self.entry.collapsed:
            self.view.load_ahead(readers)

    def _first(self) -> View[Any]:
        try:
            view = self._make()
        except ManaError as error:
            return MissingView(self.workspace, error=error)
        except Exception as error:  # noqa: BLE001 - a broken pane must not break the scene
            from mana_tui.crash import report

            return MissingView(self.workspace, error=DamagedError(report(error)))
        view.restore(self._state)
        return view

    def _make(self) -> View[Any]:
        module = registry.load(self.entry.module)
        self.icon, self.heading = module.icon, module.title
        space = self.workspace.space
        if space.type not in module.spaces:
            raise ModuleNotInSpace(f"{module.title} is not part of a {space.type} space.")
        for pane in module.panes:
            if pane.name == (self.entry.pane or module.panes[0].name):
                if self.entry.pane:
                    self.heading = pane.title
                return resolve(pane.view)(self.workspace, **pane.options)
        raise NotFound(f"{module.title} has no pane {self.entry.pane or 'at all'!r}.")

    @property
    def view(self) -> View[Any] | None:
        """The view on top; None while there is none yet."""
        return self.stack[-1] if self.stack else None

    @property
    def state(self) -> Mapping[str, Any]:
        """How its own view looks, to look so again."""
        return self.stack[0].state() if self.stack else self._state

    @property
    def module(self) -> str:
        """The module whose commands the pane's keys reach."""
        return self.entry.module

    def compose(self) -> Any:
        """The views there are; only the top one is displayed."""
        yield from self.stack

    def on_mount(self) -> None:
        """Show what the entry says."""
        self.apply(self.entry)

    async def push(self, view: View[Any]) -> None:
        """Put a view on top."""
        self.fill()
        self.stack[-1].display = False
        self.stack[-1].set_active(False)
        self.stack.append(view)
        await self.mount(view)
        view.set_active(self.on)
        self.refresh_line(0)

    async def pop(self) -> bool:
        """Take the top view off; False when it is the only one."""
        if len(self.stack) <= 1:
            return False
        gone = self.stack.pop()
        gone.display = False
        self.stack[-1].display = not self.entry.collapsed
        self.stack[-1].set_active(self.on)
        await gone.remove()
        self.refresh_line(0)
        return True

    async def give_up(self, sentence: str) -> None:
        """A view failed on a bug: say so in its place, and leave the rest alone."""
        self.gave_up = True
        gone = self.stack
        instead = MissingView(self.workspace, error=DamagedError(sentence, hint=AGAIN))
        self.stack = [instead]
        instead.display = not self.entry.collapsed
        await self.mount(instead)
        for view in gone:
            view.display = False
            await view.remove()
        self.refresh_line(0)

    def apply(self, entry: PaneEntry) -> None:
        """Another entry for the same pane: width and folding may differ."""
        self.entry = entry
        view = self.view
        if view is not None and view.display == entry.collapsed:
            view.display = not entry.collapsed
        self.refresh()

    def set_on(self, on: bool) -> None:
        """Keys come here now, or no longer."""
        if on == self.on:
            return
        self.on = on
        if self.view is not None:
            self.view.set_active(on)
        if self.entry.collapsed:
            self.refresh()
        else:  # the title and the edge, not what the view covers
            wide, high = self.size
            self.refresh(Region(0, 0, wide, 1), Region(0, 1, 1, high - 1))

    def rescope(self, store: Store) -> None:
        """Read through another scope from now on."""
        self.scoped = store
        for view in self.stack:
            view.rescope(store)

    def forget(self) -> None:
        """The vault was locked: nothing that was read stays."""
        for view in self.stack:
            view.clear_content()

    # --- drawing -------------------------------------------------------------------------

    def render_line(self, y: int) -> Strip:
        """The title, then the edge (the view covers the rest)."""
        wide = self.size.width
        if self.entry.collapsed:
            return self._folded(y, wide)
        if y == 0:
            return self.strip(self._title(wide), wide)
        return self._side(wide)

    def _side(self, wide: int) -> Strip:
        """A line below the title: the same strip for all, as nothing of it differs."""
        edge, tone = self._edge()
        key = (edge, wide, self.tones[tone], self.tones[""])
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = (key, self.strip([(edge, tone)], wide))
        return self._drawn[1]

    def _edge(self) -> Part:
        glyphs = self.glyphs
        if not glyphs.drawn:
            return " ", ""
        if glyphs.wall == "|":
            return ("#" if self.on else "|"), "edge-on" if self.on else "edge"
        return ("┃", "edge-on") if self.on else ("│", "edge")

    def _rule(self) -> tuple[str, str]:
        """What the title starts with, and the rule that fills it; both tell the active pane
        without colour."""
        glyphs = self.glyphs
        if not glyphs.drawn:
            return ("> " if self.on else "  "), " "
        if glyphs.wall == "|":
            return ("#> ", "=") if self.on else ("+- ", "-")
        return ("┏▸ ", "━") if self.on else ("┌─ ", "─")

    def _title(self, wide: int) -> list[Part]:
        start, rule = self._rule()
        edge = "edge-on" if self.on else "edge"
        name = f"{self.icon} {self.heading}".strip() + " "
        left: list[Part] = [(start, edge), (name, "heading" if self.on else "bold")]
        status = clean(self.view.status) if self.view is not None else ""
        right: list[Part] = (
            [(f" {status} ", "muted"), (rule, edge)] if status else [(rule, edge)]
        )
        room = wide - sum(width(text) for text, _ in (*left, *right))
        if room < 0:
            room = max(0, wide - width(start) - width(name) - 3)
            right = (
                [(f" {cut(status, room)} ", "muted"), (rule, edge)]
                if room > 4
                else [(rule, edge)]
            )
            return both_ends(left, right, wide, edge, rule)
        for title in self._path():
            if width(title) + 1 <= room:
                left.append((title + " ", "" if self.on else "muted"))
                room -= width(title) + 1
        return both_ends(left, right, wide, edge, rule)

    def _path(self) -> list[str]:
        """What the view shows, or the way to it through the stack."""
        before = "› " if len(self.stack) > 1 and self.glyphs.drawn else ""
        titles = [clean(view.title) for view in (self.stack[1:] or self.stack)]
        return [before + title for title in titles if title and title != self.heading]

    def _folded(self, y: int, wide: int) -> Strip:
        edge, tone = self._edge()
        text = f"{self.icon}  {self.heading}"
        letter = text[y - 1] if 0 < y <= len(text) else " "
        return self.strip([(edge, tone), (letter, "heading" if self.on else "muted")], wide)

    def retitled(self) -> None:
        """Title or status of the view changed."""
        self.refresh_line(0)

    def on_click(self, event: events.Click) -> None:  # noqa: ARG002 - anywhere will do
        """Make it the active pane."""
        self.post_message(self.Chosen(self))


def settled(view: View[Any]) -> bool:
    """Whether a view shows everything that was committed."""
    waits = view._knocked or view._loading or view._again  # noqa: SLF001 - nothing public says it
    return not waits
