"""Sample notes that look like somebody's; the same for the same random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from modules.notes.model import Note, settled
from modules.notes.samples import SAMPLES, TAGS
from modules.notes.samples.phrases import KINDS, Kind
from modules.notes.samples.sample import Sample
from modules.sdk.context import Context
from modules.sdk.slot import stable_id
from storage.record import encode_id

DAY = timedelta(days=1)
FRIDAY = 4
MINUTES = 400 * 24 * 60
"""Over how long the notes were written."""


def records(context: Context, count: int, random: Random) -> Iterator[Note]:
    """The ones written by hand, then notes over the last year; `count` in all."""
    tags: dict[str, str] = dict(zip(TAGS, context.store.tag_ids(TAGS), strict=True))
    now = context.now().astimezone(UTC).replace(second=0, microsecond=0)
    days = days_of(context.today())
    for sample in SAMPLES[:count]:
        yield _written(sample, context.space.id, now, tags, days)
    more = max(count - len(SAMPLES), 0)
    known = titles(random)
    for number in range(more):
        ago = int(MINUTES * ((number + random.random()) / more) ** 1.5) + 600
        kind, title = next(known)
        yield _made(kind, title, now - timedelta(minutes=ago), tags[kind.tag], random)


def days_of(today: date) -> dict[str, str]:
    """What the texts call some days to come: the same days as in the other modules."""
    soon = today + DAY * 8
    launch = today + DAY * 9
    if launch.weekday() > FRIDAY:
        launch += DAY * (7 - launch.weekday())
    days = {
        "<launch>": launch,
        "<trip>": soon + DAY * ((FRIDAY - soon.weekday()) % 7),
        "<party>": today + DAY * 5,
    }
    return {name: f"{day:%A} {day.day} {day:%B}" for name, day in days.items()}


def titles(random: Random) -> Iterator[tuple[Kind, str]]:
    """A kind and a title in turn; each title once before any comes again."""
    heaps: list[tuple[Kind, list[str]]] = []
    for kind in KINDS:
        whole = [begin + thing for thing in kind.things for begin in kind.begins]
        heaps.append((kind, random.sample(whole, len(whole))))
    place = 0
    while True:
        for kind, heap in random.sample(heaps, len(heaps)):
            again = place // len(heap)
            more = "" if not again else f", part {again + 1}"
            yield kind, heap[place % len(heap)] + more
        place += 1


def _written(
    sample: Sample, space: str, now: datetime, tags: dict[str, str], days: dict[str, str]
) -> Note:
    text = sample.text
    for name, day in days.items():
        text = text.replace(name, day)
    at = now - timedelta(hours=sample.hours, minutes=sample.hours * 37 % 60)
    return settled(Note(
        id=stable_id("notes.note", space, "seed", sample.title), title=sample.title,
        content=text, color=sample.color, pinned=sample.pinned, folder=sample.folder,
        template=sample.template, archived=sample.archived, aliases=sample.aliases,
        tags=tuple(sorted(tags[name] for name in sample.tags)),
        created=at - timedelta(hours=sample.hours), updated=at,
    ))  # fmt: skip


def _made(kind: Kind, title: str, at: datetime, tag: str, random: Random) -> Note:
    return settled(Note(
        id=encode_id(int(at.timestamp() * 1000) << 80 | random.getrandbits(80)),
        title=title, content=f"# {title}\n\n{_text(kind, random)}\n", folder=kind.folder,
        archived=random.random() < 0.08, tags=(tag,),
        created=at, updated=at + timedelta(minutes=random.randint(0, 50)),
    ))  # fmt: skip


def _text(kind: Kind, random: Random) -> str:
    said = "\n".join(random.sample(kind.lines, random.randint(2, 4)))
    if random.random() < 0.7:
        points = random.sample(kind.points, random.randint(2, 4))
        said += f"\n\n## {kind.heading}\n\n"
        said += "\n".join(f"- [{random.choice(' x')}] {point}" for point in points)
    if random.random() < 0.3:
        near = [sample.title for sample in SAMPLES if kind.tag in sample.tags]
        said += f"\n\nSee also [[{random.choice(near)}]]."
    return said
