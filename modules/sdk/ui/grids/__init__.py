"""Time as a picture: days and weeks by the half hour, months, years."""
