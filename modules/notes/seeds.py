"""Sample notes that look like somebody's; the same for the same random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from random import Random

from modules.notes.model import Color, Note, settled
from modules.sdk.context import Context
from modules.sdk.slot import stable_id
from storage.record import encode_id

TAGS = ("ideas", "work", "home", "reading", "travel")
WELCOME = """# Welcome to notes

Notes are **Markdown**. Press `e` to write, `enter` to follow a link, `p` to keep one on top.

- [x] Read this note
- [ ] Write your first one with `a`
- [ ] Link two notes with `[[their title]]`

A link such as [[Ideas]] leads there, and *Ideas* shows what links to it.
"""
IDEAS = """# Ideas

- [ ] A shelf for the hallway
- [ ] Cook one new thing a week, see [[Pasta with lemon]]
- [x] Learn to say no

> The best way to have a good idea is to have a lot of ideas.
"""
MEETING = """# {{title}}

Date: {{date}} {{time}}
People:

## What was said

## What follows

- [ ]
"""
PASTA = """# Pasta with lemon

1. Boil 400 g of linguine
2. Zest two lemons, grate *plenty* of parmesan
3. Mix with a cup of the water

From [[Ideas]].
"""
PACKING = """# Packing list

## Always

- [ ] Passport
- [ ] Charger
- [ ] Book

## Winter

- [ ] Gloves
- [ ] Skis (Farid has a pair)
"""
LAUNCH = """# Website launch

Decided with Grace and Olga:

| what   | who   | when    |
|--------|-------|---------|
| texts  | Ada   | Tuesday |
| photos | Marco | Friday  |

Open questions are in [[Questions for the launch]].
"""
QUESTIONS = """# Questions for the launch

- Who answers mails on the day?
- Do we keep the old address? See [[Website launch]].
"""
FIXED: tuple[tuple[str, str, Color, bool, str, tuple[int, ...]], ...] = (
    ("Welcome to notes", WELCOME, "blue", True, "", ()),
    ("Ideas", IDEAS, "yellow", False, "", (0,)),
    ("Pasta with lemon", PASTA, "green", False, "Home/Recipes", (2,)),
    ("Packing list", PACKING, "teal", False, "Travel", (4,)),
    ("Website launch", LAUNCH, "purple", True, "Work/Website", (1,)),
    ("Questions for the launch", QUESTIONS, "", False, "Work/Website", (1,)),
)
SUBJECTS = (
    "Book notes: ", "Call with ", "Thoughts on ", "How to fix ", "Plan for ", "Lessons from ",
    "Questions about ", "Draft: ", "Recipe: ", "Trip to ",
)  # fmt: skip
THINGS = (
    "the garden", "Lisbon", "the quarterly review", "the kitchen tap", "sleep", "the bakery's offer",
    "winter tyres", "the piano", "a small boat", "the tax return", "Ada's birthday", "bread",
    "the old laptop", "Chiara", "the new typeface", "running", "the allotment", "Japan",
)  # fmt: skip
SENTENCES = (
    "It took longer than it should have, mostly because nobody had the key.",
    "The second option is cheaper but needs a permit.",
    "**Important:** the deadline moved to the end of the month.",
    "Jürg knows somebody who has done this before.",
    "Remember to ask for the written confirmation.",
    "What surprised me most was how quiet it was.",
    "See https://example.org/guide for the long version.",
    "The measurements are 184 × 62 × 40 cm.",
    "Three things matter: light, water, patience.",
    "If it rains we take the train.",
)  # fmt: skip
POINTS = ("Buy the small one", "Write to the landlord", "Compare two offers", "Sleep on it",
          "Try without sugar", "Take a photo before", "Return by Friday")  # fmt: skip


def records(context: Context, count: int, random: Random) -> Iterator[Note]:
    """The fixed ones, a template, then notes over the last year; `count` in all."""
    tags = context.store.tag_ids(TAGS)
    now = context.now().astimezone(UTC).replace(second=0, microsecond=0)
    for place, (title, content, color, pinned, folder, marks) in enumerate(FIXED):
        at = now - timedelta(days=place * 3, hours=place)
        yield settled(Note(
            id=stable_id("notes.note", context.space.id, "seed", title), title=title,
            content=content, color=color, pinned=pinned, folder=folder,
            tags=tuple(tags[mark] for mark in marks), created=at, updated=at,
        ))  # fmt: skip
    yield settled(Note(
        id=stable_id("notes.note", context.space.id, "seed", "Meeting"), title="Meeting",
        content=MEETING, template=True, created=now, updated=now,
    ))  # fmt: skip
    at = now
    for _ in range(count - len(FIXED) - 1):
        at -= timedelta(minutes=random.randint(60, max(61, 700_000 // max(count, 1))))
        content = "\n".join(_text(random))
        yield settled(Note(
            id=encode_id(int(at.timestamp() * 1000) << 80 | random.getrandbits(80)),
            title=random.choice(SUBJECTS) + random.choice(THINGS), content=content,
            folder=random.choice(("", "", "", "Work", "Home", "Travel/Plans")),
            archived=random.random() < 0.1,
            tags=tuple(sorted(random.sample(tags, random.choice((0, 0, 1, 1, 2))))),
            created=at, updated=at + timedelta(minutes=random.randint(0, 50)),
        ))  # fmt: skip


def _text(random: Random) -> Iterator[str]:
    yield " ".join(random.sample(SENTENCES, random.randint(1, 3)))
    if random.random() < 0.6:
        yield "\n## Next\n"
        for point in random.sample(POINTS, random.randint(1, 4)):
            yield f"- [{random.choice(' x')}] {point}"
    if random.random() < 0.4:
        yield f"\nSee also [[{random.choice(FIXED)[0]}]]."
