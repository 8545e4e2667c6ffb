"""Spaces: the tenants of a vault. A space's record lives in the space itself."""

from __future__ import annotations

from typing import Literal, get_args

from storage.record import Record

SpaceType = Literal["personal", "brand", "club", "family", "team", "practice"]
SPACE_TYPES: tuple[SpaceType, ...] = get_args(SpaceType)
Role = Literal["owner", "admin", "member", "viewer"]


class Space(Record, kind="space", title="name", unique=(("slug",),)):
    """A context in which records live; `@me` is the personal one, and always there."""

    name: str
    slug: str
    type: SpaceType = "personal"
    aliases: tuple[str, ...] = ()
    color: str = ""
    icon: str = ""
    locale: str = ""
    zone: str = ""
    currency: str = ""
    week_start: int | None = None
    archived: bool = False


class Member(Record, kind="member", title="name"):
    """A person in a space and what they may do there."""

    person: str
    name: str
    role: Role = "member"
