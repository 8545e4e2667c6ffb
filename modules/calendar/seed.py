"""Sample calendars: weeks of Robin's life around today, the same for the same random."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import count as numbers
from random import Random
from typing import Any

import msgspec

from modules.calendar.model import Alarm, Broken, Calendar, Event, Person, moment
from modules.calendar.queries import bounded
from modules.calendar.samples import (
    AWAY,
    BIRTHDAYS,
    CALENDARS,
    FAMILY,
    FILLING,
    FR,
    MOVED,
    ONCE,
    PERSONAL,
    SERIES,
    WHOLE_DAYS,
    WORK,
    Filling,
    Series,
)
from modules.sdk import Context, Record, stable_id

DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
BEFORE = 8
"""Since how many weeks the series go on."""
ANSWERS = {"Samir": "needs-action", "Priya": "tentative"}
BROKEN = (
    "BEGIN:VEVENT\nUID:from-an-old-phone\nSUMMARY:Swimming\nDTSTART:TOMORROW\nEND:VEVENT"
)


def records(context: Context, count: int, random: Random) -> Iterator[Record]:
    """`count` records: calendars, series, birthdays, three weeks by hand, then further ones."""
    made = _Seeds(context, random)
    yield from made.calendars
    yield made.broken()
    written = [*made.series(), *made.birthdays(), *made.trip(), *made.once()]
    yield from written
    yield from made.filling(max(count - len(written) - len(made.calendars) - 1, 0))


class _Seeds:
    def __init__(self, context: Context, random: Random) -> None:
        self.context, self.random = context, random
        self.space = context.space.id
        self.today = context.today()
        self.monday = self.today - DAY * self.today.weekday()
        soon = self.today + DAY * 8
        self.away = soon + DAY * ((FR - soon.weekday()) % 7)
        launch = self.today + DAY * 9
        self.launch = launch + DAY * (
            max(launch.weekday() - FR, 0) and 7 - launch.weekday()
        )
        self.calendars = [
            Calendar(id=self._id("calendar", name.casefold()), name=name, color=color, default=not number)
            for number, (name, color) in enumerate(CALENDARS)
        ]  # fmt: skip

    def _id(self, kind: str, name: str) -> str:
        return stable_id(f"calendar.{kind}", self.space, f"seed:{name}")

    def _whole(
        self, name: str, day: date, title: str, calendar: int, days: int = 1, **more: Any
    ) -> Event:
        event = Event(
            id=self._id("event", name), uid=f"{name}@seed.mana", title=title, day=day,
            last_day=day + DAY * (days - 1), calendar=self.calendars[calendar].id, **more,
        )  # fmt: skip
        return bounded(event, self.context.zone)

    def _timed(
        self, name: str, day: date, at: str, minutes: int, *, title: str, calendar: int, **more: Any
    ) -> Event:  # fmt: skip
        start = datetime.combine(day, time.fromisoformat(at))
        end = start + timedelta(minutes=minutes)
        event = Event(
            id=self._id("event", name), uid=f"{name}@seed.mana", title=title,
            calendar=self.calendars[calendar].id, day=day, start_time=start.time(),
            last_day=end.date(), end_time=end.time(), zone=str(self.context.zone), **more,
        )  # fmt: skip
        return bounded(event, self.context.zone)

    # --- by hand ---

    def series(self) -> Iterator[Event]:
        """What comes again; one occurrence is moved, one is left out."""
        for number, one in enumerate(SERIES):
            first = self._first(one.rule)
            out = [self.away + DAY * AWAY[number]] if number in AWAY else []
            event = self._timed(
                f"series{number}", first, one.at, one.minutes, title=one.title, calendar=one.calendar,
                place=one.place, people=_people(one.people), url=one.url, rrule=(one.rule,),
                exdate=tuple(moment(self._at(day, one.at)) for day in out),
                alarms=(Alarm(before=timedelta(minutes=one.alarm)),) if one.alarm else (),
            )  # fmt: skip
            yield event
            if number == MOVED:
                yield self._moved(event, one, first + WEEK * BEFORE)

    def _first(self, rule: str) -> date:
        from modules.calendar import rule as rules
        from modules.calendar import walking

        start = datetime.combine(self.monday - WEEK * BEFORE, time())
        parsed = msgspec.structs.replace(rules.parse(rule), interval=1)
        times = walking.between(parsed, start, start, start + DAY * 40).times
        return times[0].date()

    def _at(self, day: date, at: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(at), self.context.zone)

    def _moved(self, event: Event, one: Series, day: date) -> Event:
        """One meeting of a series that is an hour later and elsewhere."""
        later = (self._at(day, one.at) + timedelta(hours=1)).strftime("%H:%M")
        made = self._timed(
            "moved", day, later, one.minutes, title=one.title, calendar=one.calendar, series=event.id,
            occurs=moment(self._at(day, one.at)), place="Halden, room 2", people=event.people,
        )  # fmt: skip
        return msgspec.structs.replace(made, uid=event.uid)

    def birthdays(self) -> Iterator[Event]:
        """Every year since they were born; the next party is one of them."""
        for number, (who, days, age) in enumerate(BIRTHDAYS):
            yield self._whole(
                f"birthday{number}", years_before(self.today + DAY * days, age),
                f"{who}'s birthday", FAMILY, rrule=("FREQ=YEARLY",), busy=False,
            )  # fmt: skip
        party = self.today + DAY * BIRTHDAYS[0][1]
        yield self._timed(
            "party", party, "15:00", 180, title="Mia's party", calendar=FAMILY, place="Home"
        )

    def trip(self) -> Iterator[Event]:
        """The launch, and the long weekend that begins with a train."""
        day, back = self.away, self.away + DAY * 2
        yield self._whole("launch", self.launch, "Launch: booking pages", WORK, busy=False)
        yield self._whole("trip", day, "Lugano", FAMILY, 3, place="Lugano", busy=False)
        yield self._timed("train", day, "16:09", 131, title="Train to Lugano", calendar=FAMILY, place="Platform 7",
                          alarms=(Alarm(before=timedelta(hours=1)),))  # fmt: skip
        yield self._timed(
            "back", back, "15:50", 130, title="Train home", calendar=FAMILY, place="Lugano"
        )

    def once(self) -> Iterator[Event]:
        """Last week, this one and the next."""
        party = self.today + DAY * BIRTHDAYS[0][1]
        for number, one in enumerate(ONCE):
            day = self.monday + WEEK * one.week + DAY * one.day
            if day == party and one.calendar == FAMILY:
                continue  # the party is enough
            yield self._timed(
                f"once{number}", day, one.at, one.minutes,
                title=one.title, calendar=one.calendar, place=one.place, people=_people(one.people),
                description=one.text, status="tentative" if one.tentative else "confirmed",
            )  # fmt: skip

    def broken(self) -> Broken:
        """Something an import could not use."""
        return Broken(
            id=self._id("broken", "phone"), item="VEVENT Swimming", raw=BROKEN,
            reason="DTSTART cannot be 'TOMORROW'.", calendar=self.calendars[PERSONAL].id,
            source="phone.ics",
        )  # fmt: skip

    # --- put together ---

    def filling(self, count: int) -> Iterator[Event]:
        """So many further events, week by week away from this one, both ways in turn."""
        each = 6 if count < 1000 else 12
        made = 0
        for away in numbers(2):
            for week in (away, -away):
                for event in self._week(week, each):
                    if made == count:
                        return
                    made += 1
                    yield event

    def _week(self, week: int, each: int) -> Iterator[Event]:
        chance, monday = self.random, self.monday + WEEK * week
        if chance.random() < 0.25:
            title, calendar, days = chance.choice(WHOLE_DAYS)
            day = monday + DAY * chance.randint(0, max(4 - days, 0))
            yield self._whole(f"w{week}d", day, title, calendar, days, busy=False)
        for number, one in enumerate(chance.sample(FILLING, each)):
            event = self._fill(f"w{week}n{number}", monday, one)
            if one.calendar == WORK or not 0 <= (event.day - self.away).days <= 2:
                yield event

    def _fill(self, name: str, monday: date, one: Filling) -> Event:
        chance = self.random
        return self._timed(
            name, monday + DAY * chance.choice(one.days), one.at, one.minutes,
            title=one.begin + chance.choice(one.ends), calendar=one.calendar, place=chance.choice(one.places),
            people=_people(("Nadia",)) if one.calendar == WORK and chance.random() < 0.4 else (),
            status="tentative" if chance.random() < 0.05 else "confirmed",
        )  # fmt: skip


def _people(names: tuple[str, ...]) -> tuple[Person, ...]:
    return tuple(
        Person(name=name, email=f"{name.casefold()}@example.org", answer=ANSWERS.get(name, "accepted"))
        for name in names
    )  # fmt: skip


def years_before(day: date, years: int) -> date:
    """The same day of an earlier year; the 28th where that has no 29th of February."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap else day.day)
