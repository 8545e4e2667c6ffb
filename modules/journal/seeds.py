"""Sample entries that look like somebody's days; the same for the same random numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from modules.journal.model import Entry, Mood, id_of, settled
from modules.journal.samples import ENDINGS, MIDDLES, OPENINGS, SAMPLES, TAGS, Sample
from modules.sdk.context import Context

DAY = timedelta(days=1)
MOODS: tuple[Mood, ...] = (
    "content", "content", "content", "happy", "happy", "grateful", "neutral", "neutral",
    "pensive", "stressed", "sad", "angry", "",
)  # fmt: skip
"""Most days are good days."""


def records(context: Context, count: int, random: Random) -> Iterator[Entry]:
    """The ones written by hand, then back over the days with a few left out; `count` in all."""
    maker = _Maker(context)
    written = SAMPLES[:count]
    for sample in written:
        yield maker.written(sample, random)
    day, taken = context.today() - DAY * max(s.ago for s in SAMPLES), maker.taken
    for _ in range(count - len(written)):
        day -= DAY * random.choice((1, 1, 1, 1, 2, 2, 4))
        while day in taken:
            day -= DAY
        yield maker.entry(
            day, _text(random), random, mood=random.choice(MOODS),
            favourite=random.random() < 0.06,
            tags=tuple(random.sample(TAGS, random.choice((0, 1, 1, 2)))),
        )  # fmt: skip


class _Maker:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.tags: dict[str, str] = dict(
            zip(TAGS, context.store.tag_ids(TAGS), strict=True)
        )
        self.taken = {self.day_of(sample) for sample in SAMPLES}

    def day_of(self, sample: Sample) -> date:
        """The day of an entry; the 28th stands for a leap day of another year."""
        today = self.context.today()
        if not sample.years:
            return today - DAY * sample.ago
        day = 28 if (today.month, today.day) == (2, 29) else today.day
        return today.replace(year=today.year - sample.years, day=day)

    def written(self, sample: Sample, random: Random) -> Entry:
        """An entry from its data."""
        return self.entry(
            self.day_of(sample), sample.text, random, mood=sample.mood, title=sample.title,
            tags=sample.tags, favourite=sample.favourite,
        )  # fmt: skip

    def entry(
        self,
        day: date,
        text: str,
        random: Random,
        *,
        mood: Mood,
        tags: tuple[str, ...],
        title: str = "",
        favourite: bool = False,
    ) -> Entry:
        """An entry of a day, written in its evening; today's in the last hour."""
        now = self.context.now().astimezone(UTC).replace(second=0, microsecond=0)
        at = datetime.combine(day, time(21, random.randint(0, 59)), self.context.zone)
        at = min(at.astimezone(UTC), now - timedelta(minutes=20))
        return settled(Entry(
            id=id_of(self.context.space.id, day), day=day, content=text, title=title, mood=mood,
            favourite=favourite,
            tags=tuple(sorted(self.tags[name] for name in tags)), created=at, updated=at,
        ))  # fmt: skip


def _text(random: Random) -> str:
    said = [random.choice(OPENINGS), *random.sample(MIDDLES, random.randint(1, 4))]
    return (" ".join(said) + "\n\n" + random.choice(ENDINGS)).rstrip()
