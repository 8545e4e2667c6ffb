"""Saying a repeat rule in English and German."""

from __future__ import annotations

from collections.abc import Iterable

from modules.sdk.text.lexicon import NAMES, day_first
from modules.sdk.text.recurrence import Anchor
from modules.sdk.text.repeat import WORKWEEK
from modules.sdk.text.rrule import Fields


class English:
    """The English words; German is the same frame with others."""

    speech = "en"
    units = {"YEARLY": ("year", "years"), "MONTHLY": ("month", "months"),
             "WEEKLY": ("week", "weeks"), "DAILY": ("day", "days"),
             "HOURLY": ("hour", "hours")}  # fmt: skip
    places = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}
    conjunction = "and"
    weekday = "every weekday"
    last_day = "on the last day"
    times = "times"

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self.names = NAMES[self.speech]

    def say(self, rule: Fields, anchor: Anchor) -> str:
        """The whole rule."""
        if anchor == "completion" and rule.plain:
            said = self.after(rule)
        else:
            said = self.frequency(rule) + self.limit(rule)
            said += {
                "completion": self.completed(),
                "schedule-not-past": self.not_past(),
            }.get(anchor, "")
            return said
        return said + self.limit(rule)

    # --- how often ---------------------------------------------------------------

    def every(self, freq: str, interval: int) -> str:
        """`every 2 weeks`."""
        one, many = self.units[freq]
        return f"every {one}" if interval == 1 else f"every {interval} {many}"

    def after(self, rule: Fields) -> str:
        """Counted from completion."""
        one, many = self.units[rule.freq]
        unit = one if rule.interval == 1 else many
        return f"{rule.interval} {unit} after completion"

    def completed(self) -> str:
        """What stands behind a rule that is counted from completion."""
        return " after completion"

    def not_past(self) -> str:
        """What stands behind a rule that skips what is gone by."""
        return ", skipping missed ones"

    def frequency(self, rule: Fields) -> str:
        """How often and on which days."""
        if rule.freq == "WEEKLY" and rule.interval == 1 and rule.days:
            if rule.days == WORKWEEK and not rule.months:
                return self.weekday
            return self.weekly(rule) + self.rest(rule, days=False)
        if (
            rule.freq == "YEARLY"
            and len(rule.months) == 1
            and rule.month_days
            and not rule.days
        ):
            return self.every("YEARLY", rule.interval) + " " + self.dated(rule)
        said = self.every(rule.freq, rule.interval)
        return said + self.rest(rule, days=True)

    def weekly(self, rule: Fields) -> str:
        """`every Mon and Wed`."""
        return f"every {self.weekdays(rule)}"

    def weekdays(self, rule: Fields) -> str:
        """Weekdays by name, with their place in the month."""
        return self.listed(
            self.names["weekdays"][day] if n == 0 else f"{self.place(n)} "
            + self.names["long_weekdays"][day] for n, day in rule.days
        )  # fmt: skip

    def place(self, n: int) -> str:
        """`last`, `second`."""
        return self.places.get(n) or f"{self.ordinal(abs(n))}{' last' if n < 0 else ''}"

    def rest(self, rule: Fields, *, days: bool) -> str:
        """Everything else it says, in a fixed order."""
        said = ""
        if rule.days and days:
            placed = any(n for n, _ in rule.days)
            said += f" on {'the ' if placed else ''}{self.weekdays(rule)}"
        if rule.month_days:
            said += " " + self.month_days(rule)
        if rule.year_days:
            said += f" on day {self.listed(map(str, rule.year_days))} of the year"
        if rule.weeks:
            said += f" in week {self.listed(map(str, rule.weeks))}"
        if rule.months:
            said += f" in {self.listed(self.names['months'][month - 1] for month in rule.months)}"
        if rule.hours:
            said += f" at {self.listed(f'{hour}:00' for hour in rule.hours)}"
        return said + self.positioned(rule)

    def positioned(self, rule: Fields) -> str:
        """`(only the last of these)`, unless the day of the month says it already."""
        if not rule.positions or self.clipped(rule):
            return ""
        return f" (only number {self.listed(map(str, rule.positions))} of these)"

    @staticmethod
    def clipped(rule: Fields) -> bool:
        """Whether it is the 29th, 30th or 31st, or the last day of a shorter month."""
        days = rule.month_days
        return (
            rule.positions == (-1,)
            and len(days) > 1
            and days[0] == 28
            and days == tuple(range(28, days[-1] + 1))
        )

    def month_days(self, rule: Fields) -> str:
        """`on the 1st and 15th`, `on the last day`."""
        if rule.month_days == (-1,):
            return self.last_day
        days = rule.month_days[-1:] if self.clipped(rule) else rule.month_days
        return "on the " + self.listed(
            self.ordinal(day) if day > 0 else f"{self.ordinal(-day)} last" for day in days
        )

    def dated(self, rule: Fields) -> str:
        """`on 24 Dec`."""
        month = self.names["months"][rule.months[0] - 1]
        days = rule.month_days[-1:] if self.clipped(rule) else rule.month_days
        said = self.listed(map(str, days))
        return f"on {said} {month}" if day_first(self.locale) else f"on {month} {said}"

    def ordinal(self, number: int) -> str:
        """`24th`."""
        special = {1: "st", 2: "nd", 3: "rd"}
        return (
            f"{number}{'th' if number in (11, 12, 13) else special.get(number % 10, 'th')}"
        )

    def listed(self, words: Iterable[str]) -> str:
        """`a, b and c`."""
        *first, last = words
        return f"{', '.join(first)} {self.conjunction} {last}" if first else last

    # --- until when ------------------------------------------------------------------

    def limit(self, rule: Fields) -> str:
        """`until 24 Dec 2026`, `5 times`."""
        if rule.until is not None:
            return f" {self.until()} {self.day(rule)}"
        return f" {rule.count} {self.times}" if rule.count is not None else ""

    def until(self) -> str:
        """The word before the last day."""
        return "until"

    def day(self, rule: Fields) -> str:
        """The last day."""
        assert rule.until is not None
        month = self.names["months"][rule.until.month - 1]
        return f"{rule.until.day} {month} {rule.until.year}"


