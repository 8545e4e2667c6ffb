"""The recovery kit at a terminal: shown once, two groups asked back, typed row by row."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from random import SystemRandom
from typing import TYPE_CHECKING

from mana_tui.paths import Paths
from mana_tui.session import MOST_SECRET, Ask
from storage.errors import LockedError, Refused, UserError

if TYPE_CHECKING:
    from storage.crypto.ways import Way

TRIES = 3
ASKED_BACK = 2
OTHER_SCREEN, THIS_SCREEN = "\x1b[?1049h\x1b[H", "\x1b[?1049l"
"""A terminal's second screen: what was on it is in no scrollback."""


def new_kit(paths: Paths, key: bytes, show: Callable[[str], None], ask: Ask) -> Way:
    """Make a recovery kit, show its page, and let it count once two groups were typed back.

    Refused when they are not: then nothing changes, and an older kit still holds.
    """
    from storage.crypto import kit, ways
    from storage.crypto.header import vault_id

    secret = kit.new_secret()
    vault = vault_id(paths.data)
    show(
        kit.page(
            secret,
            vault=vault,
            made=datetime.now().astimezone().date().isoformat(),
            where=str(paths.data),
        )
    )
    numbers = SystemRandom().sample(range(1, kit.GROUPS + 1), ASKED_BACK)
    for number in sorted(numbers):
        _ask_back(secret, number, ask)
    return ways.set_kit(paths.data, key, secret)


def _ask_back(secret: bytes, number: int, ask: Ask) -> None:
    from storage.crypto.kit import same_group

    said = ""
    for _ in range(TRIES):
        if same_group(secret, number, ask(f"{said}Type group {number} of the kit: ")):
            return
        said = "That is not it. "
    raise Refused(
        "The groups do not fit: the new kit does not count and opens nothing.",
        hint="mana recovery new makes another one",
    )


def kit_from(ask: Ask | None, password_fd: int | None = None) -> bytes:
    """The secret of a kit that is typed, or read from a descriptor (its page will do)."""
    from storage.crypto.kit import secret_of

    if password_fd is not None:
        return secret_of(_read(password_fd))
    if ask is None:
        raise LockedError(
            "The recovery kit is needed, and nobody can be asked.",
            hint="--password-fd 3 3<kit.txt reads it",
        )
    return _typed(ask)


def _typed(ask: Ask) -> bytes:
    """Four groups at a time, or all of it pasted; only what is wrong is typed again."""
    from storage.crypto import kit

    found, said, wrong, tries = b"", "", 0, 0
    while len(found) < 2 * kit.GROUPS:
        first = len(found) // 2 + 1
        last = min(first + kit.ROW - 1, kit.GROUPS)
        typed = ask(f"{said}Groups {first} to {last}: ")
        if not typed.strip():
            raise UserError("Nothing was typed.", hint="nothing was changed")
        try:
            found, said, tries = kit.read_groups(typed, found), "", 0
        except kit.TypoError as error:
            tries += 1
            if tries == TRIES:
                raise
            if error.group == wrong == first:  # the mistake is in the row before
                found = found[: -2 * kit.ROW]
            said, wrong = f"{error} Again.\n", error.group
    return found


def _read(descriptor: int) -> str:
    try:
        with os.fdopen(descriptor, "rb", closefd=descriptor > 2) as file:
            return file.read(MOST_SECRET).decode("utf-8", "replace")
    except OSError:
        raise UserError(f"File descriptor {descriptor} cannot be read.") from None


# --- showing the page -----------------------------------------------------------------------


def write_page(path: Path, page: str) -> None:
    """Put the page into a new file that only its owner may read; Refused if it exists."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Refused(f"{path} is there already.", hint="name a new file") from None
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.") from None
    with os.fdopen(handle, "wb") as file:
        file.write(page.encode())
        file.flush()
        os.fsync(file.fileno())


def show_page(page: str) -> None:
    """On a terminal: where no scrollback keeps it, until enter is pressed. Otherwise to
    what is behind the pipe, which is then closed: a printer waits for the end."""
    if sys.stdout.isatty():
        sys.stdout.write(OTHER_SCREEN + page)
        sys.stdout.write("\nWrite it down or print it, then press enter. ")
        sys.stdout.flush()
        try:
            sys.stdin.readline()
        finally:
            sys.stdout.write(OTHER_SCREEN + "\x1b[2J" + THIS_SCREEN)
            sys.stdout.flush()
        return
    sys.stdout.write(page)
    sys.stdout.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
