"""What is open now: making, opening, unlocking and locking the vault; this device's state.

The everyday path (an open session) reads two small files and imports no cryptography.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from mana_tui.paths import Paths
from storage.errors import LockedError, NoVault, Refused, UnavailableError, UserError

if TYPE_CHECKING:
    from storage.crypto.kdf import Cost
    from storage.kind import Catalog
    from storage.vault import Vault

Ask = Callable[[str], str]
"""Asks a person for a passphrase, given a prompt."""

DEFAULT_SESSION = timedelta(hours=8)
LONGEST_SESSION = timedelta(days=30)
MOST_SECRET = 64 * 1024
COMMAND_SECONDS = 120


# --- opening ----------------------------------------------------------------------------


def open_vault(
    paths: Paths,
    catalog: Catalog,
    ask: Ask | None = None,
    *,
    password_fd: int | None = None,
    password_command: Sequence[str] | str = (),
) -> Vault:
    """The vault, by an open session, `--password-fd`, the password command, or asking.

    NoVault (exit 10) when there is none, LockedError (12) when nobody can be asked.
    """
    from storage.vault import Vault

    return Vault.open(
        paths.data, key_of(paths, ask, password_fd, password_command), catalog
    )


def key_of(
    paths: Paths,
    ask: Ask | None = None,
    password_fd: int | None = None,
    password_command: Sequence[str] | str = (),
) -> bytes:
    """The vault key, from the same places in the same order."""
    key = silent_key(paths) if password_fd is None else None
    if key is not None:
        return key
    from storage.crypto.header import read
    from storage.crypto.slots import COMMAND, PASSPHRASE, unlock

    read(paths.data)  # a missing or damaged header is said before anybody types
    said = passphrase(ask, password_fd, password_command)
    of_command = password_fd is None and bool(password_command)
    return unlock(paths.data, said, *([COMMAND] if of_command else []), PASSPHRASE)


def silent_key(paths: Paths) -> bytes | None:
    """The vault key where nobody needs to be asked: an open session, the keyring's slot."""
    from storage.crypto.session import recall

    key = recall(paths.data, runtime=paths.runtime)
    if key is not None or b'"keyring"' not in (paths.data / "keyslots.json").read_bytes():
        return key
    from storage.crypto.ways import unlock_by_ring

    return unlock_by_ring(paths.data)


def open_with(paths: Paths, catalog: Catalog, typed: str) -> Vault:
    """The vault by a passphrase typed on the app's lock screen."""
    from storage.crypto.slots import unlock
    from storage.vault import Vault

    return Vault.open(paths.data, unlock(paths.data, typed), catalog)


def recall_vault(paths: Paths, catalog: Catalog) -> Vault | None:
    """The vault if nobody needs to be asked, else None; NoVault when there is none."""
    from storage.vault import Vault

    key = silent_key(paths)
    return None if key is None else Vault.open(paths.data, key, catalog)


def has_vault(paths: Paths) -> bool:
    """Whether there is a vault of this profile."""
    from storage.crypto.slots import has_vault as has

    return has(paths.data)


def create_vault(
    paths: Paths,
    ask: Ask | None = None,
    *,
    password_fd: int | None = None,
    password_command: Sequence[str] | str = (),
    catalog: Catalog | None = None,
    person: str = "",
    cost: Cost | None = None,
    check: Callable[[str], None] = lambda _: None,
) -> Path:
    """Make the vault of this profile under a passphrase asked twice; returns its folder.

    `check` may refuse the passphrase.
    """
    from mana_tui.device import sign_in
    from modules.sdk.registry import Catalog as Registry
    from storage.crypto.kdf import DEFAULT
    from storage.crypto.slots import create
    from storage.vault import Vault

    if (paths.data / "vault.db").exists():
        raise Refused(f"There is a vault in {paths.data} already.", hint="mana")
    typed = passphrase(ask, password_fd, password_command, twice=True, check=check)
    key = create(paths.make_data(), typed, cost=cost or DEFAULT)
    vault = Vault.create(
        paths.data, key, catalog or Registry(), person=person or person_name()
    )
    with vault:
        vault.prepare()  # every table now: the first task must not wait for schema tools
        sign_in(paths, vault)
    for name in ("space", "scenes"):  # of a vault that was here before
        write_state(paths, name, None)
    return paths.data


def change_passphrase(
    paths: Paths, old: str, new: str, *, cost: Cost | None = None
) -> Cost:
    """Put a new passphrase in the place of the old one; returns what a guess costs now,
    measured on this machine where no cost is given."""
    from storage.crypto.slots import change_passphrase as change

    return change(paths.data, old, new, cost=cost)


# --- sessions ---------------------------------------------------------------------------


def unlock_for(
    paths: Paths,
    length: timedelta | None = None,
    ask: Ask | None = None,
    *,
    password_fd: int | None = None,
    password_command: Sequence[str] | str = (),
    idle: timedelta = timedelta(0),
    key: bytes | None = None,
) -> datetime:
    """Open a session of this length (default 8 hours); returns when it ends.

    With a `key` nobody is asked. Unlocking again with a session open only makes it longer or shorter.
    """
    from storage.crypto.session import remember

    length = DEFAULT_SESSION if length is None else length
    if not timedelta(0) < length <= LONGEST_SESSION:
        raise UserError(
            "A session lasts up to 30 days.", hint="for example: mana unlock --for 8h"
        )
    key = key or key_of(paths, ask, password_fd, password_command)
    kept = remember(
        paths.data,
        key,
        seconds=length.total_seconds(),
        idle=idle.total_seconds(),
        runtime=paths.runtime,
    )
    return datetime.fromtimestamp(kept.until).astimezone()


