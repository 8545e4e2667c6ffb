"""`inbox/`: envelopes waiting for the vault to be opened. Knows files, not their meaning.

Nothing in the folder is trusted: it may be synced, shared or written by somebody else.
"""

from __future__ import annotations

import os
from pathlib import Path

from storage.private import make_private, sync_folder, write_private

FOLDER, ASIDE, SUFFIX = "inbox", "aside", ".seal"
MOST_BYTES = 80 * 1024
MOST_FILES = 1000
"""Looked at in one opening; the others wait for the next."""


def put(vault_folder: Path, id: str, data: bytes) -> Path:
    """Keep an envelope until the vault is opened: durable when this returns."""
    folder = make_private(vault_folder / FOLDER)
    path = folder / f"{id}{SUFFIX}"
    write_private(path, data, replace=False)
    sync_folder(vault_folder)
    return path


def waiting(vault_folder: Path) -> list[Path]:
    """What is in the inbox, at most MOST_FILES; temporary files and what was set aside
    are not. One system call when there is nothing."""
    found: list[Path] = []
    try:
        with os.scandir(vault_folder / FOLDER) as entries:
            for entry in entries:
                if entry.name != ASIDE and not entry.name.startswith("."):
                    found.append(Path(entry.path))
                if len(found) == MOST_FILES:
                    break
    except (FileNotFoundError, NotADirectoryError):
        return []
    return found


def read(path: Path) -> bytes:
    """The bytes of one envelope; EnvelopeDamaged when it is no file or too large.
    FileNotFoundError when another process was quicker."""
    import stat

    from storage.crypto.seal import EnvelopeDamaged

    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(path, flags)
    except FileNotFoundError:
        raise
    except OSError:
        raise EnvelopeDamaged("It cannot be read, or is no file.") from None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise EnvelopeDamaged("It is no file.")
        with os.fdopen(handle, "rb", closefd=False) as file:
            data = file.read(MOST_BYTES + 1)
    finally:
        os.close(handle)
    if len(data) > MOST_BYTES:
        raise EnvelopeDamaged("It is too large for a capture.")
    return data


def remove(path: Path) -> None:
    """An envelope was filed, and the commit is on the disk."""
    path.unlink(missing_ok=True)


def set_aside(path: Path) -> Path:
    """Move what cannot be used out of the way, never over something; returns where to."""
    folder = make_private(path.parent / ASIDE)
    to = folder / path.name
    while os.path.lexists(to):
        to = folder / f"{os.urandom(4).hex()}-{path.name}"[:200]
    path.rename(to)
    return to
