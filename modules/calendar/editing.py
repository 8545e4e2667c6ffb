"""Changing one occurrence, it and all later ones, or the whole series: records in, records
out. Exceptions stay: what was deleted or moved remains so whatever scope is edited later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import msgspec

from modules.calendar import rule as rules
from modules.calendar import walking
from modules.calendar.model import Event, Moment, moment, period, unperiod
from modules.calendar.occurrence import Occurrence
from modules.calendar.zones import Zones, iana, read, start_of
from modules.sdk import stable_id
from storage.record import NEVER, new_id

Change = Callable[[Event], Event]
"""What an edit does to an event, told as at the occurrence that was edited."""


class Outcome(msgspec.Struct, frozen=True):
    """What to write: events to put (the first one is the result) and ids to delete."""

    put: tuple[Event, ...] = ()
    delete: tuple[str, ...] = ()


def at(found: Occurrence) -> Event:
    """The event as it is at one of its occurrences: an override as it stands, else the
    series' text at that time."""
    event, start, end = found.event, found.start, found.end
    if event.occurs and not event.onwards:
        return event
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return msgspec.structs.replace(event, day=start, last_day=end - timedelta(days=1))
    return msgspec.structs.replace(
        event,
        day=start.date(), start_time=start.time().replace(fold=0),
        last_day=end.date(), end_time=end.time().replace(fold=0), end_zone="",
    )  # fmt: skip


# --- edits -------------------------------------------------------------------------------


def edit_this(core: Event, found: Occurrence, change: Change, space: str) -> Outcome:
    """Change one occurrence: an override of the series."""
    base = at(found)
    if base.occurs and base.id != core.id and not base.onwards:
        return Outcome((newer(change(base)),))
    occurs = moment(found.occurs)
    fresh = msgspec.structs.replace(
        base,
        id=stable_id("calendar.event", space, core.uid, occurs),
        short="", created=NEVER, updated=NEVER,
        series=core.id, occurs=occurs, onwards=False,
        rrule=(), rdate=(), exdate=(), raw="", problems=(), sequence=core.sequence,
    )  # fmt: skip
    return Outcome((newer(change(fresh)),))


def edit_all(
    core: Event, overrides: tuple[Event, ...], found: Occurrence | None, change: Change
) -> Outcome:
    """Change the whole series, told as at one of its occurrences; exceptions move along."""
    base = core if found is None else _slot(core, found)
    changed = change(base)
    delta = changed.wall_start - base.wall_start
    moved = _placed(changed, core.wall_start + delta, changed.length)
    rrule = changed.rrule
    if rrule == core.rrule:
        turned = (_turned(r, base.day, changed.day) for r in rrule)
        rrule = tuple(_until_moved(r, delta, core, moved) for r in turned)
    made = msgspec.structs.replace(moved, rrule=rrule)
    rest = overrides
    if delta or made.all_day != core.all_day or made.zone != core.zone:
        made = msgspec.structs.replace(
            made,
            exdate=tuple(_shift(t, delta, core, made) for t in core.exdate),
            rdate=tuple(_shift(t, delta, core, made) for t in core.rdate),
        )
        rest = tuple(
            msgspec.structs.replace(o, occurs=_shift(o.occurs, delta, core, made))
            for o in overrides
        )
    if found is not None and found.event.occurs:  # it was told as at an exception
        rest = tuple(newer(change(o)) if o.id == found.event.id else o for o in rest)
    return Outcome((newer(made), *(o for o in rest if o not in overrides)))


