"""The terminal app: opens the vault, shows the workbench, locks it again."""

from __future__ import annotations

import gc
import os

gc.disable()  # until the first paint; see `on_ready`
os.environ.setdefault("TEXTUAL_FPS", "240")  # read when Textual is imported
os.environ.setdefault("ESCDELAY", "25")

import asyncio
import sys
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.binding import Binding

from mana_tui import crash, keymap, theme
from mana_tui.widgets.picker import Picker
from mana_tui.widgets.toast import Toast
from mana_tui.widgets.workbench import Workbench
from mana_tui.workspace import Workspace
from modules.sdk.ui.glyphs import ASCII, LINEAR, UNICODE, Glyphs
from storage.errors import ManaError

if TYPE_CHECKING:
    from mana_tui.config import Config
    from mana_tui.paths import Paths
    from mana_tui.setup import Setup
    from storage.vault import Vault

HERE = Path(__file__).parent
KIT = HERE.parent / "modules" / "sdk" / "ui" / "styles.tcss"
POLL = 0.25
"""Seconds between two looks for commits of other processes."""

TIDY = 20.0
"""Seconds without a key after which memory is tidied."""

Open = Callable[[str | None], "Vault | None"]
"""The vault by a passphrase; by an open session for None, or None where there is none."""


class ManaApp(App[int], inherit_bindings=False):
    """One vault on one terminal."""

    CSS_PATH = [KIT, HERE / "styles" / "mana.tcss"]
    ENABLE_COMMAND_PALETTE = False
    AUTO_FOCUS = None
    TITLE = "mana"
    BINDINGS = [
        Binding("ctrl+q", "leave", "Quit", show=False),
        Binding("ctrl+c", "leave_hint", show=False),
    ]

    def __init__(
        self,
        opener: Open,
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
        self.config = config
        self.opener = opener
        self.creator = create
        self.make = make or (lambda vault: Workspace(vault, config=config, paths=paths))
        self.bench: Workbench | None = None
        self.picker = Picker()
        self.toast = Toast()
        self.glyphs = self._choose_glyphs(linear)
        self.report = ""
        self.animation_level = "none"
        self.keymap = self._read_keymap()
        self.choose_theme(str(self._setting("theme", theme.DEFAULT)))

    # --- settings ------------------------------------------------------------------------

    def _setting(self, name: str, default: Any) -> Any:
        if self.config is None:
            return default
        try:
            return self.config.get(name)
        except ManaError:
            return default  # `mana config check` says what is wrong with it

    def _choose_glyphs(self, linear: bool) -> Glyphs:
        if linear or self._setting("linear", False):
            return LINEAR
        utf8 = "utf" in (sys.stdout.encoding or "utf").lower()
        return ASCII if self._setting("ascii", False) or not utf8 else UNICODE

    def _read_keymap(self) -> keymap.Keymap:
        folder = self.paths.config if self.paths is not None else None
        try:
            return keymap.load(folder, str(self._setting("keymap", keymap.DEFAULT)))
        except ManaError as error:
            self.trouble: ManaError | None = error
            return keymap.load()

    def choose_theme(self, name: str, *, keep: bool = False) -> None:
        """Look like a theme; an unusable one leaves things as they are."""
        folder = self.paths.config if self.paths is not None else None
        try:
            chosen = theme.load(name, folder)
        except ManaError as error:
            if self.bench is not None:
                self.bench.complain(error)
                return
            chosen = theme.load(theme.DEFAULT)
        self.register_theme(theme.textual_theme(chosen))
        self.theme = chosen.name
        if keep and self.config is not None:
            self.config.set("theme", chosen.name)

    # --- start ----------------------------------------------------------------------------

    def compose(self) -> Any:
        """The workbench at once when a session is open; what lies over it, hidden."""
        vault = self.opener(None)
        if vault is not None:
            self.bench = Workbench(self.make(vault), self.keymap)
            yield self.bench
        yield self.picker
        yield self.toast

    async def on_mount(self) -> None:
        """Few threads, each with its own connection; ask for the passphrase if need be."""
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(4, "reading"))
        if self.bench is None:
            await self._show_gate()

    def on_ready(self) -> None:
        """After the first paint: what was made stays; collect rarely, when nobody types."""
        gc.freeze()
        gc.set_threshold(50_000, 50, 1000)
        gc.enable()
        self.set_interval(POLL, self._poll)
        self.set_interval(5.0, self._look_at_clock)
        self.call_later(self._warm)

    def _warm(self) -> None:
        if self.bench is not None:
            self.keymap.with_modules(self.bench.workspace.modules())
            self.bench.pickers.everything()
            self.bench.foot.refresh()

    def _poll(self) -> None:
        if self.bench is not None:
            self.bench.workspace.vault.poll()

    def _look_at_clock(self) -> None:
        if self.bench is None:
            return
        idle = time.monotonic() - self.bench.touched
        minutes = float(self._setting("idle_lock", 15) or 0)
        if minutes and idle > minutes * 60:
            self.call_later(self.lock)
        elif TIDY < idle < TIDY + 5:
            gc.collect(1)

    # --- lock, unlock, spaces ------------------------------------------------------------------

    async def _show_gate(self, said: str = "") -> None:
        from mana_tui.screens.gate import Gate

        await self.mount(Gate(said, create=self._must_create()), before=0)

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
        self.bench = Workbench(self.make(vault), self.keymap)
        await self.mount(self.bench, before=0)
        self.call_later(self._warm)

    async def lock(self, said: str = "") -> None:
        """Take everything read off the screen, close the vault, ask for the passphrase."""
        bench, self.bench = self.bench, None
        if bench is None:
            return
        workspace = await self._leave(bench)
        workspace.close()
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
            workspace = await self._leave(bench)
            self.bench = Workbench(workspace, self.keymap)
            await self.mount(self.bench, before=0)
        self.call_later(self._warm)

    async def _leave(self, bench: Workbench) -> Workspace:
        """Forget what is shown and take the workbench out of the tree."""
        if self.picker.is_open:
            self.picker.close()
        self.toast.hide()
        bench.close()
        bench.desk.forget()
        for name in ("CaptureBar", "Sheet"):
            await self.query(name).remove()
        await bench.remove()
        return bench.workspace

    # --- surfaces that are made when first needed ------------------------------------------------

    def open_capture(self, module: str = "") -> None:
        """The capture bar, with the kind of a module."""
        from mana_tui.widgets.capturebar import CaptureBar

        bench = self.bench
        if bench is None:
            return
        for bar in self.query(CaptureBar):
            bar.open(bench, module)
            return
        bar = CaptureBar()
        self.mount(bar)
        self.call_after_refresh(bar.open, bench, module)

    def open_form(self, command_id: str, values: Mapping[str, Any]) -> None:
        """A form for what a command still needs."""
        from mana_tui.widgets.sheet import Sheet

        bench = self.bench
        if bench is not None:
            self.mount(Sheet(bench, command_id, values))

    def redraw(self) -> None:
        """Draw every cell again."""
        self.screen.refresh(layout=True)
        driver = self._driver
        if driver is not None:
            driver.write("\x1b[2J")
            self.refresh(layout=True)

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
        if self.bench is not None:
            bench, self.bench = self.bench, None
            bench.close()
            bench.workspace.close()
        self.exit(0)

    def _handle_exception(self, error: Exception) -> None:
        """A bug: a redacted report instead of a traceback with everybody's values."""
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
            self.report = crash.report(error)
        self._close_messages_no_wait()

    def _fatal_error(self) -> None:
        """Textual's own would print local variables."""
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """Nothing but the sentence that names the report; after the screen was restored."""
        self._exit_renderables.clear()
        if self.report:
            print(f"mana: {self.report}", file=sys.__stderr__)
            self.report = ""


def run(setup: Setup, *, linear: bool = False) -> int:
    """Start the app; returns the exit code."""
    from mana_tui.session import active_space, open_with, recall_vault
    from modules.sdk.registry import Catalog
    from modules.sdk.ui.fastdriver import fast_driver

    paths, config = setup.paths, setup.config
    crash.guard(paths.state / "crashes")

    def opener(typed: str | None) -> Vault | None:
        if typed is None:
            from mana_tui.session import has_vault

            return recall_vault(paths, Catalog()) if has_vault(paths) else None
        return open_with(paths, Catalog(), typed)

    def create(typed: str) -> None:
        from mana_tui.session import create_vault

        create_vault(paths, ask=lambda _: typed)

    def make(vault: Vault) -> Workspace:
        space = setup.given.get("space") or active_space(paths) or "@me"
        return Workspace(vault, config=config, paths=paths, space=space)

    app = ManaApp(
        opener,
        paths=paths,
        config=config,
        create=create,
        make=make,
        linear=linear,
        driver_class=fast_driver(),
    )
    code = app.run()
    return app.return_code or code or 0
