"""Making tasks, and saying what they are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec.structs import replace

from modules.sdk.command import Command, command
from modules.sdk.context import Context
from modules.sdk.field import Duration, Line, Ref, Text, Title, says
from modules.todo.commands.acting import (
    Tasks,
    given,
    one_task,
    project_named,
    refuse_loop,
    tag_ids,
)
from modules.todo.model import Priority, Repeater, Task
from storage.errors import Refused, UserError

MOST_SUBTASKS = 200

Clearable = Literal[
    "notes", "project", "section", "parent", "start", "due", "due_time", "scheduled",
    "estimate", "actual", "waiting", "people", "place", "repeat", "remind", "tags",
]  # fmt: skip


REPEATS = msgspec.Meta(examples=["every monday", "after 3 days", "FREQ=MONTHLY"])


class Details(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What can be said of a task when it is made and when it is edited."""

    due: Annotated[date | None, says("the day it must be done")] = None
    due_time: Annotated[time | None, says("the time of that day")] = None
    due_zone: Annotated[str | None, says("the zone of that time, such as Europe/Oslo")] = (
        None
    )
    project: Annotated[Line | None, says("a project's name, such as Work/Website")] = None
    section: Annotated[Line | None, says("a section of the project")] = None
    tags: Annotated[tuple[Line, ...] | None, says("names; unknown ones are made")] = None
    priority: Annotated[Priority | None, says("1 urgent, 2 high, 3 medium, 4 low")] = None
    start: Annotated[date | None, says("hidden until this day")] = None
    estimate: Annotated[Duration | None, says("how long it will take")] = None
    actual: Annotated[Duration | None, says("how long it took")] = None
    notes: Annotated[Text | None, says("Markdown")] = None
    parent: Annotated[Ref[Task] | None, says("the task it is a part of")] = None
    people: Annotated[tuple[Line, ...] | None, says("who it is with")] = None
    place: Annotated[Line | None, says("where")] = None
    repeat: Annotated[
        Line | None, says("every monday, every 2 weeks, an RRULE"), REPEATS
    ] = None
    repeat_from: Annotated[Repeater | None, says("what the next day is counted from")] = (
        None
    )
    scheduled: Annotated[date | None, says("the day it is planned for")] = None
    scheduled_time: Annotated[time | None, says("when it begins that day")] = None
    scheduled_length: Annotated[Duration | None, says("how long is set aside")] = None
    remind: Annotated[tuple[Duration, ...] | None, says("how long before it is due")] = None
    waiting_for: Annotated[Line | None, says("whom or what it waits for")] = None
    waiting_until: Annotated[date | None, says("when to look at it again")] = None
    someday: Annotated[bool | None, says("keep it for one day")] = None
    after: Annotated[tuple[Ref[Task], ...] | None, says("tasks that come first")] = None


PLAIN = (
    "due", "due_time", "due_zone", "section", "priority", "start", "estimate", "actual",
    "notes", "people", "place", "scheduled", "scheduled_time", "scheduled_length",
)  # fmt: skip

_DETAILS = [(f.name, f.type, f.default) for f in msgspec.structs.fields(Details)]


def _add(
    context: Context, title: str, subtasks: tuple[str, ...] = (), **details: Any
) -> Task:
    """Add a task.

    Unknown tags and projects are made; `Work/Website` makes a project inside another.
    """
    details["tags"] = details.get("tags") or ()
    if details.get("priority") is None:
        details["priority"] = context.setting("todo.default_priority")
    if details.get("project") is None and details.get("parent") is None:
        details["project"] = context.setting("todo.quick_add_project") or None
    made = Task(title=title, order=context.now().timestamp())
    if details.get("parent") is not None:
        made = replace(made, project=one_task(context, details["parent"]).project)
    stored = _store(context, made, details)
    _add_subtasks(context, stored, subtasks)
    return stored


