"""The strip of panes of one scene: side by side, scrolled, paged, zoomed; never mounted anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult
from textual.containers import HorizontalScroll

from mana_tui.keymap import spell
from mana_tui.scene import PaneEntry, Scene, widths
from mana_tui.widgets.pane import FOLDED, PaneBox, settled
from modules.sdk.ui.empty import Empty

if TYPE_CHECKING:
    from mana_tui.app import ManaApp
    from mana_tui.workspace import Workspace

PATIENCE = 20
"""Hundredths of a second the other panes wait for the active one to load."""

PAGED = 80
"""Below so many columns one pane is shown at a time."""


class SceneStrip(HorizontalScroll, can_focus=False, inherit_bindings=False):
    """One scene on screen. Hidden scenes stay mounted and load nothing."""

    app: ManaApp  # type: ignore[assignment]

    def __init__(
        self, workspace: Workspace, scene: Scene, states: Mapping[str, Any]
    ) -> None:
        super().__init__()
        self.workspace = workspace
        self.scene = scene
        self.active = 0
        self.zoomed = False
        self.panes = [
            PaneBox(workspace, entry, states.get(entry.key, {})) for entry in scene.panes
        ]
        self._room = 0
        self._scope: tuple[str, ...] = ()
        self._rescope(self.panes)

    def compose(self) -> ComposeResult:
        """The panes, as wide as they will be: a second layout costs as much as the first."""
        self._room = self.app.size.width
        self.arrange_panes()
        yield from self.panes
        if not self.panes:
            yield self._nothing()

    def _nothing(self) -> Empty:
        """What stands where there are no panes, with the keys that are in effect."""
        keys = self.app.keymap
        add, menu = (
            spell(found[0]) if (found := keys.keys_of(id)) else f":{id}"
            for id in ("pane.add", "scene.menu")
        )
        return Empty(
            "This scene has no panes.\n"
            f"{add} adds one: a list, a calendar, notes, …\n"
            f"{menu} goes to another scene, or deletes this one.",
            add_key="",
        )

    @property
    def pane(self) -> PaneBox | None:
        """The active pane, or None in an empty scene."""
        return self.panes[self.active] if self.panes else None

    @property
    def paged(self) -> bool:
        """Whether one pane is shown at a time."""
        return self.zoomed or 0 < self._room < PAGED

    # --- filling the panes ------------------------------------------------------------------

    def on_mount(self) -> None:
        """The active pane first; the others when it is painted."""
        self._fill_next()

    @property
    def filled(self) -> bool:
        """Whether every pane in sight has its view."""
        return not self._empty()

    def _empty(self) -> list[PaneBox]:
        waits = [pane for pane in self.panes if not pane.stack and pane.display]
        if self.paged or not self._room:
            waits = [pane for pane in waits if pane is self.pane]
        return sorted(waits, key=lambda pane: pane is not self.pane)

    def _fill_next(self, patience: int = PATIENCE) -> None:
        """Fill a pane; the others when the active one shows what it holds, or is slow."""
        waits = self._empty()
        first = self.pane.view if self.pane is not None else None
        if waits and first is not None and patience and not settled(first):
            self.set_timer(0.01, lambda: self._fill_next(patience - 1))
            return
        if waits and self.is_attached:
            waits[0].fill()
        if len(waits) > 1:
            self.call_after_refresh(self._fill_next)

    # --- the active pane --------------------------------------------------------------------

    def go_to(self, index: int) -> None:
        """Make a pane the active one and bring it into sight."""
        if not self.panes:
            return
        index %= len(self.panes)
        before, self.active = self.pane, index
        if before is not None and before is not self.panes[index]:
            before.set_on(False)
        self.panes[index].set_on(True)
        if self.paged:
            self.arrange_panes()
        else:
            self.reveal()
        self.panes[index].fill()

    def reveal(self) -> None:
        """Scroll sideways until the active pane is in sight; at once, without animation."""
        if self.pane is None or self._room == 0:
            return
        given = self._widths()
        left = sum(given[: self.active])
        right = left + given[self.active]
        at = self.scroll_offset.x
        wanted = (
            left if left < at or right - left > self._room else max(at, right - self._room)
        )
        if wanted != at:
            self.scroll_to(x=wanted, animate=False, force=True, immediate=True)

    # --- layout ----------------------------------------------------------------------------

    def _widths(self) -> list[int]:
        return widths([pane.entry for pane in self.panes], self._room, folded=FOLDED)

    def on_resize(self, event: events.Resize) -> None:
        """Share the room anew."""
        if event.size.width != self._room:
            self._room = event.size.width
            self.arrange_panes()
            self.call_after_refresh(self.reveal)
            self.call_after_refresh(self._fill_next)

    def arrange_panes(self) -> None:
        """Give every pane its width; in a pager only the active one is displayed."""
        if not self._room:
            return
        given = self._widths()
        paged = self.paged
        with self.app.batch_update():
            for n, pane in enumerate(self.panes):
                shown = not paged or n == self.active
                if pane.display != shown:
                    pane.display = shown
                wide = self._room if paged else given[n]
                if pane.styles.width is None or pane.styles.width.value != wide:
                    pane.styles.width = wide

    def zoom(self) -> bool:
        """Only the active pane, or all of them again; whether it is zoomed now."""
        self.zoomed = not self.zoomed
        self.arrange_panes()
        if not self.zoomed:
            self.call_after_refresh(self.reveal)
            self._fill_next()
        return self.zoomed

    # --- another version of the scene ------------------------------------------------------------

    async def apply(self, scene: Scene) -> None:
        """Show another version of the scene, keeping every pane that is still there."""
        self.scene = scene
        known = {pane.entry.key: pane for pane in self.panes}
        active = self.pane.entry.key if self.pane else ""
        panes = [self._kept(known, entry) for entry in scene.panes]
        gone = [pane for pane in self.panes if pane not in panes]
        fresh = [pane for pane in panes if pane not in self.panes]
        self.panes = panes
        for pane in gone:
            await pane.remove()
        if not panes and gone:
            await self.mount(self._nothing())
        elif panes:
            await self.query_children(Empty).remove()
        if fresh:
            await self.mount(*fresh)
        self._put_in_order()
        self._rescope(fresh if scene.scope == self._scope else self.panes)
        keys = [pane.entry.key for pane in panes]
        at = keys.index(fresh[0].entry.key) if fresh and known else -1
        if at < 0:
            at = keys.index(active) if active in keys else min(self.active, len(panes) - 1)
        self.active = max(0, at)
        self.zoomed = self.zoomed and not fresh
        for n, pane in enumerate(panes):
            pane.set_on(n == self.active)
        self.arrange_panes()
        self.call_after_refresh(self.reveal)
        self._fill_next()

    def _kept(self, known: Mapping[str, PaneBox], entry: PaneEntry) -> PaneBox:
        pane = known.get(entry.key)
        if pane is None or (pane.entry.module, pane.entry.pane) != (
            entry.module,
            entry.pane,
        ):
            return PaneBox(self.workspace, entry, {})
        pane.apply(entry)
        return pane

    async def mend(self) -> None:
        """Make panes anew that gave up; called when the scene is shown again."""
        for n, pane in enumerate(self.panes):
            if pane.gave_up:
                self.panes[n] = PaneBox(self.workspace, pane.entry, {})
                await self.mount(self.panes[n], after=pane)
                await pane.remove()
                self._rescope([self.panes[n]])
        self.arrange_panes()
        self.go_to(self.active)
        self._fill_next()

    def _put_in_order(self) -> None:
        """Move the panes to where the scene has them; nothing is mounted anew."""
        for place, pane in enumerate(self.panes):
            if self.children[place] is not pane:
                self.move_child(pane, before=place)

    def _rescope(self, panes: list[PaneBox]) -> None:
        from msgspec.structs import replace

        self._scope = self.scene.scope
        store = self.workspace.store
        if not self._scope and all(pane.scoped is None for pane in panes):
            return
        scoped = store.within(replace(store.scope, tags=self._scope))
        for pane in panes:
            pane.rescope(scoped)

    # --- what is remembered --------------------------------------------------------------------------

    def states(self) -> dict[str, Any]:
        """How the panes look, by key: for the vault, not for the scene's history."""
        return {pane.entry.key: dict(pane.state) for pane in self.panes}

    def forget(self) -> None:
        """The vault was locked."""
        for pane in self.panes:
            pane.forget()
