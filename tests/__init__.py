"""The project's tests; a package so that they can share what they drive the program with."""
