"""Figures of the proofs, gathered from every worker, in one table at the end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

FIGURE = "figure"


@pytest.fixture
def say(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Take a figure down: `say("kills", 1000, "0 lost")`."""

    def said(what: str, measured: object, result: str = "") -> None:
        record_property(FIGURE, (what, str(measured), result))

    return said


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print what was measured."""
    found = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == FIGURE
    ]
    if not found:
        return
    terminalreporter.section("figures")
    for what, measured, result in sorted(map(tuple, found)):
        terminalreporter.write_line(f"  {what:<58} {measured:>10}  {result}".rstrip())
