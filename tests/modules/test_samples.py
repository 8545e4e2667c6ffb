"""The sample vault: one believable life, the same every time, readable however much there is."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest

from mana_tui.demo import CONNECTED, make_demo
from mana_tui.paths import Paths
from mana_tui.workspace import Workspace
from modules.calendar import seed as events
from modules.calendar import slots
from modules.calendar.model import Event
from modules.drink import seeds as drinks
from modules.drink.seeds import Drink
from modules.journal import seeds as journal
from modules.journal.model import Entry
from modules.mood import seeds as moods
from modules.notes import queries as note_queries
from modules.notes import seeds as notes
from modules.notes.model import Note
from modules.notes.samples import SAMPLES
from modules.sdk.registry import Catalog
from modules.todo import queries
from modules.todo import seeds as todo
from modules.todo.model import Task, is_overdue
from modules.todo.samples import TASKS
from storage.link import Link
from storage.query import Query
from storage.vault import Vault

ZURICH = ZoneInfo("Europe/Zurich")
WEEK = [date(2026, 11, 23) + timedelta(days=n) for n in range(7)]
ODD = [date(2028, 2, 29), date(2026, 3, 29), date(2026, 12, 31)]


@contextmanager
def morning(folder: Path, day: date, at: time = time(9, 41)) -> Iterator[Workspace]:
    """An empty vault at a moment of a day."""
    now = datetime.combine(day, at, ZURICH)
    vault = Vault.create(
        folder, os.urandom(32), Catalog(), person="Robin", clock=lambda: now
    )
    workspace = Workspace(vault, clock=lambda: now, zone=ZURICH, locale="en")
    try:
        with vault.batch("Seed"):
            yield workspace
    finally:
        workspace.close()


def tasks(workspace: Workspace, count: int) -> list[Task]:
    found = todo.records(workspace, count, Random("todo 1"))
    return [record for record in found if isinstance(record, Task)]


@pytest.mark.parametrize("day", [*WEEK, *ODD], ids=str)
def test_any_day_is_a_day_one_can_manage(tmp_path: Path, day: date) -> None:
    with morning(tmp_path, day) as workspace:
        made = tasks(workspace, 240)
        workspace.store.put_many(made)
        today = workspace.store.all(queries.today(day))
        late = [task for task in made if is_overdue(task, day)]
        done = [t for t in made if t.done_at and t.done_at.astimezone(ZURICH).date() == day]

        assert 7 <= len(today) <= 10
        assert len(late) == 2
        assert len(done) == 5
        assert timedelta(hours=3) < sum((t.estimate or timedelta() for t in today), timedelta()) < timedelta(hours=6)  # fmt: skip
        assert any(task.blocked for task in made)
        blocks = [t for t in made if t.scheduled == day and t.scheduled_time]
        assert len(blocks) == 2
        assert _free(workspace, day, blocks)


def _free(workspace: Workspace, day: date, blocks: list[Task]) -> bool:
    """Whether nothing of the calendar lies where the time blocks are."""
    workspace.store.put_many(events.records(workspace, 60, Random(1)))
    start = datetime.combine(day, time(), ZURICH)
    spans = [
        s for s in slots.spans(workspace, start, start + timedelta(days=1)) if not s.day
    ]
    assert len(spans) >= 2
    for block in blocks:
        assert block.scheduled_time is not None
        assert block.scheduled_length is not None
        begin = datetime.combine(day, block.scheduled_time, ZURICH)
        end = begin + block.scheduled_length
        if any(span.start < end and span.end > begin for span in spans):
            return False
    return True


def test_ten_thousand_records_leave_today_readable(tmp_path: Path) -> None:
    day = WEEK[1]
    with morning(tmp_path, day) as workspace:
        made = tasks(workspace, 4000)
        today = [task for task in made if task.attention and task.attention <= day]

        assert len(made) > 3900
        assert 20 < len(today) < 48
        assert sum(is_overdue(task, day) for task in made) < 10
        titles = Counter(task.title for task in made[:2000] if not task.series)
        assert titles.most_common(1)[0][1] == 1
        named = [t.title for t in notes.records(workspace, 360, Random(1))]
        assert len(set(named)) == len(named) == 360


def test_links_of_written_notes_lead_somewhere(tmp_path: Path) -> None:
    with morning(tmp_path, WEEK[0]) as workspace:
        workspace.store.put_many(notes.records(workspace, 60, Random(1)))
        found = workspace.store.all(Query(Note))

        assert len(SAMPLES) >= 25
        for note in found:
            for link in note_queries.links_out(workspace.store, note):
                assert link.note, f"{note.title}: [[{link.target}]]"
            assert not any(day in note.content for day in ("<launch>", "<trip>", "<party>"))


def test_nobody_drinks_at_night_and_a_day_adds_up(tmp_path: Path) -> None:
    with morning(tmp_path, WEEK[0]) as workspace:
        days: dict[date, int] = defaultdict(int)
        for drink in drinks.records(workspace, 400, Random(1)):
            assert isinstance(drink, Drink)
            assert 6 <= drink.at.hour <= 22
            days[drink.at.date()] += drink.quantity
        whole = sorted(days)[1:-1]
        assert 2200 < sum(days[day] for day in whole) / len(whole) < 2800
        assert all(6 <= m.at.hour <= 22 for m in moods.records(workspace, 100, Random(1)))


def test_a_day_has_one_journal_entry(tmp_path: Path) -> None:
    for place, day in enumerate((WEEK[0], *ODD)):
        with morning(tmp_path / str(place), day) as workspace:
            made = list(journal.records(workspace, 300, Random(1)))

            assert len({entry.day for entry in made}) == len(made) == 300
            workspace.store.put_many(made)
            leap = (day.month, day.day) == (2, 29)
            assert leap or workspace.run("journal.on-this-day", {})


def test_the_same_date_makes_the_same_vault(tmp_path: Path) -> None:
    seen = []
    for name in ("one", "other"):
        make_demo(tmp_path / name, records=200, date="2026-11-24")
        seen.append(_everything(tmp_path / name))

    assert seen[0] == seen[1]


def _everything(home: Path) -> list[object]:
    from storage.crypto.slots import unlock

    paths = Paths.find(environ={"MANA_HOME": str(home)})
    vault = Vault.open(paths.data, unlock(paths.data, "demo"), Catalog())
    try:
        workspace = Workspace(vault, zone=ZURICH, locale="en")
        kinds = (Task, Note, Entry, Event, Drink, Link)
        return [
            record
            for kind in kinds
            for record in workspace.store.all(Query(kind).order("id"))
        ]
    finally:
        vault.close()


def test_tasks_lead_to_notes_and_events(tmp_path: Path) -> None:
    make_demo(tmp_path / "some", records=600, date="2026-11-24")
    links = [one for one in _everything(tmp_path / "some") if isinstance(one, Link)]

    assert sum(link.from_kind != link.to_kind for link in links) == len(CONNECTED)


def test_no_records_make_an_empty_vault(tmp_path: Path) -> None:
    assert make_demo(tmp_path / "none", records=0).total == 0
    assert _everything(tmp_path / "none") == []


def test_written_tasks_name_what_there_is() -> None:
    titles = [sample.title for sample in TASKS]

    assert len(set(titles)) == len(titles) >= 60
    for place, sample in enumerate(TASKS):
        assert not sample.parent or sample.parent in titles[:place]
        assert set(sample.after) <= set(titles)
