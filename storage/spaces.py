"""Finding and naming spaces: a slug names one space of the vault, for good."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from storage.errors import NotFound, UserError
from storage.record import new_id
from storage.scope import Scope
from storage.space import Member, Space, SpaceType

if TYPE_CHECKING:
    from storage.vault import Vault


def all_spaces(vault: Vault) -> list[Space]:
    """Every space, the personal one first, then as they were made."""
    table = vault.table(Space)
    rows = vault.db.rows(f"{table.select} WHERE t.deleted IS NULL")
    found: list[Space] = [table.decode(row) for row in rows]
    return sorted(found, key=lambda space: (space.slug != "@me", space.created, space.id))


def make_space(vault: Vault, name: str, slug: str, type: SpaceType) -> Space:
    """A space with this vault's person as its owner; one batch, or part of one."""
    id, person = new_id(), vault.meta("person") or ""
    store = vault.store(Scope(space=id, space_type=type, person=person))
    with store.transaction(f"New space {name}"):
        made = store.put(Space(id=id, space=id, name=name, slug=slug, type=type))
        store.put(Member(person=person, name=vault.meta("name") or "", role="owner"))
    return made


def scope_of(vault: Vault, word: str) -> Scope:
    """The scope of a space by slug, alias, id or a name that only one has, as the vault's
    person; NotFound."""
    spaces = all_spaces(vault)
    found = [one for one in spaces if _is(word, one.slug) or word == one.id]
    found = found or [one for one in spaces if any(_is(word, name) for name in one.aliases)]
    found = found or [one for one in spaces if _is(word, one.name)]
    if len(found) != 1:
        raise NotFound(f"There is no space {word!r}.", hint="mana space list")
    one = found[0]
    table = vault.table(Member)
    role = vault.db.value(
        f'SELECT role FROM "{table.name}" WHERE space = ? AND person = ? AND deleted IS NULL',
        (one.id, vault.person),
    )
    return Scope(
        space=one.id,
        space_type=one.type,
        person=vault.person,
        role=role or "owner",
        archived=one.archived,
    )


def named(vault: Vault, space: Space) -> Space:
    """A space about to be written: its slug must be free in the vault, the one it had
    becomes an alias, and its type stays what it was."""
    others = [one for one in all_spaces(vault) if one.id != space.id]
    for word in (space.slug, *space.aliases):
        if any(_is(word, name) for one in others for name in (one.slug, *one.aliases)):
            raise UserError(
                f"There is a space {word!r} already.", hint="choose another slug"
            )
    old = next((one for one in all_spaces(vault) if one.id == space.id), None)
    if old is None:
        return space
    if old.type != space.type:
        raise UserError("The type of a space cannot be changed.", hint="make a new space")
    words = [*space.aliases, *([old.slug] if old.slug != space.slug else [])]
    aliases = tuple(dict.fromkeys(word for word in words if not _is(word, space.slug)))
    return msgspec.structs.replace(space, aliases=aliases)


def _is(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
