"""One task whole: facts, parts, what comes first, why it stands where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar, get_args

from modules.sdk.command import Command
from modules.sdk.context import Context
from modules.sdk.ui.cells import clean, fit
from modules.sdk.ui.detail import LABEL, DetailView, Other, Shown
from modules.sdk.ui.page import PageLine
from modules.sdk.ui.view import View
from modules.todo import kin, wording
from modules.todo.commands.reading import TaskPage, page
from modules.todo.commands.writing import Clearable
from modules.todo.model import PRIORITIES, Project, Task
from modules.todo.show import family_order, indents
from modules.todo.urgency import Urgency
from storage.store import Store

CLEARABLE = frozenset(get_args(Clearable))
ALWAYS = ("status", "due", "priority", "project", "estimate")
SHOWN = (
    "status", "due", "due_time", "due_zone", "repeat", "repeat_from", "start", "scheduled",
    "scheduled_time", "scheduled_length", "priority", "project", "section", "parent", "estimate",
    "actual", "waiting_for", "waiting_until", "people", "place", "remind", "done_at", "was_late",
    "notes",
)  # fmt: skip
MANY = 50


class TaskDetail(DetailView):
    """A task: only facts that say something, its parts, its reasons."""

    fields: ClassVar[Sequence[str]] = SHOWN
    edit_command: ClassVar[str] = "todo.edit"

    def __init__(
        self, context: Context, *, record: type[Task] = Task, id: str, **options: Any
    ):
        super().__init__(context, record=record, id=id, **options)
        self.reads = (*self.reads, Project)
        self.more: TaskPage | None = None
        self.ranked: Urgency | None = None

    def load(self, store: Store) -> Shown:
        """The task with everything around it."""
        shown = super().load(store)
        task: Any = shown.record
        self.more = page(self.context, task)
        self.ranked = kin.rank(store, [task], self.context.today())[task.id]
        return shown

    @property
    def shown_fields(self) -> list[Any]:
        """Facts that say something; a few also when they are empty."""
        assert self.shown is not None
        task = self.shown.record
        blank = Task(title="-")
        return [
            param
            for param in super().shown_fields
            if param.name in ALWAYS
            or param.extra.get("multiline")
            or getattr(task, param.name) != getattr(blank, param.name)
        ]

    def say(self, name: str, value: Any) -> str:
        """Days as people say them, priority by name, the rule in words."""
        today = self.context.today()
        if name in ("due", "start", "scheduled", "waiting_until") and value is not None:
            late = f", {wording.day(value, today)}" if value < today else ""
            said = wording.heading(value, today) if value >= today else ""
            return (said or wording.date_of(value, today)) + late
        if name == "priority":
            return PRIORITIES.get(value or 0, "")
        if name == "repeat" and value and self.shown is not None:
            return wording.repeats(self.shown.record, self.context.locale)  # type: ignore[arg-type]
        if name == "remind":
            return ", ".join(f"{minutes} min before" for minutes in value or ())
        return super().say(name, value)

    # --- more than fields ------------------------------------------------------------------

    def sections(self) -> list[PageLine]:
        """Next days, parts, what comes before and after, why now, what an import kept."""
        if self.more is None or self.shown is None:
            return []
        task: Any = self.shown.record
        lines: list[PageLine] = []
        if self.more.next_days:
            said = ", ".join(
                wording.date_of(day, self.context.today()) for day in self.more.next_days
            )
            turns = f"  (done {self.more.turns} times before)" if self.more.turns else ""
            lines += [*self.section("Next days"), PageLine(((said + turns, ""),))]
        parts = family_order(task, self.more.subtasks)
        lines += self._tasks(f"Parts {self._progress()}", parts, nested=True)
        lines += self._tasks("Comes after", self.more.blockers)
        lines += self._tasks("Comes before", self.more.blocks)
        lines += self._why()
        if task.extra:
            lines += self.section("Kept from an import")
            lines += [
                self._fact(key, str(value))
                for key, value in list(task.extra.items())[:MANY]
            ]
        return lines

    def _progress(self) -> str:
        assert self.more is not None
        done = sum(not one.live for one in self.more.subtasks)
        return f"{done}/{len(self.more.subtasks)}"

    def _tasks(
        self, title: str, tasks: Sequence[Task], *, nested: bool = False
    ) -> list[PageLine]:
        if not tasks:
            return []
        depths = indents(tasks) if nested else {}
        today, lines = self.context.today(), self.section(title)
        for task in tasks[:MANY]:
            mark = wording.mark(task, ascii_only=self.glyphs.todo != "☐")
            due = wording.when(task, today)
            lines.append(
                PageLine(
                    (
                        (f"{'  ' * depths.get(task.id, 0)}{mark} ", "muted"),
                        (clean(task.title), "" if task.live else "done"),
                        (f"  {due}" if due else "", "faint"),
                    ),
                    target=Other("", "todo.task", task.id, task.title),
                )
            )
        if len(tasks) > MANY:
            lines.append(PageLine(((f"and {len(tasks) - MANY} more", "faint"),)))
        return lines

    def _why(self) -> list[PageLine]:
        if self.ranked is None or not self.ranked.parts:
            return []
        lines = self.section(f"Why now?  {self.ranked.total:.1f}")
        for part in self.ranked.parts:
            runs = (
                (fit(part.name, LABEL), "muted"),
                (f"{part.value:+6.1f}  ", "accent" if part.value > 0 else "warning"),
                (part.why, ""),
            )
            lines.append(PageLine(runs))
        return lines

    def _fact(self, name: str, value: str) -> PageLine:
        room = max(8, self.page.room - LABEL)
        more = self.glyphs.more
        return PageLine(
            ((fit(clean(name), LABEL, more), "muted"), (fit(clean(value), room, more), ""))
        )

    # --- editing -----------------------------------------------------------------------------

    def _values(self, command: Command[..., Any]) -> dict[str, Any]:
        """As the edit command takes them: reminders as lengths, the project by its name."""
        values = super()._values(command)
        assert self.shown is not None
        task: Any = self.shown.record
        values["remind"] = tuple(timedelta(minutes=minutes) for minutes in task.remind)
        values["project"] = self.more.project if self.more else None
        return values

    def on_form_done(self, event: Any) -> None:
        """An emptied field is cleared: the edit command takes nothing for no change."""
        (name,) = [name for name in event.values if name != "tasks"] or [""]
        if name in CLEARABLE and event.values[name] in (None, "", (), []):
            event.stop()
            values = {"tasks": [self.id_shown], "clear": [name]}
            self.post_message(View.Run("todo.edit", values))
            self._close(event.form)
            return
        super().on_form_done(event)
