"""When something is, from what people type: `tomorrow 9-10:30`, `24.12.-26.12.`, `15:00`."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import msgspec

from modules.calendar.model import Event
from modules.calendar.zones import iana
from modules.sdk import Context
from storage.errors import UserError

HINT = "like tomorrow 9-10:30, fri 14:00, 24.12., 2026-12-24T09:00"
HALF = timedelta(minutes=30)


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What a command was told about when; absent means not said."""

    when: str = ""
    start: datetime | None = None
    end: datetime | None = None
    day: date | None = None
    last_day: date | None = None
    duration: timedelta | None = None
    all_day: bool | None = None
    zone: str = ""

    def __bool__(self) -> bool:
        return self != Asked()


def zone_called(name: str) -> str:
    """A zone's name, checked."""
    if name and iana(name) is None:
        raise UserError(f"There is no time zone {name!r}.", hint="like Europe/Zurich, UTC")
    return name


def default_length(context: Context) -> timedelta:
    """How long an event is when nobody says."""
    return timedelta(minutes=context.setting("calendar.default_minutes") or 60)


def placed(event: Event, asked: Asked, context: Context) -> Event:
    """The event at the time asked for; what was not said stays as it is.

    Times are wall times in `zone`, else in the event's own zone, else the person's.
    """
    if asked.zone:
        event = msgspec.structs.replace(event, zone=zone_called(asked.zone), end_zone="")
    asked = _read(asked, event, context)
    start, length = event.wall_start, event.length
    if asked.day is not None:
        start = datetime.combine(asked.day, start.time())
    clock = _wall(asked.start, event, context)
    if clock is not None:
        start = clock
        if event.all_day and asked.all_day is None:
            length = default_length(context)
    all_day = _all_day(event, asked)
    if asked.duration is not None:
        length = asked.duration
    elif asked.end is not None:
        length = (_wall(asked.end, event, context) or start) - start
    elif asked.last_day is not None:
        length = (
            datetime.combine(asked.last_day, time()) - _midnight(start) + timedelta(days=1)
        )
        length = length if all_day else length - timedelta(days=1) + event.length
    return _made(event, start, length, all_day, context)


def _all_day(event: Event, asked: Asked) -> bool:
    if asked.all_day is not None:
        return asked.all_day
    if asked.start is not None:
        return False
    return event.all_day


def _made(
    event: Event, start: datetime, length: timedelta, all_day: bool, context: Context
) -> Event:
    if length < timedelta():
        raise UserError("It ends before it begins.", hint="say a later end")
    if not 2 <= start.year <= 9990 or length > timedelta(days=36_600):
        raise UserError("That is too far away.")
    if all_day:
        days = max(1, -(-length // timedelta(days=1)))
        last = start.date() + timedelta(days=days - 1)
        return msgspec.structs.replace(
            event, day=start.date(), last_day=last, start_time=None, end_time=None,
            zone="", end_zone="",
        )  # fmt: skip
    end = start + length
    zone = event.zone or (str(context.zone) if event.all_day else "")
    return msgspec.structs.replace(
        event, day=start.date(), start_time=start.time(), last_day=end.date(),
        end_time=end.time(), zone=zone,
    )  # fmt: skip


def _midnight(at: datetime) -> datetime:
    return datetime.combine(at.date(), time())


def _wall(at: datetime | None, event: Event, context: Context) -> datetime | None:
    """An instant as a wall time where the event is."""
    if at is None:
        return None
    if at.tzinfo is None:
        return at.replace(second=0, microsecond=0)
    home = (iana(event.zone) if event.zone else None) or context.zone
    return at.astimezone(home).replace(tzinfo=None, fold=0, microsecond=0)


def _read(asked: Asked, event: Event, context: Context) -> Asked:
    """What `when` says, as days and naive wall times."""
    if not asked.when:
        return asked
    from modules.sdk.text.dates import parse_moment, parse_when

    said = parse_when(asked.when, context.now(), context.locale)
    if said is None or (said.day is None and said.start is None):
        try:
            at = parse_moment(asked.when, context.now(), context.locale)
        except UserError:
            raise UserError(f"{asked.when[:60]!r} is not a time.", hint=HINT) from None
        return msgspec.structs.replace(asked, start=asked.start or at)
    day = said.day or event.day
    if said.start is None:
        return msgspec.structs.replace(
            asked, day=asked.day or day, last_day=asked.last_day or said.last_day
        )
    start = datetime.combine(day, said.start)
    end = None
    if said.end is not None:
        end = datetime.combine(said.last_day or day, said.end)
        end = end + timedelta(days=1) if end <= start else end
    return msgspec.structs.replace(asked, start=asked.start or start, end=asked.end or end)


def ends_in(text: str, context: Context) -> bool:
    """Whether what was typed says when it ends."""
    if not text:
        return False
    from modules.sdk.text.dates import parse_when

    said = parse_when(text, context.now(), context.locale)
    return said is not None and (said.end is not None or said.last_day is not None)


def fresh(context: Context, asked: Asked) -> Event:
    """An empty event at the time asked for; nothing said is the next full hour, a day
    alone the whole day."""
    now = context.now().replace(tzinfo=None)
    soon = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    zone = str(context.zone)
    length = default_length(context)
    bare = Event(
        day=soon.date(),
        last_day=soon.date(),
        start_time=soon.time(),
        end_time=soon.time(),
        zone=zone,
    )
    bare = _made(bare, soon, length, False, context)
    said = _read(asked, bare, context)
    only_days = (said.day or said.last_day) and said.start is None and said.end is None
    whole = asked.duration is None or not asked.duration % timedelta(days=1)
    if only_days and whole and asked.all_day is None:
        asked = msgspec.structs.replace(asked, all_day=True)
    if (
        asked.all_day
        and asked.duration is None
        and said.end is None
        and said.last_day is None
    ):
        asked = msgspec.structs.replace(asked, duration=timedelta(days=1))
    return placed(bare, asked, context)


def rule_from(text: str, context: Context, start: date) -> tuple[str, ...]:
    """A repetition as RFC 5545 text; `never` and nothing are none."""
    if not text or text.lower() in ("never", "none", "no", "nie"):
        return ()
    from modules.calendar import rule
    from modules.sdk.text.recurrence import anchored, parse_rule

    if "FREQ=" in text.upper():
        rule.parse(text)
        return (text.removeprefix("RRULE:"),)
    found = parse_rule(text, context.now(), context.locale)
    return (anchored(found, start).rrule,)
