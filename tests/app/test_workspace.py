"""The workspace without a screen: the one door for commands, and the shell's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from mana_tui.config import Config
from mana_tui.keep import set_keep
from mana_tui.paths import Paths
from mana_tui.workspace import Workspace
from modules.drink import Drink
from modules.mood import Mood
from modules.sdk import Query, command
from storage.errors import ModuleNotInSpace, NotFound, Refused, UserError
from storage.tag import Tag
from tests.program import Program


def moods(workspace: Workspace) -> list[Mood]:
    return workspace.store.all(Query(Mood).order("at"))


def test_text_becomes_values_and_a_run_is_one_undo(workspace: Workspace) -> None:
    made = workspace.run("mood.log", {"level": "7", "feeling": "happy"})
    assert made.level == 7
    assert made.at == workspace.now()
    assert workspace.store.batches()[0].title == "Log mood"
    undone = workspace.run("undo")
    assert undone.of.title == "Log mood"
    assert moods(workspace) == []
    workspace.run("redo")
    assert moods(workspace) == [made]


def test_there_is_nothing_to_undo_in_a_new_vault(workspace: Workspace) -> None:
    assert workspace.run("undo") is None
    assert workspace.run("redo") is None


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Level is missing"),
        ({"level": "11"}, "Level"),
        ({"level": "x"}, "Level"),
        ({"level": 5, "feeling": "purple"}, "Feeling cannot be 'purple'"),
        ({"level": 5, "colour": "red"}, "There is no 'colour' here"),
    ],
)
def test_values_that_do_not_fit_are_named(
    workspace: Workspace, values: dict[str, object], said: str
) -> None:
    with pytest.raises(UserError, match=said):
        workspace.run("mood.log", values)
    assert moods(workspace) == []
    assert workspace.run("undo") is None


def test_a_choice_may_be_shortened(workspace: Workspace) -> None:
    assert workspace.run("mood.log", {"level": 5, "feeling": "hap"}).feeling == "happy"


def test_a_short_id_is_enough(workspace: Workspace) -> None:
    made = workspace.run("mood.log", {"level": 5})
    changed = workspace.run("mood.edit", {"entry": made.short, "level": 6})
    assert (changed.id, changed.level) == (made.id, 6)


def test_a_module_that_the_space_does_not_have_is_refused_at_every_door(
    workspace: Workspace,
) -> None:
    mine = workspace.run("mood.log", {"level": 5})
    club = workspace.run("space.new", {"name": "Rowing Club", "type": "club"})
    assert club.slug == "rowing-club"
    workspace.run("space.switch", {"space": "rowing-club"})
    assert not workspace.has("mood.log")
    for command_id in ("mood.log", "mood.list", "mood.edit", "mood.delete"):
        with pytest.raises(ModuleNotInSpace):
            workspace.run(command_id, {})
    with pytest.raises(ModuleNotInSpace):
        workspace.store.put(mine)
    assert "mood" not in [module.name for module in workspace.modules()]


def test_undo_is_of_the_space_one_is_in(workspace: Workspace) -> None:
    workspace.run("mood.log", {"level": 5})
    workspace.run("space.new", {"name": "Club", "type": "club"})
    workspace.run("space.switch", {"space": "club"})
    workspace.run("tag.add", {"name": "boats"})
    assert workspace.run("undo").of.title == "New tag"
    workspace.run("space.switch", {"space": "@me"})
    assert len(moods(workspace)) == 1


def test_unknown_commands_are_not_found(workspace: Workspace) -> None:
    for command_id in ("mood.fly", "nothing", "nothing.at-all"):
        with pytest.raises(NotFound):
            workspace.run(command_id)
        assert not workspace.has(command_id)


def test_read_only_refuses_what_writes_and_lets_the_rest_be(workspace: Workspace) -> None:
    workspace.read_only = True
    with pytest.raises(Refused, match="read-only"):
        workspace.run("mood.log", {"level": 5})
    assert workspace.run("mood.list") == []


def test_a_command_inside_a_command_joins_its_undo(workspace: Workspace) -> None:
    @command("Log twice")
    def twice(context: Workspace) -> None:
        context.run("mood.log", {"level": 1})
        context.run("drink.log", {})

    with workspace.vault.batch(twice.title, space=workspace.space.id):
        twice.invoke(workspace, {})
    workspace.run("undo")
    assert moods(workspace) == []
    assert workspace.store.all(Query(Drink)) == []


def test_the_trash_lists_restores_and_purges(workspace: Workspace) -> None:
    first, second = (workspace.run("mood.log", {"level": n}) for n in (1, 2))
    workspace.run("mood.delete", {"entries": [first.id, second.id]})
    listed = workspace.run("trash.list")
    assert {one.id for one in listed} == {first.id, second.id}
    workspace.run("trash.restore", {"ids": [first.short]})
    assert [one.level for one in moods(workspace)] == [1]
    with pytest.raises(Refused, match="Only what is in the trash"):
        workspace.run("trash.purge", {"ids": [first.id]})
    workspace.run("trash.purge", {"all": True})
    assert workspace.run("trash.list") == []
    with pytest.raises(NotFound):
        workspace.store.get(Mood, second.id)
    left = workspace.store.history(second.id)
    assert [(change.before, change.after) for change in left] == [(None, None)]


def test_history_of_one_record_names_fields(workspace: Workspace) -> None:
    made = workspace.run("mood.log", {"level": 5})
    workspace.run("mood.edit", {"entry": made.id, "level": 8})
    changes = workspace.run("history", {"id": made.short})
    level = next(change for change in changes if change.field == "level")
    assert (level.before, level.after) == (5, 8)
    assert changes[-1].field == "*"


def test_an_old_batch_can_be_reverted_and_later_ones_stay(workspace: Workspace) -> None:
    made = workspace.run("mood.log", {"level": 5, "note": "a"})
    workspace.run("mood.edit", {"entry": made.id, "level": 8})
    batch = workspace.store.batches()[0]
    workspace.run("mood.edit", {"entry": made.id, "note": "b"})
    workspace.run("revert", {"batch": batch.id})
    (now,) = moods(workspace)
    assert (now.level, now.note) == (5, "b")


def test_tags_are_merged_renamed_and_deleted_everywhere(workspace: Workspace) -> None:
    store = workspace.store
    one, two = store.tag_ids(["work", "job"])
    made = workspace.run("mood.log", {"level": 5})
    store.put(type(made)(**{**_fields(made), "tags": (one,)}))
    workspace.run("tag.merge", {"tag": "work", "into": "job"})
    assert moods(workspace)[0].tags == (two,)
    assert [tag.name for tag in workspace.run("tag.list")] == ["job"]
    workspace.run("undo")
    assert moods(workspace)[0].tags == (one,)
    workspace.run("tag.rename", {"tag": "#work", "name": "office"})
    assert store.tag_names()[one] == "office"
    workspace.run("tag.delete", {"tag": "office"})
    assert moods(workspace)[0].tags == ()
    with pytest.raises(NotFound):
        workspace.run("tag.delete", {"tag": "office"})


def _fields(record: Mood) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def test_two_tags_of_one_name_are_refused(workspace: Workspace) -> None:
    workspace.run("tag.add", {"name": "Home"})
    with pytest.raises(UserError):
        workspace.run("tag.add", {"name": "home"})
    assert len(workspace.store.all(Query(Tag))) == 1


def test_import_names_what_it_cannot_read(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file"):
        workspace.run("import", {"files": [str(tmp_path / "nothing.ics")]})
    (tmp_path / "strange.xyz").write_bytes(b"\x00\x01")
    with pytest.raises(UserError, match="Cannot tell"):
        workspace.run("import", {"files": [str(tmp_path / "strange.xyz")]})
    with pytest.raises(UserError, match="no format"):
        workspace.run("import", {"files": [str(tmp_path / "strange.xyz")], "as_": "nope"})


def test_a_space_has_settings_of_its_own(workspace: Workspace, tmp_path: Path) -> None:
    workspace.config = Config(Paths.find(environ={"MANA_HOME": str(tmp_path)}), environ={})
    workspace.run("space.new", {"name": "Club", "type": "club"})
    assert workspace.setting("trash_days") == 30
    set_keep(workspace.vault, workspace.vault.scope("club").space, {"trash_days": 7})
    assert workspace.setting("trash_days") == 30
    workspace.switch("club")
    assert workspace.setting("trash_days") == 7


def test_a_space_may_be_named_by_its_name(workspace: Workspace) -> None:
    workspace.run("space.new", {"name": "Rowing", "type": "club", "slug": "boats"})
    workspace.switch("rowing")
    assert workspace.space.slug == "boats"
    workspace.switch("Personal")
    assert workspace.space.slug == "@me"
    with pytest.raises(NotFound):
        workspace.switch("nowhere")


def test_programs_get_whole_lists_and_people_a_page(cli: Program) -> None:
    text = "\n".join(f"task {n}" for n in range(60))
    assert cli("import", "-", "--as", "todo.txt", stdin=text).code == 0
    assert len(cli("todo", "list", "all", "--json").json) == 60
    assert len(cli("todo", "list", "all", "--json", "--limit", "5").json) == 5
    assert len(cli("todo", "list", "all").out.splitlines()) == 50
