"""What is seen of the journal."""
