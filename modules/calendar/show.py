"""What commands print for people: an agenda by days, an event, a month, free time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from modules.calendar import queries
from modules.calendar.commands.events import next_dates
from modules.calendar.commands.reading import Days
from modules.calendar.entry import Entry
from modules.calendar.model import Broken, Calendar, Event, unperiod
from modules.calendar.occurrence import Occurrence, Series
from modules.calendar.queries import Gap
from modules.calendar.zones import iana, read
from modules.sdk import Col, Context, Listing, Row, Span
from modules.sdk.text.dates import format_day, weekday_names
from modules.sdk.text.durations import format_duration
from modules.sdk.week import week_of

AGENDA = (
    Col(title="day", style="bold"),
    Col(title="time", style="cyan"),
    Col(title="title", grow=True),
    Col(title="place", style="dim"),
    Col(title="calendar", style="dim"),
    Col(title="id", style="dim"),
)
REPEATS = " ↻"


def agenda(context: Context, result: Sequence[Entry]) -> Listing:
    """Events by day: the day once, times, titles, places."""
    rows: list[Row] = []
    today, last = context.today(), None
    several = len({e.calendar for e in result}) > 1
    for one in result:
        day = one.day or one.start.date()
        shown = max(day, min(today, one.last_day or one.end.date())) if day < today else day
        label = "" if shown == last else day_label(shown, today, context.locale)
        last = shown
        title = one.title + (REPEATS if one.repeats else "")
        rows.append(
            Row(
                (
                    label,
                    time_label(one, context),
                    title,
                    one.place,
                    one.calendar if several else "",
                    one.short,
                ),
                _style(one),
            )
        )
    many = len(result)
    return Listing(
        columns=AGENDA,
        rows=tuple(rows),
        empty='Nothing is planned. Add an event: mana calendar add "Dentist" "tomorrow 9-10"',
        note=f"{many} event{'' if many == 1 else 's'}",
    )


def _style(one: Entry) -> str:
    if one.status == "cancelled":
        return "dim strike"
    return "italic" if one.status == "tentative" else ""


def day_label(day: date, today: date, locale: str) -> str:
    """`today Mon 23 Nov`, `Tue 24 Nov`."""
    label = format_day(day, today, locale, near=False)
    near = format_day(day, today, locale)
    return f"{near} {label}" if near != label and abs((day - today).days) <= 1 else label


def time_label(one: Entry, context: Context) -> str:
    """`09:00–10:30`, `all day`, `22:00–Tue 02:00`, `3 days`."""
    if one.day and one.last_day:
        days = (one.last_day - one.day).days + 1
        return "all day" if days == 1 else f"{days} days"
    return span_label(one.start, one.end, context)


def span_label(start: datetime, end: datetime, context: Context) -> str:
    """A stretch of time; the end's day where it is another one."""
    start, end = start.astimezone(context.zone), end.astimezone(context.zone)
    if end == start:
        return f"{start:%H:%M}"
    midnight = end.date() == start.date() + timedelta(days=1) and not (
        end.hour or end.minute
    )
    if end.date() == start.date() or midnight:
        return f"{start:%H:%M}–{end:%H:%M}"
    day = format_day(end.date(), start.date(), context.locale, near=False)
    return f"{start:%H:%M}–{day} {end:%H:%M}"


# --- one event ------------------------------------------------------------------------------


def added(context: Context, result: Event | Sequence[Event]) -> Listing:
    """What was written, in words, with the next five dates of a series."""
    events = [result] if isinstance(result, Event) else list(result)
    rows: list[Row] = []
    for event in events:
        own = Series(event, (), context.zone, queries.zones_of(context.store)).own(event)
        rows.append(
            Row((event.short, when_label(own, context), event.title or "(no title)"))
        )
        rows += [Row(("", f"next {label}", ""), "dim") for label in _next(context, event)]
    return Listing(
        columns=(
            Col(title="id", style="dim"),
            Col(title="when", style="cyan"),
            Col(title="title", grow=True),
        ),
        rows=tuple(rows),
        note=_clashes(context, events),
    )


def _clashes(context: Context, events: Sequence[Event]) -> str:
    """What else is planned at the time of what was written."""
    found: list[str] = []
    for event in events[:5]:
        if event.all_day or not event.busy or event.status == "cancelled":
            continue
        own = Series(event, (), context.zone, queries.zones_of(context.store)).own(event)
        low, high = own.instants(context.zone)
        pairs = queries.clashes(queries.spans(context, low, high))
        others = (
            b if a.record == event.id else a
            for a, b in pairs
            if event.id in (a.record, b.record)
        )
        found += [f"{o.title} {span_label(o.start, o.end, context)}" for o in others]
    return f"At the same time: {', '.join(found[:5])}" if found else ""


