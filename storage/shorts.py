"""Short ids: a few digits that name a record in its space for good."""

from __future__ import annotations

import json
from collections.abc import Sequence

from storage.database import Database
from storage.record import ALPHABET, new_id

SHORTEST, LONGEST = 4, 26


def reserve(
    db: Database, space: str, kind: str, wanted: Sequence[tuple[str, str]]
) -> dict[str, str]:
    """Id to short id for new records (id, wished short or ""), kept in the `short` table.

    The last digits of the id, more of them where they are taken. A record that was here
    before (undone, imported again) gets the one it had.
    """
    ids = json.dumps([id for id, _ in wanted])
    found: dict[str, str] = dict(
        db.rows(
            "SELECT s.record, s.short FROM json_each(?) j"
            " CROSS JOIN short s ON s.record = j.value WHERE s.space = ? AND s.kind = ?",
            (ids, space, kind),
        )
    )
    left = [(id, wish) for id, wish in wanted if id not in found]
    fresh: dict[str, str] = {}
    size = SHORTEST
    while left:
        asked = [_fit(wish) or _of(id, size) for id, wish in left]
        taken = {
            row[0]
            for row in db.rows(
                "SELECT s.short FROM json_each(?) j"
                " CROSS JOIN short s ON s.short = j.value WHERE s.space = ?",
                (json.dumps(asked), space),
            )
        }
        again: list[tuple[str, str]] = []
        for (id, _), short in zip(left, asked, strict=True):
            if short in taken:
                again.append((id, ""))
            else:
                taken.add(short)
                fresh[id] = short
        size += not any(wish for _, wish in left)
        left = again
    if fresh:
        db.execute_many(
            "INSERT INTO short VALUES (?, ?, ?, ?)",
            [(space, short, kind, id) for id, short in fresh.items()],
        )
    return found | fresh


def _of(id: str, size: int) -> str:
    """The last digits of an id; of another one, when two kinds share even the id."""
    return id[-size:] if size < LONGEST else new_id()[-8:]


def _fit(wish: str) -> str:
    fits = SHORTEST <= len(wish) <= LONGEST and set(wish) <= set(ALPHABET)
    return wish if fits else ""
