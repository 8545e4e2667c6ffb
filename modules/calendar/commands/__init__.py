"""What can be done to calendars: the only code that writes them."""
