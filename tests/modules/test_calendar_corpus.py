"""Every `.ics` file of icalendar (163) and recurring-ical-events (95): none crashes, what
cannot be used is named, and what happens when equals what the library says."""

from __future__ import annotations

import warnings
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mana_tui.importing import bring
from mana_tui.workspace import Workspace
from modules.calendar.formats.loading import File, Loaded, load
from modules.calendar.model import Broken, Event, Moment
from modules.calendar.occurrence import Series, bounds
from modules.calendar.zones import with_tables
from modules.sdk import Query, Source
from tests.modules.calendar_corpus import icalendar_files, recurring_files

HOME = ZoneInfo("Europe/Berlin")
SPANS = (
    (datetime(2017, 10, 1, tzinfo=HOME), datetime(2020, 3, 1, tzinfo=HOME)),
    (datetime(2022, 8, 1, tzinfo=HOME), datetime(2025, 2, 1, tzinfo=HOME)),
)
"""Years in which nearly every file has something."""
EVERY = [*icalendar_files(), *recurring_files()]

LIBRARY_CANNOT = {
    "parsing_error.ics": "an empty EXDATE drops the whole event there",
}
"""Files of which the library reads less than there is, and why."""


def test_the_corpora_are_whole() -> None:
    assert len(icalendar_files()) == 163
    assert len(recurring_files()) == 95


def plain(value: Moment) -> tuple[str, str]:
    if not isinstance(value, datetime):
        return "day", value.isoformat()
    if value.tzinfo is None:
        return "floating", value.isoformat()
    return "instant", value.astimezone(UTC).isoformat()


def ours(calendar: Loaded, file: File) -> list[Any]:
    families: dict[str, list[Event]] = defaultdict(list)
    for read in calendar.events:
        families[read.event.uid].append(read.event)
    found = []
    for events in families.values():
        core = next((e for e in events if not e.occurs), None)
        series = Series(
            core, [e for e in events if e.occurs], HOME, with_tables(file.zones)
        )
        for low, high in SPANS:
            answer = series.between(low, high)
            assert answer.whole
            found += [
                (plain(o.start), plain(o.end), o.event.title) for o in answer.occurrences
            ]
    return sorted(found)


def theirs(component: Any) -> list[Any] | None:
    import recurring_ical_events

    try:
        every = recurring_ical_events.of(component, skip_bad_series=True)
        found = [one for low, high in SPANS for one in every.between(low, high)]
    except (KeyError, AttributeError, TypeError, ValueError):
        return None  # an event without a start, or the like, ends it for the whole file
    return sorted(_plainly(one) for one in found)


def _plainly(component: Any) -> Any:
    start, end = component["DTSTART"].dt, component["DTEND"].dt
    if type(start) is date and start == end:
        end += timedelta(days=1)  # here an all-day event lasts its day
    return plain(start), plain(end), " ".join(str(component.get("SUMMARY", "")).split())


@pytest.fixture
def library() -> Any:
    """icalendar without the time zones that other files taught it."""
    import icalendar

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        icalendar.use_zoneinfo()
        yield icalendar
        icalendar.use_zoneinfo()


def test_occurrences_equal_the_librarys(library: Any) -> None:
    compared = checked = 0
    for path in EVERY:
        library.use_zoneinfo()
        data = path.read_bytes()
        file = load(data)
        mine = [ours(calendar, file) for calendar in file.calendars]
        try:
            components = library.Calendar.from_ical(data, multiple=True)
        except ValueError:
            continue  # the library cannot read this file at all
        for component, found in zip(components, mine, strict=False):
            expected = theirs(component)
            if expected is None or path.name in LIBRARY_CANNOT:
                continue
            assert found == expected, path.name
            compared += 1
            checked += len(expected)
    assert compared > 210
    assert checked > 5_000


@pytest.mark.parametrize(
    "files", [icalendar_files(), recurring_files()], ids=["icalendar", "recurring"]
)
def test_every_component_is_an_event_or_named(files: list[Path]) -> None:
    """As many events and unusable items as the file has BEGIN:VEVENT and the like."""
    for path in files:
        data = path.read_bytes()
        file = load(data)
        events = sum(len(c.events) for c in file.calendars)
        unusable = [u for c in file.calendars for u in c.unusable]
        begun = sum(line.strip().upper() == b"BEGIN:VEVENT" for line in data.splitlines())
        broken = sum(u.component == "VEVENT" for u in unusable)
        assert events + broken == begun, path.name
        for one in unusable:
            assert one.item, path.name
            assert one.reason, path.name


def test_bounds_enclose_every_occurrence() -> None:
    for path in recurring_files():
        file = load(path.read_bytes())
        zones = with_tables(file.zones)
        for read in (r for c in file.calendars for r in c.events):
            first, last = bounds(read.event, HOME, zones)
            assert first <= last
            if read.event.occurs:
                continue
            for found in Series(read.event, (), HOME, zones).between(*SPANS[0]).occurrences:
                start, end = found.instants(HOME)
                assert first <= start, path.name
                assert end <= last, path.name


def test_all_files_import_into_one_space(workspace: Workspace) -> None:
    for path in EVERY:
        with workspace.vault.batch(f"Import {path.name}", space=workspace.space.id):
            bring(workspace, Source(path=path), "ics")
    assert workspace.store.count(Query(Event)) > 1000
    kept = workspace.store.all(Query(Broken))
    assert len(kept) > 60
    assert all(one.reason and one.raw for one in kept)
    week = workspace.run("calendar.list", {"when": "2019-03-04", "days": 7})
    assert {"title", "start"} <= set(week[0].__struct_fields__)


def test_importing_again_changes_nothing(workspace: Workspace) -> None:
    chosen = [p for p in EVERY if p.stat().st_size < 5000][::4]
    for path in chosen:
        bring(workspace, Source(path=path), "ics")
        before = workspace.store.batches(1)
        again = bring(workspace, Source(path=path), "ics")
        assert (again.new, again.changed) == (0, 0), path.name
        assert workspace.store.batches(1) == before, path.name
