"""iCalendar in and out: nothing is lost, nothing crashes, what is wrong is kept and repaired."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mana_tui.importing import Imported, bring
from mana_tui.workspace import Workspace
from modules.calendar.formats import ics, lines
from modules.calendar.formats.loading import load
from modules.calendar.formats.reading import Read
from modules.calendar.formats.writing import calendar_bytes, lines_of
from modules.calendar.model import Alarm, Broken, Calendar, Event, Person, Zone
from modules.calendar.zones import iana, with_tables
from modules.sdk import Query, Source
from storage.errors import UserError
from tests.modules.calendar_corpus import icalendar_files, recurring_files

MADE = (
    "id",
    "short",
    "space",
    "author",
    "created",
    "updated",
    "tags",
    "calendar",
    "series",
    "first",
    "last",
    "long",
)
"""Fields of an event that a file does not hold."""


def vevent(*said: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", "UID:u1", *said, "END:VEVENT"])


def calendar(*parts: str) -> bytes:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""]
    ).encode()


def bring_in(workspace: Workspace, data: bytes, name: str = "some.ics") -> Imported:
    with workspace.vault.batch("Import", space=workspace.space.id):
        return bring(workspace, Source(path=Path(name), data=data), "ics")


def events(workspace: Workspace) -> list[Event]:
    return workspace.store.all(Query(Event).order("uid", "occurs"))


def plain(event: Event, *, raw: bool = True) -> dict[str, Any]:
    skip = {*MADE, *(() if raw else ("raw", "problems"))}
    return {n: getattr(event, n) for n in Event.__struct_fields__ if n not in skip}


# --- round trips -------------------------------------------------------------------------


def again(read: Read, zones: Any, own: list[Zone]) -> Read:
    """The same event written to a file and read from it."""
    data = b"".join(calendar_bytes(None, [(read.event, read.categories)], zones, own))
    file = load(data)
    (found,) = (r for c in file.calendars for r in c.events)
    return found


def test_every_event_of_the_corpora_is_the_same_after_export_and_import() -> None:
    checked = 0
    for path in [*icalendar_files(), *recurring_files()]:
        if path.stat().st_size > 12_000:  # the rest are more of the same
            continue
        file = load(path.read_bytes())
        zones = with_tables(file.zones)
        for read in (r for c in file.calendars for r in c.events):
            if read.event.uid.endswith("@no-uid"):
                continue  # its id is made of its text
            found = again(read, zones, file.zones)
            assert plain(found.event, raw=False) == plain(read.event, raw=False), path.name
            assert found.categories == read.categories, path.name
            checked += 1
    assert checked > 200


def test_unchanged_events_are_written_line_by_line_as_they_came() -> None:
    for path in recurring_files():
        file = load(path.read_bytes())
        for read in file.calendars[0].events[:20]:
            event = read.event
            if event.uid.endswith("@no-uid") or file.calendars[0].zone or "~" in event.zone:
                continue
            written = lines_of(event, read.categories, with_tables(file.zones))
            assert sorted(written) == sorted(event.raw.split("\n")), path.name


def test_only_what_changed_is_written_anew() -> None:
    raw = vevent(
        "DTSTART;TZID=Europe/Zurich;X-ODD=1:20261124T090000", "DURATION:PT1H", "SUMMARY;LANGUAGE=de:Alt",
        "X-UNKNOWN;A=b:kept\\, as it was", "ATTENDEE;CUTYPE=ROOM;RSVP=TRUE:mailto:r@example.org",
        "BEGIN:VALARM", "ACTION:AUDIO", "X-SOUND:gong", "TRIGGER:-PT5M", "END:VALARM",
    )  # fmt: skip
    read = load(calendar(raw)).calendars[0].events[0]
    written = lines_of(msgspec.structs.replace(read.event, title="Neu"), ())
    assert "SUMMARY:Neu" in written
    assert "DTSTART;TZID=Europe/Zurich;X-ODD=1:20261124T090000" in written
    for line in ("DURATION:PT1H", "X-UNKNOWN;A=b:kept\\, as it was", "X-SOUND:gong",
                 "ATTENDEE;CUTYPE=ROOM;RSVP=TRUE:mailto:r@example.org"):  # fmt: skip
        assert line in written
    later = msgspec.structs.replace(
        read.event, start_time=time(10), end_time=time(11), alarms=()
    )
    written = lines_of(later, ())
    assert "DTSTART;TZID=Europe/Zurich:20261124T100000" in written
    assert not [
        line for line in written if line.startswith(("DURATION", "BEGIN:VALARM", "X-SOUND"))
    ]


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60
).map(lambda s: " ".join(s.split()))
PEOPLE = st.builds(
    Person, name=TEXT.filter(bool), email=st.sampled_from(["a@example.org", "b.c@example.org"]),
    answer=st.sampled_from(["", "accepted", "declined"]), role=st.sampled_from(["", "chair"]),
)  # fmt: skip
ALARMS = st.builds(
    Alarm, before=st.integers(-90, 20_000).map(lambda m: timedelta(minutes=m)),
    end=st.booleans(), text=TEXT,
)  # fmt: skip


@st.composite
def any_event(draw: st.DrawFn) -> Event:
    day = draw(st.dates(date(1980, 1, 1), date(2040, 1, 1)))
    more: dict[str, Any] = {"last_day": day + timedelta(days=draw(st.integers(0, 9)))}
    if draw(st.booleans()):
        start = draw(st.times().map(lambda t: t.replace(microsecond=0)))
        zone = draw(
            st.sampled_from(
                ["", "UTC", "Europe/Zurich", "America/New_York", "Asia/Kolkata"]
            )
        )
        end = datetime.combine(day, start) + timedelta(minutes=draw(st.integers(1, 4000)))
        more = {
            "start_time": start,
            "last_day": end.date(),
            "end_time": end.time(),
            "zone": zone,
        }
    return Event(
        uid=draw(st.uuids()).hex, day=day, title=draw(TEXT), place=draw(TEXT),
        description=draw(st.lists(TEXT, max_size=3).map("\n".join)),
        rrule=draw(st.sampled_from([(), ("FREQ=WEEKLY;BYDAY=MO",), ("FREQ=DAILY;COUNT=3", "FREQ=YEARLY")])),
        status=draw(st.sampled_from(["confirmed", "tentative", "cancelled"])), busy=draw(st.booleans()),
        organizer=draw(st.none() | PEOPLE), people=tuple(draw(st.lists(PEOPLE, max_size=3))),
        alarms=tuple(draw(st.lists(ALARMS, max_size=3))), sequence=draw(st.integers(0, 9)),
        visibility=draw(st.sampled_from(["space", "private"])), color=draw(st.sampled_from(["", "red"])), **more,
    )  # fmt: skip


@settings(max_examples=60)
@given(
    event=any_event(),
    tags=st.lists(st.sampled_from(["Work", "Über", "a b"]), max_size=2, unique=True),
)
def test_any_event_is_the_same_after_export_and_import(
    event: Event, tags: list[str]
) -> None:
    found = again(Read(event, tuple(tags)), iana, [])
    assert plain(found.event, raw=False) == plain(event, raw=False)
    assert found.categories == tuple(tags)


@given(st.text(max_size=300))
def test_lines_fold_at_75_bytes_and_unfold_again(text: str) -> None:
    line = "X-A:" + lines.escape(
        "".join(c for c in text if c not in "\r\x00" and c.isprintable())
    )
    folded = lines.fold(line)
    assert all(len(part) <= 75 for part in folded.split(b"\r\n"))
    assert next(lines.unfold(folded)) == line


def test_a_space_goes_out_and_comes_in_elsewhere(workspace: Workspace) -> None:
    run = workspace.run
    team = run(
        "calendar.add",
        {
            "title": "Team, all; of\\us",
            "when": "2026-11-24 14-15",
            "repeat": "every tue",
            "tags": ["Work"],
        },
    )
    run("calendar.edit", {"event": team.id, "on": "2026-12-01", "when": "16:00"})
    run("calendar.delete", {"event": team.id, "on": "2026-12-08"})
    run("calendar.add", {"title": "Fair", "day": "2026-11-25", "last_day": "2026-11-27"})
    before = run("calendar.list", {"days": 60})
    data = b"".join(ics.write(workspace, None))
    home = workspace.vault.new_space("Other", "other", "team")
    workspace.switch(home.slug)
    bring_in(workspace, data)
    after = workspace.run("calendar.list", {"days": 60})
    assert [(e.title, e.start, e.end) for e in after] == [
        (e.title, e.start, e.end) for e in before
    ]
    assert "Work" in workspace.store.tag_names().values()


def test_an_export_of_one_event_takes_its_overrides_along(workspace: Workspace) -> None:
    run = workspace.run
    team = run(
        "calendar.add", {"title": "Team", "when": "2026-11-24 14-15", "repeat": "every tue"}
    )
    run("calendar.add", {"title": "Other", "when": "2026-11-24 9-10"})
    run("calendar.edit", {"event": team.id, "on": "2026-12-01", "title": "Big"})
    text = run("calendar.export", {"event": [team.id]}).text
    assert text.count("BEGIN:VEVENT") == 2
    assert "Other" not in text
    by_calendar = run("calendar.export", {"calendar": "Personal"}).text
    assert by_calendar.count("BEGIN:VEVENT") == 3
    assert "X-WR-CALNAME:Personal" in by_calendar


# --- importing ---------------------------------------------------------------------------------


def test_a_folder_is_a_calendar_per_folder(workspace: Workspace, tmp_path: Path) -> None:
    for name, uid in (("home", "h"), ("work", "w")):
        folder = tmp_path / "vdir" / name
        folder.mkdir(parents=True)
        (folder / f"{uid}.ics").write_bytes(
            calendar(vevent("DTSTART:20261124T090000Z").replace("u1", uid))
        )
    (tmp_path / "vdir" / "work" / "displayname").write_text("Die Arbeit\n")
    (tmp_path / "vdir" / "work" / "color").write_text("#ff0000")
    (tmp_path / "vdir" / "work" / "bad.ics").write_bytes(b"\x00\xff garbage")
    found = bring(workspace, Source(path=tmp_path / "vdir"))
    assert found.format == "vdir"
    names = {c.name: c.color for c in workspace.store.all(Query(Calendar))}
    assert names["Die Arbeit"] == "#ff0000"
    assert set(names) == {"home", "Die Arbeit"}
    assert len(events(workspace)) == 2
    assert len(found.rejected) == 1


@pytest.mark.parametrize(
    ("name", "head", "is_ours"),
    [
        ("x.ics", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT", True),
        ("x", b"\xef\xbb\xbfBEGIN:VCALENDAR", True),
        ("x.ics", b"garbage", True),
        ("x.ics", b"BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO", False),
        ("x.vcf", b"BEGIN:VCARD", False),
        ("x.txt", b"hello", False),
    ],
)
def test_files_are_told_apart(
    tmp_path: Path, name: str, head: bytes, is_ours: bool
) -> None:
    assert ics.detect(tmp_path / name, head) is is_ours


def test_a_newer_version_here_is_not_overwritten(workspace: Workspace) -> None:
    bring_in(
        workspace, calendar(vevent("DTSTART:20261124T090000Z", "SUMMARY:New", "SEQUENCE:3"))
    )
    found = bring_in(
        workspace, calendar(vevent("DTSTART:20261124T090000Z", "SUMMARY:Old", "SEQUENCE:2"))
    )
    assert [e.title for e in events(workspace)] == ["New"]
    assert "newer version" in found.rejected[0].reason


def test_an_import_is_one_undo(workspace: Workspace) -> None:
    bring_in(
        workspace,
        calendar(
            vevent("DTSTART:20261124T090000Z", "CATEGORIES:Work,Über"),
            "BEGIN:VTODO\nEND:VTODO",
        ),
    )
    assert len(events(workspace)) == 1
    workspace.run("undo")
    assert not events(workspace)
    assert not workspace.store.all(Query(Broken))
    assert not workspace.store.all(Query(Calendar))


def test_a_zone_only_the_file_knows_is_kept(workspace: Workspace) -> None:
    zone = ("BEGIN:VTIMEZONE\r\nTZID:Office\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
            "TZOFFSETFROM:+0317\r\nTZOFFSETTO:+0317\r\nEND:STANDARD\r\nEND:VTIMEZONE")  # fmt: skip
    bring_in(
        workspace,
        calendar(zone, vevent("DTSTART;TZID=Office:20261124T120000", "RRULE:FREQ=DAILY")),
    )
    (event,) = events(workspace)
    assert event.first == datetime(2026, 11, 24, 8, 43, tzinfo=UTC)
    (found,) = workspace.run("calendar.list", {"when": "2026-11-30"})
    assert found.start.astimezone(UTC).time() == time(8, 43)
    workspace.run("calendar.edit", {"event": event.id, "scope": "all", "title": "Here"})
    data = b"".join(ics.write(workspace, None))
    workspace.run("calendar.delete", {"event": event.id})
    home = workspace.vault.new_space("Other", "other", "team")
    workspace.switch(home.slug)
    bring_in(workspace, data)
    (again_,) = events(workspace)
    assert (again_.first, again_.zone) == (event.first, event.zone)


def test_an_unknown_zone_is_local_time_and_says_so(workspace: Workspace) -> None:
    bring_in(workspace, calendar(vevent("DTSTART;TZID=Nowhere:20261124T120000")))
    (event,) = events(workspace)
    assert event.zone == ""
    assert "'Nowhere' is unknown" in event.problems[0]


# --- what is wrong ----------------------------------------------------------------------------------

WRONG = [
    (("SUMMARY:x",), "no start"),
    (("DTSTART:TOMORROW",), "DTSTART cannot be"),
    (("DTSTART:20261332T000000Z",), "DTSTART cannot be"),
    (("DTSTART:99991231T000000Z",), "out of range"),
    (("DTSTART:00010101",), "out of range"),
    (("DTSTART:20261124", "DURATION:P99999999W"), "200 years"),
    (("DTSTART:20261124T090000Z", "DTEND:soon"), "DTEND cannot be"),
    (("DTSTART:20261124", "RRULE:FREQ=NEVER"), "FREQ cannot be"),
    (("DTSTART:20261124", "RRULE:FREQ=DAILY;BYMONTH=77"), "BYMONTH"),
    (("DTSTART:20261124", "EXDATE:whenever"), "EXDATE cannot be"),
    (("DTSTART:20261124", "RDATE;VALUE=PERIOD:20261124/20261125T000000Z"), "period"),
    (("DTSTART:20261124", "RECURRENCE-ID:never"), "RECURRENCE-ID"),
]


@pytest.mark.parametrize(("said", "reason"), WRONG)
def test_a_wrong_event_is_kept_with_its_reason(
    workspace: Workspace, said: tuple[str, ...], reason: str
) -> None:
    good = vevent("DTSTART:20261124T090000Z", "SUMMARY:Good").replace("u1", "u2")
    found = bring_in(workspace, calendar(vevent("SUMMARY:Bad", *said), good))
    assert [e.title for e in events(workspace)] == ["Good"]
    (kept,) = workspace.store.all(Query(Broken))
    assert reason in kept.reason
    assert kept.item.startswith("VEVENT")
    assert all(line in kept.raw for line in said)
    assert [r.reason for r in found.rejected] == [kept.reason]
    exported = b"".join(ics.write(workspace, None)).replace(b"\r\n ", b"").decode()
    assert said[-1] in exported


def test_what_is_wrong_can_be_repaired(workspace: Workspace) -> None:
    run = workspace.run
    bring_in(workspace, calendar(
        vevent("SUMMARY:Swim", "DTSTART:TOMORROW", "X-POOL:3"),
        vevent("SUMMARY:Run", "DTSTART:20261124", "RRULE:FREQ=NEVER").replace("u1", "u2"),
        vevent("SUMMARY:Row", "DTSTART:20261124", "EXDATE:x").replace("u1", "u3"),
        vevent("SUMMARY:Ski").replace("u1", "u4"),
    ))  # fmt: skip
    kept = {b.item.split()[1]: b for b in run("calendar.broken", {})}
    with pytest.raises(UserError, match="different"):
        run("calendar.repair", {"item": kept["Swim"].id})
    with pytest.raises(UserError, match="FREQ"):
        run("calendar.repair", {"item": kept["Run"].id, "without": ["EXDATE"]})
    swim = run(
        "calendar.repair",
        {"item": kept["Swim"].id, "start": "2026-11-24T18:00", "end": "2026-11-24T19:00"},
    )
    assert (swim.start_time, swim.zone, "X-POOL:3" in swim.raw) == (
        time(18),
        "Europe/Zurich",
        True,
    )
    assert run("calendar.repair", {"item": kept["Run"].id, "rule": "FREQ=DAILY"}).recurs
    assert (
        run("calendar.repair", {"item": kept["Row"].id, "without": ["EXDATE"]}).title
        == "Row"
    )
    ski = vevent("SUMMARY:Ski", "DTSTART:20270101").replace("u1", "u4")
    assert run("calendar.repair", {"item": kept["Ski"].id, "raw": ski}).day == date(
        2027, 1, 1
    )
    assert run("calendar.broken", {}) == []
    workspace.run("undo")
    assert [b.item for b in run("calendar.broken", {})] == ["VEVENT Ski"]


DEEP = "\n".join(
    [
        "BEGIN:VEVENT",
        "DTSTART:20261124",
        *["BEGIN:X"] * 5000,
        *["END:X"] * 5000,
        "END:VEVENT",
    ]
)
HOSTILE = {
    "empty": b"",
    "nothing but ends": b"END:VEVENT\n" * 500,
    "binary": bytes(range(256)) * 50,
    "not utf-8": calendar(vevent("DTSTART:20261124", "SUMMARY:Caf\xe9")).decode().encode("latin-1"),
    "nuls": calendar(vevent("DTSTART:20261124", "SUMMARY:a\x00b\x1b[31mred\x9b0m")),
    "huge line": calendar(vevent("DTSTART:20261124", "DESCRIPTION:" + "x" * 1_500_000)),
    "too huge": calendar(vevent("DTSTART:20261124", "DESCRIPTION:" + "x" * 2_500_000)),
    "many alarms": calendar(vevent("DTSTART:20261124", *["BEGIN:VALARM", "TRIGGER:-PT1M", "END:VALARM"] * 10_000)),
    "many people": calendar(vevent("DTSTART:20261124", *[f"ATTENDEE:mailto:{i}@x" for i in range(5000)])),
    "many moments": calendar(vevent("DTSTART:20261124", "RDATE:" + ",".join(["20261125T000000Z"] * 20_500))),
    "many params": calendar(vevent("DTSTART:20261124", "X-A" + ";B=c" * 50_000 + ":d")),
    "open quotes": calendar(vevent("DTSTART:20261124", 'ATTENDEE;CN="' + "a" * 100_000 + ":mailto:x")),
    "nested": calendar(DEEP),
    "never ends": b"BEGIN:VCALENDAR\n" + b"BEGIN:VEVENT\nDTSTART:20261124\n" * 300,
    "calendars in calendars": b"BEGIN:VCALENDAR\n" * 300 + vevent("DTSTART:20261124").encode(),
    "each second": calendar(vevent("DTSTART:19700101T000000Z", "RRULE:FREQ=SECONDLY")),
    "a billion": calendar(vevent("DTSTART:19700101T000000Z", "RRULE:FREQ=SECONDLY;COUNT=1000000000;BYSECOND=1")),
    "the end of time": calendar(vevent("DTSTART:99901231T235959Z", "DTEND:99901231T235959Z", "RRULE:FREQ=YEARLY;UNTIL=99991231T000000Z")),
    "all of time": calendar(vevent("DTSTART:00020101T000000Z", "DTEND:99901231T000000Z", "RRULE:FREQ=DAILY")),
    "count to the end": calendar(vevent("DTSTART:20261124", "RRULE:FREQ=YEARLY;COUNT=5000;INTERVAL=9")),
    "the beginning": calendar(vevent("DTSTART;TZID=Pacific/Kiritimati:00020101T000000", "RRULE:FREQ=DAILY")),
    "odd offsets": calendar(
        "BEGIN:VTIMEZONE\nTZID:T\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+9900\nTZOFFSETTO:+9900\nEND:STANDARD\nEND:VTIMEZONE",
        vevent("DTSTART;TZID=T:20261124T000000"),
    ),
    "zone bomb": calendar(
        "BEGIN:VTIMEZONE\nTZID:T\nBEGIN:STANDARD\nDTSTART:19700101T000000\nRRULE:FREQ=SECONDLY\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:STANDARD\nEND:VTIMEZONE",
        vevent("DTSTART;TZID=T:20261124T000000"),
    ),
    "folded to death": b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART:20261124\r\nSUMMARY:" + b"\r\n x" * 200_000 + b"\r\nEND:VEVENT\r\nEND:VCALENDAR",
}  # fmt: skip


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One vault for all hostile files."""
    from tests.modules.test_calendar_events import made_desk

    yield from made_desk(tmp_path_factory)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_neither_crash_nor_hang(desk: Workspace, name: str) -> None:
    bring_in(desk, HOSTILE[name], f"{name}.ics")
    found = desk.run("calendar.list", {"when": "2026-11-23", "days": 3, "limit": 2_000})
    assert len(found) <= 2_000
    for event in events(desk):
        assert "\x00" not in event.title + event.raw
        assert "\x1b" not in event.title + event.raw
        assert len(event.alarms) <= 50
        assert len(event.people) <= 1000
        desk.run("calendar.show", {"event": event.id})
    assert b"".join(ics.write(desk, None)).startswith(b"BEGIN:VCALENDAR")
    while (
        desk.store.count(Query(Event))
        + desk.store.count(Query(Broken))
        + desk.store.count(Query(Calendar))
    ):
        assert desk.store.undo() is not None


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    load(data)
    load(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20261124\n" + data + b"\nEND:VEVENT")


@given(st.lists(st.sampled_from([
    "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VALARM",
    "BEGIN:X", "END:X", "DTSTART:20261124", "RRULE:FREQ=DAILY", "UID:1", "SUMMARY:a", "nonsense",
    "BEGIN:VTIMEZONE", "END:VTIMEZONE", "TZID:T",
]), max_size=40))  # fmt: skip
def test_no_frame_loses_an_event(said: list[str]) -> None:
    """Every BEGIN:VEVENT that is no part of something else ends as an event or as unusable."""
    file = load("\n".join(said).encode())
    found = [
        *(r.event.raw for c in file.calendars for r in c.events),
        *(u.raw for c in file.calendars for u in c.unusable),
    ]
    text = "\n".join(found)
    assert text.count("BEGIN:VEVENT") >= said.count("BEGIN:VEVENT") * (
        0 if "BEGIN:VTIMEZONE" in said else 1
    )
