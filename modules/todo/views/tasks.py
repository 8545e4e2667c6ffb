"""The task list: what is due, what comes, what waits, in tabs; parts under their tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from msgspec.structs import replace
from rich.text import Text

from modules.sdk.context import Context
from modules.sdk.ui.ids import Groups, Ids
from modules.sdk.ui.list import Group, ListColumn, ListView, Loaded, Sort, Tab
from modules.sdk.ui.view import Action, View
from modules.todo import kin, queries, wording
from modules.todo.model import Project, Task, is_hidden, is_overdue
from storage.query import Query
from storage.store import Store
from storage.tag import Tag

BRANCH = "└ "
MOST_IN_TREE = 20_000
"""Beyond so many rows parts stay where their own order puts them."""


# --- cells ---------------------------------------------------------------------------------


def _ascii(view: Any) -> bool:
    return view.glyphs.todo != "☐"


def _mark(task: Task, view: Any) -> str:
    return wording.mark(task, ascii_only=_ascii(view))


def _bang(task: Task, view: Any) -> str:
    return wording.bang(task, ascii_only=_ascii(view))


def _title(task: Task, view: Any) -> Text:
    depth = view.depths.get(task.id, 0)
    branch = "` " if _ascii(view) else BRANCH
    text = Text("  " * (depth - 1) + branch if depth else "", end="")
    text.append(task.title)
    done, total = view.progress.get(task.id, (0, 0))
    if total:
        text.append(f" {done}/{total}", "faint")
    if task.waiting_for:
        text.append(f" {view.glyphs.arrow} {task.waiting_for}", "muted")
    if task.notes:
        text.append(" ≡" if not _ascii(view) else " =", "faint")
    return text


def _due(task: Task, view: Any) -> Text | str:
    said = wording.when(task, view.today)
    if is_overdue(task, view.today):
        return Text(f"{view.glyphs.warn} {said}", "error")
    return Text(said, "today") if task.live and task.due == view.today else said


def _project(task: Task, view: Any) -> str:
    return view.paths.get(task.project or "", "").rpartition("/")[2]


def _tags(task: Task, view: Any) -> str:
    sign = view.glyphs.tag
    return " ".join(sign + view.names[tag] for tag in task.tags if tag in view.names)


def _estimate(task: Task, view: Any) -> str:
    return wording.length(task.estimate)


COLUMNS = (
    ListColumn("", 3, _mark),
    ListColumn("", 3, _bang, style="warning"),
    ListColumn("Title", 0, _title, least=18),
    ListColumn("Due", 14, _due, style="muted", priority=1),
    ListColumn("Project", 14, _project, style="secondary", priority=3),
    ListColumn("Tags", 16, _tags, style="accent", priority=4),
    ListColumn("Takes", 5, _estimate, align="right", style="faint", priority=2),
)


# --- tabs ------------------------------------------------------------------------------------


def _day_label(value: date | None, view: Any) -> str:
    return wording.heading(value, view.today)


def _project_label(value: str | None, view: Any) -> str:
    return view.paths.get(value or "", "Inbox")


BY_DAY = Group("due", _day_label)
BY_PROJECT = Group("project", _project_label)

TABS = (
    Tab("today", "Today", lambda view: queries.today(view.today),
        empty="Nothing asks for you today. Press a to add a task, or ) to see what comes."),
    Tab("upcoming", "Upcoming", lambda view: queries.upcoming(view.today), BY_DAY,
        empty="Nothing is due in the days to come. Give a task a day with D."),
    Tab("inbox", "Inbox", lambda view: queries.inbox(view.today),
        empty="The inbox is empty: every task has its project."),
    Tab("projects", "Projects", lambda view: queries.with_project(view.today), BY_PROJECT,
        empty="No task has a project yet. M moves tasks to one, and makes it if needed."),
    Tab("waiting", "Waiting", lambda _view: queries.waiting(),
        empty="You wait for nobody. w puts a task aside until somebody answers."),
    Tab("someday", "Someday", lambda _view: queries.someday(),
        empty="Nothing is kept for one day. f puts a task here, r takes it back."),
    Tab("done", "Done", lambda _view: queries.done(), empty="Nothing is done yet."),
    Tab("all", "All", lambda _view: queries.everything(),
        empty="No tasks yet. Press a to add one, or import: mana import todo.txt"),
)  # fmt: skip
TREES = frozenset({"inbox", "projects", "someday", "all", "project"})
"""Tabs in which parts stand under their task, whatever their own order."""


class TasksView(ListView):
    """Tasks in tabs. With the option `project` it shows that project alone."""

    record = Task
    columns = COLUMNS
    tabs: ClassVar[tuple[Tab, ...]] = TABS
    sorts: ClassVar[tuple[Sort, ...]] = (
        Sort("due", "by due day", queries.SORTS["due"]),
        Sort("priority", "by priority", queries.SORTS["priority"]),
        Sort("title", "by title", ("title",)),
        Sort("created", "newest first", ("-created",)),
        Sort("order", "by hand", ("order",)),
        Sort("estimate", "shortest first", ("estimate",)),
    )
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *ListView.ACTIONS,
        Action("task.up", "Move up by hand", ("{",)),
        Action("task.down", "Move down by hand", ("}",)),
        Action("task.why", "Why now?", ("W",)),
    )
    empty = "Tasks live here. Press a to add the first one."

    def __init__(self, context: Context, **options: Any) -> None:
        self.project = str(options.get("project", ""))
        self.project_id = ""
        if self.project:
            self.tabs = (Tab("project", self.project, _of_project),)  # type: ignore[misc]
        super().__init__(context, **options)
        self.reads = (Task, Project, Tag)
        self.names: dict[str, str] = {}
        self.paths: dict[str, str] = {}
        self.depths: dict[str, int] = {}
        self.progress: dict[str, tuple[int, int]] = {}

    @property
    def today(self) -> date:
        """The local day that words such as `tomorrow` count from."""
        return self.context.today()

    # --- loading, in a thread ---------------------------------------------------------------

    def load(self, store: Store) -> Loaded:
        """Names of tags and projects first: rows show them."""
        self.names, self.paths = store.tag_names(), queries.paths(store)
        if self.project:
            found = queries.find_project(store, self.project)
            self.project_id = found.id if found else ""
        return super().load(store)

    def _head(self, store: Store, query: Query[Any]) -> Loaded:
        loaded = super()._head(store, query)
        loaded = self._treed(store, query, loaded) if loaded.complete else loaded
        self.progress = kin.progress(store, list(loaded.ids))
        return loaded

    def _whole(self, store: Store, query: Query[Any]) -> Loaded:
        return self._treed(store, query, super()._whole(store, query))

    def _read(self, store: Store, ids: Ids, page: int) -> list[Any]:
        found = super()._read(store, ids, page)
        here = [task.id for task in found if task is not None]
        self.progress = {**self.progress, **kin.progress(store, here)}
        return found

    def _treed(self, store: Store, query: Query[Any], loaded: Loaded) -> Loaded:
        """The same rows, each part under its task where both are here."""
        self.depths = {}
        name = self.tabs[self.tab].name
        if self.sort or name not in TREES or len(loaded.ids) > MOST_IN_TREE:
            return loaded
        group = self.grouping(query)
        rows = store.values(query, "id", "parent", group.field if group else "status")
        order, depths = as_tree(rows)
        if order == [row[0] for row in rows]:
            self.depths = depths
            return loaded
        self.depths = depths
        ids = Ids(order)
        labels = {row[0]: group.label(row[2], self) for row in rows} if group else {}
        groups = Groups(labels[id] for id in order) if group else loaded.groups
        known = {r.id: r for page in loaded.pages.values() for r in page if r is not None}
        pages = (
            {0: [known[id] for id in order]}
            if loaded.fresh
            else self._pages_near(store, ids)
        )
        return replace(loaded, ids=ids, groups=groups, pages=pages)

    # --- drawing ------------------------------------------------------------------------------

    def row_style(self, record: Task) -> str:
        """Done ones struck, blocked and hidden ones pale."""
        if not record.live:
            return "done"
        return "muted" if record.blocked or is_hidden(record, self.today) else ""

    # --- actions --------------------------------------------------------------------------------

    def act_task_up(self, count: int = 1) -> bool:
        """Before the task above, by hand."""
        return self._beside(-count, "before")

    def act_task_down(self, count: int = 1) -> bool:
        """After the task below, by hand."""
        return self._beside(count, "after")

    def _beside(self, step: int, where: str) -> bool:
        here = self.rows.cursor
        other = self.ids.at(here + step)
        if not other or not self.cursor_id or here + step < 0:
            return False
        values = {"tasks": [self.cursor_id], "where": where, "other": other}
        self.post_message(View.Run("todo.reorder", values))
        return True

    def act_task_why(self) -> bool:
        """Show the reasons for the place of the task under the cursor."""
        if not self.cursor_id:
            return False
        self.open(self.current)
        return True


def _of_project(view: Any) -> Query[Task]:
    return queries.in_project(view.project_id)


def as_tree(rows: Sequence[tuple[Any, ...]]) -> tuple[list[str], dict[str, int]]:
    """Ids so that each part follows its task, and how deep each stands.

    Rows are (id, parent, group): a part moves only within its group.
    """
    group = {row[0]: row[2] for row in rows}
    under: dict[str, list[str]] = {}
    tops: list[str] = []
    for id, parent, own, *_ in rows:
        if parent in group and group[parent] == own:
            under.setdefault(parent, []).append(id)
        else:
            tops.append(id)
    order: list[str] = []
    depths: dict[str, int] = {}
    waiting = [(id, 0) for id in reversed(tops)]
    while waiting:
        id, depth = waiting.pop()
        order.append(id)
        if depth:
            depths[id] = depth
        waiting += [(part, depth + 1) for part in reversed(under.pop(id, ()))]
    for lost in under.values():  # a circle of parents: nobody is lost
        order += lost
    return order, depths
