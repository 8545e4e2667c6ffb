"""Adding, changing, moving and deleting events."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

import msgspec

from modules.calendar.commands import writing
from modules.calendar.model import Alarm, Event, Scope
from modules.calendar.occurrence import Occurrence
from modules.calendar.queries import family, next_of, occurrence_on, zones_of
from modules.calendar.timing import Asked, default_length, ends_in, fresh, placed, rule_from
from modules.sdk import Context, Line, Ref, Text, Title, command, says
from storage.errors import UserError
from storage.record import NEVER, new_id

When = Annotated[
    str,
    msgspec.Meta(
        description="When: `tomorrow 9-10:30`, `fri 14:00`, `24.12.`",
        extra={"positional": True},
    ),
]
NewWhen = Annotated[str, says("When: `tomorrow 9-10:30`, `fri 14:00`, `24.12.`")]
On = Annotated[date | None, says("The day of the occurrence that is meant")]
At = Annotated[time | None, says("Its time, where it happens several times that day")]
Which = Annotated[Scope | None, says("How much of a series: this, following or all")]
Repeat = Annotated[
    str, says("How it repeats: `every mon`, `every 2 weeks`, an RRULE, `never`")
]
InCalendar = Annotated[str, says("The calendar's name")]
Zone = Annotated[Line, says("Its time zone, such as Europe/Zurich; default: yours")]
Remind = Annotated[tuple[timedelta, ...], says("Reminders before it begins: 10m, 1d")]
People = Annotated[tuple[str, ...], says("Who takes part: names or addresses")]
Status = Literal["confirmed", "tentative", "cancelled"]


@command("Add event", key="a", show="modules.calendar.show:added")
def add(
    context: Context,
    title: Title,
    *,
    when: When = "",
    start: datetime | None = None,
    end: datetime | None = None,
    day: date | None = None,
    last_day: date | None = None,
    duration: timedelta | None = None,
    all_day: bool | None = None,
    repeat: Repeat = "",
    calendar: InCalendar = "",
    place: Line = "",
    people: People = (),
    description: Text = "",
    url: Line = "",
    zone: Zone = "",
    status: Status = "confirmed",
    free: Annotated[bool, says("It does not take up the time")] = False,
    remind: Remind = (),
    tags: tuple[str, ...] = (),
) -> Event:
    """Add an event.

    Without a time it is the next full hour; a day alone makes it an all-day event. Without
    an end it takes as long as events like it did, else what the settings say.
    """
    asked = Asked(
        when=when, start=start, end=end, day=day, last_day=last_day, duration=duration,
        all_day=all_day, zone=zone,
    )  # fmt: skip
    bare = fresh(context, asked)
    id = new_id()
    event = msgspec.structs.replace(
        bare, id=id, uid=f"{id}@mana", title=title, place=place, description=description,
        url=url, status=status, busy=not free, people=writing.people_of(people),
        calendar=writing.some_calendar(context, calendar).id,
        rrule=rule_from(repeat, context, bare.day),
        alarms=tuple(Alarm(before=length) for length in remind),
        tags=context.store.tag_ids(tags),
    )  # fmt: skip
    said = asked.end or asked.duration or asked.last_day or asked.all_day
    if not said and not event.all_day and event.length == default_length(context):
        event = _as_long_as_others(context, event, asked)
    return writing.store_event(context, _on_its_rule(event, context))


def _as_long_as_others(context: Context, event: Event, asked: Asked) -> Event:
    """With the length of events like it, unless `when` told an end."""
    from modules.calendar.suggesting import suggestion

    if ends_in(asked.when, context):
        return event
    length = suggestion(context.store, event, context.now())
    return event if length is None else placed(event, Asked(duration=length), context)


def _on_its_rule(event: Event, context: Context) -> Event:
    """A series begins on a day that its rule names: every Friday starts on a Friday."""
    if not event.rrule:
        return event
    from modules.calendar import rule as rules
    from modules.calendar import walking

    rule = rules.parse(event.rrule[0])
    start = event.wall_start
    later = start + timedelta(days=366 * 9)
    every = msgspec.structs.replace(rule, interval=1, count=None, until="")
    found = walking.between(every, start, start, later, most=1).times
    if not found:
        raise UserError("That repetition never happens.", hint="check its days and months")
    if found[0] == start:
        return event
    asked = (
        Asked(day=found[0].date())
        if found[0].time() == start.time()
        else Asked(start=found[0])
    )
    return placed(event, asked, context)


@command("Edit event", key="e", show="modules.calendar.show:added")
def edit(
    context: Context,
    event: tuple[Ref[Event], ...],
    *,
    title: Line | None = None,
    when: NewWhen = "",
    start: datetime | None = None,
    end: datetime | None = None,
    day: date | None = None,
    last_day: date | None = None,
    duration: timedelta | None = None,
    all_day: bool | None = None,
    repeat: Repeat = "",
    calendar: InCalendar = "",
    place: Line | None = None,
    people: Annotated[tuple[str, ...] | None, says("Who takes part, replacing all")] = None,
    description: Text | None = None,
    url: Line | None = None,
    zone: Zone = "",
    status: Status | None = None,
    free: bool | None = None,
    remind: Annotated[
        tuple[timedelta, ...] | None, says("Reminders, replacing all")
    ] = None,
    color: Line | None = None,
    scope: Which = None,
    on: On = None,
    at: At = None,
) -> list[Event]:
    """Change events: only what is given changes.

    Of a recurring event `--on DAY` names the occurrence and `--scope` says whether this
    one, this and all following, or all of them change.
    """
    asked = Asked(
        when=when, start=start, end=end, day=day, last_day=last_day, duration=duration,
        all_day=all_day, zone=zone,
    )  # fmt: skip
    texts = {"title": title, "place": place, "description": description, "url": url,
             "status": status, "color": color}  # fmt: skip
    said: dict[str, Any] = {
        name: value for name, value in texts.items() if value is not None
    }
    if free is not None:
        said["busy"] = not free
    if remind is not None:
        said["alarms"] = tuple(Alarm(before=length) for length in remind)
    home = writing.some_calendar(context, calendar) if calendar else None
    if not (said or asked or repeat or home or people is not None):
        raise UserError("Say what to change.", hint="for example --title or --when")

    def change(one: Event) -> Event:
        one = writing.move_to_calendar(msgspec.structs.replace(one, **said), home)
        if people is not None:
            one = msgspec.structs.replace(one, people=writing.people_of(people, one.people))
        one = placed(one, asked, context) if asked else one
        if repeat and not one.occurs:
            one = msgspec.structs.replace(one, rrule=rule_from(repeat, context, one.day))
        return one

    return [
        writing.edit(context, writing.one(context, id), change, scope=scope, on=on, at=at)
        for id in event
    ]


@command("Move event", key="M", show="modules.calendar.show:added")
def move(
    context: Context,
    event: tuple[Ref[Event], ...],
    *,
    to: Annotated[str, says("Where to: `tomorrow`, `15:00`, `fri 9:00`")] = "",
    days: Annotated[int, says("So many days later; negative: earlier")] = 0,
    minutes: Annotated[int, says("So many minutes later; negative: earlier")] = 0,
    scope: Which = None,
    on: On = None,
    at: At = None,
) -> list[Event]:
    """Move events to another time, keeping their length."""
    if not (to or days or minutes):
        raise UserError("Say where to.", hint="a time, or --days or --minutes")
    by = _away(days, minutes)

    def change(one: Event) -> Event:
        if to:
            one = placed(one, Asked(when=to), context)
        if by:
            start = one.wall_start + by
            if one.all_day:
                return placed(one, Asked(day=start.date(), last_day=None), context)
            one = placed(one, Asked(start=start, duration=one.length), context)
        return one

    return [
        writing.edit(context, writing.one(context, id), change, scope=scope, on=on, at=at)
        for id in event
    ]


def _away(days: int, minutes: int) -> timedelta:
    if abs(days) > 36_600 or abs(minutes) > 36_600 * 1440:
        raise UserError("That is too far away.")
    return timedelta(days=days, minutes=minutes)


@command("Resize event", show="modules.calendar.show:added")
def resize(
    context: Context,
    event: tuple[Ref[Event], ...],
    *,
    end: Annotated[str, says("Its new end: `15:30`")] = "",
    duration: timedelta | None = None,
    minutes: Annotated[int, says("So many minutes longer; negative: shorter")] = 0,
    days: Annotated[int, says("So many days longer; negative: shorter")] = 0,
    scope: Which = None,
    on: On = None,
    at: At = None,
) -> list[Event]:
    """Make events longer or shorter; they begin as before."""
    if not (end or duration or minutes or days):
        raise UserError("Say how long.", hint="an end, a duration, or --minutes")
    by = _away(days, minutes)

    def change(one: Event) -> Event:
        asked = Asked(duration=duration) if duration else Asked()
        if end:
            from modules.sdk.text.dates import parse_time

            until = datetime.combine(one.last_day, parse_time(end, context.locale))
            if until <= one.wall_start:
                until += timedelta(days=1)
            asked = Asked(end=until)
        one = placed(one, asked, context) if asked else one
        length = one.length + by
        least = timedelta(days=1) if one.all_day else timedelta(minutes=5)
        return placed(one, Asked(duration=max(length, least)), context) if by else one

    return [
        writing.edit(context, writing.one(context, id), change, scope=scope, on=on, at=at)
        for id in event
    ]


@command("Delete event", key="d")
def delete(
    context: Context,
    event: tuple[Ref[Event], ...],
    scope: Which = None,
    on: On = None,
    at: At = None,
) -> list[Event]:
    """Move events to the trash; of a recurring one, one occurrence, the following, or all."""
    for id in event[:1]:  # what is deleted already is not there to be deleted
        writing.one(context, id)
    return [
        writing.delete(context, writing.one(context, id), scope, on, at)
        for id in event
        if _live(context, id)
    ]


def _live(context: Context, id: str) -> bool:
    """Whether an event still is there: deleting a series takes marked overrides along."""
    found = context.store.find(Event, id)
    return found is not None and found.deleted is None


@command("Duplicate event", show="modules.calendar.show:added")
def duplicate(
    context: Context,
    event: tuple[Ref[Event], ...],
    to: Annotated[str, says("When the copy is: `next mon 9:00`")] = "",
    on: On = None,
    at: At = None,
) -> list[Event]:
    """Copy events: a whole series, or the one occurrence that `--on` names."""
    return [_copied(context, writing.one(context, id), to, on, at) for id in event]


def _copied(
    context: Context, event: Event, to: str, on: date | None, at: time | None
) -> Event:
    from modules.calendar import editing

    series = not event.occurs and on is None
    if on is not None:
        found: Occurrence = occurrence_on(context.store, event, context.zone, on, at)
        event = editing.at(found)
    id = new_id()
    event = msgspec.structs.replace(
        event, id=id, uid=f"{id}@mana", short="", created=NEVER, updated=NEVER,
        series=None, occurs="", onwards=False, raw="", problems=(), sequence=0,
        rrule=event.rrule if series else (), rdate=event.rdate if series else (),
        exdate=event.exdate if series else (),
    )  # fmt: skip
    if to:
        event = placed(event, Asked(when=to), context)
    return writing.store_event(context, event)


def next_dates(context: Context, event: Event, count: int = 5) -> list[Occurrence]:
    """The next dates of a series, or its first ones when it is over: what people check."""
    core, overrides = family(context.store, event)
    zones = zones_of(context.store)
    begin = core.wall_start.replace(tzinfo=context.zone) - timedelta(days=1)
    coming = next_of(core, overrides, context.zone, max(context.now(), begin), count, zones)
    return coming or next_of(core, overrides, context.zone, begin, count, zones)
