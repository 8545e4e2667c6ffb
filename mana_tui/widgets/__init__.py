"""The widgets of the shell."""
