"""Files and folders that only their owner may read, written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from storage.errors import Refused

OTHERS = 0o077


def make_private(folder: Path) -> Path:
    """A folder of mode 0700, its parents made as needed; refuses one open to others."""
    make_folder(folder)
    check_private(folder)
    return folder


def make_folder(folder: Path) -> Path:
    """A folder; it and missing parents are made with mode 0700, present ones left alone."""
    if not folder.is_dir():
        if not folder.parent.is_dir():
            make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def check_private(path: Path) -> os.stat_result:
    """Refused when others may read or write it; returns its status. POSIX only."""
    found = path.stat()
    if os.name == "posix" and found.st_mode & OTHERS:
        mode = "700" if stat.S_ISDIR(found.st_mode) else "600"
        raise Refused(
            f"{path} is open to other people of this machine.",
            hint=f"chmod {mode} {path}",
        )
    return found


def write_private(path: Path, data: bytes, *, replace: bool = True) -> None:
    """Write a file of mode 0600 so that a crash leaves the old one or the new one.

    With `replace=False` an existing file is kept and FileExistsError raised.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        _write(temporary, data)
        if replace:
            temporary.replace(path)
        else:
            os.link(temporary, path)  # unlike a rename, never overwrites
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _write(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable; systems that cannot sync folders do it themselves."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
