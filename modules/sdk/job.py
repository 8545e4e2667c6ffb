"""Work a module wants done in the background while the workspace is open."""

from __future__ import annotations

from datetime import timedelta

import msgspec


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """`run(context) -> None`, named by import path, called every so often in a thread."""

    name: str
    title: str
    run: str
    every: timedelta
