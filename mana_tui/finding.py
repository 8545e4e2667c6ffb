"""Search over the vault: which document each kind of record becomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from modules.sdk import registry
from modules.sdk.slot import Search as Slot
from modules.sdk.slot import resolve

if TYPE_CHECKING:
    from datetime import datetime

    from storage.kind import Kind
    from storage.record import Record
    from storage.search import Document, Search
    from storage.vault import Vault

VERSION = "1"
"""Raise it when a module's document function changes: every index is then made anew."""


def open_search(vault: Vault, clock: Callable[[], datetime]) -> Search:
    """The search of a vault, with what the modules say of their records."""
    from storage.search import Document, Search, default_document

    slots = {
        slot.kind: slot.document
        for module in registry.all_modules()
        for slot in module.slots
        if isinstance(slot, Slot)
    }
    functions: dict[str, Callable[[Record], dict[str, Any]]] = {}

    def document(kind: Kind, record: Record) -> Document:
        if kind.name not in slots:
            return default_document(kind, record)
        if kind.name not in functions:
            functions[kind.name] = resolve(slots[kind.name])
        return Document(**functions[kind.name](record))

    return Search(vault, document, version=f"{VERSION} {sorted(slots)}", clock=clock)
