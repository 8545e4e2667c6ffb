"""What all importers of tasks need: projects and tags by name, links, and how much is too much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from modules.sdk.context import Context
from modules.sdk.slot import Rejected, stable_id
from modules.todo import queries
from modules.todo.model import DEEPEST, Project, Task
from storage.clean import clean_line
from storage.link import Link

MOST_TITLE = 1000
MOST_NOTES = 1_000_000
MOST_TAGS = 100
MOST_EXTRA = 200
RAW = 500
"""Characters of a refused item that are kept."""


def reject(item: str, reason: object, raw: str = "") -> Rejected:
    """One item that cannot be used, with the beginning of what it said."""
    return Rejected(item=item, reason=str(reason)[:300], raw=raw[:RAW])


def problem(task: Task) -> str:
    """Why a task from outside cannot be stored as it is; empty when it can."""
    if not task.title.strip():
        return "it has no title"
    if len(task.title) > MOST_TITLE:
        return f"its title is longer than {MOST_TITLE} characters"
    if len(task.notes) > MOST_NOTES:
        return "its notes are longer than a million characters"
    if len(task.tags) > MOST_TAGS:
        return f"it has more than {MOST_TAGS} tags"
    if len(task.extra) > MOST_EXTRA:
        return f"it has more than {MOST_EXTRA} further fields"
    return ""


class Names:
    """Projects and tags by name while one source is read; new ones are made as needed."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.store = context.store
        self._projects = {
            path.casefold(): id for id, path in queries.paths(context.store).items()
        }
        self._tags: dict[str, str] = {}

    def project(self, path: str) -> Iterator[Project]:
        """The projects of a path such as `Work/Website` that there are not yet, outer first."""
        above: str | None = None
        parts = [part.strip()[:200] for part in path.split("/") if part.strip()][:DEEPEST]
        for depth, name in enumerate(parts):
            key = "/".join(parts[: depth + 1]).casefold()
            if key not in self._projects:
                id = stable_id("todo.project", self.context.space.id, key)
                self._projects[key] = id
                yield Project(id=id, name=name, parent=above)
            above = self._projects[key]

    def project_id(self, path: str) -> str | None:
        """The id of a project that `project` made or found."""
        parts = [part.strip()[:200] for part in path.split("/") if part.strip()][:DEEPEST]
        return self._projects.get("/".join(parts).casefold())

    def tags(self, names: Iterable[str]) -> tuple[str, ...]:
        """Ids of tags, made where missing."""
        wanted = dict.fromkeys(filter(None, map(_tag_name, names)))
        missing = {
            name.casefold(): name for name in wanted if name.casefold() not in self._tags
        }
        if missing:
            made = self.store.tag_ids(missing.values())
            self._tags.update(zip(missing, made, strict=True))
        return tuple(dict.fromkeys(self._tags[name.casefold()] for name in wanted))


def _tag_name(text: str) -> str:
    """A name as the store keeps it."""
    return " ".join(clean_line(text[:200]).lstrip("#").split())


def blocks(context: Context, first: str, then: str) -> Link:
    """A link that says one task comes before another, always the same one."""
    return Link(
        id=stable_id("link", context.space.id, "blocks", first, then),
        verb="blocks", from_kind="todo.task", from_id=first, to_kind="todo.task", to_id=then,
    )  # fmt: skip


def without_loops(above: dict[str, str]) -> dict[str, str]:
    """Child to parent, leaving out what would make a task its own ancestor or lie too deep."""
    kept: dict[str, str] = {}
    for child, parent in above.items():
        steps, at = 1, parent
        while at in kept and steps <= DEEPEST and at != child:
            at = kept[at]
            steps += 1
        if at != child and steps < DEEPEST:
            kept[child] = parent
    return kept


def without_circles(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """(first, then) pairs, leaving out those that would close a circle."""
    after: dict[str, set[str]] = {}
    kept: list[tuple[str, str]] = []
    for first, then in pairs:
        if first != then and not _leads(after, then, first):
            after.setdefault(first, set()).add(then)
            kept.append((first, then))
    return kept


def _leads(after: dict[str, set[str]], start: str, end: str) -> bool:
    seen, open_ = {start}, [start]
    while open_:
        here = open_.pop()
        if here == end:
            return True
        ahead = after.get(here, set()) - seen
        seen |= ahead
        open_ += ahead
    return False


def with_relations(
    context: Context, tasks: list[Task], above: dict[str, str], pairs: list[tuple[str, str]]
) -> Iterator[Task | Link]:
    """The tasks with their parents and `blocked`, then the links between them."""
    known = {task.id: task for task in tasks}
    parents = without_loops({c: p for c, p in above.items() if p in known and c in known})
    ordered = without_circles((a, b) for a, b in pairs if a in known and b in known)
    behind = {then for first, then in ordered if known[first].live}
    for task in tasks:
        yield msgspec.structs.replace(
            task, parent=parents.get(task.id), blocked=task.live and task.id in behind
        )
    for first, then in ordered:
        yield blocks(context, first, then)


def leaving(context: Context, ids: tuple[str, ...] | None) -> list[Task]:
    """The tasks to export: those named, or all of the space by hand order."""
    if ids is not None:
        return [task for task in context.store.many(Task, ids) if task.deleted is None]
    return context.store.all(queries.everything().order("order"))


def order_of(line: int) -> float:
    """The place by hand of the n-th item of a source: before anything made later."""
    return 1_000_000.0 + line


def plain(value: Any) -> Any:
    """A value of an extra field as JSON can say it, cut where it is too deep."""
    return _plain(value, 0)


def _plain(value: Any, depth: int) -> Any:
    if depth > 10:
        return "…"
    if isinstance(value, dict):
        return {
            str(k)[:200]: _plain(v, depth + 1) for k, v in list(value.items())[:MOST_EXTRA]
        }
    if isinstance(value, list):
        return [_plain(v, depth + 1) for v in value[:1000]]
    if isinstance(value, str):
        return value[:MOST_NOTES]
    return value
