"""Sample tasks that look like somebody's life; the same for the same random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from msgspec.structs import replace

from modules.sdk.context import Context
from modules.todo.model import Board, BoardColumn, Project, Task, finished
from storage.record import Record, encode_id

PROJECTS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("Home", "", "#3B82F6", ("Kitchen", "Garden")),
    ("Work", "", "#F59E0B", ()),
    ("Website", "Work", "#10B981", ("Design", "Launch")),
    ("Health", "", "#EF4444", ()),
    ("Trip to Lisbon", "", "#8B5CF6", ("Before", "There")),
    ("Garden shed", "Home", "#84CC16", ()),
)
TAGS = ("home", "errands", "calls", "deep-work", "waiting", "quick")
VERBS = (
    "Call", "Write to", "Meet", "Thank", "Ask", "Send the figures to", "Plan the week with",
    "Review the draft of", "Book a table with", "Prepare the talk with",
)  # fmt: skip
PEOPLE = (
    "Ada", "Björn", "Chiara", "Dmitri", "Elif", "Farid", "Grace", "Hannah", "Ines", "Jürg",
    "Kemal", "Lena", "Marco", "Noor", "Olga",
)  # fmt: skip
CHORES = (
    "Water the plants", "Pay the electricity bill", "Renew the passport", "Clean the gutters",
    "Order printer paper", "Back up the laptop", "Fix the bike's back light", "Buy oat milk",
    "Sort the tax receipts", "Change the bed linen", "Descale the kettle", "Return the library books",
    "Update the budget", "Mow the lawn", "Book the dentist", "Sharpen the kitchen knives",
    "Cancel the old phone contract", "Print the boarding passes", "Defrost the freezer",
    "Read the insurance letter", "Take the bottles away", "Empty the inbox", "Iron the shirts",
)  # fmt: skip
WORK = (
    "Fix the login on small screens", "Write the release notes", "Draft the offer for the bakery",
    "Measure the start-up time", "Answer the support mails", "Choose the new typeface",
    "Merge the payment branch", "Interview two testers", "Prepare the quarterly review",
    "Clean up the issue list", "Record the demo", "Move the site to the new server",
)  # fmt: skip
NOTES = (
    "", "", "", "", "Ask for the written confirmation.", "- [ ] old invoice\n- [ ] new address",
    "See https://example.org/guide before starting.", "Only in the morning.",
)  # fmt: skip
RULES = (
    ("FREQ=DAILY", "completion"), ("FREQ=WEEKLY", "schedule"), ("FREQ=MONTHLY", "schedule"),
    ("FREQ=WEEKLY;BYDAY=MO,TH", "schedule-not-past"), ("FREQ=DAILY;INTERVAL=3", "completion"),
)  # fmt: skip
MINUTES = (5, 10, 15, 30, 30, 45, 60, 90, 120)


def records(context: Context, count: int, random: Random) -> Iterator[Record]:
    """Projects, two boards, then tasks; `count` is about how many records there will be."""
    maker = Maker(context, random)
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

    def __init__(self, context: Context, random: Random) -> None:
        self.context = context
        self.random = random
        self.known: list[Project] = []
        self.tags = context.store.tag_ids(TAGS)
        self.today: date = context.today()
        self.now: datetime = context.now().replace(second=0, microsecond=0)
        self.order = self.now.timestamp() - 10_000_000

    def id(self) -> str:
        """An id as of the moment the next task was made, so that ids sort as they would."""
        return encode_id(int(self.order * 1000) << 80 | self.random.getrandbits(80))

    def projects(self) -> Iterator[Project]:
        """The projects tasks belong to."""
        known: dict[str, str] = {}
        for place, (name, parent, color, sections) in enumerate(PROJECTS):
            project = Project(
                id=self.id(),
                name=name,
                parent=known.get(parent),
                color=color,
                sections=sections,
                order=float(place),
            )
            known[name] = project.id
            self.known.append(project)
            yield project

    def boards(self) -> Iterator[Board]:
        """Two boards to begin with."""
        yield Board(id=self.id(),
            name="Kanban", icon="▤", group_by="status", order=1.0,
            columns=(
                BoardColumn(name="To do", value="open", sets_status="open"),
                BoardColumn(name="Waiting", value="waiting", sets_status="waiting", limit=5),
                BoardColumn(name="Done", value="done", sets_status="done"),
            ),
        )  # fmt: skip
        yield Board(id=self.id(), name="Priority", icon="▥", group_by="priority", order=2.0)

    def first(self) -> list[Task]:
        """A handful that show every side of a task, whatever the dice say."""
        day, chance = self.today, self.random
        launch = self._task(
            "Launch the new website", project=self.known[2].id, section="Launch", priority=1,
            due=day + timedelta(days=4), estimate=timedelta(hours=3),
        )  # fmt: skip
        text = self._task(
            "Write the front page", project=self.known[2].id, parent=launch.id, due=day,
            due_time=time(15, 0), remind=(30,), estimate=timedelta(minutes=90), priority=2,
            scheduled=day, scheduled_time=time(10, 0), scheduled_length=timedelta(minutes=90),
        )  # fmt: skip
        photo = self._task(
            "Choose the photographs", project=self.known[2].id, parent=launch.id
        )
        plants = self._task(
            "Water the plants", project=self.known[0].id, due=day, repeat="FREQ=DAILY;INTERVAL=3",
            repeat_from="completion", repeat_day=day, repeat_anchor=day, tags=self.tags[:1],
        )  # fmt: skip
        quote = self._task(
            "Get the quote for the shed roof", status="waiting", waiting_for="Jürg",
            waiting_until=day + timedelta(days=chance.randint(1, 5)), project=self.known[5].id,
        )  # fmt: skip
        late = self._task(
            "Pay the electricity bill", due=day - timedelta(days=2), priority=1
        )
        piano = self._task("Learn to play the piano", status="someday")
        bread = finished(
            self._task("Bake bread", actual=timedelta(minutes=50)), self.now, day
        )
        launch = replace(launch, blocked=True)
        self.context.store.put_many([launch, text])  # a link needs both its ends
        self.context.store.link(text, "blocks", launch)
        return [launch, text, photo, plants, quote, late, piano, bread]

    def next(self) -> Iterator[Task]:
        """One more task, sometimes with its parts."""
        chance = self.random
        task = self._plan(
            self._task(
                self._title(), priority=chance.choices((1, 2, 3, 4), (1, 3, 10, 3))[0]
            )
        )
        kind = chance.random()
        if kind < 0.5:
            task = self._history(task)
        elif kind < 0.56:
            task = replace(task, status="waiting", waiting_for=chance.choice(PEOPLE),
                           waiting_until=self._day(1, 30) if chance.random() < 0.7 else None)  # fmt: skip
        elif kind < 0.64:
            task = replace(task, status="someday", due=None, due_time=None)
        elif kind < 0.70 and task.due is not None:
            rule, repeater = chance.choice(RULES)
            task = replace(task, repeat=rule, repeat_from=repeater, repeat_day=task.due,
                           repeat_anchor=task.due)  # fmt: skip
        yield task
        if chance.random() < 0.12:
            yield from self._parts(task)

    def _task(self, title: str, **fields: object) -> Task:
        self.order += 60 * self.random.random()
        made = datetime.fromtimestamp(int(self.order), UTC)
        return replace(
            Task(id=self.id(), title=title, order=self.order, created=made), **fields
        )

    def _title(self) -> str:
        chance = self.random
        kind = chance.random()
        if kind < 0.4:
            return f"{chance.choice(VERBS)} {chance.choice(PEOPLE)}"
        return chance.choice(CHORES if kind < 0.75 else WORK)

    def _plan(self, task: Task) -> Task:
        """Project, tags, dates and lengths, each only now and then."""
        chance = self.random
        due = self._day(-8, 45) if chance.random() < 0.55 else None
        timed = due is not None and chance.random() < 0.2
        return replace(
            task,
            project=chance.choice(self.known).id if chance.random() < 0.6 else None,
            tags=tuple(sorted(chance.sample(self.tags, chance.choice((0, 0, 1, 1, 2))))),
            due=due,
            due_time=time(chance.randint(8, 18), chance.choice((0, 30))) if timed else None,
            remind=(chance.choice((10, 30, 60)),) if timed else (),
            start=self._day(1, 20) if due is None and chance.random() < 0.08 else None,
            estimate=timedelta(minutes=chance.choice(MINUTES))
            if chance.random() < 0.5
            else None,
            notes=chance.choice(NOTES),
            people=(chance.choice(PEOPLE),) if chance.random() < 0.1 else (),
        )

    def _history(self, task: Task) -> Task:
        """Done some time in the last year, mostly lately, mostly in time."""
        chance = self.random
        ago = timedelta(
            days=int(365 * chance.random() ** 1.3), minutes=chance.randint(0, 600)
        )
        at = self.now - ago
        task = replace(task, due=at.date() + timedelta(days=chance.randint(-2, 5)) if task.due else None,
                       due_time=None, remind=(), start=None,
                       actual=timedelta(minutes=chance.choice(MINUTES)))  # fmt: skip
        return finished(task, at, at.date(), dropped=chance.random() < 0.05)

    def _parts(self, task: Task) -> Iterator[Task]:
        for title in self.random.sample(CHORES, self.random.randint(1, 4)):
            part = self._task(
                title, parent=task.id, project=task.project, priority=task.priority
            )
            over = not task.live and task.done_at is not None
            done = over or self.random.random() < 0.4
            at = (task.done_at if over else None) or self.now
            yield finished(part, at, at.date()) if done else part

    def _day(self, low: int, high: int) -> date:
        return self.today + timedelta(days=self.random.randint(low, high))
