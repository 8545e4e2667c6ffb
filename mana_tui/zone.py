"""The machine's time zone, without asking a library that costs start-up time."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MARK = "zoneinfo/"


def local_zone(name: str | None = None) -> ZoneInfo:
    """The zone of this name, else `TZ`, else what /etc/localtime points at, else UTC."""
    for candidate in (name, os.environ.get("TZ", "").lstrip(":"), _linked(), _written()):
        if not candidate:
            continue
        try:
            return ZoneInfo(candidate)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def _linked() -> str:
    try:
        target = str(Path("/etc/localtime").readlink())
    except OSError:
        return ""
    return target.partition(MARK)[2]


def _written() -> str:
    try:
        return Path("/etc/timezone").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
