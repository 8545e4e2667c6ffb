"""Opens a keyslots.json from the README alone: shares no code with the program."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import unicodedata
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id


def body_bytes(header: dict[str, Any], *left_out: str) -> bytes:
    kept = {name: value for name, value in header.items() if name not in left_out}
    return json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()


def checksum(header: dict[str, Any]) -> str:
    return base64.b64encode(
        hashlib.sha256(body_bytes(header, "checksum")).digest()
    ).decode()


def mac(header: dict[str, Any], key: bytes) -> str:
    extracted = hmac.new(b"mana v1", key, "sha256").digest()
    mac_key = hmac.new(extracted, b"mana/keyslots\x01", "sha256").digest()
    body = body_bytes(header, "checksum", "mac")
    return base64.b64encode(hmac.new(mac_key, body, "sha256").digest()).decode()


def slot_key(slot: dict[str, Any], passphrase: str) -> bytes:
    kdf = slot["kdf"]
    return Argon2id(
        salt=base64.b64decode(kdf["salt"]),
        length=32,
        iterations=kdf["passes"],
        lanes=kdf["lanes"],
        memory_cost=kdf["memory_kib"],
    ).derive(unicodedata.normalize("NFC", passphrase).encode())


def bound(header: dict[str, Any], slot: dict[str, Any]) -> bytes:
    parts = (
        "mana keyslot",
        str(header["version"]),
        header["vault"],
        slot["id"],
        slot["kind"],
    )
    return b"\0".join(part.encode() for part in parts)


def open_header(text: str, passphrase: str) -> bytes:
    """The vault key; an exception when anything is wrong."""
    header = json.loads(text)
    assert header["format"] == "mana keyslots"
    assert header["version"] == 1
    assert header["checksum"] == checksum(header)
    slot = next(one for one in header["slots"] if one["kind"] == "passphrase")
    key = AESGCM(slot_key(slot, passphrase)).decrypt(
        base64.b64decode(slot["nonce"]),
        base64.b64decode(slot["wrapped"]),
        bound(header, slot),
    )
    assert header["mac"] == mac(header, key)
    return key
