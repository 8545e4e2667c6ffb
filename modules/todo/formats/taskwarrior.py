"""Taskwarrior's JSON (`task export`), in both its forms: an array, or an object a line.

A recurring template and its children become one repeating task: it stands on the day of
the first child that is still to do, and finished children are its history. What
Taskwarrior has no field for travels in one string attribute, `mana`; what we have none
for (UDAs among it) is kept in `extra` and written back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from modules.sdk.context import Context
from modules.sdk.slot import Rejected, Source, stable_id
from modules.todo.formats import arriving
from modules.todo.formats import tw_dates as dates
from modules.todo.model import Project, Repeater, Task
from storage.errors import ManaError
from storage.link import Link

DEEPEST_JSON = 300
"""Levels of lists and objects an item may have."""

STATUS = {
    "pending": "open", "waiting": "waiting", "recurring": "open", "completed": "done",
    "deleted": "dropped",
}  # fmt: skip
PRIORITY = {"H": 1, "M": 2, "": 3, "L": 4}
LETTER = {rank: letter for letter, rank in PRIORITY.items()}
TAKEN = frozenset({
    "uuid", "description", "status", "entry", "end", "due", "scheduled", "wait", "project",
    "tags", "priority", "depends", "annotations", "recur", "parent", "mana", "id", "urgency",
    "modified", "mask", "imask", "rtype",
})  # fmt: skip
"""What has a field of ours or is worked out by Taskwarrior itself."""


class Beyond(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What Taskwarrior has no field for."""

    notes: str = ""
    section: str = ""
    start: date | None = None
    due: date | None = None
    due_time: time | None = None
    due_zone: str = ""
    scheduled: date | None = None
    scheduled_time: time | None = None
    scheduled_length: timedelta | None = None
    estimate: timedelta | None = None
    actual: timedelta | None = None
    waiting_for: str = ""
    people: tuple[str, ...] = ()
    place: str = ""
    repeat: str = ""
    repeat_from: Repeater = "schedule"
    repeat_anchor: date | None = None
    repeat_day: date | None = None
    repeat_skips: tuple[date, ...] = ()
    remind: tuple[int, ...] = ()
    was_late: bool = False


class Carried(Beyond, kw_only=True, omit_defaults=True):
    """The same with what is not a field by itself: its parent and its state."""

    parent: str = ""
    someday: bool = False
    until: date | None = None


def detect(path: Path, head: bytes) -> bool:
    """JSON that names what only Taskwarrior has."""
    start = head.lstrip().removeprefix(b"\xef\xbb\xbf")[:1]
    marks = all(word in head for word in (b'"uuid"', b'"description"', b'"status"'))
    return (
        start in (b"[", b"{")
        and marks
        and path.suffix.lower() in (".json", ".jsonl", ".txt", "")
    )


# --- reading ---------------------------------------------------------------------------------


def items(data: bytes) -> Iterator[tuple[str, Any]]:
    """(where, item) for each item; a Rejected stands in for one that is no JSON."""
    data = data.removeprefix(b"\xef\xbb\xbf").strip()
    if data.startswith(b"["):
        try:
            for number, raw in enumerate(
                msgspec.json.decode(data, type=list[msgspec.Raw]), 1
            ):
                yield f"item {number}", _object(f"item {number}", bytes(raw))
        except (msgspec.DecodeError, RecursionError):
            data = data.removeprefix(b"[").removesuffix(b"]")
        else:
            return
    for number, line in enumerate(data.split(b"\n"), 1):
        text = line.strip().removesuffix(b",")
        if text:
            yield f"line {number}", _object(f"line {number}", text)


def _object(where: str, raw: bytes) -> Any:
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return arriving.reject(where, f"no JSON: {error}", raw.decode("utf-8", "replace"))
    if not isinstance(found, dict):
        return arriving.reject(where, "it is no object", str(found))
    if too_deep(found):
        return arriving.reject(where, "no JSON of a task: it is nested too deeply")
    return found


