"""Repeat rules: words both ways, RFC 5545 against dateutil, changes of clocks, hostile rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import assume, given
from hypothesis import strategies as st

from modules.sdk.text import expansion, rrule
from modules.sdk.text.recurrence import (
    Rule,
    anchored,
    days,
    describe,
    first_day,
    instants,
    next_dates,
    occurrences,
    parse_rrule,
    parse_rule,
    roll,
)
from storage.errors import UserError

ZURICH = ZoneInfo("Europe/Zurich")
TODAY = date(2026, 11, 23)

WORDS = """
every day = FREQ=DAILY
daily = FREQ=DAILY
jeden Tag = FREQ=DAILY
täglich = FREQ=DAILY
every 3 days = FREQ=DAILY;INTERVAL=3
alle drei Tage = FREQ=DAILY;INTERVAL=3
every other day = FREQ=DAILY;INTERVAL=2
every 2nd day = FREQ=DAILY;INTERVAL=2
jeden zweiten Tag = FREQ=DAILY;INTERVAL=2
every week = FREQ=WEEKLY
jede Woche = FREQ=WEEKLY
weekly = FREQ=WEEKLY
every 2 weeks = FREQ=WEEKLY;INTERVAL=2
every other week = FREQ=WEEKLY;INTERVAL=2
biweekly = FREQ=WEEKLY;INTERVAL=2
alle 2 Wochen = FREQ=WEEKLY;INTERVAL=2
every mon = FREQ=WEEKLY;BYDAY=MO
every mon,wed = FREQ=WEEKLY;BYDAY=MO,WE
every mon, wed and fri = FREQ=WEEKLY;BYDAY=MO,WE,FR
every Monday and Thursday = FREQ=WEEKLY;BYDAY=MO,TH
jeden Montag = FREQ=WEEKLY;BYDAY=MO
jeden Mo, Mi und Fr = FREQ=WEEKLY;BYDAY=MO,WE,FR
montags = FREQ=WEEKLY;BYDAY=MO
on mondays = FREQ=WEEKLY;BYDAY=MO
every weekday = FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
werktags = FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR
every weekend = FREQ=WEEKLY;BYDAY=SA
every 2 weeks on fri = FREQ=WEEKLY;INTERVAL=2;BYDAY=FR
every other friday = FREQ=WEEKLY;INTERVAL=2;BYDAY=FR
alle 2 Wochen am Montag = FREQ=WEEKLY;INTERVAL=2;BYDAY=MO
every month = FREQ=MONTHLY
monatlich = FREQ=MONTHLY
jeden Monat = FREQ=MONTHLY
every 3 months = FREQ=MONTHLY;INTERVAL=3
quarterly = FREQ=MONTHLY;INTERVAL=3
vierteljährlich = FREQ=MONTHLY;INTERVAL=3
every quarter = FREQ=MONTHLY;INTERVAL=3
every month on the 24th = FREQ=MONTHLY;BYMONTHDAY=24
jeden Monat am 24. = FREQ=MONTHLY;BYMONTHDAY=24
every 24th = FREQ=MONTHLY;BYMONTHDAY=24
jeden 24. = FREQ=MONTHLY;BYMONTHDAY=24
monthly on the 1st = FREQ=MONTHLY;BYMONTHDAY=1
every 1st and 15th = FREQ=MONTHLY;BYMONTHDAY=1,15
every 31st = FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1
every month on the last day = FREQ=MONTHLY;BYMONTHDAY=-1
jeden letzten Tag im Monat = FREQ=MONTHLY;BYMONTHDAY=-1
every last friday = FREQ=MONTHLY;BYDAY=-1FR
every last friday of the month = FREQ=MONTHLY;BYDAY=-1FR
every month on the last friday = FREQ=MONTHLY;BYDAY=-1FR
jeden letzten Freitag = FREQ=MONTHLY;BYDAY=-1FR
jeden ersten Montag im Monat = FREQ=MONTHLY;BYDAY=1MO
every 2nd tuesday = FREQ=MONTHLY;BYDAY=2TU
every year = FREQ=YEARLY
yearly = FREQ=YEARLY
jedes Jahr = FREQ=YEARLY
every 24 dec = FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24
every year on dec 24 = FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24
jedes Jahr am 24.12. = FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24
every 4 hours = FREQ=HOURLY;INTERVAL=4
every day until 24 dec = FREQ=DAILY;UNTIL=20261224
jeden Tag bis 24.12. = FREQ=DAILY;UNTIL=20261224
every week 5 times = FREQ=WEEKLY;COUNT=5
jede Woche 5 mal = FREQ=WEEKLY;COUNT=5
every week for 5 times = FREQ=WEEKLY;COUNT=5
every day 3x = FREQ=DAILY;COUNT=3
after 3 days = FREQ=DAILY;INTERVAL=3 completion
nach 3 Tagen = FREQ=DAILY;INTERVAL=3 completion
nach einer Woche = FREQ=WEEKLY completion
3 days after completion = FREQ=DAILY;INTERVAL=3 completion
every! 2 weeks = FREQ=WEEKLY;INTERVAL=2 completion
every mon after completion = FREQ=WEEKLY;BYDAY=MO completion
every week, skipping missed ones = FREQ=WEEKLY schedule-not-past
"""
TABLE = [
    (typed, *[*said.split(), "schedule"][:2])
    for typed, _, said in (line.partition(" = ") for line in WORDS.strip().splitlines())
]


@pytest.mark.parametrize(("typed", "text", "anchor"), TABLE)
def test_words_mean_a_rule(typed: str, text: str, anchor: str) -> None:
    assert parse_rule(typed, TODAY) == Rule(text, anchor)  # type: ignore[arg-type]


@pytest.mark.parametrize(("typed", "text", "anchor"), TABLE)
@pytest.mark.parametrize("locale", ["en", "de", "en-US"])
def test_a_rule_said_in_words_means_the_same_rule(
    typed: str, text: str, anchor: str, locale: str
) -> None:
    rule = parse_rule(typed, TODAY)
    assert parse_rule(describe(rule, locale), TODAY, locale) == rule


@pytest.mark.parametrize(
    "typed", ["", "every", "every foo", "every 0 days", "after", "tomorrow", "every day foo",
              "FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=1", "FREQ=", "FREQ=DAILY;INTERVAL=0",
              "FREQ=DAILY;BYMONTH=13", "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;UNTIL=soon",
              "FREQ=DAILY;FOO=1", "BYDAY=MO;FREQ=", "FREQ=WEEKLY;BYDAY=99MO",
              "FREQ=DAILY;COUNT=-1", "FREQ=DAILY;" + "BYMONTH=1;" * 500],
)  # fmt: skip
def test_what_is_no_rule_says_so(typed: str) -> None:
    with pytest.raises(UserError):
        parse_rule(typed, TODAY)


# --- against another implementation ---------------------------------------------------------

NUMBERS = {
    "BYMONTH": st.integers(1, 12),
    "BYMONTHDAY": st.integers(-31, 31).filter(bool),
    "BYYEARDAY": st.integers(-366, 366).filter(bool),
    "BYHOUR": st.integers(0, 23),
    "BYMINUTE": st.integers(0, 59),
}


@st.composite
def rules(draw: st.DrawFn) -> str:
    """Rules as dateutil understands them too, often with an answer.

    Left out: BYSETPOS by week. dateutil counts positions in the first week from the start
    on; here a week is a whole week, as RFC 5545 has it.
    """
    freq = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 4))}"]
    allowed = ["BYMONTH", "BYHOUR", "BYMINUTE"]
    allowed += ["BYMONTHDAY"] if freq != "WEEKLY" else []
    allowed += ["BYYEARDAY"] if freq == "YEARLY" else []
    for name in draw(st.lists(st.sampled_from(allowed), max_size=2, unique=True)):
        values = draw(st.lists(NUMBERS[name], min_size=1, max_size=4, unique=True))
        parts.append(f"{name}={','.join(map(str, values))}")
    if draw(st.booleans()):
        placed = freq in ("YEARLY", "MONTHLY") and draw(st.booleans())
        numbers = st.sampled_from([1, 2, 3, -1, -2]) if placed else st.just("")
        names = st.sampled_from(rrule.WEEKDAYS)
        chosen = draw(
            st.lists(st.tuples(numbers, names), min_size=1, max_size=3, unique=True)
        )
        parts.append("BYDAY=" + ",".join(f"{n}{day}" for n, day in chosen))
    if freq != "WEEKLY" and draw(st.integers(0, 3)) == 0:
        parts.append(f"BYSETPOS={draw(st.sampled_from(['1', '-1', '2', '1,-1']))}")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"WKST={draw(st.sampled_from(rrule.WEEKDAYS))}")
    if draw(st.integers(0, 3)) == 0:
        parts.append(f"COUNT={draw(st.integers(1, 30))}")
    return ";".join(parts)


@given(rules(), st.datetimes(datetime(2019, 1, 1), datetime(2027, 1, 1)))
def test_the_times_of_a_rule_are_those_of_dateutil(text: str, start: datetime) -> None:
    start = start.replace(second=0, microsecond=0)
    until = start + timedelta(days=365 * 9)
    last = "" if "COUNT" in text else f";UNTIL={until:%Y%m%dT%H%M%S}"
    mine = list(islice(occurrences(Rule(text + last), start), 40))
    assume(mine)  # dateutil looks for an impossible day until the year 9999
    assert mine == list(islice(rrulestr(text + last, dtstart=start), 40))


@given(
    rules(), st.datetimes(datetime(2010, 1, 1), datetime(2020, 1, 1)), st.integers(0, 4000)
)
def test_starting_late_gives_the_same_times(text: str, start: datetime, ahead: int) -> None:
    start = start.replace(second=0, microsecond=0)
    after = start + timedelta(days=ahead)
    all_of_them = list(occurrences(Rule(text), start, before=after + timedelta(days=800)))
    wanted = [one for one in all_of_them if one >= after]
    assume(len(all_of_them) < 1000)
    late = occurrences(Rule(text), start, after=after, before=after + timedelta(days=800))
    assert list(late) == wanted


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", "1997-05-12 1998-05-11 1999-05-17"),
        ("FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996-11-05",
         "1996-11-05 2000-11-07 2004-11-02"),
        ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1997-09-02", "1998-02-13 1998-03-13 1998-11-13"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05",
         "1997-08-05 1997-08-10 1997-08-19 1997-08-24"),
        ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05",
         "1997-08-05 1997-08-17 1997-08-19 1997-08-31"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", "1997-09-29",
         "1997-09-29 1997-10-30 1997-11-27"),
        ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "1997-05-19 1998-05-18 1999-05-17"),
        ("FREQ=YEARLY;BYYEARDAY=-1", "2023-12-31", "2023-12-31 2024-12-31 2025-12-31"),
        ("FREQ=YEARLY", "2024-02-29", "2024-02-29 2028-02-29 2032-02-29"),
        ("FREQ=DAILY;UNTIL=20261125", "2026-11-23", "2026-11-23 2026-11-24 2026-11-25"),
    ],
)  # fmt: skip
def test_the_examples_of_the_standard(text: str, start: str, expected: str) -> None:
    found = islice(days(Rule(text), date.fromisoformat(start)), len(expected.split()))
    assert " ".join(day.isoformat() for day in found) == expected


# --- clocks ----------------------------------------------------------------------------------


def test_an_occurrence_in_a_gap_still_happens_and_the_wall_time_comes_back() -> None:
    rule = Rule("FREQ=DAILY")
    found = list(instants(rule, datetime(2027, 3, 27, 2, 30), ZURICH, limit=3))
    assert [one.astimezone(ZURICH).strftime("%d %H:%M") for one in found] == [
        "27 02:30", "28 03:30", "29 02:30",
    ]  # fmt: skip


def test_an_occurrence_in_a_double_hour_happens_once() -> None:
    found = list(
        instants(Rule("FREQ=DAILY"), datetime(2026, 10, 24, 2, 30), ZURICH, limit=3)
    )
    assert [one.hour for one in found] == [0, 0, 1]
    assert len({one.date() for one in found}) == 3


def test_until_in_utc_is_an_instant() -> None:
    start = datetime(2026, 11, 23, 9)
    rule = Rule("FREQ=DAILY;UNTIL=20261125T080000Z")
    assert len(list(instants(rule, start, ZURICH))) == 3
    earlier = Rule("FREQ=DAILY;UNTIL=20261125T075900Z")
    assert len(list(instants(earlier, start, ZURICH))) == 2


@given(
    st.sampled_from(
        ["Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran"]
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),
    st.integers(0, 400),
)
def test_a_window_of_instants_misses_none(name: str, start: datetime, ahead: int) -> None:
    zone, start = ZoneInfo(name), start.replace(second=0, microsecond=0)
    rule = Rule("FREQ=DAILY")
    every = list(instants(rule, start, zone, limit=450))
    after = every[0] + timedelta(days=ahead, hours=5)
    until = after + timedelta(days=20)
    window = list(instants(rule, start, zone, after=after, before=until))
    assert window == [one for one in every if after <= one < until]


# --- hostile rules -----------------------------------------------------------------------------


def test_hostile_rules_end_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    looked = 0
    month_days = expansion._month_days

    def counted(year: int, month: int) -> list[date]:
        nonlocal looked
        looked += 1
        return month_days(year, month)

    monkeypatch.setattr(expansion, "_month_days", counted)
    start = date(1970, 1, 1)
    for text in (
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=5FR;BYMONTHDAY=1",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYSETPOS=300",
    ):
        assert next_dates(Rule(text), start, after=TODAY) == []
    assert looked < 200 * 12 * 3


def test_counts_and_intervals_are_capped_and_dates_end_before_the_calendar_does() -> None:
    assert parse_rrule("FREQ=DAILY;COUNT=999999999").fields.count == 10_000
    assert parse_rrule("FREQ=DAILY;INTERVAL=999999999").fields.interval == 10_000
    assert list(days(Rule("FREQ=YEARLY;INTERVAL=9999"), date(2026, 1, 1))) == [
        date(2026, 1, 1)
    ]
    assert (
        len(list(occurrences(Rule("FREQ=HOURLY"), datetime(2026, 1, 1), limit=10**9)))
        <= 100_000
    )


@given(st.text(alphabet="FREQ=DAILYWKMONTHBSPUC;,0123456789-+Z", max_size=80))
def test_any_text_is_a_rule_or_a_said_no(text: str) -> None:
    for said in (text, "FREQ=DAILY;" + text, "FREQ=MONTHLY;BY" + text):
        try:
            rule = parse_rrule(said)
        except UserError:
            continue
        assert parse_rrule(rule.rrule) == rule
        assert describe(rule)
        assert describe(rule, "de")


# --- tasks -----------------------------------------------------------------------------------------


def rolled(rule: Rule, due: str, done: str) -> str:
    found = roll(rule, date.fromisoformat(due), date.fromisoformat(done))
    return found[0].isoformat() if found else "over"


def test_the_three_repeaters() -> None:
    week = "FREQ=WEEKLY"
    assert rolled(Rule(week), "2026-11-02", "2026-11-25") == "2026-11-09"
    assert (
        rolled(Rule(week, "schedule-not-past"), "2026-11-02", "2026-11-25") == "2026-11-30"
    )
    assert rolled(Rule(week, "completion"), "2026-11-02", "2026-11-25") == "2026-12-02"
    assert rolled(
        Rule("FREQ=DAILY;INTERVAL=3", "completion"), "2026-11-30", "2026-11-25"
    ) == ("2026-11-28")


def test_done_early_goes_on_from_the_due_date() -> None:
    rule = Rule("FREQ=WEEKLY;BYDAY=MO", "schedule-not-past")
    assert rolled(rule, "2026-11-30", "2026-11-25") == "2026-12-07"


def test_a_month_after_the_31st_is_the_last_day_of_a_shorter_month() -> None:
    assert rolled(Rule("FREQ=MONTHLY"), "2027-01-31", "2027-01-31") == "2027-02-28"
    kept = anchored(Rule("FREQ=MONTHLY"), date(2027, 1, 31))
    assert [str(day) for day in next_dates(kept, date(2027, 1, 31), 4)] == [
        "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30",
    ]  # fmt: skip
    leap = anchored(Rule("FREQ=YEARLY"), date(2028, 2, 29))
    assert [str(day) for day in next_dates(leap, date(2028, 2, 29), 2)] == [
        "2028-02-29", "2029-02-28",
    ]  # fmt: skip


def test_a_counted_series_counts_down_and_ends() -> None:
    rule = Rule("FREQ=DAILY;COUNT=3")
    due, left = TODAY, 0
    while (found := roll(rule, due, due)) is not None:
        due, rule = found
        left += 1
    assert (left, due) == (2, TODAY + timedelta(days=2))
    assert rolled(Rule("FREQ=DAILY;UNTIL=20261123"), "2026-11-23", "2026-11-23") == "over"


def test_a_series_without_a_date_starts_on_the_coming_day_it_names() -> None:
    assert first_day(parse_rule("every other friday"), TODAY) == date(2026, 11, 27)
    assert first_day(parse_rule("every month on the 24th"), TODAY) == date(2026, 11, 24)
    assert first_day(parse_rule("every day"), TODAY) == TODAY


def test_five_next_dates_are_shown_before_saving() -> None:
    assert [str(day) for day in next_dates(parse_rule("every last friday"), TODAY)] == [
        "2026-11-27", "2026-12-25", "2027-01-29", "2027-02-26", "2027-03-26",
    ]  # fmt: skip


def test_an_hourly_rule_keeps_its_phase() -> None:
    start = datetime.combine(TODAY, time(22), UTC).replace(tzinfo=None)
    found = occurrences(
        Rule("FREQ=HOURLY;INTERVAL=5"), start, after=start + timedelta(hours=6)
    )
    assert next(found) == start + timedelta(hours=10)
