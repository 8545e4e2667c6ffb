"""One line in, typed values out: the grammar of the capture bar and of `mana add`.

    parse("Pay rent every month on the 24th 9:00 #home p1", now=now, kinds=kinds)

Parts may stand anywhere; the last of a kind wins; quotes stop parsing; what is not
recognised stays in the title. Several items are separated by ` ;; ` or line breaks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from modules.sdk.field import Money
from modules.sdk.text.capture_parts import CLOSING, Range, recognise, tokens, where
from modules.sdk.text.capture_title import split_title, title_of
from modules.sdk.text.durations import WORKDAY
from modules.sdk.text.recurrence import Rule, anchored, days, first_day
from modules.sdk.text.tokens import Found, Here, Token, When, pattern

COMMON = frozenset({"day", "time", "repeat", "estimate", "priority", "tag", "person", "place",
                    "project", "amount", "link"})  # fmt: skip
"""Parts every kind takes that says nothing else."""

TAKES: dict[str, frozenset[str]] = {
    "t": COMMON | {"subtasks"},
    "e": (COMMON | {"where", "series"}) - {"priority"},
}
"""What the kinds of the grammar take beyond that: `where` is a place without quotes,
`subtasks` reads `Title: a, b, c`, `series` lets an item go on where the last one ended."""


class CaptureKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of thing a line can become.

    `past` takes a date without a year as gone by. `parts(text, locale)` may recognise
    parts of its own, as `Part`s whose places count from the start of that text; their
    values go to `extra`.
    """

    letter: str
    module: str
    title: str
    words: tuple[str, ...] = ()
    takes: frozenset[str] = COMMON
    past: bool = False
    parts: Callable[[str, str], Iterable[Part]] | None = None


class Part(msgspec.Struct, frozen=True):
    """A recognised stretch of the line, for a chip: from where to where it stands."""

    kind: str
    start: int
    end: int
    text: str
    value: Any = None


class Captured(msgspec.Struct, frozen=True, kw_only=True):
    """What a line says. Times are local wall times; `last_day` is inclusive; an `end` that
    is not after `start` is on the next day. `line` is the item without its kind word."""

    kind: str
    module: str
    title: str
    line: str = ""
    day: date | None = None
    start: time | None = None
    end: time | None = None
    last_day: date | None = None
    repeat: Rule | None = None
    estimate: timedelta | None = None
    priority: int | None = None
    tags: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    place: str = ""
    project: str = ""
    amount: Money | None = None
    links: tuple[str, ...] = ()
    subtasks: tuple[str, ...] = ()
    extra: dict[str, Any] = {}
    parts: tuple[Part, ...] = ()


def kinds_of(slots: Iterable[tuple[str, Any]]) -> tuple[CaptureKind, ...]:
    """Kinds of `context.slots(Capture)`."""
    made = []
    for module, slot in slots:
        takes = getattr(slot, "takes", ()) or TAKES.get(slot.letter, COMMON)
        made.append(
            CaptureKind(
                letter=slot.letter,
                module=module,
                title=slot.title,
                words=slot.words,
                takes=frozenset(takes),
                past=getattr(slot, "past", False),
                parts=_lazily(slot.parts) if slot.parts else None,
            )
        )
    return tuple(made)


def _lazily(path: str) -> Callable[[str, str], Iterable[Part]]:
    def parts(text: str, locale: str) -> Iterable[Part]:
        from modules.sdk.slot import resolve

        return resolve(path)(text, locale)

    return parts


def parse(
    line: str,
    *,
    now: datetime,
    kinds: Sequence[CaptureKind],
    default: str = "t",
    locale: str = "en",
    dismissed: frozenset[Range] = frozenset(),
) -> list[Captured]:
    """Every item of a line. `default` is the letter or module of lines that name no kind;
    stretches in `dismissed` stay text. Never raises on any text."""
    made: list[Captured] = []
    kind = _default(kinds, default)
    for start, end in _items(line):
        named = _kind(line, start, end, kinds, dismissed)
        if named:
            kind, begin = named
            stop = _trim(line, start, begin)
            led = (Part("kind", start, stop, line[start:stop], kind.letter),)
        else:
            begin, led = start, ()
        item = _item(line, (begin, end), kind, Here(now, locale, kind.past), dismissed)
        if "series" in kind.takes and made and made[-1].kind == kind.letter:
            item = _continued(item, made[-1])
        made.append(msgspec.structs.replace(item, parts=led + item.parts))
    return made


