"""A thing a person can change about a module, declared once."""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One setting; its id is `<module>.<name>`.

    `level`: `space` values live in the vault per space; `user` in the config file;
    `device` in this machine's state file.
    """

    name: str
    title: str
    type: Any
    default: Any
    help: str = ""
    level: Literal["space", "user", "device"] = "user"
