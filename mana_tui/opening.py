"""How the app gets at its vault: an open session, a typed passphrase, a new one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mana_tui.paths import Paths
from mana_tui.session import create_vault, has_vault, open_with, recall_vault
from modules.sdk.registry import Catalog

if TYPE_CHECKING:
    from storage.vault import Vault


def opener_of(
    paths: Paths,
) -> tuple[Callable[[str | None], Vault | None], Callable[[str], None]]:
    """(open by a passphrase or for None by a session, make a vault under a passphrase)."""

    def opener(typed: str | None) -> Vault | None:
        if typed is not None:
            return open_with(paths, Catalog(), typed)
        return recall_vault(paths, Catalog()) if has_vault(paths) else None

    def create(typed: str) -> None:
        create_vault(paths, ask=lambda _: typed)

    return opener, create
