"""The capture grammar, in both languages, seen from Monday 23 November 2026, 09:30."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from modules.sdk.slot import Capture
from modules.sdk.text import capture_parts
from modules.sdk.text.capture import (
    TAKES,
    Captured,
    CaptureKind,
    Part,
    canonical,
    describe,
    kinds_of,
    parse,
)

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=ZoneInfo("Europe/Zurich"))
KINDS = (
    CaptureKind(letter="t", module="todo", title="Task", words=("task",), takes=TAKES["t"]),
    CaptureKind(
        letter="e", module="calendar", title="Event", words=("event",), takes=TAKES["e"]
    ),
    CaptureKind(
        letter="n", module="notes", title="Note", words=("note",), takes=frozenset({"tag"})
    ),
    CaptureKind(letter="x", module="money", title="Expense", past=True),
)


def read(line: str, locale: str = "en", **options: object) -> list[Captured]:
    return parse(line, now=NOW, kinds=KINDS, locale=locale, **options)  # type: ignore[arg-type]


def shown(item: Captured) -> str:
    """The title and all that was recognised, short."""
    said = [item.title]
    if item.day:
        last = f"..{item.last_day:%m-%d}" if item.last_day else ""
        said.append(
            f"{item.day:%m-%d}{last}"
            + ("" if item.day.year == 2026 else f"-{item.day.year}")
        )
    if item.start:
        said.append(f"{item.start:%H:%M}" + (f"-{item.end:%H:%M}" if item.end else ""))
    if item.repeat:
        completed = "/done" if item.repeat.anchor == "completion" else ""
        said.append(item.repeat.rrule.removeprefix("FREQ=") + completed)
    if item.estimate:
        said.append(f"~{int(item.estimate.total_seconds() // 60)}")
    if item.priority:
        said.append(f"p{item.priority}")
    said += [f"#{tag}" for tag in item.tags] + [f"@{person}" for person in item.people]
    said += [f"at:{item.place}"] if item.place else []
    said += [f"+{item.project}"] if item.project else []
    said += [f"{item.amount.amount} {item.amount.currency}"] if item.amount else []
    said += list(item.links) + [f"[{task}]" for task in item.subtasks]
    return " | ".join(said)


LINES = """
Buy milk => Buy milk
Buy milk today => Buy milk | 11-23
Buy milk tomorrow => Buy milk | 11-24
tomorrow buy milk => buy milk | 11-24
Buy milk tomorrow, and bread => Buy milk and bread | 11-24
Dinner tomorrow? => Dinner? | 11-24
Milch kaufen morgen => Milch kaufen | 11-24
Übermorgen Zahnarzt => Zahnarzt | 11-25
Call Ana fri => Call Ana | 11-27
Call Ana on friday => Call Ana | 11-27
Call Ana by fri => Call Ana | 11-27
Ana anrufen am Freitag => Ana anrufen | 11-27
Ana anrufen bis Freitag => Ana anrufen | 11-27
Fri call Ana => call Ana | 11-27
Call Ana next week => Call Ana | 11-30
Ana anrufen nächste Woche => Ana anrufen | 11-30
Call in 3 days => Call | 11-26
Anrufen in 3 Tagen => Anrufen | 11-26
Call +3d => Call | 11-26
Gifts 24 dec => Gifts | 12-24
Geschenke 24.12. => Geschenke | 12-24
Geschenke bis 24.12 => Geschenke | 12-24
Gifts 2026-12-24 => Gifts | 12-24
Gifts dec 24th => Gifts | 12-24
Geschenke 24. Dezember => Geschenke | 12-24
Trip 5 jan => Trip | 01-05-2027
Rent on the 1st => Rent | 12-01
Miete am 1. => Miete | 12-01
Report eom => Report | 11-30
Bericht Ende des Monats => Bericht | 11-30
Party this weekend => Party | 11-28..11-29
Fest dieses Wochenende => Fest | 11-28..11-29
Tue 24 Nov review => review | 11-24
Call 9:00 => Call | 11-24 | 09:00
Call 14:00 => Call | 11-23 | 14:00
Call at 9am tomorrow => Call | 11-24 | 09:00
Call tomorrow 9 => Call | 11-24 | 09:00
Call tomorrow at 9 with Ana => Call with Ana | 11-24 | 09:00
Anruf morgen um 9 Uhr => Anruf | 11-24 | 09:00
Anruf morgen 9.30 Uhr => Anruf | 11-24 | 09:30
Lunch noon => Lunch | 11-23 | 12:00
Essen mittags => Essen | 11-23 | 12:00
Send report eod => Send report | 11-23 | 17:00
Standup 14–15:30 => Standup | 11-23 | 14:00-15:30
9-11 standup => standup | 11-24 | 09:00-11:00
standup tomorrow 9-11 => standup | 11-24 | 09:00-11:00
Workshop von 9 bis 11 Uhr => Workshop | 11-24 | 09:00-11:00
Workshop 14-16 Uhr => Workshop | 11-23 | 14:00-16:00
Workshop from 2 to 4pm => Workshop | 11-23 | 14:00-16:00
Workshop 2-4pm fri => Workshop | 11-27 | 14:00-16:00
Shift fri 22-2 => Shift | 11-27 | 22:00-02:00
Office tomorrow 9-5 => Office | 11-24 | 09:00-17:00
Kino heute abend => Kino | 11-23 | 19:00
Kino Freitagabend => Kino | 11-27 | 19:00
Movie tonight => Movie | 11-23 | 19:00
Movie friday evening @lea => Movie | 11-27 | 19:00 | @lea
Kino morgen Abend mit Lea => Kino mit Lea | 11-24 | 19:00
Laufen morgen früh => Laufen | 11-24 | 09:00
Call back in 2 hours => Call back | 11-23 | 11:30
Rückruf in 2 Stunden => Rückruf | 11-23 | 11:30
Stretch +30min => Stretch | 11-23 | 10:00
Zug halb zehn => Zug | 11-24 | 09:30
Meeting quarter past 10 => Meeting | 11-23 | 10:15
water plants every day => water plants | 11-23 | DAILY
Pay rent every month on the 24th 9:00 #home => Pay rent | 11-24 | 09:00 | MONTHLY;BYMONTHDAY=24 | #home
Miete zahlen jeden Monat am 24. => Miete zahlen | 11-24 | MONTHLY;BYMONTHDAY=24
gym every mon,wed => gym | 11-23 | WEEKLY;BYDAY=MO,WE
jeden Mo und Mi um 18:30 Training => Training | 11-23 | 18:30 | WEEKLY;BYDAY=MO,WE
retro every 2 weeks fri => retro | 11-27 | WEEKLY;INTERVAL=2
beers every last friday => beers | 11-27 | MONTHLY;BYDAY=-1FR
Bier jeden letzten Freitag => Bier | 11-27 | MONTHLY;BYDAY=-1FR
filter after 3 days => filter | 11-23 | DAILY;INTERVAL=3/done
Filter nach 3 Tagen => Filter | 11-23 | DAILY;INTERVAL=3/done
every morning stretch => stretch | 11-24 | 09:00 | DAILY
backup daily => backup | 11-23 | DAILY
daily standup notes => daily standup notes
Sport montags => Sport | 11-23 | WEEKLY;BYDAY=MO
gym every weekday 7am ~1h => gym | 11-24 | 07:00 | WEEKLY;BYDAY=MO,TU,WE,TH,FR | ~60
rent every month on the 31st => rent | 11-30 | MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1
pay every month 31 jan => pay | 01-31-2027 | MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1
Report ~30m => Report | ~30
Report ~1h30 => Report | ~90
Report ~2h => Report | ~120
Report 90min => Report | ~90
Bericht 1.5 Stunden => Bericht | ~90
Bericht für 2 Stunden => Bericht | ~120
Report for 2 hours => Report | ~120
Report ~2d => Report | ~960
Paper 3 Tage => Paper | ~1440
Do 3 days of work => Do 3 days of work
Fix login p1 => Fix login | p1
Fix login !! => Fix login | p2
Fix login ! => Fix login | p3
Fix login !!! => Fix login | p1
Fix it p1 p2 => Fix it p1 | p2
Login reparieren dringend => Login reparieren | p1
Login reparieren !wichtig => Login reparieren | p2
Login reparieren wichtig #dev => Login reparieren | p2 | #dev
wichtige Frage klären => wichtige Frage klären
Fix login !low => Fix login | p4
Hello world! => Hello world!
Paint #home #diy => Paint | #home | #diy
Paint #home, #home. => Paint | #home
Fix issue #42 => Fix issue #42
Learn C# => Learn C#
Über #größe reden => Über reden | #größe
Lunch @ana => Lunch | @ana
Lunch @"Ana Maria" @bob => Lunch | @Ana Maria | @bob
mail ana@example.org => mail ana@example.org
Dinner at "Café Central" => Dinner | at:Café Central
Essen bei "Da Enzo" => Essen | at:Da Enzo
Plan +Work => Plan | +Work
Plan +"Big project" => Plan | +Big project
call +41 44 123 => call +41 44 123
Lunch 12.50 chf => Lunch | 12.50 CHF
Lunch €8 => Lunch | 8 EUR
Lunch 8€ => Lunch | 8 EUR
Mittagessen 12,50 Euro => Mittagessen | 12.50 EUR
Flight CHF 1'234.50 => Flight | 1234.50 CHF
try 5 top options => try 5 top options
Read https://example.org/x => Read | https://example.org/x
Read https://example.org/a(b). tomorrow => Read | 11-24 | https://example.org/a(b)
Pack: socks, shirt, shoes => Pack | [socks] | [shirt] | [shoes]
Einkauf: Milch, Brot morgen => Einkauf | 11-24 | [Milch] | [Brot]
Pack: everything => Pack: everything
Say "tomorrow" tomorrow => Say tomorrow | 11-24
"Mon Ami" call => Mon Ami call
Lies „Der Montag“ => Lies Der Montag
fix the 5" pipe today => fix the 5" pipe | 11-23
an "unclosed quote tomorrow => an "unclosed quote | 11-24
buy sun cream => buy sun cream
brunch sun 11 => brunch | 11-29 | 11:00
brunch sun => brunch | 11-29
she sat down => she sat down
Call tom about it => Call tom about it
Call Tom => Call Tom
review tom => review | 11-24
Kauf das so => Kauf das so
mach das so schnell => mach das so schnell
Guten Morgen sagen => Guten Morgen sagen
Read pages 9-11 => Read pages 9-11
Look at 3 options => Look at 3 options
1/2 cup of flour => 1/2 cup of flour
may the force => may the force
Midnight Mass tickets => Midnight Mass tickets
today's paper => today's paper
Meeting mon or move to fri => Meeting mon or move to | 11-27
Friday sync on monday => Friday sync | 11-30
  spaced   out   => spaced   out
