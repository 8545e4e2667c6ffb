"""Repairs that only ever add: nothing in a vault is changed or removed by one."""

# ruff: noqa: S608 - names come from kinds and are checked, values are always bound
from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from storage import blob
from storage.actor import SYSTEM
from storage.check import Finding, MakeSearch
from storage.connection import driver
from storage.copying import sync_file
from storage.history import plain, to_columns
from storage.private import make_private, sync_folder
from storage.put import set_tags
from storage.replay import Replay
from storage.sealed import CHUNK, open_sealed
from storage.table import table_name
from storage.transaction import Entry
from storage.vault import Vault


def repair(
    vault: Vault,
    findings: Sequence[Finding],
    *,
    backups: Sequence[Path] = (),
    search: MakeSearch | None = None,
) -> list[Finding]:
    """Put right what can be by adding; returns what was, in one batch of the system's.

    `backups` are folders a blob's lost file is looked for in.
    """
    done: list[Finding] = []
    with (
        vault.batch("Repair the vault", origin="check", actor=SYSTEM),
        vault.writing("") as _,
    ):
        for one in findings:
            function = _REPAIRS.get(one.repair)
            if function is not None and function(vault, one):
                done.append(one)
    done += [o for o in findings if o.repair == "blob" and _blob(vault, o.record, backups)]
    again = [one for one in findings if one.repair == "search"]
    if search is not None and (again or any(one.repair == "row" for one in done)):
        found = search(vault)
        try:
            found.rebuild()
            found.catch_up()
        finally:
            found.close()
        done += again
    return done


def _row(vault: Vault, one: Finding) -> bool:
    """A row its history has: as the history has it. False when its place is taken."""
    state = Replay(vault.db).state(one.kind, one.record)
    if state is None:
        return False
    table = table_name(one.kind)
    types = {row[1]: row[2] for row in vault.db.rows(f'PRAGMA table_info("{table}")')}
    values = to_columns(state, types)
    listed = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    try:
        vault.db.execute(
            f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', list(values.values())
        )
    except driver.IntegrityError:
        return False
    set_tags(vault.db, one.kind, one.record, state.get("tags") or ())
    return True


def _history(vault: Vault, one: Finding) -> bool:
    """A beginning for a row without a history: what it holds now."""
    row = _stored(vault, one)
    if row is None:
        return False
    owner = row["author"] if row["visibility"] == "private" else None
    image = {name: plain(value) for name, value in row.items() if value is not None}
    tags = vault.db.rows(
        "SELECT tag FROM tagging WHERE kind = ? AND record = ?", (one.kind, one.record)
    )
    if tags:
        image["tags"] = [tag for (tag,) in tags]
    with vault.writing("") as (transaction, gesture):
        transaction.tick()
        entry = Entry(one.kind, one.record, "*", None, image, owner)
        transaction.log(gesture, row["space"], [entry])
    return True


def _short(vault: Vault, one: Finding) -> bool:
    """A short id leads to its record again, unless it leads to another one now."""
    row = _stored(vault, one)
    if row is None:
        return False
    place = (row["space"], row["short"], one.kind, one.record)
    return vault.db.execute("INSERT OR IGNORE INTO short VALUES (?, ?, ?, ?)", place) > 0


def _stored(vault: Vault, one: Finding) -> dict[str, Any] | None:
    sql = f'SELECT * FROM "{table_name(one.kind)}" WHERE id = ?'
    rows = vault.db.named(sql, (one.record,))
    return rows[0] if rows else None


_REPAIRS: dict[str, Callable[[Vault, Finding], bool]] = {
    "row": _row,
    "history": _history,
    "short": _short,
}


def _blob(vault: Vault, id: str, backups: Sequence[Path]) -> bool:
    """A lost file comes back from a backup that has it whole."""
    row = vault.db.row("SELECT size, salt FROM blob WHERE id = ?", (id,))
    place = blob.path_of(vault.db.path.parent / blob.FOLDER, id)
    if row is None or place.exists():
        return False
    for folder in backups:
        there = blob.path_of(folder / blob.FOLDER, id)
        if not there.is_file() or not _whole(vault, there, id, *row):
            continue
        make_private(place.parent.parent)
        make_private(place.parent)
        fresh = place.with_name(f".{place.name}")
        shutil.copyfile(there, fresh)
        fresh.chmod(0o600)
        sync_file(fresh)
        fresh.replace(place)
        sync_folder(place.parent)
        return True
    return False


def _whole(vault: Vault, path: Path, id: str, size: int, salt: bytes) -> bool:
    from storage.crypto.kdf import subkey
    from storage.errors import ManaError

    key = vault.db.key()
    try:
        with open_sealed(path, subkey(key, "mana/blob"), salt, size) as stream:
            return blob.name_of(key, iter(lambda: stream.read(CHUNK), b"")) == id
    except ManaError:
        return False
