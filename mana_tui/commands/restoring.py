"""The backups there are, and putting one back: without opening the vault."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from mana_tui.commands.vault import Recovery
from mana_tui.setup import Setup
from modules.sdk.command import command
from modules.sdk.field import Line, says
from modules.sdk.listing import Col, Listing, Row, Said
from storage.errors import LockedError, ManaError, NotFound

if TYPE_CHECKING:
    from mana_tui.paths import Paths
    from storage.backup import Backup
    from storage.crypto.slots import Secret


def backups_listing(setup: Setup, result: list[Backup]) -> Listing:
    """A line a backup, newest first."""
    from storage.backup import megabytes

    return Listing(
        columns=(
            Col(title="backup", style="cyan"),
            Col(title="made"),
            Col(title="size", align="right"),
            Col(title="", style="dim"),
            Col(title="where", grow=True, style="dim"),
        ),
        rows=tuple(
            Row(
                (
                    one.name,
                    one.at.astimezone().strftime("%Y-%m-%d %H:%M"),
                    megabytes(one.size),
                    "put aside by a restore" if one.replaced else "",
                    str(one.path.parent),
                )
            )
            for one in result
        ),
        empty="There are no backups yet: mana backup",
        note="mana restore BACKUP --verify tries one; mana restore BACKUP puts it back.",
    )


@command(
    "List backups",
    name="backup.list",
    effect="read",
    show="mana_tui.commands.restoring:backups_listing",
)
def backup_list(
    setup: Setup, *, in_: Annotated[Line, says("another folder with backups")] = ""
) -> list[Any]:
    """The backups of this vault, newest first. Needs no passphrase."""
    return known_backups(setup, in_)


def known_backups(setup: Setup, folder: str = "") -> list[Backup]:
    """The backups in the vault's own folder and in `backup_to`, or in another folder;
    newest first. Of every vault when this one's header cannot be read."""
    from storage.backup import FOLDER, listed
    from storage.crypto.header import vault_id

    data, other = setup.paths.data, folder or setup.config.get("backup_to")
    folders = [Path(other).expanduser().absolute()] if other else []
    if not folder:
        folders.insert(0, data / FOLDER)
    try:
        mine = vault_id(data)
    except ManaError:  # damaged or missing: that is when backups are wanted most
        mine = ""
    found = [
        one
        for place in folders
        for one in listed(place)
        if not mine or one.vault in (mine, "") or place == data / FOLDER
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """What a restore did: the backup, its records, where the vault before is kept."""

    backup: str
    records: int
    kept: str = ""
    restored: bool = True
    header_only: bool = False


def restored(setup: Setup, result: Restored) -> Said:
    """Say what a restore did and how to take it back."""
    if result.header_only:
        text = (
            f"keyslots.json of {result.backup} is back: the vault opens with the passphrase"
            " of that time."
        )
    elif not result.restored:
        text = f"{result.backup} is whole: {result.records} records could be restored."
    else:
        text = f"Restored {result.backup}: {result.records} records."
        if result.kept:
            text += (
                "\nWhat was here is kept; to go back: mana restore"
                f" {Path(result.kept).name}"
            )
    return Said(text=text, data=result)


@command("Restore", show="mana_tui.commands.restoring:restored", batch=False)
def restore(
    setup: Setup,
    backup: Annotated[
        Line,
        msgspec.Meta(
            extra={"positional": True},
            description="a name from `mana backup list`, or a folder; default: the newest",
        ),
    ] = "",
    *,
    verify: Annotated[bool, says("only try it: copy, open and read all of it")] = False,
    header: Annotated[bool, says("only put keyslots.json back, the vault stays")] = False,
    recovery: Recovery = False,
) -> Restored:
    """Put a backup in the place of the vault, also of one that is damaged or missing.

    The backup is verified first; what was there is kept beside the backups. It opens
    with the passphrase (or with --recovery the recovery kit) it had when it was made.
    """
    from storage import restore as restoring

    chosen = chosen_backup(setup, backup)
    folder = setup.paths.make_data()
    key, typed = _key_for(setup, chosen, recovery=recovery)
    if header:
        restoring.restore_header(chosen, folder, key)
        return Restored(backup=chosen.name, records=0, header_only=True)
    records = restoring.verify(chosen, folder, key)
    if verify:
        return Restored(backup=chosen.name, records=records, restored=False)
    if not setup.given.get("yes"):
        when = chosen.at.astimezone().strftime("%Y-%m-%d %H:%M")
        setup.confirm(f"Put the vault of {when} ({records} records) in place?")
    kept = restoring.restore(
        chosen,
        folder,
        key,
        at=datetime.now().astimezone(),
        keep_header=_still_opens(setup.paths, key, typed),
    )
    return Restored(backup=chosen.name, records=records, kept=str(kept or ""))


def chosen_backup(setup: Setup, name: str) -> Backup:
    """A backup by its name or folder, the newest where none is named; NotFound."""
    from storage.backup import newest, read_backup

    known = known_backups(setup)
    if not name:
        last = newest(known)
        if last is None:
            raise NotFound(
                "There is no backup here.", hint="mana restore FOLDER takes one elsewhere"
            )
        return last
    for one in known:
        if one.name == name:
            return one
    path = Path(name).expanduser().absolute()
    if not path.is_dir():
        raise NotFound(f"There is no backup {name!r}.", hint="mana backup list")
    return read_backup(path)


def _key_for(
    setup: Setup, chosen: Backup, *, recovery: bool
) -> tuple[bytes, Secret | None]:
    """The backup's key, from the open session if it is of the same vault, else by a
    passphrase or kit that its own header takes; and what was typed."""
    from mana_tui.recovery import kit_from
    from mana_tui.session import passphrase
    from storage import restore as restoring
    from storage.crypto.slots import RECOVERY, unlock

    key = None if recovery else _session_key(setup)
    with restoring.header_of(chosen, setup.paths.data) as folder:
        if key is not None and restoring.fits(folder, key):
            return key, None
        ask, descriptor = setup.secrets["ask"], setup.secrets["password_fd"]
        if recovery:
            kit = kit_from(ask, descriptor)
            return unlock(folder, kit, RECOVERY), kit
        typed = passphrase(ask, descriptor, setup.secrets["password_command"])
        return unlock(folder, typed), typed


def _session_key(setup: Setup) -> bytes | None:
    from storage.crypto.session import recall

    if setup.given.get("password_fd") is not None:
        return None
    try:
        return recall(setup.paths.data, runtime=setup.paths.runtime)
    except ManaError:  # its header is damaged or missing: the backup's own is asked
        return None


def _still_opens(paths: Paths, key: bytes, typed: Secret | None) -> bool:
    """Whether the header that is there opens this key, by what the person just typed:
    then it stays, with the passphrase of today."""
    from storage import restore as restoring
    from storage.crypto.slots import PASSPHRASE, RECOVERY, unlock

    kind = RECOVERY if isinstance(typed, bytes) else PASSPHRASE
    if not restoring.fits(paths.data, key):
        return False
    try:
        return typed is None or unlock(paths.data, typed, kind) == key
    except LockedError:
        return False
