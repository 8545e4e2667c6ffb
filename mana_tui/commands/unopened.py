"""Commands that run without an open vault, by id."""

from __future__ import annotations

from typing import Any

from mana_tui.commands.checking import check, doctor
from mana_tui.commands.program import complete, completion, demo, modules, version
from mana_tui.commands.recovery import (
    recovery_drill,
    recovery_new,
    recovery_show,
    recovery_test,
)
from mana_tui.commands.restoring import backup_list, restore
from mana_tui.commands.settings import (
    config_check,
    config_get,
    config_list,
    config_set,
    config_unset,
    keys,
    paths,
)
from mana_tui.commands.slots import slots_add, slots_list, slots_remove
from mana_tui.commands.vault import init, lock, passphrase, unlock
from modules.sdk.command import Command

SETUP: dict[str, Command[..., Any]] = {
    one.name: one
    for one in (
        init, unlock, lock, passphrase, paths, config_list, config_get, config_set, config_unset,
        config_check, keys, modules, version, completion, complete, demo,
        recovery_new, recovery_show, recovery_test, recovery_drill, slots_list, slots_add, slots_remove,
        backup_list, restore, check, doctor,
    )
}  # fmt: skip
"""The commands by id; their context is a `Setup`."""
