"""Search over the vault: which document each kind of record becomes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modules.sdk import registry
from modules.sdk.slot import Search, resolve
from storage.kind import Kind
from storage.record import Record
from storage.search import Document, default_document
from storage.search import Search as Index
from storage.vault import Vault


def documents() -> dict[str, Any]:
    """The modules' own document functions by kind; other kinds use their title and text."""
    return {
        slot.kind: resolve(slot.document)
        for module in registry.all_modules()
        for slot in module.slots
        if isinstance(slot, Search)
    }


def document_maker() -> Callable[[Kind, Record], Document]:
    """What search reads of a record: the module's own document, else the default one."""
    own = documents()

    def make(kind: Kind, record: Record) -> Document:
        said = own.get(kind.name)
        return Document(**said(record)) if said else default_document(kind, record)

    return make


def open_search(vault: Vault) -> Index:
    """The search of a vault; made again when another program version reads records."""
    from mana_tui.setup import VERSION

    return Index(vault, document_maker(), version=VERSION)
