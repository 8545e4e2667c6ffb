"""The terminal workspace: command line and Textual app."""
