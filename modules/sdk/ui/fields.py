"""The fields of a form: one parameter each, with its editor and what it understood."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from rich.segment import Segment
from textual.app import ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input

from modules.sdk.context import Context
from modules.sdk.field import Param
from modules.sdk.ui.cells import clean, cut, fit, width
from modules.sdk.ui.choice import Choice
from modules.sdk.ui.tones import Drawn
from modules.sdk.ui.values import Check, as_text, label

MOST_CHOICES = 40

YES_NO = {"yes": True, "no": False}


class FormLine(Drawn):
    """One line of words."""

    def __init__(self, parts: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.parts = parts

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Draw it."""
        segments = [Segment(clean(text), self.tones[tone]) for text, tone in self.parts]
        return Strip(segments).adjust_cell_length(self.size.width, self.tones.plain)


class FieldRow(Drawn):
    """A field: its name on the left, its editor, below it what is wrong or understood."""

    class Edited(Message):
        """What stands there changed."""

    def __init__(self, context: Context, param: Param, annotation: Any, value: Any) -> None:
        super().__init__()
        self.param = param
        self.checker = Check(param, annotation, context)
        self.message = ""
        self.wrong = False
        if value is None:
            value = param.default if param.default is not None else ""
        self.was: Any = (
            value if isinstance(value, str) else as_text(value, context, name=param.name)
        )
        self.editor = make_editor(param, annotation, self.was, context)
        if isinstance(self.editor, Choice):
            self.was = self.raw

    def compose(self) -> ComposeResult:
        """The editor; the rest is drawn."""
        yield self.editor

    @property
    def raw(self) -> Any:
        """What stands in the editor; a bool for yes and no."""
        said = getattr(self.editor, "text", None) or getattr(self.editor, "value", "")
        return YES_NO.get(said, said) if self.param.type is bool else said

    def on_mount(self) -> None:
        """Say what is understood of what is there already."""
        self.understand()

    # --- checking ---------------------------------------------------------------------------

    def check(self) -> str:
        """Say what is wrong, if anything is."""
        problem = self.checker.problem(self.raw)
        self.say(problem or self.checker.understood(self.raw), wrong=bool(problem))
        return problem

    def understand(self) -> None:
        """Say what is understood; something wrong only once it was said before."""
        if self.wrong:
            self.check()
        else:
            self.say(self.checker.understood(self.raw))

    def say(self, message: str, *, wrong: bool = False) -> None:
        """Show a message below the editor, or none."""
        message = clean(message)
        if (message, wrong) == (self.message, self.wrong):
            return
        self.message, self.wrong = message, wrong
        self.set_class(bool(message or self._help), "-said")
        self.refresh()

    @property
    def _help(self) -> str:
        return self.param.help if self.editor.has_focus else ""

    def on_input_changed(self, event: Input.Changed) -> None:
        """Understand while one types."""
        event.stop()
        self.understand()
        self.post_message(self.Edited())

    def on_choice_changed(self, event: Choice.Changed) -> None:
        """Another value."""
        event.stop()
        self.understand()
        self.post_message(self.Edited())

    def on_text_area_changed(self, event: Message) -> None:
        """Another text."""
        event.stop()
        self.post_message(self.Edited())

    def on_descendant_focus(self) -> None:
        """Show the name strongly, and the help."""
        self.set_class(bool(self.message or self._help), "-said")
        self.refresh()

    def on_descendant_blur(self) -> None:
        """Check what was typed on leaving, unless it is still empty."""
        if self.raw != "":
            self.check()
        self.set_class(bool(self.message or self._help), "-said")
        self.refresh()

    # --- drawing -------------------------------------------------------------------------------

    def render_lines(self, crop: Region) -> list[Strip]:
        """Name on the first line, message on the last; the editor covers the rest."""
        high = self.outer_size.height
        strips = [self._line(y, high) for y in range(crop.y, crop.bottom)]
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def _line(self, y: int, high: int) -> Strip:
        wide, left = self.outer_size.width, self.styles.padding.left
        if y == 0:
            star = "*" if self.param.required else " "
            name = fit(label(self.param.name), left - 3, self.glyphs.more)
            focus = self.glyphs.focus if self.editor.has_focus else " "
            tone = "bold" if self.editor.has_focus else "muted"
            segments = [
                Segment(focus, self.tones["accent"]),
                Segment(name, self.tones[tone]),
                Segment(star, self.tones["accent"]),
            ]
            return Strip(segments).adjust_cell_length(wide, self.tones.plain)
        if y == high - 1 and (said := self.message or self._help):
            mark = f"{self.glyphs.warn if self.wrong else self.glyphs.arrow} "
            mark = mark if self.message else ""
            text = cut(mark + said, max(1, wide - left - 2), self.glyphs.more)
            tone = "error" if self.wrong else "muted" if self.message else "faint"
            segments = [
                Segment(" " * (left + 1), self.tones.plain),
                Segment(text, self.tones[tone]),
            ]
            return Strip(segments, left + 1 + width(text)).adjust_cell_length(
                wide, self.tones.plain
            )
        return Strip.blank(wide, self.tones.plain)


# --- editors --------------------------------------------------------------------------------


def make_editor(param: Param, annotation: Any, was: str, context: Context) -> Widget:
    """What asks for one field."""
    options = options_of(param, annotation)
    if options:
        return Choice(
            options, was, empty=param.optional or (not param.required and was == "")
        )
    if param.extra.get("multiline"):
        from modules.sdk.ui.editor import FormText  # TextArea costs 7 ms

        return FormText(was)
    suggester = TagSuggester(context) if param.name == "tags" else None
    hint = {"tags": "home, work"}.get(param.name, "")
    return Input(
        was, placeholder=hint, compact=True, select_on_focus=False, suggester=suggester
    )


def options_of(param: Param, annotation: Any) -> list[str]:
    """The few values a field can have, in order; none when there are many."""
    if param.choices and not param.many:
        return [str(choice) for choice in param.choices]
    if param.type is bool:
        return ["no", "yes"]
    for meta in metas(annotation):
        low, high = meta.ge, meta.le
        if param.type is not int or low is None or high is None:
            continue
        if high - low < MOST_CHOICES:
            return [str(i) for i in range(int(low), int(high) + 1)]
    return []


def metas(annotation: Any) -> Iterator[msgspec.Meta]:
    """Every msgspec.Meta in an annotation."""
    for part in getattr(annotation, "__metadata__", ()):
        if isinstance(part, msgspec.Meta):
            yield part
    for part in typing.get_args(annotation):
        yield from metas(part)


class TagSuggester(Suggester):
    """Completes the last of several tags."""

    def __init__(self, context: Context) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._context = context

    async def get_suggestion(self, value: str) -> str | None:
        """The text with its last word completed to a known tag."""
        before, comma, last = value.rpartition(",")
        typed = last.strip().removeprefix("#")
        if not typed:
            return None
        for name in sorted(self._context.store.tag_names().values()):
            if name.casefold().startswith(typed.casefold()) and len(name) > len(typed):
                return (
                    before
                    + comma
                    + last[: len(last) - len(typed)]
                    + typed
                    + name[len(typed) :]
                )
        return None
