"""Questions asked of tasks: they run in the database, along indexes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Literal, get_args

import msgspec

from modules.todo.model import LIVE, Board, Project, Task
from storage.errors import NotFound, UserError
from storage.query import Condition, Query, col, matching, tagged
from storage.scope import Scope
from storage.store import Store

ViewName = Literal[
    "today", "upcoming", "inbox", "open", "overdue", "waiting", "someday", "done", "all"
]
VIEWS: tuple[ViewName, ...] = get_args(ViewName)
WEEK = 7
SAMPLES = 400
"""How many of the newest done tasks an estimate looks at."""
MOST_CARDS = 500
MOST_DONE = 100
"""How many tasks of each live state, and how many closed ones, a board reads."""

HAND = ("section", "blocked", "order")
RANK = ("rank", "order")
SORTS: dict[str, tuple[str, ...]] = {
    "due": ("due", *RANK),
    "priority": ("priority", "due", "order"),
    "title": ("title",),
    "created": ("-created",),
    "updated": ("-updated",),
    "order": ("order",),
    "project": ("project", "order"),
    "done": ("-done_at",),
    "estimate": ("estimate",),
    "scheduled": ("scheduled", "scheduled_time"),
}


# --- the views --------------------------------------------------------------------------


def today(day: date) -> Query[Task]:
    """What asks for attention on a day: due or planned by then, or done waiting."""
    return Query(Task).where(col("attention") <= day).order(*RANK)


def upcoming(day: date, days: int | None = None) -> Query[Task]:
    """What is due after a day, soonest first; with `days`, within so many."""
    query = Query(Task).where(col("status") == "open", col("due") > day)
    if days is not None:
        query = query.where(col("due") <= day + timedelta(days=days))
    return query.order("due", *RANK)


def inbox(day: date) -> Query[Task]:
    """What no project holds yet; subtasks are with their parents."""
    return (
        Query(Task)
        .where(col("status") == "open", col("project").empty(), col("parent").empty())
        .where(_started(day))
        .order(*HAND)
    )


def in_project(project: str, *, closed: bool = False) -> Query[Task]:
    """A project's tasks by hand order; its closed ones when asked."""
    query = Query(Task).where(col("project") == project)
    if not closed:
        query = query.where(col("status").one_of(LIVE))
    return query.order(*HAND)


def with_project(day: date) -> Query[Task]:
    """Every open task that a project holds, project by project."""
    return (
        Query(Task)
        .where(col("status") == "open", col("project").filled())
        .where(_started(day))
        .order("project", *HAND)
    )


def waiting() -> Query[Task]:
    """What waits for somebody or something, the next to come back first."""
    return Query(Task).where(col("status") == "waiting").order(*RANK)


def someday() -> Query[Task]:
    """What is kept for one day."""
    return Query(Task).where(col("status") == "someday").order(*RANK)


def done() -> Query[Task]:
    """What is done or dropped, newest first."""
    return Query(Task).where(col("done_at").filled()).order("-done_at")


def everything() -> Query[Task]:
    """Every task there is, the newest first."""
    return Query(Task).order("-id")


def active(day: date) -> Query[Task]:
    """What can be done now: open and begun; soonest first, blocked ones last."""
    return Query(Task).where(col("status") == "open").where(_started(day)).order(*RANK)


def view(name: ViewName, day: date) -> Query[Task]:
    """One of the named views as a query."""
    if name == "today":
        return today(day)
    if name == "upcoming":
        return upcoming(day)
    if name == "inbox":
        return inbox(day)
    if name in ("open", "overdue"):
        return active(day) if name == "open" else overdue(day)
    return {"waiting": waiting, "someday": someday, "done": done, "all": everything}[name]()


def _started(day: date) -> Condition:
    return col("start").empty() | (col("start") <= day)


def narrowed(
    query: Query[Task],
    *,
    project: str | None = None,
    tags: Sequence[str] = (),
    priority: int | None = None,
    text: str = "",
    due_from: date | None = None,
    due_to: date | None = None,
) -> Query[Task]:
    """The same view with filters: every one given must hold; every tag must be there."""
    if project is not None:
        query = query.where(col("project") == project)
    for tag in tags:
        query = query.where(tagged(tag))
    if priority is not None:
        query = query.where(col("priority") == priority)
    if text:
        query = query.where(matching(text))
    if due_from is not None:
        query = query.where(col("due") >= due_from)
    if due_to is not None:
        query = query.where(col("due") <= due_to)
    return query


def overdue(day: date) -> Query[Task]:
    """Open and due before a day."""
    return Query(Task).where(col("status") == "open", col("due") < day).order("due", *RANK)


def due_on(day: date) -> Query[Task]:
    """Open and due on a day."""
    return Query(Task).where(col("status") == "open", col("due") == day).order(*RANK)


class Stats(msgspec.Struct, frozen=True, kw_only=True):
    """How many tasks there are, by what they ask; `upcoming` is tomorrow and the six days
    after it and one more: seven days ahead."""

    total: int
    open: int
    waiting: int
    someday: int
    completed: int
    dropped: int
    overdue: int
    today: int
    upcoming: int
    done_today: int


