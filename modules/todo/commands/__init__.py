"""What can be done to tasks, projects and boards: the only code that writes them."""

from __future__ import annotations

from typing import Any

from modules.sdk.command import Command
from modules.todo.commands import (
    boards,
    finishing,
    planning,
    projects,
    reading,
    sorting,
    writing,
)

COMMANDS: tuple[Command[..., Any], ...] = tuple(
    found
    for part in (writing, reading, finishing, planning, sorting, projects, boards)
    for found in vars(part).values()
    if isinstance(found, Command)
)
"""Every command of the module, in the order they are defined."""