task: foo => foo
task foo => foo
Task force => Task force
e Dentist tomorrow 9 => Dentist | 11-24 | 09:00
e Team lunch at Café Central fri 12-13:30 @ana => Team lunch | 11-27 | 12:00-13:30 | @ana | at:Café Central
e Sommerfest am See sa 15 uhr => Sommerfest | 11-28 | 15:00 | at:See
e Treffen bei Ana morgen 18 Uhr => Treffen | 11-24 | 18:00 | at:Ana
e Call fri 10:00 for 30 min => Call | 11-27 | 10:00-10:30 | ~30
e Call fri 10:00 1h => Call | 11-27 | 10:00-11:00 | ~60
e Urlaub 24.–27.12. => Urlaub | 12-24..12-27
e Holiday 24-27 dec => Holiday | 12-24..12-27
e Holiday dec 24 - jan 2 => Holiday | 12-24..01-02
e Conf dec 1 3 days => Conf | 12-01..12-03
e Messe mo-mi => Messe | 11-30..12-02
e Check p1 tomorrow => Check p1 | 11-24
n Ideas for tomorrow #idea => Ideas for tomorrow | #idea
x Lunch 12.50 chf yesterday => Lunch | 11-22 | 12.50 CHF
x Book fri €20 => Book | 11-20 | 20 EUR
"""
TABLE = [tuple(line.split(" => ")) for line in LINES.strip("\n").splitlines()]


@pytest.mark.parametrize(("line", "expected"), TABLE)
def test_a_line_means(line: str, expected: str) -> None:
    (item,) = read(line)
    assert shown(item) == expected.strip()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Di 14 Uhr Zahnarzt", "Zahnarzt | 11-24 | 14:00"),
        ("Zahnarzt Di", "Zahnarzt | 11-24"),
        ("Zahnarzt Do", "Zahnarzt | 11-26"),
        ("bitte tu das so", "bitte tu das so"),
        ("Zahnarzt am so", "Zahnarzt | 11-29"),
        ("Frau Fr Meier", "Frau Fr Meier"),
        ("Rechnung später", "Rechnung | p4"),
        ("alles normal", "alles | p3"),
    ],
)
def test_short_german_names_count_in_a_german_line(line: str, expected: str) -> None:
    (item,) = read(line, "de")
    assert shown(item) == expected


def test_the_order_of_day_and_month_comes_from_the_locale() -> None:
    assert read("x on 5/6", "en-US")[0].day == date(2026, 5, 6)
    assert read("trip on 5/6", "de-CH")[0].day == date(2027, 6, 5)


def test_several_items_stand_in_one_line_or_on_lines() -> None:
    items = read("e A 9-10 tomorrow ;; B 30min ;; t C fri\nD")
    assert [(item.kind, shown(item)) for item in items] == [
        ("e", "A | 11-24 | 09:00-10:00"),
        ("e", "B | 11-24 | 10:00-10:30 | ~30"),
        ("t", "C | 11-27"),
        ("t", "D"),
    ]


def test_a_chip_turned_back_into_text_stays_text() -> None:
    line = "Pay every month on the 24th #home"
    (item,) = read(line)
    repeat, _ = item.parts
    (again,) = read(line, dismissed=frozenset({(repeat.start, repeat.end)}))
    assert shown(again) == "Pay every month on the 24th | #home"
    (plain,) = read("e lunch", dismissed=frozenset({(0, 1)}))
    assert (plain.kind, plain.title) == ("t", "e lunch")


def test_parts_say_where_they_stand() -> None:
    line = '  e Lunch tomorrow, 12-13 @"Ana M" ;; t Call !! fri?'
    found = [(part.kind, part.text) for item in read(line) for part in item.parts]
    assert found == [
        ("kind", "e"), ("day", "tomorrow,"), ("time", "12-13"), ("person", '@"Ana M"'),
        ("kind", "t"), ("priority", "!!"), ("day", "fri"),
    ]  # fmt: skip
    assert all(line[p.start : p.end] == p.text for item in read(line) for p in item.parts)


def test_what_will_be_made_is_said_before_it_is() -> None:
    (task,) = read("Pay rent every month on the 24th 9:00 #home")
    assert describe(task, today=NOW.date()) == (
        "Task, due Tue 24 Nov 09:00, every month on the 24th, #home"
    )
    assert describe(task, "de", NOW.date()) == (
        "Aufgabe, fällig Di 24. Nov 09:00, jeden Monat am 24., #home"
    )
    (event,) = read("e Lunch 5 jan 12-13 at Café @ana")
    assert describe(event, "en-US", NOW.date()) == (
        "Event, Tue Jan 5, 2027 12:00 PM–1:00 PM, @ana, at Café"
    )
    (many,) = read("Pack: a, b p1 +Trip ~30m 5 eur https://a.example")
    assert describe(many, kinds=KINDS) == (
        "Task, ~30m, urgent, +Trip, €5.00, 2 subtasks, https://a.example"
    )


def moods(text: str, locale: str) -> list[Part]:
    """A part of a module's own: smileys."""
    return [
        Part("mood", m.start(), m.end(), "", m.group()) for m in re.finditer(r":[()]", text)
    ]


