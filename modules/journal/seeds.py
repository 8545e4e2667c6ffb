"""Sample entries that look like somebody's days; the same for the same random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random

from modules.journal.model import MOODS, Entry, id_of, settled
from modules.sdk.context import Context

TAGS = ("family", "work", "running", "friends")
WELCOME = """This is your journal. `w` opens today's entry, escape saves it.

- *On this day* shows what you wrote in earlier years.
- A mood goes with a day: `mana journal mood happy`.
"""
EXAMPLE = """Long walk along the river with Chiara. We found the bench from last summer again.

Finished the draft at last; **sent it before dinner**. Tomorrow: nothing before ten.
"""
OPENINGS = (
    "Slept badly, up at five.", "A slow morning with coffee and rain.", "Ran 8 km before work.",
    "The whole day in meetings.", "Train to Bern and back.", "Worked from the kitchen table.",
    "Cooked for six.", "First frost on the windows.", "Everyone was ill except me.",
)  # fmt: skip
MIDDLES = (
    "Grace called about the launch; we moved it by a week.", "Finally fixed the tap.",
    "Read half of the book on bread.", "Jürg told the story of the boat again.",
    "The talk went better than expected.", "Argued about the budget, then laughed about it.",
    "Wrote two pages.", "Found the old photographs of the garden.",
    "Said no to the third project, and it felt right.",
)  # fmt: skip
ENDINGS = (
    "In bed by ten.", "Grateful for quiet evenings.", "Must call Ada tomorrow.",
    "Tired but content.", "Soup, a film, sleep.", "Too much screen today.",
    "Tomorrow the dentist.", "",
)  # fmt: skip


def records(context: Context, count: int, random: Random) -> Iterator[Entry]:
    """Today and yesterday, then back over the days with a few left out; `count` in all."""
    tags = context.store.tag_ids(TAGS)
    space, day = context.space.id, context.today()
    for place in range(count):
        if place > 5:
            day -= timedelta(days=random.choice((0, 0, 0, 0, 1, 1, 3)))
        text = (WELCOME, EXAMPLE)[place] if place < 2 else _text(random)
        at = datetime.combine(
            day, time(21, random.randint(0, 59)), context.zone
        ).astimezone(UTC)
        at = min(at, context.now().astimezone(UTC).replace(second=0, microsecond=0))
        yield settled(Entry(
            id=id_of(space, day), day=day, content=text,
            title="Welcome" if place == 0 else "",
            mood=random.choice((*MOODS, "content", "happy", "")),
            favourite=random.random() < 0.08, pinned=place == 0,
            tags=tuple(sorted(random.sample(tags, random.choice((0, 1, 1, 2))))),
            created=at, updated=at,
        ))  # fmt: skip
        day -= timedelta(days=1)


def _text(random: Random) -> str:
    said = [random.choice(OPENINGS), *random.sample(MIDDLES, random.randint(1, 4))]
    return " ".join(said) + "\n\n" + random.choice(ENDINGS)
