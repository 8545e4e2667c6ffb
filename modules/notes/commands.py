"""What can be done with notes: the only code that writes them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

from modules.notes import queries
from modules.notes.model import Color, Note, clean_folder, settled, shown_title
from modules.sdk.command import command
from modules.sdk.context import Context
from modules.sdk.field import Line, Ref, Text, Title, says
from modules.sdk.listing import Said
from modules.sdk.slot import resolve
from modules.sdk.text import markdown
from storage.errors import NotFound, Refused, UserError
from storage.query import Query, tagged

Limit = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
Number = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
SPOKEN = msgspec.Meta(extra={"positional": True})
"""Said without an option's name on the command line."""
Names = Annotated[tuple[Line, ...], says("names of tags, made where they are new")]


def kept(context: Context, note: Note, before: Note | None = None) -> Note:
    """Store a note with everything derived from its text."""
    return context.store.put(settled(note, before))


@command("New note", key="a", show="modules.notes.show:made")
def add(
    context: Context,
    title: Annotated[Line, says("default: the first line")] = "",
    content: Annotated[Text, says("Markdown; - reads standard input"), SPOKEN] = "",
    *,
    tags: Names = (),
    folder: Annotated[Line, says("a path such as Work/Ideas")] = "",
    color: Color = "",
    pinned: bool = False,
    template: Annotated[Ref[Note] | None, says("start from this template")] = None,
) -> Note:
    """Write a note. Without a title its first line is one."""
    made = Note(
        title=title, content=content, folder=folder, color=color, pinned=pinned,
        tags=context.store.tag_ids(tags),
    )  # fmt: skip
    if template is not None:
        made = _from_template(context, made, context.store.get(Note, template))
    if not (made.title.strip() or made.content.strip()):
        raise UserError(
            "There is nothing to note.", hint='mana notes add "Text" --title "Title"'
        )
    return kept(context, made)


def _from_template(context: Context, note: Note, template: Note) -> Note:
    """The template's text with {{title}}, {{date}} and {{time}} filled in, then the rest."""
    now = context.now()
    title = note.title or f"{template.title} {now.date().isoformat()}"
    filled = template.content
    for name, value in (("title", title), ("date", now.date().isoformat()),
                        ("time", f"{now:%H:%M}")):  # fmt: skip
        filled = filled.replace("{{" + name + "}}", value)
    content = "\n\n".join(filter(None, (filled.rstrip(), note.content)))
    tags = tuple(dict.fromkeys((*template.tags, *note.tags)))
    return replace(
        note, title=title, content=content, tags=tags,
        color=note.color or template.color, folder=note.folder or template.folder,
    )  # fmt: skip


@command("Edit note", show="modules.notes.show:made")
def edit(
    context: Context,
    note: Ref[Note],
    *,
    title: Line | None = None,
    content: Text | None = None,
    folder: Line | None = None,
    color: Color | None = None,
    aliases: Annotated[tuple[Line, ...] | None, says("other names links may use")] = None,
    tags: Annotated[tuple[Line, ...] | None, says("instead of the tags it has")] = None,
) -> Note:
    """Change a note; what is not given stays. A new text replaces the whole old one."""
    before = context.store.get(Note, note)
    said: dict[str, Any] = {
        "title": title, "content": content, "folder": folder, "color": color,
        "aliases": aliases,
        "tags": None if tags is None else context.store.tag_ids(tags),
    }  # fmt: skip
    changes = {name: value for name, value in said.items() if value is not None}
    if not changes:
        raise UserError("Say what to change.", hint="title, content, folder, color, tags")
    after = replace(before, **changes)
    if not (after.title.strip() or after.content.strip()):
        raise UserError("A note needs a title or a text.", hint="delete it instead")
    return kept(context, after, before if title is None else None)


@command("Append to note", show="modules.notes.show:made")
def append(context: Context, note: Ref[Note], text: Text) -> Note:
    """Add lines to the end of a note."""
    if not text.strip():
        raise UserError("There is nothing to append.")
    before = context.store.get(Note, note)
    glue = "" if not before.content or before.content.endswith("\n") else "\n"
    return kept(context, replace(before, content=f"{before.content}{glue}{text}"), before)


@command("Show note", effect="read", show="modules.notes.show:whole")
def show(context: Context, note: Ref[Note]) -> Note:
    """Print a note: its text, what it links to and what links to it."""
    return context.store.get(Note, note)


@command("List notes", name="list", effect="read", show="modules.notes.show:listing")
def list_(
    context: Context,
    query: Annotated[Line, says("only notes that hold this"), SPOKEN] = "",
    *,
    tag: Annotated[Line, says("only with this tag")] = "",
    folder: Annotated[Line, says("only in this folder and below")] = "",
    archived: bool = False,
    templates: bool = False,
    limit: Limit = 50,
) -> list[Note]:
    """Notes: pinned ones first, then the newest change."""
    found = queries.archive() if archived else queries.live()
    found = queries.templates() if templates else found
    found = queries.search(found, query)
    if tag:
        found = found.where(
            tagged(*context.store.tag_ids((tag.lstrip("#"),), create=False))
        )
    if folder:
        wanted = clean_folder(folder)
        below = [
            f for f in queries.folders(context) if f == wanted or f.startswith(wanted + "/")
        ]
        found = found.where(queries.col("folder").one_of(below))
    return context.store.all(found.limit(limit))


# --- flags ---------------------------------------------------------------------------------


