"""Things that come again: a rule, what it is counted from, and its next dates."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from modules.sdk.text.expansion import walls
from modules.sdk.text.months import add_months
from modules.sdk.text.rrule import Fields, fields, text_of
from storage.errors import UserError

Anchor = Literal["schedule", "schedule-not-past", "completion"]

HINT = "like every day, every mon,wed, every 2 weeks, every month on the 24th, after 3 days"


class Rule(msgspec.Struct, frozen=True):
    """How something repeats: RFC 5545 text without `RRULE:`, and for tasks the anchor.

    `schedule` counts from the due date, `schedule-not-past` too but skips what is gone by,
    `completion` counts from the day it was done.
    """

    rrule: str
    anchor: Anchor = "schedule"

    @property
    def fields(self) -> Fields:
        """Its parts; UserError where the text is no usable rule."""
        return fields(self.rrule)


def rule_of(parts: Fields, anchor: Anchor = "schedule") -> Rule:
    """A rule of parts."""
    return Rule(text_of(parts), anchor)


def parse_rrule(text: str, anchor: Anchor = "schedule") -> Rule:
    """A rule of RFC 5545 text, checked and put in order; UserError names what is wrong."""
    return rule_of(fields(text), anchor)


def parse_rule(text: str, now: datetime | date | None = None, locale: str = "en") -> Rule:
    """A rule of words (`every 2 weeks`, `jeden letzten Freitag`) or RFC 5545 text.

    `now` is only needed for `until friday`. UserError when the text is anything else.
    """
    from modules.sdk.text.repeat import match_repeat
    from modules.sdk.text.tokens import Here, words_of

    if "FREQ=" in text.upper():
        return parse_rrule(text)
    if not isinstance(now, datetime):
        now = datetime.combine(now or date(2000, 1, 1), time())
    words = words_of(text) if len(text) <= 300 else []
    found = match_repeat(words, 0, Here(now, locale)) if words else None
    if found is None or found.end < len(words):
        shown = text if len(text) <= 60 else text[:59] + "…"
        raise UserError(f"{shown!r} does not say how often.", hint=HINT)
    return found.value


def occurrences(
    rule: Rule,
    start: datetime,
    *,
    after: datetime | None = None,
    before: datetime | None = None,
    limit: int = 1000,
) -> Iterator[datetime]:
    """Naive wall times of a series that starts at `start`: not before `after`, before
    `before`, at most `limit` of them."""
    for one in islice(walls(rule.fields, start, after), limit):
        if before is not None and one >= before:
            return
        yield one


def days(
    rule: Rule,
    start: date,
    *,
    after: date | None = None,
    before: date | None = None,
    limit: int = 1000,
) -> Iterator[date]:
    """The same for whole days."""
    low = datetime.combine(after, time()) if after else None
    high = datetime.combine(before, time()) if before else None
    begin, last = datetime.combine(start, time()), None
    for one in occurrences(rule, begin, after=low, before=high, limit=limit):
        if one.date() != last:
            yield one.date()
        last = one.date()


def instants(
    rule: Rule,
    start: datetime,
    zone: ZoneInfo,
    *,
    after: datetime | None = None,
    before: datetime | None = None,
    limit: int = 1000,
) -> Iterator[datetime]:
    """Aware instants (UTC) of a series at a local wall time (`start`, naive, in `zone`).

    The wall time stays the same across changes of clocks; one that a change skips is moved
    on by it, one that comes twice is the first.
    """
    parts = rule.fields
    if parts.until is not None and parts.until_utc:
        until = parts.until.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        parts = msgspec.structs.replace(parts, until=until, until_utc=False)
    low = (
        after.astimezone(zone).replace(tzinfo=None) - timedelta(hours=3) if after else None
    )
    made = 0
    for wall in walls(parts, start, low):
        instant = wall.replace(tzinfo=zone).astimezone(UTC)
        if after is not None and instant < after:
            continue
        if made >= limit or (before is not None and instant >= before):
            return
        made += 1
        yield instant


def next_dates(
    rule: Rule, start: date, count: int = 5, *, after: date | None = None
) -> list[date]:
    """The next dates of a series, `start` among them where the rule names it: what is
    shown before saving."""
    return list(days(rule, start, after=after or start, limit=count))


def first_day(rule: Rule, today: date) -> date | None:
    """The first day on or after today that a rule names: where a series starts when
    nothing else was said (every second Friday starts on the coming one)."""
    every = msgspec.structs.replace(rule.fields, interval=1)
    return next(days(rule_of(every), today, limit=1), None)


def roll(rule: Rule, due: date, done: date) -> tuple[date, Rule] | None:
    """Where a task due on a day and done on another comes again, and the rule it goes on
    with (one less to come, where they are counted); None when the series is over."""
    parts = rule.fields
    if parts.count is not None and parts.count <= 1:
        return None
    rest = msgspec.structs.replace(parts, count=None)
    begin = done if rule.anchor == "completion" else due
    after = max(due, done) if rule.anchor == "schedule-not-past" else begin
    if parts.plain and parts.freq in ("MONTHLY", "YEARLY"):
        found = _months_on(rest, begin, after)
    else:
        found = _day_after(rest, begin, after)
    if found is None or (parts.until is not None and found > parts.until.date()):
        return None
    left = parts.count - 1 if parts.count is not None else None
    return found, rule_of(msgspec.structs.replace(parts, count=left), rule.anchor)


def _day_after(parts: Fields, begin: date, after: date) -> date | None:
    end_of_day = datetime.combine(after, time(23, 59, 59))
    found = next(walls(parts, datetime.combine(begin, time()), end_of_day), None)
    return found.date() if found else None


def _months_on(parts: Fields, begin: date, after: date) -> date | None:
    """A month after the 31st is the last day of a shorter month, never skipped."""
    step = parts.interval * (12 if parts.freq == "YEARLY" else 1)
    away = (after.year - begin.year) * 12 + after.month - begin.month
    count = max(1, away // step)
    try:
        while add_months(begin, count * step) <= after:
            count += 1
        return add_months(begin, count * step)
    except ValueError:
        return None


def anchored(rule: Rule, day: date) -> Rule:
    """The rule with the day written in where months are shorter: from the 31st on, every
    month means its last day; the 29th of February is the 28th in other years."""
    parts = rule.fields
    if not parts.plain or day.day <= 28:
        return rule
    last = tuple(range(28, day.day + 1))
    if parts.freq == "MONTHLY":
        made = msgspec.structs.replace(parts, month_days=last, positions=(-1,))
    elif parts.freq == "YEARLY" and day.month == 2:
        made = msgspec.structs.replace(parts, months=(2,), month_days=last, positions=(-1,))
    else:
        return rule
    return rule_of(made, rule.anchor)


def describe(rule: Rule, locale: str = "en") -> str:
    """The rule in words: `every 2 weeks on Mon, Wed`, `jeden Monat am 24.`."""
    from modules.sdk.text.repeat import words_for

    return words_for(rule, locale)
