"""Keys of the vault. Importing this package imports no cryptography."""
