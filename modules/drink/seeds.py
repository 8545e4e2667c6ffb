"""What Robin drinks on a usual day: about two and a half litres."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time
from random import Random
from typing import Any

from modules.drink import Drink
from modules.sdk.context import Context
from modules.sdk.seeding import Usual, rhythm
from storage.record import Record

WATER: dict[str, Any] = {"beverage": "water", "quantity": 250}
SMALL: dict[str, Any] = {"beverage": "water", "quantity": 200}
GLASS: dict[str, Any] = {"beverage": "water", "quantity": 300}
BOTTLE: dict[str, Any] = {"beverage": "water", "quantity": 500, "name": "bottle"}
COFFEE: dict[str, Any] = {"beverage": "coffee", "quantity": 200}
TEA: dict[str, Any] = {"beverage": "tea", "quantity": 250}
MINT: dict[str, Any] = {"beverage": "tea", "quantity": 250, "name": "mint"}
JUICE: dict[str, Any] = {"beverage": "juice", "quantity": 200, "name": "apple"}
BEER: dict[str, Any] = {"beverage": "beer", "quantity": 330}
WINE: dict[str, Any] = {"beverage": "wine", "quantity": 100, "note": "with friends"}
ROWING = (1, 3, 5)
USUAL = (
    Usual(time(7, 5), (SMALL, SMALL, WATER)),
    Usual(time(7, 40), (COFFEE, COFFEE, COFFEE, TEA)),
    Usual(time(8, 20), (BOTTLE | {"note": "after rowing"},), 0.8, ROWING),
    Usual(time(9, 15), (WATER, GLASS)),
    Usual(time(10, 30), (COFFEE, COFFEE, TEA), 0.85),
    Usual(time(11, 45), (WATER, GLASS), 0.5),
    Usual(time(12, 40), (GLASS, WATER, JUICE)),
    Usual(time(14, 30), (WATER, TEA), 0.7),
    Usual(time(16, 0), (GLASS, TEA, {"beverage": "coffee", "quantity": 60, "name": "espresso"})),
    Usual(time(17, 45), (WATER, WATER, GLASS), 0.8),
    Usual(time(19, 15), (WATER, WATER, GLASS)),
    Usual(time(20, 15), (BEER, WINE, WINE), 0.7, (4, 5)),
    Usual(time(21, 20), (MINT, MINT, TEA), 0.6),
)  # fmt: skip


def records(context: Context, count: int, random: Random) -> Iterator[Record]:
    """`count` drinks, backwards from now."""
    return rhythm(context, count, random, Drink, USUAL)