def test_a_module_adds_its_kind_and_its_parts_as_data() -> None:
    slot = Capture(
        letter="j", title="Entry", command="journal.add", values="x:y", words=("journal",),
        parts="tests.sdk.text.test_capture:moods", takes=("tag",),
    )  # fmt: skip
    (kind,) = kinds_of([("journal", slot)])
    (item,) = parse("j good day :) tomorrow #me", now=NOW, kinds=[kind], default="journal")
    assert (item.title, item.extra, item.tags, item.day) == (
        "good day tomorrow", {"mood": ":)"}, ("me",), None,
    )  # fmt: skip
    assert item.module == "journal"


# --- properties -----------------------------------------------------------------------------

VOCABULARY = """
buy milk Ana call report tomorrow today mon fri sun morgen Freitag am um at on by 9 9:00 9-11
14–15:30 noon every day week month 2 weeks the 24th 24.12. dec 24 in 3 days +3d next last
~30m ~1h30 p1 !! ! #home #a/b @ana +Work 12.50 chf €8 https://a.example/x after until : , ;;
jeden Mo und Mi alle Wochen nach Tagen nächste Woche bis 5 times 30min Stunden heute abend
Pack: a, b, "quoted words" „so“ in für bei Café e n t x task: 1/2 2026-12-24 eod wichtig
""".split()  # noqa: SIM905 - a list of words

