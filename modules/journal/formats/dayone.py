"""Day One's JSON, and jrnl's: a list of entries under `entries`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from modules.journal.model import Entry, settled
from modules.sdk.context import Context
from modules.sdk.slot import Rejected, Source, stable_id
from modules.sdk.text import markdown
from storage.errors import UserError
from storage.query import Query
from storage.record import Record

MOST = 200_000


def detect(path: Path, head: bytes) -> bool:
    """A JSON file whose first bytes speak of Day One's fields."""
    return path.suffix.lower() == ".json" and b'"creationDate"' in head


def detect_jrnl(path: Path, head: bytes) -> bool:
    """A JSON file as `jrnl --export json` writes it."""
    keys = (b'"entries"', b'"date"', b'"body"')
    return path.suffix.lower() == ".json" and all(key in head for key in keys)


def read(context: Context, source: Source) -> Iterator[Record | Rejected]:
    """Entries of Day One: local days, tags, stars; photos are named, not taken."""
    for number, raw in enumerate(_entries(source)):
        yield from _guarded(context, number, raw, _day_one)


def read_jrnl(context: Context, source: Source) -> Iterator[Record | Rejected]:
    """Entries of jrnl: day, time, title, body, tags, stars."""
    for number, raw in enumerate(_entries(source)):
        yield from _guarded(context, number, raw, _jrnl)


def _entries(source: Source) -> list[Any]:
    try:
        found = json.loads(source.read())
    except (ValueError, RecursionError):
        raise UserError(f"{source.path.name} is not JSON.") from None
    entries = found.get("entries") if isinstance(found, dict) else None
    if not isinstance(entries, list) or len(entries) > MOST:
        raise UserError(f"{source.path.name} holds no list of entries.")
    return entries


def _guarded(
    context: Context, number: int, raw: Any, make: Any
) -> Iterator[Record | Rejected]:
    try:
        made, left = make(context, raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"not an entry ({type(error).__name__})"
        yield Rejected(item=f"entry {number + 1}", reason=reason, raw=repr(raw)[:500])
        return
    yield made
    if left:
        yield Rejected(item=f"entry of {made.day}", reason=left)


def _day_one(context: Context, raw: dict[str, Any]) -> tuple[Entry, str]:
    at = datetime.fromisoformat(raw["creationDate"])
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    zone = _zone(raw.get("timeZone")) or context.zone
    text = str(raw.get("text") or "").replace("\u200b", "")
    title, body = _title(text)
    files = sum(
        len(raw.get(name) or ())
        for name in ("photos", "videos", "audios", "pdfAttachments")
    )
    changed = raw.get("modifiedDate")
    made = Entry(
        id=stable_id("journal.entry", context.space.id, "dayone", str(raw.get("uuid") or at)),
        day=at.astimezone(zone).date(),
        title=title,
        content=body,
        favourite=bool(raw.get("starred")),
        pinned=bool(raw.get("isPinned")),
        tags=_tags(context, raw.get("tags")),
        created=at.astimezone(UTC),
        updated=max(at, datetime.fromisoformat(changed)).astimezone(UTC) if changed else at.astimezone(UTC),
    )  # fmt: skip
    return settled(made), f"{files} attachments were left out" if files else ""


def _jrnl(context: Context, raw: dict[str, Any]) -> tuple[Entry, str]:
    day = date.fromisoformat(raw["date"])
    clock = str(raw.get("time") or "00:00")
    at = datetime.fromisoformat(f"{day.isoformat()}T{clock}").replace(tzinfo=context.zone)
    title, body = str(raw.get("title") or ""), str(raw.get("body") or "")
    if len(title) > 1000:
        title, body = "", f"{title}\n{body}"
    made = Entry(
        id=stable_id("journal.entry", context.space.id, "jrnl", at.isoformat(), title),
        day=day,
        title=title,
        content=body.strip("\n"),
        favourite=bool(raw.get("starred")),
        tags=_tags(context, raw.get("tags")),
        created=at.astimezone(UTC),
        updated=at.astimezone(UTC),
    )
    return settled(made), ""


def _title(text: str) -> tuple[str, str]:
    """Day One shows a first line that is a heading as the title."""
    first, _, rest = text.lstrip("\n").partition("\n")
    if first.startswith("# "):
        return markdown.plain_line(first)[:1000], rest.lstrip("\n")
    return "", text.strip("\n")


def _tags(context: Context, said: Any) -> tuple[str, ...]:
    names = [str(tag).lstrip("@#").strip()[:200] for tag in said or ()]
    return context.store.tag_ids([name for name in names if name][:100])


def _zone(name: Any) -> ZoneInfo | None:
    try:
        return ZoneInfo(str(name)) if name else None
    except (ValueError, KeyError, OSError):
        return None


# --- out -----------------------------------------------------------------------------------


def write(context: Context, ids: tuple[str, ...] | None) -> Iterator[bytes]:
    """Entries as jrnl's JSON, which others read too; mood and favourite beside."""
    names = context.store.tag_names()
    chosen = context.store.many(Entry, ids) if ids is not None else (
        context.store.each(Query(Entry).order("day", "created")))  # fmt: skip
    yield b'{"entries": ['
    for number, entry in enumerate(chosen):
        at = entry.created.astimezone(context.zone)
        said = {
            "title": entry.title,
            "body": entry.content,
            "date": entry.day.isoformat(),
            "time": f"{at:%H:%M}" if at.date() == entry.day else "00:00",
            "tags": [names[tag] for tag in entry.tags if tag in names],
            "starred": entry.favourite,
            "mood": entry.mood,
        }
        glue = b",\n" if number else b"\n"
        yield glue + json.dumps(said, ensure_ascii=False).encode()
    yield b"\n]}\n"


def write_markdown(context: Context, ids: tuple[str, ...] | None) -> Iterator[bytes]:
    """Entries as one Markdown text, a heading a day, the oldest first."""
    from modules.journal.show import one_day

    chosen = context.store.many(Entry, ids) if ids is not None else (
        context.store.each(Query(Entry).order("day", "created")))  # fmt: skip
    for entry in chosen:
        yield (one_day(context, entry) + "\n\n").encode()
