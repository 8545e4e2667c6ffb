"""One line becomes records: what the capture bar and `mana add` share. No screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from modules.sdk.context import Context
from modules.sdk.listing import Said
from modules.sdk.slot import Capture, resolve
from storage.errors import UserError

if TYPE_CHECKING:
    from modules.sdk.text.capture import Captured, CaptureKind

TASK = "t"
"""The kind of a line that names none."""


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a line: the command it runs with which values, in words, and what came
    of it (None in a dry run)."""

    kind: str
    command: str
    values: dict[str, Any]
    said: str
    record: Any = None


class Reader:
    """Reads lines for a workspace: knows its kinds, tags and clock."""

    def __init__(self, context: Context) -> None:
        from modules.sdk.text.capture import kinds_of

        self.context = context
        self._slots = [slot for _, slot in context.slots(Capture)]
        self.kinds: tuple[CaptureKind, ...] = kinds_of(context.slots(Capture))

    def read(
        self,
        line: str,
        default: str = TASK,
        dismissed: frozenset[tuple[int, int]] = frozenset(),
    ) -> list[Captured]:
        """Every item of a line; stretches in `dismissed` stay text."""
        from modules.sdk.text.capture import parse

        context = self.context
        return parse(
            line,
            now=context.now(),
            kinds=self.kinds,
            default=default,
            locale=context.locale,
            dismissed=dismissed,
        )

    def placed(self, item: Captured, given: Mapping[str, Any]) -> Captured:
        """An item at the day, or from the start to the end, that is given; unless it says
        when it is."""
        start, end, day = (given.get(name) for name in ("start", "end", "day"))
        if isinstance(start, datetime):
            start = start.astimezone(self.context.zone)
            day = start.date()
        says = any(getattr(part.value, "day", None) is not None for part in item.parts)
        if says or item.repeat is not None or day is None:
            return item
        if item.start is not None or start is None or "all_day" in item.extra:
            return msgspec.structs.replace(item, day=day)
        if isinstance(end, datetime) and item.estimate is None:
            end = end.astimezone(self.context.zone).time()
        else:
            end = None
        return msgspec.structs.replace(item, day=day, start=start.time(), end=end)

    def slot(self, item: Captured) -> Capture:
        """The slot behind an item; UserError when no module here makes such a thing."""
        for slot, kind in zip(self._slots, self.kinds, strict=True):
            if kind.letter == item.kind and kind.module == item.module:
                return slot
        raise UserError(
            "Nothing here can be captured.", hint="no module of this space takes a line"
        )

    def kind_of(self, module: str, command_id: str = "") -> CaptureKind | None:
        """The kind a pane of a module adds, or the one a command makes."""
        for slot, kind in zip(self._slots, self.kinds, strict=True):
            if slot.command == command_id or (not command_id and kind.module == module):
                return kind
        return None

    def values(self, item: Captured) -> dict[str, Any]:
        """The values the item's command runs with."""
        found = resolve(self.slot(item).values)(item, self.context)
        return {name: value for name, value in found.items() if value is not None}

    def words(self, item: Captured) -> str:
        """What will be made: `Task “Call Ada”, due Tue 24 Nov 09:00, #home`."""
        kind, rest = self.facts(item)
        return f"{kind} “{item.title}”{rest}" if item.title else f"{kind}{rest}"

    def facts(self, item: Captured) -> tuple[str, str]:
        """The same without its title: what it is, and what is known of it."""
        from modules.sdk.text.capture import describe

        said = describe(item, self.context.locale, self.context.today(), self.kinds)
        kind, comma, rest = said.partition(",")
        return kind, comma + rest

    def plan(self, items: Sequence[Captured]) -> list[Added]:
        """What each item would do."""
        return [
            Added(
                kind=item.kind,
                command=self.slot(item).command,
                values=self.values(item),
                said=self.words(item),
            )
            for item in items
        ]


def capture(
    context: Context, text: str, *, dry_run: bool = False, default: str = TASK
) -> list[Added]:
    """Make everything a line says, in one undo; a dry run only says what it would be.

    UserError when the line is empty or a command refuses its values.
    """
    reader = Reader(context)
    items = reader.read(text, default)
    if not items:
        raise UserError(
            "There is nothing to add.", hint='mana add "call Ada tomorrow 9:00"'
        )
    plan = reader.plan(items)
    if dry_run:
        return plan
    return [
        msgspec.structs.replace(one, record=context.run(one.command, one.values))
        for one in plan
    ]


def added(context: Context, result: list[Added]) -> Said:
    """One line for each thing made, with the id it can be named by."""
    lines = []
    for one in result:
        short = getattr(one.record, "short", "")
        lines.append(f"{short}  {one.said}" if short else one.said)
    return Said(text="\n".join(lines), data=result)
