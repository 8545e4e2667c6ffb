"""What can be done with the journal: the only code that writes it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec.structs import replace

from modules.journal import queries
from modules.journal.model import Entry, Mood, id_of, settled
from modules.journal.prompts import prompt_for
from modules.journal.queries import Stats
from modules.sdk.command import command
from modules.sdk.context import Context
from modules.sdk.field import Line, Ref, Text, says
from storage.errors import Refused, UserError
from storage.query import matching, tagged

Limit = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
SPOKEN = msgspec.Meta(extra={"positional": True})
"""Said without an option's name on the command line."""
Day = Annotated[Line, says("such as yesterday or 3.11.; default: today"),
                msgspec.Meta(examples=["yesterday", "3.11."])]  # fmt: skip
Names = Annotated[tuple[Line, ...], says("names of tags, made where they are new")]


def day_of(context: Context, text: str) -> date:
    """The day a text names, looking back; today for none. The future is refused."""
    from modules.sdk.text.dates import parse_day

    if not text.strip():
        return context.today()
    day = parse_day(text, context.today(), context.locale, past=True)
    if day > context.today():
        raise Refused("That day has not come yet.", hint="a journal is about what was")
    return day


def entry_of(context: Context, day: date) -> Entry:
    """The entry of a day; a new one, not yet stored, where there is none."""
    found = queries.first_of(context.store, day)
    return found or Entry(id=id_of(context.space.id, day), day=day)


def kept(context: Context, entry: Entry) -> Entry:
    """Store an entry; one that was put into the trash comes back."""
    store = context.store
    old = store.find(Entry, entry.id)
    if old is not None and old.deleted is not None:
        store.restore(Entry, entry.id)
    return store.put(settled(replace(entry, deleted=None)))


@command("Write in the journal", key="a", show="modules.journal.show:made")
def add(
    context: Context,
    content: Annotated[
        Text, says("Markdown; it goes below what the day has already"), SPOKEN
    ] = "",
    *,
    day: Day = "",
    mood: Mood = "",
    title: Line = "",
    tags: Names = (),
    favourite: bool = False,
) -> Entry:
    """Add to the entry of a day, today unless another is named."""
    if not (content.strip() or mood or title.strip()):
        asked = prompt_for(context.today(), context.locale, _own_prompts(context))
        raise UserError("There is nothing to write.", hint=asked)
    entry = entry_of(context, day_of(context, day))
    text = content.strip("\n")
    if text and context.setting("journal.time_marks"):
        text = f"**{context.now():%H:%M}** {text}"
    names = (*entry.tags, *context.store.tag_ids(name.lstrip("#") for name in tags))
    return kept(context, replace(
        entry,
        content="\n\n".join(filter(None, (entry.content.rstrip(), text))),
        title=title or entry.title,
        mood=mood or entry.mood,
        favourite=favourite or entry.favourite,
        tags=tuple(dict.fromkeys(names)),
    ))  # fmt: skip


def _own_prompts(context: Context) -> str:
    return context.setting("journal.prompts") or ""


@command("Today's entry", show="modules.journal.show:today")
def today(context: Context, text: Annotated[Text, SPOKEN] = "") -> Entry:
    """Show today's entry, or add a text to it; without either it asks the day's question."""
    return add(context, text) if text.strip() else entry_of(context, context.today())


@command("Write a day anew", show="modules.journal.show:made")
def write(context: Context, content: Text, day: Day = "") -> Entry:
    """Replace the whole text of a day's entry."""
    entry = entry_of(context, day_of(context, day))
    if not content.strip():
        raise UserError("There is nothing to write.", hint="journal delete takes it away")
    return kept(context, replace(entry, content=content))


