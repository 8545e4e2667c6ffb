"""Making, opening and closing the vault."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from functools import partial
from typing import Annotated

from mana_tui.setup import Setup
from modules.sdk.command import command
from modules.sdk.field import Duration, says
from modules.sdk.listing import Said
from storage.errors import UserError

Recovery = Annotated[bool, says("with the recovery kit instead of the passphrase")]


@command("Create the vault", batch=False)
def init(setup: Setup) -> Said:
    """Create an encrypted vault in the data folder, protected by a passphrase."""
    from mana_tui.session import create_vault

    where = create_vault(setup.paths, **setup.secrets, check=partial(_check, setup))
    return Said(
        text=f"Your vault is ready in {where}.\nOpen it with: mana\n"
        "Nobody can give you the passphrase back; a page of paper can: mana recovery new",
        data={"vault": str(where)},
    )


@command("Unlock", batch=False)
def unlock(
    setup: Setup,
    for_: Annotated[Duration | None, says("how long, e.g. 8h")] = None,
    *,
    recovery: Recovery = False,
) -> Said:
    """Keep the vault open for the command line until the time is over or `mana lock`."""
    from mana_tui.inbox import settle
    from mana_tui.session import unlock_for
    from modules.sdk.text.durations import format_duration

    idle = timedelta(minutes=setup.config.get("session_idle"))
    key = key_of_kit(setup) if recovery else None
    until = unlock_for(setup.paths, for_, idle=idle, **setup.secrets, key=key)
    with closing(Setup(setup.given | {"password_fd": None}).workspace()) as opened:
        settle(opened, again=True)  # so that lines can be captured once it is locked
    length = f" for {format_duration(for_)}" if for_ else ""
    forgotten = "\nA new passphrase: mana passphrase --recovery" if recovery else ""
    return Said(text=f"Unlocked{length}.{forgotten}", data={"until": until})


@command("Lock", batch=False)
def lock(setup: Setup) -> Said:
    """End the unlocked session now."""
    from mana_tui.session import lock as end

    ended = end(setup.paths)
    return Said(
        text="Locked." if ended else "It was locked already.", data={"ended": ended}
    )


@command("Change the passphrase", batch=False)
def passphrase(setup: Setup, *, recovery: Recovery = False) -> Said:
    """Put a new passphrase in the place of the old one; nothing else is rewritten.

    What a guess costs is measured anew on this machine.
    """
    from mana_tui.session import change_passphrase
    from storage.crypto.kdf import tune
    from storage.crypto.slots import unlock as check_old
    from storage.crypto.ways import reset_passphrase

    if recovery:
        key, cost = key_of_kit(setup), tune()
        reset_passphrase(setup.paths.data, key, new_passphrase(setup), cost)
    else:
        old = setup.ask_passphrase("Passphrase now: ")
        check_old(setup.paths.data, old)
        cost = change_passphrase(setup.paths, old, new_passphrase(setup))
    return Said(
        text="The new passphrase holds from now on. A guess costs"
        f" {cost.memory_kib // 1024} MiB and {cost.passes} passes.",
        data={"memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes},
    )


def new_passphrase(setup: Setup) -> str:
    """A new passphrase, typed twice; Refused when it is easily guessed and not --yes."""
    new = setup.ask_passphrase("New passphrase: ")
    _check(setup, new)
    if new != setup.ask_passphrase("The new one again: "):
        raise UserError("The two are not the same.", hint="nothing was changed")
    return new


def key_of_kit(setup: Setup) -> bytes:
    """The vault key, by the recovery kit; WrongKit, TypoError."""
    from mana_tui.recovery import kit_from
    from storage.crypto.slots import RECOVERY
    from storage.crypto.slots import unlock as by_slot

    secrets = setup.secrets
    kit = kit_from(secrets["ask"], secrets["password_fd"])
    return by_slot(setup.paths.data, kit, RECOVERY)


def _check(setup: Setup, typed: str) -> None:
    from mana_tui.strength import refuse_weak

    refuse_weak(typed, accepted=bool(setup.given.get("yes")))