lines = st.lists(st.sampled_from(VOCABULARY), max_size=14).map(" ".join)
texts = st.one_of(lines, st.text(max_size=60))
locales = st.sampled_from(["en", "de", "en-US"])


def words(text: str) -> list[str]:
    """The words of a text without quotes and glue."""
    return re.findall(r"\w+", text)


@given(texts, locales)
@example('a "b c" d', "en")
def test_nothing_is_lost(line: str, locale: str) -> None:
    items = read(line, locale)
    kept = [
        word
        for item in items
        for text in (item.title, *item.subtasks, *(part.text for part in item.parts))
        for word in words(text)
    ]
    assert sorted(kept) == sorted(words(line))


@given(texts, locales)
def test_parts_stand_in_order_and_do_not_overlap(line: str, locale: str) -> None:
    at = 0
    for item in read(line, locale):
        for part in item.parts:
            assert at <= part.start < part.end <= len(line)
            assert line[part.start : part.end] == part.text
            at = part.end


@given(texts, locales)
def test_what_is_not_recognised_stays_as_it_was(line: str, locale: str) -> None:
    for item in read(line, locale):
        if not item.parts and '"' not in line and not item.subtasks:
            assert item.title in line or any(quote in line for quote in "“„«»")


def values(item: Captured) -> dict[str, object]:
    told = msgspec.structs.asdict(item)
    return {name: told[name] for name in told if name not in ("parts", "line")}


