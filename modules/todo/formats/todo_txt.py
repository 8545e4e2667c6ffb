"""todo.txt: one task a line, for people and other programs to edit by hand.

Beside the format's own marks (`x`, `(A)`, dates, `+project`, `@context`) these keys are
understood: `due:`, `t:` (hidden until), `rec:` (`2w` from completion, `+2w` from the due
day), `pri:` of finished ones; and ours, written only where they say something: `time:`,
`tz:`, `est:`, `act:`, `sched:`, `wait:`, `for:`, `with:`, `place:`, `sec:`, `note:`,
`remind:`, `rrule:`, `id:` with `p:` (part of) and `dep:` (comes after). Any other key is
kept and written back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import msgspec

from modules.sdk.context import Context
from modules.sdk.slot import Rejected, Source, stable_id
from modules.todo import kin, queries
from modules.todo.formats import arriving, words
from modules.todo.formats.todo_txt_keys import KEY, READ, noon, values
from modules.todo.model import Project, Task
from storage.errors import ManaError
from storage.link import Link

LETTERS = {"A": 1, "B": 2, "C": 3, "D": 4}
LONGEST = 200_000
"""Characters of a line; a title may have fewer, notes may take the rest."""
_DATE = re.compile(r"^\d{4}-\d\d-\d\d$")
_PRIORITY = re.compile(r"^\(([A-Z])\)$")


def detect(path: Path, head: bytes) -> bool:
    """A file of that name, or text whose lines look like it."""
    name = path.name.lower()
    if name in ("todo.txt", "done.txt") or name.endswith((".todo.txt", "-todo.txt")):
        return True
    if not name.endswith(".txt"):
        return False
    lines = head.decode("utf-8", "replace").split("\n")[:20]
    marked = [line for line in lines if re.match(r"^(x \d{4}-|\([A-Z]\) )", line)]
    return len(marked) * 3 >= len([line for line in lines if line.strip()]) > 0


# --- reading -----------------------------------------------------------------------------


class Line(msgspec.Struct):
    """One line in parts. `values` holds every `key:value` in order."""

    done: bool = False
    priority: str = ""
    finished: date | None = None
    created: date | None = None
    title: str = ""
    projects: list[str] = []
    contexts: list[str] = []
    values: list[tuple[str, str]] = []


def parse(text: str) -> Line:
    """A line in parts; nothing is lost, and no line is wrong."""
    line = Line()
    parts = text.split(" ")
    if parts[0] == "x" and len(parts) > 1:
        line.done = True
        parts = parts[1:]
    if parts and (found := _PRIORITY.match(parts[0])):
        line.priority = found[1]
        parts = parts[1:]
    dates = []
    while parts and len(dates) < 1 + line.done and _day(parts[0]):
        dates.append(_day(parts.pop(0)))
    if line.done and len(dates) == 2:
        line.finished, line.created = dates
    elif dates:
        line.finished, line.created = (dates[0], None) if line.done else (None, dates[0])
    line.title = " ".join(_title_words(parts, line)).strip()
    return line


def _day(word: str) -> date | None:
    if not _DATE.match(word):
        return None
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def _title_words(parts: list[str], line: Line) -> Iterator[str]:
    first = True
    for word in parts:
        if len(word) > 1 and word[0] == "+":
            line.projects.append(words.unnamed(word[1:]))
        elif len(word) > 1 and word[0] == "@":
            line.contexts.append(words.unnamed(word[1:]))
        elif found := KEY.match(word):
            line.values.append((found[1], found[2]))
        else:
            yield _unescaped(word, first=first)
            first = False


def read(context: Context, source: Source) -> Iterator[Task | Project | Link | Rejected]:
    """Every line as a task; a line that cannot be used is named and left out."""
    text = source.read().decode("utf-8", "replace").removeprefix("\ufeff")
    names, seen = arriving.Names(context), dict[str, int]()
    tasks: list[Task] = []
    ids: dict[str, str] = {}
    wanted: list[tuple[str, str, str]] = []
    for number, raw in enumerate(text.split("\n"), 1):
        line_text = raw.strip()
        if not line_text:
            continue
        if len(line_text) > LONGEST:
            yield arriving.reject(
                f"line {number}", f"it is longer than {LONGEST} characters", line_text
            )
            continue
        line = parse(line_text)
        try:
            task = _task(context, names, line, _identity(context, line, seen), number)
        except (ManaError, ValueError, OverflowError) as error:
            yield arriving.reject(f"line {number}", error, line_text)
            continue
        if wrong := arriving.problem(task):
            yield arriving.reject(f"line {number}", wrong, line_text)
            continue
        for project in line.projects[:1]:
            yield from names.project(project)
        path = line.projects[0] if line.projects else ""
        tasks.append(msgspec.structs.replace(task, project=names.project_id(path)))
        _relate(line, task.id, ids, wanted)
    above = {me: ids[to] for key, me, to in wanted if key == "p" and to in ids}
    pairs = [(ids[to], me) for key, me, to in wanted if key == "dep" and to in ids]
    yield from arriving.with_relations(context, tasks, above, pairs)


def _identity(context: Context, line: Line, seen: dict[str, int]) -> str:
    """The same for a line whatever becomes of its state, priority and dates: its title,
    the day it was made, and how many alike were before it."""
    own = dict(line.values).get("id", "")
    what = f"{line.created or ''} {line.title.casefold()} {own}"
    seen[what] = seen.get(what, 0) + 1
    return stable_id("todo.task", context.space.id, "todo.txt", what, str(seen[what]))


def _relate(
    line: Line, id: str, ids: dict[str, str], wanted: list[tuple[str, str, str]]
) -> None:
    for key, value in line.values:
        if key == "id":
            ids.setdefault(value, id)
        elif key in ("p", "dep"):
            wanted.append((key, id, value))


def _task(
    context: Context, names: arriving.Names, line: Line, id: str, number: int
) -> Task:
    task = Task(
        id=id,
        title=line.title,
        tags=names.tags(line.contexts),
        order=arriving.order_of(number),
    )
    if line.created is not None:
        task = msgspec.structs.replace(task, created=noon(line.created))
    if line.done:
        finished = noon(line.finished) if line.finished else context.now()
        task = msgspec.structs.replace(task, status="done", done_at=finished)
    letter = line.priority or dict(line.values).get("pri", "")
    task = _prioritised(task, letter)
    if len(line.projects) > 1:
        task = _kept(task, "projects", line.projects[1:])
    for key, value in line.values:
        task = _apply(task, key, value)
    return _anchored(task, context)


def _prioritised(task: Task, letter: str) -> Task:
    if letter not in LETTERS:
        return _kept(task, "pri", letter) if letter else task
    task = msgspec.structs.replace(task, priority=LETTERS[letter])
    return _kept(task, "pri", letter) if letter == "C" else task


def _kept(task: Task, key: str, value: Any) -> Task:
    known = task.extra.get(key)
    if known is not None:
        value = [*(known if isinstance(known, list) else [known]), value]
    return msgspec.structs.replace(task, extra={**task.extra, key: value})


def _apply(task: Task, key: str, value: str) -> Task:
    if key in ("id", "p", "dep", "pri"):
        return task
    if key == "extra":
        return _unpacked_extra(task, value)
    if key not in READ:
        return _kept(task, key, words.unpacked(value) if value.startswith("%") else value)
    try:
        return READ[key](task, value)
    except (ValueError, OverflowError):
        return _kept(task, key, value)  # `due:soon` is somebody's own word


def _unpacked_extra(task: Task, value: str) -> Task:
    try:
        found = msgspec.json.decode(words.unpacked(value))
    except (msgspec.DecodeError, RecursionError):
        return _kept(task, "extra", value)
    rest = arriving.plain(found) if isinstance(found, dict) else {"extra": value}
    return msgspec.structs.replace(task, extra={**task.extra, **rest})


def _anchored(task: Task, context: Context) -> Task:
    """A rule needs the days it is counted from; a waiting task its state."""
    if task.status == "open" and (task.waiting_for or task.waiting_until):
        task = msgspec.structs.replace(task, status="waiting")
    if not task.repeat or not task.live:
        return task
    due = task.due or task.created.date() if task.created.year > 1970 else task.due
    due = due or context.today()
    return msgspec.structs.replace(
        task,
        due=task.due or due,
        repeat_day=task.repeat_day or due,
        repeat_anchor=task.repeat_anchor or due,
    )


# --- writing ------------------------------------------------------------------------------


def write(context: Context, ids: tuple[str, ...] | None) -> Iterator[bytes]:
    """The tasks, one a line."""
    store = context.store
    tasks = arriving.leaving(context, ids)
    tags, paths = store.tag_names(), queries.paths(store)
    links = [(one.from_id, one.to_id) for one in kin.blocks(store, [t.id for t in tasks])]
    here = {task.id: task.short or task.id for task in tasks}
    named = {task.parent for task in tasks if task.parent in here}
    named |= {first for first, then in links if first in here and then in here}
    after: dict[str, list[str]] = {}
    for first, then in links:
        after.setdefault(then, []).append(first)
    for task in tasks:
        relations = [("id", here[task.id])] if task.id in named else []
        relations += [("p", here[task.parent])] if task.parent in here else []
        relations += [("dep", here[one]) for one in after.get(task.id, ()) if one in here]
        yield line_of(task, tags, paths, relations).encode() + b"\n"


def line_of(
    task: Task,
    tags: dict[str, str],
    paths: dict[str, str],
    relations: list[tuple[str, str]] = [],  # noqa: B006 - never changed
) -> str:
    """One task as a line."""
    letter = _letter(task)
    head: list[str] = []
    if not task.live:
        head += ["x", f"{task.done_at:%Y-%m-%d}"] if task.done_at else ["x"]
    elif letter:
        head.append(f"({letter})")
    if task.created.year > 1970 and (task.live or task.done_at):
        head.append(f"{task.created:%Y-%m-%d}")
    projects = [paths[task.project]] if task.project in paths else []
    more = task.extra.get("projects")
    projects += (
        [one for one in more if isinstance(one, str)] if isinstance(more, list) else []
    )
    pairs = [*values(task), *relations]
    pairs += [("pri", letter)] if letter and not task.live else []
    return " ".join(
        [
            *head,
            escaped(task.title),
            *("+" + words.named(path) for path in projects),
            *("@" + words.named(tags[tag]) for tag in task.tags if tag in tags),
            *(f"{key}:{value}" for key, value in pairs),
        ]
    )


def _letter(task: Task) -> str:
    kept = task.extra.get("pri")
    known = {"C": 3} | dict.fromkeys("EFGHIJKLMNOPQRSTUVWXYZ", 3)
    if isinstance(kept, str) and known.get(kept) == task.priority:
        return kept
    return {1: "A", 2: "B", 4: "D"}.get(task.priority, "")


# --- titles ---------------------------------------------------------------------------------


def escaped(title: str) -> str:
    """A title none of whose words is taken for something else when it is read again."""
    said = title.split(" ")
    first = next((i for i, word in enumerate(said) if word), 0)
    return " ".join(_escaped(word, first=i <= first) for i, word in enumerate(said))


def _escaped(word: str, *, first: bool) -> str:
    word = words.packed(word)
    if len(word) > 1 and word[0] in "+@":
        return f"%{ord(word[0]):02X}{word[1:]}"
    if KEY.match(word):
        return word.replace(":", "%3A", 1)
    if first and (word == "x" or _PRIORITY.match(word) or _day(word)):
        return f"%{ord(word[0]):02X}{word[1:]}"
    return word


def _unescaped(word: str, *, first: bool) -> str:
    """Only what `escaped` would write is read back: other people's `%` stay as they are."""
    if not words.has_escape(word):
        return word
    plain = words.unpacked(word)
    return plain if _escaped(plain, first=first) == word else word