def too_deep(value: Any) -> bool:
    """Whether lists and objects lie in each other beyond any honest export; walked by
    levels, since interpreters differ in how deep a recursion they bear."""
    level = [value]
    for _ in range(DEEPEST_JSON):
        inner = [one.values() if isinstance(one, dict) else one for one in level]
        level = [x for part in inner for x in part if isinstance(x, dict | list)]
        if not level:
            return False
    return True


def read(context: Context, source: Source) -> Iterator[Task | Project | Link | Rejected]:
    """Every task of an export; what cannot be used is named and left out."""
    reader = Reader(context)
    for where, item in items(source.read()):
        if isinstance(item, Rejected):
            yield item
            continue
        try:
            task = reader.task(item)
            wrong = arriving.problem(task)
        except (
            ManaError,
            msgspec.ValidationError,
            ValueError,
            TypeError,
            OverflowError,
        ) as error:
            wrong, task = str(error) or "it cannot be read", None
        if wrong or task is None:
            yield arriving.reject(where, wrong, str(item))
            continue
        yield from reader.keep(task, item)
    yield from reader.finished()


class Reader:
    """Reads one export: collects its tasks, then relates them."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.names = arriving.Names(context)
        self.tasks: dict[str, Task] = {}
        self.children: dict[str, list[str]] = {}
        self.above: dict[str, str] = {}
        self.pairs: list[tuple[str, str]] = []

    def id(self, uuid: object) -> str:
        """Our id of a Taskwarrior task."""
        if not isinstance(uuid, str) or not uuid.strip() or len(uuid) > 100:
            raise ValueError("it has no uuid")
        return stable_id(
            "todo.task", self.context.space.id, "taskwarrior", uuid.strip().lower()
        )

    def task(self, item: dict[str, Any]) -> Task:
        """One item as a task, not yet related to others."""
        status = STATUS.get(item.get("status", "pending"))
        if status is None:
            raise ValueError(f"its status {item.get('status')!r:.40} is unknown")
        task = Task(
            id=self.id(item.get("uuid")),
            title=_text(item, "description"),
            status=status,  # type: ignore[arg-type]
            priority=PRIORITY.get(_text(item, "priority"), 3),
            tags=self.names.tags(_strings(item.get("tags"))),
            extra={"uuid": item["uuid"]} | _rest(item),
            order=arriving.order_of(len(self.tasks)),
        )
        task = self._dated(task, item)
        task = self._repeating(task, item)
        task = replace(task, notes=_notes(item, self.context))
        return _beyond(task, item)

    def _dated(self, task: Task, item: dict[str, Any]) -> Task:
        zone = self.context.zone
        if "entry" in item:
            task = replace(task, created=dates.moment(item["entry"]))
        if "due" in item:
            day, at = dates.local(item["due"], zone)
            task = replace(task, due=day, due_time=at)
        if "scheduled" in item:
            day, at = dates.local(item["scheduled"], zone)
            task = replace(task, scheduled=day, scheduled_time=at)
        if "wait" in item and task.live:
            task = replace(
                task, status="waiting", waiting_until=dates.local(item["wait"], zone)[0]
            )
        if not task.live:
            at = item.get("end") or item.get("modified") or item.get("entry")
            task = replace(task, done_at=dates.moment(at) if at else self.context.now())
        return task

    def _repeating(self, task: Task, item: dict[str, Any]) -> Task:
        if item.get("status") != "recurring" or not task.live:
            return task
        rule = dates.rule(_text(item, "recur"))
        if not rule or task.due is None:
            return replace(task, extra={**task.extra, "recur": item.get("recur")})
        if "until" in item:
            rule += f";UNTIL={dates.local(item['until'], self.context.zone)[0]:%Y%m%d}"
        return replace(task, repeat=rule, repeat_day=task.due, repeat_anchor=task.due)

    def keep(self, task: Task, item: dict[str, Any]) -> Iterator[Project]:
        """Remember a task and whom it names; gives the projects that are new."""
        path = _text(item, "project").replace(".", "/")
        yield from self.names.project(path)
        self.tasks[task.id] = replace(task, project=self.names.project_id(path))
        depends = item.get("depends") or []
        for uuid in depends.split(",") if isinstance(depends, str) else _strings(depends):
            self.pairs.append((self.id(uuid), task.id))
        if "parent" in item and isinstance(item["parent"], str):
            self.children.setdefault(self.id(item["parent"]), []).append(task.id)
        parent = _carried(item).parent
        if parent:
            self.above[task.id] = self.id(parent)

    def finished(self) -> Iterator[Task | Link]:
        """Every task with its relations, then the links."""
        stands_for: dict[str, str] = {}
        for template, children in self.children.items():
            if template in self.tasks:
                self._gather(template, children, stands_for)
        pairs = [(stands_for.get(a, a), stands_for.get(b, b)) for a, b in self.pairs]
        yield from arriving.with_relations(
            self.context, list(self.tasks.values()), self.above, pairs
        )

    def _gather(
        self, template: str, children: list[str], stands_for: dict[str, str]
    ) -> None:
        """A template takes the place of its first child that is still to do."""
        head = self.tasks[template]
        todo = sorted(
            (self.tasks[c] for c in children if c in self.tasks and self.tasks[c].live),
            key=lambda task: task.due or date.max,
        )
        for child in children:
            if child in self.tasks:
                self.tasks[child] = replace(self.tasks[child], series=template)
        if todo and head.repeat:
            first = todo[0]
            merged = {**first.extra, **head.extra, "child": first.extra.get("uuid")}
            self.tasks[template] = replace(
                head, due=first.due, due_time=first.due_time, repeat_day=first.due,
                status=first.status, waiting_until=first.waiting_until, extra=merged,
                notes=first.notes or head.notes,
            )  # fmt: skip
            stands_for[first.id] = template
            del self.tasks[first.id]


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key, "")
    if not isinstance(value, str):
        raise ValueError(f"its {key} is no text")  # noqa: TRY004 - one kind of failure
    return value.strip()


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        value = value.split(",")
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _rest(item: dict[str, Any]) -> dict[str, Any]:
    kept = {k: v for k, v in item.items() if k not in TAKEN}
    if item.get("status") == "recurring":
        kept.pop("until", None)
    return arriving.plain(kept)


def _notes(item: dict[str, Any], context: Context) -> str:
    """Annotations as a list, each with its day and time."""
    lines: list[str] = []
    found = item.get("annotations")
    for note in found if isinstance(found, list) else []:
        if not isinstance(note, dict) or not isinstance(note.get("description"), str):
            raise ValueError("an annotation has no text")  # noqa: TRY004 - one kind of failure
        at = (
            dates.moment(note["entry"]).astimezone(context.zone)
            if "entry" in note
            else None
        )
        text = note["description"].strip().replace("\n", "\n  ")
        lines.append(f"- {at:%Y-%m-%d %H:%M} {text}" if at else f"- {text}")
    return "\n".join(lines)


def _carried(item: dict[str, Any]) -> Carried:
    if not isinstance(item.get("mana"), str):
        return Carried()
    try:
        return msgspec.json.decode(item["mana"], type=Carried)
    except (msgspec.DecodeError, RecursionError):
        return Carried()


def _beyond(task: Task, item: dict[str, Any]) -> Task:
    if "mana" not in item:
        return task
    said = _carried(item)
    fields = {name: getattr(said, name) for name in Beyond.__struct_fields__}
    known = {name: value for name, value in fields.items() if value not in (None, "", ())}
    if known.get("repeat"):
        from modules.todo.repeat import checked

        known["repeat"] = checked(known["repeat"])
    task = replace(task, **known)
    if task.status == "waiting":
        task = replace(task, waiting_until=said.until)
    return replace(task, status="someday") if said.someday and task.live else task
