"""Whole screens: the workbench, and what stands before it while the vault is locked."""
