"""Looking at what is planned: lists, days, weeks, months, search, free time."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Annotated

import msgspec

from modules.calendar import queries
from modules.calendar.commands.writing import one
from modules.calendar.entry import Entry, entry
from modules.calendar.model import Calendar, Event, Scope
from modules.calendar.queries import Gap, calendar_named, local_day
from modules.sdk import Context, Query, Ref, Span, command, matching, says
from modules.sdk.week import week_of
from storage.errors import UserError
from storage.query import Condition, col

MOST_DAYS = 3_700
__all__ = [
    "Days",
    "Scope",
    "day",
    "find",
    "free",
    "list_",
    "month",
    "show",
    "today",
    "week",
]

When = Annotated[
    str,
    msgspec.Meta(
        description="A day, `this week`, `next month`, `24.12.-2.1.`; default: from today",
        extra={"positional": True},
    ),
]


class Days(msgspec.Struct, frozen=True, kw_only=True):
    """Some days and everything planned in them, of all modules."""

    first: date
    last: date
    spans: list[Span]


@command("List events", name="list", effect="read", show="modules.calendar.show:agenda")
def list_(
    context: Context,
    when: When = "",
    days: Annotated[int, says("How many days")] = 0,
    calendar: Annotated[str, says("Only this calendar")] = "",
    limit: int = 500,
) -> list[Entry]:
    """List what happens, day by day; from today on for 30 days unless told otherwise."""
    first, last = span_of(context, when, days or 30)
    where: list[Condition] = []
    if calendar:
        where.append(col("calendar") == calendar_named(context.store, calendar).id)
    else:
        where += queries.shown(context.store)
    low, high = local_day(first, context.zone)[0], local_day(last, context.zone)[1]
    found = queries.occurrences(context.store, low, high, context.zone, where)
    return entries(context, found[: max(limit, 0)])


def entries(context: Context, found: list[queries.Occurrence]) -> list[Entry]:
    """Occurrences as entries."""
    known = {c.id: c for c in context.store.all(Query(Calendar))}
    return [entry(o, known, context.zone) for o in found]


def span_of(context: Context, text: str, days: int) -> tuple[date, date]:
    """First and last day of what was typed."""
    from modules.sdk.text.dates import parse_day
    from modules.sdk.text.tokens import words_of

    today = context.today()
    if not text:
        return today, today + timedelta(days=_bounded(days) - 1)
    from modules.sdk.text.days import match_range
    from modules.sdk.text.tokens import Here

    words = words_of(text[:200])
    named = _named(text.lower().strip(), today, context)
    if named:
        return named
    found = match_range(words, 0, Here(context.now(), context.locale)) if words else None
    if found and found.end == len(words) and found.value.day and found.value.last_day:
        first, last = found.value.day, found.value.last_day
    else:
        first = parse_day(text, today, context.locale)
        last = first if days == 30 else first + timedelta(days=_bounded(days) - 1)
    near = 1000 <= first.year <= last.year <= 9000
    if not near or not timedelta() <= last - first <= timedelta(days=MOST_DAYS):
        raise UserError(
            "That is not a stretch of days mana can list.", hint="at most ten years"
        )
    return first, last


def _bounded(days: int) -> int:
    if not 1 <= days <= MOST_DAYS:
        raise UserError("Say how many days, from 1 to 3,700.")
    return days


def _named(text: str, today: date, context: Context) -> tuple[date, date] | None:
    monday = week_of(context, today)
    month = today.replace(day=1)
    weeks = {"week": 0, "this week": 0, "next week": 7, "last week": -7,
             "diese woche": 0, "nächste woche": 7, "letzte woche": -7}  # fmt: skip
    if text in weeks:
        first = monday + timedelta(days=weeks[text])
        return first, first + timedelta(days=6)
    months = {
        "month": 0,
        "this month": 0,
        "next month": 1,
        "dieser monat": 0,
        "nächster monat": 1,
    }
    if text in months:
        first = _next_month(month) if months[text] else month
        return first, _next_month(first) - timedelta(days=1)
    return None


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


@command("Show event", effect="read", show="modules.calendar.show:detail")
def show(context: Context, event: Ref[Event]) -> Event:
    """Show an event with its next dates."""
    return one(context, event)


@command("Find events", effect="read", show="modules.calendar.show:agenda")
def find(
    context: Context,
    text: str,
    past: Annotated[bool, says("Also those that are over")] = True,
    limit: int = 50,
) -> list[Entry]:
    """Find events by their title, place or description: the next or last time of each."""
    if not text.strip():
        raise UserError("Say what to look for.")
    where = [matching(text)]
    if not past:
        where.append(col("last") >= context.now())
    found = context.store.all(
        Query(Event).where(*where).order("-last").limit(max(limit, 0))
    )
    known = {c.id: c for c in context.store.all(Query(Calendar))}
    made = [entry(_near(context, event), known, context.zone) for event in found]
    return sorted(made, key=lambda e: e.start)


def _near(context: Context, event: Event) -> queries.Occurrence:
    """The next time something happens, or the first when it is over."""
    zones = queries.zones_of(context.store)
    coming: list[queries.Occurrence] = []
    if event.recurs and event.last > context.now():
        coming = queries.following(context.store, event, context.zone, context.now(), 1)
    return (
        coming[0] if coming else queries.Series(event, (), context.zone, zones).own(event)
    )


@command("Find free time", effect="read", show="modules.calendar.show:free")
def free(
    context: Context,
    *,
    length: Annotated[timedelta, says("At least so long: 30m, 1h30")] = timedelta(hours=1),
    when: Annotated[
        str, says("In which days: `next week`, `fri`; default: the next 7 days")
    ] = "",
    begin: Annotated[time, says("Not before")] = time(9),
    until: Annotated[time, says("Not after")] = time(18),
    weekends: bool = False,
    count: Annotated[int, says("At most so many")] = 20,
) -> list[Gap]:
    """Find time in which nothing is planned, over all modules' plans."""
    if until <= begin or length <= timedelta():
        raise UserError("There is no time between these hours.")
    first, last = span_of(context, when, 7 if not when else 30)
    now = context.now()
    windows: list[tuple[datetime, datetime]] = []
    for offset in range((last - first).days + 1):
        on = first + timedelta(days=offset)
        if on.weekday() >= 5 and not weekends:
            continue
        low = max(datetime.combine(on, begin, context.zone), now)
        high = datetime.combine(on, until, context.zone)
        if low < high:
            windows.append((low, high))
    if not windows:
        return []
    taken = queries.busy(queries.spans(context, windows[0][0], windows[-1][1]))
    found = queries.gaps(taken, windows, length)
    return [
        Gap(start=g.start.astimezone(context.zone), end=g.end.astimezone(context.zone))
        for g in found[: max(count, 0)]
    ]


