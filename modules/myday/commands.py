"""What can be asked of a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec

from modules.myday.queries import Glance, glance
from modules.sdk import Context, command

Day = Annotated[
    date | None,
    msgspec.Meta(description="which day; default: today", extra={"positional": True}),
]


@command("Show my day", effect="read", show="modules.myday.show:page")
def show(context: Context, day: Day = None) -> Glance:
    """The day at a glance: agenda, tasks, habits, and how full it is."""
    return glance(context, day or context.today())