def _next(context: Context, event: Event) -> list[str]:
    if not event.recurs:
        return []
    return [when_label(o, context) for o in next_dates(context, event)]


def when_label(found: Occurrence, context: Context) -> str:
    """`Tue 24 Nov 09:00–10:00`, `Tue 24 Nov`, `Tue 24 Nov–Thu 26 Nov`."""
    today = context.today()

    def label(day: date) -> str:
        return format_day(day, today, context.locale, near=False)

    if found.all_day:
        last = found.end - timedelta(days=1)
        first = label(found.start)
        return first if last <= found.start else f"{first}–{label(last)}"
    start, end = found.instants(context.zone)
    local = start.astimezone(context.zone)
    return f"{label(local.date())} {span_label(start, end, context)}"


def detail(context: Context, result: Event) -> Listing:
    """Everything about an event, one thing a line."""
    return Listing(
        columns=(Col(title="field", style="dim"), Col(title="value", grow=True)),
        rows=tuple(Row((name, line)) for name, line in facts(context, result) if line),
    )


def facts(context: Context, event: Event) -> list[tuple[str, str]]:
    """What there is to say of an event, as (name, line)."""
    zones = queries.zones_of(context.store)
    own = Series(event, (), context.zone, zones).own(event)
    calendar = context.store.find(Calendar, event.calendar) if event.calendar else None
    found = [
        ("id", event.short),
        ("title", event.title or "(no title)"),
        ("when", when_label(own, context)),
        ("zone", _zone_label(event, context)),
        ("repeats", repeat_label(event, context)),
    ]
    if event.recurs:
        found += [("next", label) for label in _next(context, event)]
        skipped = [_day(t) for t in event.exdate[:20]]
        found += [("not on", ", ".join(skipped))] if skipped else []
    found += [
        ("calendar", calendar.name if calendar else ""),
        ("place", event.place),
        ("status", "" if event.status == "confirmed" else event.status),
        ("shows as", "" if event.busy else "free"),
        ("organizer", str(event.organizer or "")),
        *(("with", _person(p.name, p.email, p.answer)) for p in event.people[:50]),
        *(("reminds", _alarm(a.before, a.end, a.at)) for a in event.alarms),
        ("link", event.url),
        ("problem", "; ".join(event.problems)),
        ("notes", event.description),
    ]
    return found


def _zone_label(event: Event, context: Context) -> str:
    if event.all_day or event.zone in ("", str(context.zone)):
        return "" if event.all_day or event.zone else "wherever you are"
    return f"{event.zone.partition('~')[0]} {event.start_time:%H:%M}"


def repeat_label(event: Event, context: Context) -> str:
    """Its repetition in words, or as the rule says it."""
    from modules.sdk.text.recurrence import describe, parse_rrule
    from storage.errors import UserError

    if event.occurs:
        return "changed from its series"
    said = []
    for rule in event.rrule:
        try:
            said.append(describe(parse_rrule(rule), context.locale))
        except UserError:  # rarer than words are made for
            said.append(rule)
    if event.rdate:
        said.append(f"{len(event.rdate)} more dates")
    return ", ".join(said)


def _day(text: str) -> str:
    value = read(unperiod(text)[0], iana)
    return f"{value:%a %d %b %Y}"


def _person(name: str, email: str, answer: str) -> str:
    who = f"{name} <{email}>" if name and email else name or email
    said = {"accepted": "yes", "declined": "no", "tentative": "maybe"}.get(answer, "")
    return f"{who} ({said})" if said else who


def _alarm(before: timedelta, end: bool, at: datetime | None) -> str:
    if at is not None:
        return f"{at:%Y-%m-%d %H:%M} UTC"
    side = "its end" if end else "it begins"
    if not before:
        return f"when {side}" if not end else "at its end"
    word = "before" if before > timedelta() else "after"
    return f"{format_duration(abs(before))} {word} {side}"


# --- days and months, of all modules -----------------------------------------------------------


