"""The shell's own settings, as data. Modules declare theirs in their manifests."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from modules.sdk.setting import Setting

Weekday = Annotated[int, msgspec.Meta(ge=0, le=6)]
Minutes = Annotated[int, msgspec.Meta(ge=0, le=24 * 60)]
Days = Annotated[int, msgspec.Meta(ge=1, le=36500)]
Currency = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$")]

SHELL: tuple[Setting, ...] = (
    Setting(
        name="locale",
        title="Language and region",
        type=Annotated[str, msgspec.Meta(pattern=r"^([a-z]{2}([-_][A-Z]{2})?)?$")],
        default="",
        help="en, en-US (month before day), de, de-CH; empty: from the system",
    ),
    Setting(
        name="timezone",
        title="Time zone",
        type=str,
        default="",
        help="an IANA name such as Europe/Zurich; empty: the system's",
    ),
    Setting(
        name="week_start",
        title="First day of the week",
        type=Weekday | None,
        default=None,
        help="0 Monday … 6 Sunday; empty: as the language has it",
    ),
    Setting(
        name="clock",
        title="Clock",
        type=Literal[24, 12],
        default=24,
        help="24 (14:30) or 12 (2:30 pm)",
    ),
    Setting(
        name="currency",
        title="Currency",
        type=Currency,
        default="EUR",
        help="three letters (ISO 4217), used where an amount names none",
    ),
    Setting(
        name="theme",
        title="Theme",
        type=str,
        default="mana-dark",
        help="a built-in theme, or a file in the themes folder beside config.toml",
    ),
    Setting(
        name="keymap",
        title="Keys",
        type=Literal["vim", "emacs", "arrows"],
        default="vim",
        help="the preset that keys.toml builds on",
    ),
    Setting(
        name="idle_lock",
        title="Lock when idle",
        type=Minutes,
        default=15,
        help="minutes without a key until the vault locks; 0: never",
    ),
    Setting(
        name="session_idle",
        title="End sessions when unused",
        type=Minutes,
        default=0,
        help="minutes until an unused `mana unlock` session ends early; 0: at its end only",
    ),
    Setting(
        name="password_command",
        title="Password command",
        type=tuple[str, ...],
        default=(),
        help='a program that prints the passphrase, e.g. ["pass", "show", "mana"]',
    ),
    Setting(
        name="linear",
        title="Linear mode",
        type=bool,
        default=False,
        help="no boxes, no spinners, one thing after another: for screen readers",
    ),
    Setting(
        name="ascii",
        title="ASCII only",
        type=bool,
        default=False,
        help="borders and icons in plain characters",
    ),
    Setting(
        name="trash_days",
        title="Keep the trash for",
        type=Days,
        default=30,
        help="days until deleted records are removed for good",
        level="space",
    ),
    Setting(
        name="history_days",
        title="Keep every step for",
        type=Days,
        default=365,
        help="days; of older history one value per field and day stays",
        level="space",
    ),
    Setting(
        name="backup",
        title="Daily backup",
        type=bool,
        default=True,
        help="make one a day while the app is open",
    ),
    Setting(
        name="backup_to",
        title="Backups also to",
        type=str,
        default="",
        help="a folder on another disk that gets each backup too",
    ),
)
"""Ids are bare names: `mana config set theme nord`, `MANA_THEME=nord`."""