def stats(store: Store, day: date, since: Any) -> Stats:
    """Counts for a day; `since` is its first instant."""
    by_status = store.groups(Query(Task), "status")
    finished = Query(Task).where(col("status") == "done", col("done_at") >= since)
    return Stats(
        total=sum(by_status.values()),
        open=by_status.get("open", 0),
        waiting=by_status.get("waiting", 0),
        someday=by_status.get("someday", 0),
        completed=by_status.get("done", 0),
        dropped=by_status.get("dropped", 0),
        overdue=store.count(overdue(day)),
        today=store.count(due_on(day)),
        upcoming=store.count(upcoming(day, WEEK)),
        done_today=store.count(finished),
    )


# --- projects, boards, samples ----------------------------------------------------------------


def projects(store: Store, *, archived: bool = False) -> list[Project]:
    """Every project, by hand order and name; archived ones when asked."""
    query = Query(Project)
    if not archived:
        query = query.where(col("archived") == False)  # noqa: E712 - a condition, not a test
    return store.all(query.order("order", "name"))


def paths(store: Store) -> dict[str, str]:
    """Each project's id and full name: `Work/Website`."""
    known = {p.id: p for p in projects(untagged(store), archived=True)}
    return {one: path_of(one, known) for one in known}


def path_of(id: str, known: dict[str, Project]) -> str:
    """A project's full name, its parents first."""
    names: list[str] = []
    seen: set[str] = set()
    while id in known and id not in seen:
        seen.add(id)
        names.append(known[id].name)
        id = known[id].parent or ""
    return "/".join(reversed(names))


def find_project(store: Store, name: str) -> Project | None:
    """A project by id, short id, full name, or own name if only one has it."""
    wanted = name.strip().strip("/").casefold()
    known = {p.id: p for p in projects(untagged(store), archived=True)}
    for project in known.values():
        if wanted in (project.id, project.short.casefold()):
            return project
    named = {one: path_of(one, known).casefold() for one in known}
    fits = [known[one] for one, path in named.items() if path == wanted]
    fits = fits or [p for p in known.values() if p.name.casefold() == wanted]
    if len(fits) > 1:
        both = ", ".join(sorted(path_of(p.id, known) for p in fits))
        raise UserError(f"Several projects are called {name!r}.", hint=f"one of: {both}")
    return fits[0] if fits else None


def find_path(store: Store, path: str) -> Project | None:
    """A project by its full name alone."""
    named = paths(store)
    wanted = path.casefold()
    found = next((one for one, name in named.items() if name.casefold() == wanted), None)
    return store.get(Project, found) if found else None


def project(store: Store, name: str) -> Project:
    """The same, or NotFound naming what there is."""
    found = find_project(store, name)
    if found is None:
        names = ", ".join(sorted(paths(store).values())[:10]) or "none yet"
        raise NotFound(f"There is no project {name!r}.", hint=f"projects: {names}")
    return found


def boards(store: Store) -> list[Board]:
    """Every board, by hand order."""
    return store.all(Query(Board).order("order", "name"))


def board(store: Store, name: str) -> Board:
    """A board by id, short id or name; NotFound."""
    wanted = name.strip().casefold()
    for found in boards(store):
        if wanted in (found.id, found.short.casefold(), found.name.casefold()):
            return found
    names = ", ".join(one.name for one in boards(store)) or "none yet"
    raise NotFound(f"There is no board {name!r}.", hint=f"boards: {names}")


def board_tasks(store: Store, board: Board) -> list[Task]:
    """The tasks a board may show, the most pressing first; of closed ones the newest."""
    query = Query(Task)
    if board.project:
        query = query.where(col("project") == board.project)
    found: list[Task] = []
    for status in LIVE:
        found += store.all(
            query.where(col("status") == status).order(*RANK).limit(MOST_CARDS)
        )
    if board.group_by != "status":
        return found
    closed = query.where(col("done_at").filled()).order("-done_at")
    return found + store.all(closed.limit(MOST_DONE))


def find_tags(store: Store, names: Sequence[str]) -> tuple[str, ...]:
    """The ids of tags by name, or NotFound naming the one there is not."""
    known = {name.casefold(): tag for tag, name in store.tag_names().items()}
    found: list[str] = []
    for name in names:
        tag = known.get(name.strip().lstrip("#").casefold())
        if tag is None:
            raise NotFound(f"There is no tag {name!r}.", hint="mana tag list shows them")
        found.append(tag)
    return tuple(found)


def done_samples(store: Store) -> Iterable[tuple[Any, ...]]:
    """(title, priority, tags, actual, estimate) of the newest done tasks."""
    finished = Query(Task).where(col("done_at").filled(), col("status") == "done")
    query = finished.order("-done_at").limit(SAMPLES)
    return store.values(query, "title", "priority", "tags", "actual", "estimate")


def untagged(store: Store) -> Store:
    """The same store without the scene's tags: project names must always be found."""
    scope: Scope = store.scope
    return store.within(msgspec.structs.replace(scope, tags=())) if scope.tags else store