def _items(line: str) -> Iterable[Range]:
    at = 0
    for found in [*pattern(r"(?<=\s);;(?=\s)|[\r\n]+").finditer(line), None]:
        start, end = at, found.start() if found else len(line)
        while start < end and line[start].isspace():
            start += 1
        if start < end and line[start:end].strip():
            yield start, _trim(line, start, end)
        at = found.end() if found else at


def _trim(line: str, start: int, end: int) -> int:
    while end > start and line[end - 1].isspace():
        end -= 1
    return end


def _default(kinds: Sequence[CaptureKind], default: str) -> CaptureKind:
    for kind in kinds:
        if default in (kind.letter, kind.module):
            return kind
    return kinds[0] if kinds else CaptureKind(letter=default, module="", title="")


def _kind(
    line: str,
    start: int,
    end: int,
    kinds: Sequence[CaptureKind],
    dismissed: frozenset[Range],
) -> tuple[CaptureKind, int] | None:
    """The kind the first word names, and where the rest starts."""
    found = pattern(r"(\w+)(:?)\s+").match(line, start, end)
    if not found or any(a < found.end(1) and found.start(1) < b for a, b in dismissed):
        return None
    word, colon = found[1], found[2]
    for kind in kinds:
        if (word == kind.letter and not colon) or (
            (word.lower() if colon else word) in kind.words
        ):
            return kind, found.end()
    return None


# --- one item ---------------------------------------------------------------------------


def _item(
    line: str, span: Range, kind: CaptureKind, here: Here, dismissed: frozenset[Range]
) -> Captured:
    start, end = span
    own = _own_parts(line, span, kind, here, dismissed)
    blocked = {*dismissed, *((part.start, part.end) for part in own)}
    words = tokens(line, start, end)
    taken = recognise(words, here, kind.takes, blocked)
    if "where" in kind.takes and not any(found.kind == "place" for _, found in taken):
        taken = _with_place(words, taken)
    kept = _last_of_each(taken)
    parts = sorted(own + [_part(line, words, at, found) for at, found in kept],
                   key=lambda part: part.start)  # fmt: skip
    said = _said(found for _, found in kept)
    title, shadow = title_of(line, start, end, [(part.start, part.end) for part in parts])
    if "subtasks" in kind.takes:
        title, said["subtasks"] = split_title(title, shadow)
    return Captured(
        kind=kind.letter,
        module=kind.module,
        title=title,
        line=line[start:end],
        parts=tuple(parts),
        extra={part.kind: part.value for part in own},
        **_resolved(said, kind, here),
    )


def _own_parts(
    line: str, span: Range, kind: CaptureKind, here: Here, dismissed: frozenset[Range]
) -> list[Part]:
    start, end = span
    made: list[Part] = []
    for part in kind.parts(line[start:end], here.locale) if kind.parts else ():
        a, b = part.start + start, part.end + start
        free = all(b <= one.start or one.end <= a for one in made)
        if free and start <= a < b <= end and all(b <= x or y <= a for x, y in dismissed):
            made.append(Part(part.kind, a, b, line[a:b], part.value))
    return made


def _with_place(
    words: Sequence[Token], taken: list[tuple[int, Found]]
) -> list[tuple[int, Found]]:
    found = where(words, taken)
    if found is None:
        return taken
    name = " ".join(word.text for word in words[found[0] + 1 : found[1]])
    place = Found("place", found[1], name.rstrip(",;:."))
    return sorted([*taken, (found[0], place)], key=lambda one: one[0])


SINGLE = frozenset(
    {"day", "time", "repeat", "estimate", "priority", "place", "project", "amount"}
)
_PARTS_OF = {"when": ("day", "time"), "days": ("estimate",)}


