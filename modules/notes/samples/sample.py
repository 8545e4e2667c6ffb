"""A sample note as data."""

from __future__ import annotations

from typing import NamedTuple

from modules.notes.model import Color


class Sample(NamedTuple):
    """A note as data; `hours` is how long ago it was changed."""

    title: str
    text: str
    hours: int
    folder: str = ""
    tags: tuple[str, ...] = ()
    color: Color = ""
    pinned: bool = False
    template: bool = False
    archived: bool = False
    aliases: tuple[str, ...] = ()
