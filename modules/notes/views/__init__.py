"""What is seen of notes."""
