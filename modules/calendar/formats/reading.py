"""A VEVENT becomes an Event, or a BadValue / BadRule that says why it cannot.

What decides when something happens (start, end, rules, exclusions) must be readable; the
rest is read as far as it can be, named in `problems` where it cannot, and always kept in
`raw`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

import msgspec

from modules.calendar import rule as rules
from modules.calendar.formats.lines import Item, Part, parts, unescape
from modules.calendar.formats.values import (
    LONGEST,
    BadValue,
    ZoneOf,
    alarm,
    duration,
    moment,
    moments,
    person,
)
from modules.calendar.model import Event, Moment, period, zone_name
from modules.calendar.model import moment as as_text
from storage.errors import UserError

MOST_ALARMS = 50
MOST_PEOPLE = 1000
MOST_MOMENTS = 20_000


class Read(msgspec.Struct, frozen=True):
    """An event as a file says it, and the names of its categories."""

    event: Event
    categories: tuple[str, ...] = ()


def event(item: Item, zone_of: ZoneOf, wr_zone: tzinfo | None = None) -> Read:
    """Read one VEVENT. `wr_zone` is the calendar's X-WR-TIMEZONE, which takes UTC and
    floating times as its own."""
    raw = item.raw
    if len(raw) >= 2_000_000:
        raise BadValue("It is larger than 2 MB.")
    return _Reader(item, zone_of, wr_zone).read(raw)


class _Reader:
    def __init__(self, item: Item, zone_of: ZoneOf, wr_zone: tzinfo | None) -> None:
        own, self.inside, odd = parts(item.lines)
        self.all: dict[str, list[Part]] = {}
        for one in own:
            self.all.setdefault(one.name, []).append(one)
        self.zone_of, self.wr_zone = zone_of, wr_zone
        self.problems = [f"{line[:60]!r} is no content line." for line in odd[:20]]
        if item.problem:
            self.problems.append(item.problem)
        for tzid in {p.params["TZID"] for p in own if "TZID" in p.params}:
            if zone_of(tzid) is None:
                self.problems.append(f"The time zone {tzid[:60]!r} is unknown: local time.")

    def read(self, raw: str) -> Read:
        status = self.text("STATUS").lower()
        made = Event(
            title=self.line("SUMMARY"),
            uid=self.line("UID"),
            place=self.line("LOCATION"),
            description=self.text("DESCRIPTION"),
            url=self.line("URL", escaped=False),
            color=self.line("COLOR"),
            status=status if status in ("tentative", "cancelled") else "confirmed",  # type: ignore[arg-type]
            busy=self.text("TRANSP").upper() != "TRANSPARENT",
            visibility=self.privacy(),
            sequence=self.sequence(),
            organizer=next(iter(self.optional(person, "ORGANIZER", 1)), None),
            people=tuple(self.optional(person, "ATTENDEE", MOST_PEOPLE)),
            alarms=self.alarms(),
            rrule=self.rules(),
            rdate=self.moments("RDATE"),
            exdate=self.moments("EXDATE"),
            **self.span(),
            **self.place_in_series(),
            raw=raw,
        )
        categories = tuple(
            dict.fromkeys(
                name.strip()[:100]
                for one in self.all.get("CATEGORIES", ())
                for name in unescape(one.value.replace("\\,", "\x00")).split(",")
                if name.strip() and "\x00" not in name
            )
        )
        return Read(
            msgspec.structs.replace(made, problems=tuple(self.problems[:20])), categories
        )

    # --- text ---------------------------------------------------------------------

    def text(self, name: str) -> str:
        found = self.all.get(name)
        return unescape(found[0].value) if found else ""

    def line(self, name: str, *, escaped: bool = True) -> str:
        found = self.all.get(name)
        if not found:
            return ""
        value = unescape(found[0].value) if escaped else found[0].value
        return " ".join(value.split())[:1000]

    def privacy(self) -> Any:
        return (
            "private"
            if self.text("CLASS").upper() in ("PRIVATE", "CONFIDENTIAL")
            else "space"
        )

    def sequence(self) -> int:
        """Its version; -1 when it says none."""
        try:
            return max(int(self.text("SEQUENCE")[:9] or -1), -1)
        except ValueError:
            self.problems.append("SEQUENCE is no number.")
            return -1

    def optional(self, make: Any, name: str, most: int) -> list[Any]:
        return [make(one) for one in self.all.get(name, ())[:most]]

    def alarms(self) -> tuple[Any, ...]:
        found = []
        for name, lines in self.inside:
            if name != "VALARM" or len(found) >= MOST_ALARMS:
                continue
            try:
                found.append(alarm(lines, self.zone_of))
            except UserError as error:
                self.problems.append(str(error))
        return tuple(found)

    # --- time -----------------------------------------------------------------------

    def shift(self, value: Moment) -> Moment:
        """A UTC or floating time in a calendar with X-WR-TIMEZONE is in that zone."""
        if self.wr_zone is None or not isinstance(value, datetime):
            return value
        if value.tzinfo is None:
            return value.replace(tzinfo=self.wr_zone)
        return value.astimezone(self.wr_zone) if value.tzinfo is UTC else value

    def one(self, name: str) -> Moment | None:
        found = self.all.get(name)
        return self.shift(moment(found[0], self.zone_of)) if found else None

    def span(self) -> dict[str, Any]:
        """The fields that say when it first happens."""
        start = self.one("DTSTART")
        if start is None:
            raise BadValue("It has no start (DTSTART).")
        start, end = comparable(start, self.end(start))
        if end < start:  # type: ignore[operator]
            start, end = end, start
            self.problems.append("It ended before it began: start and end are swapped.")
        if end - start > LONGEST:  # type: ignore[operator]
            raise BadValue("It lasts longer than 200 years.")
        return span_fields(start, end)

    def end(self, start: Moment) -> Moment:
        end = self.one("DTEND")
        if end is not None:
            return end
        if "DURATION" in self.all:
            length = duration(self.all["DURATION"][0].value)
            if length.seconds and not isinstance(start, datetime):
                start = datetime.combine(start, time())
            try:
                return start + length
            except OverflowError:
                raise BadValue("It ends after the year 9999.") from None
        return start if isinstance(start, datetime) else start + timedelta(days=1)

    def rules(self) -> tuple[str, ...]:
        found = tuple(
            dict.fromkeys(v for p in self.all.get("RRULE", ()) if (v := p.value.strip()))
        )
        if len(found) > 20:
            raise BadValue("It has more than 20 rules.")
        for one in found:
            rules.parse(one)
        return found

    def moments(self, name: str) -> tuple[str, ...]:
        found: list[str] = []
        for one in self.all.get(name, ()):
            for value in moments(one, self.zone_of):
                if isinstance(value, tuple):
                    at, length = value
                    found.append(period(self.shift(at), length))
                else:
                    found.append(as_text(self.shift(value)))
            if len(found) > MOST_MOMENTS:
                raise BadValue(f"{name} names more than {MOST_MOMENTS:,} moments.")
        return tuple(found)

    def place_in_series(self) -> dict[str, Any]:
        occurs = self.one("RECURRENCE-ID")
        if occurs is None:
            return {}
        params = self.all["RECURRENCE-ID"][0].params
        return {
            "occurs": as_text(occurs),
            "onwards": params.get("RANGE") == "THISANDFUTURE",
        }


def comparable(start: Moment, end: Moment) -> tuple[Moment, Moment]:
    """Start and end of one kind: two days, or two times with or without a zone."""
    if not isinstance(start, datetime) and not isinstance(end, datetime):
        return start, end
    tz = next(
        (m.tzinfo for m in (start, end) if isinstance(m, datetime) and m.tzinfo), None
    )

    def like(value: Moment) -> datetime:
        if not isinstance(value, datetime):
            value = datetime.combine(value, time())
        return value.replace(tzinfo=tz) if value.tzinfo is None else value

    return like(start), like(end)


def span_fields(start: Moment, end: Moment) -> dict[str, Any]:
    """An event's fields for a start and an exclusive end of one kind. An all-day event
    lasts its day at least."""
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        first: date = start
        return {"day": first, "last_day": max(first, end - timedelta(days=1)),
                "start_time": None, "end_time": None, "zone": "", "end_zone": ""}  # fmt: skip
    zone, end_zone = zone_name(start), zone_name(end)
    return {
        "day": start.date(),
        "start_time": start.time(),
        "last_day": end.date(),
        "end_time": end.time(),
        "zone": zone,
        "end_zone": "" if end_zone == zone else end_zone,
    }
