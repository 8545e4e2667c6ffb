"""Keeping: backups, and how long old things stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import msgspec

from mana_tui.workspace import Workspace
from modules.sdk.command import command
from modules.sdk.field import Line, says
from modules.sdk.listing import Said
from storage.errors import ManaError, UserError

DAYS = msgspec.Meta(ge=1, le=36500)


# --- making backups -------------------------------------------------------------------------


def backups_made(context: Workspace, result: list[Any]) -> Said:
    """Where backups are now, and which old ones went."""
    from storage.backup import megabytes

    lines = [
        f"Backed up and verified: {one.backup.path} ({megabytes(one.backup.size)})."
        + (f" {len(one.removed)} older removed." if one.removed else "")
        for one in result
    ]
    return Said(text="\n".join(lines) or "No backup is due.", data=result)


@command(
    "Back up",
    effect="outside",
    show="mana_tui.commands.keeping:backups_made",
    batch=False,
)
def backup(
    context: Workspace,
    *,
    to: Annotated[Line, says("a folder that is there, e.g. on another disk")] = "",
    if_due: Annotated[bool, says("only when the last one is a day old")] = False,
) -> list[Any]:
    """Copy the vault to its backups folder (and to `backup_to`), verified; nothing stops.

    A backup is a whole vault under the same passphrase. Kept are the newest of 7 days,
    4 weeks and 12 months. Others may read and write meanwhile.
    """
    from storage import backup as backups
    from storage.crypto.header import vault_id

    vault = context.vault
    targets = [Path(to).expanduser().absolute()] if to else targets_of(context)
    mine = vault_id(vault.db.path.parent)
    now, made = context.now(), list[Any]()
    failed: ManaError | None = None
    for target in targets:
        if if_due and not backups.is_due(backups.listed(target, mine), now):
            continue
        try:
            made.append(_make(context, target, now))
        except ManaError as error:
            failed = failed or error
    if failed is not None:
        for one in made:
            context.notify(f"Backed up: {one.backup.path}.")
        raise failed
    return made


def _make(context: Workspace, target: Path, now: datetime) -> Any:
    from storage import backup as backups

    own = context.vault.db.path.parent / backups.FOLDER
    return backups.make(
        context.vault.db,
        None if target == own else target,
        at=now,
        progress=lambda done, total: context.progress(done, total, "pages"),
    )


def targets_of(context: Workspace) -> list[Path]:
    """The vault's own backups folder, and the one of the setting `backup_to`."""
    from storage.backup import FOLDER

    return _folders(context.vault.db.path.parent / FOLDER, context.setting("backup_to"))


def _folders(own: Path, other: str | None) -> list[Path]:
    return [own, *([Path(other).expanduser().absolute()] if other else [])]


# --- how long old things stay ------------------------------------------------------------------------


@command("How long a space keeps things", name="history.keep", batch=False)
def history_keep(
    context: Workspace,
    *,
    days: Annotated[
        Annotated[int, DAYS] | None, says("every step of the history, in days")
    ] = None,
    trash_days: Annotated[
        Annotated[int, DAYS] | None, says("deleted records, in days")
    ] = None,
) -> Said:
    """Say, or set, how many days this space keeps every step of the history (after that
    one value per field and day) and what was deleted."""
    from mana_tui.keep import keep_of, set_keep

    values: dict[str, Any] = {"history_days": days, "trash_days": trash_days}
    given = {name: value for name, value in values.items() if value is not None}
    if given:
        set_keep(context.vault, context.space.id, given)
    keep = keep_of(context.vault, context.config, context.space)
    return Said(
        text=f"{context.space.name} keeps every step for {keep.history_days} days, then one"
        f" value per field and day; the trash for {keep.trash_days} days.",
        data=keep,
    )


@command("Trim the history", name="history.trim", batch=False)
def history_trim(
    context: Workspace,
    *,
    older_than: Annotated[
        Annotated[int, DAYS] | None, says("days; default: what the space keeps")
    ] = None,
    dry_run: Annotated[bool, says("only say how much would go")] = False,
) -> Said:
    """Reduce this space's old history to one value per field and day.

    Records stay as they are. Nothing younger than the trash goes, and undo to the end of
    each day stays exact.
    """
    from mana_tui.keep import keep_of

    keep = keep_of(context.vault, context.config, context.space)
    if older_than is not None:
        keep = msgspec.structs.replace(keep, history_days=older_than)
    now = context.now()
    before = keep.history_before(now)
    if older_than is not None and now - timedelta(days=older_than) > before:
        raise UserError(
            f"The history is kept at least as long as the trash: {keep.trash_days} days."
        )
    gone = _trimmed(context, before, dry_run=dry_run)
    day = f"{before:%Y-%m-%d}"
    text = (
        f"{gone} changes before {day} would go."
        if dry_run
        else f"{gone} changes before {day} went; each day's values stay."
    )
    return Said(text=text, data={"changes": gone, "before": before, "dry_run": dry_run})


def _trimmed(context: Workspace, before: datetime, *, dry_run: bool) -> int:
    if not dry_run:
        return context.store.trim(before)
    with context.vault.rehearse():
        return context.store.trim(before)
