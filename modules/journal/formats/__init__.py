"""Journals of other programs."""
