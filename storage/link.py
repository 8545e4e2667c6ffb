"""Links: typed connections between two records, listed on both."""

from __future__ import annotations

from typing import Literal

from storage.record import Record

Verb = Literal["related", "blocks", "parent", "source", "reference", "attachment"]
INVERSE: dict[str, str] = {
    "related": "related",
    "blocks": "blocked by",
    "parent": "child",
    "source": "gave rise to",
    "reference": "mentioned in",
    "attachment": "attached to",
}
"""How a link reads from its other end."""


class Link(
    Record,
    kind="link",
    title="verb",
    search=(),
    indexes=(("from_id",), ("to_id",)),
    unique=(("verb", "from_id", "to_id"),),
):
    """`from` is connected with `to` by a verb: task A blocks task B."""

    verb: Verb
    from_kind: str
    from_id: str
    to_kind: str
    to_id: str
