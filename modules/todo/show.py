"""What the commands of todo print for people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from modules.sdk.context import Context
from modules.sdk.listing import Col, Listing, Row
from modules.todo import kin, queries, wording
from modules.todo.model import PRIORITIES, Board, Task, is_overdue
from modules.todo.queries import Stats

COLUMNS = (
    Col(title="id", style="dim"),
    Col(title=""),
    Col(title="", style="red"),
    Col(title="title", grow=True),
    Col(title="due", style="yellow"),
    Col(title="project", style="cyan"),
    Col(title="tags", style="magenta"),
    Col(title="takes", align="right", style="dim"),
)
INDENT = "  "


# --- lists ---------------------------------------------------------------------------------


def task_list(context: Context, result: Sequence[Task]) -> Listing:
    """Tasks one a line: id, state, priority, title, when, project, tags, length."""
    group = getattr(result, "group", "")
    view = getattr(result, "view", "")
    rows = _rows(context, result, group)
    note = f"{len(result)} task{'' if len(result) == 1 else 's'}"
    note += " and more: --limit shows them" if getattr(result, "more", False) else ""
    return Listing(
        columns=COLUMNS, rows=tuple(rows), empty=_EMPTY.get(view, "No tasks."), note=note
    )


_EMPTY = {
    "today": "Nothing is due today. mana todo list upcoming shows what comes.",
    "open": 'No open tasks. Add one: mana add "call Ada tomorrow 9:00 #home"',
    "inbox": "The inbox is empty.",
    "overdue": "Nothing is overdue.",
    "waiting": "Nothing waits for anybody.",
    "someday": "Nothing is kept for one day.",
    "done": "Nothing is done yet.",
    "upcoming": "Nothing is due in the days to come.",
}


def plain(context: Context, result: Sequence[Task] | Task) -> Listing:
    """Tasks one a line, without a note."""
    tasks = [result] if isinstance(result, Task) else list(result)
    return Listing(columns=COLUMNS, rows=tuple(_rows(context, tasks, "")))


def added(context: Context, result: Task) -> Listing:
    """The new task as the list would show it, its subtasks under it."""
    return plain(context, [result, *kin.children(context.store, [result.id])])


def finished(context: Context, result: Sequence[Task]) -> Listing:
    """What was closed, and when a repeating one comes again."""
    rows = _rows(context, result, "")
    heads = context.store.many(Task, [t.series for t in result if t.series])
    again = [t for t in heads if t.live and t.due]
    note = "; ".join(
        f"{t.title}: next {wording.day(t.due, context.today())}" for t in again if t.due
    )
    return Listing(columns=COLUMNS, rows=tuple(rows), note=f"again: {note}" if note else "")


def deleted(context: Context, result: Sequence[Task]) -> Listing:
    """What is in the trash now."""
    return Listing(
        columns=COLUMNS,
        rows=tuple(_rows(context, result, "")),
        note="In the trash; mana undo brings it back.",
    )


def _rows(context: Context, tasks: Sequence[Task], group: str) -> list[Row]:
    names, paths = context.store.tag_names(), queries.paths(context.store)
    today = context.today()
    depths = indents(tasks)
    rows: list[Row] = []
    last = None
    for task in grouped(tasks, group, paths) if group else tasks:
        title = _group_title(task, group, paths, today) if group else None
        if title != last:
            last = title
            rows.append(Row(("", "", "", title or "", "", "", "", ""), "bold"))
        rows.append(_row(task, today, names, paths, depths.get(task.id, 0)))
    return rows


def indents(tasks: Sequence[Task]) -> dict[str, int]:
    """How deep each task stands under another one of the same list that is above it."""
    depths: dict[str, int] = {}
    for task in tasks:
        depths[task.id] = depths[task.parent] + 1 if task.parent in depths else 0
    return depths


def _row(
    task: Task, today: date, names: dict[str, str], paths: dict[str, str], depth: int
) -> Row:
    tags = " ".join(f"#{names[tag]}" for tag in task.tags if tag in names)
    project = paths.get(task.project or "", "")
    return Row(
        (
            task.short,
            wording.mark(task),
            wording.bang(task),
            INDENT * depth + task.title,
            wording.when(task, today),
            f"{project}/{task.section}" if task.section else project,
            tags,
            wording.length(task.estimate),
        ),
        _style(task, today),
    )


def _style(task: Task, today: date) -> str:
    if not task.live or task.blocked:
        return "dim"
    if is_overdue(task, today):
        return "red"
    return "bold" if task.priority == 1 else ""


def grouped(tasks: Iterable[Task], group: str, paths: dict[str, str]) -> list[Task]:
    """Tasks so that those under one heading stand together, in their order."""
    keys: dict[str, Any] = {
        "day": lambda t: t.due or date.max,
        "project": lambda t: paths.get(t.project or "", "~").casefold(),
        "priority": lambda t: t.priority,
        "status": lambda t: list(wording.MARKS).index(t.status),
    }
    return sorted(tasks, key=keys[group])


def _group_title(task: Task, group: str, paths: dict[str, str], today: date) -> str:
    if group == "day":
        return wording.heading(task.due, today)
    if group == "project":
        return paths.get(task.project or "", "Inbox")
    if group == "priority":
        return PRIORITIES[task.priority].capitalize()
    return task.status.capitalize()


# --- one task ------------------------------------------------------------------------------------


def page(context: Context, result: Any) -> Listing:
    """Everything about one task, a fact a line."""
    task: Task = result.task
    today, names = context.today(), context.store.tag_names()
    facts: list[tuple[str, str]] = [
        ("id", task.short),
        ("title", f"{wording.mark(task)} {task.title}"),
        (
            "status",
            task.status + (f" {wording.day_gone(task, today)}" if task.done_at else ""),
        ),
        ("late", "yes" if task.was_late else ""),
        ("priority", PRIORITIES[task.priority]),
        ("due", _moment(task.due, task.due_time, task.due_zone, today)),
        ("repeats", wording.repeats(task, context.locale)),
        ("next days", ", ".join(wording.date_of(d, today) for d in result.next_days)),
        (
            "done before",
            f"{result.turns} time{'' if result.turns == 1 else 's'}"
            if result.turns
            else "",
        ),
        ("starts", wording.heading(task.start, today) if task.start else ""),
        ("planned", _moment(task.scheduled, task.scheduled_time, "", today)),
        ("for", wording.length(task.scheduled_length)),
        ("estimate", wording.length(task.estimate)),
        ("took", wording.length(task.actual)),
        ("project", result.project + (f" / {task.section}" if task.section else "")),
        ("part of", " › ".join(one.title for one in reversed(result.parents))),
        ("tags", " ".join(f"#{names[tag]}" for tag in task.tags if tag in names)),
        ("with", ", ".join(task.people)),
        ("at", task.place),
        ("waits for", task.waiting_for),
        ("until", wording.heading(task.waiting_until, today) if task.waiting_until else ""),
        ("remind", ", ".join(f"{minutes} min before" for minutes in task.remind)),
        ("comes after", ", ".join(_brief(one) for one in result.blockers)),
        ("comes before", ", ".join(_brief(one) for one in result.blocks)),
        *((f"+{name}", str(value)) for name, value in task.extra.items()),
    ]
    rows = [Row((name, value)) for name, value in facts if value]
    rows += _subtask_rows(task, result.subtasks)
    rows += [
        Row(("" if at else "notes", line))
        for at, line in enumerate(task.notes.splitlines())
    ]
    return Listing(
        columns=(Col(title="field", style="dim"), Col(title="value", grow=True)),
        rows=tuple(rows),
    )


def _subtask_rows(task: Task, subtasks: Sequence[Task]) -> list[Row]:
    depths = {task.id: -1}
    rows: list[Row] = []
    for one in family_order(task, subtasks):
        depths[one.id] = depths.get(one.parent or "", -1) + 1
        text = f"{INDENT * depths[one.id]}{_brief(one)}"
        rows.append(Row(("" if rows else "subtasks", text), "" if one.live else "dim"))
    return rows


def family_order(task: Task, subtasks: Sequence[Task]) -> list[Task]:
    """Subtasks as a tree reads: each followed by its own."""
    under: dict[str | None, list[Task]] = {}
    for one in subtasks:
        under.setdefault(one.parent, []).append(one)
    found: list[Task] = []
    waiting = list(reversed(under.pop(task.id, [])))
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += reversed(under.pop(one.id, []))
    return found


def _brief(task: Task) -> str:
    return f"{wording.mark(task)} {task.title} ({task.short})"


def _moment(day: date | None, at: Any, zone: str, today: date) -> str:
    if day is None:
        return ""
    said = wording.heading(day, today) if day >= today else f"{wording.date_of(day, today)}"
    said += f", {wording.day(day, today)}" if day < today else ""
    return f"{said} {wording.clock(at)} {zone}".rstrip() if at else said


# --- the rest --------------------------------------------------------------------------------------


def why(context: Context, result: Any) -> Listing:
    """The parts of an urgency, and their sum."""
    rows = [Row((name, f"{value:+.2f}", reason)) for name, value, reason in result.parts]
    rows.append(Row(("urgency", f"{result.total:.2f}", result.title), "bold"))
    return Listing(
        columns=(Col(title="part"), Col(title="", align="right", style="cyan"),
                 Col(title="why", grow=True, style="dim")),
        rows=tuple(rows),
    )  # fmt: skip


def days(context: Context, result: Sequence[date]) -> Listing:
    """Days, one a line."""
    today = context.today()
    return Listing(
        columns=(Col(title="day"), Col(title="", style="dim")),
        rows=tuple(Row((day.isoformat(), wording.heading(day, today))) for day in result),
        empty="The rule is over.",
    )


def stats(context: Context, result: Stats) -> Listing:
    """Counts, and today's goal when there is one."""
    goal = context.setting("todo.daily_goal") or 0
    counts = [
        (name.replace("_", " "), getattr(result, name)) for name in Stats.__struct_fields__
    ]
    rows = [
        Row((name, str(value)), "red" if name == "overdue" and value else "")
        for name, value in counts
    ]
    if goal:
        rows.append(Row(("goal today", f"{result.done_today} of {goal}")))
    return Listing(columns=(Col(title=""), Col(title="", align="right")), rows=tuple(rows))


