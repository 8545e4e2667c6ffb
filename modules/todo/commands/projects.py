"""Projects: made, changed, archived, deleted."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec.structs import replace

from modules.sdk.command import command
from modules.sdk.context import Context
from modules.sdk.field import Line, Text, Title, says
from modules.todo import queries
from modules.todo.commands.acting import project_named, unblock_behind
from modules.todo.model import DEEPEST, LIVE, Project, Task
from storage.errors import Refused, UserError
from storage.query import Query, col
from storage.store import Store

Name = Annotated[
    str,
    says("a project's name, full name or id"),
    msgspec.Meta(examples=["Home", "Work/Website"]),
]


class ProjectLine(msgspec.Struct, frozen=True, kw_only=True):
    """A project with its full name and how many tasks it holds, by what they ask."""

    id: str
    short: str
    path: str
    depth: int
    color: str
    icon: str
    archived: bool
    open: int
    done: int
    overdue: int


@command("List projects", effect="read", show="modules.todo.show:projects")
def projects(context: Context, archived: bool = False) -> list[ProjectLine]:
    """Every project with its open, done and overdue tasks, nested by name."""
    store, today = context.store, context.today()
    opened = store.groups(Query(Task).where(col("status").one_of(LIVE)), "project")
    closed = store.groups(Query(Task).where(col("status") == "done"), "project")
    late = store.groups(queries.overdue(today), "project")
    known = {p.id: p for p in queries.projects(store, archived=True)}
    lines = []
    for project in known.values():
        if project.archived and not archived:
            continue
        path = queries.path_of(project.id, known)
        lines.append(
            ProjectLine(
                id=project.id, short=project.short, path=path, depth=_depth(project, known),
                color=project.color, icon=project.icon, archived=project.archived,
                open=opened.get(project.id, 0), done=closed.get(project.id, 0),
                overdue=late.get(project.id, 0),
            )
        )  # fmt: skip
    return sorted(
        lines, key=lambda line: [part.casefold() for part in line.path.split("/")]
    )


def _depth(project: Project, known: dict[str, Project]) -> int:
    depth = 0
    while project.parent in known and depth < DEEPEST:
        project = known[project.parent or ""]
        depth += 1
    return depth


@command("Add project", name="project-add")
def project_add(
    context: Context,
    name: Title,
    *,
    parent: Annotated[str, says("the project it belongs to")] = "",
    color: Line = "",
    icon: Line = "",
    sections: tuple[Line, ...] = (),
    notes: Text = "",
) -> Project:
    """Add a project; `Work/Website` makes one inside another."""
    full = f"{parent}/{name}" if parent else name
    if parent:
        full = f"{queries.paths(context.store)[queries.project(context.store, parent).id]}/{name}"
    if queries.find_path(context.store, full.strip("/")) is not None:
        raise Refused(f"There is a project {full!r} already.")
    made = project_named(context, full)
    return context.store.put(
        replace(made, color=color, icon=icon, sections=sections, notes=notes)
    )


@command("Edit project", name="project-edit")
def project_edit(
    context: Context,
    project: Name,
    *,
    name: Title | None = None,
    parent: Annotated[
        str | None, says("empty: no parent"), msgspec.Meta(examples=["", "Health"])
    ] = None,
    color: Line | None = None,
    icon: Line | None = None,
    sections: tuple[Line, ...] | None = None,
    notes: Text | None = None,
) -> Project:
    """Change a project."""
    found = queries.project(context.store, project)
    said = {
        "name": name,
        "color": color,
        "icon": icon,
        "sections": sections,
        "notes": notes,
    }
    fields = {key: value for key, value in said.items() if value is not None}
    if name is not None and "/" in name:
        raise UserError("A project's own name has no slash.", hint="--parent moves it")
    if parent is not None:
        fields["parent"] = _new_parent(context.store, found, parent)
    if not fields:
        raise UserError("Say what to change.", hint="such as --name, --color, --parent")
    return context.store.put(replace(found, **fields))


def _new_parent(store: Store, project: Project, name: str) -> str | None:
    if not name.strip():
        return None
    parent = queries.project(store, name)
    known = {p.id: p for p in queries.projects(store, archived=True)}
    above, seen = parent, {parent.id}
    while above.parent in known and above.parent not in seen:
        above = known[above.parent or ""]
        seen.add(above.id)
    if project.id in seen:
        raise Refused("A project cannot be inside itself.")
    if len(seen) >= DEEPEST:
        raise Refused(f"Projects nest {DEEPEST} levels deep at most.")
    return parent.id


@command("Archive project", name="project-archive")
def project_archive(context: Context, project: Name, back: bool = False) -> Project:
    """Put a project away, or with `--back` take it out again; its tasks stay as they are."""
    found = queries.project(context.store, project)
    if found.archived != back:
        raise Refused(
            f"{found.name!r} is {'archived already' if not back else 'not archived'}."
        )
    return context.store.put(replace(found, archived=not back))


@command("Delete project", name="project-delete")
def project_delete(
    context: Context,
    project: Name,
    with_tasks: Annotated[
        bool, says("delete its tasks too; else they go to the inbox")
    ] = False,
) -> Project:
    """Move a project to the trash; projects inside it move one level up."""
    store = context.store
    found = queries.project(store, project)
    inside = store.all(Query(Project).where(col("parent") == found.id))
    store.put_many([replace(one, parent=found.parent) for one in inside])
    tasks = store.all(Query(Task).where(col("project") == found.id))
    if with_tasks:
        _delete_tasks(store, tasks)
        unblock_behind(context, [task.id for task in tasks])
    else:
        store.put_many([replace(task, project=None, section="") for task in tasks])
    return store.delete(Project, found.id)


def _delete_tasks(store: Store, tasks: list[Task]) -> None:
    for task in tasks:
        if store.get(Task, task.id).deleted is None:
            store.delete(Task, task.id)
