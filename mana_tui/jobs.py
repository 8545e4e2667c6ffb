"""What is done in the background while the workspace is open, once in a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from modules.sdk.job import Job
from modules.sdk.slot import resolve
from storage.errors import LockedError, ManaError

if TYPE_CHECKING:
    from mana_tui.workspace import Workspace

FIRST, LOOK = 20.0, 600.0
"""Seconds until the first look at what is due, and between two of them."""

AGAIN = timedelta(hours=1)
"""How long a job that failed is left alone."""

SHELL = (
    Job(
        name="backup",
        title="Daily backup",
        run="mana_tui.jobs:back_up",
        every=timedelta(0),  # it knows itself when it is due, from the backups there are
    ),
    Job(
        name="tidy",
        title="Tidy the trash, the history and files",
        run="mana_tui.jobs:tidy",
        every=timedelta(days=1),
    ),
)


class Jobs:
    """The jobs of a workspace: the shell's own and its modules'. When each last ran is kept
    in the vault, so that it counts for every device and every restart."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.failed: dict[str, datetime] = {}
        self.running = False

    def run_due(self) -> list[str]:
        """Run what is due, one after another; returns a sentence for each that failed.

        A bug in one is reported and keeps no other from running. LockedError ends it.
        """
        said: list[str] = []
        for name, job in self._all():
            now = self.workspace.now()
            if not self._due(name, job, now):
                continue
            try:
                resolve(job.run)(self.workspace)
            except LockedError:
                raise
            except ManaError as error:
                said.append(f"{job.title}: {error}")
                self.failed[name] = now
            except Exception as error:  # noqa: BLE001 - the boundary: reported, redacted
                from mana_tui.crash import report

                said.append(f"{job.title}: {report(error)}")
                self.failed[name] = now
            else:
                self._ran(name, job, now)
        return said

    def _all(self) -> list[tuple[str, Job]]:
        if self.workspace.vault.read_only:
            return []
        modules = self.workspace.modules()
        return [(job.name, job) for job in SHELL] + [
            (f"{module.name}.{job.name}", job) for module in modules for job in module.jobs
        ]

    def _due(self, name: str, job: Job, now: datetime) -> bool:
        failed = self.failed.get(name)
        if failed is not None and timedelta(0) <= now - failed < AGAIN:
            return False
        said = self.workspace.vault.meta(f"job {name}") if job.every else None
        if said is None:
            return True
        return not timedelta(0) <= now - datetime.fromisoformat(said) < job.every

    def _ran(self, name: str, job: Job, now: datetime) -> None:
        self.failed.pop(name, None)
        if job.every:
            self.workspace.vault.meta(f"job {name}", now.isoformat())


async def work(jobs: Jobs, say: Callable[[str], None]) -> None:
    """Run what is due in a thread, and say what failed. Locking the vault ends it."""
    if jobs.running:
        return
    jobs.running = True
    try:
        loop = asyncio.get_running_loop()
        for sentence in await loop.run_in_executor(None, jobs.run_due):
            say(sentence)
    except LockedError:
        return
    finally:
        jobs.running = False


def back_up(workspace: Workspace) -> None:
    """A backup a day, unless the setting `backup` says no."""
    if workspace.setting("backup") is not False:
        from mana_tui.commands.keeping import backup

        backup(workspace, if_due=True)


def tidy(workspace: Workspace) -> None:
    """What is older than each space keeps it goes."""
    from mana_tui.keep import keep_of
    from storage import keeping

    vault = workspace.vault
    keeping.tidy(vault, lambda space: keep_of(vault, workspace.config, space))
