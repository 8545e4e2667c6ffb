"""Tags: labels of a space that any of its records can carry."""

from __future__ import annotations

from storage.record import Record


class Tag(Record, kind="tag", title="name", unique=(("name",),)):
    """A label. Its name is unique in its space, compared without case."""

    name: str
    color: str = ""
    icon: str = ""
    group: str = ""
