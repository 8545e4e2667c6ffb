"""Days, times and moments in both languages, seen from Monday 23 November 2026, 09:30."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.sdk.text.dates import (
    format_ago,
    format_day,
    format_moment,
    format_time,
    local,
    parse_day,
    parse_moment,
    parse_time,
)
from storage.errors import UserError

ZURICH = ZoneInfo("Europe/Zurich")
TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=ZURICH)


def table(text: str) -> list[tuple[str, str]]:
    """`typed = expected` lines."""
    lines = (line.partition(" = ") for line in text.strip().splitlines())
    return [(typed.strip(), expected.strip()) for typed, _, expected in lines]


DAYS = table("""
today = 2026-11-23
tod = 2026-11-23
heute = 2026-11-23
Tomorrow = 2026-11-24
tom = 2026-11-24
tmr = 2026-11-24
morgen = 2026-11-24
übermorgen = 2026-11-25
yesterday = 2026-11-22
gestern = 2026-11-22
vorgestern = 2026-11-21
mon = 2026-11-30
monday = 2026-11-30
Montag = 2026-11-30
tue = 2026-11-24
tues = 2026-11-24
Dienstag = 2026-11-24
wed = 2026-11-25
mittwoch = 2026-11-25
thu = 2026-11-26
Donnerstag = 2026-11-26
fri = 2026-11-27
freitag = 2026-11-27
fr = 2026-11-27
sat = 2026-11-28
sa = 2026-11-28
Samstag = 2026-11-28
sun = 2026-11-29
So = 2026-11-29
sonntag = 2026-11-29
this friday = 2026-11-27
diesen Freitag = 2026-11-27
kommenden Freitag = 2026-11-27
next friday = 2026-12-04
nächsten Freitag = 2026-12-04
last friday = 2026-11-20
letzten Freitag = 2026-11-20
next week = 2026-11-30
nächste Woche = 2026-11-30
last week = 2026-11-16
next month = 2026-12-01
nächsten Monat = 2026-12-01
next year = 2027-01-01
nächstes Jahr = 2027-01-01
this weekend = 2026-11-28
weekend = 2026-11-28
dieses Wochenende = 2026-11-28
in 3 days = 2026-11-26
in 3 Tagen = 2026-11-26
in a week = 2026-11-30
in einer Woche = 2026-11-30
in zwei Wochen = 2026-12-07
in 2 months = 2027-01-23
in einem Monat = 2026-12-23
in a couple of weeks = 2026-12-07
+3d = 2026-11-26
+2w = 2026-12-07
+1m = 2026-12-23
+1y = 2027-11-23
-1d = 2026-11-22
3 days ago = 2026-11-20
vor 3 Tagen = 2026-11-20
a week ago = 2026-11-16
24 dec = 2026-12-24
24. Dez = 2026-12-24
24. Dezember = 2026-12-24
dec 24 = 2026-12-24
december 24th = 2026-12-24
24th of december = 2026-12-24
Dec 24, 2027 = 2027-12-24
24 dec 2027 = 2027-12-24
24dec = 2026-12-24
24.12. = 2026-12-24
24.12 = 2026-12-24
24.12.26 = 2026-12-24
24.12.2027 = 2027-12-24
24/12 = 2026-12-24
24/12/2027 = 2027-12-24
2026-12-24 = 2026-12-24
2026/12/24 = 2026-12-24
20261224 = 2026-12-24
2026-W50 = 2026-12-07
1 march = 2027-03-01
1. März = 2027-03-01
5 Mai = 2027-05-05
22.11. = 2027-11-22
23.11. = 2026-11-23
29.2. = 2028-02-29
on friday = 2026-11-27
by friday = 2026-11-27
am Freitag = 2026-11-27
bis Freitag = 2026-11-27
due fri = 2026-11-27
on the 24th = 2026-11-24
the 1st = 2026-12-01
am 24. = 2026-11-24
am 31. = 2026-12-31
Tue 24 Nov = 2026-11-24
Di 24.11. = 2026-11-24
Thursday, 24 December 2026 = 2026-12-24
eow = 2026-11-27
eom = 2026-11-30
end of month = 2026-11-30
Ende des Monats = 2026-11-30
Monatsende = 2026-11-30
eoy = 2026-12-31
end of year = 2026-12-31
Jahresende = 2026-12-31
""")


@pytest.mark.parametrize(("typed", "expected"), DAYS)
@pytest.mark.parametrize("locale", ["en", "de"])
def test_a_day_is_understood_in_both_languages_whatever_the_locale(
    typed: str, expected: str, locale: str
) -> None:
    assert parse_day(typed, TODAY, locale).isoformat() == expected


@pytest.mark.parametrize(
    "typed",
    ["", " ", "soon", "31.11.", "32.1.", "0.0.", "24.13.", "2026-02-30", "9:00", "every day",
     "tomorrow 9:00", "next", "in", "in days", "in 3", "+3", "+3x", "fri fri", "24", "buy milk",
     "+99999999d", "in 999999 years", "x" * 10_000, "²", "٣", "1.1.99999"],
)  # fmt: skip
def test_what_is_no_day_says_so_and_what_would_be(typed: str) -> None:
    with pytest.raises(UserError) as said:
        parse_day(typed, TODAY, "en")
    assert "24.12." in said.value.hint
    assert len(str(said.value)) < 200


@pytest.mark.parametrize(
    ("typed", "locale", "expected"),
    [
        ("5/6", "en-US", "2027-05-06"),
        ("5/6", "en-GB", "2027-06-05"),
        ("5/6", "de-CH", "2027-06-05"),
        ("5/6/2027", "en-US", "2027-05-06"),
        ("5-6-2027", "en_US", "2027-05-06"),
        ("12/24", "en-US", "2026-12-24"),
        ("5.6.", "en-US", "2027-06-05"),
    ],
)
def test_the_order_of_day_and_month_comes_from_the_locale(
    typed: str, locale: str, expected: str
) -> None:
    assert parse_day(typed, TODAY, locale).isoformat() == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [("24 dec", "2025-12-24"), ("fri", "2026-11-20"), ("23.11.", "2026-11-23"),
     ("22.11.", "2026-11-22"), ("am 24.", "2026-10-24"), ("yesterday", "2026-11-22")],
)  # fmt: skip
def test_looking_back_a_date_without_a_year_is_the_latest(
    typed: str, expected: str
) -> None:
    assert parse_day(typed, TODAY, "en", past=True).isoformat() == expected


TIMES = table("""
9:00 = 09:00
9 = 09:00
09:05 = 09:05
14:30 = 14:30
9am = 09:00
9 am = 09:00
9:30pm = 21:30
12am = 00:00
12pm = 12:00
at 9 = 09:00
um 9 = 09:00
um 9 Uhr = 09:00
9 Uhr = 09:00
9.30 Uhr = 09:30
14uhr = 14:00
noon = 12:00
mittags = 12:00
midnight = 00:00
Mitternacht = 00:00
eod = 17:00
half past 9 = 09:30
quarter to 9 = 08:45
halb zehn = 09:30
Viertel nach 9 = 09:15
viertel vor neun = 08:45
in the evening = 19:00
am Abend = 19:00
""")


@pytest.mark.parametrize(("typed", "expected"), TIMES)
def test_a_time_is_understood_in_both_languages(typed: str, expected: str) -> None:
    assert parse_time(typed, "en") == time.fromisoformat(expected)


@pytest.mark.parametrize(
    "typed", ["", "25", "24:00", "9:60", "13pm", "0am", "9-11", "soon", "9 9"]
)
def test_what_is_no_time_says_so(typed: str) -> None:
    with pytest.raises(UserError):
        parse_time(typed, "en")


MOMENTS = table("""
now = 2026-11-23 09:30
tomorrow 9:00 = 2026-11-24 09:00
tomorrow 9 = 2026-11-24 09:00
9:00 tomorrow = 2026-11-24 09:00
tomorrow = 2026-11-24 00:00
14:00 = 2026-11-23 14:00
9:00 = 2026-11-24 09:00
in 2 hours = 2026-11-23 11:30
in 2 Stunden = 2026-11-23 11:30
in 90 min = 2026-11-23 11:00
+30min = 2026-11-23 10:00
+2h = 2026-11-23 11:30
heute abend = 2026-11-23 19:00
tonight = 2026-11-23 19:00
morgen früh = 2026-11-24 09:00
morgen Abend um 8 = 2026-11-24 08:00
Freitagabend = 2026-11-27 19:00
fri at 14:30 = 2026-11-27 14:30
24.12. 14 Uhr = 2026-12-24 14:00
2026-12-24 09:00 = 2026-12-24 09:00
2026-12-24T09:00+00:00 = 2026-12-24 10:00
2027-03-28 02:30 = 2027-03-28 03:30
""")


@pytest.mark.parametrize(("typed", "expected"), MOMENTS)
def test_a_moment_is_a_day_and_a_time_in_any_order(typed: str, expected: str) -> None:
    found = parse_moment(typed, NOW, "en")
    assert found.astimezone(ZURICH).strftime("%Y-%m-%d %H:%M") == expected
    assert found.tzinfo is not None


@pytest.mark.parametrize("typed", ["", "soon", "this weekend", "9-11", "tomorrow maybe"])
def test_what_is_no_moment_says_so(typed: str) -> None:
    with pytest.raises(UserError):
        parse_moment(typed, NOW, "en")


def test_days_are_shown_by_how_near_they_are_and_in_the_order_of_the_locale() -> None:
    shown = [
        format_day(TODAY + timedelta(days=away), TODAY, locale)
        for locale in ("en", "de", "en-US")
        for away in (-1, 0, 1, 2, 6, 7, 50)
    ]
    assert shown == [
        "yesterday", "today", "tomorrow", "Wed", "Sun", "Mon 30 Nov", "Tue 12 Jan 2027",
        "gestern", "heute", "morgen", "übermorgen", "So", "Mo 30. Nov", "Di 12. Jan 2027",
        "yesterday", "today", "tomorrow", "Wed", "Sun", "Mon Nov 30", "Tue Jan 12, 2027",
    ]  # fmt: skip


def test_clocks_have_twelve_hours_only_where_people_use_them() -> None:
    assert [format_time(time(h, 5), "en-US") for h in (0, 9, 12, 23)] == [
        "12:05 AM", "9:05 AM", "12:05 PM", "11:05 PM",
    ]  # fmt: skip
    assert format_time(time(0, 5), "de") == "00:05"


def test_a_moment_is_shown_in_the_zone_of_the_person() -> None:
    moment = datetime(2026, 11, 24, 23, 30, tzinfo=ZoneInfo("UTC"))
    assert format_moment(moment, NOW, "en") == "Wed 00:30"
    assert format_ago(NOW - timedelta(minutes=5), NOW) == "5 min ago"
    assert format_ago(NOW - timedelta(days=1), NOW, "de") == "gestern"


def test_a_skipped_wall_time_moves_on_and_a_double_one_is_the_first() -> None:
    assert (
        local(date(2027, 3, 28), time(2, 30), NOW).isoformat()
        == "2027-03-28T03:30:00+02:00"
    )
    assert (
        local(date(2026, 10, 25), time(2, 30), NOW).isoformat()
        == "2026-10-25T02:30:00+02:00"
    )


@given(
    st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.sampled_from(["en", "de", "en-US"])
)
def test_a_shown_day_reads_back(day: date, locale: str) -> None:
    assert parse_day(format_day(day, TODAY, locale), TODAY, locale, past=day < TODAY) == day


@given(st.times(), st.sampled_from(["en", "de", "en-US"]))
def test_a_shown_time_reads_back(clock: time, locale: str) -> None:
    shown = format_time(clock, locale)
    assert parse_time(shown, locale) == clock.replace(second=0, microsecond=0)


@given(st.text(max_size=40), st.sampled_from(["en", "de", "en-US"]))
def test_any_text_is_a_day_or_a_said_no(text: str, locale: str) -> None:
    for parse in (
        lambda: parse_day(text, TODAY, locale),
        lambda: parse_time(text, locale),
        lambda: parse_moment(text, NOW, locale),
    ):
        with suppress(UserError):
            parse()
