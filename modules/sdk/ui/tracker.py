"""The view every one-record tracker has: today, a chart, a streak, and the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import msgspec
from rich.segment import Segment
from textual.app import ComposeResult
from textual.strip import Strip

from modules.sdk import registry
from modules.sdk.context import Context
from modules.sdk.outside import params_of
from modules.sdk.ui.cells import clean
from modules.sdk.ui.chart import Number, Trend, bar, moving_average
from modules.sdk.ui.column import ListColumn
from modules.sdk.ui.grids.layout import midnight
from modules.sdk.ui.list import Group, ListView
from modules.sdk.ui.tones import Drawn
from modules.sdk.ui.values import as_text, label
from modules.sdk.ui.view import Action, View
from storage.query import Query, col
from storage.record import Record, kind_of
from storage.store import Store

DAYS = 120
"""How far back the chart and the streak look."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What the head of a tracker says: a number per day, oldest first, None for none."""

    numbers: tuple[Number, ...] = ()
    entries: tuple[int, ...] = ()
    first: date

    @property
    def today(self) -> Number:
        """Today's number."""
        return self.numbers[-1] if self.numbers else None

    def streak(self, target: float | None) -> int:
        """Days in a row up to today, or up to yesterday while today is still open."""
        kept = [
            count > 0 and (target is None or (number or 0) >= target)
            for number, count in zip(self.numbers, self.entries, strict=True)
        ]
        if kept and not kept[-1]:
            kept.pop()
        days = 0
        for one in reversed(kept):
            if not one:
                break
            days += 1
        return days


