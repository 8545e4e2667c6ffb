"""Key slots: the ways from what a person knows to the vault key."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from storage.crypto import header
from storage.crypto.header import Body, HeaderDamaged, HeaderMissing, vault_id
from storage.crypto.kdf import (
    DEFAULT,
    KEY_BYTES,
    SALT_BYTES,
    Cost,
    derive,
    passphrase_bytes,
    tune,
)
from storage.errors import DamagedError, Refused, WrongPassphrase
from storage.private import make_private
from storage.record import new_id

__all__ = [
    "HeaderDamaged",
    "HeaderMissing",
    "change_passphrase",
    "create",
    "has_vault",
    "unlock",
    "vault_id",
]

NONCE_BYTES = 12
TAG_BYTES = 16
PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind of slot


def has_vault(folder: Path) -> bool:
    """Whether there is a vault here, whole or not: anything that must not be overwritten."""
    return (folder / header.NAME).exists() or (folder / header.DATABASE).exists()


def create(folder: Path, passphrase: str, *, cost: Cost = DEFAULT) -> bytes:
    """Write the header of a new vault and return its 32-byte key.

    Refused when there is a vault. A header whose database was never made (an `init` that
    was interrupted) is set aside under another name, not deleted.
    """
    passphrase_bytes(passphrase)
    make_private(folder)
    with header.exclusive(folder):
        if (folder / header.DATABASE).exists():
            raise Refused(f"There is a vault in {folder} already.", hint="mana unlock")
        _set_aside(folder)
        key = os.urandom(KEY_BYTES)
        vault = new_id()
        body: Body = {
            "format": header.FORMAT,
            "version": header.VERSION,
            "vault": vault,
            "created": _now(),
            "slots": [passphrase_slot(vault, key, passphrase, cost)],
            "public": {},
        }
        header.write(folder, body, key, replace=False)
    return key


def unlock(folder: Path, passphrase: str) -> bytes:
    """The vault key. NoVault, HeaderMissing, HeaderDamaged, TooNew, WrongPassphrase."""
    body = header.read(folder)
    return _open(body, passphrase)[0]


def change_passphrase(
    folder: Path, old: str, new: str, *, cost: Cost | None = None
) -> None:
    """Put a new passphrase in the place of an old one; the vault key stays the same.

    Without a `cost` this machine is measured. Other slots are left alone.
    """
    passphrase_bytes(new)
    with header.exclusive(folder):
        body = header.read(folder)
        key, index = _open(body, old)
        fresh = passphrase_slot(body["vault"], key, new, cost or tune())
        body["slots"][index] = fresh
        header.write(folder, body, key)


def passphrase_slot(vault: str, key: bytes, passphrase: str, cost: Cost) -> Body:
    """A slot that a passphrase opens."""
    slot = new_id()
    salt = os.urandom(SALT_BYTES)
    nonce = os.urandom(NONCE_BYTES)
    bound = bind(vault, slot, PASSPHRASE)
    wrapped = wrap(derive(passphrase, salt, cost), nonce, key, bound)
    return {
        "id": slot,
        "kind": PASSPHRASE,
        "created": _now(),
        "kdf": {
            "name": "argon2id",
            "memory_kib": cost.memory_kib,
            "passes": cost.passes,
            "lanes": cost.lanes,
            "salt": header.text_of(salt),
        },
        "nonce": header.text_of(nonce),
        "wrapped": header.text_of(wrapped),
    }


def bind(vault: str, slot: str, kind: str) -> bytes:
    """The associated data of a wrap: a slot opens only where it was made."""
    return "\0".join(("mana keyslot", str(header.VERSION), vault, slot, kind)).encode()


def wrap(slot_key: bytes, nonce: bytes, key: bytes, bound: bytes) -> bytes:
    """The vault key under a slot key: AES-256-GCM, tag at the end."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(slot_key).encrypt(nonce, key, bound)


def unwrap(slot_key: bytes, nonce: bytes, wrapped: bytes, bound: bytes) -> bytes | None:
    """The vault key, or None when the slot key (or anything bound) is another."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(slot_key).decrypt(nonce, wrapped, bound)
    except InvalidTag:
        return None


def _open(body: Body, passphrase: str) -> tuple[bytes, int]:
    """(vault key, index of the slot that gave it); every slot is tried, whatever opens."""
    numbered = [
        (index, slot)
        for index, slot in enumerate(body["slots"])
        if slot["kind"] == PASSPHRASE
    ]
    tried = [(_try(body["vault"], slot, passphrase), index) for index, slot in numbered]
    opened = [(key, index) for key, index in tried if key is not None]
    if not opened:
        raise WrongPassphrase(
            "The passphrase is wrong." if numbered else "No passphrase opens this vault.",
            hint="try again; capitals and the keyboard layout matter"
            if numbered
            else "it has other key slots only",
        )
    key, index = opened[0]
    header.verify(body, key)
    return key, index


def _try(vault: str, slot: Body, passphrase: str) -> bytes | None:
    salt, cost = _kdf(slot.get("kdf"))
    nonce = header.bytes_of(slot.get("nonce"), NONCE_BYTES)
    wrapped = header.bytes_of(slot.get("wrapped"), KEY_BYTES + TAG_BYTES)
    bound = bind(vault, slot["id"], slot["kind"])
    return unwrap(derive(passphrase, salt, cost), nonce, wrapped, bound)


def _kdf(said: object) -> tuple[bytes, Cost]:
    if not isinstance(said, dict) or said.get("name") != "argon2id":
        raise _damaged("a key slot has no Argon2id parameters")
    numbers = [said.get(name) for name in Cost.__struct_fields__]
    if not all(type(number) is int for number in numbers):
        raise _damaged("a key slot's cost is not given in numbers")
    cost = msgspec.convert(dict(zip(Cost.__struct_fields__, numbers, strict=True)), Cost)
    if not cost.allowed():
        raise _damaged("a key slot's cost is outside what is allowed")
    return header.bytes_of(said.get("salt"), SALT_BYTES), cost


def _damaged(what: str) -> DamagedError:
    return HeaderDamaged(f"keyslots.json is damaged: {what}.", hint=header.FROM_BACKUP)


def _set_aside(folder: Path) -> None:
    path = folder / header.NAME
    if path.exists():
        path.rename(folder / f"keyslots-{new_id()}.json")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
