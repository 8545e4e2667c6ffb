"""The terminal app: opens the vault, shows the workbench, locks it again."""

# ruff: noqa: E402 - two things must happen before Textual is imported

from __future__ import annotations

import gc
import os

gc.disable()  # until the first paint; see `on_ready`
os.environ.setdefault("TEXTUAL_FPS", "240")
os.environ.setdefault("ESCDELAY", "25")

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import events
from textual.binding import Binding

from mana_tui import crash, jobs
from mana_tui.appearance import Appearance, textual_theme
from mana_tui.background import LOOK, Background
from mana_tui.screens.main import MainScreen
from mana_tui.widgets.keystream import KeyStream
from mana_tui.widgets.picker import Picker
from mana_tui.widgets.toast import Toast
from mana_tui.widgets.workbench import Workbench
from mana_tui.workspace import Workspace
from storage.errors import ManaError

if TYPE_CHECKING:
    from mana_tui.config import Config
    from mana_tui.paths import Paths
    from mana_tui.setup import Setup
    from mana_tui.widgets.capturebar import CaptureBar
    from mana_tui.widgets.sheet import Sheet
    from storage.vault import Vault

HERE = Path(__file__).parent
KIT = HERE.parent / "modules" / "sdk" / "ui" / "styles.tcss"
POLL = 0.25
"""Seconds between two looks for commits of other processes."""

PATIENCE = 0.25
"""Seconds the first paint waits for the rows of the active pane."""

WARM = 0.3
"""Seconds after the first paint until what must open fast is made ready."""

Opener = Callable[[str | None], "Vault | None"]
"""The vault by a passphrase; for None by an open session, or None where there is none."""


