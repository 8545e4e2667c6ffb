"""What is written to the terminal adds up to what is on the screen."""

from __future__ import annotations

import random
from typing import Any

import pyte

from tests.ui.conftest import Bench, settle
from tests.ui.samples import ChoreList

WIDE, HIGH = 80, 24


class Written(Bench):
    """Writes its frames into a terminal of its own."""

    def __init__(self, widget: Any) -> None:
        super().__init__(widget)
        self.bytes = 0
        self.terminal = pyte.Screen(WIDE, HIGH)
        self._stream = pyte.Stream(self.terminal)

    def _display(self, screen: Any, renderable: Any) -> None:
        if renderable is not None and not self._batch_count:
            text = renderable.render_segments(self.console)
            self.bytes += len(text)
            self._stream.feed(text)

    async def rest(self, pilot: Any) -> None:
        """Until it has nothing more to write."""
        self.bytes = 1
        while self.bytes:
            self.bytes = 0
            await settle(pilot)
            await pilot.pause(0.05)

    @property
    def drawn(self) -> list[str]:
        """The screen, drawn from the start."""
        strips = self.screen._compositor.render_strips(self.size)
        return [strip.text.rstrip() for strip in strips]

    @property
    def seen(self) -> list[str]:
        """What the terminal shows."""
        return [line.rstrip() for line in self.terminal.display]


async def test_what_is_written_adds_up_to_the_screen(workspace, chores):
    keys = random.Random(7)
    app = Written(ChoreList(workspace))
    async with app.run_test(size=(WIDE, HIGH)) as pilot:
        await settle(pilot)
        assert app.seen == app.drawn
        for _ in range(40):
            await pilot.press(
                keys.choice(["j", "k", "J", "K", "G", "home", "x", "v", "escape"])
            )
            await settle(pilot)
            assert app.seen == app.drawn


async def test_what_the_terminal_shows_is_not_written_again(workspace, chores):
    app = Written(ChoreList(workspace))
    async with app.run_test(size=(WIDE, HIGH)) as pilot:
        await app.rest(pilot)
        app.widget.rows.refresh()
        await settle(pilot)
        assert app.bytes == 0
        app.screen.refresh()
        await settle(pilot)
        assert app.bytes > WIDE * HIGH
