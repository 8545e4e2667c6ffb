"""Which view shows a record of some kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from modules.sdk import registry
from modules.sdk.slot import resolve
from modules.sdk.ui.view import View

if TYPE_CHECKING:
    from mana_tui.workspace import Workspace


def view_of(workspace: Workspace, kind: str, id: str) -> View[Any]:
    """A detail view of a record: its module's own, else the one every record has.

    NotFound for an unknown kind, ModuleNotInSpace where the space has no such module.
    """
    from modules.sdk.ui.detail import detail_view

    found = workspace.vault.catalog.kind(kind)
    workspace.store.get(found.record, id)
    return detail_view(workspace, kind, id)


def first_pane(workspace: Workspace, module: str) -> View[Any]:
    """The first view of a module, for a visit without a pane of its own."""
    pane = registry.load(module).panes[0]
    return resolve(pane.view)(workspace, **pane.options)
