"""iCalendar's values: moments, lengths, people, alarms; each becomes a model value or a
BadValue that says why not."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

from modules.calendar.formats.lines import Part, parts, unescape
from modules.calendar.model import Alarm, Moment, Person
from modules.calendar.rule import LAST_YEAR
from storage.errors import UserError

YEARS = range(2, LAST_YEAR + 1)
"""Years that can be moved between zones without leaving Python's calendar."""

_DURATION = re.compile(
    r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.IGNORECASE
)
LONGEST = timedelta(days=366 * 200)

ZoneOf = Callable[[str], tzinfo | None]
"""The zone of a TZID as the file uses it, or None."""


class BadValue(UserError):
    """A value that cannot be what its property needs."""


def moment(part: Part, zone_of: ZoneOf) -> Moment:
    """A DATE or DATE-TIME property's value."""
    return moment_of(part.value.strip(), part.params, zone_of, part.name)


def moment_of(text: str, params: dict[str, str], zone_of: ZoneOf, name: str) -> Moment:
    """One DATE or DATE-TIME."""
    try:
        if len(text) == 8:
            return _year(_wall(text + "T000000").date())
        wall = _wall(text.removesuffix("Z").removesuffix("z"))
    except ValueError:
        raise BadValue(f"{name} cannot be {text[:60]!r}.") from None
    _year(wall)
    if text[-1:] in "Zz":
        return wall.replace(tzinfo=UTC)
    tzid = params.get("TZID", "")
    return wall.replace(tzinfo=zone_of(tzid)) if tzid else wall


def _wall(text: str) -> datetime:
    shape = "%Y%m%dT%H%M%S" if len(text) == 15 else "%Y%m%dT%H%M"
    return datetime.strptime(text, shape)  # noqa: DTZ007 - wall time


def _year(value: Moment) -> Moment:
    if value.year not in YEARS:
        raise BadValue(f"The year {value.year} is out of range.")
    return value


def duration(text: str, name: str = "DURATION") -> timedelta:
    """A DURATION such as `PT1H30M`, `-P1W`."""
    found = _DURATION.fullmatch(text.strip())
    if not found or not any(found.groups()[1:]):
        raise BadValue(f"{name} cannot be {text[:60]!r}.")
    sign, *numbers = found.groups()
    weeks, days, hours, minutes, seconds = (int((n or "0")[:9]) for n in numbers)
    try:
        length = timedelta(
            weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds
        )
    except OverflowError:
        length = timedelta.max
    if length > LONGEST:
        raise BadValue(f"{name} is longer than 200 years.")
    return -length if sign == "-" else length


def moments(part: Part, zone_of: ZoneOf) -> list[Moment | tuple[Moment, timedelta]]:
    """The values of an RDATE or EXDATE; a period comes as (start, length)."""
    found: list[Moment | tuple[Moment, timedelta]] = []
    texts = (text.strip() for text in part.value.split(",")[:20_000])
    for text in filter(None, texts):
        begin, slash, end = text.partition("/")
        at = moment_of(begin, part.params, zone_of, part.name)
        if not slash:
            found.append(at)
        elif end[:1] in "Pp+-":
            found.append((at, duration(end, part.name)))
        else:
            until = moment_of(end, part.params, zone_of, part.name)
            if isinstance(at, datetime) != isinstance(until, datetime):
                raise BadValue(f"{part.name} has a period of a day and a time.")
            if _aware(at) != _aware(until):
                raise BadValue(f"{part.name} has a period of two kinds of time.")
            found.append((at, until - at))  # type: ignore[operator]
    return found


def _aware(value: Moment) -> bool:
    return isinstance(value, datetime) and value.tzinfo is not None


def person(part: Part) -> Person:
    """An ATTENDEE or ORGANIZER."""
    value = part.value.strip()
    email = value[7:] if value[:7].lower() == "mailto:" else part.params.get("EMAIL", "")
    return Person(
        name=part.params.get("CN", "")[:200] or ("" if email else value[:200]),
        email=email[:320],
        answer=part.params.get("PARTSTAT", "").lower()[:40],
        role=part.params.get("ROLE", "").lower()[:40],
    )


def alarm(lines: list[str], zone_of: ZoneOf) -> Alarm:
    """A VALARM."""
    own, _, _ = parts(lines)
    said = {one.name: one for one in own}
    trigger = said.get("TRIGGER")
    if trigger is None:
        raise BadValue("A reminder has no TRIGGER.")
    text = unescape(said["DESCRIPTION"].value)[:1000] if "DESCRIPTION" in said else ""
    value = trigger.value.strip()
    if value[-1:] in "Zz" or trigger.params.get("VALUE", "").upper() == "DATE-TIME":
        at = moment(trigger, zone_of)
        if not isinstance(at, datetime):
            raise BadValue(f"TRIGGER cannot be {value[:60]!r}.")
        return Alarm(
            at=at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC), text=text
        )
    before = -duration(value, "TRIGGER")
    return Alarm(
        before=before, end=trigger.params.get("RELATED", "").upper() == "END", text=text
    )


def as_date(value: date | datetime) -> date:
    """The day of a moment."""
    return value.date() if isinstance(value, datetime) else value
