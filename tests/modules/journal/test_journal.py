"""The journal through its commands: a day's entry, moods, streaks, other journals."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mana_tui.workspace import Workspace
from modules.journal import queries
from modules.journal.model import Entry, id_of, mood_of
from modules.journal.prompts import prompt_for
from modules.journal.slots import document, lines
from storage.errors import ModuleNotInSpace, Refused, UserError
from storage.query import Query
from tests.conftest import Clock

TODAY = date(2026, 11, 23)


def write(workspace: Workspace, content: str, **values: object) -> Entry:
    return workspace.run("journal.add", {"content": content, **values})


def test_a_day_has_one_entry_that_grows(workspace: Workspace) -> None:
    first = write(workspace, "Morning run.")
    second = write(workspace, "Evening soup.", mood="happy", tags="food")
    assert first.id == second.id == id_of(workspace.space.id, TODAY)
    assert second.content == "Morning run.\n\nEvening soup."
    assert (second.words, second.mood, second.day) == (4, "happy", TODAY)
    assert len(workspace.run("journal.list")) == 1
    workspace.run("undo")
    assert workspace.store.get(Entry, first.id).content == "Morning run."


def test_days_look_back_and_the_future_is_refused(workspace: Workspace) -> None:
    assert write(workspace, "x", day="yesterday").day == date(2026, 11, 22)
    assert write(workspace, "x", day="24.11.").day == date(2025, 11, 24)
    assert write(workspace, "x", day="fri").day == date(2026, 11, 20)
    with pytest.raises(Refused):
        write(workspace, "x", day="2026-11-24")
    with pytest.raises(UserError):
        write(workspace, "x", day="someday")


def test_nothing_written_asks_the_question_of_the_day(workspace: Workspace) -> None:
    with pytest.raises(UserError) as said:
        write(workspace, " ")
    assert said.value.hint == workspace.run("journal.prompt")
    assert workspace.run("journal.today").short == ""
    assert workspace.store.count(Query(Entry)) == 0
    assert workspace.run("journal.today", {"text": "Now."}).content == "Now."


def test_own_questions_take_turns() -> None:
    asked = {
        prompt_for(TODAY + timedelta(days=n), "en", "One?\n\n Two? ") for n in range(4)
    }
    assert asked == {"One?", "Two?"}
    assert prompt_for(TODAY, "de") != prompt_for(TODAY, "en")


def test_a_deleted_day_can_be_written_again(workspace: Workspace) -> None:
    entry = write(workspace, "Gone.")
    workspace.run("journal.delete", {"entries": [entry.id]})
    assert workspace.run("journal.list") == []
    assert write(workspace, "Again.").content == "Again."
    assert len(workspace.run("journal.list")) == 1


def test_a_mood_goes_with_the_day_even_without_words(workspace: Workspace) -> None:
    entry = workspace.run("journal.mood", {"mood": "pensive"})
    assert (entry.mood, entry.content) == ("pensive", "")
    with pytest.raises(UserError, match="Mood"):
        workspace.run("journal.mood", {"mood": "mauve"})
    assert mood_of("Glücklich") == mood_of("HAPPY") == "happy"
    assert mood_of("") is None


def test_pinned_first_then_the_newest_day(workspace: Workspace) -> None:
    for away in (3, 0, 2, 1):
        write(workspace, f"{away} ago", day=(TODAY - timedelta(days=away)).isoformat())
    oldest = workspace.run("journal.list")[-1]
    workspace.run("journal.pin", {"entries": [oldest.id]})
    assert [one.content[0] for one in workspace.run("journal.list")] == ["3", "0", "1", "2"]


def test_lists_narrow(workspace: Workspace) -> None:
    one = write(workspace, "Rain and tea", mood="sad", tags=["home"])
    write(workspace, "Sun", day="yesterday", mood="happy")
    workspace.run("journal.favourite", {"entries": [one.id]})
    for values in (
        {"query": "tea"},
        {"mood": "sad"},
        {"tag": "home"},
        {"favourites": True},
    ):
        assert [found.id for found in workspace.run("journal.list", values)] == [one.id]
    workspace.run("journal.archive", {"entries": [one.id]})
    assert len(workspace.run("journal.list")) == 1
    assert len(workspace.run("journal.list", {"archived": True})) == 1


def test_on_this_day_is_the_same_day_of_earlier_years(
    workspace: Workspace, clock: Clock
) -> None:
    for day in ("2025-11-23", "2020-11-23", "2025-11-22", "2024-02-29"):
        write(workspace, day, day=day)
    write(workspace, "today")
    found = workspace.run("journal.on-this-day")
    assert [entry.content for entry in found] == ["2025-11-23", "2020-11-23"]
    assert queries.on_this_day(date(2028, 2, 29)).conditions[0].value[:2] == (
        date(2024, 2, 29), date(2020, 2, 29),
    )  # fmt: skip


def test_the_streak_is_strict(workspace: Workspace) -> None:
    for away in (1, 2, 3, 5):
        write(
            workspace,
            "two words",
            day=(TODAY - timedelta(days=away)).isoformat(),
            mood="sad",
        )
    stats = workspace.run("journal.stats")
    assert (stats.streak, stats.longest) == (0, 3)
    write(workspace, "one more", mood="happy", tags=["a", "b"])
    stats = workspace.run("journal.stats")
    assert (stats.streak, stats.longest, stats.entries, stats.words) == (4, 4, 5, 10)
    assert (stats.mood, stats.moods) == ("sad", {"sad": 4, "happy": 1})
    assert stats.tags == {"a": 1, "b": 1}
    assert stats.months == {"2026-11": 5}


@given(st.sets(st.integers(0, 40)))
def test_streaks_agree_with_counting_by_hand(away: set[int]) -> None:
    days = [TODAY - timedelta(days=n) for n in away]
    run = next(n for n in range(42) if n not in away)
    assert queries.streak(days, TODAY) == run
    assert queries.longest(days) >= run


def test_captured_lines_name_day_and_mood(workspace: Workspace) -> None:
    workspace.run("add", {"text": "j yesterday: Met tomorrow's hero #me"})
    workspace.run("add", {"text": "j glücklich: Sonne mood:sad"})
    workspace.run("add", {"text": "j Note: nothing"})
    today, before = workspace.run("journal.list")
    assert (before.content, before.day) == ("Met tomorrow's hero", date(2026, 11, 22))
    assert today.content == "Sonne\n\nNote: nothing"
    assert today.mood == "sad"


def test_it_is_personal(workspace: Workspace) -> None:
    space = workspace.vault.new_space("Club", "club", "club")
    workspace.switch(space.slug)
    with pytest.raises(ModuleNotInSpace):
        write(workspace, "x")


def test_today_says_whether_the_day_is_written(workspace: Workspace) -> None:
    (line,) = lines(workspace, TODAY)
    assert (line.done, line.text) == (False, workspace.run("journal.prompt"))
    entry = write(workspace, "Two words")
    (line,) = lines(workspace, TODAY)
    assert (line.done, line.text, line.record) == (True, "Two words (2 words)", entry.id)
    assert lines(workspace, TODAY - timedelta(days=1)) == []
    assert document(entry)["date"] == TODAY


def test_lists_follow_an_index(workspace: Workspace) -> None:
    for query in (
        queries.entries(), queries.by_month(), queries.favourites(), queries.archive(),
        queries.on_day(TODAY), queries.on_this_day(TODAY), queries.between(TODAY, TODAY),
    ):  # fmt: skip
        plan = workspace.store.explain(query)
        assert plan[0].startswith("SEARCH t USING"), plan


# --- other journals ---------------------------------------------------------------------

DAY_ONE = {
    "metadata": {"version": "1.0"},
    "entries": [
        {"uuid": "A", "creationDate": "2024-05-01T22:30:00Z", "timeZone": "Europe/Zurich",
         "modifiedDate": "2024-05-02T08:00:00Z", "starred": True, "tags": ["trip"],
         "text": "# Lisbon\n\nArrived **late**.", "photos": [{"md5": "x"}]},
        {"uuid": "B", "creationDate": "2024-05-02T10:00:00Z", "timeZone": "Nowhere/Else",
         "text": "Plain."},
        {"uuid": "C", "text": "no date"},
        "not an entry",
    ],
}  # fmt: skip


def bring(workspace: Workspace, folder: Path, name: str, data: object):
    file = folder / name
    file.write_text(json.dumps(data))
    (done,) = workspace.run("import", {"files": [str(file)]})
    return done


def test_day_one_comes_in_by_local_day(workspace: Workspace, tmp_path: Path) -> None:
    done = bring(workspace, tmp_path, "Journal.json", DAY_ONE)
    assert (done.format, done.new, len(done.rejected)) == ("dayone", 2, 3)
    plain, lisbon = workspace.store.all(Query(Entry).order("-created"))
    assert (lisbon.day, lisbon.title, lisbon.content) == (
        date(2024, 5, 2), "Lisbon", "Arrived **late**.",
    )  # fmt: skip
    assert lisbon.favourite
    assert plain.day == date(2024, 5, 2)
    assert bring(workspace, tmp_path, "Journal.json", DAY_ONE).same == 2


def test_jrnl_goes_out_and_comes_in(workspace: Workspace, tmp_path: Path) -> None:
    write(workspace, "Words.", title="Head", tags=["x"])
    said = json.loads(workspace.run("export", {"format": "jrnl"}).data)
    assert said["entries"][0] | {"mood": ""} == {
        "title": "Head", "body": "Words.", "date": "2026-11-23", "time": "09:30",
        "tags": ["x"], "starred": False, "mood": "",
    }  # fmt: skip
    done = bring(workspace, tmp_path, "jrnl.json", said)
    assert (done.format, done.new, done.rejected) == ("jrnl", 1, [])


@pytest.mark.parametrize("data", [[], {"entries": {}}, {"entries": None}, "x", 1])
def test_what_is_no_journal_is_said(
    workspace: Workspace, tmp_path: Path, data: object
) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps(data))
    with pytest.raises(UserError):
        workspace.run("import", {"files": [str(file)], "as_": "dayone"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["creationDate", "text", "uuid", "tags", "date", "title", "timeZone"]),
        inner, max_size=4),
    max_leaves=10,
)  # fmt: skip


@given(st.lists(json_values, max_size=4))
def test_any_list_of_entries_is_read_or_refused_one_by_one(
    workspace: Workspace, entries: list[object]
) -> None:
    from modules.journal.formats.dayone import read, read_jrnl
    from modules.sdk.slot import Source

    source = Source(path=Path("x.json"), data=json.dumps({"entries": entries}).encode())
    for reader in (read, read_jrnl):
        assert len(list(reader(workspace, source))) >= len(entries)