def projects(context: Context, result: Sequence[Any]) -> Listing:
    """Projects as a tree with their counts."""
    return Listing(
        columns=(
            Col(title="id", style="dim"), Col(title="project", grow=True, style="cyan"),
            Col(title="open", align="right"), Col(title="late", align="right", style="red"),
            Col(title="done", align="right", style="dim"),
        ),
        rows=tuple(
            Row(
                (
                    line.short, INDENT * line.depth + line.path.rpartition("/")[2],
                    f"{line.open} open", f"{line.overdue} late" if line.overdue else "",
                    f"{line.done} done" if line.done else "",
                ),
                "dim" if line.archived else "",
            )
            for line in result
        ),
        empty="No projects yet: mana todo project-add Home",
    )  # fmt: skip


def boards(context: Context, result: Sequence[Board]) -> Listing:
    """Boards with what makes their columns."""
    return Listing(
        columns=(Col(title="id", style="dim"), Col(title="board", grow=True),
                 Col(title="by", style="cyan")),
        rows=tuple(Row((b.short, f"{b.icon} {b.name}".strip(), b.group_by)) for b in result),
        empty="No boards yet: mana todo board-add Kanban",
    )  # fmt: skip


def board(context: Context, result: Any) -> Listing:
    """A board column by column, one under the other."""
    rows: list[Row] = []
    for column in result.columns:
        room = f"/{column.limit}" if column.limit else ""
        full = "  too many" if column.full else ""
        rows.append(
            Row(
                ("", "", "", f"{column.name}  {column.total}{room}{full}", "", "", "", ""),
                "bold",
            )
        )
        rows += _rows(context, column.tasks, "")
        if column.total > len(column.tasks):
            rows.append(
                Row(
                    (
                        "",
                        "",
                        "",
                        f"… {column.total - len(column.tasks)} more",
                        "",
                        "",
                        "",
                        "",
                    ),
                    "dim",
                )
            )
    return Listing(columns=COLUMNS, rows=tuple(rows), empty="The board has no columns.")
