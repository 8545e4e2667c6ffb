"""Archives: everything in a vault as plain files, and back; see README, "Archives"."""
