"""Is the vault what was written, and how is this installation: check, doctor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from mana_tui.setup import Setup
from modules.sdk.command import command
from modules.sdk.field import says
from modules.sdk.listing import Col, Listing, Row, Said
from storage.errors import NoVault

if TYPE_CHECKING:
    from mana_tui.doctor import Line
    from storage.check import Finding, MakeSearch


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a check found, how much it read, and what was repaired before."""

    findings: tuple[Any, ...] = ()
    repaired: tuple[Any, ...] = ()
    records: int = 0
    changes: int = 0
    blobs: int = 0
    bytes: int = 0
    read_data: bool = False

    @property
    def exit_code(self) -> int:
        """1 when something is wrong."""
        return int(bool(self.findings))


def findings_listing(setup: Setup, result: Checked) -> Listing | Said:
    """What is wrong, a line each; or that nothing is, and how much was read."""
    from storage.backup import megabytes

    if not result.findings:
        mended = f"{len(result.repaired)} repaired. " if result.repaired else ""
        files = (
            f", {result.blobs} files{' read to the end' * result.read_data}"
            if result.blobs
            else ""
        )
        return Said(
            text=f"{mended}The vault is as it was written: {result.records} records,"
            f" {result.changes} changes{files}, {megabytes(result.bytes)}."
        )
    can = any(one.repair for one in result.findings)
    return Listing(
        columns=(
            Col(title="where", style="cyan"),
            Col(title="what", style="red", grow=True),
            Col(title="next", style="dim"),
        ),
        rows=tuple(Row((one.where, one.what, one.next)) for one in result.findings),
        note=(f"{len(result.repaired)} repaired. " if result.repaired else "")
        + ("mana check --repair only adds what is missing. " if can else "")
        + "mana restore puts a backup in place; what is here is kept.",
    )


@command("Check the vault", show="mana_tui.commands.checking:findings_listing", batch=False)
def check(
    setup: Setup,
    *,
    read_data: Annotated[bool, says("also read every large file to its end")] = False,
    repair: Annotated[bool, says("add what is missing and can be made anew")] = False,
) -> Checked:
    """Read all of the vault: pages, history against records, links, search, files.

    Exit code 1 when anything is not as it was written. `--repair` only ever adds: a lost
    row its history has, short ids, the search index, a file a backup has.
    """
    from mana_tui.session import has_vault, key_of

    folder = setup.paths.data
    if not has_vault(setup.paths):
        raise NoVault(f"There is no vault in {folder}.", hint="mana init")
    key = key_of(setup.paths, **setup.secrets)
    found = _look(setup, key, read_data=read_data)
    repaired: list[Finding] = []
    if repair and any(one.repair for one in found):
        found = _look(setup, key, read_data=read_data, most=1_000_000)
        repaired = _repair(setup, key, found)
        found = _look(setup, key, read_data=read_data)
    from modules.sdk.registry import Catalog
    from storage.check import counts

    said = counts(folder, key, Catalog())
    return Checked(
        findings=tuple(found),
        repaired=tuple(repaired),
        read_data=read_data,
        **{name: getattr(said, name) for name in said.__struct_fields__},
    )


def _look(
    setup: Setup, key: bytes, *, read_data: bool, most: int | None = None
) -> list[Finding]:
    from modules.sdk.registry import Catalog
    from storage.check import MOST
    from storage.check import check as look

    return list(
        look(
            setup.paths.data,
            key,
            Catalog(),
            deep=read_data,
            search=_search(),
            most=most or MOST,
        )
    )


def _search() -> MakeSearch:
    from mana_tui.finding import open_search
    from storage.vault import utc_now

    return lambda vault: open_search(vault, utc_now)


def _repair(setup: Setup, key: bytes, found: Sequence[Finding]) -> list[Finding]:
    from mana_tui.commands.restoring import known_backups
    from modules.sdk.registry import Catalog
    from storage.repair import repair
    from storage.vault import Vault

    folders = [one.path for one in known_backups(setup)]
    with Vault.open(setup.paths.data, key, Catalog()) as vault:
        return repair(vault, found, backups=folders, search=_search())


# --- doctor -----------------------------------------------------------------------------------


def doctor_said(setup: Setup, result: list[Line]) -> Said:
    """A fact a line; what wants attention is marked, with what to do below it."""
    wide = max(len(one.name) for one in result)
    lines: list[str] = []
    for one in result:
        lines.append(f"{' ' if one.fine else '!'} {one.name:{wide}}  {one.said}")
        if one.next:
            lines.append(f"  {'':{wide}}  → {one.next}")
    wrong = sum(not one.fine for one in result)
    lines.append(f"{wrong} want attention." if wrong else "All is well.")
    return Said(text="\n".join(lines), data=result)


@command("Doctor", effect="read", show="mana_tui.commands.checking:doctor_said")
def doctor(setup: Setup) -> list[Any]:
    """Versions, places, disk, session, backups, modules, clock: fit to show to others.

    Nothing you typed is in it. Works without a vault and with a locked one.
    """
    from mana_tui.doctor import examine

    return examine(setup)
