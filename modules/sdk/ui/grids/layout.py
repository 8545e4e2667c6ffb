"""Where spans stand in a grid: pure, tested as a table.

Rows are wall-clock time. On a day with a repeated hour both passes share its rows and
stand side by side; a skipped hour is a gap nothing stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from modules.sdk.slot import Span

DAY = timedelta(days=1)
MINUTES = 24 * 60


class Block(msgspec.Struct, frozen=True):
    """A span on one day: rows `top` up to `end`, lane `lane` of `lanes` side by side.

    `wide` is how many lanes it may fill. `before` and `after` say that it goes on on the
    day before or after.
    """

    span: Span
    top: int
    end: int
    lane: int = 0
    lanes: int = 1
    wide: int = 1
    before: bool = False
    after: bool = False


class Bar(msgspec.Struct, frozen=True):
    """An all-day span over columns `first` to `last` (inclusive) in a lane."""

    span: Span
    first: int
    last: int
    lane: int
    before: bool = False
    after: bool = False


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a local day begins, as an aware instant."""
    return datetime.combine(day, time(), zone)


def instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """The instant of a wall-clock time; a skipped one is the moment the clock went on."""
    clock = datetime.combine(day, time(), zone) + timedelta(minutes=minutes)
    return clock.astimezone(ZoneInfo("UTC")).astimezone(zone)


def is_all_day(span: Span) -> bool:
    """Whether it belongs above the hours: it has days, or lasts a day and more."""
    return span.day is not None or span.end - span.start >= DAY


def days_of(span: Span, zone: ZoneInfo) -> tuple[date, date]:
    """The first and last local day a span touches."""
    if span.day is not None:
        return span.day, max(span.day, span.last_day or span.day)
    first = span.start.astimezone(zone).date()
    last = span.end.astimezone(zone)
    if last.time() == time() and span.end > span.start:
        last -= DAY
    return first, max(first, last.date())


def blocks_of(
    spans: Iterable[Span], day: date, zone: ZoneInfo, minutes: int = 30
) -> list[Block]:
    """The timed spans of a day, placed; in order of their beginning."""
    placed = [
        block
        for span in spans
        if not is_all_day(span) and (block := _rows(span, day, zone, minutes)) is not None
    ]
    placed.sort(
        key=lambda block: (block.top, -block.end, block.span.start, block.span.title)
    )
    return [block for cluster in _clusters(placed) for block in _lanes(cluster)]


def _rows(span: Span, day: date, zone: ZoneInfo, minutes: int) -> Block | None:
    begin, finish = midnight(day, zone), midnight(day + DAY, zone)
    empty = span.start == span.end
    if span.start >= finish or span.end < begin or (span.end == begin and not empty):
        return None
    before, after = span.start < begin, span.end > finish
    top = 0 if before else _minute(span.start, zone) // minutes
    last = MINUTES if span.end >= finish else _minute(span.end, zone)
    end = max(top + 1, -(-last // minutes))
    return Block(span, top, min(end, -(-MINUTES // minutes)), before=before, after=after)


def _minute(moment: datetime, zone: ZoneInfo) -> int:
    there = moment.astimezone(zone)
    return there.hour * 60 + there.minute


def _clusters(blocks: Sequence[Block]) -> list[list[Block]]:
    """Groups of blocks that overlap each other, directly or through others."""
    clusters: list[list[Block]] = []
    reach = -1
    for block in blocks:
        if block.top >= reach:
            clusters.append([])
        clusters[-1].append(block)
        reach = max(reach, block.end)
    return clusters


def _lanes(cluster: list[Block]) -> list[Block]:
    """First fit, then let each block grow to the right as far as nothing stands there."""
    ends: list[int] = []
    chosen: list[int] = []
    for block in cluster:
        lane = next((i for i, end in enumerate(ends) if end <= block.top), len(ends))
        ends[lane : lane + 1] = [block.end]
        chosen.append(lane)
    lanes = len(ends)
    placed: list[Block] = []
    for block, lane in zip(cluster, chosen, strict=True):
        taken = [
            other_lane
            for other, other_lane in zip(cluster, chosen, strict=True)
            if other_lane > lane and other.top < block.end and block.top < other.end
        ]
        wide = min(taken, default=lanes) - lane
        placed.append(msgspec.structs.replace(block, lane=lane, lanes=lanes, wide=wide))
    return placed


def bars_of(spans: Iterable[Span], first: date, days: int, zone: ZoneInfo) -> list[Bar]:
    """The all-day spans of some days as bars, in lanes from the top."""
    last = first + (days - 1) * DAY
    found = [(*days_of(span, zone), span) for span in spans if is_all_day(span)]
    seen = [one for one in found if one[0] <= last and one[1] >= first]
    seen.sort(key=lambda one: (one[0], -(one[1] - one[0]).days, one[2].title))
    ends: list[date] = []
    bars: list[Bar] = []
    for begin, finish, span in seen:
        lane = next((i for i, end in enumerate(ends) if end < max(begin, first)), len(ends))
        ends[lane : lane + 1] = [finish]
        bars.append(
            Bar(
                span,
                (max(begin, first) - first).days,
                (min(finish, last) - first).days,
                lane,
                before=begin < first,
                after=finish > last,
            )
        )
    return bars


def by_day(
    spans: Iterable[Span], first: date, days: int, zone: ZoneInfo
) -> list[list[Span]]:
    """The spans of each day: all-day ones first, then by their beginning."""
    found: list[list[Span]] = [[] for _ in range(days)]
    for span in spans:
        begin, finish = days_of(span, zone)
        for i in range(
            max(0, (begin - first).days), min(days - 1, (finish - first).days) + 1
        ):
            found[i].append(span)
    for one in found:
        one.sort(key=lambda span: (not is_all_day(span), span.start, span.title))
    return found


def week_start(day: date, first_weekday: int = 0) -> date:
    """The first day of the week a day is in; weeks begin on Monday (0) or another day."""
    return day - timedelta(days=(day.weekday() - first_weekday) % 7)


def add_months(day: date, months: int) -> date:
    """The same day of another month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    after = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), after - DAY)