class TrackerView(ListView):
    """Derived from the record type; what is shown is said by the module's manifest."""

    add_key: ClassVar[str] = "a"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *ListView.ACTIONS,
        *(
            Action(f"tracker.preset-{i}", f"Log preset {i}", (f"p {i}",))
            for i in range(1, 10)
        ),
        Action("tracker.again", "Log the last preset again", ("&",)),
    )

    def __init__(
        self,
        context: Context,
        *,
        record: type[Record],
        ask: tuple[str, ...],
        chart: str = "",
        unit: str = "",
        total: bool = False,
        target: float | None = None,
        presets: Sequence[Mapping[str, Any]] = (),
        **options: Any,
    ) -> None:
        self.record = record
        self.when = "at" if "at" in record.__struct_fields__ else "created"
        self.group = Group(self.when, _day_of)
        self.columns = _columns(record, ask, self.when)
        self.module = kind_of(record).partition(".")[0]
        self.empty = (
            registry.load(self.module).empty if self.module in registry.built_in() else ""
        )
        super().__init__(context, **options)
        self.ask, self.chart, self.unit = ask, chart, unit
        self.summed, self.target, self.presets = total, target, tuple(presets)
        self.last_preset = 1
        self.head = TrackerHead(self)
        self.trend = Trend()

    def compose(self) -> ComposeResult:
        """Today, the chart, the log."""
        yield self.head
        if self.chart:
            yield self.trend
        yield self.rows

    def listed(self) -> Query[Any]:
        """Every entry, newest first."""
        query = Query(self.record)
        if self.sort:
            return query.order(*self.sorts[self.sort - 1].orders)
        return query.order(f"-{self.when}")

    def on_resize(self) -> None:
        """In a low pane the chart goes first."""
        self.trend.display = self.size.height >= 16

    # --- figures -----------------------------------------------------------------------------

    def show(self, data: Any) -> None:
        """The log at once; the figures when they are there."""
        super().show(data)
        store = self.store
        self.in_thread(lambda: self.figures(store), self._figured, group="figures")

    def figures(self, store: Store) -> Figures:
        """A number per local day of the last months."""
        zone, today = self.context.zone, self.context.today()
        first = today - timedelta(days=DAYS - 1)
        query = Query(self.record).where(col(self.when) >= midnight(first, zone))
        fields = (self.when, self.chart) if self.chart else (self.when,)
        found: list[list[float]] = [[] for _ in range(DAYS)]
        for moment, *numbers in store.values(query, *fields):
            place = (moment.astimezone(zone).date() - first).days
            if 0 <= place < DAYS:
                found[place].append(_number(numbers[0]) if numbers else 1.0)
        return Figures(
            numbers=tuple(
                (sum(day) if self.summed or not self.chart else sum(day) / len(day))
                if day
                else None
                for day in found
            ),
            entries=tuple(map(len, found)),
            first=first,
        )

    def _figured(self, figures: Figures) -> None:
        self.head.set_figures(figures)
        if not self.chart:
            return
        from modules.sdk.text.dates import format_date

        locale, today = self.context.locale, self.context.today()
        shown = max(1, min(DAYS, self.trend.size.width // 2))
        numbers = [
            0.0 if n is None and self.summed else n for n in figures.numbers[-shown:]
        ]
        first = today - timedelta(days=shown - 1)
        highest = max((n for n in numbers if n is not None), default=0.0)
        self.trend.set_numbers(
            numbers,
            top=max(self.target or 0.0, highest) or None,
            first=format_date(first, today, locale),
            last=format_date(today, today, locale),
        )

    # --- title, actions ----------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """Nothing beside the pane's own title."""
        return ""

    def act_tracker_again(self) -> bool:
        """Log the last preset again."""
        return self.log_preset(self.last_preset)

    def log_preset(self, number: int) -> bool:
        """Log a ready-made entry."""
        if not 1 <= number <= len(self.presets):
            return False
        self.last_preset = number
        self.post_message(View.Run(f"{self.module}.log", self.presets[number - 1]))
        return True

    def perform(self, action_id: str, count: int = 1) -> bool:
        """`tracker.preset-3` logs the third preset; the rest as everywhere."""
        start, _, number = action_id.rpartition("-")
        if start == "tracker.preset":
            return self.log_preset(int(number))
        return super().perform(action_id, count)


class TrackerHead(Drawn):
    """Today's number against the target, the streak, averages, the presets."""

    def __init__(self, view: TrackerView) -> None:
        super().__init__()
        self.view = view
        self.known: Figures | None = None

    def set_figures(self, figures: Figures) -> None:
        """Show others."""
        self.known = figures
        high = 4 if self.view.presets else 3
        if self.styles.height is None or self.styles.height.value != high:
            self.styles.height = high
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Today; streak and averages; presets."""
        wide = self.size.width
        segments: list[Segment] = [Segment("  ", self.tones.plain)]
        if self.known is not None:
            lines = [self._today, self._course, self._presets]
            if y < len(lines) and (y < 2 or self.view.presets):
                segments += [Segment(text, self.tones[tone]) for text, tone in lines[y]()]
        return Strip(segments).adjust_cell_length(wide, self.tones.plain)

    def _today(self) -> list[tuple[str, str]]:
        view, figures = self.view, self.known
        assert figures is not None
        entries = figures.entries[-1]
        if view.chart:
            said = f"{figures.today:g}" if figures.today is not None else "-"
        else:
            said = str(entries)
        parts = [("Today ", "muted"), (said, "heading")]
        if view.target and view.chart:
            parts.append((f" of {view.target:g} {view.unit}".rstrip() + "  ", "muted"))
            cells = max(8, min(30, self.size.width - 40))
            drawn = bar((figures.today or 0) / view.target, cells, self.glyphs)
            parts.append((drawn, "chart"))
            parts.append((self.glyphs.half * (cells - len(drawn)), "grid"))
            parts.append((f" {round(100 * (figures.today or 0) / view.target)} %", "muted"))
        else:
            parts.append((f" {view.unit}".rstrip(), "muted"))
            parts.append((f"   {entries} today" if view.chart else "", "faint"))
        return parts

    def _course(self) -> list[tuple[str, str]]:
        view, figures = self.view, self.known
        assert figures is not None
        days = figures.streak(view.target)
        parts = [("Streak ", "muted"), (f"{days} day{'' if days == 1 else 's'}", "bold")]
        if view.chart:
            for span in (7, 30):
                numbers = list(figures.numbers)
                if view.summed:
                    numbers = [n or 0.0 for n in numbers]
                mean = moving_average(numbers, span)[-1]
                said = (
                    f"{mean:.3g}"
                    if mean is not None and mean < 1000
                    else f"{mean or 0:,.0f}"
                )
                parts += [
                    (f"   {span}-day average ", "muted"),
                    (said if mean is not None else "-", "bold"),
                ]
        return parts

    def _presets(self) -> list[tuple[str, str]]:
        parts: list[tuple[str, str]] = [("p ", "accent")]
        for i, preset in enumerate(self.view.presets[:9], start=1):
            said = " ".join(
                clean(as_text(value, self.view.context)) for value in preset.values()
            )
            parts += [(f"{i} ", "accent"), (f"{said}   ", "muted")]
        return parts


def _columns(record: type[Record], ask: Sequence[str], when: str) -> tuple[ListColumn, ...]:
    """The time, then the asked fields; the last text grows, private text is masked."""
    params = {param.name: param for param in params_of(record)}
    names = [name for name in ask if name in params and name != when]
    columns = [
        ListColumn(
            "Time", 5, lambda one, view: _clock(getattr(one, when), view), style="muted"
        )
    ]
    growing = next(
        (n for n in reversed(names) if params[n].type is str and not params[n].choices),
        names[-1],
    )
    for place, name in enumerate(names):
        param = params[name]
        private = bool(param.extra.get("private"))
        number = param.type in (int, float)
        wide = 0 if name == growing else 6 if number else 12
        columns.append(
            ListColumn(
                label(name),
                wide,
                _cell(name, private),
                align="right" if number and wide else "left",
                style="" if place == 0 else "muted",
                priority=0 if place == 0 else place,
                least=10,
            )
        )
    return tuple(columns)


def _cell(name: str, private: bool) -> Any:
    def cell(record: Any, view: Any) -> str:
        value = getattr(record, name)
        if private:
            return view.glyphs.mark * 3 if value else ""
        return as_text(value, view.context, name=name)

    return cell


def _clock(moment: datetime, view: Any) -> str:
    return f"{moment.astimezone(view.context.zone):%H:%M}"


def _day_of(moment: datetime, view: Any) -> str:
    from modules.sdk.text.dates import format_day

    context = view.context
    there = moment.astimezone(context.zone)
    said = format_day(there.date(), context.today(), context.locale)
    return said[:1].upper() + said[1:]


def _number(value: Any) -> float:
    if isinstance(value, timedelta):
        return value.total_seconds() / 60
    return float(getattr(value, "amount", value) or 0)
