"""On which day weeks begin."""

from __future__ import annotations

from datetime import date, timedelta

from modules.sdk.context import Context


def first_weekday(context: Context) -> int:
    """0 where weeks begin on Monday: as the space says, else the person, else the locale."""
    told = context.space.week_start
    if told is None:
        told = context.setting("week_start")
    if told is None:
        return 6 if context.locale == "en-US" else 0
    return int(told)


def week_of(context: Context, day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=(day.weekday() - first_weekday(context)) % 7)
