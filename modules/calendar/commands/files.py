"""Export, and what an import could not use: looking at it, repairing it, letting it go."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from modules.calendar import queries
from modules.calendar.commands.writing import some_calendar
from modules.calendar.formats import ics
from modules.calendar.model import Broken, Event
from modules.sdk import Context, Query, Ref, Said, Text, command, says
from storage.errors import UserError


@command("Export as iCalendar", effect="read")
def export(
    context: Context,
    event: Annotated[
        tuple[Ref[Event], ...],
        msgspec.Meta(description="Only these events", extra={"positional": True}),
    ] = (),
    calendar: Annotated[str, says("Only this calendar")] = "",
) -> Said:
    """Write events as iCalendar: some, a calendar, or all of the space."""
    if event and calendar:
        raise UserError("Say either events or a calendar.")
    ids: tuple[str, ...] | None = event or None
    if calendar:
        found = queries.calendar_named(context.store, calendar)
        data = b"".join(ics.write_calendar(context, found))
    else:
        data = b"".join(ics.write(context, ids))
    text = data.decode().replace("\r\n", "\n").rstrip("\n")
    return Said(text=text, data={"ics": text})


@command(
    "List unusable items", name="broken", effect="read", show="modules.calendar.show:broken"
)
def broken(context: Context) -> list[Broken]:
    """List what imports could not use, and why."""
    return context.store.all(Query(Broken).order("-created"))


@command(
    "Show an unusable item",
    name="broken-show",
    effect="read",
    show="modules.calendar.show:broken_text",
)
def broken_show(context: Context, item: Ref[Broken]) -> Broken:
    """Show the text of an unusable item and the reason it cannot be used."""
    return context.store.get(Broken, item)


@command("Repair an unusable item", show="modules.calendar.show:added")
def repair(
    context: Context,
    item: Ref[Broken],
    *,
    start: Annotated[datetime | None, says("Its start, replacing what it has")] = None,
    end: Annotated[datetime | None, says("Its end, replacing what it has")] = None,
    rule: Annotated[str, says("Its RRULE, replacing what it has; `never` for none")] = "",
    without: Annotated[
        tuple[str, ...], says("Properties to leave out: RDATE, EXDATE")
    ] = (),
    raw: Annotated[Text, says("Its whole text, replacing all")] = "",
) -> Event:
    """Make an event of an unusable item: give what is wrong, leave out what is in the way."""
    found = context.store.get(Broken, item)
    if found.deleted is not None:
        raise UserError("It is in the trash.")
    text = raw or ics.mended(
        found.raw, start=start, end=end, rule=rule, without=without, zone=context.zone
    )
    calendar = found.calendar or some_calendar(context).id
    event = ics.only_event(context, text, calendar)
    made = context.store.put(event)
    context.store.delete(Broken, found.id)
    return made


@command("Delete unusable items", name="broken-delete")
def broken_delete(context: Context, items: tuple[Ref[Broken], ...]) -> list[Broken]:
    """Move unusable items to the trash."""
    return [context.store.delete(Broken, id) for id in items]
