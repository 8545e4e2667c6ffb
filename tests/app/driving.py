"""Driving the app in tests: a real vault, Textual's pilot, and words for what is on screen."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.pilot import Pilot

from mana_tui.app import ManaApp
from mana_tui.workspace import Workspace


def make_app(workspace: Workspace, **options: Any) -> ManaApp:
    """The app on an open workspace; unlocking again needs the test's own opener."""
    return ManaApp(lambda typed: workspace.vault, make=lambda vault: workspace, **options)


@asynccontextmanager
async def driving(
    app: ManaApp, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[Pilot[int]]:
    """The running app, settled."""
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until nothing runs, nothing loads and everything is drawn."""
    app: Any = pilot.app
    for _ in range(200):
        await pilot.pause(0.01)
        bench = app.bench
        if bench is None:
            return
        view = bench.desk.view
        quiet = view is None or not (view._knocked or view._loading or view._again)
        if bench.runner.idle and bench.desk.settled and quiet and not bench._held:
            await pilot.pause()
            return
    raise AssertionError("the app did not settle")


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys and wait until they did what they do."""
    for key in keys:
        await pilot.press(key)
    await settle(pilot)


def screen(pilot: Pilot[Any]) -> str:
    """What is on the screen, as text."""
    app = pilot.app
    width, height = app.size
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(s.text for s in strip) for strip in lines)
