"""Reads of notes: the list, links both ways, mentions."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

import msgspec

from modules.notes.model import Note, fold, names_of
from modules.sdk.context import Context
from modules.sdk.text import markdown
from storage.query import Query, col, matching
from storage.store import Store

ORDER = ("-pinned", "-updated")
MOST_MENTIONS = 50
NO, YES = False, True  # conditions of a query, not tests


def live() -> Query[Note]:
    """Notes in use: pinned first, then the newest change."""
    return Query(Note).where(col("archived") == NO, col("template") == NO).order(*ORDER)


def archive() -> Query[Note]:
    """Notes put away."""
    return Query(Note).where(col("archived") == YES, col("template") == NO).order(*ORDER)


def templates() -> Query[Note]:
    """Notes that new ones start from."""
    return Query(Note).where(col("archived") == NO, col("template") == YES).order(*ORDER)


def search(query: Query[Note], text: str) -> Query[Note]:
    """Narrow to notes whose title or text hold this."""
    return query.where(matching(text)) if text.strip() else query


# --- links ----------------------------------------------------------------------------------


class LinkOut(msgspec.Struct, frozen=True):
    """A wiki link of a note, and the note it leads to, if there is one."""

    target: str
    note: str | None = None
    title: str = ""


class Mention(msgspec.Struct, frozen=True):
    """Another note that links here, or only says the name, and the line where."""

    note: str
    title: str
    line: str
    linked: bool = True


def find_by_name(store: Store, name: str) -> Note | None:
    """The note a wiki link calls: by title, by alias, in any folder; the newest first."""
    folded = fold(name)
    if not folded:
        return None
    return by_names(store, (folded,)).get(folded)


def by_names(store: Store, names: Sequence[str]) -> dict[str, Note]:
    """Folded name to note, for the names there are: a title wins over an alias."""
    found: dict[str, Note] = {}
    if names:
        for note in store.all(
            Query(Note).where(col("name").one_of(names)).order("updated")
        ):
            found[note.name] = note
    for name in names:
        if name not in found:
            other = _by_alias(store, name)
            if other is not None:
                found[name] = other
    return found


def _by_alias(store: Store, name: str) -> Note | None:
    query = Query(Note).where(col("aliases").contains(_in_json(name))).order("-updated")
    return next(
        (note for note in store.all(query) if name in map(fold, note.aliases)), None
    )


def _in_json(text: str) -> str:
    """A text as it stands inside a stored list."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def links_out(store: Store, note: Note) -> list[LinkOut]:
    """Where the wiki links of a note lead, each once."""
    links = {fold(link.target): link.target for link in markdown.wiki_links(note.content)}
    links.pop("", None)
    known = by_names(store, list(links))
    return [
        LinkOut(said, known[name].id, known[name].title) if name in known else LinkOut(said)
        for name, said in links.items()
    ]


def backlinks(store: Store, note: Note, most: int | None = None) -> list[Mention]:
    """Notes that link here, newest first (at most so many), with the line that does."""
    names = set(names_of(note))
    found: dict[str, Note] = {}
    for name in names:
        query = Query(Note).where(col("targets").contains(_in_json(name))).order("-updated")
        for other in store.all(query if most is None else query.limit(most)):
            if other.id != note.id and names & set(other.targets):
                found[other.id] = other
    return [
        Mention(one.id, one.title, _line_with(one.content, names)) for one in found.values()
    ]


def _line_with(text: str, names: set[str]) -> str:
    for link in markdown.wiki_links(text):
        if fold(link.target) in names:
            start = text.rfind("\n", 0, link.start) + 1
            end = text.find("\n", link.end)
            return markdown.plain_line(text[start : len(text) if end < 0 else end])
    return ""


def mentions(store: Store, note: Note) -> list[Mention]:
    """Notes that say this one's name without linking to it."""
    if len(note.title) < 4:
        return []
    query = Query(Note).where(col("content").contains(note.title)).order("-updated")
    word = re.compile(rf"(?<!\w){re.escape(note.title)}(?!\w)", re.IGNORECASE)
    names = set(names_of(note))
    found = []
    for other in store.all(query.limit(MOST_MENTIONS)):
        if other.id == note.id or names & set(other.targets):
            continue
        line = next((line for line in other.content.split("\n") if word.search(line)), "")
        if line:
            found.append(Mention(other.id, other.title, markdown.plain_line(line), False))
    return found


def folders(context: Context) -> list[str]:
    """Every folder in use, by name."""
    counts = context.store.groups(Query(Note), "folder")
    return sorted(folder for folder in counts if folder)
