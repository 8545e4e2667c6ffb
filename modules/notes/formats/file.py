"""One note as a Markdown file with front matter, and back; nothing is lost on the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, cast

from modules.notes.model import Color, Note, clean_folder, settled
from modules.sdk.context import Context
from modules.sdk.slot import stable_id
from modules.sdk.text import frontmatter, markdown
from storage.record import ALPHABET

KNOWN = frozenset(
    {"title", "tags", "tag", "aliases", "alias", "created", "date", "updated", "modified",
     "pinned", "archived", "template", "color", "id"}
)  # fmt: skip
COLORS: tuple[Any, ...] = Color.__args__  # type: ignore[attr-defined]
MOST_TAGS = 100


def note_of(context: Context, name: str, text: str, changed: datetime) -> Note:
    """A note of a file's text; `name` is its path within the folder, `changed` when the
    file says nothing of it."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    said, body = frontmatter.split(text)
    said = {key.casefold(): value for key, value in said.items()}
    folder, _, file = name.replace("\\", "/").rpartition("/")
    stem = file.rpartition(".")[0] or file
    created = _moment(said.get("created") or said.get("date"), context) or changed
    updated = _moment(said.get("updated") or said.get("modified"), context) or changed
    tags = [*_list(said.get("tags")), *_list(said.get("tag")), *markdown.hashtags(body)]
    names = dict.fromkeys(tag.lstrip("#").strip() for tag in tags)
    color = _text(said.get("color"))
    made = Note(
        id=_id(said.get("id")) or stable_id("notes.note", context.space.id, name),
        title=(_text(said.get("title")) or stem)[:1000],
        content=body,
        folder=clean_folder(folder)[:1000],
        color=cast("Color", color if color in COLORS else ""),
        pinned=_text(said.get("pinned")) == "true",
        archived=_text(said.get("archived")) == "true",
        template=_text(said.get("template")) == "true",
        aliases=tuple(one[:1000] for one in (*_list(said.get("aliases")), *_list(said.get("alias")))),
        tags=context.store.tag_ids([name for name in names if name][:MOST_TAGS]),
        front=frontmatter.others(text, KNOWN),
        created=min(created, updated).astimezone(UTC),
        updated=updated.astimezone(UTC),
    )  # fmt: skip
    return settled(made)


def text_of(note: Note, tags: dict[str, str]) -> str:
    """The file of a note: its front matter, then its text as it is."""
    said: dict[str, frontmatter.Value] = {"id": note.id, "title": note.title}
    names = sorted(tags[tag] for tag in note.tags if tag in tags)
    said |= {"tags": names} if names else {}
    said |= {"aliases": list(note.aliases)} if note.aliases else {}
    said |= {"color": note.color} if note.color else {}
    said |= {
        flag: "true" for flag in ("pinned", "archived", "template") if getattr(note, flag)
    }
    said |= {"created": note.created.isoformat(), "updated": note.updated.isoformat()}
    block = frontmatter.join(said, "").removesuffix("---\n\n")
    more = note.front.rstrip("\n") + "\n" if note.front.strip() else ""
    return f"{block}{more}---\n\n{note.content}"


def _id(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    return text if len(text) == 26 and set(text) <= set(ALPHABET) and text[0] <= "7" else ""


def _text(value: Any) -> str:
    return value.strip().replace("\n", " ") if isinstance(value, str) else ""


def _list(value: Any) -> list[str]:
    """A list, or the words of a line as Obsidian reads them."""
    if isinstance(value, list):
        return value
    if not isinstance(value, str) or not value.strip():
        return []
    return [part.strip() for part in value.split("," if "," in value else None)]


def _moment(value: Any, context: Context) -> datetime | None:
    """A date or a date and time, in the person's zone where it names none."""
    text = _text(value)
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time(), context.zone)
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=context.zone)
