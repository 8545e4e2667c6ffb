"""Views under test: small records of their own, a real vault, and an app that holds one view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from mana_tui.workspace import Workspace
from modules.sdk.field import Line, Text, Title
from modules.sdk.registry import Catalog
from modules.sdk.ui import STYLES
from modules.sdk.ui.frames import Frames
from modules.sdk.ui.view import View
from storage.kind import Kind, describe
from storage.record import Record, kind_of
from storage.store import Store


class Chore(Record, kind="chore.chore", indexes=(("due",),)):
    """Something to do."""

    title: Title
    due: date | None = None
    done: bool = False
    room: Line = ""
    note: Text = ""


class Sip(Record, kind="sip.sip", title="what", indexes=(("at",),)):
    """A glass of something."""

    at: datetime
    what: Line = "water"
    glasses: int = 1


class WithSamples(Catalog):
    """Knows the records of these tests beside the real ones."""

    mine = {kind_of(one): one for one in (Chore, Sip)}

    @classmethod
    def kind(cls, name: str) -> Kind:
        """One kind."""
        return describe(cls.mine[name]) if name in cls.mine else Catalog.kind(name)

    @classmethod
    def kinds(cls) -> tuple[Kind, ...]:
        """Every kind."""
        return (*Catalog.kinds(), *map(describe, cls.mine.values()))


@pytest.fixture
def catalog() -> Catalog:
    """The real kinds, and ours."""
    return WithSamples()


@pytest.fixture(autouse=True)
def _short_naps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Textual's pilot looks every 20 ms whether the app is idle; 4 ms finds that sooner."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 0.004)
    monkeypatch.setattr("textual._wait.SLEEP_IDLE", 0.002)


class Reads:
    """Counts what a store is asked for."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []

    def rows(self, name: str) -> int:
        """How many rows a method returned altogether."""
        return sum(count for called, count in self.calls if called == name)

    def times(self, name: str) -> int:
        """How often a method was called."""
        return sum(called == name for called, _ in self.calls)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reads]:
    """What stores are asked for from now on; the answers are the real ones."""
    seen = Reads()

    def counting(name: str) -> Callable[..., Any]:
        asked = getattr(Store, name)

        def count(self: Store, *args: Any, **words: Any) -> Any:
            answer = asked(self, *args, **words)
            seen.calls.append((name, len(answer)))
            return answer

        return count

    for name in ("all", "ids", "many", "values"):
        monkeypatch.setattr(Store, name, counting(name))
    return seen


class Bench(App[None]):
    """Holds one widget and sends it the keys of its actions, as the shell does."""

    CSS_PATH = [STYLES]
    ENABLE_COMMAND_PALETTE = False
    NAMES = {
        "slash": "/", "asterisk": "*", "left_parenthesis": "(", "right_parenthesis": ")",
        "equals_sign": "=", "left_curly_bracket": "{", "right_curly_bracket": "}",
    }  # fmt: skip

    def __init__(self, widget: Widget, *, glyphs: Any = None) -> None:
        super().__init__()
        self.widget = widget
        self.said: list[Any] = []
        self.titles: list[tuple[str, str]] = []
        if glyphs is not None:
            self.glyphs = glyphs

    def get_default_screen(self) -> Screen[Any]:
        screen: Screen[Any] = Screen(id="_default")
        screen._compositor = Frames()
        return screen

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_ready(self) -> None:
        if isinstance(self.widget, View):
            self.widget.set_active(True)

    def on_key(self, event: Any) -> None:
        if not isinstance(self.widget, View):
            return
        key = self.NAMES.get(event.key, event.key)
        for action in self.widget.ACTIONS:
            if key in action.keys:
                self.widget.perform(action.id)

    def on_view_push(self, event: View.Push) -> None:
        self.said.append(event)

    def on_view_titled(self, event: View.Titled) -> None:
        self.titles.append((event.view.title, event.view.status))

    on_view_pop = on_view_open = on_view_run = on_view_push
    on_view_ask = on_view_capture = on_view_push
    on_form_done = on_form_cancelled = on_editor_left = on_view_push


def text_of(app: App[Any]) -> list[str]:
    """What the screen shows, line by line."""
    width, height = app.size
    lines = app.screen._compositor.render_strips()
    return (
        ["".join(segment.text for segment in line) for line in lines[:height]]
        if width
        else []
    )


async def settle(pilot: Pilot[Any]) -> None:
    """Wait until nothing loads and nothing is left to draw."""
    for _ in range(3):
        while any(view.busy for view in pilot.app.query(View)):
            await pilot.pause(0.005)
        await pilot.pause()


@pytest.fixture
def chores(workspace: Workspace) -> list[Chore]:
    """Thirty chores in two rooms, some done, due around today."""
    made = [
        Chore(
            title=f"Chore {i:03}",
            due=date(2026, 11, 20 + i % 6) if i % 5 else None,
            done=i % 7 == 3,
            room="kitchen" if i % 2 else "cellar",
        )
        for i in range(30)
    ]
    return workspace.store.put_many(made)


def fill(workspace: Workspace, count: int) -> None:
    """Many chores at once: one is put, the rest are copies made inside the database."""
    first = workspace.store.put(Chore(title="Chore 0000000", due=date(2026, 11, 23)))
    table = workspace.vault.table(Chore)
    made = {
        "id": "printf('%026d', i)",
        "short": "'z' || i",
        "title": "printf('Chore %07d', i)",
        "done": "i % 7 = 3",
    }
    columns = ", ".join(f'"{name}"' for name in table.names)
    values = ", ".join(made.get(name, f't."{name}"') for name in table.names)
    with workspace.vault.db.write():
        workspace.vault.db.execute(
            f'INSERT INTO "{table.name}" ({columns}) '
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count - 1})"
            f' SELECT {values} FROM n, "{table.name}" t WHERE t.id = ?',
            (first.id,),
        )
