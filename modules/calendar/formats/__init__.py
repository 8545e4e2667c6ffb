"""The outside formats of events."""
