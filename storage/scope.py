"""What is being asked for. Every statement the store issues carries a scope's clause."""

from __future__ import annotations

from typing import Literal

import msgspec

from storage.space import Role, SpaceType


class Scope(msgspec.Struct, frozen=True, kw_only=True):
    """One space as one person sees it.

    `space` is the space's id and `space_type` decides which modules exist in it.
    `person` sees their own private records and nobody else's. `tags`, when set, narrows
    to records that carry one of them or none at all. `state` picks live records, the
    trash, or both.
    """

    space: str
    space_type: SpaceType
    person: str
    role: Role = "owner"
    tags: tuple[str, ...] = ()
    state: Literal["live", "trash", "all"] = "live"
    archived: bool = False


class Across(msgspec.Struct, frozen=True, kw_only=True):
    """Several spaces, to read only: Today, search, notifications."""

    spaces: tuple[Scope, ...]
