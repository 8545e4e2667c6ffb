"""Tasks written as Taskwarrior's JSON; see `taskwarrior` for what travels where."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec

from modules.sdk.context import Context
from modules.todo import kin, queries
from modules.todo.formats import arriving
from modules.todo.formats import tw_dates as dates
from modules.todo.formats.taskwarrior import LETTER, TAKEN, Beyond, Carried
from modules.todo.model import Task


def write(context: Context, ids: tuple[str, ...] | None) -> Iterator[bytes]:
    """An array with one object a line, as `task export` prints it."""
    store = context.store
    tasks = arriving.leaving(context, ids)
    tags, paths = store.tag_names(), queries.paths(store)
    uuids = {task.id: uuid_of(task) for task in tasks}
    after: dict[str, list[str]] = {}
    for link in kin.blocks(store, list(uuids)):
        if link.from_id in uuids:
            after.setdefault(link.to_id, []).append(uuids[link.from_id])
    yield b"[\n"
    for number, task in enumerate(tasks):
        item = _item(task, context, uuids, tags)
        if task.project in paths:
            item["project"] = paths[task.project].replace("/", ".")
        if after.get(task.id):
            item["depends"] = after[task.id]
        yield (b",\n" if number else b"") + msgspec.json.encode(item, enc_hook=str)
    yield b"\n]\n"


def uuid_of(task: Task) -> str:
    """The uuid it came with, else one made of its id."""
    from uuid import UUID

    kept = task.extra.get("uuid")
    if isinstance(kept, str):
        return kept
    from storage.record import ALPHABET

    number = 0
    for digit in task.id:
        number = number << 5 | ALPHABET.index(digit)
    return str(UUID(int=number & (1 << 128) - 1))


def _item(
    task: Task, context: Context, uuids: dict[str, str], tags: dict[str, str]
) -> dict[str, Any]:
    zone = context.zone
    recur = dates.recur(task.repeat) if task.repeat_from == "schedule" else ""
    item: dict[str, Any] = {k: v for k, v in task.extra.items() if k not in TAKEN}
    item |= {
        "uuid": uuids[task.id],
        "description": task.title,
        "status": _status(task, recur),
        "entry": dates.stamp(task.created),
        "modified": dates.stamp(task.updated),
    }
    named = [tags[tag] for tag in task.tags if tag in tags]
    item |= {"tags": named} if named else {}
    item |= {"priority": LETTER[task.priority]} if LETTER[task.priority] else {}
    item |= {"recur": recur, "mask": ""} if recur and task.live else {}
    item |= {"end": dates.stamp(task.done_at)} if task.done_at else {}
    item |= {"due": dates.instant(task.due, task.due_time, zone)} if task.due else {}
    if task.scheduled:
        item["scheduled"] = dates.instant(task.scheduled, task.scheduled_time, zone)
    if task.status == "waiting":
        day = task.waiting_until or context.today() + timedelta(days=3650)
        item["wait"] = dates.instant(day, None, zone)
    notes = dated_lines(task.notes, context)
    item |= {"annotations": notes} if notes else {}
    carried = msgspec.json.encode(_to_carry(task, uuids), enc_hook=str).decode()
    return item | ({"mana": carried} if carried != "{}" else {})


def _status(task: Task, recur: str) -> str:
    if task.status in ("done", "dropped"):
        return "completed" if task.status == "done" else "deleted"
    if recur and task.status != "someday":
        return "recurring"
    return "waiting" if task.status == "waiting" else "pending"


def _to_carry(task: Task, uuids: dict[str, str]) -> Carried:
    return Carried(
        **{name: getattr(task, name) for name in Beyond.__struct_fields__},
        parent=uuids.get(task.parent or "", ""),
        someday=task.status == "someday",
        until=task.waiting_until if task.status == "waiting" else None,
    )


def dated_lines(notes: str, context: Context) -> list[dict[str, str]]:
    """Lines of notes that are annotations: `- 2026-11-22 10:00 asked again`."""
    found: list[dict[str, str]] = []
    for line in notes.split("\n"):
        if not line.startswith("- ") or len(line) < 20:
            continue
        try:
            at = datetime.strptime(line[2:18], "%Y-%m-%d %H:%M").replace(
                tzinfo=context.zone
            )
        except ValueError:
            continue
        found.append({"entry": dates.stamp(at), "description": line[19:]})
    return found
