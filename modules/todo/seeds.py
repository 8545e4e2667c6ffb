"""Sample tasks that look like somebody's life; the same for the same random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, islice
from random import Random

from msgspec.structs import replace

from modules.sdk.context import Context
from modules.todo.model import Board, BoardColumn, Project, Task, finished
from modules.todo.phrases import AREAS, MINUTES, NOTES, PARTS, PEOPLE, RULES, TAGGED
from modules.todo.samples import PROJECTS, TAGS, TASKS, Sample
from storage.record import Record, encode_id

DAY = timedelta(days=1)
WORK = ("Studio", "Halden website")
FRIDAY = 4
TURNS = 5
"""How many times the plants were watered."""


def records(context: Context, count: int, random: Random) -> Iterator[Record]:
    """Projects, two boards, then tasks; `count` is about how many records there will be."""
    maker = Maker(context, random, count)
    projects = list(maker.projects())
    yield from projects
    yield from maker.boards()
    first = maker.first()
    yield from first
    made = len(projects) + 2 + len(first)
    while made < count:
        for task in maker.next():
            yield task
            made += 1


class Maker:
    """Makes tasks around today."""

    def __init__(self, context: Context, random: Random, count: int) -> None:
        self.context = context
        self.random = random
        self.known: dict[str, str] = {"": ""}
        self.tags: dict[str, str] = dict(
            zip(TAGS, context.store.tag_ids(TAGS), strict=True)
        )
        self.today: date = context.today()
        self.now: datetime = context.now().replace(second=0, microsecond=0)
        soon = self.today + DAY * 8
        self.trip = soon + DAY * ((FRIDAY - soon.weekday()) % 7)
        self.order = self.now.timestamp() - 100 * 86400
        self.ahead = max(60, min(720, count // 12))
        self.due_today = min(20, count // 250)
        self.late = min(5, count // 800)
        self.titles = [titles(parts, random) for _, _, parts in AREAS]
        self.parts = titles(PARTS, random)
        self.weights = tuple(accumulate(often for _, often, _ in AREAS))

    def id(self, at: float) -> str:
        """An id as of a moment, so that ids sort as they would."""
        return encode_id(int(at * 1000) << 80 | self.random.getrandbits(80))

    def projects(self) -> Iterator[Project]:
        """The projects tasks belong to."""
        for place, (name, parent, color, icon, sections, notes) in enumerate(PROJECTS):
            project = Project(
                id=self.id(self.order + place), name=name, parent=self.known[parent] or None,
                color=color, icon=icon, sections=sections, notes=notes, order=float(place),
            )  # fmt: skip
            self.known[name] = project.id
            yield project

    def boards(self) -> Iterator[Board]:
        """Two boards to begin with."""
        yield Board(id=self.id(self.order + 10),
            name="Kanban", icon="▤", group_by="status", order=1.0,
            columns=(
                BoardColumn(name="To do", value="open", sets_status="open"),
                BoardColumn(name="Waiting", value="waiting", sets_status="waiting", limit=5),
                BoardColumn(name="Done", value="done", sets_status="done"),
            ),
        )  # fmt: skip
        yield Board(
            id=self.id(self.order + 11), name="Priority", icon="▥", group_by="priority", order=2.0
        )  # fmt: skip

    # --- by hand ---

    def first(self) -> list[Task]:
        """The tasks written by hand, what comes before what, and the turns of one."""
        made: dict[str, Task] = {}
        for place, sample in enumerate(TASKS):
            made[sample.title] = self._written(sample, place, made)
        pairs = [(made[one], made[s.title]) for s in TASKS for one in s.after]
        for one, other in pairs:
            if one.live:
                made[other.title] = replace(made[other.title], blocked=True)
        ends = dict.fromkeys(task.title for pair in pairs for task in pair)
        self.context.store.put_many([made[title] for title in ends])  # a link needs both
        for one, other in pairs:
            self.context.store.link(one, "blocks", other)
        return [*made.values(), *self._turns(made["Water the plants"])]

    def _written(self, sample: Sample, place: int, made: dict[str, Task]) -> Task:
        """A task from its data; the first ones were made last and stand first by hand."""
        at = self.now - timedelta(hours=9.5 * (place + 1))
        due = self._due(sample)
        late = min((day for day in (due, self._ago(sample)) if day), default=self.today)
        at = min(at, datetime.combine(late, time(8), self.context.zone) - DAY * 2)
        length = timedelta(minutes=sample.est) or None
        task = Task(
            id=self.id(at.timestamp()), title=sample.title, notes=sample.notes,
            status=sample.status, priority=sample.prio, project=self.known[sample.project] or None, section=sample.section,
            parent=made[sample.parent].id if sample.parent else None,
            start=self._on(sample.start), due=due, due_time=clock(sample.at), estimate=length,
            actual=timedelta(minutes=sample.actual) or None, waiting_for=sample.who,
            waiting_until=self._on(sample.until), people=sample.people, place=sample.place,
            repeat=sample.repeat, repeat_from=sample.repeat_from, remind=sample.remind,
            repeat_day=due if sample.repeat else None, repeat_anchor=due if sample.repeat else None,
            tags=tuple(sorted(self.tags[name] for name in sample.tags)),
            order=self.order + 60 + place, created=at.astimezone(UTC),
        )  # fmt: skip
        if sample.block:
            days, begin = sample.block
            task = replace(task, scheduled=self._workday(days), scheduled_time=clock(begin),
                           scheduled_length=length)  # fmt: skip
        if sample.done:
            task = self._done(task, *sample.done, dropped=sample.dropped)
        return task

    def _due(self, sample: Sample) -> date | None:
        if sample.trip is not None:
            return self.trip + DAY * sample.trip
        if sample.due is not None and sample.due > 0 and sample.project in WORK:
            return self._workday(sample.due)
        return self._on(sample.due)

    def _on(self, days: int | None) -> date | None:
        return None if days is None else self.today + DAY * days

    def _workday(self, days: int) -> date:
        """A day ahead; the Monday after it where that is a weekend. Today stays today."""
        day = self.today + DAY * days
        return day + DAY * (7 - day.weekday()) if days and day.weekday() > FRIDAY else day

    def _ago(self, sample: Sample) -> date | None:
        return sample.done and self.today - DAY * sample.done[0]

    def _done(self, task: Task, ago: int, at: str, *, dropped: bool = False) -> Task:
        """The task as it was finished at a time of day, if that is over already."""
        day = self.today - DAY * ago
        when = datetime.combine(day, time.fromisoformat(at), self.context.zone)
        when = min(when, self.now - timedelta(minutes=1))
        return finished(task, when.astimezone(UTC), day, dropped=dropped)

    def _turns(self, task: Task) -> Iterator[Task]:
        """The times a repeating task was done before, one of them a day late."""
        for turn in range(1, TURNS + 1):
            due = self.today - DAY * 3 * turn
            made = replace(task, id=self.id(self.order + 30 + turn), series=task.id, due=due, repeat="",
                           repeat_day=None, repeat_anchor=None, actual=timedelta(minutes=8 + turn))  # fmt: skip
            yield self._done(made, 3 * turn - (turn == 3), "19:05")

    # --- put together ---

    def next(self) -> Iterator[Task]:
        """One more task, sometimes with its parts."""
        chance = self.random
        area = chance.choices(range(len(AREAS)), cum_weights=self.weights)[0]
        project = AREAS[area][0]
        task = self._plan(self._task(next(self.titles[area]), project), TAGGED[project])
        kind = chance.random()
        if kind < 0.6:
            task = self._history(task)
        elif kind < 0.64:
            task = replace(task, status="waiting", due=None, waiting_for=chance.choice(PEOPLE),
                           waiting_until=self._ahead() if chance.random() < 0.7 else None)  # fmt: skip
        elif kind < 0.74:
            task = replace(task, status="someday", due=None)
        elif task.due is not None:
            task = self._open(task)
        yield task
        if chance.random() < 0.1:
            yield from self._parts(task)

    def _task(self, title: str, project: str) -> Task:
        self.order += 60 * self.random.random()
        return Task(
            id=self.id(self.order), title=title, order=self.order + 3600,
            project=self.known[project] or None, created=datetime.fromtimestamp(int(self.order), UTC),
        )  # fmt: skip

    def _plan(self, task: Task, tags: tuple[str, ...]) -> Task:
        """Priority, tags, a day and a length, each only now and then."""
        chance = self.random
        due = self._ahead() if chance.random() < 0.5 else None
        names = {chance.choice(tags)} if chance.random() < 0.45 else ()
        length = (
            timedelta(minutes=chance.choice(MINUTES)) if chance.random() < 0.5 else None
        )
        return replace(
            task, due=due, estimate=length, notes=chance.choice(NOTES),
            priority=chance.choices((1, 2, 3, 4), (1, 4, 12, 4))[0],
            tags=tuple(sorted(self.tags[name] for name in names)),
            start=self._ahead() if due is None and chance.random() < 0.05 else None,
        )  # fmt: skip

    def _open(self, task: Task) -> Task:
        """An open task with a day: a few are due today or late, some have a time, some repeat."""
        chance = self.random
        if self.late:
            self.late -= 1
            return replace(task, due=self.today - DAY * chance.randint(1, 6))
        if self.due_today:
            self.due_today -= 1
            return replace(task, due=self.today)
        if chance.random() < 0.15:
            at = time(chance.randint(9, 17), chance.choice((0, 30)))
            return replace(task, due_time=at, remind=(chance.choice((10, 30, 60)),))
        if chance.random() < 0.06:
            rule, since = chance.choice(RULES)
            return replace(task, repeat=rule, repeat_from=since, repeat_day=task.due,
                           repeat_anchor=task.due)  # fmt: skip
        return task

    def _history(self, task: Task) -> Task:
        """Done some time in the last year, mostly lately, mostly in time."""
        chance = self.random
        ago = 1 + int(365 * chance.random() ** 1.3)
        day = self.today - DAY * ago
        at = datetime.combine(
            day, time(chance.randint(8, 20), chance.randint(0, 59)), self.context.zone
        )
        due = day + DAY * chance.randint(-1, 6) if task.due else None
        spent = timedelta(minutes=chance.choice(MINUTES))
        task = replace(task, due=due, start=None, actual=spent)
        return finished(task, at.astimezone(UTC), day, dropped=chance.random() < 0.04)

    def _parts(self, task: Task) -> Iterator[Task]:
        for title in islice(self.parts, self.random.randint(2, 4)):
            part = replace(self._task(title, ""), parent=task.id, project=task.project)
            if task.done_at is not None:
                yield finished(part, task.done_at, task.done_at.date())
            else:
                yield part

    def _ahead(self) -> date:
        """A day to come, sooner rather than later, on the weekend only now and then."""
        chance = self.random
        days = 1 + int(self.ahead * chance.random() ** 1.4)
        return self._workday(days) if chance.random() < 0.8 else self.today + DAY * days


def clock(text: str) -> time | None:
    """A time of day from its text, or none."""
    return time.fromisoformat(text) if text else None


def titles(parts: tuple[tuple[str, ...], ...], random: Random) -> Iterator[str]:
    """Every combination of these words once, mixed, the things in turn; then again."""
    begins, things, ends = parts
    heaps: list[list[str]] = []
    for thing in things:
        heap = [f"{begin} {thing} {end}".strip() for begin in begins for end in ends]
        random.shuffle(heap)
        heaps.append(heap)
    while True:
        for turn in zip(*heaps, strict=True):
            yield from random.sample(turn, len(turn))
