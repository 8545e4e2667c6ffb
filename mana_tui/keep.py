"""How long a space keeps things: its own answer in the vault, else the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from storage.errors import UserError
from storage.keeping import Keep
from storage.space import Space
from storage.vault import Vault

if TYPE_CHECKING:
    from mana_tui.workspace import Settings

_NAME = "settings "


def space_settings(vault: Vault, space: str) -> dict[str, Any]:
    """A space's own values of settings, by id."""
    said = vault.meta(_NAME + space)
    found = msgspec.json.decode(said) if said else {}
    return found if isinstance(found, dict) else {}


def keep_of(vault: Vault, config: Settings | None, space: Space) -> Keep:
    """How long this space keeps its trash and its history."""
    own = space_settings(vault, space.id)
    return Keep(
        **{name: _value(config, name, own) for name in Keep.__struct_fields__},
    )


def _value(config: Settings | None, name: str, own: Mapping[str, Any]) -> Any:
    if config is not None:
        return config.get(name, own)
    return own.get(name, getattr(Keep(), name))


def set_keep(vault: Vault, space: str, values: Mapping[str, int]) -> None:
    """Let a space keep things for so many days."""
    for name, days in values.items():
        if not 1 <= days <= 36500:
            raise UserError(f"{name} takes 1 to 36500 days.")
    found = space_settings(vault, space) | dict(values)
    vault.meta(_NAME + space, msgspec.json.encode(found).decode())
