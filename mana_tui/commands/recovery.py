"""The recovery kit: a page of paper that opens the vault when the passphrase is forgotten."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from mana_tui.setup import Setup
from modules.sdk.command import command
from modules.sdk.field import says
from modules.sdk.listing import Said
from storage.errors import Refused

if TYPE_CHECKING:
    from storage.crypto.ways import Way

File = Annotated[str, says("write the page to this new file instead of showing it")]
Folder = Annotated[str, says("this backup folder instead of the newest")]


@command("New recovery kit", name="recovery.new", batch=False)
def recovery_new(setup: Setup, *, file: File = "") -> Said:
    """Make a recovery kit; it counts once you typed two of its groups back.

    A kit that was there before opens nothing from then on. `mana recovery new | lpr` prints.
    """
    from mana_tui.recovery import new_kit, show_page, write_page
    from mana_tui.session import key_of

    if not setup.may_ask:
        raise Refused(
            "Two groups of a new kit are typed back, and nobody can be asked.",
            hint="run it at a terminal",
        )
    key, page = key_of(setup.paths, **setup.secrets), Path(file).expanduser()
    replaces = _kit(setup) is not None
    made = False
    try:
        new_kit(
            setup.paths,
            key,
            (lambda text: write_page(page, text)) if file else show_page,
            setup.ask_passphrase,
        )
        made = True
    finally:
        if file and not made and page.is_file():
            page.unlink()  # it opens nothing
    text = "The recovery kit counts from now on."
    text += " The one before opens nothing any more." if replaces else ""
    text += f"\nPrint {page} and delete it." if file else ""
    if not file and not sys.stdout.isatty():  # what is behind the pipe got the page only
        setup.output.say(text)
    return Said(text=text, data={"recovery": True, "replaced": replaces})


@command("Recovery kit", name="recovery.show", effect="read")
def recovery_show(setup: Setup) -> Said:
    """Whether there is a recovery kit, and since when; never the kit itself."""
    kit = _kit(setup)
    if kit is None:
        return Said(
            text="There is no recovery kit. Make one: mana recovery new",
            data={"recovery": False},
        )
    return Said(
        text=f"There is a recovery kit, made on {kit.created[:10]}.",
        data={"recovery": True, "created": kit.created},
    )


@command("Test the recovery kit", name="recovery.test", effect="read", batch=False)
def recovery_test(setup: Setup) -> Said:
    """Type the kit and see whether it opens the vault; nothing is changed."""
    from storage.crypto.slots import RECOVERY, unlock

    unlock(setup.paths.data, _typed(setup), RECOVERY)
    return Said(text="The recovery kit opens this vault.", data={"opens": True})


@command("Recovery drill", name="recovery.drill", effect="read", batch=False)
def recovery_drill(setup: Setup, *, backup: Folder = "") -> Said:
    """Check that the kit restores the newest backup, in a temporary folder.

    What you would do after losing this computer: every page and every record is read there.
    """
    from tempfile import TemporaryDirectory

    from mana_tui.commands.restoring import chosen_backup
    from storage.crypto.slots import RECOVERY, WrongKit, unlock
    from storage.restore import header_of, verify

    found = chosen_backup(setup, backup)
    secret = _typed(setup)
    with TemporaryDirectory(prefix="mana-drill-") as scratch:
        try:
            with header_of(found, Path(scratch)) as folder:
                key = unlock(folder, secret, RECOVERY)
        except WrongKit as error:
            error.hint = (
                "a backup opens with the kit of its time: mana backup makes one now"
            )
            raise
        records = verify(found, Path(scratch), key)
    return Said(
        text=f"The backup {found.name} opens with the kit: {records:,} records, all checked.",
        data={"backup": found.name, "records": records},
    )


def _typed(setup: Setup) -> bytes:
    from mana_tui.recovery import kit_from

    secrets: dict[str, Any] = setup.secrets
    return kit_from(secrets["ask"], secrets["password_fd"])


def _kit(setup: Setup) -> Way | None:
    from storage.crypto.slots import RECOVERY
    from storage.crypto.ways import listed

    return next((way for way in listed(setup.paths.data) if way.kind == RECOVERY), None)