def _edit(
    context: Context,
    tasks: tuple[str, ...],
    title: str | None = None,
    clear: tuple[Clearable, ...] = (),
    this_only: bool = False,
    **details: Any,
) -> list[Task]:
    """Change what tasks say; `--clear due,project` empties fields.

    Changing the due day of a repeating task moves this turn only, the series stays.
    `--this-only` makes this turn a task of its own and moves the series on.
    """
    found = given(context, tasks)
    given_details = {name: value for name, value in details.items() if value is not None}
    if title is None and not clear and not given_details:
        raise UserError("Say what to change.", hint="such as --title, --due, --clear due")
    if title is not None and len(found) > 1:
        raise UserError("Several tasks cannot be given one title.")
    stored: list[Task] = []
    for task in found:
        if this_only:
            task = _taken_out(context, task)  # noqa: PLW2901 - the one to go on with
        for name in clear:
            task = _cleared(task, name)  # noqa: PLW2901
        if title is not None:
            task = replace(task, title=title)  # noqa: PLW2901
        stored.append(_store(context, task, given_details))
    return stored


def _fields(*first: tuple[Any, ...]) -> type[msgspec.Struct]:
    return msgspec.defstruct(
        "Details", [*first, *_DETAILS], kw_only=True, forbid_unknown_fields=True
    )


add: Command[..., Task] = Command(
    _add,
    "Add task",
    name="add",
    key="a",
    show="modules.todo.show:added",
    takes=_fields(
        ("title", Title),
        ("subtasks", Annotated[tuple[Line, ...], says("titles of its parts")], ()),
    ),
)
edit: Command[..., list[Task]] = Command(
    _edit,
    "Edit tasks",
    name="edit",
    key="e",
    show="modules.todo.show:plain",
    takes=_fields(
        ("tasks", Tasks),
        ("title", Title | None, None),
        ("clear", Annotated[tuple[Clearable, ...], says("fields to empty")], ()),
        ("this_only", Annotated[bool, says("of a repeating task, this turn alone")], False),
    ),
)


@command("Add subtask", key="p", show="modules.todo.show:added")
def subtask(
    context: Context,
    task: Ref[Task],
    title: Title,
    *,
    due: date | None = None,
    priority: Priority | None = None,
    estimate: Duration | None = None,
) -> Task:
    """Add a part of a task, in the same project; it may have its own due day."""
    return _add(context, title, parent=task, due=due, priority=priority, estimate=estimate)


# --- how details become fields ---------------------------------------------------------------


def _store(context: Context, task: Task, details: Mapping[str, Any]) -> Task:
    said = {name: value for name, value in details.items() if value is not None}
    task = replace(task, **{name: said[name] for name in PLAIN if name in said})
    task = _timed(context, task)
    task = _placed(context, task, said)
    task = _postponed(task, said)
    task = _repeating(context, task, said)
    if "tags" in said:
        task = replace(task, tags=tag_ids(context, said["tags"]))
    task = _reminding(context, task, said)
    stored = context.store.put(task)
    if said.get("after"):
        from modules.todo.commands.sorting import put_behind

        put_behind(context, [stored], given(context, said["after"]))
        stored = context.store.get(Task, stored.id)
    return stored


def _timed(context: Context, task: Task) -> Task:
    """A due time needs a day: today, or tomorrow when it is past."""
    if task.due_time is not None and task.due is None:
        late = task.due_time <= context.now().time()
        task = replace(task, due=context.today() + timedelta(days=int(late)))
    if task.scheduled_time is not None and task.scheduled is None:
        task = replace(task, scheduled=context.today())
    return task


def _placed(context: Context, task: Task, said: Mapping[str, Any]) -> Task:
    if said.get("project"):
        task = replace(task, project=project_named(context, said["project"]).id)
    if said.get("parent"):
        parent = one_task(context, said["parent"])
        refuse_loop(context, task.id, parent)
        task = replace(task, parent=parent.id)
    if task.section and task.project:
        _know_section(context, task)
    return task


