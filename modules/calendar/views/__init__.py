"""The calendar's panes."""
