"""The day at a glance, from slots only: it knows no module by name."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import msgspec

from modules.sdk import Agenda, Context, Span, Today, TodayLine
from modules.sdk.slot import resolve


class Glance(msgspec.Struct, frozen=True, kw_only=True):
    """One day: its agenda in order, the lines by section, and how full it is.

    A line about a record that stands on the agenda is not said twice.

    `planned` and `free` are minutes of the working day: what the lines and busy spans
    ask for, and what is left of it from now on.
    """

    day: date
    spans: tuple[Span, ...]
    sections: tuple[tuple[str, tuple[TodayLine, ...]], ...]
    planned: int
    free: int

    @property
    def lines(self) -> tuple[TodayLine, ...]:
        """Every line, in order."""
        return tuple(line for _, lines in self.sections for line in lines)

    @property
    def late(self) -> int:
        """How many open lines are late."""
        return sum(line.late and not line.done for line in self.lines)

    @property
    def capacity(self) -> str:
        """`3 h 20 of 7 h planned`, the planning figure; nothing when the day is over."""
        if not self.planned + self.free:
            return ""
        return f"{hours(self.planned)} of {hours(self.planned + self.free)} planned"


def hours(minutes: int) -> str:
    """Minutes for people: `3 h 20`, `45 min`."""
    whole, rest = divmod(max(0, minutes), 60)
    if not whole:
        return f"{rest} min"
    return f"{whole} h {rest:02d}" if rest else f"{whole} h"


def bounds(context: Context, day: date) -> tuple[datetime, datetime]:
    """The first instant of a local day and of the next one."""
    start = datetime.combine(day, time(), tzinfo=context.zone)
    return start, datetime.combine(day + timedelta(days=1), time(), tzinfo=context.zone)


def glance(context: Context, day: date) -> Glance:
    """Ask every module for its part of a day."""
    start, end = bounds(context, day)
    spans = sorted(
        (
            span
            for _, slot in context.slots(Agenda)
            for span in resolve(slot.spans)(context, start, end)
        ),
        key=lambda span: (span.day is None, span.start, span.title),
    )
    sections: dict[str, list[TodayLine]] = {}
    placed = {span.record for span in spans}
    for _, slot in sorted(context.slots(Today), key=lambda pair: pair[1].order):
        for line in resolve(slot.lines)(context, day):
            if not line.record or line.record not in placed:
                sections.setdefault(line.section, []).append(line)
    planned, free = _capacity(context, day, spans, sections)
    return Glance(
        day=day,
        spans=tuple(spans),
        sections=tuple((name, tuple(lines)) for name, lines in sections.items()),
        planned=planned,
        free=free,
    )


def _capacity(
    context: Context, day: date, spans: list[Span], sections: dict[str, list[TodayLine]]
) -> tuple[int, int]:
    opens = datetime.combine(day, _clock(context, "myday.day_starts"), tzinfo=context.zone)
    closes = datetime.combine(day, _clock(context, "myday.day_ends"), tzinfo=context.zone)
    if day == context.today():
        opens = max(opens, context.now())
    window = max(0, int((closes - opens).total_seconds() // 60))
    blocks = [s for s in spans if s.busy and s.day is None and not s.done]
    taken = _covered([(max(s.start, opens), min(s.end, closes)) for s in blocks])
    asked = sum(
        line.minutes for lines in sections.values() for line in lines if not line.done
    )
    return taken + asked, max(0, window - taken - asked)


def _covered(stretches: list[tuple[datetime, datetime]]) -> int:
    """Minutes that are covered at least once."""
    total, until = 0, None
    for start, end in sorted(stretches):
        begun = start if until is None else max(start, until)
        if end > begun:
            total += int((end - begun).total_seconds() // 60)
            until = end
    return total


def _clock(context: Context, name: str) -> time:
    return time.fromisoformat(str(context.setting(name)))
