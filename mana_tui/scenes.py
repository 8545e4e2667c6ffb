"""The commands that make, change and remove scenes; every one is undone like any other."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from mana_tui.scene import (
    PaneEntry,
    Scene,
    changed,
    checked,
    clamped,
    find_scene,
    moved,
    scenes,
    with_pane,
    without_pane,
)
from mana_tui.workspace import Workspace
from modules.sdk import registry
from modules.sdk.command import Command, command
from modules.sdk.field import Line, Title, says
from modules.sdk.listing import Col, Listing, Row
from storage.errors import ModuleNotInSpace, NotFound, Refused

SceneName = Annotated[str, says("a scene: its number, name or id")]
Which = Annotated[int, says("the pane's place, 1 is the first")]


def _find(context: Workspace, text: str) -> Scene:
    return find_scene(context.store, context.space, text)


def _all(context: Workspace) -> list[Scene]:
    """The scenes as stored ones: the default scene is written when there was none."""
    return [
        one if one.short else context.store.put(one)
        for one in scenes(context.store, context.space)
    ]


def scene_listing(context: Workspace, result: list[Scene]) -> Listing:
    """Scenes: place, name, panes, scope."""
    tags = context.store.tag_names()
    return Listing(
        columns=(
            Col(title="", align="right", style="dim"),
            Col(title="name", style="bold"),
            Col(title="panes", grow=True),
            Col(title="scope", style="cyan"),
        ),
        rows=tuple(
            Row((
                str(place),
                f"{one.icon} {one.name}".strip(),
                ", ".join(pane.module for pane in one.panes),
                " ".join(f"#{tags[tag]}" for tag in one.scope if tag in tags),
            ))
            for place, one in enumerate(result, 1)
        ),
    )  # fmt: skip


@command(
    "List scenes", name="scene.list", effect="read", show="mana_tui.scenes:scene_listing"
)
def scene_list(context: Workspace) -> list[Scene]:
    """The scenes of this space in their order."""
    return scenes(context.store, context.space)


@command("New scene", name="scene.new")
def scene_new(
    context: Workspace,
    name: Title,
    modules: Annotated[tuple[str, ...], says("one pane for each")] = (),
    icon: Line = "",
) -> Scene:
    """Make a scene, with a pane for each module named."""
    there = _all(context)
    made = Scene(name=name, icon=icon, position=max(one.position for one in there) + 1)
    for module in modules:
        made = with_pane(made, _pane(context, module))
    return context.store.put(made)


@command("Rename scene", name="scene.rename")
def scene_rename(context: Workspace, scene: SceneName, name: Title) -> Scene:
    """Give a scene another name."""
    return _put(context, _find(context, scene), name=name)


@command("Set the scene's icon", name="scene.icon")
def scene_icon(context: Workspace, scene: SceneName, icon: Line = "") -> Scene:
    """Give a scene an icon of one cell, or none."""
    return _put(context, _find(context, scene), icon=icon)


@command("Describe scene", name="scene.describe")
def scene_describe(context: Workspace, scene: SceneName, description: Line = "") -> Scene:
    """Say in a line what a scene is for."""
    return _put(context, _find(context, scene), description=description)


@command("Duplicate scene", name="scene.duplicate")
def scene_duplicate(context: Workspace, scene: SceneName, name: Line = "") -> Scene:
    """Make another scene with the same panes and scope, right after it."""
    found = _find(context, scene)
    copy = Scene(
        name=name or f"{found.name} 2",
        icon=found.icon,
        description=found.description,
        panes=found.panes,
        scope=found.scope,
        lens=found.lens,
    )
    order = _all(context)
    place = next(n for n, one in enumerate(order) if one.id == found.id) + 1
    return _number(context, [*order[:place], copy, *order[place:]], copy.id)


@command("Move scene", name="scene.reorder")
def scene_reorder(
    context: Workspace, scene: SceneName, to: Annotated[int, says("its new place")]
) -> Scene:
    """Put a scene at another place in the row."""
    found = _find(context, scene)
    order = [one for one in _all(context) if one.id != found.id]
    stored = context.store.get(Scene, found.id)
    order.insert(max(0, min(to - 1, len(order))), stored)
    return _number(context, order, found.id)


def _number(context: Workspace, order: list[Scene], wanted: str) -> Scene:
    stored = [
        context.store.put(msgspec.structs.replace(one, position=place))
        for place, one in enumerate(order)
    ]
    return next(one for one in stored if one.id == wanted)


@command("Delete scene", name="scene.delete")
def scene_delete(context: Workspace, scene: SceneName) -> Scene:
    """Move a scene to the trash; the records its panes show stay."""
    found = _find(context, scene)
    if len(_all(context)) == 1:
        raise Refused("This is the only scene.", hint="make another one first: scene new")
    return context.store.delete(Scene, found.id)


# --- panes -----------------------------------------------------------------------------------


def _pane(context: Workspace, module: str, pane: str = "") -> PaneEntry:
    name, _, said = module.partition(".")
    manifest = registry.load(name)
    wanted = pane or said
    if context.space.type not in manifest.spaces:
        raise ModuleNotInSpace(
            f"{manifest.title} is not part of a {context.space.type} space.",
            hint="mana modules shows where each module exists",
        )
    known = [one.name for one in manifest.panes]
    if wanted and wanted not in known:
        raise NotFound(
            f"{manifest.title} has no pane {wanted!r}.", hint=f"known: {', '.join(known)}"
        )
    return PaneEntry(module=name, pane=wanted)


@command("Add pane", name="scene.add-pane")
def scene_add_pane(
    context: Workspace,
    scene: SceneName,
    module: Annotated[str, says("a module, or module.pane")],
    at: Annotated[int | None, says("its place; default: last")] = None,
    width: Annotated[int, says("columns; 0 shares what is left")] = 0,
) -> Scene:
    """Put a pane of a module into a scene."""
    found = _find(context, scene)
    entry = msgspec.structs.replace(_pane(context, module), width=clamped(width))
    return context.store.put(with_pane(found, entry, None if at is None else at - 1))


@command("Remove pane", name="scene.remove-pane")
def scene_remove_pane(context: Workspace, scene: SceneName, pane: Which) -> Scene:
    """Take a pane out of a scene; its records stay."""
    return context.store.put(without_pane(_find(context, scene), pane - 1))


@command("Move pane", name="scene.move-pane")
def scene_move_pane(context: Workspace, scene: SceneName, pane: Which, to: Which) -> Scene:
    """Put a pane at another place of its scene."""
    return context.store.put(moved(_find(context, scene), pane - 1, to - 1))


@command("Set pane width", name="scene.width")
def scene_width(
    context: Workspace,
    scene: SceneName,
    pane: Which,
    width: Annotated[int, says("columns; 0 shares what is left")],
) -> Scene:
    """Give a pane a width of its own."""
    return context.store.put(changed(_find(context, scene), pane - 1, width=clamped(width)))


@command("Collapse pane", name="scene.collapse")
def scene_collapse(
    context: Workspace, scene: SceneName, pane: Which, collapsed: bool | None = None
) -> Scene:
    """Fold a pane to its title, or unfold it."""
    found = _find(context, scene)
    now = checked(found, pane - 1).collapsed
    return context.store.put(
        changed(found, pane - 1, collapsed=not now if collapsed is None else collapsed)
    )


@command("Scope scene", name="scene.scope")
def scene_scope(
    context: Workspace,
    scene: SceneName,
    tags: Annotated[tuple[str, ...], says("names of tags; none clears the scope")] = (),
) -> Scene:
    """Narrow a scene to records with one of these tags, or with none at all."""
    found = _find(context, scene)
    ids = context.store.tag_ids((tag.lstrip("#") for tag in tags), create=False)
    return _put(context, found, scope=ids)


@command("Set the scene's agent lens", name="scene.lens")
def scene_lens(context: Workspace, scene: SceneName, lens: Line = "") -> Scene:
    """Look through an agent (its id), or through none."""
    return _put(context, _find(context, scene), lens=lens)


def _put(context: Workspace, scene: Scene, **fields: Any) -> Scene:
    return context.store.put(msgspec.structs.replace(scene, **fields))


COMMANDS: dict[str, Command[..., Any]] = {
    one.name: one
    for one in (
        scene_list, scene_new, scene_rename, scene_icon, scene_describe, scene_duplicate,
        scene_reorder, scene_delete, scene_add_pane, scene_remove_pane, scene_move_pane,
        scene_width, scene_collapse, scene_scope, scene_lens,
    )
}  # fmt: skip
"""Scene commands by id; the shell's table takes them in."""
