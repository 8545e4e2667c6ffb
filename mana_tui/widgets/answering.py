"""What views ask of the workbench: to show, to run, to ask, to give the keys back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.widget import Widget

from mana_tui.widgets.pane import PaneBox
from modules.sdk.ui.view import View
from storage.errors import ManaError

if TYPE_CHECKING:
    from mana_tui.app import ManaApp
    from mana_tui.widgets.bars import Foot
    from mana_tui.widgets.desk import Desk
    from mana_tui.widgets.runner import Runner
    from mana_tui.workspace import Workspace


class Answering(Widget):
    """Takes the messages of views; the workbench is one."""

    app: ManaApp  # type: ignore[assignment]
    workspace: Workspace
    desk: Desk
    foot: Foot
    runner: Runner

    def captures(self, command_id: str) -> bool:
        """Whether a command takes one line of text."""
        raise NotImplementedError

    def ask(self, command_id: str, values: Mapping[str, Any]) -> None:
        """Run a command after a form asked for what is missing."""
        raise NotImplementedError

    def complain(self, error: ManaError) -> None:
        """Say what is wrong."""
        raise NotImplementedError

    def _pane_of(self, message: Any) -> PaneBox | None:
        sender = message._sender  # noqa: SLF001 - Textual has no public name for it
        while sender is not None and not isinstance(sender, PaneBox):
            sender = sender.parent
        return sender or self.desk.pane

    async def on_view_push(self, message: View.Push) -> None:
        """A view goes on top of its pane."""
        message.stop()
        await self.push(message.view, self._pane_of(message))
        self.app.stream.release(message)

    async def push(self, view: View[Any], pane: PaneBox | None = None) -> None:
        """Put a view on top of a pane (the active one)."""
        pane = pane or self.desk.pane
        if pane is not None:
            await pane.push(view)
            self.foot.refresh()

    async def on_view_pop(self, message: View.Pop) -> None:
        """The view on top is done."""
        message.stop()
        pane = self._pane_of(message)
        if pane is not None:
            await pane.pop()
        self.take_keys()
        self.app.stream.release(message)

    async def on_view_open(self, message: View.Open) -> None:
        """A record is to be shown."""
        message.stop()
        await self.open_record(message.kind, message.id, self._pane_of(message))
        self.app.stream.release(message)

    async def open_record(self, kind: str, id: str, pane: PaneBox | None = None) -> None:
        """Show a record of any kind on top of a pane."""
        from mana_tui.widgets.opening import view_of

        try:
            view = view_of(self.workspace, kind, id)
        except ManaError as error:
            self.complain(error)
            return
        await self.push(view, pane)

    def on_view_run(self, message: View.Run) -> None:
        """A command is to run."""
        message.stop()
        if isinstance(message, View.Ask):
            return
        self.runner.start(message.command_id, message.values)
        self.app.stream.release(message)

    def on_view_ask(self, message: View.Ask) -> None:
        """A command is to run after a form."""
        message.stop()
        self.ask(message.command_id, message.values)
        self.app.stream.release(message)

    def on_view_capture(self, message: View.Capture) -> None:
        """A line is to be typed; where no line will do, a form."""
        message.stop()
        if self.captures(message.command_id):
            module = message.command_id.partition(".")[0]
            self.app.open_capture(module, message.values)
        else:
            self.ask(message.command_id, message.values)
        self.app.stream.release(message)

    def on_view_titled(self, message: View.Titled) -> None:
        """Title or status of a view changed."""
        message.stop()
        pane = self._pane_of(message)
        if pane is not None:
            pane.retitled()

    def on_view_edit_done(self, message: View.EditDone) -> None:
        """An input inside a view gave the focus back; another one may have it already."""
        message.stop()
        focused = self.app.focused
        if focused is None or focused is self or not _alive(focused):
            self.take_keys()
        self.app.stream.release(message)

    def on_pane_box_chosen(self, message: PaneBox.Chosen) -> None:
        """Somebody clicked into a pane."""
        message.stop()
        self.desk.goto_pane(message.pane)

    def enter_space(self) -> None:
        """Another space is active: show its scenes, and nothing of the one before."""
        self.app.call_later(self.app.enter_space)

    def take_keys(self) -> None:
        """The focus comes back here, or to what lies over the panes."""
        top = self.app.on_top()
        if top is not None:
            top.take_keys()
        elif self.is_attached:
            self.screen.set_focus(self, scroll_visible=False)


def _alive(widget: Widget) -> bool:
    """Whether a widget stays: it is shown, and nothing around it is being removed."""
    return widget.is_attached and not any(
        isinstance(node, Widget) and (node._pruning or not node.display)  # noqa: SLF001 - Textual is pinned
        for node in widget.ancestors_with_self
    )
