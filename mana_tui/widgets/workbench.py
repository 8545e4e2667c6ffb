"""The workbench: the one widget that has the focus. It reads keys and routes them to the
pane that is active; everything else is drawn by what it holds."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from textual import events
from textual.app import ComposeResult

from mana_tui.actions import ACTIONS
from mana_tui.keymap import Keymap, Layer, spell, token
from mana_tui.keyreader import KeyReader, Read, countable
from mana_tui.saying import Message
from mana_tui.scene import installed
from mana_tui.widgets.answering import Answering
from mana_tui.widgets.bars import Foot, TopBar
from mana_tui.widgets.desk import Desk
from mana_tui.widgets.pane import settled
from mana_tui.widgets.picker import Picker
from mana_tui.widgets.pickers import Pickers
from mana_tui.widgets.runner import SETTLE, Runner
from mana_tui.widgets.toast import Toast
from mana_tui.widgets.typed import Typed
from modules.sdk import registry
from modules.sdk.ui.glyphs import Glyphs, glyphs_of
from modules.sdk.ui.view import Selection, View
from storage.errors import ManaError

if TYPE_CHECKING:
    from mana_tui.app import ManaApp
    from mana_tui.workspace import Workspace


MAIN = ("a", "space", "e", "d")
"""Keys whose commands come first in the hints: add, done, edit, delete."""


MOVES = ("list.", "grid.", "page.", "view.", "board.")
"""Ids of actions that may do nothing without a word: the cursor is at the end already."""


class Workbench(Answering, can_focus=True):
    """Space, scenes, panes; and the keys."""

    app: ManaApp  # type: ignore[assignment]

    def __init__(self, workspace: Workspace, keymap: Keymap) -> None:
        super().__init__(id="workbench")
        self.workspace = workspace
        self.keymap = keymap
        self.message: Message | None = None
        self.problem: ManaError | None = None
        self.reader = KeyReader(self._can_go)
        self.runner = Runner(self)
        self.pickers = Pickers(self)
        self.desk = Desk(self)
        self.top = TopBar(self)
        self.foot = Foot(self)
        self.draft = ""
        self._before_leap = 0
        self._waited_for = (0, 0)

    def compose(self) -> ComposeResult:
        """Three rows."""
        self.foot.fit(self.app.size.height)
        yield self.top
        yield self.desk
        yield self.foot

    def on_mount(self) -> None:
        """Take the keys."""
        self.take_keys()

    def on_resize(self, event: events.Resize) -> None:
        """In a small terminal the hints give way to the panes."""
        self.foot.fit(event.size.height)
        for over in self.app.query(Typed):
            if over.display:
                over.fit_screen()

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Nothing looks different with the focus: spare the styles of the whole tree."""

    def _on_focus(self, event: events.Focus) -> None:
        """Take the focus without drawing everything anew."""
        event.prevent_default()
        self.has_focus = True

    def _on_blur(self, event: events.Blur) -> None:
        """Give it up likewise."""
        event.prevent_default()
        self.has_focus = False

    # --- parts on other layers ----------------------------------------------------------------

    @property
    def picker(self) -> Picker:
        """The picker over the panes."""
        return self.app.picker

    @property
    def toast(self) -> Toast:
        """The note in the corner."""
        return self.app.toast

    @property
    def glyphs(self) -> Glyphs:
        """The marks to draw with."""
        return glyphs_of(self.app)

    # --- keys ---------------------------------------------------------------------------------------

    def read_key(self, key: str, character: str | None) -> None:
        """Every key that nobody edits with comes here."""
        one = token(key, character)
        if one == "escape" and self.reader.clear():
            self.foot.refresh()
            return
        waited = bool(self.reader.pending)
        read = self.reader.feed(one, self.keymap, self.key_layers(), time.monotonic())
        self._act(read)
        if waited or read.waiting:
            self.foot.refresh()

    def _act(self, read: Read) -> None:
        if read.take_back:
            self.desk.goto_scene(self._before_leap)
        if read.unknown:
            self.say(
                f"{spell(read.unknown)} does nothing here.",
                keys=((self.key_of("help"), "shows the keys"),),
            )
            return
        if read.ids and countable(read.ids[0]) and not self._shows_all():
            self.app.stream.hold("load")
            self.run_worker(self._when_settled(read), group="load", exit_on_error=True)
            return
        self._do(read)

    def _do(self, read: Read) -> None:
        for id in read.ids:
            if self.perform(id, read.count):
                return
        if read.ids and not read.ids[0].startswith(MOVES):
            self.say(f"{self.title_of(read.ids[0]).capitalize()}: there is nothing to do.")

    def _shows_all(self) -> bool:
        """Whether the active view shows what was read; a slow load is waited for once."""
        view, pane = self.desk.view, self.desk.pane
        if view is None:
            return pane is None
        if settled(view) or self._waited_for == (id(view), view.loads):
            return True
        self._waited_for = (id(view), view.loads)
        return False

    async def _when_settled(self, read: Read) -> None:
        """A key for the view acts on what one sees when it is there."""
        await self.settle(SETTLE)
        self._do(read)
        self.app.stream.release("load")

    def perform(self, id: str, count: int = 0) -> bool:
        """Do an action or run a command by id; False when it does nothing here."""
        if id in ACTIONS:
            if id.startswith("scene.goto-"):
                self._before_leap = self.desk.at
            ACTIONS[id].perform(self, count)
            return True
        if id.startswith("go."):
            self.go(id.removeprefix("go."))
            return True
        view = self.desk.view
        if view is not None and any(one.id == id for one in view.ACTIONS):
            return self._perform_in(view, id, max(1, count))
        self.runner.perform(id, count)
        return True

    def _perform_in(self, view: View[Any], id: str, count: int) -> bool:
        try:
            return view.perform(id, count)
        except ManaError as error:
            self.complain(error)
        except Exception as error:  # noqa: BLE001 - a pane's bug ends the pane, not the app
            self.app.pane_failed(error, view)
        return True

    def key_layers(self) -> list[Layer]:
        """The bindings that hold now, the nearest first."""
        layers: list[Layer] = []
        view = self.desk.view
        if view is not None:
            module = self.module
            if module:
                layers.append(self.keymap.layer(module, lambda: _commands(module)))
            actions = type(view).ACTIONS
            layers.append(
                self.keymap.layer(actions, lambda: ((one.id, one.keys) for one in actions))
            )
        return [*layers, self.keymap.shared]

    @property
    def module(self) -> str:
        """The module whose commands keys reach: that of the record in sight, or the pane's."""
        pane = self.desk.pane
        if pane is None:
            return ""
        view = pane.view
        record = (
            (getattr(view, "record", None) or view.selection().record) if view else None
        )
        if isinstance(record, type):
            from storage.record import kind_of

            module = kind_of(record).partition(".")[0]
            if installed(module):
                return module
        return pane.module if installed(pane.module) else ""

    def _can_go(self, number: int) -> bool:
        return number <= len(self.desk.scenes) and number - 1 != self.desk.at

    # --- what the foot says -------------------------------------------------------------------------

    def hints(self) -> list[tuple[str, str]]:
        """(keys, what they do) for the line below the panes."""
        layers = self.key_layers()
        if self.reader.keys:
            after = self.keymap.continuations(self.reader.keys, layers)
            return [(spell(keys), self.title_of(id)) for keys, id in after.items()]
        return self._hints()

    def _hints(self) -> list[tuple[str, str]]:
        """The module's main commands, the view's own actions, the shell's, then the rest."""
        module, view = self.module, self.desk.view
        commands = [
            (self.key_of(f"{module}.{one.name}", (one.key,)), _short(one.title))
            for one in (registry.load(module).commands if module else ())
            if one.key
        ]
        first = [one for one in commands if one[0] in MAIN]
        shown = [
            (self.key_of(one.id, one.keys), one.title.lower())
            for one in (view.ACTIONS if view is not None else ())
            if one.show
        ]
        used = {key for key, _ in first}
        first += [one for one in shown if one[0] not in used]
        taken = {said for _, said in first}
        first += [
            (self.key_of(one.id), one.hint)
            for one in ACTIONS.values()
            if one.hint and one.hint not in taken
        ]
        found: dict[str, str] = {}
        for keys, said in first + commands:
            if keys:
                found.setdefault(keys, said)
        return list(found.items())

    def key_of(self, id: str, declared: tuple[str, ...] = ()) -> str:
        """The first key of an id, as people read it; nothing when it has none."""
        chords = self.keymap.keys_of(id, declared)
        return spell(chords[0]) if chords else ""

    def title_of(self, id: str) -> str:
        """What an id is called."""
        if id in ACTIONS:
            return ACTIONS[id].title.removesuffix(" …").lower()
        if id.startswith("go."):
            return registry.load(id.removeprefix("go.")).title
        view = self.desk.view
        for one in view.ACTIONS if view is not None else ():
            if one.id == id:
                return one.title.lower()
        return self.workspace.find(id).title.lower()

    def say(
        self,
        text: str,
        *,
        kind: str = "info",
        hint: str = "",
        keys: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Put a line into the foot."""
        self.message = Message(text, kind, hint, keys)
        self.foot.refresh()

    def complain(self, error: ManaError) -> None:
        """Say what went wrong, with the key for more."""
        self.problem = error
        keys = ((self.key_of("problem.details"), "details"),)
        self.say(str(error), kind="error", hint=error.hint, keys=keys)

    def refresh_bars(self) -> None:
        """Draw the lines above and below anew."""
        self.top.refresh()
        self.foot.refresh()

    # --- going back, going elsewhere -------------------------------------------------------------------

    def back(self) -> None:
        """One step back: a message, the view's own step, the view on top, the zoom."""
        pane, strip = self.desk.pane, self.desk.strip
        if self.message is not None:
            self.message = None
            self.foot.refresh()
        if pane is not None and len(pane.stack) > 1:
            self.run_worker(pane.pop(), group="stack", exit_on_error=True)
        elif strip is not None and strip.zoomed:
            self.desk.zoom()

    def go(self, module: str) -> None:
        """To a pane of a module: here, in another scene, else on top of this pane."""
        strip = self.desk.strip
        for n, pane in enumerate(strip.panes if strip is not None else ()):
            if pane.module == module:
                self.desk.step_pane(
                    n - strip.active
                ) if strip is not None and n != strip.active else None
                return
        for n, scene in enumerate(self.desk.scenes):
            if any(entry.module == module for entry in scene.panes):
                self.desk.goto_scene(n)
                self.call_after_refresh(self.go, module)
                return
        self.pickers.visit(module)

    # --- what commands act on ------------------------------------------------------------------------

    def selection(self, count: int = 0) -> Selection:
        """Marked rows, else the one under the cursor, and with a count those after it too."""
        view = self.desk.view
        if view is None:
            return Selection()
        found = view.selection()
        rows, ids = getattr(view, "rows", None), getattr(view, "ids", None)
        if count > 1 and len(found.ids) == 1 and rows is not None and ids is not None:
            return Selection(
                found.record, tuple(ids.part(rows.cursor, rows.cursor + count))
            )
        return found

    async def settle(self, limit: float) -> None:
        """Wait until the active view shows what was committed, or for so many seconds."""
        import asyncio

        end = time.monotonic() + limit
        while time.monotonic() < end:
            view, pane = self.desk.view, self.desk.pane
            if self.desk.settled and (pane is None or (view is not None and settled(view))):
                return
            await asyncio.sleep(0.002)

    def captures(self, command_id: str) -> bool:
        """Whether one line can say what a command needs."""
        from modules.sdk.slot import Capture

        module = command_id.partition(".")[0]
        return installed(module) and any(
            isinstance(slot, Capture) and slot.command == command_id
            for slot in registry.load(module).slots
        )

    def capture(self, *, here: bool = False, command_id: str = "") -> None:
        """Open the capture bar; `here` and `command_id` choose the kind."""
        module = command_id.partition(".")[0] or (self.module if here else "")
        self.app.open_capture(module)

    def ask(self, command_id: str, values: Mapping[str, Any]) -> None:
        """Show a form for what a command still needs; a new scene asks for its panes."""
        if command_id == "scene.new" and not values:
            self.pickers.new_scene()
            return
        self.app.open_form(command_id, values)

    def copy(self) -> None:
        """Titles of the selected records to the clipboard (OSC 52)."""
        from mana_tui.saying import title_of

        found = self.selection()
        if not found or found.record is None:
            self.say("Nothing is selected.", kind="error")
            return
        records = self.workspace.store.many(found.record, found.ids[:1000])
        self.app.copy_to_clipboard("\n".join(title_of(one) for one in records))
        self.say(f"Copied {len(records)} title{'s' * (len(records) != 1)}.", kind="done")

    def freeze(self) -> None:
        """Read-only on or off."""
        on = self.workspace.read_only = not self.workspace.read_only
        self.say("Nothing can be changed now." if on else "Changes are possible again.")
        self.refresh_bars()

    # --- the rest ----------------------------------------------------------------------------------------

    def from_thread(self, call: Callable[[], Any]) -> None:
        """Call something on the event loop, from any thread."""
        self.post_message(events.Callback(call))

    def close(self) -> None:
        """Remember how it looks and stop what runs."""
        self.desk.remember()
        self.runner.close()


def _commands(module: str) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (f"{module}.{one.name}", (one.key,) if one.key else ())
        for one in registry.load(module).commands
    ]


def _short(title: str) -> str:
    """`Complete tasks` → `complete`: the first word says it among one module's commands."""
    return title.partition(" ")[0].lower()
