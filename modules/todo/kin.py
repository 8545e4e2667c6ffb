"""Tasks and their kin: subtasks at any depth, and what must be done before what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from modules.todo.model import CLOSED, DEEPEST, LIVE, Task
from modules.todo.urgency import Urgency, urgency
from storage.link import Link
from storage.query import Query, col
from storage.store import Store

# --- families of tasks --------------------------------------------------------------------


def children(store: Store, ids: Sequence[str], *, live: bool = False) -> list[Task]:
    """The direct subtasks of some tasks, by hand order; one statement."""
    if not ids:
        return []
    query = Query(Task).where(col("parent").one_of(ids))
    if live:
        query = query.where(col("status").one_of(LIVE))
    return store.all(query.order("order"))


def descendants(store: Store, id: str) -> list[Task]:
    """Every subtask at any depth, level by level; one statement a level."""
    found: list[Task] = []
    seen, level = {id}, [id]
    for _ in range(DEEPEST):
        under = [task for task in children(store, level) if task.id not in seen]
        if not under:
            break
        found += under
        level = [task.id for task in under]
        seen.update(level)
    return found


def ancestors(store: Store, task: Task) -> list[Task]:
    """Its parent, the parent's parent, … up to the top."""
    found: list[Task] = []
    seen = {task.id}
    while task.parent and task.parent not in seen and len(found) < DEEPEST:
        above = store.find(Task, task.parent)
        if above is None:
            break
        seen.add(above.id)
        found.append(above)
        task = above
    return found


def progress(store: Store, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """(done, all) direct subtasks of each of these tasks that has any."""
    counts: dict[str, tuple[int, int]] = {}
    if not ids:
        return counts
    query = Query(Task).where(col("parent").one_of(ids))
    for parent, status in store.values(query, "parent", "status"):
        finished, total = counts.get(parent, (0, 0))
        counts[parent] = (finished + (status in CLOSED), total + 1)
    return counts


def history(store: Store, task: Task) -> Query[Task]:
    """The finished turns of a repeating task, newest first."""
    return Query(Task).where(col("series") == (task.series or task.id)).order("-done_at")


# --- what comes first -----------------------------------------------------------------------


def blocks(store: Store, ids: Sequence[str]) -> list[Link]:
    """`blocks` links between tasks that start or end at one of these."""
    if not ids:
        return []
    ends = col("from_id").one_of(ids) | col("to_id").one_of(ids)
    links = store.all(Query(Link).where(ends, col("verb") == "blocks"))
    return [link for link in links if link.from_kind == link.to_kind == "todo.task"]


def blockers(store: Store, task: str) -> list[Task]:
    """The tasks that come before this one, done or not."""
    ids = [link.from_id for link in blocks(store, [task]) if link.to_id == task]
    return store.many(Task, ids)


def blocked_by(store: Store, task: str) -> list[Task]:
    """The tasks that wait for this one, done or not."""
    ids = [link.to_id for link in blocks(store, [task]) if link.from_id == task]
    return store.many(Task, ids)


def comes_before(store: Store, one: str, other: str) -> bool:
    """Whether a chain of `blocks` leads from one task to the other."""
    level, seen = [one], {one}
    while level:
        ahead = {link.to_id for link in blocks(store, level) if link.from_id in seen} - seen
        if other in ahead:
            return True
        seen |= ahead
        level = list(ahead)
    return one == other


def rank(store: Store, tasks: Sequence[Task], day: date) -> dict[str, Urgency]:
    """How pressing each of these tasks is; two statements, however many there are."""
    waiting: dict[str, int] = {}
    ids = [task.id for task in tasks]
    links = [link for link in blocks(store, ids) if link.from_id in set(ids)]
    behind = {t.id for t in store.many(Task, list({one.to_id for one in links})) if t.live}
    for link in links:
        if link.to_id in behind:
            waiting[link.from_id] = waiting.get(link.from_id, 0) + 1
    return {
        task.id: urgency(
            task, day, blocking=waiting.get(task.id, 0), born=task.created.date()
        )
        for task in tasks
    }


def by_urgency(store: Store, tasks: Sequence[Task], day: date) -> list[Task]:
    """The most pressing first."""
    ranked = rank(store, tasks, day)
    return sorted(tasks, key=lambda task: (-ranked[task.id].total, task.order))
