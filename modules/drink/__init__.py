"""Drink: what you drink through the day."""

from datetime import datetime
from typing import Annotated, Literal

from modules.sdk import Line, Private, Record, Scale, Seed, tracker

Beverage = Literal[
    "water", "coffee", "tea", "juice", "soda", "smoothie", "milk",
    "beer", "wine", "cocktail", "spirit", "energy", "other",
]  # fmt: skip


class Drink(Record, title="beverage", indexes=(("at",),)):
    """One drink; the quantity is in millilitres."""

    at: datetime
    beverage: Beverage = "water"
    quantity: Annotated[int, Scale(1, 5000)] = 250
    name: Line = ""
    note: Private = ""


module = tracker(
    Drink,
    title="Drink",
    icon="◍",
    summary="What you drink, against a daily goal.",
    ask=("beverage", "quantity", "name"),
    chart="quantity",
    unit="ml",
    total=True,
    target=2500,
    letter="d",
    go="d",
    slots=(Seed(records="modules.drink.seeds:records", share=0.4),),
    presets=(
        {"beverage": "water", "quantity": 250},
        {"beverage": "coffee", "quantity": 200},
        {"beverage": "tea", "quantity": 250},
        {"beverage": "juice", "quantity": 200},
        {"beverage": "beer", "quantity": 330},
    ),
    empty="Press a for the first drink, or p and a digit for a preset: p 1 is water.",
)
