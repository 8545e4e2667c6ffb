"""What todo shows: lists, boards, one task."""
