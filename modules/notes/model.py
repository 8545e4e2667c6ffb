"""What a note is, and the rules that keep it consistent."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from modules.sdk.field import Line, Text
from modules.sdk.text import markdown
from storage.record import Record

Color = Literal[
    "", "red", "orange", "yellow", "green", "teal", "cyan", "blue", "purple", "pink", "gray"
]
"""One of ten colours, or none."""

MOST_TARGETS = 2000


class Note(
    Record,
    title="title",
    search=("content",),
    indexes=(("archived", "template", "pinned", "updated"), ("folder",), ("name",)),
):
    """A Markdown text.

    `title` is what it is called: given, or its first line, and then it follows that.
    `folder` is a path of names (`Work/Ideas`). `targets` are the names its wiki links
    point at and `name` what links call it, folded: both are derived. `aliases` are other
    names it goes by. `front` keeps lines of front matter that mean nothing here, to give them back.
    """

    title: Line = ""
    content: Text = ""
    color: Color = ""
    pinned: bool = False
    archived: bool = False
    template: bool = False
    folder: Line = ""
    aliases: tuple[Line, ...] = ()
    targets: tuple[str, ...] = ()
    name: str = ""
    front: Text = ""


def fold(name: str) -> str:
    """A name as links compare it: without case, folder, ending."""
    return name.strip().replace("\\", "/").rpartition("/")[2].removesuffix(".md").casefold()


def settled(note: Note, before: Note | None = None) -> Note:
    """The note with what is derived from its text: the title where none was given or it
    was the old first line, and the targets of its links."""
    title = note.title.strip()
    derived = before is not None and title == before.title == markdown.title_of(
        before.content
    )
    if not title or derived:
        title = markdown.title_of(note.content) or title
    links = dict.fromkeys(fold(link.target) for link in markdown.wiki_links(note.content))
    targets = tuple(name for name in links if name)[:MOST_TARGETS]
    folder = clean_folder(note.folder)
    return replace(note, title=title, targets=targets, folder=folder, name=fold(title))


def clean_folder(folder: str) -> str:
    """A path of names: no empty ones, no way up."""
    parts = (part.strip() for part in folder.replace("\\", "/").split("/"))
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def names_of(note: Note) -> tuple[str, ...]:
    """Every folded name a link may call it by."""
    return tuple(dict.fromkeys(fold(name) for name in (note.title, *note.aliases) if name))


def shown_title(note: Note) -> str:
    """What lists call it."""
    return note.title or markdown.title_of(note.content) or "Untitled"


def preview(note: Note) -> str:
    """The first line that says something and is not the title."""
    first = markdown.preview(note.content)
    if first and (note.title == first or note.title == markdown.title_of(note.content)):
        return markdown.preview(markdown.after_title(note.content))
    return first


def words(note: Note) -> int:
    """How many words it has."""
    return markdown.word_count(note.content)
