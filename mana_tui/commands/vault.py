"""Making, opening and closing the vault."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from modules.sdk.command import command
from modules.sdk.field import Duration, says
from modules.sdk.listing import Said
from storage.errors import UserError

if TYPE_CHECKING:
    pass
from mana_tui.setup import Setup


@command("Create the vault", batch=False)
def init(setup: Setup) -> Said:
    """Create an encrypted vault in the data folder, protected by a passphrase."""
    from mana_tui.session import create_vault

    where = create_vault(setup.paths, **setup.secrets)
    return Said(
        text=f"Your vault is ready in {where}.\nOpen it with: mana",
        data={"vault": str(where)},
    )


@command("Unlock", batch=False)
def unlock(
    setup: Setup, for_: Annotated[Duration | None, says("how long, e.g. 8h")] = None
) -> Said:
    """Keep the vault open for the command line until the time is over or `mana lock`."""
    from mana_tui.session import unlock_for
    from modules.sdk.text.durations import format_duration

    idle = timedelta(minutes=setup.config.get("session_idle"))
    until = unlock_for(setup.paths, for_, idle=idle, **setup.secrets)
    length = f" for {format_duration(for_)}" if for_ else ""
    return Said(text=f"Unlocked{length}.", data={"until": until})


@command("Lock", batch=False)
def lock(setup: Setup) -> Said:
    """End the unlocked session now."""
    from mana_tui.session import lock as end

    ended = end(setup.paths)
    return Said(
        text="Locked." if ended else "It was locked already.", data={"ended": ended}
    )


@command("Change the passphrase", batch=False)
def passphrase(setup: Setup) -> Said:
    """Put a new passphrase in the place of the old one; nothing else is rewritten."""
    from mana_tui.session import change_passphrase

    old = setup.ask_passphrase("Passphrase now: ")
    new = setup.ask_passphrase("New passphrase: ")
    if new != setup.ask_passphrase("The new one again: "):
        raise UserError("The two are not the same.", hint="nothing was changed")
    change_passphrase(setup.paths, old, new)
    return Said(text="The new passphrase holds from now on.")
