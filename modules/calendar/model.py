"""What calendars and events are, and the rules they obey. No store, no clock, no screen."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

import msgspec

from modules.sdk import Line, Record, Ref, Text, Title

Scope = Literal["this", "following", "all"]
"""How much of a recurring event an edit or a deletion means."""

OPEN = datetime(9999, 1, 1, tzinfo=UTC)
"""The `last` of a series that never ends."""

LONG = timedelta(days=7)
"""Events longer than this, and recurring ones, are indexed apart from the others."""

COLORS = (
    "#3b82f6", "#22c55e", "#f59e0b", "#ef4444", "#a855f7",
    "#14b8a6", "#ec4899", "#84cc16", "#f97316", "#6366f1",
)  # fmt: skip


class Calendar(Record, title="name", search=("description",), unique=(("name",),)):
    """A set of events with a name and a colour.

    `default` is where new events go. `source` says where it came from (a file, a folder).
    `raw` keeps the properties of an imported calendar that mana does not use.
    """

    name: Title
    color: str = COLORS[0]
    default: bool = False
    visible: bool = True
    zone: Line = ""
    description: Text = ""
    source: Line = ""
    raw: Text = ""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Someone invited: a name, an address, what they answered."""

    name: str = ""
    email: str = ""
    answer: str = ""
    role: str = ""

    def __str__(self) -> str:
        return self.name or self.email


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """A reminder: `before` the start (or the end), or `at` an instant."""

    before: timedelta = timedelta()
    end: bool = False
    at: datetime | None = None
    text: str = ""


class Event(
    Record,
    title="title",
    search=("description", "place"),
    indexes=(
        ("long", "first"),
        ("long", "last"),
        ("uid", "occurs"),
        ("calendar", "first"),
    ),
    parent="series",
):
    """Something that happens, once or again and again.

    An all-day event has no `start_time`; its `last_day` is inclusive. Otherwise day and
    time are wall times in `zone` (an IANA name; empty: wherever the person is), and the
    end is in `end_zone`, or in `zone` when that is empty. `first` and `last` are the
    instants between which all its occurrences lie (`OPEN` when it never ends): what a
    range of days is looked up by.

    `rrule` holds RFC 5545 rules, `rdate` and `exdate` moments as text (see `moment`). An
    override of one occurrence names its `series` and the moment it `occurs` by the
    series' rule; `onwards` extends it to all later ones.
    `raw` is the imported text, so that an export loses nothing.
    """

    title: Line = ""
    calendar: Ref[Calendar] = ""
    uid: Line = ""
    day: date
    start_time: time | None = None
    last_day: date
    end_time: time | None = None
    zone: Line = ""
    end_zone: Line = ""
    first: datetime = OPEN
    last: datetime = OPEN
    long: bool = False
    place: Line = ""
    description: Text = ""
    rrule: tuple[str, ...] = ()
    rdate: tuple[str, ...] = ()
    exdate: tuple[str, ...] = ()
    series: Ref[Event] | None = None
    occurs: Line = ""
    onwards: bool = False
    status: Literal["confirmed", "tentative", "cancelled"] = "confirmed"
    busy: bool = True
    organizer: Person | None = None
    people: tuple[Person, ...] = ()
    url: Line = ""
    color: Line = ""
    alarms: tuple[Alarm, ...] = ()
    sequence: int = 0
    problems: tuple[str, ...] = ()
    raw: Text = ""

    @property
    def all_day(self) -> bool:
        """Whether it has days but no times."""
        return self.start_time is None

    @property
    def recurs(self) -> bool:
        """Whether it has more than one occurrence."""
        return bool(self.rrule or self.rdate)

    @property
    def wall_start(self) -> datetime:
        """The start as a naive wall time; midnight of an all-day event's first day."""
        return datetime.combine(self.day, self.start_time or time())

    @property
    def wall_end(self) -> datetime:
        """The end as a naive wall time; the midnight after an all-day event's last day."""
        if self.start_time is None:
            return datetime.combine(self.last_day, time()) + timedelta(days=1)
        return datetime.combine(self.last_day, self.end_time or time())

    @property
    def length(self) -> timedelta:
        """How long it takes on the clock."""
        return self.wall_end - self.wall_start


class Broken(Record, kind="calendar.broken", title="item", search=("reason",)):
    """Something imported that cannot be used: why, and its text, until it is repaired."""

    item: Line
    reason: Line
    component: Line = "VEVENT"
    raw: Text = ""
    calendar: Ref[Calendar] | None = None
    source: Line = ""


class Zone(Record, kind="calendar.zone", title="name", search=(), unique=(("name",),)):
    """A time zone that only an imported calendar knows: its text and its changes.

    `changes` are (instant in seconds since 1970, offset in seconds from then on); before
    the first one `offset` holds.
    """

    name: Line
    offset: int = 0
    changes: tuple[tuple[int, int], ...] = ()
    raw: Text = ""


# --- moments as text -------------------------------------------------------------------

Moment = date | datetime
"""A day, a wall time (naive), or an instant in a zone (aware)."""


def moment(value: Moment) -> str:
    """A moment as text: `2026-11-24`, `2026-11-24T09:00`, `…T08:00Z`, `…T09:00@Europe/Paris`."""
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        return _short(value)
    if value.tzinfo is UTC:
        return _short(value.replace(tzinfo=None)) + "Z"
    return f"{_short(value.replace(tzinfo=None))}@{zone_name(value)}"


def period(start: Moment, length: timedelta) -> str:
    """A moment with a length, as `rdate` keeps it: `P3600/2026-11-24T09:00`."""
    return f"P{int(length.total_seconds())}/{moment(start)}"


def unperiod(text: str) -> tuple[str, timedelta | None]:
    """(moment as text, length or None) of an `rdate` entry."""
    if not text.startswith("P"):
        return text, None
    seconds, _, begin = text[1:].partition("/")
    return begin, timedelta(seconds=int(seconds))


def zone_name(value: datetime) -> str:
    """The IANA name of an aware time's zone."""
    return "UTC" if value.tzinfo is UTC else str(value.tzinfo or "")


def _short(value: datetime) -> str:
    return value.isoformat(timespec="seconds" if value.second else "minutes")