class ManaApp(Background):
    """One vault on one terminal."""

    CSS_PATH = [KIT, HERE / "styles" / "mana.tcss"]
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None
    TITLE = "mana"
    BINDINGS = [
        Binding("ctrl+q", "leave", show=False),
        Binding("ctrl+c", "leave_hint", show=False),
    ]

    def __init__(
        self,
        opener: Opener,
        *,
        paths: Paths | None = None,
        config: Config | None = None,
        create: Callable[[str], None] | None = None,
        make: Callable[[Vault], Workspace] | None = None,
        linear: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.paths = paths
        self.opener = opener
        self.creator = create
        self.make = make or (lambda vault: Workspace(vault, config=config, paths=paths))
        self.appearance = Appearance(config, paths, linear=linear)
        self.glyphs = self.appearance.glyphs()
        self.keymap = self.appearance.keymap()
        self.stream = KeyStream(self)
        self._prepared = False
        self.readers = ThreadPoolExecutor(4, "reading")
        self.bench: Workbench | None = None
        self.jobs: jobs.Jobs | None = None
        self.picker = Picker()
        self.toast = Toast()
        self.bar: CaptureBar | None = None
        self.sheet: Sheet | None = None
        self.animation_level = "none"
        self._seen = self.appearance.signature()
        self.choose_theme()

    def choose_theme(self, name: str = "", *, keep: bool = False) -> None:
        """Look like a theme (the settings' own); an unusable one is not used."""
        chosen = self.appearance.theme(name)
        self.register_theme(textual_theme(chosen))
        self.theme = chosen.name
        if keep:
            self.appearance.keep_theme(chosen.name)
        self._complain()

    # --- start ----------------------------------------------------------------------------

    def get_default_screen(self) -> MainScreen:
        """A screen that styles its widgets once."""
        return MainScreen(id="_default")

    def compose(self) -> Any:
        """The workbench at once when a session is open; what lies over it, hidden.

        What lies over it comes first: then the order Textual gives the workbench does not
        change when something opens, and only what is covered is drawn.
        """
        yield self.picker
        yield self.toast
        self.prepare()
        if self.bench is not None:
            yield self.bench

    def prepare(self) -> None:
        """Open what an open session allows, and let the first pane load while Textual
        starts: `run` calls it before, so that both happen at once."""
        if self._prepared:
            return
        self._prepared = True
        with self._context():
            vault = self.opener(None)
            if vault is None:
                return
            self.bench = Workbench(self.make(vault), self.keymap)
            if (pane := self.bench.desk.pane) is not None:
                pane.load_ahead(self.readers)

    async def on_mount(self) -> None:
        """Few threads, each with its own connection; ask for the passphrase if need be."""
        asyncio.get_running_loop().set_default_executor(self.readers)
        if self.bench is None:
            await self._show_gate()

    def before_first_paint(self) -> None:
        """One paint with rows comes sooner than one without and one with them."""
        view = self.bench.desk.view if self.bench is not None else None
        if view is not None and view.is_attached:
            view.take_ahead(PATIENCE)

    def refresh_css(self, animate: bool = True) -> None:
        """Before anything is mounted the theme's colours suffice: styles are read next."""
        if self._is_mounted:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def on_ready(self) -> None:
        """After the first paint: what was made stays; collect rarely, when nobody types."""
        gc.freeze()
        gc.set_threshold(50_000, 50, 1000)
        gc.enable()
        self.set_interval(POLL, self._poll)
        self.set_interval(LOOK, self._look)
        self.set_timer(WARM, self._warm)
        self.set_timer(WARM, self._settle)
        self.set_timer(jobs.FIRST, self._work)
        self.set_interval(jobs.LOOK, self._work)
        self._complain()

    # --- keys -----------------------------------------------------------------------------

    async def on_event(self, event: events.Event) -> None:
        """Keys go to who they are meant for in the order they were typed."""
        if (
            isinstance(event, (events.Key, events.Paste))
            and not event.is_forwarded
            and self.stream.take(event)
        ):
            return
        await super().on_event(event)

    # --- lock, unlock, spaces ------------------------------------------------------------------

    async def _show_gate(self, said: str = "") -> None:
        from mana_tui.screens.gate import Gate

        await self.mount(Gate(said, create=self._must_create()))

    def _must_create(self) -> bool:
        from mana_tui.session import has_vault

        return (
            self.paths is not None
            and self.creator is not None
            and not has_vault(self.paths)
        )

    async def enter(self, vault: Vault) -> None:
        """The vault is open: show the workbench."""
        from mana_tui.screens.gate import Gate

        await self.query(Gate).remove()
        await self._show(Workbench(self.make(vault), self.keymap))
        self.set_timer(WARM, self._settle)

    async def _show(self, bench: Workbench) -> None:
        self.bench = bench
        self.stream.touched = time.monotonic()
        await self.mount(bench)
        self.set_timer(WARM, self._warm)

    async def lock(self, said: str = "") -> None:
        """Take everything read off the screen, close the vault, ask for the passphrase."""
        bench, self.bench = self.bench, None
        if bench is None:
            return
        await self._leave(bench)
        bench.workspace.close()
        if self.paths is not None:
            from mana_tui.session import lock as end_session

            try:
                end_session(self.paths)
            except ManaError as error:
                said = str(error)
        await self._show_gate(said)

    async def enter_space(self) -> None:
        """Another space is active: another workbench, with nothing of the one before."""
        bench = self.bench
        if bench is None:
            return
        with self.batch_update():
            await self._leave(bench)
            await self._show(Workbench(bench.workspace, self.keymap))

    async def _leave(self, bench: Workbench) -> None:
        """Forget what is shown and take the workbench out of the tree."""
        if self.picker.is_open:
            self.picker.close()
        self.toast.hide()
        self.stream.drop()
        bench.close()
        bench.desk.forget()
        self.bar = self.sheet = None
        await self.query("CaptureBar, Sheet").remove()
        await bench.remove()

    # --- the end ------------------------------------------------------------------------------------

    async def action_leave(self) -> None:
        """ctrl+q, also from an input."""
        await self.quit()

    def action_leave_hint(self) -> None:
        """ctrl+c does nothing but say what does."""
        if self.bench is not None:
            self.bench.say("ctrl+q or :q leaves mana.")

    async def quit(self) -> None:
        """Keep how things look, close the vault, leave."""
        bench, self.bench = self.bench, None
        if bench is not None:
            bench.close()
            bench.workspace.close()
        self.exit(0)


def run(setup: Setup, *, linear: bool = False) -> int:
    """Start the app; returns the exit code."""
    from mana_tui.opening import opener_of
    from mana_tui.session import last_space
    from modules.sdk.ui.fastdriver import fast_driver

    paths, config = setup.paths, setup.config
    crash.guard(paths.state / "crashes")

    def make(vault: Vault) -> Workspace:
        space = setup.given.get("space") or last_space(paths, vault)
        return Workspace(vault, config=config, paths=paths, space=space)

    opener, create = opener_of(paths)
    app = ManaApp(
        opener,
        paths=paths,
        config=config,
        create=create,
        make=make,
        linear=linear,
        driver_class=fast_driver(),
    )
    app.prepare()
    return app.run() or app.return_code or 0
