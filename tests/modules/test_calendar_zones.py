"""Wall times, changes of clocks, and zones by every kind of name."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from modules.calendar.formats.loading import load
from modules.calendar.formats.vtimezone import definition
from modules.calendar.model import Event
from modules.calendar.occurrence import Series
from modules.calendar.zones import TableZone, guess, iana, with_tables

# zone, wall start, minutes, rule, n-th occurrence -> its start and end in UTC
CLOCKS = [
    # Zurich: 29 March 2026 02:00 -> 03:00; 25 October 03:00 -> 02:00
    ("Europe/Zurich", "2026-03-28 09:00", 60, 1, "03-29 07:00", "03-29 08:00"),
    ("Europe/Zurich", "2026-03-27 02:30", 60, 0, "03-27 01:30", "03-27 02:30"),
    ("Europe/Zurich", "2026-03-27 02:30", 60, 1, "03-28 01:30", "03-28 02:30"),
    ("Europe/Zurich", "2026-03-27 02:30", 60, 2, "03-29 01:30", "03-29 01:30"),
    ("Europe/Zurich", "2026-03-27 02:30", 15, 2, "03-29 01:30", "03-29 01:45"),
    ("Europe/Zurich", "2026-03-27 02:30", 60, 3, "03-30 00:30", "03-30 01:30"),
    ("Europe/Zurich", "2026-03-28 01:30", 60, 1, "03-29 00:30", "03-29 01:30"),
    ("Europe/Zurich", "2026-03-28 01:30", 120, 1, "03-29 00:30", "03-29 01:30"),
    ("Europe/Zurich", "2026-03-28 23:00", 300, 0, "03-28 22:00", "03-29 02:00"),
    ("Europe/Zurich", "2026-10-24 02:30", 30, 0, "10-24 00:30", "10-24 01:00"),
    ("Europe/Zurich", "2026-10-24 02:30", 30, 1, "10-25 00:30", "10-25 02:00"),
    ("Europe/Zurich", "2026-10-24 02:30", 30, 2, "10-26 01:30", "10-26 02:00"),
    ("Europe/Zurich", "2026-10-24 01:00", 180, 1, "10-24 23:00", "10-25 03:00"),
    ("Europe/Zurich", "2026-10-24 09:00", 60, 1, "10-25 08:00", "10-25 09:00"),
    ("Europe/Zurich", "2026-10-24 23:30", 60, 0, "10-24 21:30", "10-24 22:30"),
    # New York: 8 March 2026, 1 November 2026
    ("America/New_York", "2026-03-07 02:30", 30, 1, "03-08 07:30", "03-08 07:30"),
    ("America/New_York", "2026-03-07 09:00", 60, 1, "03-08 13:00", "03-08 14:00"),
    ("America/New_York", "2026-10-31 01:30", 30, 1, "11-01 05:30", "11-01 07:00"),
    ("America/New_York", "2026-10-31 20:00", 60, 0, "11-01 00:00", "11-01 01:00"),
    ("America/New_York", "2026-10-31 20:00", 60, 1, "11-02 01:00", "11-02 02:00"),
    # Lord Howe moves by half an hour; 4 October 2026 02:00 -> 02:30
    ("Australia/Lord_Howe", "2026-10-03 02:15", 30, 1, "10-03 15:45", "10-03 15:45"),
    ("Australia/Lord_Howe", "2026-10-03 09:00", 60, 1, "10-03 22:00", "10-03 23:00"),
    # Santiago changes at midnight: 6 September 2026 00:00 -> 01:00
    ("America/Santiago", "2026-09-05 00:30", 60, 1, "09-06 04:30", "09-06 04:30"),
    # no changes, odd offsets
    ("Asia/Kathmandu", "2026-05-01 06:00", 60, 0, "05-01 00:15", "05-01 01:15"),
    ("Asia/Kolkata", "2026-05-01 06:00", 60, 3, "05-04 00:30", "05-04 01:30"),
    ("Pacific/Kiritimati", "2026-05-01 06:00", 60, 0, "04-30 16:00", "04-30 17:00"),
    ("Pacific/Niue", "2026-05-01 20:00", 60, 0, "05-02 07:00", "05-02 08:00"),
    ("Africa/Casablanca", "2026-05-01 12:00", 60, 0, "05-01 11:00", "05-01 12:00"),
    ("Asia/Tokyo", "2026-03-28 09:00", 60, 5, "04-02 00:00", "04-02 01:00"),
    ("UTC", "2026-03-28 02:30", 60, 1, "03-29 02:30", "03-29 03:30"),
    ("+02:00", "2026-03-28 02:30", 60, 1, "03-29 00:30", "03-29 01:30"),
    ("-0330", "2026-03-28 02:30", 60, 0, "03-28 06:00", "03-28 07:00"),
]


@pytest.mark.parametrize(("zone", "start", "minutes", "nth", "begins", "ends"), CLOCKS)
def test_wall_times_become_instants(
    zone: str, start: str, minutes: int, nth: int, begins: str, ends: str
) -> None:
    wall = datetime.fromisoformat(start)
    end = wall + timedelta(minutes=minutes)
    event = Event(
        day=wall.date(), start_time=wall.time(), last_day=end.date(), end_time=end.time(),
        zone=zone, uid="x", rrule=("FREQ=DAILY;COUNT=9",),
    )  # fmt: skip
    low = datetime(2026, 1, 1, tzinfo=UTC)
    found = Series(event, (), ZoneInfo("Europe/Zurich")).between(
        low, low + timedelta(days=365)
    )
    assert len(found.occurrences) == 9  # a gap swallows none
    instants = found.occurrences[nth].instants(ZoneInfo("Europe/Zurich"))
    begin, finish = (f"{at:%m-%d %H:%M}" for at in instants)
    assert begin == begins
    if finish != ends:  # an end inside a gap follows the start by the time the clock says
        assert instants[1] - instants[0] == timedelta(minutes=minutes)
        assert ends == begins
    assert instants[0] <= instants[1]


NAMES = [
    ("Europe/Berlin", "Europe/Berlin"),
    ("UTC", "UTC"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Eastern Standard Time", "America/New_York"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("GMT Standard Time", "Europe/London"),
    ("India Standard Time", "Asia/Calcutta"),
    ("/freeassociation.sourceforge.net/Europe/Vienna", "Europe/Vienna"),
    ("/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires",
     "America/Argentina/Buenos_Aires"),
    ("/mozilla.org/20070129_1/America/New_York", "America/New_York"),
    ("/Europe/Stockholm", "Europe/Stockholm"),
    ('"Europe/Rome"', "Europe/Rome"),
    ("+01:00", "+01:00"),
    ("GMT+0200", "GMT+0200"),
    ("Customized Time Zone", ""),
    ("../../etc/passwd", ""),
    ("/etc/localtime", ""),
    ("", ""),
    ("x" * 5000, ""),
    ("Europe/\x00Berlin", ""),
    ("+99:00", ""),
]  # fmt: skip


@pytest.mark.parametrize(("said", "meant"), NAMES)
def test_zones_go_by_many_names(said: str, meant: str) -> None:
    assert guess(said) == meant
    assert (iana(meant) is not None) == bool(meant)


ALL_DAY = ["Pacific/Kiritimati", "Pacific/Niue", "Europe/Zurich", "America/Santiago", "UTC"]


@pytest.mark.parametrize("home", ALL_DAY)
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 9, 6), date(2026, 10, 25)])
def test_an_all_day_event_is_its_day_everywhere(home: str, day: date) -> None:
    zone = ZoneInfo(home)
    event = Event(day=day, last_day=day, uid="x", rrule=("FREQ=DAILY;COUNT=1",))
    low = datetime.combine(day, time(), zone)
    high = datetime.combine(day + timedelta(days=1), time(), zone)
    series = Series(event, (), zone)

    (found,) = series.between(low, high).occurrences
    assert (found.start, found.end) == (day, day + timedelta(days=1))
    assert found.day(zone) == day
    assert not series.between(high, high + timedelta(days=1)).occurrences
    assert not series.between(low - timedelta(days=1), low).occurrences


def test_a_floating_time_is_where_the_person_is() -> None:
    event = Event(
        day=date(2026, 5, 1),
        start_time=time(8),
        last_day=date(2026, 5, 1),
        end_time=time(9),
        uid="x",
    )
    low = datetime(2026, 4, 1, tzinfo=UTC)
    for home, hour in (("Asia/Tokyo", 23), ("Europe/Zurich", 6), ("America/New_York", 12)):
        (found,) = (
            Series(event, (), ZoneInfo(home))
            .between(low, low + timedelta(days=60))
            .occurrences
        )
        assert found.instants(ZoneInfo(home))[0].hour == hour


@pytest.mark.parametrize(
    "name", ["Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "America/Santiago"]
)
def test_a_definition_of_ours_reads_back_as_the_same_zone(name: str) -> None:
    """VTIMEZONE written and read: the same offsets every hour of two years."""
    lines = [
        line if not line.startswith(("TZID", "X-LIC")) else "TZID:Elsewhere"
        for line in definition(name, range(2025, 2028))
    ]
    event = [
        "BEGIN:VEVENT",
        "UID:1",
        "DTSTART;TZID=Elsewhere:20260101T090000",
        "END:VEVENT",
    ]
    file = load("\r\n".join(["BEGIN:VCALENDAR", *lines, *event, "END:VCALENDAR"]).encode())
    (zone,) = file.zones
    assert zone.name.startswith("Elsewhere~")
    made, real = TableZone(zone.name, zone.offset, zone.changes), ZoneInfo(name)
    at = datetime(2025, 6, 1, tzinfo=UTC)
    while at < datetime(2026, 12, 1, tzinfo=UTC):
        there = at.astimezone(made)
        expected = at.astimezone(real)
        assert there.replace(tzinfo=None) == expected.replace(tzinfo=None)
        assert there.fold == expected.fold
        assert there.utcoffset() == expected.utcoffset()
        assert there.astimezone(UTC) == at
        at += timedelta(
            minutes=10 if at.hour < 8 and at.day in (1, 4, 5, 6, 8, 25, 29) else 470
        )
    assert with_tables(file.zones)(zone.name) is not None