def _know_section(context: Context, task: Task) -> None:
    """A section that its project does not have yet is added to it."""
    from modules.todo.model import Project

    project = context.store.get(Project, task.project or "")
    if task.section not in project.sections:
        context.store.put(replace(project, sections=(*project.sections, task.section)))


def _postponed(task: Task, said: Mapping[str, Any]) -> Task:
    who = said.get("waiting_for", task.waiting_for)
    until = said.get("waiting_until", task.waiting_until)
    if (who, until) != (task.waiting_for, task.waiting_until):
        if not task.live:
            raise Refused(f"{task.title!r} is {task.status}; it cannot wait.")
        status = "waiting" if who or until else task.status
        task = replace(task, status=status, waiting_for=who, waiting_until=until)
    if said.get("someday") is not None and task.live:
        task = replace(task, status="someday" if said["someday"] else "open")
    return task


def _repeating(context: Context, task: Task, said: Mapping[str, Any]) -> Task:
    if said.get("repeat"):
        from modules.todo.repeat import starting

        rule, repeater = spoken_rule(said["repeat"], context)
        chosen = said.get("repeat_from") or repeater
        if (rule, chosen) == (task.repeat, task.repeat_from):
            return task
        return starting(task, rule, chosen, context.today())
    if "repeat_from" in said:
        return replace(task, repeat_from=said["repeat_from"])
    if task.repeat and task.repeat_day is None:
        return replace(task, repeat_day=task.due, repeat_anchor=task.due)
    return task


def spoken_rule(text: str, context: Context) -> tuple[str, Repeater]:
    """A rule from what a person types (`every 3rd friday`) or from an RRULE."""
    from modules.sdk.text.recurrence import parse_rule

    rule = parse_rule(text, context.now(), context.locale)
    return rule.rrule, rule.anchor


def _reminding(context: Context, task: Task, said: Mapping[str, Any]) -> Task:
    if "remind" in said:
        minutes = sorted({int(before.total_seconds() // 60) for before in said["remind"]})
        return replace(task, remind=tuple(minutes))
    usual = context.setting("todo.default_reminder")
    new = not task.short
    if new and usual and usual > 0 and task.due is not None:
        return replace(task, remind=(int(usual),))
    return task


def _cleared(task: Task, name: Clearable) -> Task:
    if name == "repeat":
        from modules.todo.repeat import stopped

        return stopped(task)
    if name == "waiting":
        status = "open" if task.status == "waiting" else task.status
        return replace(task, status=status, waiting_for="", waiting_until=None)
    if name == "due":
        if task.repeat:
            raise Refused("A repeating task needs a due day.", hint="--clear repeat,due")
        return replace(task, due=None, due_time=None, due_zone="")
    if name == "scheduled":
        return replace(task, scheduled=None, scheduled_time=None, scheduled_length=None)
    blank = next(f for f in msgspec.structs.fields(Task) if f.name == name).default
    return replace(task, **{name: blank})


def _taken_out(context: Context, task: Task) -> Task:
    """One turn of a repeating task as a task of its own; the series moves on."""
    from modules.todo.repeat import skipped, stopped
    from storage.record import new_id

    if not task.repeat:
        raise Refused(f"{task.title!r} does not repeat.")
    rest = skipped(task)
    if rest is None:
        return stopped(task)
    context.store.put(rest)
    return replace(stopped(task), id=new_id(), short="", series=task.id)


def _add_subtasks(context: Context, task: Task, titles: tuple[str, ...]) -> None:
    if len(titles) > MOST_SUBTASKS:
        raise UserError(f"At most {MOST_SUBTASKS} subtasks at once.")
    first = context.now().timestamp()
    context.store.put_many(
        [
            Task(
                title=title.strip(), parent=task.id, project=task.project,
                priority=task.priority, order=first + at / 1000,
            )
            for at, title in enumerate(titles)
            if title.strip()
        ]
    )  # fmt: skip
