"""A disk of a few megabytes that can be filled and made read-only: a tmpfs, mounted by root.

Where mounting is not permitted, `Limited` stands for it: the system's limit on the size of
a file, which gives SQLite the same error at the same places.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol


class Disk(Protocol):
    """Somewhere to keep a vault, with room that can be taken away."""

    name: str
    path: Path

    def leave(self, size: int) -> None:
        """Leave so many bytes of room."""
        ...

    def free(self) -> None:
        """Give all the room back."""
        ...


class Mounted:
    """A tmpfs of its own."""

    name = "a tmpfs of 8 MB"

    def __init__(self, path: Path) -> None:
        self.path = path

    def leave(self, size: int) -> None:
        self.free()
        found = os.statvfs(self.path)
        taken = found.f_bavail * found.f_frsize - size
        (self.path / "filler").write_bytes(bytes(max(0, taken)))

    def free(self) -> None:
        (self.path / "filler").unlink(missing_ok=True)

    def remount(self, how: str) -> None:
        """`ro` or `rw`."""
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.path)], check=True)


class Limited:
    """A folder where files cannot grow past a size; for this process."""

    name = "a limit on the size of files"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.before = resource.getrlimit(resource.RLIMIT_FSIZE)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def leave(self, size: int) -> None:
        log = max((p.stat().st_size for p in self.path.rglob("*-wal")), default=0)
        resource.setrlimit(resource.RLIMIT_FSIZE, (log + size, self.before[1]))

    def free(self) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self.before)


@contextmanager
def small_disk(path: Path) -> Iterator[Disk]:
    """The best this machine permits."""
    path.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=0700", "none", str(path)]
    try:
        mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        mounted = False
    disk: Disk = Mounted(path) if mounted else Limited(path)
    try:
        yield disk
    finally:
        disk.free()
        if mounted:
            subprocess.run(["umount", "-l", str(path)], check=True)
