"""Runs commands for the workbench: one after another, off the event loop, each one undoable."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from mana_tui.saying import done
from modules.sdk.command import Command
from modules.sdk.ui.view import Selection
from storage.errors import ManaError, UserError

if TYPE_CHECKING:
    from mana_tui.widgets.workbench import Workbench

PATIENCE = 0.4
"""Seconds until typed-ahead keys stop waiting for a command and progress is shown."""

SETTLE = 0.25
"""Seconds a view gets to show what a command changed before waiting keys are read."""


Failed = Callable[[ManaError], Any]


class Cancelled(UserError):
    """The person stopped the work; its batch is rolled back."""


class Runner:
    """Commands wait for each other; keys typed while one is short wait for it too.

    So `d d` deletes two records however fast it is typed: the second `d` acts on what the
    person sees after the first.
    """

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench
        self.working = ""
        self.last: tuple[str, dict[str, Any]] | None = None
        self._queue: deque[tuple[str, dict[str, Any], Failed | None]] = deque()
        self._busy = False
        self._stop = False
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="commands")
        workspace = bench.workspace
        workspace.on_notify = self._notified
        workspace.on_progress = self._progressed

    # --- what keys ask for -----------------------------------------------------------------

    def perform(self, command_id: str, count: int = 0) -> None:
        """Run a command on what is selected, or ask for what it still needs."""
        bench = self.bench
        try:
            command = bench.workspace.allowed(command_id)
        except ManaError as error:
            bench.complain(error)
            return
        selection = bench.selection(count)
        values = self.selected(command, selection)
        if values is None:
            bench.say("Nothing is selected.", kind="error")
            return
        if bench.captures(command_id) and not values:
            bench.capture(command_id=command_id)
        elif self._needs_form(command, values):
            bench.ask(command_id, values)
        else:
            self.start(command_id, values)

    def selected(
        self, command: Command[..., Any], selection: Selection
    ) -> dict[str, Any] | None:
        """The selection as the command's first value; None when it needs one and has none."""
        first = command.params[0] if command.params else None
        if first is None or first.ref is None:
            return {}
        fits = selection.record is not None and first.ref in (selection.record, None)
        if selection.ids and (fits or isinstance(first.ref, str)):
            return {first.name: selection.ids if first.many else selection.ids[0]}
        return None if first.required else {}

    def _needs_form(self, command: Command[..., Any], values: Mapping[str, Any]) -> bool:
        rest = [param for param in command.params if param.name not in values]
        if any(param.required for param in rest):
            return True
        return bool(rest) and command.name.startswith("edit")

    # --- running -------------------------------------------------------------------------------

    def start(
        self,
        command_id: str,
        values: Mapping[str, Any],
        *,
        asked: bool = False,
        failed: Failed | None = None,
    ) -> None:
        """Run a command as soon as those before it are done.

        `asked` says that its question was answered; `failed` is told why it refused,
        instead of the foot.
        """
        command = self.bench.workspace.find(command_id)
        if command.asks and not asked:
            self.bench.pickers.confirm(
                command.asks,
                lambda: self.start(command_id, values, asked=True, failed=failed),
            )
            return
        self._queue.append((command_id, dict(values), failed))
        self._next()

    def _next(self) -> None:
        if self._busy or not self._queue:
            return
        self._busy = True
        command_id, values, failed = self._queue.popleft()
        if self.bench.workspace.find(command_id).writes:
            self.bench.app.stream.hold("command")
        self.bench.run_worker(
            self._work(command_id, values, failed), group="commands", exit_on_error=False
        )

    async def _work(
        self, command_id: str, values: dict[str, Any], failed: Failed | None
    ) -> None:
        bench = self.bench
        command = bench.workspace.find(command_id)
        patience = bench.set_timer(PATIENCE, lambda: self._long(command.title))
        self._stop = False
        try:
            loop = asyncio.get_running_loop()
            result = await loop.run_in_executor(
                self._thread, bench.workspace.run, command_id, values
            )
        except ManaError as error:
            (failed or bench.complain)(error)
        except Exception as error:  # noqa: BLE001 - the boundary: a bug in a command is reported
            from mana_tui.crash import report

            bench.say(report(error), kind="error")
        else:
            if command.writes and command.batch:
                self.last = (command_id, values)
            await self._finished(command_id, command, result)
        finally:
            patience.stop()
            self.working = ""
            self._busy = False
            bench.app.stream.release("command")
            bench.foot.refresh()
            self._next()

    async def _finished(
        self, command_id: str, command: Command[..., Any], result: Any
    ) -> None:
        bench = self.bench
        if command.writes:
            await bench.settle(SETTLE)
        said = done(command_id, command, result, bench.workspace)
        if said is not None:
            keys = (
                ((bench.key_of("undo"), "undo"),)
                if command.writes and command.batch
                else ()
            )
            bench.say(said, kind="done", keys=keys)
            if "delete" in command.name or "purge" in command.name:
                bench.toast.show(said, keys)
        elif not command.writes:
            bench.pickers.result(command, result)
        if command_id in ("scene.new", "scene.duplicate"):
            bench.desk.goto_scene_id(result.id)
        if command_id == "space.switch":
            bench.enter_space()

    def _long(self, title: str) -> None:
        self.working = f"{title} …"
        self.bench.app.stream.release("command")
        self.bench.foot.refresh()

    # --- undo, redo, repeat ------------------------------------------------------------------------

    def undo(self, count: int = 0) -> None:
        """Undo the newest batch, or several."""
        for _ in range(max(1, count)):
            self.start("undo", {})

    def redo(self, count: int = 0) -> None:
        """Redo what was undone last."""
        for _ in range(max(1, count)):
            self.start("redo", {})

    def repeat(self, count: int = 0) -> None:
        """The last command again, on the records selected now."""
        if self.last is None:
            self.bench.say("Nothing to repeat yet.")
            return
        command_id, values = self.last
        command = self.bench.workspace.find(command_id)
        selected = self.selected(command, self.bench.selection(count))
        if selected is None:
            self.bench.say("Nothing is selected.", kind="error")
            return
        self.start(command_id, values | selected)

    # --- long work ---------------------------------------------------------------------------------

    def cancel(self) -> None:
        """Stop the running command at its next report of progress."""
        self._stop = self._busy
        self.bench.say("Stopping …" if self._busy else "Nothing runs in the background.")

    def _notified(self, message: str) -> None:
        self.bench.from_thread(lambda: self.bench.say(message))

    def _progressed(self, done_: int, total: int | None, what: str = "") -> None:
        if self._stop:
            raise Cancelled("Stopped; nothing was changed.")
        self.bench.from_thread(lambda: self._show_progress(done_, total, what))

    def _show_progress(self, done_: int, total: int | None, what: str) -> None:
        if total:
            filled = int(10 * min(done_, total) / total)
            full, empty = ("█", "░") if self.bench.glyphs.wall != "|" else ("#", ".")
            bar = full * filled + empty * (10 - filled)
            self.working = f"{what} {bar} {done_:,}/{total:,}".strip()
        else:
            self.working = f"{what} {done_:,}".strip()
        self.bench.foot.refresh()

    @property
    def idle(self) -> bool:
        """Whether nothing runs and nothing waits."""
        return not self._busy and not self._queue

    def close(self) -> None:
        """No more commands."""
        self._queue.clear()
        self._stop = True
        self._thread.shutdown(wait=False, cancel_futures=True)
