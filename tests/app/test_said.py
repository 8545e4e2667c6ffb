"""What the command line says to a newcomer: refusals in words, live completion."""

from __future__ import annotations

import subprocess
from shutil import which
from typing import Any

import pytest

from mana_tui.completion import SCRIPTS, script
from mana_tui.workspace import Workspace
from storage.errors import UserError


@pytest.mark.parametrize(
    ("command", "values", "said"),
    [
        ("todo.add", {"title": ""}, "Title must not be empty."),
        ("todo.add", {"title": "   "}, "Title must not be empty."),
        ("todo.add", {"title": "x" * 1001}, "Title is longer than 1000 characters."),
        ("mood.log", {"level": "11"}, "Level must be at most 10."),
        ("mood.log", {"level": "x"}, "Level must be a whole number."),
        ("todo.list", {"limit": "-1"}, "Limit must be at least 1."),
        ("todo.list", {"limit": "abc"}, "Limit must be a whole number."),
        ("tag.add", {"name": ""}, "Name must not be empty."),
        ("tag.add", {"name": "#"}, "A tag needs a name."),
        ("tag.add", {"name": "a,b"}, "'a,b' cannot be a tag: a comma separates tags."),
        ("space.new", {"name": "", "type": "club"}, "Name must not be empty."),
    ],
)
def test_a_refusal_is_a_sentence(
    workspace: Workspace, command: str, values: dict[str, Any], said: str
) -> None:
    with pytest.raises(UserError) as refused:
        workspace.run(command, values)
    assert str(refused.value) == said
    assert workspace.run("undo") is None


def test_a_tag_cannot_lose_its_name(workspace: Workspace) -> None:
    workspace.run("tag.add", {"name": "#home"})
    with pytest.raises(UserError, match="needs a name"):
        workspace.run("tag.rename", {"tag": "home", "name": " # "})
    assert [tag.name for tag in workspace.store.tags()] == ["home"]


def test_purging_takes_ids_as_restoring_does(cli: Any) -> None:
    made = cli("todo", "add", "old", "--json").json
    cli("todo", "delete", made["short"])
    assert cli("trash", "purge", made["short"], "--yes").code == 0
    assert cli("trash", "list", "--json").json == []


def test_a_theme_that_is_not_there_is_refused(cli: Any) -> None:
    done = cli("config", "set", "theme", "nope")
    assert done.code == 1
    assert "mana-dark" in done.err
    assert cli("config", "set", "theme", "mana-light").code == 0


def test_checking_the_keys_says_one_thing(cli: Any) -> None:
    done = cli("keys", "--check")
    assert (done.code, done.out.strip()) == (0, "keys.toml is fine.")
    assert cli("keys", "--check", "--json").json == []


def test_the_word_not_yet_begun_is_completed(cli: Any) -> None:
    short = cli("todo", "add", "milk", "--json").json["short"]
    assert short in cli("complete", "--", "todo", "show", "").out.split()
    assert cli("complete", "--", "todo", "show", short[:2]).out.split() == [short]
    for words in (["--space", ""], ["space", "switch", "@"]):
        assert "@me" in cli("complete", "--", *words).out.split()
    assert cli("complete", "--", "completion", "z").out.split() == ["zsh"]


def test_help_may_stand_before_what_it_is_about(cli: Any) -> None:
    for words in (["todo"], ["todo", "add"], ["config"], ["undo"]):
        done = cli("help", *words)
        assert (done.code, done.out) == (0, cli(*words, "--help").out)
    assert cli("help", "nonsense").code == 2


def test_settings_read_as_they_are_written(cli: Any) -> None:
    said = cli("config", "set", "password_command", "pass show mana")
    assert said.out == "password_command = pass show mana\n"
    assert cli("config", "get", "linear").out in ("yes\n", "no\n")
    assert cli("config", "get", "week_start").out == "\n"
    assert "None" not in cli("config", "list").out


@pytest.mark.parametrize("shell", list(SCRIPTS))
def test_the_shells_take_their_script(shell: str) -> None:
    if which(shell) is None:
        assert "mana --no-input complete" in script(shell)
        return
    ran = subprocess.run(
        [shell, "-n", "/dev/stdin"],
        input=script(shell), capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
