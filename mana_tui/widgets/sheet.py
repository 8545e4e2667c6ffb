"""A form over the panes, for what a command still needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget

from mana_tui.saying import title_of
from modules.sdk.ui.form import Form
from modules.sdk.ui.values import typed_refs

if TYPE_CHECKING:
    from mana_tui.app import ManaApp
    from mana_tui.widgets.workbench import Workbench


class Sheet(Container, can_focus=False):
    """Asks, hands the values to the command, and goes away."""

    app: ManaApp  # type: ignore[assignment]

    def __init__(
        self, bench: Workbench, command_id: str, values: Mapping[str, Any]
    ) -> None:
        super().__init__()
        self.bench = bench
        self.command_id = command_id
        self.command = bench.workspace.find(command_id)
        self.fixed = dict(values)
        self._last: Widget | None = None

    def compose(self) -> ComposeResult:
        """The form, filled with what is there."""
        shown = self._filled()
        asked = [p.name for p in self.command.params if p.name not in self.fixed]
        yield Form(
            self.bench.workspace,
            self.command.arguments,
            shown | self.fixed,
            title=self.command.title,
            about=self._about(),
            only=asked,
        )

    def _record(self) -> Any:
        """The record a command changes, to start from what it says now."""
        first = self.command.params[0] if self.command.params else None
        if first is None or not isinstance(first.ref, type) or first.name not in self.fixed:
            return None
        ids = self.fixed[first.name]
        return self.bench.workspace.store.find(
            first.ref, ids if isinstance(ids, str) else ids[0]
        )

    def _filled(self) -> dict[str, Any]:
        record = self._record()
        if record is None or not self.command.name.startswith("edit"):
            return {}
        own = msgspec.structs.asdict(record) | typed_refs(record, self.bench.workspace)
        names = self.bench.workspace.store.tag_names()
        own["tags"] = ", ".join(str(names.get(tag, tag)) for tag in record.tags)
        return {
            p.name: own[p.name] for p in self.command.params if own.get(p.name) is not None
        }

    def _about(self) -> str:
        record = self._record()
        return title_of(record) if record is not None else ""

    def on_mount(self) -> None:
        """Take a place in the upper middle."""
        wide, high = self.app.size
        w = min(76, wide - (4 if wide > 60 else 0))
        self.styles.width, self.styles.max_height = w, max(6, high - 3)
        self.styles.height = "auto"
        self.styles.margin = (min(2, max(0, high - 20)), 0, 0, max(0, (wide - w) // 2))
        self.display = True
        self.call_after_refresh(self.app.call_later, self.app.stream.release, "form")

    def on_form_done(self, event: Form.Done) -> None:
        """Run it with what was typed."""
        event.stop()
        self._close()
        self.bench.runner.start(self.command_id, event.values, asked=True)
        self.app.stream.release(event)

    def on_form_cancelled(self, event: Form.Cancelled) -> None:
        """Nothing happens."""
        event.stop()
        self._close()
        self.app.stream.release(event)

    def take_keys(self) -> None:
        """Back to the field that was typed into last."""
        last = self._last
        if last is not None and last.is_attached and last.focusable:
            self.screen.set_focus(last, scroll_visible=False)
        else:
            for form in self.query(Form):
                form.take_keys()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember where one types."""
        self._last = event.widget

    def _close(self) -> None:
        self.display = False
        if self.app.sheet is self:
            self.app.sheet = None
        self.remove()
        self.bench.take_keys()
