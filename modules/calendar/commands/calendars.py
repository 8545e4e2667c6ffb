"""Calendars themselves: making, changing, hiding, deleting."""

from __future__ import annotations

from typing import Annotated

import msgspec

from modules.calendar.commands.writing import events_of
from modules.calendar.model import COLORS, Calendar, Event
from modules.calendar.queries import calendars
from modules.calendar.timing import zone_called
from modules.sdk import Context, Line, Ref, Text, Title, command, says
from storage.errors import Refused, UserError

Color = Annotated[str, says("A colour: #3b82f6, or a name")]


@command(
    "List calendars",
    name="calendars",
    effect="read",
    show="modules.calendar.show:calendars",
)
def list_calendars(context: Context) -> list[Calendar]:
    """List the calendars, the default one first."""
    return calendars(context.store)


@command("Add calendar", name="calendar-add")
def add_calendar(
    context: Context,
    name: Title,
    *,
    color: Color = "",
    description: Text = "",
    zone: Line = "",
    default: Annotated[bool, says("New events go here")] = False,
) -> Calendar:
    """Make a calendar."""
    found = calendars(context.store)
    _free(found, name)
    made = Calendar(
        name=name,
        color=_color(color) or COLORS[len(found) % len(COLORS)],
        description=description,
        zone=zone_called(zone),
        default=default or not found,
    )
    return _only_default(context, context.store.put(made))


def _free(found: list[Calendar], name: str, own: str = "") -> None:
    if any(c.name.casefold() == name.casefold() and c.id != own for c in found):
        raise Refused(f"There is a calendar {name!r} already.")


def _color(text: str) -> str:
    text = text.strip().lower()
    if text.startswith("#") and (len(text) not in (4, 7) or not _hex(text[1:])):
        raise UserError(f"{text[:20]!r} is no colour.", hint="like #3b82f6")
    return text[:40]


def _hex(text: str) -> bool:
    return all(letter in "0123456789abcdef" for letter in text)


def _only_default(context: Context, calendar: Calendar) -> Calendar:
    if calendar.default:
        for other in calendars(context.store):
            if other.default and other.id != calendar.id:
                context.store.put(msgspec.structs.replace(other, default=False))
    return calendar


@command("Edit calendar", name="calendar-edit")
def edit_calendar(
    context: Context,
    calendar: Ref[Calendar],
    *,
    name: Line | None = None,
    color: str | None = None,
    description: Text | None = None,
    zone: Line | None = None,
    default: bool | None = None,
) -> Calendar:
    """Change a calendar: its name, colour, zone, or whether new events go there."""
    found = context.store.get(Calendar, calendar)
    said = {"description": description, "default": default}
    given = {key: value for key, value in said.items() if value is not None}
    if name is not None:
        if not name.strip():
            raise UserError("A calendar needs a name.")
        _free(calendars(context.store), name, found.id)
        given["name"] = name
    if color is not None:
        given["color"] = _color(color)
    if zone is not None:
        given["zone"] = zone_called(zone)
    if not given:
        raise UserError(
            "Say what to change.", hint="name, color, description, zone, default"
        )
    return _only_default(
        context, context.store.put(msgspec.structs.replace(found, **given))
    )


@command("Hide or show calendars", name="calendar-hide")
def hide(context: Context, calendars: tuple[Ref[Calendar], ...]) -> list[Calendar]:
    """Hide calendars that are shown, and show those that are hidden."""
    made = []
    for id in calendars:
        found = context.store.get(Calendar, id)
        made.append(
            context.store.put(msgspec.structs.replace(found, visible=not found.visible))
        )
    return made


@command(
    "Delete calendars", name="calendar-delete",
    asks="Delete the calendar and every event in it?",
)  # fmt: skip
def delete_calendars(
    context: Context, calendars: tuple[Ref[Calendar], ...]
) -> list[Calendar]:
    """Move calendars and all their events to the trash."""
    made = []
    for id in calendars:
        found = context.store.get(Calendar, id)
        for event in events_of(context, found):
            held = context.store.find(Event, event)
            if held is not None and held.deleted is None:
                context.store.delete(Event, event)
        made.append(context.store.delete(Calendar, id))
    return made
