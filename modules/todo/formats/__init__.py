"""Formats of other programs that tasks are read from and written to."""
