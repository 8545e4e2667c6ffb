"""A captured line said back: to people in words, and as a line that parses to the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from modules.sdk.text.capture import Captured, CaptureKind
from modules.sdk.text.dates import format_date, format_time
from modules.sdk.text.durations import format_duration
from modules.sdk.text.lexicon import NAMES, language
from modules.sdk.text.money import format_money
from modules.sdk.text.recurrence import describe

TITLES = {
    "en": {"t": "Task", "e": "Event", "n": "Note", "j": "Journal entry", "c": "Contact",
           "x": "Expense", "l": "Link", "h": "Habit", "m": "Mood"},
    "de": {"t": "Aufgabe", "e": "Termin", "n": "Notiz", "j": "Tagebucheintrag", "c": "Kontakt",
           "x": "Ausgabe", "l": "Link", "h": "Gewohnheit", "m": "Stimmung"},
}  # fmt: skip
_WORDS = {
    "en": {"due": "due ", "p": ("urgent", "high priority", "medium priority", "low priority"),
           "at": "at ", "one": "1 subtask", "many": "{} subtasks", "all": "all day"},
    "de": {"due": "fällig ", "p": ("dringend", "Priorität hoch", "Priorität mittel",
                                   "Priorität niedrig"),
           "at": "bei ", "one": "1 Teilaufgabe", "many": "{} Teilaufgaben", "all": "ganztags"},
}  # fmt: skip


def described(
    captured: Captured, locale: str, today: date | None, kinds: Sequence[CaptureKind]
) -> str:
    """The kind and everything that was recognised, in a fixed order."""
    speech = language(locale)
    named = next((kind.title for kind in kinds if kind.letter == captured.kind), "")
    title = (
        (TITLES[speech].get(captured.kind, "") or named)
        if not named or speech == "de"
        else named
    )
    said = [
        title or captured.module.capitalize() or "Item",
        *_facts(captured, locale, today),
    ]
    return ", ".join(filter(None, said))


def _facts(captured: Captured, locale: str, today: date | None) -> Iterator[str]:
    words = _WORDS[language(locale)]
    yield _when(captured, locale, today)
    if captured.repeat is not None:
        yield describe(captured.repeat, locale)
    if captured.estimate is not None and not (captured.kind == "e" and captured.end):
        yield f"~{format_duration(captured.estimate)}"
    if captured.priority is not None:
        yield words["p"][captured.priority - 1]
    yield from (f"#{tag}" for tag in captured.tags)
    yield from (f"@{person}" for person in captured.people)
    if captured.place:
        yield f"{words['at']}{captured.place}"
    if captured.project:
        yield f"+{captured.project}"
    if captured.amount is not None:
        yield format_money(captured.amount, locale)
    if captured.subtasks:
        count = len(captured.subtasks)
        yield words["one"] if count == 1 else str(words["many"]).format(count)
    yield from captured.links


def _when(captured: Captured, locale: str, today: date | None) -> str:
    if captured.day is None:
        return ""
    names = NAMES[language(locale)]["weekdays"]
    said = f"{names[captured.day.weekday()]} {format_date(captured.day, today, locale)}"
    if captured.last_day is not None:
        last = captured.last_day
        said += f" – {names[last.weekday()]} {format_date(last, today, locale)}"
    if captured.start is not None:
        said += f" {format_time(captured.start, locale)}"
        said += f"–{format_time(captured.end, locale)}" if captured.end is not None else ""
    return (_WORDS[language(locale)]["due"] if captured.kind == "t" else "") + said


# --- as a line --------------------------------------------------------------------------


def line_for(captured: Captured) -> str:
    """The line: kind, quoted title, then each part in a form that has one meaning."""
    said = [captured.kind, *_title(captured), *_parts(captured)]
    return " ".join(filter(None, said))


def quote(text: str) -> str:
    """The text in quotes that it does not hold itself."""
    for opening, closing in ('""', "“”", "«»", "„“"):
        if opening not in text and closing not in text:
            return f"{opening}{text}{closing}"
    return '"' + text.replace('"', "'") + '"'


def _title(captured: Captured) -> Iterator[str]:
    if captured.subtasks:
        yield f"{quote(captured.title)}: {', '.join(map(quote, captured.subtasks))}"
    elif captured.title:
        yield quote(captured.title)


def _parts(captured: Captured) -> Iterator[str]:
    yield from _times(captured)
    if captured.repeat is not None:
        yield describe(captured.repeat, "en")
    if captured.priority is not None:
        yield f"p{captured.priority}"
    yield from (_sigil("#", tag) for tag in captured.tags)
    yield from (_sigil("@", person) for person in captured.people)
    if captured.place:
        yield f"at {quote(captured.place)}"
    if captured.project:
        yield _sigil("+", captured.project)
    if captured.amount is not None:
        yield f"{captured.amount.amount:f} {captured.amount.currency}"
    yield from captured.links


def _times(captured: Captured) -> Iterator[str]:
    if captured.day is not None:
        last = (
            f" - {captured.last_day.isoformat()}" if captured.last_day is not None else ""
        )
        yield captured.day.isoformat() + last
    if captured.start is not None:
        end = f"-{captured.end:%H:%M}" if captured.end is not None else ""
        yield f"{captured.start:%H:%M}{end}"
    if captured.estimate is not None:
        hours, minutes = divmod(int(captured.estimate.total_seconds()) // 60, 60)
        yield f"~{hours}h{minutes:02}" if hours else f"~{minutes}m"


def _sigil(mark: str, name: str) -> str:
    return mark + (name if name.isalpha() and name.isascii() else quote(name))
