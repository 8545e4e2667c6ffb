"""A module of tests: something to list, add, finish, edit, delete, capture."""

# ruff: noqa: E712 - a Column makes a condition of ==

from __future__ import annotations

from datetime import date
from typing import Any

from textual import events
from textual.widgets import Static

from modules.sdk import (
    Capture,
    Context,
    Line,
    Module,
    Pane,
    Record,
    Ref,
    Text,
    Title,
    command,
)
from modules.sdk.ui.list import ListColumn, ListView, Tab
from modules.sdk.ui.view import Action, View
from storage.query import Query, col


class Thing(Record, kind="things.thing", title="title"):
    """Something."""

    title: Title
    done: bool = False
    due: date | None = None
    note: Text = ""
    parent: Ref[Thing] | None = None


@command("Add thing", key="a")
def add(
    context: Context, title: Title, due: date | None = None, tags: tuple[str, ...] = ()
) -> Thing:
    """Add one."""
    return context.store.put(Thing(title=title, due=due, tags=context.store.tag_ids(tags)))


@command("Finish things", key="space")
def finish(context: Context, things: tuple[Ref[Thing], ...]) -> list[Thing]:
    """Mark as done."""
    from msgspec.structs import replace

    store = context.store
    return [store.put(replace(store.get(Thing, id), done=True)) for id in things]


@command("Edit thing", key="e")
def edit(
    context: Context,
    thing: Ref[Thing],
    title: Line | None = None,
    note: Text | None = None,
    parent: Ref[Thing] | None = None,
) -> Thing:
    """Change one."""
    from msgspec.structs import replace

    found = context.store.get(Thing, thing)
    return context.store.put(
        replace(
            found,
            title=title or found.title,
            note=note or found.note,
            parent=parent or found.parent,
        )
    )


@command("Delete things", key="d")
def delete(context: Context, things: tuple[Ref[Thing], ...]) -> list[Thing]:
    """To the trash."""
    return [context.store.delete(Thing, id) for id in things]


@command("Break", key="B")
def broken(context: Context, things: tuple[Ref[Thing], ...]) -> None:
    """A command with a bug that holds what somebody typed."""
    typed = context.store.get(Thing, things[0]).title
    raise ValueError(typed)


@command("Refuse", key="W")
def refuse(context: Context) -> None:
    """A command that says no."""
    from storage.errors import Refused

    raise Refused("Not on a Sunday.", hint="try Monday")


@command("Wipe", key="D", asks="Really wipe?")
def wipe(context: Context, things: tuple[Ref[Thing], ...]) -> list[Thing]:
    """To the trash, after a question."""
    return [context.store.delete(Thing, id) for id in things]


def captured(line: Any, context: Context) -> dict[str, Any]:
    """What a captured line says."""
    return {"title": line.title, "due": line.day, "tags": line.tags}


class Which(Static, can_focus=True):
    """A line that has the keys until one answers."""

    def __init__(self, then: Any) -> None:
        super().__init__("this or all?")
        self.then = then

    def on_mount(self) -> None:
        self.focus()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.post_message(View.EditDone())
        self.remove()
        if event.key == "t":
            self.then()


class Things(ListView):
    """All of them."""

    record = Thing
    columns = (ListColumn("Title", 0, lambda thing, view: thing.title),)
    tabs = (
        Tab(
            "open",
            "Open",
            lambda view: Query(Thing).where(col("done") == False).order("title"),
        ),
        Tab("all", "All", lambda view: Query(Thing).order("title")),
    )
    ACTIONS = (
        *ListView.ACTIONS,
        Action("things.crash", "Crash", ("ctrl+b",)),
        Action("things.change", "Ask for a change", ("ctrl+e",)),
        Action("things.which", "Ask which, then for a change", ("ctrl+w",)),
    )

    def act_things_change(self) -> bool:
        self.post_message(View.Ask("things.edit", {"thing": self.current.id}))
        return True

    def act_things_which(self) -> bool:
        self.mount(Which(self.act_things_change))
        return True

    def act_things_crash(self, count: int = 1) -> bool:
        typed = self.current.title
        raise ValueError(typed)


class Other(Things):
    """The same again, for a second pane."""


module = Module(
    name="things",
    title="Things",
    icon="◇",
    summary="Things of tests.",
    spaces=("personal", "family"),
    go="i",
    records=(Thing,),
    commands=(add, finish, edit, delete, broken, refuse, wipe),
    panes=(
        Pane(name="list", title="Things", view="tests.app.shell.samples:Things"),
        Pane(name="other", title="Other things", view="tests.app.shell.samples:Other"),
    ),
    slots=(
        Capture(
            letter="i",
            title="Thing",
            command="things.add",
            words=("thing",),
            values="tests.app.shell.samples:captured",
        ),
    ),
)
