"""What the app does while nobody presses a key: looks, tidies, locks, makes ready."""

from __future__ import annotations

import asyncio
import gc
import time
from typing import TYPE_CHECKING

from mana_tui import jobs
from mana_tui.surfaces import Surfaces

if TYPE_CHECKING:
    from mana_tui.appearance import Appearance
    from mana_tui.keymap import Keymap

LOOK = 5.0
"""Seconds between two looks at the clock (idle lock) and at the files of settings."""

TIDY = 20.0
"""Seconds without a key after which memory is tidied."""


class Background(Surfaces):
    """The timers of an open workbench."""

    appearance: Appearance
    keymap: Keymap
    jobs: jobs.Jobs | None
    _seen: object

    async def lock(self, said: str = "") -> None:
        """Close the vault and ask for the passphrase."""
        raise NotImplementedError

    def _poll(self) -> None:
        if self.bench is not None:
            self.bench.workspace.vault.poll()

    def _look(self) -> None:
        """Lock when idle, tidy when idle, take up changed keys."""
        bench = self.bench
        if bench is None:
            return
        idle = time.monotonic() - self.stream.touched
        minutes = float(self.appearance.setting("idle_lock", 15) or 0)
        if minutes and idle > minutes * 60:
            self.call_later(self.lock)
            return
        if TIDY < idle < TIDY + LOOK:
            gc.collect(1)
        seen = self.appearance.signature()
        if seen != self._seen:
            self._seen = seen
            bench.keymap = self.keymap = self.appearance.keymap()
            self._warm()

    def _settle(self) -> None:
        """File what was captured while this was locked, in a thread; it says so itself."""
        bench = self.bench
        if bench is not None:
            from mana_tui.inbox import settle

            work = asyncio.to_thread(settle, bench.workspace)
            self.run_worker(work, group="inbox", exit_on_error=True)

    def _work(self) -> None:
        """Backups and tidying, when they are due, in a thread."""
        bench = self.bench
        if bench is None:
            return
        if self.jobs is None or self.jobs.workspace is not bench.workspace:
            self.jobs = jobs.Jobs(bench.workspace)
        self.run_worker(jobs.work(self.jobs, bench.say), group="jobs", exit_on_error=True)

    def _warm(self) -> None:
        """What must open fast is made ready while nobody waits for it."""
        bench = self.bench
        if bench is not None and bench.is_attached:
            self.keymap.with_modules(bench.workspace.modules())
            bench.pickers.everything()
            bench.foot.refresh()
            self._complain()

    def _complain(self) -> None:
        trouble = self.appearance.trouble
        if trouble is not None and self.bench is not None:
            self.appearance.trouble = None
            self.bench.complain(trouble)