def _flagged(context: Context, notes: tuple[str, ...], name: str) -> list[Note]:
    """Set a flag of several notes, or take it away where all have it."""
    found = context.store.many(Note, notes)
    on = not all(getattr(note, name) for note in found)
    return [context.store.put(replace(note, **{name: on})) for note in found]


@command("Pin notes", key="p")
def pin(context: Context, notes: tuple[Ref[Note], ...]) -> list[Note]:
    """Keep notes on top, or let them go again where all are."""
    return _flagged(context, notes, "pinned")


@command("Archive notes", key="Z")
def archive(context: Context, notes: tuple[Ref[Note], ...]) -> list[Note]:
    """Put notes away, or bring them back where all are."""
    return _flagged(context, notes, "archived")


@command("Make templates")
def template(context: Context, notes: tuple[Ref[Note], ...]) -> list[Note]:
    """Let new notes start from these, or no longer where all are templates."""
    return _flagged(context, notes, "template")


@command("Colour notes", key="C")
def color(context: Context, notes: tuple[Ref[Note], ...], color: Color) -> list[Note]:
    """Give notes a colour, or none."""
    found = context.store.many(Note, notes)
    return [context.store.put(replace(note, color=color)) for note in found]


@command("Move notes to a folder")
def move(context: Context, notes: tuple[Ref[Note], ...], folder: Line) -> list[Note]:
    """Put notes into a folder, such as Work/Ideas; an empty one is the top."""
    found = context.store.many(Note, notes)
    return [context.store.put(replace(note, folder=clean_folder(folder))) for note in found]


@command("Tag notes")
def tag(context: Context, notes: tuple[Ref[Note], ...], tags: Names) -> list[Note]:
    """Add tags to notes; they keep those they have."""
    ids = context.store.tag_ids(name.lstrip("#") for name in tags)
    found = context.store.many(Note, notes)
    return [
        context.store.put(replace(note, tags=tuple(dict.fromkeys((*note.tags, *ids)))))
        for note in found
    ]


@command("Delete notes", key="d")
def delete(context: Context, notes: tuple[Ref[Note], ...]) -> list[Note]:
    """Move notes to the trash."""
    return [context.store.delete(Note, note) for note in notes]


# --- links, boxes -----------------------------------------------------------------------------


@command("Rename note")
def rename(context: Context, note: Ref[Note], title: Title) -> Note:
    """Give a note another title, and change the links of other notes to it."""
    before = context.store.get(Note, note)
    for mention in queries.backlinks(context.store, before):
        other = context.store.get(Note, mention.note)
        content = markdown.rename_link(other.content, before.title, title.strip())
        kept(context, replace(other, content=content), other)
    return kept(context, replace(context.store.get(Note, note), title=title.strip()))


class Links(msgspec.Struct, frozen=True):
    """What a note links to, what links to it, and who only says its name."""

    to: list[queries.LinkOut]
    back: list[queries.Mention]
    mentions: list[queries.Mention]


@command("Links of a note", effect="read", show="modules.notes.show:links")
def links(context: Context, note: Ref[Note]) -> Links:
    """What a note links to, what links to it, and who only says its name."""
    store, found = context.store, context.store.get(Note, note)
    return Links(
        queries.links_out(store, found),
        queries.backlinks(store, found),
        queries.mentions(store, found),
    )


@command("Outline of a note", effect="read", show="modules.notes.show:outline")
def outline(context: Context, note: Ref[Note]) -> list[markdown.Heading]:
    """The headings of a note."""
    return markdown.outline(context.store.get(Note, note).content)


@command("Check a box")
def check(
    context: Context,
    note: Ref[Note],
    box: Annotated[Number, says("which of its checkboxes, from 1")],
    done: Annotated[bool | None, says("default: turn it over")] = None,
) -> Note:
    """Tick a checkbox of a note, or untick it."""
    before = context.store.get(Note, note)
    boxes = markdown.checkboxes(before.content)
    if box > len(boxes):
        many = f"{len(boxes)} checkbox{'' if len(boxes) == 1 else 'es'}"
        raise NotFound(f"{shown_title(before)!r} has {many}.")
    content = markdown.check(before.content, boxes[box - 1].line, done)
    return kept(context, replace(before, content=content), before)


@command("Open boxes become tasks", name="tasks", show="modules.notes.show:tasks")
def make_tasks(context: Context, note: Ref[Note]) -> list[Any]:
    """Make a task of each open checkbox, linked with the note, and tick the box."""
    before = context.store.get(Note, note)
    boxes = [
        box for box in markdown.checkboxes(before.content) if not box.done and box.text
    ]
    if not context.has("todo.add"):
        raise Refused("There are no tasks in this space.")
    if not boxes:
        raise NotFound(f"{shown_title(before)!r} has no open checkbox.")
    made, content = [], before.content
    for box in boxes:
        task = context.run("todo.add", {"title": box.text[:1000]})
        context.store.link(before, "source", task)
        content = markdown.check(content, box.line, True)
        made.append(task)
    kept(context, replace(before, content=content), before)
    return made


@command("Export notes to a folder", effect="outside", batch=False)
def export(
    context: Context,
    folder: Annotated[Line, says("made where it is not there")],
    overwrite: Annotated[bool, says("replace files that differ")] = False,
) -> Said:
    """Write every note as a Markdown file with front matter, in folders as they are here."""
    write = resolve("modules.notes.formats.folder:write_folder")
    return write(context, folder, overwrite=overwrite)


@command("Folders of notes", effect="read")
def folders(context: Context) -> dict[str, int]:
    """Every folder and how many notes are in it."""
    counts = context.store.groups(Query(Note), "folder")
    return {folder or "(top)": counts[folder] for folder in sorted(counts)}
