"""Driving the app in tests: a real vault, Textual's pilot, and words for what is on screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

from mana_tui.app import ManaApp


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
    quiet = 0
    for _ in range(2000):
        await asyncio.sleep(0.001)
        quiet = quiet + 1 if _quiet(app) else 0
        if quiet >= 3:
            return
    raise AssertionError(f"the app did not settle: {_busy(app)}")


def _quiet(app: Any) -> bool:
    return not _busy(app)


def _busy(app: Any) -> str:
    """What still runs, waits or is to be drawn; nothing when all is quiet."""
    shown = app.screen
    if shown._dirty_widgets or shown._callbacks or shown._layout_required:
        return "the screen is to be drawn"
    widgets = [app, shown, *shown.walk_children()]
    for widget in widgets:
        if widget._running and not widget._message_queue.empty():
            return f"{widget} has messages"
        if widget is not app and widget.is_on_screen and widget._repaint_required:
            return f"{widget} is to be drawn"
    bench = app.bench
    if bench is None:
        return (
            "the gate" if any(getattr(one, "busy", False) for one in shown.children) else ""
        )
    view = bench.desk.view
    if view is not None and (view._knocked or view._loading or view._again):
        return "the view loads"
    if not bench.runner.idle or app.stream.held:
        return "a command runs"
    return "" if bench.desk.settled else "the desk follows"


async def press(pilot: Pilot[Any], *keys: str) -> None:
    """Press keys, as fast as they can be read, and wait until they did what they do."""
    for key in keys:
        character = CHARACTERS.get(key, key if len(key) == 1 else None)
        name = _character_to_key(key) if len(key) == 1 else key
        pilot.app.post_message(events.Key(name, character))
        await asyncio.sleep(0)
    await settle(pilot)


CHARACTERS = {
    "space": " ", "colon": ":", "question_mark": "?", "full_stop": ".", "tab": "\t",
    "enter": "\r", "escape": "\x1b", "backspace": "\x7f",
}  # fmt: skip


def screen(pilot: Pilot[Any]) -> str:
    """What is on the screen, as text."""
    app = pilot.app
    lines = app.screen._compositor.render_strips()
    return "\n".join("".join(s.text for s in strip) for strip in lines)


def titles(pilot: Pilot[Any]) -> list[str]:
    """What the active list shows, row by row."""
    view = pilot.app.bench.desk.view
    return [view.row(n).title for n in range(len(view.ids))]


def current(pilot: Pilot[Any]) -> str:
    """The title under the cursor."""
    return pilot.app.bench.desk.view.current.title


def said(pilot: Pilot[Any]) -> str:
    """What the foot says."""
    message = pilot.app.bench.message
    return message.text if message is not None else ""
