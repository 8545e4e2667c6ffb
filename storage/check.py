"""Is everything in a vault what was written? Reads all of it, in bounded memory."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import msgspec

from storage.blob import faulty, referenced
from storage.connection import salt_of
from storage.copying import faults
from storage.crypto import header
from storage.database import Database
from storage.errors import DamagedError, LockedError, ManaError, NotFound, NoVault
from storage.kind import Catalog
from storage.migrate import APPLICATION_ID
from storage.private import OTHERS
from storage.replay import Replay, rows_unknown
from storage.search import Search
from storage.table import table_name
from storage.transaction import ticks_of
from storage.vault import FILE, Vault

RESTORE = "mana restore"
REPAIR = "mana check --repair"
_SALT = "its salt was changed"
MOST = 100
"""Findings of one check that are listed; then only how it goes on is said."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is wrong: where, what, what to do next. Never what a person typed.

    `repair` names what `repair` would add to put it right, empty when nothing can be.
    """

    check: str
    where: str
    what: str
    next: str = RESTORE
    repair: str = ""
    kind: str = ""
    record: str = ""


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """How much there was to check."""

    records: int = 0
    changes: int = 0
    blobs: int = 0
    bytes: int = 0


Findings = Iterator[Finding]
MakeSearch = Callable[[Vault], Search]
Tell = Callable[[str], None]


def _silent(what: str) -> None:
    """Tell nobody what is checked now."""


def check(
    folder: Path,
    key: bytes,
    catalog: Catalog,
    *,
    deep: bool = False,
    search: MakeSearch | None = None,
    tell: Tell = _silent,
    most: int = MOST,
) -> Findings:
    """Everything that is wrong with the vault in a folder, as it is found.

    `deep` also reads every blob to its end. `search` opens the index, to compare it too.
    Other processes may go on writing. NoVault when there is none.
    """
    for name, one in (("modes", modes(folder)), ("header", _header(folder, key))):
        tell(name)
        yield from _few(name, one, most)
    if not (folder / FILE).exists():
        raise NoVault(f"There is no {FILE} in {folder}.", hint=RESTORE)
    tell("pages")
    damaged = False
    for one in _few("pages", _pages(folder, key), most):
        damaged = damaged or one.what != _SALT
        yield one
    if damaged:
        return  # what is read from such a file may stop anywhere, and says nothing
    try:
        vault = Vault.open(folder, key, catalog)
    except (DamagedError, LockedError) as error:
        yield Finding(check="open", where=FILE, what=str(error))
        return
    with vault, _moment(vault.db):
        for name, function in CHECKS.items():
            tell(name)
            yield from _few(name, function(vault), most)
        tell("blobs")
        yield from _few("blobs", _blobs(vault, deep=deep), most)
    if search is not None:
        tell("search")
        with Vault.open(folder, key, catalog) as vault:
            yield from _few("search", _search(vault, search), most)


def counts(folder: Path, key: bytes, catalog: Catalog) -> Counts:
    """How much there is; nothing of what cannot be read."""
    try:
        with Vault.open(folder, key, catalog) as vault:
            db = vault.db
            return Counts(
                records=sum(
                    db.value(f'SELECT count(*) FROM "{table_name(kind)}"')
                    for kind in kinds(db)
                ),
                changes=db.value("SELECT count(*) FROM change"),
                blobs=db.value("SELECT count(*) FROM blob"),
                bytes=(folder / FILE).stat().st_size,
            )
    except (DamagedError, LockedError):
        return Counts()


def kinds(db: Database) -> list[str]:
    """Every kind the vault has a table of."""
    return [row[0] for row in db.rows("SELECT DISTINCT name FROM kind ORDER BY name")]


def _few(name: str, found: Findings, most: int) -> Findings:
    """The first findings of a check. Damage that stops it is one more of them."""
    try:
        yield from islice(found, most)
        if next(found, None) is not None:
            yield Finding(check=name, where=name, what="and more of the same kind")
    except (DamagedError, LockedError) as error:
        yield Finding(check=name, where=name, what=str(error))
    except (ValueError, msgspec.MsgspecError):  # its words may be what somebody typed
        yield Finding(check=name, where=name, what="something stored cannot be read")


@contextmanager
def _moment(db: Database) -> Iterator[None]:
    """Read one moment, whatever others write meanwhile."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        if not db.closed:
            db.execute("ROLLBACK")


