"""Fifty thousand events: a week reads what lies in it, by the index."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from subprocess import run
from typing import Any

import pytest

from mana_tui.workspace import Workspace
from modules.calendar import occurrence, queries
from modules.calendar.model import Calendar, Event
from modules.sdk import Query
from modules.sdk.ui.view import View
from tests.modules.test_calendar_events import made_desk
from tests.ui.conftest import Bench, Reads, reads, settle

COUNT = 50_000
__all__ = ["reads"]


def fill(workspace: Workspace, count: int) -> None:
    """Copies of one event, an hour every three hours around today, made in the database."""
    first = workspace.run("calendar.add", {"title": "Copy", "when": "2026-11-23 9-10"})
    table = workspace.vault.table(Event)
    moved = f"((i - {count // 2}) * 3) || ' hours'"
    made = {
        "id": "printf('%026d', i)",
        "short": "'z' || i",
        "uid": "'copy' || i",
        "title": "printf('Copy %07d', i)",
        "first": f'strftime(\'%Y-%m-%dT%H:%M:%S\', t."first", {moved}) || substr(t."first", 20)',
        "last": f'strftime(\'%Y-%m-%dT%H:%M:%S\', t."last", {moved}) || substr(t."last", 20)',
        "day": f'date(t."day", {moved})',
        "last_day": f'date(t."day", {moved})',
    }
    columns = ", ".join(f'"{name}"' for name in table.names)
    values = ", ".join(made.get(name, f't."{name}"') for name in table.names)
    with workspace.vault.db.write():
        workspace.vault.db.execute(
            f'INSERT INTO "{table.name}" ({columns}) '
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
            f' SELECT {values} FROM n, "{table.name}" t WHERE t.id = ?',
            (first.id,),
        )


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Fifty thousand short events, three series, one long stay."""
    for desk in made_desk(tmp_path_factory):
        fill(desk, COUNT)
        team = {"title": "Team", "when": "2026-11-24 14-15", "repeat": "every tue"}
        rent = {"title": "Rent", "when": "2026-11-24 14-15", "repeat": "FREQ=MONTHLY"}
        old = {"title": "Old", "when": "2020-01-01 8-9", "repeat": "FREQ=DAILY;COUNT=3"}
        stay = {"title": "Sabbatical", "day": "2026-01-01", "last_day": "2026-12-31"}
        for values in (team, rent, old, stay):
            desk.run("calendar.add", values)
        yield desk


def test_a_week_reads_what_lies_in_it(
    many: Workspace, reads: Reads, monkeypatch: pytest.MonkeyPatch
) -> None:
    expanded: list[str] = []
    original = occurrence.Series.between

    def counting(self: Any, *args: Any, **words: Any) -> Any:
        expanded.append(self.core.title if self.core else "")
        return original(self, *args, **words)

    monkeypatch.setattr(occurrence.Series, "between", counting)
    queries._remembered.cache_clear()
    assert many.store.count(Query(Event)) > COUNT
    low = datetime(2026, 11, 23, tzinfo=many.zone)
    reads.calls.clear()

    found = queries.occurrences(many.store, low, low + timedelta(days=7), many.zone)

    titles = [o.event.title for o in found]
    assert {"Team", "Rent", "Sabbatical"} <= set(titles)
    assert "Old" not in titles
    assert reads.rows("all") < 250  # the week, a week before it, the long ones
    assert len(expanded) < 250
    assert "Old" not in expanded

    expanded.clear()
    queries.occurrences(many.store, low, low + timedelta(days=7), many.zone)
    assert not {"Team", "Rent"} & set(expanded), (
        "series are remembered while nothing changes"
    )


def test_no_query_of_a_range_scans_the_table(many: Workspace) -> None:
    plans: list[str] = []
    low = datetime(2026, 11, 23, tzinfo=many.zone)
    asked: list[Query[Any]] = []
    store = many.store
    original = type(store).all
    type(store).all = lambda self, query: asked.append(query) or original(self, query)  # type: ignore[method-assign]
    try:
        queries.occurrences(store, low, low + timedelta(days=7), many.zone)
    finally:
        type(store).all = original  # type: ignore[method-assign]
    for query in asked:
        if query.record is Event:
            plans += store.explain(query)
    searched = [plan for plan in plans if "INDEX calendar_event" in plan]
    assert len(searched) >= 3
    assert not [plan for plan in plans if "__live" in plan or "SCAN" in plan], plans


async def test_a_pane_reads_its_week_only(many: Workspace, reads: Reads) -> None:
    from modules.calendar.views.calendar import CalendarView

    app = Bench(CalendarView(many))
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        assert reads.rows("all") < 300
        assert isinstance(app.widget, View)


def test_importing_the_module_is_light() -> None:
    """No icalendar, dateutil, textual or rich before they are needed."""
    heavy = (
        "icalendar",
        "dateutil",
        "recurring_ical_events",
        "textual",
        "rich",
        "click",
        "httpx",
    )
    code = (
        "import sys, modules.calendar, modules.calendar.slots, modules.calendar.show, "
        "modules.calendar.formats.ics; "
        f"print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_samples_are_the_same_for_the_same_random(workspace: Workspace) -> None:
    from random import Random

    from modules.calendar.slots import seeds

    def made(count: int) -> list[Any]:
        return list(seeds(workspace, count, Random(7)))

    assert made(60) == made(60)
    kinds = [type(one) for one in made(60)]
    assert kinds.count(Calendar) == 3
    assert 50 < kinds.count(Event) < 70
    assert kinds.count(Event) < [type(one) for one in made(600)].count(Event)
    workspace.store.put_many(made(60))
    assert len(workspace.run("calendar.list", {"when": "this week"})) > 10