class German(English):
    """The German words."""

    speech = "de"
    units = {"YEARLY": ("Jahr", "Jahre"), "MONTHLY": ("Monat", "Monate"),
             "WEEKLY": ("Woche", "Wochen"), "DAILY": ("Tag", "Tage"),
             "HOURLY": ("Stunde", "Stunden")}  # fmt: skip
    places = {
        1: "ersten",
        2: "zweiten",
        3: "dritten",
        4: "vierten",
        5: "fünften",
        -1: "letzten",
    }
    articles = {"YEARLY": "jedes", "MONTHLY": "jeden", "WEEKLY": "jede", "DAILY": "jeden",
                "HOURLY": "jede"}  # fmt: skip
    conjunction = "und"
    weekday = "jeden Werktag"
    last_day = "am letzten Tag"
    times = "mal"

    def every(self, freq: str, interval: int) -> str:
        """`alle 2 Wochen`."""
        one, many = self.units[freq]
        return (
            f"{self.articles[freq]} {one}" if interval == 1 else f"alle {interval} {many}"
        )

    def after(self, rule: Fields) -> str:
        """Counted from completion."""
        one, many = self.units[rule.freq]
        return f"{rule.interval} {one if rule.interval == 1 else many} nach Erledigung"

    def completed(self) -> str:
        """What stands behind a rule that is counted from completion."""
        return " nach Erledigung"

    def not_past(self) -> str:
        """What stands behind a rule that skips what is gone by."""
        return ", Verpasstes entfällt"

    def weekly(self, rule: Fields) -> str:
        """`jeden Mo und Mi`."""
        return f"jeden {self.weekdays(rule)}"

    def rest(self, rule: Fields, *, days: bool) -> str:
        """Everything else it says, in a fixed order."""
        said = f" am {self.weekdays(rule)}" if rule.days and days else ""
        if rule.month_days:
            said += " " + self.month_days(rule)
        if rule.year_days:
            said += f" am {self.listed(f'{day}.' for day in rule.year_days)} Tag des Jahres"
        if rule.weeks:
            said += f" in KW {self.listed(map(str, rule.weeks))}"
        if rule.months:
            said += f" im {self.listed(self.names['months'][month - 1] for month in rule.months)}"
        if rule.hours:
            said += f" um {self.listed(f'{hour}:00' for hour in rule.hours)}"
        return said + self.positioned(rule)

    def positioned(self, rule: Fields) -> str:
        """Which of these days."""
        if not rule.positions or self.clipped(rule):
            return ""
        return f" (davon nur Nummer {self.listed(map(str, rule.positions))})"

    def month_days(self, rule: Fields) -> str:
        """`am 1. und 15.`."""
        if rule.month_days == (-1,):
            return self.last_day
        days = rule.month_days[-1:] if self.clipped(rule) else rule.month_days
        return "am " + self.listed(
            f"{day}." if day > 0 else f"{-day}.-letzten" for day in days
        )

    def dated(self, rule: Fields) -> str:
        """`am 24. Dez`."""
        days = rule.month_days[-1:] if self.clipped(rule) else rule.month_days
        month = self.names["months"][rule.months[0] - 1]
        return f"am {self.listed(f'{day}.' for day in days)} {month}"

    def ordinal(self, number: int) -> str:
        """`24.`."""
        return f"{number}."

    def until(self) -> str:
        """The word before the last day."""
        return "bis"

    def day(self, rule: Fields) -> str:
        """The last day."""
        assert rule.until is not None
        return f"{rule.until.day}. {self.names['months'][rule.until.month - 1]} {rule.until.year}"