@given(lines, locales)
def test_its_own_line_means_the_same(line: str, locale: str) -> None:
    for item in read(line, locale):
        (again,) = read(canonical(item), locale)
        assert values(again) == values(item)


@given(
    texts, locales, st.sets(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=3)
)
def test_dismissed_stretches_are_never_parts(
    line: str, locale: str, dismissed: set[tuple[int, int]]
) -> None:
    gone = frozenset((a, b) for a, b in dismissed if a < b)
    for item in read(line, locale, dismissed=gone):
        for part in item.parts:
            assert all(b <= part.start or part.end <= a for a, b in gone)


@pytest.mark.parametrize(
    "word",
    [
        "a ",
        "tomorrow ",
        "“",
        '"x" ',
        "so ",
        "9-",
        "every ",
        ";; ",
        "#a ",
        "\n",
        "at a ",
        '#a "x" ',
    ],
)
def test_long_lines_cost_no_more_than_their_length(
    word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = 0
    best = capture_parts._best

    def counted(*args: object) -> object:
        nonlocal looked
        looked += 1
        return best(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(capture_parts, "_best", counted)
    line = "e " + word * (100_000 // len(word))
    items = read(line)
    assert looked <= max(capture_parts.MOST_WORDS, len(items) * 2)
    assert sum(len(item.line) for item in items) <= len(line)


def test_times_go_over_midnight_and_lengths_end_events() -> None:
    (event,) = read("e Party sat 22:00 6h")
    assert (event.start, event.end, event.estimate) == (
        time(22),
        time(4),
        timedelta(hours=6),
    )
