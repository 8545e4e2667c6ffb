"""Markdown checklists: `- [ ] task` with parts indented under it, headings as projects.

At the end of a line the marks of the usual Markdown task tools are understood and
written: `#tag`, `📅 2026-11-24` due, `⏳` planned, `🛫` starts, `✅` done, `🔁` repeats,
`🔺` urgent, `🔼` high, `🔽` low, and `(due: 2026-11-24)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from modules.sdk.context import Context
from modules.sdk.slot import Rejected, Source, stable_id
from modules.todo import queries
from modules.todo.formats import arriving, words
from modules.todo.model import Project, Task
from storage.errors import ManaError
from storage.link import Link

_ITEM = re.compile(r"^(\s*)(?:[-*+]|\d{1,9}[.)]) \[([ xX/><?~-])\] ?(.*)$")
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_TAIL = re.compile(
    r"\s*(?:#(?P<tag>[^\s#]+)|(?P<mark>[📅⏳🛫✅❌🔁])\ufe0f? ?(?P<value>[^📅⏳🛫✅❌🔁🔺⏫🔼🔽⏬#]+?)"
    r"|(?P<rank>[🔺⏫🔼🔽⏬])\ufe0f?|\(due:? (?P<due>\d{4}-\d\d-\d\d)\))$"
)
_RANKS = {"🔺": 1, "⏫": 1, "🔼": 2, "🔽": 4, "⏬": 4}
_BANGS = {1: "🔺", 2: "🔼", 4: "🔽"}
_STATES = {"x": "done", "X": "done", "-": "dropped", "?": "someday", ">": "waiting"}
_BOXES = {"done": "x", "dropped": "-", "someday": "?", "waiting": ">"}
TAB = 4
LONGEST = 20_000
END = "<!-- -->"
"""Nothing to see in Markdown: it ends a title that looks as if marks followed."""


def detect(path: Path, head: bytes) -> bool:
    """A Markdown file of which a third of the lines or more are checkboxes."""
    if path.suffix.lower() not in (".md", ".markdown"):
        return False
    lines = [
        line for line in head.decode("utf-8", "replace").split("\n")[:60] if line.strip()
    ]
    boxes = [line for line in lines if _ITEM.match(line)]
    return len(boxes) * 3 >= len(lines) > 0


class Item(msgspec.Struct):
    """One checkbox."""

    number: int
    depth: int
    task: Task
    tags: list[str] = []
    repeat: str = ""


def read(context: Context, source: Source) -> Iterator[Task | Project | Link | Rejected]:
    """Every checkbox as a task; lines indented below one without a box are its notes."""
    text = source.read().decode("utf-8", "replace").removeprefix("\ufeff")
    names, seen = arriving.Names(context), dict[str, int]()
    tasks: list[Task] = []
    above: dict[str, str] = {}
    open_: list[tuple[int, str]] = []
    heading = ""
    for number, line in enumerate(text.split("\n"), 1):
        found = _ITEM.match(line.rstrip()[:LONGEST])
        if found is None:
            if title := _HEADING.match(line):
                heading, open_ = title[2][:200], []
                yield from names.project(heading)
            elif open_ and line.strip() and line[:1].isspace():
                tasks[-1] = _noted(tasks[-1], line.strip())
            continue
        item = parse(found, number)
        depth = len(found[1].expandtabs(TAB))
        open_ = [pair for pair in open_ if pair[0] < depth]
        where = f"{heading}/{open_[-1][1] if open_ else ''}"
        try:
            task = _finished(context, names, item, where, seen)
            wrong = arriving.problem(task)
        except (ManaError, ValueError, OverflowError) as error:
            wrong, task = str(error), item.task
        if wrong:
            yield arriving.reject(f"line {number}", wrong, line)
            continue
        task = replace(task, project=names.project_id(heading) if heading else None)
        if open_:
            above[task.id] = open_[-1][1]
        open_.append((depth, task.id))
        tasks.append(task)
    yield from arriving.with_relations(context, tasks, above, [])


def _noted(task: Task, line: str) -> Task:
    notes = f"{task.notes}\n{line}" if task.notes else line
    return replace(task, notes=notes) if len(notes) <= arriving.MOST_NOTES else task


def parse(found: re.Match[str], number: int) -> Item:
    """A checkbox line in parts."""
    text = found[3].strip()
    item = Item(number, 0, Task(title="", order=arriving.order_of(number)))
    while (tail := _TAIL.search(text)) and not text.endswith(END):
        before = text[: tail.start()].rstrip()
        if not before or not _take(item, tail):
            break
        text = before
    state = _STATES.get(found[2], "open")
    title = text.removesuffix(END) if text.endswith(END) else text
    item.task = replace(item.task, title=title, status=state)
    item.tags.reverse()
    return item


def _take(item: Item, tail: re.Match[str]) -> bool:
    """One mark at the end of the line; False when it is only text after all."""
    if tail["tag"]:
        item.tags.append(words.unnamed(tail["tag"]))
        return True
    if tail["rank"]:
        item.task = replace(item.task, priority=_RANKS[tail["rank"]])
        return True
    if tail["mark"] == "🔁":
        item.repeat = tail["value"].strip()
        return True
    try:
        day = date.fromisoformat((tail["due"] or tail["value"]).strip())
    except ValueError:
        return False
    item.task = _with_day(item.task, tail["mark"] or "📅", day)
    return True


def _with_day(task: Task, mark: str, day: date) -> Task:
    if mark in "✅❌":
        return replace(task, done_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC))
    return replace(task, **{{"📅": "due", "⏳": "scheduled", "🛫": "start"}[mark]: day})


def _finished(
    context: Context, names: arriving.Names, item: Item, where: str, seen: dict[str, int]
) -> Task:
    what = f"{where} {item.task.title.casefold()}"
    seen[what] = seen.get(what, 0) + 1
    id = stable_id("todo.task", context.space.id, "checklist", what, str(seen[what]))
    task = replace(item.task, id=id, tags=names.tags(item.tags))
    if task.live:
        task = replace(task, done_at=None)
    elif task.done_at is None:
        task = replace(task, done_at=context.now())
    if item.repeat and task.live:
        from modules.todo.commands.writing import spoken_rule
        from modules.todo.repeat import starting

        rule, repeater = spoken_rule(item.repeat, context)
        task = starting(task, rule, repeater, context.today())
    return task


# --- writing -----------------------------------------------------------------------------------


def write(context: Context, ids: tuple[str, ...] | None) -> Iterator[bytes]:
    """Headings for projects, a checkbox for each task, its parts and notes under it."""
    tasks = arriving.leaving(context, ids)
    names, paths = context.store.tag_names(), queries.paths(context.store)
    here = {task.id for task in tasks}
    under: dict[str, list[Task]] = {}
    for task in tasks:
        if task.parent in here and task.parent is not None:
            under.setdefault(task.parent, []).append(task)
    tops = [task for task in tasks if task.parent not in here]
    by_project: dict[str, list[Task]] = {}
    for task in tops:
        by_project.setdefault(paths.get(task.project or "", ""), []).append(task)
    for number, path in enumerate(sorted(by_project, key=str.casefold)):
        if path:
            yield (("\n" if number else "") + f"## {path}\n\n").encode()
        for task in by_project[path]:
            yield from _branch(task, under, names)


def _branch(
    task: Task, under: dict[str, list[Task]], names: dict[str, str]
) -> Iterator[bytes]:
    waiting = [(task, 0)]
    while waiting:
        one, depth = waiting.pop()
        indent = "  " * depth
        yield f"{indent}- [{_BOXES.get(one.status, ' ')}] {line_of(one, names)}\n".encode()
        for line in one.notes.splitlines():
            if line.strip():
                yield f"{indent}  {line.strip()}\n".encode()
        waiting += [(part, depth + 1) for part in reversed(under.get(one.id, []))]


def line_of(task: Task, names: dict[str, str]) -> str:
    """A task as the text behind its box."""
    parts = [_title(task.title)]
    parts += [_BANGS[task.priority]] if task.priority in _BANGS else []
    parts += [f"🛫 {task.start}"] if task.start else []
    parts += [f"⏳ {task.scheduled}"] if task.scheduled else []
    parts += [f"📅 {task.due}"] if task.due else []
    parts += [f"🔁 {task.repeat}"] if task.repeat else []
    parts += [f"✅ {task.done_at.astimezone(UTC):%Y-%m-%d}"] if task.done_at else []
    parts += [f"#{words.named(names[tag])}" for tag in task.tags if tag in names]
    return " ".join(parts)


def _title(title: str) -> str:
    """A title whose end is not taken for a mark when it is read again."""
    return title + END if _TAIL.search(title) or title.endswith(END) else title
