"""What stands in a pane that cannot be shown: why, and how to be rid of it."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult

from modules.sdk.context import Context
from modules.sdk.ui.empty import Empty
from modules.sdk.ui.view import View
from storage.errors import ManaError
from storage.store import Store


class MissingView(View[None]):
    """The module is not installed, not part of this type of space, or broken."""

    def __init__(self, context: Context, **options: Any) -> None:
        super().__init__(context, **options)
        self.error: ManaError = self.options["error"]

    @property
    def text(self) -> str:
        """What it says."""
        hint = f"\n{self.error.hint}" if self.error.hint else ""
        return (
            f"{self.error}{hint}\ng q takes this pane out of the scene; its records stay."
        )

    def compose(self) -> ComposeResult:
        """The words, in the middle."""
        yield Empty(self.text, add_key="")

    def load(self, store: Store) -> None:
        """Nothing to read."""

    def show(self, data: None) -> None:
        """Nothing to show."""

    @property
    def title(self) -> str:
        """What the pane's title says."""
        return "cannot be shown"
