"""What stands before a locked vault: the passphrase, or making a vault the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.widgets import Input, Static

from mana_tui.strength import estimate
from storage.errors import ManaError

if TYPE_CHECKING:
    from mana_tui.app import ManaApp


class Gate(Vertical):
    """Asks, checks in a thread, and hands the open vault to the app."""

    app: ManaApp  # type: ignore[assignment]

    BINDINGS = [Binding("tab,shift+tab", "other", show=False, priority=True)]
    DEFAULT_CSS = """
    Gate > Vertical { width: 64; max-width: 100%; height: auto; padding: 1 2; background: $surface; }
    Gate Static { height: auto; width: 1fr; background: $surface; }
    Gate Input { border: none; height: 1; padding: 0 1; margin: 1 0 0 0; background: $panel; }
    Gate Input:focus { border: none; background: $panel; }
    Gate #said { margin: 1 0 0 0; }
    """

    def __init__(self, said: str = "", *, create: bool = False) -> None:
        super().__init__()
        self.creating = create
        self.said = said
        self.busy = False

    def compose(self) -> ComposeResult:
        """A heading, one or two lines to type into, what is wrong."""
        with Vertical():
            if self.creating:
                yield Static("[b]Welcome to mana[/b]")
                yield Static(
                    "Your vault is one encrypted file on this computer. Nobody can open it "
                    "without the passphrase, and nobody can give it back to you.",
                )
                yield Input(
                    password=True, placeholder="a passphrase", id="passphrase", compact=True
                )
                yield Input(
                    password=True, placeholder="once more", id="again", compact=True
                )
            else:
                yield Static("[b]mana[/b] is locked")
                yield Input(
                    password=True, placeholder="passphrase", id="passphrase", compact=True
                )
                if self._captures():
                    yield Input(
                        placeholder="or a line to keep until then", id="line", compact=True
                    )
            yield Static(id="said")

    def on_mount(self) -> None:
        """Ready to type."""
        self.query_one("#passphrase", Input).focus()
        self._say(self.said or self._keys(), "muted" if not self.said else "warning")

    def _keys(self) -> str:
        if self.creating:
            return "enter makes the vault · ctrl+q leaves"
        tab = "tab captures a line · " if self.query("#line") else ""
        return f"enter unlocks · {tab}ctrl+q leaves"

    def _captures(self) -> bool:
        from mana_tui.inbox import can_seal

        return self.app.paths is not None and can_seal(self.app.paths)

    def action_other(self) -> None:
        """Tab: the passphrase, or the other line."""
        fields = list(self.query(Input))
        here = next((n for n, one in enumerate(fields) if one.has_focus), -1)
        self.screen.set_focus(fields[(here + 1) % len(fields)])  # before the next key

    def _say(self, text: str, tone: str = "error") -> None:
        colors = {
            "error": "$text-error",
            "warning": "$text-warning",
            "muted": "$text-muted",
        }
        variables = self.app.theme_variables
        color = variables.get(colors.get(tone, "$foreground")[1:], "")
        style = color if color.startswith("#") else "bold" if tone == "error" else ""
        self.query_one("#said", Static).update(Text(text, style=style))

    def on_input_changed(self, event: Input.Changed) -> None:
        """While creating: how long it would take to guess."""
        event.stop()
        if self.creating and event.input.id == "passphrase":
            self._say(estimate(event.value).sentence, "muted")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: the next line, or try."""
        event.stop()
        if self.busy:
            return
        if event.input.id == "line":
            self._capture(event.input)
            return
        typed = self.query_one("#passphrase", Input).value
        if not typed:
            self._say("Type the passphrase first.", "warning")
            return
        if self.creating:
            self._create(typed, event.input)
        else:
            self._try(lambda: self.app.opener(typed))

    def _capture(self, where: Input) -> None:
        """Seal a line: nobody here can read it, and the next unlock files it."""
        from mana_tui.inbox import seal_line

        paths, line = self.app.paths, where.value
        if paths is None or not line.strip():
            return
        try:
            seal_line(paths, line)
        except (ManaError, OSError) as error:
            self._say(str(error))
            return
        where.value = ""
        self._say("Sealed; it will be filed when you unlock.", "muted")

    def _create(self, typed: str, where: Input) -> None:
        again = self.query_one("#again", Input)
        if where is not again:
            again.focus()
            return
        if again.value != typed:
            again.value = ""
            self._say("The two are not the same. Type the second again.")
            return
        strength = estimate(typed)
        if strength.level == 0:
            self._say(
                f"{strength.sentence} Choose another one: four unusual words are good."
            )
            self.query_one("#passphrase", Input).focus()
            return

        def make() -> Any:
            assert self.app.creator is not None
            self.app.creator(typed)
            return self.app.opener(typed)

        self._try(make)

    def _try(self, open_: Any) -> None:
        self.busy = True
        self._say("Making the vault …" if self.creating else "Unlocking …", "muted")
        self.run_worker(self._opening(open_), exit_on_error=True)

    async def _opening(self, open_: Any) -> None:
        import asyncio

        try:
            vault = await asyncio.to_thread(open_)
        except ManaError as error:
            self.busy = False
            for one in self.query(Input):
                one.value = ""
            self.query_one("#passphrase", Input).focus()
            self._say(f"{error}" + (f" {error.hint}" if error.hint else ""))
            return
        for one in self.query(Input):
            one.value = ""
        self.app.call_later(self.app.enter, vault)