def days(context: Context, result: Days) -> Listing:
    """Days with everything planned in them."""
    rows: list[Row] = []
    today = context.today()
    for offset in range((result.last - result.first).days + 1):
        day = result.first + timedelta(days=offset)
        label = day_label(day, today, context.locale)
        found = [s for s in result.spans if touches(s, day, context)]
        for span in found:
            rows.append(_span_row(label, span, context))
            label = ""
        if not found:
            rows.append(Row((label, "", "", "", ""), "dim"))
    return Listing(
        columns=(
            Col(title="day", style="bold"), Col(title="time", style="cyan"), Col(title=""),
            Col(title="title", grow=True), Col(title="place", style="dim"),
        ),
        rows=tuple(rows),
    )  # fmt: skip


def touches(span: Span, day: date, context: Context) -> bool:
    """Whether a span takes place on a local day."""
    if span.day is not None:
        return span.day <= day <= (span.last_day or span.day)
    start, end = span.start.astimezone(context.zone), span.end.astimezone(context.zone)
    low, high = queries.local_day(day, context.zone)
    return start < high and (end > low or start >= low)


def _span_row(label: str, span: Span, context: Context) -> Row:
    time = "all day" if span.day else span_label(span.start, span.end, context)
    style = "dim" if span.done else ""
    return Row((label, time, span.icon, span.title, span.place), style)


def month(context: Context, result: Days) -> str:
    """A month as a grid, seven days a line, with how much there is on each."""
    first = week_of(context, result.first)
    names = weekday_names(context.locale)
    start = first.weekday()
    head = "".join(f"{names[(start + i) % 7][:2]:<6}" for i in range(7)).rstrip()
    lines = [f"{result.first:%B %Y}", head]
    today, day = context.today(), first
    while day <= result.last:
        cells = []
        for _ in range(7):
            inside = result.first <= day <= result.last
            cells.append(_cell(day, today, result.spans, context) if inside else " " * 6)
            day += timedelta(days=1)
        lines.append("".join(cells).rstrip())
    return "\n".join(lines)


def _cell(day: date, today: date, spans: Iterable[Span], context: Context) -> str:
    many = sum(touches(s, day, context) for s in spans)
    mark = "" if not many else "·" * min(many, 2) + ("+" if many > 2 else "")
    number = f"[{day.day}]" if day == today else f"{day.day:>2}"
    return f"{number}{mark}".ljust(6)


# --- the rest ------------------------------------------------------------------------------------


def free(context: Context, result: Sequence[Gap]) -> Listing:
    """Free stretches, one a line."""
    rows = []
    today, last = context.today(), None
    for gap in result:
        day = gap.start.astimezone(context.zone).date()
        label = "" if day == last else day_label(day, today, context.locale)
        last = day
        rows.append(
            Row(
                (
                    label,
                    span_label(gap.start, gap.end, context),
                    format_duration(gap.length),
                )
            )
        )
    return Listing(
        columns=(
            Col(title="day", style="bold"), Col(title="time", style="cyan"),
            Col(title="free", align="right"),
        ),
        rows=tuple(rows),
        empty="No free time of that length.",
    )  # fmt: skip


def calendars(context: Context, result: Sequence[Calendar]) -> Listing:
    """Calendars, one a line, with how many events they hold."""
    many = context.store.groups(queries.Query(Event), "calendar")
    rows = [
        Row(
            (c.short, "•" if c.visible else "", c.name, c.color, str(many.get(c.id, 0)),
             "default" if c.default else "", c.source),
            "" if c.visible else "dim",
        )
        for c in result
    ]  # fmt: skip
    return Listing(
        columns=(
            Col(title="id", style="dim"), Col(title="shown"), Col(title="name", grow=True),
            Col(title="colour", style="dim"), Col(title="events", align="right"),
            Col(title=""), Col(title="source", style="dim"),
        ),
        rows=tuple(rows),
        empty="No calendars yet: the first event makes one, or mana calendar calendar-add.",
    )  # fmt: skip


def broken(_: Context, result: Sequence[Broken]) -> Listing:
    """Unusable items and their reasons."""
    return Listing(
        columns=(
            Col(title="id", style="dim"), Col(title="item"), Col(title="reason", grow=True),
            Col(title="source", style="dim"),
        ),
        rows=tuple(Row((b.short, b.item[:60], b.reason, b.source)) for b in result),
        empty="Every item that was imported can be used.",
    )  # fmt: skip


def broken_text(_: Context, result: Broken) -> str:
    """An unusable item's reason, and its text."""
    return f"{result.reason}\n\n{result.raw}"
