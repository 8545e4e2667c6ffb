"""Pure parsers of what people type: dates, durations, money, recurrence, capture."""
