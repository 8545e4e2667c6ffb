"""An unlocked session: the vault key, kept for a while where only memory holds it.

Reading one is the everyday path of the command line: a stat, a read of 176 bytes, no
cryptography, no keyring unless nothing else can hold it.
"""

from __future__ import annotations

import os
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from storage.crypto.header import vault_id
from storage.errors import NoVault, Refused, UnavailableError
from storage.private import check_private, make_private

MAGIC = b"manases1"
LAYOUT = struct.Struct("<8s26s36s2x32s9d")
USED = struct.Struct("<2d")
USED_AT = LAYOUT.size - 5 * 8
BACKWARDS = 300.0
"""Seconds the wall clock may jump back before a session is over (time servers do)."""


class Clock:
    """The two clocks of a machine, and which boot this is."""

    def wall(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def boot(self) -> float:
        """Seconds since boot, counting suspend."""
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))

    def boot_id(self) -> str:
        """Different after each boot; UnavailableError where the system has none."""
        try:
            with open("/proc/sys/kernel/random/boot_id") as file:  # noqa: PTH123 - 15 µs less
                return file.read().strip()
        except FileNotFoundError:
            return _boot_session()


CLOCK = Clock()


class Session(NamedTuple):
    """What a session file says, field by field (see storage/README.md)."""

    magic: bytes
    vault: bytes
    boot_id: bytes
    key: bytes
    begun_wall: float
    begun_boot: float
    until_wall: float
    until_boot: float
    used_wall: float
    used_boot: float
    idle: float
    reserved_1: float = 0.0
    reserved_2: float = 0.0

    def of(self, vault: str) -> bool:
        """Whether it is this vault's."""
        return self.vault == vault.encode()

    def lives(self, clock: Clock) -> bool:
        """Whether it is of this boot and neither ended nor idle on either clock."""
        wall, boot = clock.wall(), clock.boot()
        return (
            self.magic == MAGIC
            and self.boot_id.rstrip(b"\0") == clock.boot_id().encode()
            and self.begun_wall - BACKWARDS <= wall < self.until_wall
            and self.begun_boot <= boot < self.until_boot
            and not self._idle(wall, boot)
        )

    def _idle(self, wall: float, boot: float) -> bool:
        if not self.idle:
            return False
        return wall - self.used_wall >= self.idle or boot - self.used_boot >= self.idle


class Remembered(NamedTuple):
    """Where a session is kept (`None`: the keyring) and when it ends, in seconds."""

    path: Path | None
    until: float
    idle: float


def remember(
    folder: Path,
    key: bytes,
    *,
    seconds: float,
    idle: float = 0.0,
    runtime: Path | None = None,
    clock: Clock = CLOCK,
) -> Remembered:
    """Keep the key of the vault in `folder` for `seconds`, or until unused for `idle`.

    `runtime` is the preferred folder; it is used if it is memory. Refused where nothing
    holds the key safely: no tmpfs and no keyring.
    """
    vault = vault_id(folder)
    forget(folder, runtime=runtime)
    wall, boot = clock.wall(), clock.boot()
    session = Session(
        MAGIC,
        vault.encode(),
        clock.boot_id().encode(),
        key,
        wall,
        boot,
        wall + seconds,
        boot + seconds,
        wall,
        boot,
        idle,
    )
    data = LAYOUT.pack(*session)
    path = _write(_name(vault, folder), data, runtime, clock)
    return Remembered(path, session.until_wall, idle)


def recall(
    folder: Path, *, runtime: Path | None = None, clock: Clock = CLOCK
) -> bytes | None:
    """The key of an open session, or None; a session that is over is removed."""
    vault = vault_id(folder)
    name = _name(vault, folder)
    for path in _paths(name, runtime):
        data = _read(path)
        if data is None:
            continue
        found = _parse(data)
        if found is not None and found.of(vault) and found.lives(clock):
            _touch(path, clock)
            return found.key
        _remove(path)
    return _recall_from_ring(name, vault, clock)


def forget(folder: Path, *, runtime: Path | None = None) -> bool:
    """End the session of a vault: overwritten, then removed. Whether there was one."""
    try:
        name = _name(vault_id(folder), folder)
    except NoVault:
        return False
    removed = [_remove(path) for path in _paths(name, runtime)]
    if not any(removed) and _ring_may_hold():
        from storage.crypto import ring

        removed.append(ring.remove(name))
    return any(removed)


