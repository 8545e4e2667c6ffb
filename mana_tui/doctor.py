"""How this installation is: facts a person can show to others, nothing they typed."""

from __future__ import annotations

import platform
import shutil
import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from mana_tui.setup import VERSION, Setup
from storage.errors import ManaError, UserError

PACKAGES = ("textual", "msgspec", "sqlcipher3", "cryptography", "icalendar", "sqlite-utils")
OLD = timedelta(days=2)
LARGE_LOG = 64 * 2**20
LITTLE = 100 * 2**20


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One fact. `fine` is False where something wants attention; `next` says what."""

    name: str
    said: str
    fine: bool = True
    next: str = ""


Lines = Iterator[Line]


def examine(setup: Setup) -> list[Line]:
    """Every fact, in order. One that cannot be found out is a line that says so."""
    found: list[Line] = []
    for name, part in PARTS.items():
        try:
            found += part(setup)
        except (ManaError, OSError) as error:
            hint = error.hint if isinstance(error, ManaError) else ""
            found.append(Line(name=name, said=str(error), fine=False, next=hint))
    return found


def _program(setup: Setup) -> Lines:
    from importlib.metadata import version

    from storage.connection import driver

    yield Line(name="mana", said=VERSION)
    system = f"{platform.system()} {platform.release()} {platform.machine()}"
    yield Line(name="system", said=f"{system}, Python {platform.python_version()}")
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    yield Line(name="packages", said=packages)
    raw = driver.connect(":memory:")
    try:
        cipher = raw.execute("PRAGMA cipher_version").fetchone()[0]
    finally:
        raw.close()
    yield Line(name="database", said=f"SQLite {driver.sqlite_version}, SQLCipher {cipher}")


def _places(setup: Setup) -> Lines:
    for name in ("data", "config", "state", "cache", "runtime"):
        path: Path = getattr(setup.paths, name)
        if not path.exists():
            yield Line(name=name, said=f"{path} (not made yet)")
            continue
        mode = stat.S_IMODE(path.stat().st_mode)
        private = name not in ("data", "runtime") or not mode & 0o077
        yield Line(
            name=name,
            said=f"{path} ({mode:o})",
            fine=private,
            next="" if private else f"chmod 700 {path}",
        )


def _settings(setup: Setup) -> Lines:
    try:
        wrong = len(setup.config.check())
    except UserError:
        wrong = 1
    yield Line(
        name="settings",
        said=f"{wrong} mistakes" if wrong else "no mistakes",
        fine=not wrong,
        next="mana config check" if wrong else "",
    )


def _files(setup: Setup) -> Lines:
    from mana_tui.session import has_vault
    from storage.backup import megabytes

    data = setup.paths.data
    if not has_vault(setup.paths):
        yield Line(name="vault", said="there is none", next="mana init")
        return
    sizes = {
        name: (data / name).stat().st_size if (data / name).exists() else 0
        for name in ("vault.db", "vault.db-wal", "search.db", "keyslots.json")
    }
    whole = bool(sizes["vault.db"] and sizes["keyslots.json"])
    yield Line(
        name="vault",
        said=megabytes(sizes["vault.db"]) if whole else "a part of it is missing",
        fine=whole,
        next="" if whole else "mana restore",
    )
    log = sizes["vault.db-wal"]
    yield Line(
        name="log",
        said=megabytes(log),
        fine=log < LARGE_LOG,
        next="" if log < LARGE_LOG else "close other programs that have the vault open",
    )
    yield Line(name="search", said=megabytes(sizes["search.db"]))
    loose = _loose(data)
    if loose:
        yield Line(
            name="modes",
            said=f"{len(loose)} files are open to other people",
            fine=False,
            next=f"chmod go= {loose[0]}",
        )


def _loose(data: Path) -> list[Path]:
    return [path for path in data.rglob("*") if path.stat().st_mode & 0o077]


def _disk(setup: Setup) -> Lines:
    from storage.backup import megabytes

    place = setup.paths.data
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    vault = setup.paths.data / "vault.db"
    needed = max(LITTLE, 3 * vault.stat().st_size if vault.exists() else 0)
    yield Line(
        name="disk",
        said=f"{megabytes(free)} free",
        fine=free >= needed,
        next="" if free >= needed else "make room: backups and updates need it",
    )


def _backups(setup: Setup) -> Lines:
    from mana_tui.commands.restoring import known_backups
    from mana_tui.session import has_vault
    from storage.backup import megabytes, newest

    if not has_vault(setup.paths):
        return
    found = known_backups(setup)
    last = newest(found)
    size = megabytes(sum(one.size for one in found))
    if last is None:
        yield Line(name="backups", said="none", fine=False, next="mana backup")
    else:
        age = datetime.now(UTC) - last.at
        said = f"{len(found)} ({size}), the last {_age(age)} ago"
        fine = timedelta(0) <= age < OLD
        yield Line(name="backups", said=said, fine=fine, next="" if fine else "mana backup")
    other = setup.config.get("backup_to")
    if other and not Path(other).expanduser().is_dir():
        yield Line(
            name="backup_to",
            said="its folder is not there",
            fine=False,
            next="plug in its disk, or mana config unset backup_to",
        )


def _age(age: timedelta) -> str:
    hours = age.total_seconds() / 3600
    return f"{hours:.0f} hours" if hours < 48 else f"{age.days} days"


def _modules(setup: Setup) -> Lines:
    from modules.sdk import registry

    loaded = registry.all_modules()
    others = registry.third_party()
    yield Line(name="modules", said=f"{len(loaded)}, {len(others)} of them by others")
    for name, source in sorted(others.items()):
        yield Line(name="by others", said=f"{name} ({source})")
    for name in sorted(registry.broken):
        yield Line(
            name="module",
            said=f"{name} cannot be used",
            fine=False,
            next="mana modules says why",
        )


def _inside(setup: Setup) -> Lines:
    """What only the open vault can say; a locked one says nothing."""
    from mana_tui.session import has_vault, recall_vault
    from modules.sdk.registry import Catalog

    if not has_vault(setup.paths):
        return
    vault = recall_vault(setup.paths, Catalog())
    if vault is None:
        yield Line(name="session", said="locked", next="mana unlock --for 8h shows more")
        return
    with vault:
        from storage.check import kinds
        from storage.crypto import session
        from storage.migrate import version_of
        from storage.table import table_name

        ends = session.ends(setup.paths.data, runtime=setup.paths.runtime)
        until = datetime.fromtimestamp(ends).astimezone() if ends else None
        yield Line(
            name="session", said=f"open until {until:%Y-%m-%d %H:%M}" if until else "open"
        )
        newer = "; written by a newer mana, only read here" * vault.read_only
        yield Line(
            name="format",
            said=f"{version_of(vault.db)}{newer}",
            fine=not vault.read_only,
            next="update mana" if vault.read_only else "",
        )
        counted = {
            kind: vault.db.value(f'SELECT count(*) FROM "{table_name(kind)}"')  # noqa: S608
            for kind in kinds(vault.db)
        }
        said = ", ".join(f"{kind} {count}" for kind, count in counted.items() if count)
        yield Line(name="records", said=said)
        changes = vault.db.value("SELECT count(*) FROM change")
        yield Line(name="history", said=f"{changes} changes")
        yield Line(name="spaces", said=str(len(vault.spaces())))
        yield _clock(vault.db.value("SELECT at FROM change ORDER BY seq DESC LIMIT 1"))


def _clock(last: int | None) -> Line:
    from storage.transaction import moment

    now = datetime.now(UTC)
    behind = (moment(last) if last else now) - now
    fine = behind < timedelta(minutes=5)
    return Line(
        name="clock",
        said=f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}"
        + ("" if fine else f", {_age(behind)} before the last change"),
        fine=fine,
        next="" if fine else "set the computer's clock",
    )


PARTS: dict[str, Callable[[Setup], Lines]] = {
    "program": _program,
    "places": _places,
    "settings": _settings,
    "vault": _files,
    "disk": _disk,
    "backups": _backups,
    "modules": _modules,
    "inside": _inside,
}
"""What is looked at, in this order; each stands for itself."""
