"""Search over the vault: which document each kind of record becomes."""

from __future__ import annotations

from typing import Any

from modules.sdk import registry
from modules.sdk.slot import Search, resolve
from storage.vault import Vault


def documents() -> dict[str, Any]:
    """The modules' own document functions by kind; other kinds use their title and text."""
    return {
        slot.kind: resolve(slot.document)
        for module in registry.all_modules()
        for slot in module.slots
        if isinstance(slot, Search)
    }
