"""The journal on screen: the list, one key to today's page, the year."""

from __future__ import annotations

from datetime import date

from mana_tui.workspace import Workspace
from modules.journal.model import Entry
from modules.journal.views.entries import JournalView, JournalYear
from modules.journal.views.entry import EntryView
from modules.sdk.ui.view import View
from storage.query import Query
from tests.ui.conftest import Bench, settle, text_of

TODAY = date(2026, 11, 23)


def write(workspace: Workspace, content: str, **values: object) -> Entry:
    return workspace.run("journal.add", {"content": content, **values})


async def test_one_key_opens_todays_page_to_write(workspace: Workspace) -> None:
    view = JournalView(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Nothing is written yet" in "\n".join(text_of(app))
        await pilot.press("w")
        await pilot.pause()
        (pushed,) = [one.view for one in app.said if isinstance(one, View.Push)]
        assert isinstance(pushed, EntryView)
        assert pushed.day == TODAY


async def test_a_new_page_is_stored_when_it_has_words(workspace: Workspace) -> None:
    view = EntryView(workspace, day=TODAY, write=True)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert app.focused is view.editor
        assert workspace.run("journal.prompt") in view.title
        await pilot.press("escape")
        await pilot.pause()
        assert not [one for one in app.said if isinstance(one, View.Run)]
        await pilot.press("e", "H", "i", "escape")
        await pilot.pause()
        (run,) = [one for one in app.said if isinstance(one, View.Run)]
        workspace.run(run.command_id, run.values)
        await settle(pilot)
        assert "Mon 23 Nov" in "\n".join(text_of(app))
        assert "1 word" in "\n".join(text_of(app))
    (entry,) = workspace.store.all(Query(Entry))
    assert (entry.content, entry.day) == ("Hi", TODAY)


async def test_the_page_shows_earlier_years(workspace: Workspace) -> None:
    write(workspace, "Snow already.", day="2021-11-23")
    entry = write(workspace, "Rain.", mood="sad")
    view = EntryView(workspace, id=entry.id)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        shown = "\n".join(text_of(app))
        for said in ("Rain.", "sad", "On this day", "2021", "Snow already."):
            assert said in shown


async def test_the_list_has_months_and_this_day_of_earlier_years(
    workspace: Workspace,
) -> None:
    write(workspace, "Now")
    write(workspace, "Before", day="2025-11-23")
    view = JournalView(workspace)
    app = Bench(view)
    async with app.run_test(size=(90, 24)) as pilot:
        await settle(pilot)
        assert view.choose_tab(1)
        await settle(pilot)
        shown = "\n".join(text_of(app))
        assert "November 2026" in shown
        assert "November 2025" in shown
        assert view.choose_tab(3)
        await settle(pilot)
        shown = "\n".join(text_of(app))
        assert "Before" in shown
        assert "Now" not in shown


async def test_the_year_counts_words_and_the_streak(workspace: Workspace) -> None:
    write(workspace, "one two three")
    write(workspace, "four", day="yesterday")
    view = JournalYear(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert view.status == "3 words · 2 days in a row"
        await pilot.press("enter")
        await pilot.pause()
        (pushed,) = [one.view for one in app.said if isinstance(one, View.Push)]
        assert pushed.day == TODAY
        await pilot.press("j", "w")
        await pilot.pause()
        assert len([one for one in app.said if isinstance(one, View.Push)]) == 1
