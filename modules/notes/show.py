"""What the commands of notes print for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modules.notes import queries
from modules.notes.model import Note, preview, shown_title, words
from modules.sdk.context import Context
from modules.sdk.listing import Col, Listing, Row
from modules.sdk.text import markdown
from modules.sdk.text.dates import format_ago

COLUMNS = (
    Col(title="id", style="dim"),
    Col(title=""),
    Col(title="title", grow=True),
    Col(title="text", style="dim", grow=True),
    Col(title="tags", style="magenta"),
    Col(title="changed", style="cyan"),
)


def listing(context: Context, result: Sequence[Note]) -> Listing:
    """Notes one a line: id, pin, title, first words, tags, last change."""
    names = context.store.tag_names() if any(note.tags for note in result) else {}
    now = context.now()
    rows = [
        Row((
            note.short,
            "▴" if note.pinned else "",
            shown_title(note),
            preview(note),
            " ".join(f"#{names[tag]}" for tag in note.tags if tag in names),
            format_ago(note.updated, now, context.locale),
        ), "dim" if note.archived else "")
        for note in result
    ]  # fmt: skip
    return Listing(
        columns=COLUMNS,
        rows=tuple(rows),
        empty='No notes. Write one: mana notes add "Text"',
        note=f"{len(result)} note{'' if len(result) == 1 else 's'}",
    )


def made(context: Context, result: Note) -> Listing:
    """One note."""
    return Listing(columns=COLUMNS, rows=listing(context, [result]).rows)


def whole(context: Context, result: Note) -> str:
    """The title where the text does not begin with it, the text, then the links."""
    said = []
    if markdown.title_of(result.content) != result.title:
        said.append(f"# {result.title}\n")
    said.append(result.content.rstrip())
    names = context.store.tag_names()
    facts = [f"#{names[tag]}" for tag in result.tags if tag in names]
    facts += [f"in {result.folder}"] if result.folder else []
    count = words(result)
    facts += [f"{count} word{'' if count == 1 else 's'}", result.short]
    said.append("\n— " + " · ".join(facts))
    back = queries.backlinks(context.store, result)
    if back:
        said.append("Linked from: " + ", ".join(one.title for one in back))
    return "\n".join(said)


def links(context: Context, result: Any) -> Listing:
    """Links one a line, with which way they lead."""
    short = _shorts(context, result)
    rows = [Row(("links to", short.get(one.note, ""), one.title or f"{one.target} (no such note)", ""),
                "" if one.note else "dim") for one in result.to]  # fmt: skip
    rows += [
        Row(("linked from", short.get(m.note, ""), m.title, m.line)) for m in result.back
    ]
    rows += [
        Row(("named by", short.get(m.note, ""), m.title, m.line), "dim")
        for m in result.mentions
    ]
    columns = (
        Col(title=""),
        Col(title="id", style="dim"),
        Col(title="title"),
        Col(title="line", grow=True),
    )
    return Listing(columns=columns, rows=tuple(rows), empty="No links.")


def _shorts(context: Context, result: Any) -> dict[str | None, str]:
    ids = {one.note for one in (*result.to, *result.back, *result.mentions) if one.note}
    return {note.id: note.short for note in context.store.many(Note, sorted(ids))}


def outline(context: Context, result: Sequence[markdown.Heading]) -> str:
    """Headings, indented by level."""
    return (
        "\n".join(f"{'  ' * (one.level - 1)}{one.text}" for one in result) or "No headings."
    )


def tasks(context: Context, result: Sequence[Any]) -> str:
    """What was made."""
    many = f"{len(result)} task{'' if len(result) == 1 else 's'}"
    return "\n".join([f"Made {many}:", *(f"{one.short}  {one.title}" for one in result)])