def edit_following(
    core: Event,
    overrides: tuple[Event, ...],
    found: Occurrence,
    change: Change,
    zones: Zones = iana,
) -> Outcome:
    """End the series before an occurrence and go on with a new one from there."""
    before = count_before(core, found, zones)
    old, new = ended(core, found, zones), new_id()
    tail = msgspec.structs.replace(
        _slot(core, found),
        id=new, short="", created=NEVER, updated=NEVER, uid=f"{new}@mana",
        rrule=tuple(_less(r, before) for r in core.rrule),
        rdate=tuple(
            t for t in core.rdate if not _is_before(unperiod(t)[0], found.occurs, zones)
        ),
        exdate=tuple(t for t in core.exdate if not _is_before(t, found.occurs, zones)),
        raw="", problems=(), sequence=0,
    )  # fmt: skip
    later = tuple(
        msgspec.structs.replace(o, series=new, uid=tail.uid)
        for o in overrides
        if not _is_before(o.occurs, found.occurs, zones)
    )
    at_slot = next((o for o in later if o.id == found.event.id), None)
    told = msgspec.structs.replace(found, event=at_slot or tail, occurs=found.occurs)
    made = edit_all(tail, later, told, change)
    written = {event.id for event in made.put}
    return Outcome((*made.put, *(o for o in later if o.id not in written), old))


def _slot(core: Event, found: Occurrence) -> Event:
    """The series as it is at the place its rule names for an occurrence."""
    start = found.occurs
    if isinstance(start, datetime) and start.tzinfo is not None:
        start = start.astimezone(iana(core.zone) or start.tzinfo)
    wall = start if isinstance(start, datetime) else datetime.combine(start, time())
    return _placed(core, wall.replace(tzinfo=None), core.length)


# --- deletions ------------------------------------------------------------------------------


def delete_this(core: Event, found: Occurrence) -> Outcome:
    """Take one occurrence out of a series, for good."""
    gone = (found.event.id,) if found.event.occurs and not found.event.onwards else ()
    exdate = tuple(dict.fromkeys((*core.exdate, moment(found.occurs))))
    return Outcome((newer(msgspec.structs.replace(core, exdate=exdate)),), gone)


def delete_following(
    core: Event, overrides: tuple[Event, ...], found: Occurrence, zones: Zones = iana
) -> Outcome:
    """End the series before an occurrence."""
    later = tuple(o.id for o in overrides if not _is_before(o.occurs, found.occurs, zones))
    return Outcome((ended(core, found, zones),), later)


def ended(core: Event, found: Occurrence, zones: Zones = iana) -> Event:
    """The series without an occurrence and all later ones."""
    cut = found.occurs
    if not isinstance(cut, datetime):
        until = f"{cut - timedelta(days=1):%Y%m%d}"
    elif cut.tzinfo is None:
        until = f"{cut - timedelta(seconds=1):%Y%m%dT%H%M%S}"
    else:
        until = f"{cut.astimezone(UTC) - timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
    return newer(
        msgspec.structs.replace(
            core,
            rrule=tuple(_until(r, until) for r in core.rrule),
            rdate=tuple(t for t in core.rdate if _is_before(unperiod(t)[0], cut, zones)),
            exdate=tuple(t for t in core.exdate if _is_before(t, cut, zones)),
        )
    )


# --- parts ------------------------------------------------------------------------------------


def newer(event: Event) -> Event:
    """The event as its next version."""
    return msgspec.structs.replace(event, sequence=max(event.sequence, 0) + 1)


def _placed(event: Event, start: datetime, length: timedelta) -> Event:
    """The event at a wall start with a length, all-day or not as it says."""
    end = start + length
    if event.start_time is None:
        return msgspec.structs.replace(
            event, day=start.date(), last_day=max(start.date(), end.date() - timedelta(days=1)),
            end_time=None,
        )  # fmt: skip
    return msgspec.structs.replace(
        event,
        day=start.date(),
        start_time=start.time(),
        last_day=end.date(),
        end_time=end.time(),
    )


def _shift(text: str, delta: timedelta, old: Event, new: Event) -> str:
    """An exception's moment, moved along with its series."""
    begin, length = unperiod(text)
    value = read(begin)
    if new.all_day:
        day = (
            value if isinstance(value, datetime) else datetime.combine(value, time())
        ) + delta
        moved: Moment = day.date()
    elif isinstance(value, datetime):
        wall = value
        if value.tzinfo is not None:
            wall = value.astimezone(iana(old.zone) or UTC).replace(tzinfo=None)
        moved = (wall + delta).replace(tzinfo=iana(new.zone) if new.zone else None)
    else:
        start = datetime.combine(value, old.start_time or time()) + delta
        moved = start.replace(tzinfo=iana(new.zone) if new.zone else None)
        moved = moved if old.all_day else moved.date()
    return moment(moved) if length is None else period(moved, length)


