"""What the shell does by itself, by id: the keymap binds these, the palette lists them.

Commands change or read records; actions move about, open surfaces and close them. The
functions get the workbench; this file imports no interface code, so that `mana keys` can
read it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from mana_tui.widgets.workbench import Workbench

Perform = Callable[["Workbench", int], Any]


class ShellAction(msgspec.Struct, frozen=True):
    """An id, what people read, what it does; `hint` puts it into the key hints."""

    id: str
    title: str
    perform: Perform
    hint: str = ""
    listed: bool = True


ACTIONS: dict[str, ShellAction] = {}
"""Every action by id."""


def action(
    id: str, title: str, *, hint: str = "", listed: bool = True
) -> Callable[[Perform], Perform]:
    """Register a function as the shell action of this id."""

    def register(function: Perform) -> Perform:
        ACTIONS[id] = ShellAction(id, title, function, hint, listed)
        return function

    return register


# --- panes -----------------------------------------------------------------------------


@action("pane.next", "Next pane", hint="pane")
def next_pane(bench: Workbench, count: int) -> None:
    """Go to the pane on the right, round to the first."""
    bench.desk.step_pane(count)


@action("pane.previous", "Previous pane")
def previous_pane(bench: Workbench, count: int) -> None:
    """Go to the pane on the left, round to the last."""
    bench.desk.step_pane(-max(1, count))


@action("pane.back", "Back", listed=False)
def back(bench: Workbench, count: int) -> None:
    """Close what is on top: a view, the zoom. Never quits."""
    bench.back()


@action("pane.zoom", "Zoom the pane")
def zoom(bench: Workbench, count: int) -> None:
    """Give the pane the whole width, or put it back."""
    bench.desk.zoom()


@action("pane.narrower", "Make the pane narrower")
def narrower(bench: Workbench, count: int) -> None:
    """Take some columns away."""
    bench.desk.widen(-4 * max(1, count))


@action("pane.wider", "Make the pane wider")
def wider(bench: Workbench, count: int) -> None:
    """Give it some columns."""
    bench.desk.widen(4 * max(1, count))


@action("pane.move-left", "Move the pane left")
def move_left(bench: Workbench, count: int) -> None:
    """Change places with the pane on the left."""
    bench.desk.move_pane(-max(1, count))


@action("pane.move-right", "Move the pane right")
def move_right(bench: Workbench, count: int) -> None:
    """Change places with the pane on the right."""
    bench.desk.move_pane(count)


@action("pane.collapse", "Collapse or unfold the pane")
def collapse(bench: Workbench, count: int) -> None:
    """Fold the pane to its title, or unfold it."""
    bench.desk.collapse_pane()


@action("pane.add", "Add a pane …")
def add_pane(bench: Workbench, count: int) -> None:
    """Pick a module for a new pane."""
    bench.pickers.add_pane()


@action("pane.remove", "Remove the pane")
def remove_pane(bench: Workbench, count: int) -> None:
    """Take the pane out of the scene; its records stay."""
    bench.desk.remove_pane()


# --- scenes and spaces -----------------------------------------------------------------


def _goto(number: int) -> Perform:
    def goto(bench: Workbench, count: int) -> None:
        bench.desk.goto_scene(number - 1)

    return goto


for _number in range(1, 10):
    action(f"scene.goto-{_number}", f"Go to scene {_number}", listed=False)(_goto(_number))


@action("scene.next", "Next scene")
def next_scene(bench: Workbench, count: int) -> None:
    """Show the scene on the right, round to the first."""
    bench.desk.step_scene(count)


@action("scene.previous", "Previous scene")
def previous_scene(bench: Workbench, count: int) -> None:
    """Show the scene on the left, round to the last."""
    bench.desk.step_scene(-max(1, count))


@action("scene.menu", "Scenes …", hint="scenes")
def scene_menu(bench: Workbench, count: int) -> None:
    """Go to a scene, or change one."""
    bench.pickers.scenes()


@action("scene.scope-menu", "Scope of the scene …")
def scope_menu(bench: Workbench, count: int) -> None:
    """Choose the tags the scene narrows its panes to."""
    bench.pickers.scope()


@action("scene.scope-clear", "Clear the scope of the scene")
def scope_clear(bench: Workbench, count: int) -> None:
    """Show everything in the scene again."""
    bench.desk.set_scope(())


@action("space.menu", "Switch space …")
def space_menu(bench: Workbench, count: int) -> None:
    """Choose another space."""
    bench.pickers.spaces()


# --- surfaces --------------------------------------------------------------------------


@action("palette", "Palette: everything by name …", hint="palette")
def palette(bench: Workbench, count: int) -> None:
    """Find a command, record, scene or module by typing part of it."""
    bench.pickers.palette()


@action("capture", "Capture anything …", hint="capture")
def capture(bench: Workbench, count: int) -> None:
    """Type one line: a task, an event, a note, …"""
    bench.capture()


@action("capture.here", "Add here …", hint="add")
def capture_here(bench: Workbench, count: int) -> None:
    """Type one line of what this pane holds."""
    bench.capture(here=True)


@action("search.open", "Search everything …", hint="search")
def search(bench: Workbench, count: int) -> None:
    """Search all records of the space."""
    bench.pickers.search()


@action("help", "Keys of this pane …", hint="keys")
def help_(bench: Workbench, count: int) -> None:
    """List the keys that work here; typing searches them."""
    bench.pickers.keys()


@action("manual", "Manual")
def manual(bench: Workbench, count: int) -> None:
    """Read the manual."""
    bench.pickers.manual()


@action("inspect", "Inspect the record: history, links …")
def inspect(bench: Workbench, count: int) -> None:
    """Show where the record comes from, what changed it and what it is linked with."""
    bench.pickers.inspect()


@action("trash.open", "Trash …")
def trash(bench: Workbench, count: int) -> None:
    """Look into the trash, and bring things back."""
    bench.pickers.trash()


@action("history.open", "History of the space …")
def history(bench: Workbench, count: int) -> None:
    """Look at what happened, and revert it."""
    bench.pickers.history()


@action("problem.details", "Details of the last problem")
def details(bench: Workbench, count: int) -> None:
    """Say more about what went wrong last."""
    bench.pickers.problem()


# --- the record under the cursor ----------------------------------------------------------


@action("copy", "Copy the record's text")
def copy(bench: Workbench, count: int) -> None:
    """Put the titles of the selected records on the clipboard."""
    bench.copy()


@action("record.tag", "Tags of the record …")
def tag(bench: Workbench, count: int) -> None:
    """Choose the tags the selected records carry."""
    bench.pickers.tags()


# --- doing and undoing -----------------------------------------------------------------


@action("undo", "Undo", hint="undo")
def undo(bench: Workbench, count: int) -> None:
    """Undo what was done last, also after a restart."""
    bench.runner.undo(count)


@action("redo", "Redo")
def redo(bench: Workbench, count: int) -> None:
    """Do again what was undone last."""
    bench.runner.redo(count)


@action("repeat", "Repeat the last command")
def repeat(bench: Workbench, count: int) -> None:
    """Run the last command again, on what is selected now."""
    bench.runner.repeat(count)


@action("work.cancel", "Stop the work in the background")
def cancel(bench: Workbench, count: int) -> None:
    """Ask long work to stop; what it wrote in this run is taken back."""
    bench.runner.cancel()


# --- the whole -------------------------------------------------------------------------


@action("freeze", "Read-only on or off")
def freeze(bench: Workbench, count: int) -> None:
    """Refuse every change until pressed again."""
    bench.freeze()


@action("lock", "Lock the vault")
def lock(bench: Workbench, count: int) -> None:
    """Close the vault, drop its key, and ask for the passphrase."""
    bench.app.call_later(bench.app.lock)


@action("theme.menu", "Theme …")
def theme(bench: Workbench, count: int) -> None:
    """Choose how it looks."""
    bench.pickers.themes()


@action("redraw", "Draw the screen again")
def redraw(bench: Workbench, count: int) -> None:
    """Repair a garbled terminal."""
    bench.app.redraw()


@action("suspend", "Go to the shell, come back with fg")
def suspend(bench: Workbench, count: int) -> None:
    """Stop for a while, as ctrl+z does everywhere."""
    bench.app.action_suspend_process()


@action("quit", "Quit", hint="quit")
def quit_(bench: Workbench, count: int) -> None:
    """Leave; drafts are kept."""
    bench.app.call_later(bench.app.quit)
