"""Records as they were: shown, compared, brought back field by field."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mana_tui.past import compare, marked
from mana_tui.workspace import Workspace
from storage.actor import Actor
from storage.errors import NotFound, Refused, UserError
from tests.conftest import Clock
from tests.program import Program

TEXT = (
    "We meet at the old mill, bring bread and cheese. It starts at nine and ends at noon."
)


@pytest.fixture
def task(workspace: Workspace, clock: Clock) -> Any:
    """A task of 9:30, changed at 10:30 and at 11:30."""
    made = workspace.run("todo.add", {"title": "Picnic", "notes": TEXT, "tags": ["Home"]})
    clock.advance(hours=1)
    later = TEXT.replace("nine", "ten")
    workspace.run("todo.edit", {"tasks": [made.id], "notes": later, "priority": 1})
    clock.advance(hours=1)
    workspace.run("todo.edit", {"tasks": [made.id], "title": "Walk"})
    clock.advance(minutes=30)
    return made


def test_a_record_as_it_was(workspace: Workspace, task: Any) -> None:
    seen = [
        workspace.run("history", {"id": task.short, "at": when}).title
        for when in ("today 9:45", "today 11:29", "today 11:31")
    ]

    assert seen == ["Picnic", "Picnic", "Walk"]
    with pytest.raises(NotFound, match="no such record then"):
        workspace.run("history", {"id": task.short, "at": "today 9:00"})


def test_what_changed_between_two_moments(workspace: Workspace, task: Any) -> None:
    asked = {"id": task.short, "from_": "today 10:00", "to": "today 11:00"}
    found = {one.field: one for one in workspace.run("history", asked)}

    assert found.keys() - {"rank"} == {"notes", "priority"}
    assert (found["priority"].before, found["priority"].after) == (task.priority, 1)
    changed = [piece for piece in found["notes"].pieces if piece[0] != "same"]
    assert changed == [("gone", "nine"), ("new", "ten")]
    assert "starts at [-nine-]{+ten+} and ends" in marked(found["notes"].pieces)
    whole = {o.field: o for o in workspace.run("history", {"id": task.id, "to": "now"})}
    assert (whole["title"].before, whole["title"].after) == (None, "Walk")
    assert whole["tags"].after == ("Home",)


def test_one_field_comes_back_and_goes_again(workspace: Workspace, task: Any) -> None:
    asked = {"id": task.short, "field": "notes", "at": "today 9:45"}
    back = workspace.run("history.restore", asked)

    assert (back.notes, back.title, back.priority) == (TEXT, "Walk", 1)
    workspace.run("undo")
    assert workspace.store.get(type(task), task.id).notes != TEXT
    for field in ("updated", "nonsense"):
        with pytest.raises(UserError, match="no field"):
            workspace.run("history.restore", asked | {"field": field})
    workspace.store.delete(type(task), task.id)
    with pytest.raises(Refused, match="in the trash"):
        workspace.run("history.restore", asked)


def test_the_activity_is_narrowed(workspace: Workspace, task: Any, clock: Clock) -> None:
    clock.advance(days=1)
    workspace.run("drink.log", {})
    robot = Actor(kind="agent", id="r1", name="Robot 7")
    with workspace.vault.batch("Tidy up", actor=robot):
        workspace.store.put(type(task)(title="Dust"))

    def titles(**asked: Any) -> list[str]:
        return [one.title for one in workspace.run("history", asked)]

    assert len(titles(module="todo")) == 4
    assert len(titles(module="drink")) == 1
    assert titles(module="to") == []
    assert (
        titles(actor="agent") == titles(actor="robot") == titles(actor="r1") == ["Tidy up"]
    )
    assert len(titles(day="today")) == 2
    assert len(titles(day="yesterday", module="todo")) == 3
    assert titles(day="yesterday", actor="Robot") == []
    (batch,) = workspace.run("history", {"actor": "agent"})
    (change,) = workspace.run("history", {"batch": batch.id[-6:]})
    assert (change.kind, change.field) == ("todo.task", "*")


@given(st.text("ab \nü.", max_size=40), st.text("ab \nü.", max_size=40))
def test_the_pieces_are_both_texts(before: str, after: str) -> None:
    pieces = list(compare(before, after))

    assert "".join(text for what, text in pieces if what != "new") == before
    assert "".join(text for what, text in pieces if what != "gone") == after


def test_long_texts_are_compared_too() -> None:
    long = "".join(f"line {number} says something\n" for number in range(3000))
    pieces = list(compare(long, long.replace("line 1500 ", "line x ")))

    assert [what for what, _ in pieces] == ["same", "gone", "new", "same"]
    assert list(compare("a " * 5000, "b " * 5000)) == [
        ("gone", "a " * 5000),
        ("new", "b " * 5000),
    ]


def test_the_command_line_says_it(cli: Program) -> None:
    cli("todo", "add", "Picnic")
    short = cli("todo", "list", "--json").json[0]["short"]
    cli("todo", "edit", short, "--title", "Walk")

    assert "Walk" in cli("history", short, "--to", "now").out
    assert "Walk" in cli("history", short, "--at", "now").out
    assert cli("history", "--at", "now").code == 2
    assert cli("history", "restore", short, "title").code == 2
    assert "Edit" in cli("history", "--module", "todo", "--actor", "user").out
