"""Scenes: named layouts of panes inside a space, and the pure changes one can make to them.

A space without scenes has one: the default of its type. It is stored under a fixed id when
it is first changed, so that two processes never make two of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from modules.sdk import registry
from modules.sdk.field import Line
from modules.sdk.slot import stable_id
from storage.errors import NotFound, Refused, UserError
from storage.query import Query
from storage.record import Record
from storage.space import Space
from storage.store import Store

NARROWEST = 32
"""Columns a pane needs at least."""

WIDEST = 240
MOST_PANES = 16

DEFAULTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "personal": ("Today", ("myday", "todo", "calendar", "notes")),
    "brand": ("Overview", ("todo", "calendar", "articles", "mail")),
    "club": ("Overview", ("calendar", "events", "contacts", "todo")),
    "family": ("Overview", ("calendar", "todo", "shopping", "recipes")),
    "team": ("Overview", ("todo", "calendar", "notes", "activity")),
    "practice": ("Overview", ("todo", "times", "invoices", "calendar")),
}
"""Name and modules of the default scene of each type of space."""


class PaneEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One pane of a scene: a module, which of its panes, and how it looks.

    `width` is in columns; 0 shares what is left. `state` is what its view starts with
    (tab, filter, sort). `key` tells two panes of the same module apart.
    """

    module: str
    pane: str = ""
    width: int = 0
    collapsed: bool = False
    state: dict[str, Any] = {}
    key: str = ""


class Scene(Record, kind="scene", title="name", search=()):
    """An ordered strip of panes with an optional tag scope.

    `position` orders the scenes of a space. `scope` holds tag ids. `lens` is an agent's
    id. `template` names the template it came from, with its version.
    """

    name: Line
    icon: Line = ""
    description: Line = ""
    position: int = 0
    panes: tuple[PaneEntry, ...] = ()
    scope: tuple[str, ...] = ()
    lens: Line = ""
    template: Line = ""


registry.add_core(Scene)


# --- reading -----------------------------------------------------------------------------


def scenes(store: Store, space: Space) -> list[Scene]:
    """The scenes of a space in their order: never none."""
    return store.all(Query(Scene).order("position", "created")) or [default_scene(space)]


def installed(module: str) -> bool:
    """Whether there is such a module; other people's are only looked for when it is not
    ours (that takes a tenth of the start)."""
    return module in registry.built_in() or module in registry.third_party()


def default_scene(space: Space) -> Scene:
    """The scene a space of this type starts with, of the modules that are installed."""
    name, wanted = DEFAULTS[space.type]
    here = [one for one in wanted if installed(one)]
    return Scene(
        id=stable_id("scene", space.id, "default"),
        name=name,
        panes=with_keys(PaneEntry(module=module) for module in here),
    )


def find_scene(store: Store, space: Space, text: str) -> Scene:
    """A scene by number (1 is the first), name, or id; NotFound names the scenes."""
    known = scenes(store, space)
    if text.isdecimal() and 1 <= int(text) <= len(known):
        return known[int(text) - 1]
    wanted = text.casefold()
    for scene in known:
        if text in (scene.id, scene.short) or scene.name.casefold() == wanted:
            return scene
    starts = [one for one in known if wanted and one.name.casefold().startswith(wanted)]
    if len(starts) == 1:
        return starts[0]
    raise NotFound(
        f"There is no scene {text!r}.",
        hint="known: " + ", ".join(f"{n} {one.name}" for n, one in enumerate(known, 1)),
    )


# --- pure changes --------------------------------------------------------------------------


def with_keys(panes: Iterable[PaneEntry]) -> tuple[PaneEntry, ...]:
    """The panes, each with a key of its own: the module's name, numbered where needed."""
    given = list(panes)
    taken = {pane.key for pane in given if pane.key}
    for place, pane in enumerate(given):
        if not pane.key:
            key, n = pane.module, 2
            while key in taken:
                key, n = f"{pane.module}-{n}", n + 1
            taken.add(key)
            given[place] = msgspec.structs.replace(pane, key=key)
    return tuple(given)


def with_pane(scene: Scene, pane: PaneEntry, at: int | None = None) -> Scene:
    """The scene with one more pane at a place (0 first; None last)."""
    if len(scene.panes) >= MOST_PANES:
        raise Refused(f"A scene has at most {MOST_PANES} panes.", hint="make another scene")
    place = len(scene.panes) if at is None else max(0, min(at, len(scene.panes)))
    panes = (*scene.panes[:place], pane, *scene.panes[place:])
    return msgspec.structs.replace(scene, panes=with_keys(panes))


def without_pane(scene: Scene, index: int) -> Scene:
    """The scene without one of its panes."""
    checked(scene, index)
    return _with(scene, (*scene.panes[:index], *scene.panes[index + 1 :]))


def moved(scene: Scene, index: int, to: int) -> Scene:
    """The scene with a pane at another place."""
    checked(scene, index)
    panes = list(scene.panes)
    panes.insert(max(0, min(to, len(panes) - 1)), panes.pop(index))
    return _with(scene, panes)


def changed(scene: Scene, index: int, **fields: Any) -> Scene:
    """The scene with some fields of one pane replaced."""
    checked(scene, index)
    panes = list(scene.panes)
    panes[index] = msgspec.structs.replace(panes[index], **fields)
    return _with(scene, panes)


def checked(scene: Scene, index: int) -> PaneEntry:
    """The pane at a place, or UserError."""
    if not 0 <= index < len(scene.panes):
        raise UserError(
            f"{scene.name} has no pane {index + 1}.", hint=f"it has {len(scene.panes)}"
        )
    return scene.panes[index]


def clamped(width: int) -> int:
    """A width a pane may have; 0 stays: it shares what is left."""
    return max(NARROWEST, min(width, WIDEST)) if width else 0


def _with(scene: Scene, panes: Sequence[PaneEntry]) -> Scene:
    return msgspec.structs.replace(scene, panes=tuple(panes))


# --- laying out --------------------------------------------------------------------------------


def widths(
    panes: Sequence[PaneEntry], room: int, *, narrowest: int = NARROWEST, folded: int = 3
) -> list[int]:
    """How many columns each pane gets of `room`.

    Collapsed ones get `folded`; ones with a width of their own get it; the rest share what
    is left, never less than `narrowest`. When that is more than there is, the strip scrolls.
    """
    fixed = [folded if p.collapsed else clamped(p.width) for p in panes]
    free = [n for n, width in enumerate(fixed) if not width]
    left = room - sum(fixed)
    for place, n in enumerate(free):
        share = left // (len(free) - place)
        fixed[n] = max(narrowest, share)
        left -= fixed[n]
    spare = room - sum(fixed)
    if (
        not free
        and spare > 0
        and (open_ := [n for n, p in enumerate(panes) if not p.collapsed])
    ):
        fixed[open_[-1]] += spare
    return fixed