def _days(context: Context, first: date, last: date) -> Days:
    low, high = local_day(first, context.zone)[0], local_day(last, context.zone)[1]
    return Days(first=first, last=last, spans=queries.spans(context, low, high))


def _day_said(context: Context, text: str) -> date:
    from modules.sdk.text.dates import parse_day

    return parse_day(text, context.today(), context.locale) if text else context.today()


OfDay = Annotated[
    str, msgspec.Meta(description="A day in it; default: today", extra={"positional": True})
]


@command("Show the day", name="day", effect="read", show="modules.calendar.show:days")
def day(context: Context, when: OfDay = "") -> Days:
    """Show a day with everything that is planned, of all modules."""
    on = _day_said(context, when)
    return _days(context, on, on)


@command("Show the week", name="week", effect="read", show="modules.calendar.show:days")
def week(context: Context, when: OfDay = "") -> Days:
    """Show a week with everything that is planned, of all modules."""
    first = week_of(context, _day_said(context, when))
    return _days(context, first, first + timedelta(days=6))


@command("Show the month", name="month", effect="read", show="modules.calendar.show:month")
def month(context: Context, when: OfDay = "") -> Days:
    """Show a month as a grid with what is planned, of all modules."""
    first = _day_said(context, when).replace(day=1)
    return _days(context, first, _next_month(first) - timedelta(days=1))


@command("Today's events", name="today", effect="read", show="modules.calendar.show:agenda")
def today(context: Context) -> list[Entry]:
    """List what happens today."""
    low, high = local_day(context.today(), context.zone)
    where = queries.shown(context.store)
    return entries(
        context, queries.occurrences(context.store, low, high, context.zone, where)
    )