def _turned(text: str, old: date, new: date) -> str:
    """A rule whose days follow a start that moved: every Monday becomes every Tuesday."""
    rule = rules.parse(text)
    days = (new - old).days
    if not days or not (rule.byday or rule.bymonthday):
        return text
    if rule.freq == rules.WEEKLY:
        turned = tuple((n, (d + days) % 7) for n, d in rule.byday)
        return rules.text(msgspec.structs.replace(rule, byday=turned))
    if rule.bymonthday == (old.day,) and old.month == new.month:
        return rules.text(msgspec.structs.replace(rule, bymonthday=(new.day,)))
    if len(rule.byday) == 1 and rule.byday[0][0] and rule.freq == rules.MONTHLY:
        nth = rule.byday[0][0]
        place = (new.day - 1) // 7 + 1 if nth > 0 else -1
        return rules.text(msgspec.structs.replace(rule, byday=((place, new.weekday()),)))
    return text


def _until_moved(text: str, delta: timedelta, old: Event, new: Event) -> str:
    """A rule whose end moves along with its occurrences, so that the last one stays."""
    rule = rules.parse(text)
    if not rule.until or (not delta and (old.zone, old.all_day) == (new.zone, new.all_day)):
        return text
    until = rules.parse_until(rule.until)
    wall = until if isinstance(until, datetime) else datetime.combine(until, time())
    if wall.tzinfo is not None:
        wall = wall.astimezone(iana(old.zone) or UTC).replace(tzinfo=None)
    wall += delta
    if new.all_day:
        said = f"{wall:%Y%m%d}"
    elif new.zone:
        said = (
            f"{wall.replace(tzinfo=iana(new.zone) or UTC).astimezone(UTC):%Y%m%dT%H%M%SZ}"
        )
    else:
        said = f"{wall:%Y%m%dT%H%M%S}"
    return rules.text(msgspec.structs.replace(rule, until=said))


def _until(text: str, until: str) -> str:
    return rules.text(msgspec.structs.replace(rules.parse(text), count=None, until=until))


def _less(text: str, before: int) -> str:
    rule = rules.parse(text)
    if rule.count is None:
        return text
    return rules.text(msgspec.structs.replace(rule, count=max(rule.count - before, 1)))


def _is_before(text: str, cut: Moment, zones: Zones) -> bool:
    """Whether an exception's moment lies before an occurrence."""
    value = read(text, zones)
    if isinstance(value, datetime) != isinstance(cut, datetime):
        return _day(value) < _day(cut)
    times = isinstance(value, datetime) and isinstance(cut, datetime)
    if times and (value.tzinfo is None) != (cut.tzinfo is None):  # type: ignore[union-attr]
        return value.replace(tzinfo=None) < cut.replace(tzinfo=None)  # type: ignore[operator,call-arg]
    return value < cut  # type: ignore[operator]


def _day(value: Moment) -> date:
    return value.date() if isinstance(value, datetime) else value


def same_start(core: Event, found: Occurrence, zones: Zones = iana) -> bool:
    """Whether an occurrence is the first of its series."""
    return found.occurs == start_of(core, zones)


def count_before(core: Event, found: Occurrence, zones: Zones = iana) -> int:
    """How many times the rules of a series name before an occurrence."""
    start = start_of(core, zones)
    tz = start.tzinfo if isinstance(start, datetime) else None
    cut = found.occurs
    wall = cut if isinstance(cut, datetime) else datetime.combine(cut, time())
    if wall.tzinfo is not None:
        wall = wall.astimezone(tz or UTC).replace(tzinfo=None)
    low = core.wall_start
    return max(
        (
            len(
                walking.between(rules.parse(r), low, low, wall - timedelta(seconds=1)).times
            )
            for r in core.rrule
        ),
        default=0,
    )
