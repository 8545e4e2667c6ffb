"""Adding, editing, moving and deleting events; how much of a series each changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mana_tui.workspace import Workspace
from modules.calendar.model import Calendar, Event
from modules.calendar.slots import captured, reminders, spans, today
from modules.sdk import Capture, Query
from modules.sdk.registry import Catalog
from modules.sdk.slot import resolve
from modules.sdk.text.capture import kinds_of, parse
from storage.errors import NotFound, UserError
from storage.vault import Vault
from tests.conftest import Clock


def made_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    clock = Clock()
    folder = tmp_path_factory.mktemp("calendar") / "vault"
    vault = Vault.create(folder, os.urandom(32), Catalog(), person="Ada", clock=clock)
    made = Workspace(vault, clock=clock, zone=ZoneInfo("Europe/Zurich"), locale="en")
    yield made
    made.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """One vault for the whole file."""
    yield from made_desk(tmp_path_factory)


@pytest.fixture
def workspace(desk: Workspace) -> Iterator[Workspace]:
    """The vault, empty: whatever a test did is undone after it."""
    yield desk
    while desk.store.count(Query(Event)) or desk.store.count(Query(Calendar)):
        assert desk.store.undo() is not None


def add(workspace: Workspace, title: str, when: str = "", **more: Any) -> Event:
    return workspace.run("calendar.add", {"title": title, "when": when, **more})


def listed(workspace: Workspace, when: str = "2026-11-23", days: int = 70) -> list[str]:
    """`24.11. 14:00 Team` of every event."""
    found = workspace.run("calendar.list", {"when": when, "days": days})
    return [
        f"{e.day:%d.%m.} {e.title}" if e.day else f"{e.start:%d.%m. %H:%M} {e.title}"
        for e in found
    ]


# --- adding ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"when": "tomorrow 9-10:30"}, "2026-11-24 09:00 2026-11-24 10:30"),
        ({"when": "tomorrow 9:00"}, "2026-11-24 09:00 2026-11-24 10:00"),
        ({"when": "tomorrow 23-1"}, "2026-11-24 23:00 2026-11-25 01:00"),
        ({"when": "24.12."}, "2026-12-24 - 2026-12-24 -"),
        ({"day": "2026-12-24", "last_day": "2026-12-26"}, "2026-12-24 - 2026-12-26 -"),
        ({"when": "24.12.-26.12."}, "2026-12-24 - 2026-12-26 -"),
        ({"when": "tomorrow", "duration": "3d"}, "2026-11-24 - 2026-11-26 -"),
        ({}, "2026-11-23 10:00 2026-11-23 11:00"),
        ({"duration": "30m"}, "2026-11-23 10:00 2026-11-23 10:30"),
        ({"all_day": True}, "2026-11-23 - 2026-11-23 -"),
        ({"start": "2026-11-24T09:00:00Z"}, "2026-11-24 10:00 2026-11-24 11:00"),
        ({"start": "2026-11-24T09:00", "end": "2026-11-24T09:45"}, "2026-11-24 09:00 2026-11-24 09:45"),
        ({"when": "tomorrow 9-10", "zone": "America/New_York"}, "2026-11-24 09:00 2026-11-24 10:00"),
        ({"when": "14:00", "duration": "26h"}, "2026-11-23 14:00 2026-11-24 16:00"),
    ],
)  # fmt: skip
def test_when_is_understood(
    workspace: Workspace, values: dict[str, Any], expected: str
) -> None:
    event = workspace.run("calendar.add", {"title": "x", **values})
    clock = [f"{t:%H:%M}" if t else "-" for t in (event.start_time, event.end_time)]
    assert f"{event.day} {clock[0]} {event.last_day} {clock[1]}" == expected


@pytest.mark.parametrize(
    "values",
    [{"when": "blue"}, {"zone": "Mars/Base"}, {"repeat": "sometimes"}, {"calendar": "None such"},
     {"start": "2026-11-24T09:00", "end": "2026-11-24T08:00"}, {"when": "9-10", "duration": "900000h"},
     {"day": "2026-11-24", "last_day": "2026-11-20"}, {"repeat": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    workspace: Workspace, values: dict[str, Any]
) -> None:
    with pytest.raises(UserError):
        workspace.run("calendar.add", {"title": "x", **values})
    assert workspace.store.count(Query(Event)) == 0


def test_the_first_event_makes_a_calendar(workspace: Workspace) -> None:
    event = add(workspace, "Dentist", "tomorrow 9-10")
    (calendar,) = workspace.store.all(Query(Calendar))
    assert (calendar.name, calendar.default, event.calendar) == (
        "Personal",
        True,
        calendar.id,
    )


def test_a_series_begins_on_a_day_of_its_rule(workspace: Workspace) -> None:
    event = add(workspace, "Team", "tomorrow 9-10", repeat="every fri")
    assert event.day == date(2026, 11, 27)


def test_people_keep_their_answers(workspace: Workspace) -> None:
    event = add(
        workspace,
        "Talk",
        people=["Mara Keller <mara@example.org>", "@jonas", "nia@example.org"],
    )
    assert [(p.name, p.email) for p in event.people] == [
        ("Mara Keller", "mara@example.org"), ("jonas", ""), ("", "nia@example.org"),
    ]  # fmt: skip


# --- how much of a series --------------------------------------------------------------

WEEKS = ["24.11. 14:00 Team", "01.12. 14:00 Team", "08.12. 14:00 Team", "15.12. 14:00 Team"]
RULES = {
    "open": "FREQ=WEEKLY;BYDAY=TU",
    "counted": "FREQ=WEEKLY;COUNT=4",
    "until": "FREQ=WEEKLY;UNTIL=20261215T130000Z",
}


@pytest.fixture(params=sorted(RULES))
def team(request: pytest.FixtureRequest, workspace: Workspace) -> Event:
    """A weekly meeting, told in three ways."""
    return add(workspace, "Team", "2026-11-24 14-15", repeat=RULES[request.param])


def month(workspace: Workspace) -> list[str]:
    return listed(workspace, days=26)


EDITS = [
    ("this", "2026-12-01", {"title": "Big"}, [WEEKS[0], "01.12. 14:00 Big", *WEEKS[2:]]),
    ("following", "2026-12-01", {"title": "Big"}, [WEEKS[0], *(w.replace("Team", "Big") for w in WEEKS[1:])]),
    ("all", "2026-12-01", {"title": "Big"}, [w.replace("Team", "Big") for w in WEEKS]),
    ("this", "2026-12-08", {"when": "15:30"}, [*WEEKS[:2], "08.12. 15:30 Team", WEEKS[3]]),
    ("following", "2026-12-08", {"when": "15:30"}, [*WEEKS[:2], "08.12. 15:30 Team", "15.12. 15:30 Team"]),
    ("all", "2026-12-08", {"when": "15:30"}, [w.replace("14:00", "15:30") for w in WEEKS]),
    ("this", "2026-12-01", {"when": "2026-12-02 9-10"}, [WEEKS[0], "02.12. 09:00 Team", *WEEKS[2:]]),
    ("following", "2026-12-01", {"when": "2026-12-02 9-10"},
     [WEEKS[0], "02.12. 09:00 Team", "09.12. 09:00 Team", "16.12. 09:00 Team"]),
    ("all", "2026-12-01", {"when": "2026-12-02 9-10"},
     ["25.11. 09:00 Team", "02.12. 09:00 Team", "09.12. 09:00 Team", "16.12. 09:00 Team"]),
    ("following", "2026-11-24", {"title": "Big"}, [w.replace("Team", "Big") for w in WEEKS]),
    ("this", "2026-12-15", {"title": "Big"}, [*WEEKS[:3], "15.12. 14:00 Big"]),
    ("all", "2026-12-01", {"all_day": True}, ["24.11. Team", "01.12. Team", "08.12. Team", "15.12. Team"]),
]  # fmt: skip


@pytest.mark.parametrize(("scope", "on", "change", "expected"), EDITS)
def test_an_edit_changes_as_much_as_is_said(
    workspace: Workspace,
    team: Event,
    scope: str,
    on: str,
    change: dict[str, Any],
    expected: list[str],
) -> None:
    before = month(workspace)
    workspace.run("calendar.edit", {"event": team.id, "scope": scope, "on": on, **change})
    found = month(workspace)
    assert found == expected
    workspace.run("undo")
    assert month(workspace) == before == WEEKS


DELETES = [
    ("this", "2026-12-01", [WEEKS[0], *WEEKS[2:]]),
    ("following", "2026-12-01", [WEEKS[0]]),
    ("following", "2026-11-24", []),
    ("all", "2026-12-08", []),
    (None, "2026-12-08", [*WEEKS[:2], WEEKS[3]]),
    (None, None, []),
]


@pytest.mark.parametrize(("scope", "on", "expected"), DELETES)
def test_a_deletion_takes_as_much_as_is_said(
    workspace: Workspace,
    team: Event,
    scope: str | None,
    on: str | None,
    expected: list[str],
) -> None:
    values = {"scope": scope, "on": on}
    workspace.run(
        "calendar.delete", {"event": team.id, **{k: v for k, v in values.items() if v}}
    )
    assert month(workspace) == expected
    workspace.run("undo")
    assert month(workspace) == WEEKS


def test_exceptions_are_remembered_by_later_edits(
    workspace: Workspace, team: Event
) -> None:
    run = workspace.run
    run("calendar.delete", {"event": team.id, "on": "2026-12-01"})
    run(
        "calendar.edit",
        {"event": team.id, "on": "2026-12-08", "when": "16:00", "title": "Moved"},
    )
    run("calendar.edit", {"event": team.id, "scope": "all", "when": "2026-11-24 13-14"})
    assert month(workspace) == [
        "24.11. 13:00 Team",
        "08.12. 16:00 Moved",
        "15.12. 13:00 Team",
    ]
    moved = next(e for e in workspace.store.all(Query(Event)) if e.title == "Moved")
    run(
        "calendar.edit", {"event": moved.id, "place": "Room 2"}
    )  # an override by its own id
    assert workspace.store.get(Event, moved.id).place == "Room 2"
    run("calendar.delete", {"event": moved.id})
    assert month(workspace) == ["24.11. 13:00 Team", "15.12. 13:00 Team"]


def test_a_split_keeps_exceptions_on_its_side(workspace: Workspace) -> None:
    team = add(workspace, "Team", "2026-11-24 14-15", repeat="every tue")
    run = workspace.run
    run("calendar.delete", {"event": team.id, "on": "2026-12-01"})
    run("calendar.delete", {"event": team.id, "on": "2026-12-22"})
    run("calendar.edit", {"event": team.id, "on": "2026-12-29", "title": "Last"})
    run(
        "calendar.edit",
        {"event": team.id, "on": "2026-12-15", "scope": "following", "when": "9:00"},
    )
    assert listed(workspace, days=50) == [
        "24.11. 14:00 Team", "08.12. 14:00 Team", "15.12. 09:00 Team",
        "29.12. 14:00 Last", "05.01. 09:00 Team",
    ]  # fmt: skip


def test_a_day_it_does_not_happen_on_is_refused_with_those_it_does(
    workspace: Workspace, team: Event
) -> None:
    with pytest.raises(NotFound) as error:
        workspace.run("calendar.edit", {"event": team.id, "on": "2026-11-25", "title": "x"})
    assert "01 Dec" in error.value.hint


def test_part_of_a_series_needs_a_day(workspace: Workspace, team: Event) -> None:
    for scope in ("this", "following"):
        with pytest.raises(UserError, match="Which occurrence"):
            workspace.run("calendar.delete", {"event": team.id, "scope": scope})


def test_the_hour_is_told_where_it_happens_often(workspace: Workspace) -> None:
    event = add(
        workspace,
        "Pill",
        "2026-11-24 8:00",
        duration="5m",
        repeat="FREQ=DAILY;BYHOUR=8,14,20",
    )
    workspace.run("calendar.delete", {"event": event.id, "on": "2026-11-25", "at": "14:00"})
    found = listed(workspace, "2026-11-25", 1)
    assert found == ["25.11. 08:00 Pill", "25.11. 20:00 Pill"]


def test_moving_and_resizing(workspace: Workspace) -> None:
    event = add(workspace, "Talk", "tomorrow 9-10")
    run = workspace.run
    run("calendar.move", {"event": event.id, "minutes": 90})
    run("calendar.move", {"event": event.id, "days": -1})
    run("calendar.resize", {"event": event.id, "minutes": 30})
    found = run("calendar.resize", {"event": event.id, "end": "13:00"})[0]
    assert (found.day, found.start_time, found.end_time) == (
        date(2026, 11, 23),
        time(10, 30),
        time(13),
    )
    fair = add(workspace, "Fair", day="2026-11-25", last_day="2026-11-27")
    found = run("calendar.move", {"event": fair.id, "to": "2026-12-01"})[0]
    assert (found.day, found.last_day) == (date(2026, 12, 1), date(2026, 12, 3))
    found = run("calendar.resize", {"event": fair.id, "days": -1})[0]
    assert found.last_day == date(2026, 12, 2)


def test_a_duplicate_is_an_event_of_its_own(workspace: Workspace, team: Event) -> None:
    (copy,) = workspace.run(
        "calendar.duplicate", {"event": team.id, "on": "2026-12-01", "to": "2026-12-03"}
    )
    assert (copy.uid == team.uid, copy.rrule) == (False, ())
    assert "03.12. 14:00 Team" in month(workspace)
    (series,) = workspace.run("calendar.duplicate", {"event": team.id})
    assert series.rrule == team.rrule
    workspace.run("calendar.delete", {"event": series.id})
    assert "08.12. 14:00 Team" in month(workspace)


@settings(max_examples=30)
@given(
    ops=st.lists(
        st.tuples(
            st.sampled_from(["edit", "move", "delete"]),
            st.sampled_from(["this", "following", "all"]),
            st.integers(0, 5),
        ),
        max_size=5,
    )
)
def test_any_edits_undo_to_where_they_began(
    workspace: Workspace, ops: list[tuple[str, str, int]]
) -> None:
    event = add(workspace, "Team", "2026-11-24 14-15", repeat="every tue")
    start = workspace.store.all(Query(Event).order("id"))
    done = 0
    for verb, scope, nth in ops:
        on = (date(2026, 11, 24) + timedelta(weeks=nth)).isoformat()
        more: dict[str, Any] = {"edit": {"title": f"T{nth}"}, "move": {"minutes": 30}}.get(
            verb, {}
        )
        try:
            workspace.run(
                f"calendar.{verb}", {"event": event.id, "scope": scope, "on": on, **more}
            )
            done += 1
        except UserError:
            pass
        found = listed(workspace, days=60)
        assert len(found) == len(set(found)), "nothing happens twice"
    for _ in range(done):
        workspace.run("undo")
    assert workspace.store.all(Query(Event).order("id")) == start
    while workspace.store.count(Query(Event)) or workspace.store.count(Query(Calendar)):
        workspace.run("undo")


# --- calendars -----------------------------------------------------------------------------


def test_calendars_hide_and_go_with_their_events(workspace: Workspace) -> None:
    run = workspace.run
    work = run("calendar.calendar-add", {"name": "Work", "color": "#22c55e"})
    add(workspace, "Report", "tomorrow 9-10", calendar="wor")
    assert listed(workspace) == ["24.11. 09:00 Report"]
    run("calendar.calendar-hide", {"calendars": work.id})
    assert listed(workspace) == []
    run("calendar.calendar-hide", {"calendars": work.id})
    with pytest.raises(UserError):
        run("calendar.calendar-add", {"name": "WORK"})
    run("calendar.calendar-add", {"name": "Home", "default": True})
    assert [c.name for c in run("calendar.calendars", {}) if c.default] == ["Home"]
    run("calendar.calendar-delete", {"calendars": work.id})
    assert workspace.store.count(Query(Event)) == 0
    run("undo")
    assert listed(workspace) == ["24.11. 09:00 Report"]


# --- finding, free time, printing -------------------------------------------------------------


def test_free_time_is_what_no_module_plans(workspace: Workspace) -> None:
    add(workspace, "Talk", "tomorrow 9-10")
    add(workspace, "Lunch", "tomorrow 12-13")
    add(workspace, "Maybe", "tomorrow 14-15", free=True)
    add(workspace, "Off", "tomorrow 15-16", status="cancelled")
    add(workspace, "Birthday", "tomorrow")
    gaps = workspace.run("calendar.free", {"when": "tomorrow", "length": "90m"})
    assert [f"{g.start:%H:%M}-{g.end:%H:%M}" for g in gaps] == [
        "10:00-12:00",
        "13:00-18:00",
    ]
    assert workspace.run("calendar.free", {"when": "tomorrow", "length": "6h"}) == []
    now = workspace.run("calendar.free", {"when": "today"})
    assert f"{now[0].start:%H:%M}" == "09:30"


def test_events_are_found_by_their_words(workspace: Workspace) -> None:
    add(workspace, "Dentist", "2026-01-07 9-10", place="Bern")
    add(workspace, "Choir", "wed 19:30", repeat="every wed")
    assert [e.title for e in workspace.run("calendar.find", {"text": "bern"})] == [
        "Dentist"
    ]
    assert workspace.run("calendar.find", {"text": "dentist", "past": False}) == []
    (choir,) = workspace.run("calendar.find", {"text": "choir"})
    assert choir.start.date() == date(2026, 11, 25)


def shown(workspace: Workspace, command: str, **values: Any) -> str:
    from io import StringIO

    from mana_tui.output import Output

    out = StringIO()
    result = workspace.run(command, values)
    Output(out=out, talk=StringIO()).human(
        resolve(workspace.find(command).show)(workspace, result)
    )
    return out.getvalue()


def test_the_agenda_prints_by_days(workspace: Workspace) -> None:
    add(workspace, "Dentist", "tomorrow 9-10", place="Bern")
    add(workspace, "Fair", day="2026-11-25", last_day="2026-11-27")
    add(workspace, "Night", "tomorrow 22-2")
    said = shown(workspace, "calendar.list")
    assert "tomorrow Tue 24 Nov  09:00–10:00" in said
    assert "3 days" in said
    assert "22:00–Wed 25 Nov 02:00" in said
    assert "Fair" in shown(workspace, "calendar.week")
    assert "[23]" in shown(workspace, "calendar.month")
    team = add(workspace, "Team", "tue 14-15", repeat="every tue")
    assert shown(workspace, "calendar.show", event=team.id).count("next") == 5


def test_adding_a_series_shows_its_next_five_dates(workspace: Workspace) -> None:
    said = shown(
        workspace,
        "calendar.add",
        title="Rent",
        when="2026-11-24",
        repeat="every month on the 24th",
    )
    assert said.count("next") == 5
    assert "24 Mar 2027" in said


# --- slots --------------------------------------------------------------------------------------


def capture(workspace: Workspace, line: str) -> list[Event]:
    kinds = kinds_of(workspace.slots(Capture))
    items = parse(line, now=workspace.now(), kinds=kinds, locale="en")
    return [workspace.run("calendar.add", captured(one, workspace)) for one in items]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("e Dentist tomorrow 9-10", "Dentist 2026-11-24 09:00 2026-11-24 10:00"),
        ("e Dentist tomorrow 9:00 ~30m", "Dentist 2026-11-24 09:00 2026-11-24 09:30"),
        ("e Party sat 20-2", "Party 2026-11-28 20:00 2026-11-29 02:00"),
        ("e Holidays 24.12.", "Holidays 2026-12-24 - 2026-12-24 -"),
        ("e Off tomorrow all-day", "Off 2026-11-24 - 2026-11-24 -"),
        ("e Frei morgen ganztägig", None),
    ],
)
def test_a_line_becomes_an_event(
    workspace: Workspace, line: str, expected: str | None
) -> None:
    (event,) = capture(workspace, line)
    clock = [f"{t:%H:%M}" if t else "-" for t in (event.start_time, event.end_time)]
    if expected is None:
        assert event.all_day
    else:
        assert (
            f"{event.title} {event.day} {clock[0]} {event.last_day} {clock[1]}" == expected
        )


def test_the_first_name_may_be_a_calendar(workspace: Workspace) -> None:
    work = workspace.run("calendar.calendar-add", {"name": "Work"})
    (event,) = capture(workspace, "e Review tomorrow 9-10 @work @mara #plan")
    assert event.calendar == work.id
    assert [str(p) for p in event.people] == ["mara"]
    assert [workspace.store.tag_names()[t] for t in event.tags] == ["plan"]
    (other,) = capture(workspace, "e Review every mon 9-10 @jonas")
    assert [str(p) for p in other.people] == ["jonas"]
    assert other.rrule


def test_spans_carry_what_the_agenda_needs(workspace: Workspace) -> None:
    add(workspace, "Talk", "tomorrow 9-10", place="Bern")
    add(workspace, "Fair", day="2026-11-24", last_day="2026-11-25")
    add(workspace, "Off", "tomorrow 15-16", status="cancelled")
    low = datetime(2026, 11, 24, tzinfo=workspace.zone)
    found = {s.title: s for s in spans(workspace, low, low + timedelta(days=1))}
    assert set(found) == {"Talk", "Fair"}
    assert (found["Talk"].place, found["Talk"].group, found["Talk"].busy) == (
        "Bern",
        "Personal",
        True,
    )
    assert (found["Fair"].day, found["Fair"].last_day) == (
        date(2026, 11, 24),
        date(2026, 11, 25),
    )
    assert [line.text for line in today(workspace, date(2026, 11, 24))] == [
        "Fair",
        "09:00 Talk (Bern)",
    ]


def test_reminders_fall_where_alarms_say(workspace: Workspace) -> None:
    add(workspace, "Talk", "tomorrow 9-10", remind=["10m", "1d"])
    add(workspace, "Team", "2026-11-24 14-15", repeat="every tue", remind=["1h"])
    since = datetime(2026, 11, 23, 7, tzinfo=UTC)
    found = reminders(workspace, since, since + timedelta(days=9))
    assert [f"{r.at.astimezone(workspace.zone):%d. %H:%M} {r.text}" for r in found] == [
        "23. 09:00 Talk 09:00", "24. 08:50 Talk 09:00", "24. 13:00 Team 14:00", "01. 13:00 Team 14:00",
    ]  # fmt: skip
    assert reminders(workspace, since, since + timedelta(minutes=5)) == []


def test_an_event_elsewhere_is_told_in_local_time(workspace: Workspace) -> None:
    event = add(
        workspace, "Call", "2026-11-24 9-10", zone="America/New_York", repeat="every day"
    )
    assert listed(workspace, "2026-11-24", 1) == ["24.11. 15:00 Call"]
    workspace.run(
        "calendar.edit",
        {"event": event.id, "scope": "all", "on": "2026-11-25", "when": "10:00"},
    )
    assert listed(workspace, "2026-11-25", 1) == ["25.11. 16:00 Call"]
    stored = workspace.store.get(Event, event.id)
    assert stored.first == datetime(2026, 11, 24, 10, tzinfo=ZoneInfo("America/New_York"))


def test_what_is_planned_at_the_same_time_is_said(workspace: Workspace) -> None:
    from modules.calendar.show import added

    add(workspace, "Talk", "tomorrow 9-10")
    other = add(workspace, "Call", "tomorrow 9:30-11")
    assert added(workspace, other).note == "At the same time: Talk 09:00–10:00"
    later = add(workspace, "Tea", "tomorrow 15-16")
    assert added(workspace, later).note == ""


def test_an_event_takes_as_long_as_those_like_it(workspace: Workspace) -> None:
    for day in ("2026-11-02", "2026-11-09", "2026-11-16"):
        add(workspace, "Team retrospective", f"{day} 9:00-10:40")
    add(workspace, "Dentist", "2026-11-16 14:00-14:20")
    assert add(workspace, "Team Retrospective", "tomorrow 9:00").length == timedelta(
        minutes=105
    )
    assert add(workspace, "Dentist", "tomorrow 14:00").length == timedelta(minutes=20)
    assert add(workspace, "Dentist", "tomorrow 15:00-16:00").length == timedelta(hours=1)
    assert add(workspace, "Something else", "tomorrow 9:00").length == timedelta(hours=1)
