"""Capture while locked: lines are sealed for the vault, and filed when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from mana_tui.paths import Paths
from storage.actor import Actor
from storage.errors import (
    DamagedError,
    LockedError,
    ManaError,
    NotFound,
    Refused,
    UserError,
)

if TYPE_CHECKING:
    from mana_tui.setup import Setup
    from mana_tui.workspace import Workspace
    from modules.sdk.listing import Said
    from storage.vault import Vault

KIND = "capture"
MOST_LINE, MOST_TITLE = 16_000, 1000
YEARS = range(2000, 2200)
INBOX = Actor(kind="system", id="inbox", name="Captured while locked")
"""Who files: the line is the person's, the moment it was filed is not."""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What is sealed: the line, when it was typed, and the space's slug if one was named."""

    text: str
    at: datetime
    space: str = ""


class Waiting(NamedTuple):
    """A capture that was opened: its file, id, the id of its space, and what was typed."""

    path: Path
    id: str
    space: str
    line: Line


# --- while locked ----------------------------------------------------------------------


def seal_line(paths: Paths, text: str, *, space: str = "") -> int:
    """Seal a line for the vault; returns how many are waiting. Durable when it returns.

    LockedError when this device never unlocked the vault, UserError for an empty or very
    long line, Refused when the header's key is not the one this device knows.
    """
    import os

    from mana_tui.session import active_space
    from mana_tui.zone import local_zone
    from storage import inbox
    from storage.clean import clean_line
    from storage.crypto import seal
    from storage.crypto.header import vault_id
    from storage.record import encode_id

    line = _checked(clean_line(text).strip())
    to, seed = _keys(paths)
    content = Line(text=line, at=datetime.now(local_zone()), space=space)
    id = encode_id(int.from_bytes(os.urandom(16)))
    data = seal.seal(
        msgspec.json.encode(content),
        kind=KIND,
        vault=vault_id(paths.data),
        space="" if space else active_space(paths) or "",
        id=id,
        to=to,
        seed=seed,
    )
    inbox.put(paths.data, id, data)
    return len(inbox.waiting(paths.data))


def capture_locked(setup: Setup, text: str) -> Said:
    """What `mana add` does while the vault is locked."""
    from modules.sdk.listing import Said

    waiting = seal_line(setup.paths, text, space=str(setup.given.get("space") or ""))
    return Said(
        text="Sealed; it will be filed when the vault is unlocked"
        + (f" ({waiting} waiting)." if waiting > 1 else "."),
        data={"sealed": True, "waiting": waiting},
    )


def can_seal(paths: Paths) -> bool:
    """Whether lines can be captured on this device while the vault is locked."""
    from mana_tui.device import signing
    from storage.identity import published

    try:
        return signing(paths) is not None and published(paths.data) is not None
    except ManaError:
        return False


def _checked(line: str) -> str:
    if not line:
        raise UserError(
            "There is nothing to add.", hint='mana add "call Ada tomorrow 9:00"'
        )
    if len(line.encode()) > MOST_LINE:
        raise UserError(f"One line has at most {MOST_LINE:,} bytes.")
    return line


def _keys(paths: Paths) -> tuple[bytes, bytes]:
    from mana_tui.device import signing
    from storage.crypto.pairs import key_id
    from storage.identity import published

    to, own = published(paths.data), signing(paths)
    if to is None or own is None:
        raise LockedError(
            "The vault is locked, and this device has never unlocked it.",
            hint="mana unlock, once; from then on mana add works while it is locked",
        )
    if key_id(to) != own.to:
        raise Refused(
            "The vault's public key is not the one this device knows: nothing was sealed.",
            hint="if you restored a vault, mana unlock makes it known",
        )
    return to, bytes.fromhex(own.seed)


# --- when it is opened --------------------------------------------------------------------


class Filed(msgspec.Struct, kw_only=True):
    """What became of the inbox: how many lines were filed, and what was left over, each
    with a sentence."""

    lines: int = 0
    notes: list[str] = []


def file_waiting(
    workspace: Workspace, notify: Callable[[str], None] | None = None
) -> Filed:
    """File every capture that waits, in the order they were typed, one undo each.

    Each is filed exactly once, however often this is interrupted or run at the same time.
    What cannot be used is moved aside and named. Never raises what a file can cause: an
    inbox must not keep anybody out of the vault.
    """
    from mana_tui.device import sign_in
    from storage import inbox

    filed = Filed()
    if workspace.paths is None or workspace.vault.read_only:
        return filed
    paths = inbox.waiting(workspace.paths.data)
    if paths:
        try:
            sign_in(workspace.paths, workspace.vault)  # a restored vault may not know us
            for one in _opened(workspace.vault, workspace.paths, paths, filed):
                filed.lines += _file(workspace, one, filed)
        except LockedError:
            return filed  # locked meanwhile: the rest waits
        except (ManaError, OSError) as error:
            filed.notes.append(f"Captures are still waiting: {error}")
        except Exception as error:  # noqa: BLE001 - a bug must not keep anybody out
            from mana_tui.crash import report

            filed.notes.append(f"Captures are still waiting: {report(error)}")
        for note in _said(filed):
            (notify or workspace.notify)(note)
    return filed


def settle(workspace: Workspace, *, again: bool = False) -> Filed:
    """What an unlock does once the vault is open: let it and this device know each other
    (`again`: even if they seem to), and file what waits. An app does it in a thread."""
    from mana_tui.device import is_known, sign_in

    try:
        if workspace.paths is not None and (again or not is_known(workspace.paths)):
            sign_in(workspace.paths, workspace.vault)
    except LockedError:
        return Filed()
    except (ManaError, OSError) as error:
        workspace.notify(f"Nothing can be captured while this is locked: {error}")
    return file_waiting(workspace)


def _said(filed: Filed) -> list[str]:
    if not filed.lines:
        return filed.notes
    what = "line" if filed.lines == 1 else "lines"
    return [f"{filed.lines} {what} captured while locked: filed now.", *filed.notes]


def _opened(vault: Vault, paths: Paths, files: list[Path], filed: Filed) -> list[Waiting]:
    """Every usable capture, by when it was typed; the others are set aside."""
    from storage import identity, inbox

    seed, found = identity.receiving_seed(vault), []
    if seed is None:
        return []
    for path in files:
        try:
            found.append(_open(vault, paths, path, seed))
        except FileNotFoundError:
            continue  # another process filed it
        except ManaError as error:
            filed.notes.append(_set_aside(path, str(error), inbox.set_aside))
    return sorted(found, key=lambda one: (one.line.at, one.id))


def _open(vault: Vault, paths: Paths, path: Path, seed: bytes) -> Waiting:
    from storage import identity, inbox
    from storage.crypto import seal
    from storage.crypto.header import vault_id

    opened = seal.unseal(
        inbox.read(path), seed=seed, signer=lambda key: identity.signer(vault, key)
    )
    head = opened.head
    if head.kind != KIND or head.vault != vault_id(paths.data):
        raise Refused("It is no capture for this vault.")
    try:
        line = msgspec.json.decode(opened.content, type=Line)
    except msgspec.DecodeError:
        raise DamagedError("What is in it is no capture.") from None
    if line.at.tzinfo is None:
        raise DamagedError("What is in it has no time.")
    return Waiting(path, head.id, head.space, line)


def _set_aside(path: Path, why: str, move: Callable[[Path], Path]) -> str:
    from storage.clean import clean_line

    name = clean_line(path.name)
    try:
        to = move(path)
    except (OSError, ManaError) as error:
        return f"{name} in inbox/ cannot be used: {why} It cannot be moved: {error}"
    return f"{name} in inbox/ cannot be used: {why} It is now in {to.parent}."


def _file(workspace: Workspace, one: Waiting, filed: Filed) -> int:
    """1 when this process filed it, 0 when it was filed before."""
    from storage import inbox

    vault = workspace.vault
    there = _workspace(workspace, one, filed)
    marker = f"filed {one.id}"
    with (
        vault.batch("Capture", origin="inbox", space=there.space.id, actor=INBOX),
        vault.writing("Capture"),  # from here on no other process files anything
    ):
        fresh = vault.meta(marker) is None
        if fresh:
            vault.meta(marker, one.line.at.isoformat())
            _make(there, one.line, filed)
    inbox.remove(one.path)
    return int(fresh)


def _workspace(workspace: Workspace, one: Waiting, filed: Filed) -> Workspace:
    """The space the line was meant for, at the moment it was typed: so `tomorrow` is the
    day after that. The personal space if that one is gone."""
    wanted = one.line.space or one.space or "@me"
    try:
        return _at(workspace, one.line.at, wanted)
    except NotFound:
        which = f"a space {wanted[:40]!r}" if one.line.space else "a space"
        filed.notes.append(
            f"A captured line was for {which} that is not there; it is in your personal one."
        )
        return _at(workspace, one.line.at, "@me")


def _at(workspace: Workspace, at: datetime, space: str) -> Workspace:
    from mana_tui.workspace import Workspace

    if at.year not in YEARS:
        at = workspace.now()  # a computer whose clock was not set
    return Workspace(
        workspace.vault,
        clock=lambda: at,
        config=workspace.config,
        paths=workspace.paths,
        space=space,
        notify=workspace.on_notify,
    )


def _make(there: Workspace, line: Line, filed: Filed) -> None:
    """What the line says; where that is refused, a task that is called like the line."""
    try:
        with there.vault.nested():
            there.run("add", {"text": line.text})
            return
    except UserError as error:
        why = str(error)
    except ManaError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug must not keep anybody out
        from mana_tui.crash import report

        why = report(error)
    there.switch("@me")
    more = line.text if len(line.text) > MOST_TITLE else ""
    there.run("todo.add", {"title": line.text[:MOST_TITLE], "notes": more})
    filed.notes.append(f"A captured line became a plain task. {why}")