# --- files ----------------------------------------------------------------------------------


def modes(folder: Path) -> Findings:
    """Files and folders that others may read or write."""
    if os.name != "posix":
        return
    for path in (folder, *sorted(folder.iterdir())):
        mode = path.stat().st_mode
        if mode & OTHERS:
            wanted = "700" if stat.S_ISDIR(mode) else "600"
            yield Finding(
                check="modes",
                where=path.name,
                what="open to other people of this machine",
                next=f"chmod {wanted} {path}",
            )


def _header(folder: Path, key: bytes) -> Findings:
    try:
        header.verify(header.read(folder), key)
    except ManaError as error:
        yield Finding(check="header", where=header.NAME, what=str(error), next=error.hint)


def _pages(folder: Path, key: bytes) -> Findings:
    """Every page of the file, whatever is in it."""
    with (folder / FILE).open("rb") as file:
        if file.read(16) != salt_of(key):
            yield Finding(check="pages", where=FILE, what=_SALT)
    first = _faults(folder / FILE, key)
    again = _faults(folder / FILE, key) if first else []
    for said in first:
        if said in again:  # and not a page that somebody was just writing
            yield Finding(check="pages", where=FILE, what=said)


def _faults(path: Path, key: bytes) -> list[str]:
    db = Database(path, key, application_id=APPLICATION_ID)
    try:
        return faults(db)
    finally:
        db.close(fold=False)


# --- what is in it -----------------------------------------------------------------------------


def _facts(vault: Vault) -> Findings:
    if not vault.person:
        yield Finding(check="facts", where="vault", what="it does not say whose it is")
    if not any(space.slug == "@me" for space in vault.spaces()):
        yield Finding(check="facts", where="vault", what="the personal space is missing")


def _history(vault: Vault) -> Findings:
    """Every record's changes replayed must give its row, and every row have changes."""
    for one in Replay(vault.db).differences():
        yield Finding(
            check="history",
            where=f"{one.kind} {one.record}",
            what=one.what,
            next=REPAIR if one.repair else f"mana history {one.record}",
            repair=one.repair,
            kind=one.kind,
            record=one.record,
        )
    for kind in kinds(vault.db):
        for id in rows_unknown(vault.db, kind):
            yield Finding(
                check="history",
                where=f"{kind} {id}",
                what="its history is missing",
                next=REPAIR,
                repair="history",
                kind=kind,
                record=id,
            )


def _shorts(vault: Vault) -> Findings:
    for kind in kinds(vault.db):
        sql = (
            f'SELECT t.id FROM "{table_name(kind)}" t WHERE NOT EXISTS (SELECT 1 FROM short s'
            " WHERE s.record = t.id AND s.kind = ? AND s.space = t.space AND s.short = t.short)"
        )
        for (id,) in vault.db.rows(sql, (kind,)):
            yield Finding(
                check="shorts",
                where=f"{kind} {id}",
                what="its short id leads nowhere",
                next=REPAIR,
                repair="short",
                kind=kind,
                record=id,
            )


def _tags(vault: Vault) -> Findings:
    known = set(kinds(vault.db))
    for (kind,) in vault.db.rows("SELECT DISTINCT kind FROM tagging"):
        missing = (
            f'NOT EXISTS (SELECT 1 FROM "{table_name(kind)}" t WHERE t.id = g.record)'
            if kind in known
            else "1"
        )
        sql = f"SELECT g.record FROM tagging g WHERE g.kind = ? AND {missing}"
        for (id,) in vault.db.rows(sql, (kind,)):
            yield Finding(check="tags", where=f"{kind} {id}", what="tags of no record")
    sql = (
        "SELECT DISTINCT g.tag FROM tagging g"
        ' WHERE NOT EXISTS (SELECT 1 FROM "tag" t WHERE t.id = g.tag)'
        " AND NOT EXISTS (SELECT 1 FROM change c WHERE c.record = g.tag AND c.kind = 'tag')"
    )
    for (id,) in vault.db.rows(sql) if "tag" in known else ():
        yield Finding(check="tags", where=f"tag {id}", what="carried, but never made")


