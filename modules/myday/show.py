"""The day as text."""

from __future__ import annotations

from modules.myday.queries import Glance, hours
from modules.sdk import Col, Context, Listing, Row, Span


def page(context: Context, found: Glance) -> Listing:
    """The agenda first, then every section."""
    rows = [Row((found.day.strftime("%A %d %B"), found.capacity), "bold")]
    rows += [
        Row((when(context, span), f"{span.icon} {span.title}".strip()))
        for span in found.spans
    ]
    for name, lines in found.sections:
        rows.append(Row((name, ""), "bold"))
        rows += [
            Row(
                (mark(line.done), line.text),
                "red" if line.late else "dim" if line.done else "",
            )
            for line in lines
        ]
    return Listing(
        columns=(Col(title="when", style="cyan"), Col(title="what", grow=True)),
        rows=tuple(rows),
    )


def when(context: Context, span: Span) -> str:
    """`09:00–10:30`, or `all day`."""
    if span.day is not None:
        return "all day"
    start, end = span.start.astimezone(context.zone), span.end.astimezone(context.zone)
    return f"{start:%H:%M}–{end:%H:%M}"


def begins(context: Context, span: Span) -> str:
    """`09:00`, or `all day`."""
    if span.day is not None:
        return "all day"
    return f"{span.start.astimezone(context.zone):%H:%M}"


def lasts(span: Span) -> str:
    """`1 h 30`, or nothing for whole days and moments."""
    if span.day is not None or span.end <= span.start:
        return ""
    return hours(int((span.end - span.start).total_seconds() // 60))


def mark(done: bool | None) -> str:
    """A tick for what is done, a box for what is not, nothing for plain lines."""
    return "" if done is None else "✓" if done else "□"
