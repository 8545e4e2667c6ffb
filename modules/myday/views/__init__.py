"""Panes of the day."""
