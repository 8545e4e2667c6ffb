"""Events are written here, with the columns the index needs, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time

import msgspec

from modules.calendar import editing
from modules.calendar.editing import Change, Outcome
from modules.calendar.model import COLORS, Calendar, Event, Person, Scope
from modules.calendar.occurrence import Occurrence
from modules.calendar.queries import (
    bounded,
    calendar_named,
    calendars,
    family,
    occurrence_on,
    zones_of,
)
from modules.sdk import Context, Query, col
from storage.errors import NotFound, UserError


def store_event(context: Context, event: Event) -> Event:
    """Put one event, its bounds computed."""
    return context.store.put(bounded(event, context.zone, zones_of(context.store)))


def write(context: Context, outcome: Outcome) -> Event | None:
    """Put and delete what an edit came to; the first event is the result."""
    zones = zones_of(context.store)
    for id in outcome.delete:
        context.store.delete(Event, id)
    made = [context.store.put(bounded(e, context.zone, zones)) for e in outcome.put]
    return made[0] if made else None


def some_calendar(context: Context, name: str = "") -> Calendar:
    """The calendar of this name, or the default one, made where there is none yet."""
    if name:
        return calendar_named(context.store, name)
    found = calendars(context.store)
    if found:
        return found[0]
    return context.store.put(Calendar(name="Personal", color=COLORS[0], default=True))


def people_of(names: Iterable[str], known: Iterable[Person] = ()) -> tuple[Person, ...]:
    """People from `Name`, `name@host` or `Name <name@host>`; who answered before keeps it."""
    held = {(p.email or p.name).casefold(): p for p in known}
    made: dict[str, Person] = {}
    for text in names:
        name, _, rest = text.strip().partition("<")
        email = rest.rstrip("> ") if rest else (text.strip() if "@" in text[1:] else "")
        name = name.strip().strip('"') if rest or not email else ""
        person = Person(name=name[:200].lstrip("@"), email=email[:320])
        key = (person.email or person.name).casefold()
        if key:
            made[key] = held.get(key, person)
    return tuple(made.values())


def told(
    context: Context, event: Event, on: date | None, at: time | None
) -> tuple[Event, tuple[Event, ...], Occurrence | None]:
    """(series, overrides, the occurrence meant). An override means its own occurrence."""
    core, overrides = family(context.store, event)
    if not core.recurs:
        return core, overrides, None
    if on is not None:
        return core, overrides, occurrence_on(context.store, core, context.zone, on, at)
    if event.occurs:
        from modules.calendar.occurrence import Series

        series = Series(core, overrides, context.zone, zones_of(context.store))
        return core, overrides, series.own(event)
    return core, overrides, None


def edit(
    context: Context,
    event: Event,
    change: Change,
    *,
    scope: Scope | None = None,
    on: date | None = None,
    at: time | None = None,
) -> Event:
    """Change an event, one occurrence of it, or that and all later ones."""
    core, overrides, found = told(context, event, on, at)
    if not core.recurs:
        made = write(context, Outcome((editing.newer(change(event)),)))
    else:
        made = write(
            context,
            _edited(context, core, overrides, found=found, change=change, scope=scope),
        )
    assert made is not None
    return made


def _edited(
    context: Context,
    core: Event,
    overrides: tuple[Event, ...],
    *,
    found: Occurrence | None,
    change: Change,
    scope: Scope | None,
) -> Outcome:
    scope = scope or ("all" if found is None else "this")
    if scope == "all":
        return editing.edit_all(core, overrides, found, change)
    if found is None:
        raise which(scope)
    if scope == "this":
        return editing.edit_this(core, found, change, context.space.id)
    zones = zones_of(context.store)
    if editing.same_start(core, found, zones):
        return editing.edit_all(core, overrides, found, change)
    return editing.edit_following(core, overrides, found, change, zones)


def which(scope: str) -> UserError:
    """The question an edit of part of a series leaves open."""
    return UserError(f"Which occurrence does {scope!r} mean?", hint="say it with --on DAY")


def delete(
    context: Context,
    event: Event,
    scope: Scope | None = None,
    on: date | None = None,
    at: time | None = None,
) -> Event:
    """Delete an event, one occurrence of it, or that and all later ones."""
    core, overrides, found = told(context, event, on, at)
    if not core.recurs:
        return context.store.delete(Event, event.id)
    scope = scope or ("all" if found is None else "this")
    zones = zones_of(context.store)
    if scope != "all" and found is None:
        raise which(scope)
    if scope == "this" and found is not None:
        made = write(context, editing.delete_this(core, found))
    elif (
        scope == "following"
        and found is not None
        and not editing.same_start(core, found, zones)
    ):
        made = write(context, editing.delete_following(core, overrides, found, zones))
    else:
        return _delete_all(context, core, overrides)
    assert made is not None
    return made


def _delete_all(context: Context, core: Event, overrides: tuple[Event, ...]) -> Event:
    made = context.store.delete(Event, core.id)
    for event in overrides:
        if event.series != core.id:  # imported before its series: not its child
            context.store.delete(Event, event.id)
    return made


def move_to_calendar(event: Event, calendar: Calendar | None) -> Event:
    """The event in another calendar, where one was named."""
    return (
        event if calendar is None else msgspec.structs.replace(event, calendar=calendar.id)
    )


def events_of(context: Context, calendar: Calendar) -> list[str]:
    """Ids of all events of a calendar, series before their overrides."""
    return context.store.ids(
        Query(Event).where(col("calendar") == calendar.id).order("occurs")
    )


def one(context: Context, id: str) -> Event:
    """An event that is not in the trash."""
    found = context.store.find(Event, id)
    if found is None or found.deleted is not None:
        raise NotFound(
            "The event is in the trash.", hint="mana undo, or mana trash restore"
        )
    return found
