"""Time zones by name: IANA's, fixed offsets, and those only an imported calendar knows."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from modules.calendar.model import Event, Moment, Zone
from storage.errors import DamagedError

Zones = Callable[[str], tzinfo | None]
"""Finds a zone by the name an event keeps; None for a floating time."""

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall time
_NAME = re.compile(r"[A-Za-z0-9_+\-/]{1,80}")
_FIXED = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2}):?(\d{2})?", re.IGNORECASE)


@lru_cache(maxsize=1024)
def iana(name: str) -> tzinfo | None:
    """The zone of an IANA name, `UTC`, or an offset such as `+02:00`; None if there is none."""
    if name in ("UTC", "Etc/UTC", "Z", "GMT"):
        return UTC
    if fixed := _FIXED.fullmatch(name):
        sign, hours, minutes = fixed.groups()
        away = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if away < timedelta(hours=24):
            return timezone(away if sign == "+" else -away, name)
    if not _NAME.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # no such zone, or a path that is none
        return None


def guess(name: str) -> str:
    """The IANA name meant by a Windows name or a vendor's path, or nothing."""
    name = name.strip().strip('"')
    if iana(name):
        return name
    parts = name.strip("/").split("/")
    for start in range(len(parts)):
        rest = "/".join(parts[start:])
        if ("/" in rest or start == 0) and iana(rest):
            return rest
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return WINDOWS_TO_OLSON.get(name, "")


class TableZone(tzinfo):
    """A zone from a table of changes, for calendars that define their own."""

    def __init__(self, name: str, offset: int, changes: Iterable[tuple[int, int]]) -> None:
        self.name = name
        self.instants = [at for at, _ in changes]
        self.offsets = [offset, *(after for _, after in changes)]
        pairs = list(zip(self.instants, self.offsets, self.offsets[1:], strict=False))
        self.walls = (
            [at + max(before, after) for at, before, after in pairs],
            [at + min(before, after) for at, before, after in pairs],
        )

    def utcoffset(self, dt: datetime | None) -> timedelta:
        """The offset at a wall time; in a gap the one before it, as IANA zones do."""
        if dt is None:
            return timedelta(seconds=self.offsets[0])
        wall = (dt.replace(tzinfo=None, fold=0) - _EPOCH) // timedelta(seconds=1)
        return timedelta(seconds=self.offsets[bisect_right(self.walls[dt.fold], wall)])

    def dst(self, dt: datetime | None) -> timedelta:  # noqa: ARG002 - tzinfo's
        """Not known, and used by nobody."""
        return timedelta()

    def tzname(self, dt: datetime | None) -> str:  # noqa: ARG002 - tzinfo's
        """Its name."""
        return self.name

    def fromutc(self, dt: datetime) -> datetime:
        """The wall time of an instant."""
        utc = (dt.replace(tzinfo=None, fold=0) - _EPOCH) // timedelta(seconds=1)
        index = bisect_right(self.instants, utc)
        offset = self.offsets[index]
        back = self.offsets[index - 1] - offset if index else 0
        again = back > 0 and utc - self.instants[index - 1] < back
        return (dt + timedelta(seconds=offset)).replace(fold=int(again))

    def __str__(self) -> str:
        return self.name


def with_tables(tables: Iterable[Zone]) -> Zones:
    """A finder that knows these zones beside IANA's."""
    own = {zone.name: TableZone(zone.name, zone.offset, zone.changes) for zone in tables}
    return lambda name: (own.get(name) or iana(name)) if name else None


# --- an event's times -------------------------------------------------------------------


def start_of(event: Event, zones: Zones = iana) -> Moment:
    """The first start: a day, a floating wall time, or an instant in a zone."""
    if event.start_time is None:
        return event.day
    return event.wall_start.replace(tzinfo=zones(event.zone))


def end_of(event: Event, zones: Zones = iana) -> Moment:
    """The first end, exclusive."""
    if event.start_time is None:
        return event.wall_end.date()
    return event.wall_end.replace(tzinfo=zones(event.end_zone or event.zone))


def read(text: str, zones: Zones = iana) -> Moment:
    """The moment that `moment` wrote; DamagedError when something else did."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        wall, _, name = text.partition("@")
        if wall.endswith("Z"):
            return datetime.fromisoformat(wall[:-1]).replace(tzinfo=UTC)
        return datetime.fromisoformat(wall).replace(tzinfo=zones(name) if name else None)
    except ValueError as error:
        raise DamagedError("An event holds a moment that cannot be read.") from error


def instant(value: Moment, home: tzinfo) -> datetime:
    """A moment in UTC; days and floating times are taken where the person is."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if value.tzinfo is None:
        value = value.replace(tzinfo=home)
    return value.astimezone(UTC)