@command("Edit entry", show="modules.journal.show:made")
def edit(
    context: Context,
    entry: Ref[Entry],
    *,
    title: Line | None = None,
    content: Text | None = None,
    mood: Mood | None = None,
    day: Annotated[Line | None, says("move it to another day")] = None,
    tags: Annotated[tuple[Line, ...] | None, says("instead of the tags it has")] = None,
) -> Entry:
    """Change an entry; what is not given stays."""
    said: dict[str, Any] = {
        "title": title, "content": content, "mood": mood,
        "day": day_of(context, day) if day else None,
        "tags": None if tags is None else context.store.tag_ids(tags),
    }  # fmt: skip
    changes = {name: value for name, value in said.items() if value is not None}
    if not changes:
        raise UserError("Say what to change.", hint="title, content, mood, day, tags")
    return context.store.put(settled(replace(context.store.get(Entry, entry), **changes)))


@command("Set mood")
def mood(context: Context, mood: Mood, day: Day = "") -> Entry:
    """Note the mood of a day; an empty one takes it away."""
    entry = entry_of(context, day_of(context, day))
    return kept(context, replace(entry, mood=mood))


# --- reads ---------------------------------------------------------------------------------


@command("Show a day", effect="read", show="modules.journal.show:days")
def show(context: Context, day: Annotated[Day, SPOKEN] = "") -> list[Entry]:
    """Print what was written on a day."""
    return context.store.all(queries.on_day(day_of(context, day)))


@command("List entries", name="list", effect="read", show="modules.journal.show:listing")
def list_(
    context: Context,
    query: Annotated[Line, says("only entries that hold this"), SPOKEN] = "",
    *,
    mood: Mood = "",
    tag: Annotated[Line, says("only with this tag")] = "",
    favourites: bool = False,
    archived: bool = False,
    limit: Limit = 31,
) -> list[Entry]:
    """Entries: pinned ones first, then the newest day."""
    found = queries.archive() if archived else queries.entries()
    if query.strip():
        found = found.where(matching(query))
    if mood:
        found = found.where(queries.col("mood") == mood)
    if tag:
        found = found.where(
            tagged(*context.store.tag_ids((tag.lstrip("#"),), create=False))
        )
    if favourites:
        found = found.where(queries.col("favourite") == queries.YES)
    return context.store.all(found.limit(limit))


@command("On this day", effect="read", show="modules.journal.show:days")
def on_this_day(context: Context, day: Annotated[Day, SPOKEN] = "") -> list[Entry]:
    """What was written on the same day of earlier years."""
    return context.store.all(queries.on_this_day(day_of(context, day)))


@command("Journal in figures", effect="read", show="modules.journal.show:figures")
def stats(context: Context) -> Stats:
    """Streak, totals, moods, tags, entries per month."""
    return queries.stats(context.store, context.today())


@command("Today's question", effect="read")
def prompt(context: Context, day: Annotated[Day, SPOKEN] = "") -> str:
    """The question of a day, from your own list or the built-in one."""
    return prompt_for(day_of(context, day), context.locale, _own_prompts(context))


# --- flags -----------------------------------------------------------------------------------


def _flagged(context: Context, entries: tuple[str, ...], name: str) -> list[Entry]:
    """Set a flag of several entries, or take it away where all have it."""
    found = context.store.many(Entry, entries)
    on = not all(getattr(entry, name) for entry in found)
    return [context.store.put(replace(entry, **{name: on})) for entry in found]


@command("Favourite entries", key="f")
def favourite(context: Context, entries: tuple[Ref[Entry], ...]) -> list[Entry]:
    """Make entries favourites, or no longer where all are."""
    return _flagged(context, entries, "favourite")


@command("Pin entries", key="p")
def pin(context: Context, entries: tuple[Ref[Entry], ...]) -> list[Entry]:
    """Keep entries on top, or let them go again where all are."""
    return _flagged(context, entries, "pinned")


@command("Archive entries", key="Z")
def archive(context: Context, entries: tuple[Ref[Entry], ...]) -> list[Entry]:
    """Put entries away, or bring them back where all are."""
    return _flagged(context, entries, "archived")


@command("Delete entries", key="d")
def delete(context: Context, entries: tuple[Ref[Entry], ...]) -> list[Entry]:
    """Move entries to the trash."""
    return [context.store.delete(Entry, entry) for entry in entries]
