"""What a command's result says to a person, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from modules.sdk.command import Command
from modules.sdk.listing import Listing, Said
from storage.change import Undone
from storage.record import Record

if TYPE_CHECKING:
    from mana_tui.workspace import Workspace


class Message(msgspec.Struct, frozen=True):
    """A line for the foot: `kind` is info, done or error."""

    text: str
    kind: str = "info"
    hint: str = ""
    keys: tuple[tuple[str, str], ...] = ()


def done(
    command_id: str, command: Command[..., Any], result: Any, workspace: Workspace
) -> str | None:
    """One line about a result; None when it is a table or there is nothing to say."""
    if isinstance(result, Undone):
        return undone(command_id, result)
    if command_id in ("undo", "redo") and result is None:
        return f"There is nothing to {command_id}."
    if isinstance(result, Said):
        return result.text.partition("\n")[0] if "\n" not in result.text else None
    if not command.writes or isinstance(result, Listing):
        return None
    return f"{command.title}{_about(result, workspace)}"


def undone(command_id: str, result: Undone) -> str:
    """What an undo or redo did, by the name of what it undid."""
    verb = {"undo": "Undone", "redo": "Done again", "revert": "Reverted"}.get(
        command_id, "Undone"
    )
    kept = len(result.kept)
    more = (
        f"; {kept} field{'s' * (kept > 1)} changed later and stay{'s' * (kept == 1)}"
        if kept
        else ""
    )
    return f"{verb}: {_plain(result.of.title)}{more}"


def _plain(title: str) -> str:
    for before in ("Undo ", "Redo ", "Undo: ", "Redo: "):
        title = title.removeprefix(before)
    return title


def _about(result: Any, workspace: Workspace) -> str:
    if isinstance(result, Record):
        return f": {title_of(result, workspace)}"
    if isinstance(result, (list, tuple)):
        if len(result) == 1:
            return _about(result[0], workspace)
        return f": {len(result)}" if result else ": nothing to do"
    return ""


def title_of(record: Record, workspace: Any = None) -> str:
    """The title of any record, cut to a line."""
    from storage.kind import describe

    value = getattr(record, describe(type(record)).title, "")
    text = " ".join(str(value if value is not None else "").split())
    return text if len(text) <= 60 else text[:59] + "…"
