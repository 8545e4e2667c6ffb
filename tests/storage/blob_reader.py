"""Reads a blob by what storage/README.md says, without our code."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def hkdf(key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(key)


def blob_id(vault_key: bytes, content: bytes) -> str:
    naming = hkdf(vault_key, b"mana v1", b"mana/blob-name")
    return "blob-" + hashlib.blake2b(content, digest_size=32, key=naming).hexdigest()


def read_sealed(vault_key: bytes, data: bytes) -> bytes:
    head, rest = data[:32], data[32:]
    assert (head[:8], head[8], head[9:16]) == (b"manablob", 1, bytes(7))
    cipher = AESGCM(
        hkdf(hkdf(vault_key, b"mana v1", b"mana/blob"), head[16:], b"mana blob 1")
    )
    chunks = [rest[at : at + 65_552] for at in range(0, len(rest), 65_552)]
    found = b""
    for number, chunk in enumerate(chunks):
        counted, last = number.to_bytes(8, "big"), bytes([number == len(chunks) - 1])
        found += cipher.decrypt(bytes(4) + counted, chunk, head + counted + last)
    return found
