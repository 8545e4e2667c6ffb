"""What a view does by itself, and what a command would act on."""

from __future__ import annotations

import msgspec

from storage.record import Record


class Action(msgspec.Struct, frozen=True):
    """Something a view does by itself, without a command: moving, marking, filtering.

    `keys` are chords in the keymap's notation (`j`, `G`, `g g`, `ctrl+d`, `pagedown`,
    `slash` is written `/`). `show` puts it into the key hints. It is performed by the
    view's method `act_<id with _>`: `list.down` by `act_list_down`, with
    the count if it takes one.
    """

    id: str
    title: str
    keys: tuple[str, ...] = ()
    show: bool = False

    @property
    def method(self) -> str:
        """The method that performs it."""
        return "act_" + self.id.replace(".", "_").replace("-", "_")


class Selection(msgspec.Struct, frozen=True):
    """What a command would act on: marked rows, else the one under the cursor."""

    record: type[Record] | None = None
    ids: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.ids)
