"""Putting a backup in the place of a vault that is damaged, missing or unwanted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage.backup import (
    BLOBS,
    DATABASE,
    FOLDER,
    LOCK,
    REPLACED,
    Backup,
    copy_blobs,
    free_name,
)
from storage.copying import alone, read_all, sync_file
from storage.crypto import header
from storage.database import Database
from storage.errors import DamagedError, InUse, LockedError, ManaError, UnavailableError
from storage.migrate import APPLICATION_ID, exclusive
from storage.private import make_private, sync_folder, write_private
from storage.record import new_id

_SHARED, _MEMORY_LOCK = "-shm", 128
"""Every process that has a database open holds this byte of its shared memory file."""


def restore(
    backup: Backup, folder: Path, key: bytes, *, at: datetime, keep_header: bool = False
) -> Path | None:
    """Put a backup in the place of the vault in `folder`; returns where what was there is
    kept (None: there was nothing). The backup is verified first, and stays. `keep_header`
    leaves the header that is there: a passphrase changed since then goes on to hold.

    DamagedError: the backup is; nothing was changed. InUse: a mana has the vault open.
    """
    with _said(folder), exclusive(make_private(folder) / LOCK):
        check_unused(folder)
        staged = folder / f".restore-{os.getpid()}-{os.urandom(4).hex()}"
        _tidy(folder)
        try:
            stage(backup, staged, key)
            if keep_header:
                (staged / header.NAME).unlink()
            return _swap(staged, folder, at)
        finally:
            shutil.rmtree(staged, ignore_errors=True)


def restore_header(backup: Backup, folder: Path, key: bytes) -> None:
    """Put only the header back, beside a vault that the key opens. One that is there is
    kept under another name. NoVault, LockedError, DamagedError: nothing was changed."""
    path = folder / header.NAME
    with _said(folder), exclusive(make_private(folder) / LOCK):
        Database.open(folder / DATABASE, key, application_id=APPLICATION_ID).close()
        data = (backup.path / header.NAME).read_bytes()
        if path.exists():
            shutil.copy2(path, path.with_name(f"keyslots-{new_id()}.json"))
        write_private(path, data)


def verify(backup: Backup, folder: Path, key: bytes) -> int:
    """Restore a backup into a hidden folder, check it there and remove it again: a drill.
    Returns how many records are in it."""
    staged = folder / f".restore-{os.getpid()}-{os.urandom(4).hex()}"
    with _said(folder):
        make_private(folder)
        try:
            return stage(backup, staged, key)
        finally:
            shutil.rmtree(staged, ignore_errors=True)


@contextmanager
def header_of(backup: Backup, folder: Path) -> Iterator[Path]:
    """A private folder with a copy of a backup's header: where the backup lies, modes may
    not mean anything (a stick), and a header open to others is refused."""
    staged = folder / f".restore-{os.getpid()}-{os.urandom(4).hex()}"
    with _said(folder):
        make_private(folder)
        staged.mkdir(mode=0o700)
        try:
            if (backup.path / header.NAME).exists():
                data = (backup.path / header.NAME).read_bytes()
                write_private(staged / header.NAME, data)
            elif backup.path.is_dir():
                raise header.HeaderMissing(
                    f"The backup {backup.name} has no keyslots.json.",
                    hint="mana backup list shows others",
                )
            yield staged
        finally:
            shutil.rmtree(staged, ignore_errors=True)


def fits(folder: Path, key: bytes) -> bool:
    """Whether a folder's header is sound and of this key."""
    try:
        header.verify(header.read(folder), key)
    except ManaError:
        return False
    return True


@contextmanager
def _said(folder: Path) -> Iterator[None]:
    """A failing disk as an error a person can act on."""
    try:
        yield
    except OSError as error:
        said = error.strerror or str(error)
        raise UnavailableError(
            f"The backup cannot be put into {folder}: {said}.",
            hint="the vault that was there is still there, or in its backups folder",
        ) from error


def stage(backup: Backup, staged: Path, key: bytes) -> int:
    """Copy a backup into a new private folder and verify it there: header, every page,
    every blob. Returns how many records it has."""
    staged.mkdir(mode=0o700)
    for name in (header.NAME, DATABASE, f"{DATABASE}-wal"):
        if (backup.path / name).exists():
            shutil.copyfile(backup.path / name, staged / name)
            (staged / name).chmod(0o600)
            sync_file(staged / name)
    copy_blobs(backup.path / BLOBS, staged / BLOBS)
    try:
        header.verify(header.read(staged), key)
        return _checked(staged / DATABASE, key)
    except (DamagedError, LockedError) as error:
        raise DamagedError(
            f"The backup {backup.name} cannot be used: {error}",
            hint="mana backup list shows others",
        ) from error


def _checked(path: Path, key: bytes) -> int:
    from storage.blob import faulty

    db = Database(path, key, application_id=APPLICATION_ID)
    try:
        alone(db)
        if db.value("PRAGMA application_id") != APPLICATION_ID:
            raise DamagedError(f"{path.name} is not a vault.")
        read_all(db)
        for _, said in faulty(db):
            raise DamagedError(f"A blob is not whole: {said}.")
        db.execute("PRAGMA journal_mode = WAL")
        return db.value("SELECT count(*) FROM short")
    finally:
        db.close()


def _swap(staged: Path, folder: Path, at: datetime) -> Path | None:
    """Keep what is there, then rename the new files in; `vault.db` and the header are
    replaced in one step each, so that there is no moment without them."""
    aside = _put_aside(folder, at)
    for ending in (
        "-wal",
        "-shm",
        "-tail",
    ):  # belongs to the old file; it is kept beside its copy
        (folder / f"{DATABASE}{ending}").unlink(missing_ok=True)
    if aside is not None and (folder / BLOBS).is_dir():
        (folder / BLOBS).rename(aside / BLOBS)
    for name in (BLOBS, DATABASE, header.NAME):
        if (staged / name).exists():
            (staged / name).replace(folder / name)
    for name in (
        "search.db",
        "search.db-wal",
        "search.db-shm",
    ):  # made anew from what is there
        (folder / name).unlink(missing_ok=True)
    sync_folder(folder)
    return aside


def _put_aside(folder: Path, at: datetime) -> Path | None:
    names = (DATABASE, f"{DATABASE}-wal", header.NAME)
    there = [folder / name for name in names if (folder / name).exists()]
    if not there:
        return None
    backups = make_private(folder / FOLDER)
    stamp = at.astimezone(UTC).strftime(f"{REPLACED}%Y-%m-%dT%H%M%SZ")
    aside = backups / free_name(backups, stamp)
    aside.mkdir(mode=0o700)
    for path in there:
        try:
            os.link(path, aside / path.name)
        except OSError:  # this file system has no hard links
            shutil.copyfile(path, aside / path.name)
            (aside / path.name).chmod(0o600)
            sync_file(aside / path.name)
    sync_folder(aside)
    sync_folder(backups)
    return aside


def check_unused(folder: Path) -> None:
    """InUse when another process has the vault open: what it writes would be lost. Works
    for a damaged file too, since it looks at locks only (POSIX)."""
    path = folder / f"{DATABASE}{_SHARED}"
    if os.name != "posix" or not path.exists():
        return
    import fcntl

    handle = os.open(path, os.O_RDWR)
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _MEMORY_LOCK)
    except OSError:
        raise InUse(
            "Another mana has this vault open.", hint="close it, then restore again"
        ) from None
    finally:
        os.close(handle)


def _tidy(folder: Path) -> None:
    for left in folder.glob(".restore-*"):
        shutil.rmtree(left, ignore_errors=True)
