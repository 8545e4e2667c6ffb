"""The first sample notes, written by hand: what Robin keeps. Only data."""

from __future__ import annotations

from modules.notes.samples.home import HOME
from modules.notes.samples.work import WORK

TAGS = ("ideas", "work", "home", "reading", "travel", "rowing", "recipes", "code")
SAMPLES = tuple(sorted((*WORK, *HOME), key=lambda sample: sample.hours))
"""The newest first. `<launch>`, `<trip>` and `<party>` in a text stand for days."""