def _last_of_each(taken: Sequence[tuple[int, Found]]) -> list[tuple[int, Found]]:
    """Of kinds there is one of, the last; the others stay text."""
    seen: set[str] = set()
    kept = []
    for at, found in reversed(taken):
        means = [one for one in _PARTS_OF.get(found.kind, (found.kind,)) if one in SINGLE]
        if not seen.intersection(means):
            seen.update(means)
            kept.append((at, found))
    return kept[::-1]


def _part(line: str, words: Sequence[Token], at: int, found: Found) -> Part:
    last = words[min(found.end, len(words)) - 1]
    end = last.end
    if found.kind == "link":
        end = last.start + len(found.value)
        end += len(line[end : last.end]) - len(line[end : last.end].lstrip(",;:."))
    elif not last.fixed:
        end = last.start + (len(last.text.rstrip(CLOSING)) or len(last.text))
    return Part(found.kind, words[at].start, end, line[words[at].start : end], found.value)


def _said(found: Iterable[Found]) -> dict[str, Any]:
    """The values of the parts by the names of what they say."""
    said: dict[str, Any] = {"tags": (), "people": (), "links": ()}
    many = {"tag": "tags", "person": "people", "link": "links"}
    for one in found:
        if one.kind in many:
            name = many[one.kind]
            said[name] = tuple(dict.fromkeys((*said[name], one.value)))
        elif isinstance(one.value, When):
            for name in ("day", "last_day", "start", "end"):
                value = getattr(one.value, name)
                if value is not None:
                    said[name] = value
        else:
            said[one.kind] = one.value
    return said


# --- what it means ----------------------------------------------------------------------------


def _resolved(said: dict[str, Any], kind: CaptureKind, here: Here) -> dict[str, Any]:
    """Fill in the day a time or a rule implies, the end a length implies."""
    length = said.pop("days", None)
    rule, day, start = said.get("repeat"), said.get("day"), said.get("start")
    if day is None and rule is not None:
        day = _first(rule, start, here)
    elif day is None and start is not None:
        over = start <= here.now.time().replace(tzinfo=None) and not kind.past
        day = here.today + timedelta(days=1 if over else 0)
    if rule is not None and day is not None:
        said["repeat"] = anchored(rule, day)
    if day is not None:
        said["day"] = day
    if length is not None and "series" in kind.takes:
        if day is not None and length > 1 and "last_day" not in said:
            said["last_day"] = day + timedelta(days=length - 1)
    elif length is not None:
        said["estimate"] = WORKDAY * length
    return _with_end(said) if "series" in kind.takes else said


def _first(rule: Rule, start: time | None, here: Here) -> date | None:
    if rule.anchor == "completion":
        return here.today
    over = start is not None and start <= here.now.time().replace(tzinfo=None)
    first = first_day(rule, here.today + timedelta(days=1) if over else here.today)
    return first or next(days(rule, here.today, limit=1), None)


def _with_end(said: dict[str, Any]) -> dict[str, Any]:
    start, length = said.get("start"), said.get("estimate")
    if (
        start is not None
        and said.get("end") is None
        and length
        and length < timedelta(days=1)
    ):
        said["end"] = (datetime.combine(date(2000, 1, 1), start) + length).time()
    return said


def _continued(item: Captured, before: Captured) -> Captured:
    """An item without a day is on the last one's; with a length alone it follows it."""
    if any(part.kind in ("day", "when", "repeat") for part in item.parts):
        return item
    more: dict[str, Any] = {"day": before.day}
    if item.start is None and item.estimate and before.end is not None:
        more["start"] = before.end
        more["end"] = _with_end({"start": before.end, "estimate": item.estimate})["end"]
    return msgspec.structs.replace(item, **more)


def describe(
    captured: Captured,
    locale: str = "en",
    today: date | None = None,
    kinds: Sequence[CaptureKind] = (),
) -> str:
    """What will be made, in words: `Task, due Tue 24 Nov 09:00, every month on the 24th`."""
    from modules.sdk.text.capture_words import described

    return described(captured, locale, today, kinds)


def canonical(captured: Captured) -> str:
    """A line that says the same: parsing it gives the same values."""
    from modules.sdk.text.capture_words import line_for

    return line_for(captured)