def lock(paths: Paths) -> bool:
    """End the session: its key is overwritten and removed. Whether there was one."""
    from storage.crypto.session import forget

    if not has_vault(paths):
        raise NoVault(f"There is no vault in {paths.data}.", hint="mana init")
    return forget(paths.data, runtime=paths.runtime)


# --- the passphrase -----------------------------------------------------------------------


def passphrase(
    ask: Ask | None,
    password_fd: int | None = None,
    password_command: Sequence[str] | str = (),
    *,
    twice: bool = False,
    check: Callable[[str], None] = lambda _: None,
) -> str:
    """A passphrase from a descriptor, a command or a person; LockedError if from nobody."""
    if password_fd is not None:
        typed = _first_line(_read_fd(password_fd), f"file descriptor {password_fd}")
    elif password_command:
        typed = _first_line(_run(password_command), "the password command")
    elif ask is None:
        raise LockedError(
            "The vault is locked and nobody can be asked.",
            hint="mana unlock --for 8h, or set MANA_PASSWORD_COMMAND",
        )
    else:
        return _asked(ask, check, twice=twice)
    check(typed)
    return typed


def _asked(ask: Ask, check: Callable[[str], None], *, twice: bool) -> str:
    typed = ask("New passphrase: " if twice else "Passphrase: ")
    check(typed)
    if twice and ask("Once more: ") != typed:
        raise UserError("The two were not the same.", hint="try again")
    return typed


def person_name() -> str:
    """The person's name as the system knows it, else the login, else `me`."""
    try:
        import pwd

        entry = pwd.getpwuid(os.getuid())
        return entry.pw_gecos.partition(",")[0].strip() or entry.pw_name
    except (ImportError, KeyError):
        return os.environ.get("USERNAME") or "me"


def _read_fd(descriptor: int) -> bytes:
    try:
        with os.fdopen(descriptor, "rb", closefd=descriptor > 2) as file:
            return file.readline(MOST_SECRET)
    except OSError:
        raise UserError(f"File descriptor {descriptor} cannot be read.") from None


def _run(command: Sequence[str] | str) -> bytes:
    import shlex
    import subprocess

    words = shlex.split(command) if isinstance(command, str) else list(command)
    try:
        done = subprocess.run(
            words,
            stdout=subprocess.PIPE,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except (OSError, ValueError):
        raise UnavailableError(
            f"The password command {words[0]!r} cannot be run.",
            hint="look at MANA_PASSWORD_COMMAND or password_command in config.toml",
        ) from None
    except subprocess.TimeoutExpired:
        raise UnavailableError(
            f"The password command gave nothing in {COMMAND_SECONDS} seconds."
        ) from None
    if done.returncode:
        raise UnavailableError(
            f"The password command {words[0]!r} failed with exit code {done.returncode}."
        )
    return done.stdout[:MOST_SECRET]


def _first_line(data: bytes, source: str) -> str:
    line = data.split(b"\n", 1)[0].rstrip(b"\r")
    try:
        found = line.decode("utf-8")
    except UnicodeDecodeError:
        raise UserError(f"What {source} gave is not UTF-8 text.") from None
    if not found:
        raise UserError(f"Nothing came from {source}.")
    return found


# --- what this device remembers -------------------------------------------------------------


def read_state(paths: Paths) -> dict[str, Any]:
    """What this device remembers; empty when there is nothing or it is damaged.

    It is a convenience, never the only copy of anything: damage is no error.
    """
    try:
        found = msgspec.json.decode(paths.state_file.read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def write_state(paths: Paths, name: str, value: Any) -> None:
    """Remember one thing (None forgets it): ids and choices, never typed text."""
    from storage.private import write_private

    state = read_state(paths)
    if state.get(name) == value:
        return
    if value is None:
        state.pop(name)
    else:
        state[name] = value
    paths.make_state()
    write_private(paths.state_file, msgspec.json.encode(state) + b"\n")


def active_space(paths: Paths) -> str | None:
    """The id of the space this device was last in."""
    found = read_state(paths).get("space")
    return found if isinstance(found, str) else None


def last_space(paths: Paths, vault: Vault) -> str:
    """The space to open: the last active one of this device, if the vault still has it."""
    wanted = active_space(paths)
    there = {space.id for space in vault.spaces() if not space.archived}
    return wanted if wanted in there else "@me"


def remember_space(paths: Paths, space: str) -> None:
    """Come back to this space (by id) next time."""
    write_state(paths, "space", space)


def active_scene(paths: Paths, space: str) -> str | None:
    """The id of the scene last active in a space."""
    found = read_state(paths).get("scenes")
    scene = found.get(space) if isinstance(found, dict) else None
    return scene if isinstance(scene, str) else None


def remember_scene(paths: Paths, space: str, scene: str) -> None:
    """Come back to this scene of a space (both by id) next time."""
    held = read_state(paths).get("scenes")
    scenes = dict(held) if isinstance(held, dict) else {}
    write_state(paths, "scenes", scenes | {space: scene})
