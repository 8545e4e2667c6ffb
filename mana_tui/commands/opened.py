"""The shell's own commands on an open vault, by id."""

from __future__ import annotations

from typing import Any

from mana_tui.commands.archive import archive_check, archive_read, archive_write
from mana_tui.commands.keeping import backup, history_keep, history_trim
from mana_tui.commands.past import history, history_restore, redo, revert, undo
from mana_tui.commands.records import search, show, trash_list, trash_purge, trash_restore
from mana_tui.commands.spaces import space_list, space_new, space_switch
from mana_tui.commands.tags import tag_add, tag_delete, tag_list, tag_merge, tag_rename
from mana_tui.commands.transfer import add, export, import_
from mana_tui.scenes import COMMANDS as SCENES
from mana_tui.tagging import tag_set
from modules.sdk.command import Command

SHELL: dict[str, Command[..., Any]] = {
    one.name: one
    for one in (
        undo, redo, revert, history, history_restore, search, show, trash_list, trash_restore, trash_purge,
        import_, export, archive_write, archive_read, archive_check, space_list, space_new, space_switch, tag_list, tag_add, tag_rename,
        tag_delete, tag_merge, tag_set, add, backup, history_keep, history_trim,
    )
} | SCENES  # fmt: skip
"""The shell's commands on an open vault by id, those of scenes and tags among them."""
