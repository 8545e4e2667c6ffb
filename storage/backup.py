"""Backups: whole, verified copies of a vault's folder, and which of them are kept."""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from storage.copying import Progress, copy_database, sync_file
from storage.crypto import header
from storage.database import Database
from storage.errors import ManaError, NotFound, UnavailableError
from storage.migrate import exclusive
from storage.private import make_folder, make_private, sync_folder, write_private

FOLDER, LOCK = "backups", "backup.lock"
BLOBS, DATABASE = "blobs", header.DATABASE
DAYS, WEEKS, MONTHS = 7, 4, 12
EVERY = timedelta(hours=20)
"""A daily backup is due after this long: a timer that is a little early still makes one."""

REPLACED = "replaced-"
_NAME = re.compile(rf"({REPLACED})?(\d{{4}}-\d\d-\d\dT\d{{6}}Z)(-\d+)?")
_MOMENT = "%Y-%m-%dT%H%M%SZ"
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class TargetGone(UnavailableError):
    """The folder backups go to is not there (any more)."""


class TargetFull(UnavailableError):
    """There is no room for a backup."""


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """A whole vault folder beside the vault. `size` is in bytes; `vault` is the vault's id,
    empty where the header cannot be read. `replaced`: put aside by a restore."""

    name: str
    path: Path
    at: datetime
    size: int
    vault: str
    replaced: bool = False


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A new backup, and the names of older ones that went."""

    backup: Backup
    removed: tuple[str, ...] = ()


class _Identity(msgspec.Struct):
    vault: str = ""


def _nothing(done: int, total: int) -> None:
    """Tell nobody how far it is."""


# --- making one -------------------------------------------------------------------------


def make(
    db: Database,
    target: Path | None = None,
    *,
    at: datetime,
    progress: Progress = _nothing,
) -> Made:
    """Back up the vault of `db` (default: into its own `backups/`), then let old ones go.

    Others may write meanwhile. TargetGone, TargetFull, UnavailableError: nothing is left
    half. DamagedError, HeaderDamaged: the vault itself; its old backups stay.
    """
    folder = db.path.parent
    body = header.read(folder)
    header.verify(
        body, db.key()
    )  # a header that opens nothing must not replace one that does
    to = make_private(folder / FOLDER) if target is None else target
    with exclusive(folder / LOCK):
        _check_target(to, folder)
        partial = to / f".{body['vault']}-{os.getpid()}-{os.urandom(4).hex()}"
        _tidy(to, body["vault"])
        try:
            name = _write(db, partial, to, at, progress)
        except (OSError, UnavailableError) as error:
            raise _trouble(error, to) from error
        finally:
            shutil.rmtree(partial, ignore_errors=True)
        made = read_backup(to / name)
        return Made(backup=made, removed=tuple(rotate(to, made.vault)))


def _write(db: Database, partial: Path, to: Path, at: datetime, progress: Progress) -> str:
    folder = db.path.parent
    partial.mkdir(mode=0o700)
    copy_database(db, partial / DATABASE, progress)
    write_private(partial / header.NAME, (folder / header.NAME).read_bytes())
    before = newest(listed(to, header.vault_id(folder)))
    copy_blobs(folder / BLOBS, partial / BLOBS, before.path / BLOBS if before else None)
    sync_folder(partial)
    name = free_name(to, at.astimezone(UTC).strftime(_MOMENT))
    partial.rename(to / name)
    sync_folder(to)
    return name


def copy_blobs(source: Path, target: Path, linked: Path | None = None) -> None:
    """Copy sealed files, synced; those that `linked` has too become hard links to it."""
    for file in blob_files(source):
        place = target / file.parent.name / file.name
        make_folder(place.parent)
        there = linked and linked / file.parent.name / file.name
        if there and _same_size(file, there) and _link(there, place):
            continue
        shutil.copyfile(file, place)
        place.chmod(0o600)
        sync_file(place)
    for folder in (*target.glob("??"), target) if target.is_dir() else ():
        sync_folder(folder)


def blob_files(folder: Path) -> list[Path]:
    """The sealed files of a `blobs` folder, without what is being written."""
    return sorted(folder.glob("??/" + "[0-9a-f]" * 64))


def _same_size(one: Path, other: Path) -> bool:
    return other.is_file() and one.stat().st_size == other.stat().st_size


def _link(there: Path, place: Path) -> bool:
    try:
        os.link(there, place)
    except OSError:  # this file system has none
        return False
    return True


def free_name(folder: Path, stamp: str) -> str:
    """A moment as a name that is not taken."""
    number, name = 1, stamp
    while (folder / name).exists():
        number += 1
        name = f"{stamp}-{number}"
    return name


def _check_target(to: Path, folder: Path) -> None:
    """There, and with room for what is certainly needed: said before anything is written."""
    if not to.is_dir():
        raise TargetGone(
            f"{to} is not there.", hint="plug in its disk, or make the folder first"
        )
    needed = (folder / DATABASE).stat().st_size
    free = shutil.disk_usage(to).free
    if free < needed:
        raise TargetFull(
            f"A backup needs {megabytes(needed)}; {to} has {megabytes(free)} left.",
            hint="make room, or back up elsewhere: mana backup --to DIR",
        )


def _trouble(error: Exception, to: Path) -> ManaError:
    """What went wrong at the target, as one sentence; the vault was only read."""
    cause = error.__cause__ if isinstance(error, ManaError) else error
    if not to.is_dir():
        return TargetGone(
            f"{to} went away while the backup was written.", hint="try again with it there"
        )
    full = getattr(cause, "errno", 0) in _FULL
    if full or (cause and "disk is full" in str(cause)):
        return TargetFull(
            f"{to} is full; no backup was made.",
            hint="make room, or back up elsewhere: mana backup --to DIR",
        )
    said = getattr(cause, "strerror", None) or str(cause or error)
    return UnavailableError(f"No backup was made in {to}: {said}.")


def _tidy(to: Path, vault: str) -> None:
    """Remove what a backup that was killed left: the lock says that nobody writes it now."""
    for left in to.glob(f".{vault}-*"):
        shutil.rmtree(left, ignore_errors=True)


def megabytes(size: int) -> str:
    """A size for people: `1.4 MB`, `79 GB`."""
    number, unit = (size / 1e9, "GB") if size >= 1e9 else (size / 1e6, "MB")
    return f"{number:.0f} {unit}" if number >= 10 else f"{number:.1f} {unit}"


# --- what there is ----------------------------------------------------------------------


def read_backup(path: Path) -> Backup:
    """A backup folder by path; NotFound when it is none."""
    found = _NAME.fullmatch(path.name)
    if not (path / DATABASE).is_file():
        raise NotFound(f"{path} is not a backup.", hint="mana backup list")
    at = (
        datetime.strptime(found[2], _MOMENT).replace(tzinfo=UTC)
        if found
        else datetime.fromtimestamp(path.stat().st_mtime, UTC)
    )
    files = [file for file in path.rglob("*") if file.is_file()]
    return Backup(
        name=path.name,
        path=path,
        at=at,
        size=sum(file.stat().st_size for file in files),
        vault=_vault(path),
        replaced=bool(found and found[1]),
    )


def listed(target: Path, vault: str = "") -> list[Backup]:
    """The backups in a folder, newest first; of one vault when its id is given."""
    if not target.is_dir():
        return []
    paths = [path for path in target.iterdir() if _NAME.fullmatch(path.name)]
    found = [read_backup(path) for path in paths if (path / DATABASE).is_file()]
    mine = [one for one in found if not vault or one.vault == vault]
    return sorted(mine, key=lambda one: (one.at, len(one.name), one.name), reverse=True)


def newest(backups: Sequence[Backup]) -> Backup | None:
    """The newest that is a backup and not what a restore put aside."""
    return next((one for one in backups if not one.replaced), None)


def is_due(backups: Sequence[Backup], now: datetime) -> bool:
    """Whether a daily backup is to be made; also when the clock went back behind them."""
    last = newest(backups)
    return last is None or not timedelta(0) <= now - last.at < EVERY


def _vault(path: Path) -> str:
    try:
        data = (path / header.NAME).read_bytes()[: header.MOST_BYTES]
        return msgspec.json.decode(data, type=_Identity).vault
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return ""


# --- which are kept ---------------------------------------------------------------------


def kept(
    moments: Iterable[datetime],
    days: int = DAYS,
    weeks: int = WEEKS,
    months: int = MONTHS,
) -> set[datetime]:
    """Of these moments those to keep: the newest of each of the last so many days, weeks
    and months that have any, in UTC. The newest of all is always one of them."""
    newest_first = sorted(moments, reverse=True)
    found = set(newest_first[:1])
    for most, period in ((days, _day), (weeks, _week), (months, _month)):
        first: dict[object, datetime] = {}
        for moment in newest_first:
            first.setdefault(period(moment.astimezone(UTC)), moment)
        found.update(list(first.values())[:most])
    return found


def _day(at: datetime) -> object:
    return at.date()


def _week(at: datetime) -> object:
    return at.isocalendar()[:2]


def _month(at: datetime) -> object:
    return at.year, at.month


def rotate(target: Path, vault: str) -> list[str]:
    """Remove the backups of a vault that are no longer kept; returns their names."""
    found = [one for one in listed(target, vault) if not one.replaced]
    stay = kept(one.at for one in found)
    gone: list[str] = []
    for one in found:
        if one.at in stay:
            stay.discard(one.at)  # of several in one second, the last made
            continue
        going = target / f".{vault}-{one.name}"
        one.path.rename(going)  # never half there under its name
        shutil.rmtree(going, ignore_errors=True)
        gone.append(one.name)
    return gone
