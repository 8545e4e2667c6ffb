"""Sample calendars: weeks of a working life around today, the same for the same random."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import msgspec

from modules.calendar.model import Alarm, Broken, Calendar, Event, Person, moment
from modules.calendar.queries import bounded
from modules.sdk import Context, Record, stable_id

CALENDARS = (("Personal", "#3b82f6"), ("Work", "#22c55e"), ("Family", "#f59e0b"))
WORK = (
    "Design review", "Interview", "Call with Mara", "Planning", "Lunch with Jonas", "Demo",
    "Budget", "Release check", "Customer visit", "Retrospective", "Focus", "Workshop",
)  # fmt: skip
HOME = (
    "Dentist", "Cinema", "Dinner at Nia's", "Climbing", "Haircut", "Concert", "Parents' evening",
    "Train to Bern", "Yoga", "Groceries", "Book club", "Vet",
)  # fmt: skip
PLACES = ("", "", "Room 4", "Café Central", "Main station", "Home", "Online")
PEOPLE = (
    Person(name="Mara Keller", email="mara@example.org", answer="accepted"),
    Person(name="Jonas Weber", email="jonas@example.org", answer="needs-action"),
    Person(name="Nia Okafor", email="nia@example.org", answer="tentative"),
)
SERIES = (
    ("Stand-up", 1, time(9, 15), 15, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
    ("Team meeting", 1, time(14), 60, "FREQ=WEEKLY;BYDAY=TU"),
    ("One to one", 1, time(11), 30, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH"),
    ("Choir", 0, time(19, 30), 120, "FREQ=WEEKLY;BYDAY=WE"),
    ("Piano", 2, time(16, 30), 45, "FREQ=WEEKLY;BYDAY=MO"),
    ("Month's accounts", 1, time(10), 90, "FREQ=MONTHLY;BYDAY=-1FR"),
)
BROKEN = (
    "BEGIN:VEVENT\nUID:from-an-old-phone\nSUMMARY:Swimming\nDTSTART:TOMORROW\nEND:VEVENT"
)


def records(context: Context, count: int, random: Random) -> Iterator[Record]:
    """`count` events, with calendars, series, an exception, birthdays, one broken item."""
    made = _Seeds(context, random)
    yield from made.calendars
    yield from made.series()
    yield made.broken()
    for number in range(max(count - len(SERIES) - 4, 2)):
        yield made.single(number, count)


class _Seeds:
    def __init__(self, context: Context, random: Random) -> None:
        self.context, self.random = context, random
        self.space = context.space.id
        self.monday = context.today() - timedelta(days=context.today().weekday())
        self.calendars = [
            Calendar(id=self._id("calendar", name.casefold()), name=name, color=color, default=not number)
            for number, (name, color) in enumerate(CALENDARS)
        ]  # fmt: skip

    def _id(self, kind: str, name: str) -> str:
        return stable_id(f"calendar.{kind}", self.space, f"seed:{name}")

    def _event(self, name: str, day: date, **more: Any) -> Event:
        event = Event(
            id=self._id("event", name), uid=f"{name}@seed.mana", day=day,
            last_day=day, **more,
        )  # fmt: skip
        return bounded(event, self.context.zone)

    def _timed(
        self, name: str, title: str, start: datetime, minutes: int, **more: Any
    ) -> Event:
        end = start + timedelta(minutes=minutes)
        event = Event(
            id=self._id("event", name), uid=f"{name}@seed.mana", title=title,
            day=start.date(), start_time=start.time(), last_day=end.date(),
            end_time=end.time(), zone=str(self.context.zone), **more,
        )  # fmt: skip
        return bounded(event, self.context.zone)

    def series(self) -> Iterator[Event]:
        """Meetings that come again, one moved occurrence, one skipped, two birthdays."""
        begin = self.monday - timedelta(weeks=8)
        for number, (title, calendar, at, minutes, rule) in enumerate(SERIES):
            first = self._first(begin, rule)
            skipped = moment(self._at(first + timedelta(weeks=9), at))
            event = self._timed(
                f"series{number}", title, datetime.combine(first, at), minutes,
                calendar=self.calendars[calendar].id, rrule=(rule,),
                exdate=(skipped,) if "INTERVAL" not in rule else (),
                alarms=(Alarm(before=timedelta(minutes=10)),) if number == 1 else (),
            )  # fmt: skip
            yield event
            if number == 1:
                yield self._moved(event, first + timedelta(weeks=8), at)
        for number, (who, days) in enumerate((("Mara", 3), ("Grandma", 12))):
            day = self.monday + timedelta(days=days)
            yield self._event(
                f"birthday{number}", day.replace(year=day.year - 40, day=min(day.day, 28)),
                title=f"{who}'s birthday", calendar=self.calendars[2].id,
                rrule=("FREQ=YEARLY",), busy=False,
            )  # fmt: skip

    def _first(self, begin: date, rule: str) -> date:
        from modules.calendar import rule as rules
        from modules.calendar import walking

        start = datetime.combine(begin, time())
        parsed = msgspec.structs.replace(rules.parse(rule), interval=1)
        return (
            walking.between(parsed, start, start, start + timedelta(days=40))
            .times[0]
            .date()
        )

    def _at(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, self.context.zone)

    def _moved(self, event: Event, day: date, at: time) -> Event:
        """One meeting of a series that is an hour later and elsewhere."""
        start = datetime.combine(day, at) + timedelta(hours=1)
        made = self._timed(
            "moved", event.title, start, 60, calendar=event.calendar, series=event.id,
            occurs=moment(self._at(day, at)), place="Room 2",
        )  # fmt: skip
        return msgspec.structs.replace(made, uid=event.uid)

    def broken(self) -> Broken:
        """Something an import could not use."""
        return Broken(
            id=self._id("broken", "phone"), item="VEVENT Swimming", raw=BROKEN,
            reason="DTSTART cannot be 'TOMORROW'.", calendar=self.calendars[0].id,
            source="phone.ics",
        )  # fmt: skip

    def single(self, number: int, count: int) -> Event:
        """One event within some weeks of today; the more there are, the more weeks."""
        random = self.random
        weeks = max(4, count // 12)
        day = self.monday + timedelta(days=random.randint(-7 * weeks // 2, 7 * weeks // 2))
        work = random.random() < 0.6 and day.weekday() < 5
        title = random.choice(WORK if work else HOME)
        calendar = self.calendars[1 if work else random.choice((0, 0, 2))].id
        if random.random() < 0.08:
            return msgspec.structs.replace(
                self._event(f"n{number}", day, title=random.choice(("Holidays", "Fair", "Visit"))),
                calendar=calendar,
            )  # fmt: skip
        hour = random.randint(9, 16) if work else random.randint(17, 20)
        start = datetime.combine(day, time(hour, random.choice((0, 0, 30))))
        people = tuple(random.sample(PEOPLE, random.randint(0, 2))) if work else ()
        return self._timed(
            f"n{number}", title, start, random.choice((30, 30, 60, 60, 90, 120)),
            calendar=calendar, place=random.choice(PLACES), people=people,
            status="tentative" if random.random() < 0.08 else "confirmed",
        )  # fmt: skip
