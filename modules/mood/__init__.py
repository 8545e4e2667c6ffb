"""Mood: how you feel, a few times a day."""

from datetime import datetime
from typing import Annotated, Literal

from modules.sdk import Private, Record, Scale, Seed, tracker


class Mood(Record, title="feeling", indexes=(("at",),)):
    """One check-in."""

    at: datetime
    level: Annotated[int, Scale(1, 10)]
    feeling: Literal["calm", "happy", "tired", "anxious", "sad", "angry"] = "calm"
    note: Private = ""


module = tracker(
    Mood,
    title="Mood",
    icon="◐",
    summary="How you feel, a few times a day.",
    ask=("level", "feeling", "note"),
    chart="level",
    letter="m",
    go="m",
    slots=(Seed(records="modules.mood.seeds:records", share=0.2),),
)
