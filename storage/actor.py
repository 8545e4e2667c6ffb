"""Who did it: every change carries an actor, with the name it had then."""

from __future__ import annotations

from typing import Literal

import msgspec


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A person, an agent, or the system (import, migration, bootstrap, sync)."""

    kind: Literal["user", "agent", "system"]
    id: str
    name: str


SYSTEM = Actor(kind="system", id="system", name="mana")
