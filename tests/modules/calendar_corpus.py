"""The `.ics` files that the installed icalendar packages test themselves with."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

ICALENDAR = Path(str(files("icalendar"))) / "tests"
RECURRING = Path(str(files("recurring_ical_events"))) / "test" / "calendars"


def icalendar_files() -> list[Path]:
    return sorted(ICALENDAR.glob("**/*.ics"))


def recurring_files() -> list[Path]:
    return sorted(RECURRING.glob("**/*.ics"))