def _links(vault: Vault) -> Findings:
    known = set(kinds(vault.db))
    if "link" not in known:
        return
    for end in ("from", "to"):
        for (kind,) in vault.db.rows(f'SELECT DISTINCT "{end}_kind" FROM "link"'):
            row = (
                f'SELECT 1 FROM "{table_name(kind)}" t WHERE t.id = l."{end}_id" UNION ALL '
                if kind in known
                else ""
            )
            sql = (
                f'SELECT l.id FROM "link" l WHERE l.deleted IS NULL AND l."{end}_kind" = ?'
                f" AND NOT EXISTS ({row}SELECT 1 FROM change c"
                f' WHERE c.record = l."{end}_id" AND c.kind = ?)'
            )
            for (id,) in vault.db.rows(sql, (kind, kind)):
                yield Finding(
                    check="links", where=f"link {id}", what=f"its {end} end never was"
                )


def _blobs(vault: Vault, *, deep: bool) -> Findings:
    for id, said in faulty(vault.db, deep=deep):
        lost = said == "its file is missing"
        yield Finding(
            check="blobs",
            where=id[:17],
            what=said,
            next=REPAIR if lost else RESTORE,
            repair="blob" if lost else "",
            record=id,
        )
    now = ticks_of(vault.clock())
    there = {row[0] for row in vault.db.rows("SELECT id FROM blob")}
    for id in sorted(referenced(vault.db, now) - there):
        yield Finding(
            check="blobs", where=id[:17], what="a record holds it; it is not here"
        )


CHECKS: dict[str, Callable[[Vault], Findings]] = {
    "facts": _facts,
    "history": _history,
    "shorts": _shorts,
    "tags": _tags,
    "links": _links,
}
"""What is looked at within one moment of the vault, in this order."""


# --- search ----------------------------------------------------------------------------------------


def _search(vault: Vault, make: MakeSearch) -> Findings:
    from storage.search.index import NOT_FOUND_BY_WORDS

    search = make(vault)
    try:
        search.catch_up()
        for said in faults(search.index.db):
            yield _search_finding(said)
        total = 0
        for kind in kinds(vault.db):
            if kind in NOT_FOUND_BY_WORDS or not _searched(vault, kind):
                continue
            wrong, many = _compare(vault, search, kind)
            total += many
            if wrong:
                yield _search_finding(f"{wrong} records of {kind} are not as in the vault")
        have = search.index.db.value("SELECT count(*) FROM doc")
        if have != total:
            yield _search_finding(f"it has {have} records, the vault {total}")
    finally:
        search.close()


def _search_finding(what: str) -> Finding:
    return Finding(
        check="search", where="search.db", what=what, next=REPAIR, repair="search"
    )


def _searched(vault: Vault, kind: str) -> bool:
    try:
        vault.table(kind)
    except NotFound:  # its module is not installed; nothing of it is in the index
        return False
    return True


def _compare(vault: Vault, search: Search, kind: str) -> tuple[int, int]:
    """(records that are not in the index as they are, records) of a kind."""
    wrong = total = 0
    last = ""
    sql = (
        f"SELECT id, CAST(strftime('%s', updated) AS INTEGER), deleted IS NOT NULL"
        f' FROM "{table_name(kind)}" WHERE id > ? ORDER BY id LIMIT 1000'
    )
    while rows := vault.db.rows(sql, (last,)):
        ids = msgspec.json.encode([row[0] for row in rows]).decode()
        there = set(
            search.index.db.rows(
                "SELECT id, updated, trashed FROM doc"
                " WHERE id IN (SELECT value FROM json_each(?))",
                (ids,),
            )
        )
        wrong += len(set(rows) - there)
        total += len(rows)
        last = rows[-1][0]
    return wrong, total
