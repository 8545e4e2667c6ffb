"""What the vault promises, measured at full size: `make proofs`. Not part of `make test`.

Files are named `prove_*.py`, so the everyday suite passes them by; it has a small version
of each. Every proof says its figures, and the run ends with one table of them.
"""