def ends(
    folder: Path, *, runtime: Path | None = None, clock: Clock = CLOCK
) -> float | None:
    """When the open session ends (wall clock, seconds), without counting as use."""
    vault = vault_id(folder)
    for path in _paths(_name(vault, folder), runtime):
        found = _parse(_read(path) or b"")
        if found is not None and found.of(vault) and found.lives(clock):
            return found.until_wall
    return None


# --- files ---------------------------------------------------------------------------


def folders(runtime: Path | None = None) -> Iterator[Path]:
    """Folders that may hold sessions, best first; that they are memory is not checked."""
    if runtime is not None:
        yield runtime
    told = os.environ.get("XDG_RUNTIME_DIR")
    if told and told.startswith("/"):
        yield Path(told, "mana")
    if sys.platform == "linux":
        yield Path(f"/dev/shm/mana-{os.getuid()}")  # noqa: S108 - 0700 and ours, checked


def in_memory(folder: Path, mounts: Path = Path("/proc/self/mounts")) -> bool:
    """Whether a folder (or the one it will be made in) is on a tmpfs."""
    here = folder.resolve()
    best, kind = -1, ""
    try:
        lines = mounts.read_text(errors="replace").splitlines()
    except OSError:
        return False
    for line in lines:
        _, at, filesystem, *_ = line.split(" ")
        point = Path(at.replace("\\040", " "))
        if here.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), filesystem
    return kind in {"tmpfs", "ramfs"}


def _name(vault: str, folder: Path) -> str:
    """A copy of a vault has the same id; its session is its own all the same."""
    from hashlib import blake2b

    place = blake2b(os.fsencode(folder.resolve()), digest_size=8).hexdigest()
    return f"{vault}-{place}.session"


def _paths(name: str, runtime: Path | None) -> Iterator[Path]:
    for folder in folders(runtime):
        yield folder / name


def _write(name: str, data: bytes, runtime: Path | None, clock: Clock) -> Path | None:
    for folder in folders(runtime):
        if in_memory(folder) and _ours(folder):
            _sweep(folder, clock)
            path = folder / name
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            return path
    from storage.crypto import ring

    ring.put(name, data)
    return None


def _sweep(folder: Path, clock: Clock) -> None:
    """Remove sessions that are over, of any vault."""
    for path in folder.glob("*.session"):
        found = _parse(_read(path) or b"")
        if found is None or not found.lives(clock):
            _remove(path)


def _ours(folder: Path) -> bool:
    """Make the folder; whether it is a real one, ours, and closed to others."""
    try:
        make_private(folder)
        found = folder.lstat()
    except (OSError, Refused):
        return False
    return found.st_uid == os.getuid() and not folder.is_symlink()


def _read(path: Path) -> bytes | None:
    try:
        found = check_private(path)
        if found.st_uid != os.getuid():
            return None
        return path.read_bytes()
    except (OSError, Refused):
        return None


def _parse(data: bytes) -> Session | None:
    if len(data) != LAYOUT.size:
        return None
    return Session(*LAYOUT.unpack(data))


def _touch(path: Path, clock: Clock) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return  # locked by another process a moment ago
    try:
        os.pwrite(handle, USED.pack(clock.wall(), clock.boot()), USED_AT)
    finally:
        os.close(handle)


def _remove(path: Path) -> bool:
    try:
        size = path.lstat().st_size
        handle = os.open(path, os.O_WRONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        os.pwrite(handle, bytes(size), 0)
        os.fsync(handle)
    finally:
        os.close(handle)
        path.unlink(missing_ok=True)
    return True


# --- systems without a tmpfs -------------------------------------------------------------


def _ring_may_hold() -> bool:
    """Only systems without a tmpfs ever put a session there: elsewhere it is not asked."""
    return not any(in_memory(folder) for folder in folders())


def _recall_from_ring(name: str, vault: str, clock: Clock) -> bytes | None:
    if not _ring_may_hold():
        return None
    from storage.crypto import ring

    found = _parse(ring.get(name) or b"")
    if found is None:
        return None
    if not (found.of(vault) and found.lives(clock)):
        ring.remove(name)
        return None
    if found.idle:
        used = found._replace(used_wall=clock.wall(), used_boot=clock.boot())
        ring.put(name, LAYOUT.pack(*used))
    return found.key


def _boot_session() -> str:
    if sys.platform == "darwin":
        import subprocess

        asked = ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"]
        return subprocess.run(
            asked, capture_output=True, text=True, check=True
        ).stdout.strip()
    raise UnavailableError(
        "This system does not say when it was started, so a session cannot be kept.",
        hint="set MANA_PASSWORD_COMMAND instead",
    )
