"""What the commands of the journal print for people."""

from __future__ import annotations

from collections.abc import Sequence

from modules.journal.model import Entry, mood_name, preview
from modules.journal.prompts import prompt_for
from modules.journal.queries import Stats
from modules.sdk.context import Context
from modules.sdk.listing import Col, Listing, Row
from modules.sdk.text.dates import format_day

COLUMNS = (
    Col(title="id", style="dim"),
    Col(title="day", style="cyan"),
    Col(title=""),
    Col(title="mood", style="yellow"),
    Col(title="text", grow=True),
    Col(title="tags", style="magenta"),
    Col(title="words", align="right", style="dim"),
)


def listing(context: Context, result: Sequence[Entry]) -> Listing:
    """Entries one a line."""
    names = context.store.tag_names() if any(entry.tags for entry in result) else {}
    rows = tuple(
        Row((
            entry.short,
            format_day(entry.day, context.today(), context.locale),
            ("^" if entry.pinned else "") + ("*" if entry.favourite else ""),
            mood_name(entry.mood, context.locale),
            preview(entry),
            " ".join(f"#{names[tag]}" for tag in entry.tags if tag in names),
            str(entry.words),
        ))
        for entry in result
    )  # fmt: skip
    note = f"{len(result)} entr{'y' if len(result) == 1 else 'ies'}"
    empty = 'Nothing is written yet. Begin: mana journal add "…"'
    return Listing(columns=COLUMNS, rows=rows, empty=empty, note=note)


def made(context: Context, result: Entry) -> Listing:
    """One entry."""
    return Listing(columns=COLUMNS, rows=listing(context, [result]).rows)


def today(context: Context, result: Entry) -> str:
    """Today's entry, or the question of the day."""
    if result.short:
        return one_day(context, result)
    asked = prompt_for(
        context.today(), context.locale, context.setting("journal.prompts") or ""
    )
    return f'{asked}\nWrite: mana journal add "…"'


def days(context: Context, result: Sequence[Entry]) -> str:
    """Entries in full, one after the other."""
    return (
        "\n\n".join(one_day(context, entry) for entry in result) or "Nothing was written."
    )


def one_day(context: Context, entry: Entry) -> str:
    """The day, the mood, the text."""
    day = format_day(entry.day, context.today(), context.locale, near=False)
    head = [f"# {day}", entry.title, mood_name(entry.mood, context.locale)]
    return " · ".join(filter(None, head)) + f"\n\n{entry.content}".rstrip()


def figures(context: Context, result: Stats) -> Listing:
    """Figures one a line."""
    facts: list[tuple[str, str]] = [
        ("entries", f"{result.entries:,} on {result.days:,} days"),
        ("words", f"{result.words:,}, {result.average:,} an entry"),
        ("streak", f"{result.streak} days, longest {result.longest}"),
        ("favourites", str(result.favourites)),
        ("moods", ", ".join(f"{mood_name(mood, context.locale)} {count}"
                            for mood, count in result.moods.items())),
        ("tags", ", ".join(f"#{tag} {count}" for tag, count in result.tags.items())),
        ("months", ", ".join(f"{month} {count}" for month, count in [*result.months.items()][-12:])),
    ]  # fmt: skip
    rows = tuple(Row(fact) for fact in facts if fact[1])
    return Listing(
        columns=(Col(title="", style="bold"), Col(title="", grow=True)), rows=rows
    )
