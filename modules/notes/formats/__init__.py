"""Files that notes come from and go to."""
