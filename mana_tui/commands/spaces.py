"""Spaces: the contexts of a vault."""

from __future__ import annotations

from typing import Annotated

from mana_tui.workspace import Workspace
from modules.sdk.command import command
from modules.sdk.field import Line, Title, says
from modules.sdk.listing import Col, Listing, Row, Said
from storage.errors import Refused
from storage.space import Space, SpaceType


def spaces_listing(context: Workspace, result: list[Space]) -> Listing:
    """A line a space; a star marks the active one."""
    return Listing(
        columns=(
            Col(title=""),
            Col(title="slug", style="cyan"),
            Col(title="name", grow=True),
            Col(title="type"),
        ),
        rows=tuple(
            Row(
                ("*" if one.id == context.space.id else "", one.slug, one.name, one.type),
                "dim" if one.archived else "",
            )
            for one in result
        ),
    )


@command(
    "List spaces",
    name="space.list",
    effect="read",
    show="mana_tui.commands.spaces:spaces_listing",
)
def space_list(context: Workspace) -> list[Space]:
    """The spaces of this vault."""
    return context.vault.spaces()


@command("New space", name="space.new", batch=False)
def space_new(context: Workspace, name: Title, type: SpaceType, slug: Line = "") -> Space:
    """Make a space: a context of its own for a family, club, team, brand or practice."""
    if type == "personal":
        raise Refused("There is one personal space, and it is there already.")
    return context.vault.new_space(name, slug or slugify(name), type)


@command("Switch space", name="space.switch", effect="read")
def space_switch(context: Workspace, space: Annotated[str, says("slug")]) -> Said:
    """Make another space the active one on this device."""
    from mana_tui.session import remember_space

    context.switch(space)
    if context.paths is not None:
        remember_space(context.paths, context.space.id)
    return Said(
        text=f"You are in {context.space.name}.", data={"space": context.space.slug}
    )


def slugify(name: str) -> str:
    """A slug from a name: lower case, words joined by dashes."""
    import unicodedata

    plain = (
        unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    )
    return "-".join("".join(c if c.isalnum() else " " for c in plain).split()) or "space"
