"""The scenes of the active space on screen: which there are, which is shown, what changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from textual.containers import Container
from textual.timer import Timer

from mana_tui.scene import Scene, clamped, scenes
from mana_tui.scenes import COMMANDS
from mana_tui.widgets.pane import PaneBox
from mana_tui.widgets.strip import SceneStrip
from modules.sdk.ui.view import View
from storage.change import Commit

if TYPE_CHECKING:
    from mana_tui.widgets.workbench import Workbench

FOLLOWED = frozenset({"scene", "tag", "space"})
LINGER = 0.6
"""Seconds after the last `<` or `>` until the width is stored, as one undo."""

REMEMBERED = "scene-states"


class Desk(Container, can_focus=False):
    """Holds one strip per scene that was shown; only the active one is displayed."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self.bench = bench
        self.workspace = bench.workspace
        self.scenes: list[Scene] = []
        self.at = 0
        self.scope_names: list[str] = []
        self.strips: dict[str, SceneStrip] = {}
        self._states: dict[str, Any] = {}
        self._unlisten: Callable[[], None] = lambda: None
        self._dirty = False
        self._width: tuple[str, int, int] | None = None
        self._linger: Timer | None = None
        self._read_scenes()
        self._states = self._remembered()
        self.at = self._last_scene()
        self._first = self._make_strip(self.scene)

    # --- what there is ------------------------------------------------------------------------

    def _read_scenes(self) -> None:
        self.scenes = scenes(self.workspace.store, self.workspace.space)
        self.at = min(self.at, len(self.scenes) - 1)
        self._name_scope()

    def _name_scope(self) -> None:
        scope = self.scene.scope
        names = self.workspace.store.tag_names() if scope else {}
        self.scope_names = [names[tag] for tag in scope if tag in names]

    def _last_scene(self) -> int:
        if self.workspace.paths is None:
            return 0
        from mana_tui.session import active_scene

        wanted = active_scene(self.workspace.paths, self.workspace.space.id)
        return next((n for n, s in enumerate(self.scenes) if s.id == wanted), 0)

    @property
    def scene(self) -> Scene:
        """The active scene."""
        return self.scenes[self.at]

    @property
    def strip(self) -> SceneStrip | None:
        """The strip of the active scene; None while the vault is being locked."""
        return self.strips.get(self.scene.id) if self.scenes else None

    @property
    def pane(self) -> PaneBox | None:
        """The active pane."""
        strip = self.strip
        return strip.pane if strip is not None else None

    @property
    def view(self) -> View[Any] | None:
        """The view keys go to."""
        pane = self.pane
        return pane.view if pane is not None else None

    def compose(self) -> Any:
        """The strip of the scene shown first; the others are mounted when they are shown."""
        yield self._first

    def on_mount(self) -> None:
        """Follow commits that touch scenes."""
        self._unlisten = self.workspace.vault.listen(self._committed)
        if self._first.panes:
            self._first.go_to(0)

    def on_unmount(self) -> None:
        """Stop following."""
        self._unlisten()

    def _make_strip(self, scene: Scene) -> SceneStrip:
        strip = SceneStrip(self.workspace, scene, self._states.get(scene.id, {}))
        self.strips[scene.id] = strip
        return strip

    # --- other scenes ---------------------------------------------------------------------------

    def goto_scene(self, index: int) -> None:
        """Show a scene; one that was never shown is mounted."""
        if not 0 <= index < len(self.scenes):
            self.bench.say(f"There is no scene {index + 1}.")
            return
        if index != self.at:
            self._show(index)

    def goto_scene_id(self, id: str) -> None:
        """Show a scene by its id, if it is there."""
        for n, scene in enumerate(self.scenes):
            if scene.id == id:
                self.goto_scene(n)

    def step_scene(self, step: int) -> None:
        """Show the scene so many places on, round the ends."""
        self._show((self.at + (step or 1)) % len(self.scenes))

    def _show(self, index: int) -> None:
        self.flush()
        before = self.strip
        self.at = index
        with self.app.batch_update():
            if before is not None:
                before.display = False
                if before.pane is not None:
                    before.pane.set_on(False)
            strip = self.strip
            if strip is None:
                strip = self._make_strip(self.scene)
                self.mount(strip)
                self.call_after_refresh(self._enter, strip)
            else:
                strip.display = True
                self._enter(strip)
            self._name_scope()
            self.bench.refresh_bars()
        self._remember_scene()

    def _enter(self, strip: SceneStrip) -> None:
        if strip is self.strip and strip.panes:
            strip.go_to(strip.active)
            self.bench.foot.refresh()
            if any(pane.gave_up for pane in strip.panes):
                self.bench.run_worker(strip.mend(), group="mend")

    def _remember_scene(self) -> None:
        if self.workspace.paths is not None:
            from mana_tui.session import remember_scene

            remember_scene(self.workspace.paths, self.workspace.space.id, self.scene.id)

    # --- panes ------------------------------------------------------------------------------------

    def step_pane(self, step: int) -> None:
        """The pane so many places on, round the ends."""
        strip = self.strip
        if strip is None or not strip.panes:
            return
        strip.go_to(strip.active + (step or 1))
        self.bench.foot.refresh()

    def goto_pane(self, pane: PaneBox) -> None:
        """Make a pane of the active scene the active one."""
        strip = self.strip
        if strip is not None and pane in strip.panes and pane is not strip.pane:
            strip.go_to(strip.panes.index(pane))
            self.bench.foot.refresh()

    def zoom(self) -> None:
        """The active pane alone, or all again."""
        if self.strip is not None and self.strip.panes:
            self.strip.zoom()
            self.bench.foot.refresh()

    def change(self, command_id: str, **values: Any) -> None:
        """Run a scene command on the active scene, the active pane first where it wants one."""
        strip = self.strip
        given: dict[str, Any] = {"scene": self.scene.id}
        if any(param.name == "pane" for param in COMMANDS[command_id].params):
            if strip is None or not strip.panes:
                self.bench.say("There is no pane here.", kind="error")
                return
            given["pane"] = strip.active + 1
        self.flush()
        self.bench.runner.start(command_id, given | values)

    def move_pane(self, step: int) -> None:
        """Change places with a neighbour."""
        strip = self.strip
        if strip is None or not strip.panes:
            return
        to = max(0, min(strip.active + (step or 1), len(strip.panes) - 1))
        if to != strip.active:
            self.change("scene.move-pane", to=to + 1)

    def collapse_pane(self) -> None:
        """Fold or unfold the active pane."""
        self.change("scene.collapse")

    def remove_pane(self) -> None:
        """Take the active pane out."""
        self.change("scene.remove-pane")

    def set_scope(self, names: tuple[str, ...]) -> None:
        """Narrow the scene to these tags (names), or to none."""
        self.change("scene.scope", tags=names)

    def widen(self, columns: int) -> None:
        """Make the active pane wider at once; store it when the pressing is over."""
        strip = self.strip
        if strip is None or strip.pane is None or strip.paged or strip.pane.entry.collapsed:
            return
        width = clamped((strip.pane.entry.width or strip.pane.outer_size.width) + columns)
        strip.pane.apply(msgspec.structs.replace(strip.pane.entry, width=width))
        strip.arrange_panes()
        strip.reveal()
        self._width = (self.scene.id, strip.active + 1, width)
        if self._linger is not None:
            self._linger.stop()
        self._linger = self.set_timer(LINGER, self.flush)

    def flush(self) -> None:
        """Store a width that was changed just now."""
        if self._linger is not None:
            self._linger.stop()
            self._linger = None
        if self._width is not None:
            scene, pane, width = self._width
            self._width = None
            self.bench.runner.start(
                "scene.width", {"scene": scene, "pane": pane, "width": width}
            )

    # --- following commits --------------------------------------------------------------------------

    def _committed(self, commit: Commit) -> None:
        if commit.kinds & FOLLOWED and not self._dirty:
            self._dirty = True
            self.bench.from_thread(self.follow)

    @property
    def settled(self) -> bool:
        """Whether everything committed is on screen, in every pane there is."""
        return not self._dirty and (self.strip is None or self.strip.filled)

    async def follow(self) -> None:
        """Scenes, tags or spaces changed: show them as they are now."""
        if not self.is_attached:
            return
        try:
            await self._apply()
        finally:
            self._dirty = False

    async def _apply(self) -> None:
        shown = self.scene.id
        self.workspace.switch(self.workspace.space.id)
        self._read_scenes()
        ids = [scene.id for scene in self.scenes]
        for id in [id for id in self.strips if id not in ids]:
            await self.strips.pop(id).remove()
        for scene in self.scenes:
            strip = self.strips.get(scene.id)
            if strip is not None and strip.scene != scene:
                await strip.apply(scene)
        self.at = ids.index(shown) if shown in ids else min(self.at, len(ids) - 1)
        for id, strip in self.strips.items():
            strip.display = id == self.scene.id
        if self.strip is None or not self.strip.display:
            self._show(self.at)
        self._name_scope()
        self.bench.refresh_bars()

    # --- what is remembered ----------------------------------------------------------------------------

    def _remembered(self) -> dict[str, Any]:
        text = self.workspace.vault.meta(f"{REMEMBERED}:{self.workspace.space.id}")
        found = msgspec.json.decode(text) if text else {}
        return found if isinstance(found, dict) else {}

    def remember(self) -> None:
        """Keep how the panes look: in the vault, outside its history."""
        self.flush()
        for id, strip in self.strips.items():
            self._states[id] = strip.states()
        text = msgspec.json.encode(self._states).decode()
        self.workspace.vault.meta(f"{REMEMBERED}:{self.workspace.space.id}", text)

    def forget(self) -> None:
        """The vault was locked: nothing that was read stays on screen."""
        for strip in self.strips.values():
            strip.forget()
        self.scenes = self.scenes[:0]
        self.scope_names = []
