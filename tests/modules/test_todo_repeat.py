"""How repeating tasks move on: every repeater, month ends, leap years, skipped days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from modules.todo.model import Task, due_at
from modules.todo.repeat import (
    checked,
    next_day,
    next_days,
    placed,
    rolled,
    skipped,
    starting,
)
from storage.errors import UserError

D, W, M, Y = "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"
DUE, PRESENT, DONE = "schedule", "schedule-not-past", "completion"


def day(text: str) -> date:
    """`11-24` is in 2026."""
    return date.fromisoformat(text if len(text) > 5 else f"2026-{text}")


# rule, counted from, the series' first day, the day just done, when it was done, the next
CASES = [
    # from the due day
    (D, DUE, "11-23", "11-23", "11-23", "11-24"),
    (D, DUE, "11-20", "11-20", "11-23", "11-21"),
    (D, DUE, "11-23", "11-25", "11-23", "11-26"),
    (f"{D};INTERVAL=3", DUE, "11-20", "11-20", "11-23", "11-23"),
    (f"{D};INTERVAL=3", DUE, "11-20", "11-23", "11-30", "11-26"),
    (W, DUE, "11-23", "11-23", "11-25", "11-30"),
    (f"{W};INTERVAL=2", DUE, "11-23", "11-23", "11-23", "12-07"),
    (f"{W};BYDAY=MO,TH", DUE, "11-23", "11-23", "11-23", "11-26"),
    (f"{W};BYDAY=MO,TH", DUE, "11-23", "11-26", "11-26", "11-30"),
    (f"{W};INTERVAL=2;BYDAY=MO,TH", DUE, "11-23", "11-26", "11-26", "12-07"),
    (f"{W};BYDAY=MO,TU,WE,TH,FR", DUE, "11-23", "11-27", "11-27", "11-30"),
    (M, DUE, "11-24", "11-24", "11-30", "12-24"),
    (f"{M};INTERVAL=3", DUE, "11-24", "11-24", "11-24", "2027-02-24"),
    (f"{M};BYMONTHDAY=1", DUE, "11-01", "11-01", "11-01", "12-01"),
    (f"{M};BYMONTHDAY=1,15", DUE, "11-01", "11-01", "11-01", "11-15"),
    (f"{M};BYDAY=-1FR", DUE, "11-27", "11-27", "11-27", "12-25"),
    (f"{M};BYDAY=2TU", DUE, "11-10", "11-10", "11-10", "12-08"),
    (f"{M};BYDAY=5MO", DUE, "11-30", "11-30", "11-30", "2027-03-29"),
    (Y, DUE, "11-24", "11-24", "11-24", "2027-11-24"),
    (f"{Y};INTERVAL=2", DUE, "11-24", "11-24", "11-24", "2028-11-24"),
    (f"{Y};BYMONTH=3;BYDAY=1SU", DUE, "03-01", "03-01", "03-01", "2027-03-07"),
    # month ends: the last day of a short month, and the long day again after it
    (M, DUE, "01-31", "01-31", "01-31", "02-28"),
    (M, DUE, "01-31", "02-28", "02-28", "03-31"),
    (M, DUE, "01-31", "03-31", "03-31", "04-30"),
    (M, DUE, "01-30", "01-30", "01-30", "02-28"),
    (M, DUE, "01-30", "02-28", "02-28", "03-30"),
    (M, DUE, "01-29", "01-29", "01-29", "02-28"),
    (M, DUE, "2028-01-31", "2028-01-31", "2028-01-31", "2028-02-29"),
    (M, DUE, "2028-01-30", "2028-01-30", "2028-01-30", "2028-02-29"),
    (f"{M};INTERVAL=6", DUE, "08-31", "08-31", "08-31", "2027-02-28"),
    (f"{M};BYMONTHDAY=31", DUE, "01-31", "01-31", "01-31", "02-28"),
    (f"{M};BYMONTHDAY=31", DUE, "01-31", "02-28", "03-05", "03-31"),
    (f"{M};BYMONTHDAY=30", DUE, "01-30", "01-30", "01-30", "02-28"),
    (f"{M};BYMONTHDAY=-1", DUE, "01-31", "01-31", "01-31", "02-28"),
    (f"{M};BYMONTHDAY=-1", DUE, "01-31", "02-28", "02-28", "03-31"),
    (f"{M};BYMONTHDAY=28,29,30,31;BYSETPOS=-1", DUE, "01-31", "01-31", "01-31", "02-28"),
    # leap years
    (Y, DUE, "2028-02-29", "2028-02-29", "2028-02-29", "2029-02-28"),
    (Y, DUE, "2028-02-29", "2031-02-28", "2031-02-28", "2032-02-29"),
    (f"{Y};INTERVAL=4", DUE, "2028-02-29", "2028-02-29", "2028-02-29", "2032-02-29"),
    (D, DUE, "2028-02-28", "2028-02-28", "2028-02-28", "2028-02-29"),
    (D, DUE, "2027-02-28", "2027-02-28", "2027-02-28", "2027-03-01"),
    # over a year's end
    (D, DUE, "12-31", "12-31", "12-31", "2027-01-01"),
    (W, DUE, "12-28", "12-28", "12-28", "2027-01-04"),
    (M, DUE, "12-31", "12-31", "12-31", "2027-01-31"),
    # from the due day, but never in the past
    (D, PRESENT, "11-20", "11-20", "11-23", "11-24"),
    (D, PRESENT, "11-25", "11-25", "11-23", "11-26"),
    (f"{D};INTERVAL=3", PRESENT, "11-14", "11-14", "11-23", "11-26"),
    (f"{D};INTERVAL=3", PRESENT, "11-14", "11-14", "11-24", "11-26"),
    (W, PRESENT, "11-02", "11-02", "11-23", "11-30"),
    (W, PRESENT, "11-03", "11-03", "11-23", "11-24"),
    (f"{W};BYDAY=MO,TH", PRESENT, "11-02", "11-02", "11-24", "11-26"),
    (f"{W};INTERVAL=2", PRESENT, "11-02", "11-02", "11-23", "11-30"),
    (M, PRESENT, "08-31", "08-31", "11-23", "11-30"),
    (M, PRESENT, "01-31", "01-31", "11-30", "12-31"),
    (Y, PRESENT, "2024-02-29", "2024-02-29", "11-23", "2027-02-28"),
    # from the day it was done
    (D, DONE, "11-01", "11-01", "11-23", "11-24"),
    (f"{D};INTERVAL=3", DONE, "11-20", "11-20", "11-23", "11-26"),
    (f"{D};INTERVAL=3", DONE, "11-30", "11-30", "11-23", "11-26"),
    (W, DONE, "11-20", "11-20", "11-25", "12-02"),
    (f"{W};BYDAY=MO", DONE, "11-23", "11-23", "11-25", "11-30"),
    (f"{W};BYDAY=MO", DONE, "11-23", "11-23", "11-30", "12-07"),
    (M, DONE, "11-01", "11-01", "11-23", "12-23"),
    (M, DONE, "01-15", "01-15", "01-31", "02-28"),
    (M, DONE, "2028-01-15", "2028-01-15", "2028-01-31", "2028-02-29"),
    (Y, DONE, "2028-02-01", "2028-02-01", "2028-02-29", "2029-02-28"),
    # over: by number, by day
    (f"{D};COUNT=2", DUE, "11-23", "11-23", "11-23", "11-24"),
    (f"{D};COUNT=2", DUE, "11-23", "11-24", "11-24", ""),
    (f"{M};COUNT=3", DUE, "01-31", "02-28", "02-28", "03-31"),
    (f"{M};COUNT=3", DUE, "01-31", "03-31", "03-31", ""),
    (f"{W};UNTIL=20261207", DUE, "11-23", "11-30", "11-30", "12-07"),
    (f"{W};UNTIL=20261207", DUE, "11-23", "12-07", "12-07", ""),
    (f"{M};UNTIL=20260331", DUE, "01-31", "03-31", "03-31", ""),
    (f"{M};BYMONTH=2;BYMONTHDAY=30", DUE, "01-31", "01-31", "01-31", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "repeater", "anchor", "was", "done_on", "following"), CASES
)
def test_the_next_day(
    rule: str, repeater: str, anchor: str, was: str, done_on: str, following: str
) -> None:
    found = next_day(
        rule, repeater, anchor=day(anchor), day=day(was), done_on=day(done_on)  # type: ignore[arg-type]
    )  # fmt: skip

    assert (found.isoformat() if found else "") == (
        following and day(following).isoformat()
    )


def weekly(**fields: object) -> Task:
    return starting(Task(title="Water", due=day("11-23"), **fields), W, DUE, day("11-23"))  # type: ignore[arg-type]


NOON = datetime(2026, 11, 23, 11, tzinfo=UTC)


def test_it_keeps_its_id_and_leaves_a_finished_turn() -> None:
    task = weekly(notes="can", remind=(10,), actual=None)
    past, ahead = rolled(task, NOON, day("11-23")) or pytest.fail("over")

    assert (past.status, past.due, past.series, past.repeat) == (
        "done", day("11-23"), task.id, "",
    )  # fmt: skip
    assert past.id != task.id
    assert past.remind == ()
    assert (ahead.id, ahead.status, ahead.due, ahead.repeat_day) == (
        task.id, "open", day("11-30"), day("11-30"),
    )  # fmt: skip
    assert ahead.remind == (10,)


def test_a_late_turn_is_remembered_as_late() -> None:
    past, _ = rolled(weekly(), NOON, day("11-25")) or pytest.fail("over")

    assert past.was_late


def test_dates_around_it_keep_their_distance() -> None:
    task = weekly(start=day("11-21"), scheduled=day("11-22"))
    _, ahead = rolled(task, NOON, day("11-23")) or pytest.fail("over")

    assert (ahead.start, ahead.scheduled, ahead.due) == tuple(
        map(day, ("11-28", "11-29", "11-30"))
    )


def test_a_moved_turn_does_not_move_the_series() -> None:
    moved = msgspec_replace(weekly(), due=day("11-25"))
    past, ahead = rolled(moved, NOON, day("11-25")) or pytest.fail("over")

    assert past.due == day("11-25")
    assert not past.was_late
    assert ahead.due == day("11-30")


def msgspec_replace(task: Task, **fields: object) -> Task:
    from msgspec.structs import replace

    return replace(task, **fields)


def test_a_skipped_day_stays_out() -> None:
    task = skipped(weekly(), day("11-30"))
    assert task is not None
    assert task.due == day("11-23")

    _, ahead = rolled(task, NOON, day("11-23")) or pytest.fail("over")
    assert ahead.due == day("12-07")


def test_skipping_this_turn_goes_to_the_next_and_remembers() -> None:
    task = skipped(weekly())

    assert task is not None
    assert (task.due, task.repeat_day) == (day("11-30"), day("11-30"))
    assert task.repeat_skips == (day("11-23"),)
    assert next_days(task, 2) == [day("11-30"), day("12-07")]


def test_the_last_day_cannot_be_skipped() -> None:
    task = starting(Task(title="x", due=day("11-23")), f"{D};COUNT=1", DUE, day("11-23"))

    assert skipped(task) is None


def test_a_count_from_completion_runs_out() -> None:
    task = starting(Task(title="x", due=day("11-23")), f"{D};COUNT=3", DONE, day("11-23"))
    days = []
    while turn := rolled(task, NOON, day("11-30")):
        task = turn[1]
        days.append(task.due)

    assert days == [day("12-01"), day("12-01")]


def test_a_count_from_the_due_day_runs_out() -> None:
    task = starting(Task(title="x", due=day("11-23")), f"{W};COUNT=3", DUE, day("11-23"))
    days = []
    while turn := rolled(task, NOON, task.due or day("11-23")):
        task = turn[1]
        days.append(task.due)

    assert days == [day("11-30"), day("12-07")]


def test_without_a_day_it_starts_on_the_first_of_its_rule() -> None:
    task = starting(Task(title="x"), f"{W};BYDAY=FR", DUE, day("11-23"))

    assert (task.due, task.repeat_anchor) == (day("11-27"), day("11-27"))


def test_next_days_begin_with_the_present_one() -> None:
    task = starting(Task(title="x", due=day("01-31")), M, DUE, day("01-31"))

    assert next_days(task) == list(map(day, ("01-31", "02-28", "03-31", "04-30", "05-31")))


def test_placing_forgets_skips_that_are_past() -> None:
    task = msgspec_replace(weekly(), repeat_skips=(day("11-30"), day("12-21")))

    assert placed(task, day("12-07")).repeat_skips == (day("12-21"),)


@pytest.mark.parametrize(
    "rule", ["", "FREQ=", "FREQ=SECONDLY", "FREQ=HOURLY", f"{D};BYHOUR=9", "x" * 5000, "FREQ=DAILY;COUNT=-1",
             f"{D};INTERVAL=0", "BYDAY=MO", f"{W};BYDAY=XX", f"{D};UNTIL=soon"],
)  # fmt: skip
def test_what_is_no_rule_for_tasks_is_refused(rule: str) -> None:
    with pytest.raises(UserError):
        checked(rule)


def test_a_rule_that_never_comes_ends_the_search() -> None:
    rule = f"{Y};BYMONTH=2;BYMONTHDAY=31;BYDAY=MO"

    assert (
        next_day(rule, DUE, anchor=day("01-01"), day=day("01-01"), done_on=day("01-01"))
        is None
    )


# --- times and zones ----------------------------------------------------------------------

ZURICH = ZoneInfo("Europe/Zurich")


@pytest.mark.parametrize(
    ("due", "at", "zone", "instant"),
    [
        ("2026-11-24", time(9), "", "2026-11-24T08:00:00+00:00"),
        ("2026-07-24", time(9), "", "2026-07-24T07:00:00+00:00"),
        (
            "2026-03-29",
            time(2, 30),
            "",
            "2026-03-29T01:30:00+00:00",
        ),  # skipped: an hour later
        ("2026-10-25", time(2, 30), "", "2026-10-25T00:30:00+00:00"),  # twice: the first
        ("2026-11-24", time(9), "America/New_York", "2026-11-24T14:00:00+00:00"),
        ("2026-11-24", time(9), "Nowhere/Land", "2026-11-24T08:00:00+00:00"),
        ("2026-11-24", time(9), "../../etc/passwd", "2026-11-24T08:00:00+00:00"),
        ("2026-03-28", None, "", "2026-03-28T23:00:00+00:00"),
        ("2026-03-29", None, "", "2026-03-29T22:00:00+00:00"),  # a day of 23 hours
        ("2026-10-25", None, "", "2026-10-25T23:00:00+00:00"),  # a day of 25 hours
    ],
)
def test_a_due_moment(due: str, at: time | None, zone: str, instant: str) -> None:
    task = Task(title="x", due=date.fromisoformat(due), due_time=at, due_zone=zone)
    found = due_at(task, ZURICH)

    assert found is not None
    assert found.astimezone(UTC).isoformat() == instant


def test_repeating_over_a_change_of_clocks_keeps_the_wall_time() -> None:
    task = starting(
        Task(title="x", due=date(2026, 3, 28), due_time=time(2, 30)),
        D,
        DUE,
        date(2026, 3, 28),
    )
    seen = []
    for _ in range(3):
        at = due_at(task, ZURICH)
        assert at is not None
        seen.append(at.astimezone(UTC).hour)
        task = (rolled(task, NOON, task.due or day("11-23")) or pytest.fail("over"))[1]

    assert seen == [1, 1, 0]
