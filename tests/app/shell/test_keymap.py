"""The keymap as data: presets, a person's own keys, conflicts, unknown ids; themes likewise."""

from __future__ import annotations

from pathlib import Path

import pytest

from mana_tui import theme
from mana_tui.actions import ACTIONS
from mana_tui.appearance import textual_theme
from mana_tui.keycheck import effective, problems
from mana_tui.keymap import Keymap, chord, load, presets, token
from mana_tui.line import Line
from mana_tui.palette import Choice, rank
from modules.sdk import registry
from storage.errors import NotFound, UserError
from tests.app.shell.samples import module


def test_chords_are_read_and_wrong_ones_named() -> None:
    assert chord("g t") == ("g", "t")
    assert chord("ctrl+d") == ("ctrl+d",)
    assert chord("esc") == ("escape",)
    assert chord("alt+<") == ("alt+<",)
    for wrong in ("", "hyper+x", "nokey", "a b c d e"):
        with pytest.raises(UserError):
            chord(wrong)


def test_tokens_of_key_presses() -> None:
    assert token("question_mark", "?") == "?"
    assert token("G", "G") == "G"
    assert token("space", " ") == "space"
    assert token("ctrl+d", "\x04") == "ctrl+d"
    assert token("plus", "+") == "+"
    assert token("enter", "\r") == "enter"


@pytest.mark.parametrize("name", presets())
def test_every_preset_names_only_what_there_is_and_means_one_thing(name: str) -> None:
    keymap = load(preset=name)
    rows = effective(keymap, [module])
    known = {row.id for row in rows} | set(ACTIONS)
    view_ids = {id for id in keymap.own if id.startswith(("list.", "page.", "view."))}
    assert not [id for id in keymap.own if id not in known and id not in view_ids]
    assert not [text for text in problems({}, keymap, rows) if "in global" in text]


def test_every_listed_function_needs_no_ctrl() -> None:
    keymap = load()
    for id, chords in keymap.own.items():
        assert (
            any(not any("+" in key[1:] for key in keys) for keys in chords)
            or id == "redraw"
        ), id


def test_own_keys_stand_instead_and_none_means_none(tmp_path: Path) -> None:
    (tmp_path / "keys.toml").write_text(
        '[keys]\n"pane.zoom" = []\n"things.finish" = "D"\n[global]\n"things.add" = "T"\n'
    )
    keymap = load(tmp_path)
    assert keymap.keys_of("pane.zoom") == ()
    assert keymap.keys_of("things.finish", ("space",)) == (("D",),)
    assert keymap.look_up(("T",), [keymap.shared]) == (("things.add",), False)
    assert keymap.look_up(("z",), [keymap.shared]) == ((), False)


def test_check_names_conflicts_and_the_nearest_id(tmp_path: Path) -> None:
    said = {
        "preset": "vi",
        "keys": {"pane.zom": "q", "help": "u", "palette": "nokey"},
        "wrong": {},
    }
    keymap = Keymap({**load().own, "help": (("u",),)})
    wrong = "\n".join(problems(said, keymap, effective(keymap, [module])))
    assert "no preset 'vi'" in wrong
    assert "did you mean 'pane.zoom'" in wrong
    assert "help" in wrong
    assert "undo" in wrong
    assert "'nokey' is no key" in wrong
    assert "section 'wrong'" in wrong


def test_a_nearer_context_wins() -> None:
    keymap = Keymap({"undo": (("x",),)})
    near = keymap.layer("m", lambda: [("m.cross", ("x",))])
    assert keymap.look_up(("x",), [near, keymap.shared])[0] == ("m.cross", "undo")


def test_themes_load_and_wrong_ones_say_where(tmp_path: Path) -> None:
    for name in theme.names():
        textual_theme(theme.load(name)).to_color_system().generate()
    folder = tmp_path / "themes"
    folder.mkdir()
    (folder / "mine.toml").write_text('primary = "#123456"\n')
    assert theme.load("mine", tmp_path).colors == {"primary": "#123456"}
    for text, reason in (
        ('primary = "red; }"', "no colour"),
        ('primary = "#123456"\nsecnd = "#000000"', "secnd"),
        ("dark = true", "primary is missing"),
        ('primary = "#123456"\n[variables]\nx = "} * { display: none"', "variable"),
        ("not toml", "cannot be read"),
    ):
        (folder / "bad.toml").write_text(text)
        with pytest.raises(UserError, match=reason) as caught:
            theme.load("bad", tmp_path)
        assert "bad.toml" in str(caught.value)
    with pytest.raises(NotFound, match="nowhere"):
        theme.load("nowhere", tmp_path)


def test_the_palette_ranks_starts_before_words_before_letters() -> None:
    choices = [
        Choice(t)
        for t in ("Undelete it", "Task: delete", "Delete tasks", "Do every last task")
    ]
    assert [c.title for c in rank("del", choices)] == [
        "Delete tasks",
        "Task: delete",
        "Undelete it",
        "Do every last task",
    ]
    assert [c.title for c in rank("task del", choices)][:2] == [
        "Task: delete",
        "Delete tasks",
    ]
    assert rank("xyz", choices) == []


def test_a_line_edits_like_a_shell() -> None:
    line = Line("pay the rent")
    line.key("ctrl+w", None)
    assert line.text == "pay the "
    line.insert("bill\x1b[31m\n now")
    assert "\x1b" not in line.text
    assert "\n" not in line.text
    line.key("home", None)
    line.key("delete", None)
    assert line.text.startswith("ay")
    line.key("ctrl+k", None)
    assert line.text == ""
    line.insert("x" * 5000)
    assert len(line.text) == 2000


def test_no_module_takes_a_key_that_works_everywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.undo()
    registry.load.cache_clear()
    keymap = load()
    rows = effective(keymap, list(registry.all_modules()))
    assert {row.context for row in rows} >= {"todo", "calendar"}
    assert problems({}, keymap, rows) == []


def test_check_names_a_key_that_a_pane_takes_from_everywhere() -> None:
    keymap = Keymap({**load().own, "things.finish": (("+",),), "things.add": (("a",),)})
    wrong = problems({}, keymap, effective(keymap, [module]))
    assert wrong == ["'+' (things.finish) hides pane.add in things."]
