"""What speed and size must hold: `make budget`. Not part of `make test`.

Everything is measured in one run on one machine: the app against a minimal Textual app,
the command line against a bare Python, the store against plain SQLite. Prints a table,
writes nothing, and fails when a gate is broken.
"""
