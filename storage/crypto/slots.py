"""Key slots: the ways from a secret (typed, printed, kept elsewhere) to the vault key."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
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
    subkey_of,
    tune,
)
from storage.errors import DamagedError, Refused, WrongPassphrase
from storage.private import make_private
from storage.record import new_id

__all__ = [
    "HeaderDamaged",
    "HeaderMissing",
    "WrongKit",
    "change_passphrase",
    "create",
    "has_vault",
    "unlock",
    "vault_id",
]

NONCE_BYTES = 12
TAG_BYTES = 16
PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind of slot
COMMAND, RECOVERY, KEYRING = "command", "recovery", "keyring"

Secret = str | bytes
"""Text goes through Argon2id; 32 random bytes need no stretching."""


class WrongKit(WrongPassphrase):
    """A well-typed recovery kit that opens no slot of this vault."""


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
            "slots": [new_slot(vault, key, PASSPHRASE, passphrase, cost)],
            "public": {},
        }
        header.write(folder, body, key, replace=False)
    return key


def unlock(folder: Path, secret: Secret, *kinds: str) -> bytes:
    """The vault key, by a slot of these kinds (default: passphrase).

    NoVault, HeaderMissing, HeaderDamaged, TooNew, WrongPassphrase.
    """
    body = header.read(folder)
    return _open(body, secret, kinds or (PASSPHRASE,))[0]


@contextmanager
def editing(folder: Path, key: bytes) -> Iterator[Body]:
    """The header, to change: checked with the key, written when the block ends well."""
    with header.exclusive(folder):
        body = header.read(folder)
        header.verify(body, key)
        yield body
        header.write(folder, body, key)


def change_passphrase(
    folder: Path, old: str, new: str, *, cost: Cost | None = None
) -> Cost:
    """Put a new passphrase in the place of an old one; the vault key stays the same.

    Without a `cost` this machine is measured; returns the cost. Other slots are left alone.
    """
    passphrase_bytes(new)
    with header.exclusive(folder):
        body = header.read(folder)
        key, index = _open(body, old, (PASSPHRASE,))
        cost = cost or tune()
        fresh = new_slot(body["vault"], key, PASSPHRASE, new, cost)
        body["slots"][index] = fresh
        header.write(folder, body, key)
    return cost


def new_slot(
    vault: str,
    key: bytes,
    kind: str,
    secret: Secret,
    cost: Cost = DEFAULT,
    *,
    id: str = "",
) -> Body:
    """A slot that this secret opens: text by Argon2id at this cost, bytes by HKDF."""
    slot = id or new_id()
    salt = os.urandom(SALT_BYTES)
    nonce = os.urandom(NONCE_BYTES)
    kdf = _stretched(cost) if isinstance(secret, str) else {"name": "hkdf-sha256"}
    bound = bind(vault, slot, kind)
    wrapped = wrap(_slot_key(kind, secret, salt, cost), nonce, key, bound)
    return {
        "id": slot,
        "kind": kind,
        "created": _now(),
        "kdf": kdf | {"salt": header.text_of(salt)},
        "nonce": header.text_of(nonce),
        "wrapped": header.text_of(wrapped),
    }


def _stretched(cost: Cost) -> Body:
    return {"name": "argon2id", **msgspec.structs.asdict(cost)}


def _slot_key(kind: str, secret: Secret, salt: bytes, cost: Cost) -> bytes:
    if isinstance(secret, str):
        return derive(secret, salt, cost)
    return subkey_of(secret, salt, f"mana/{kind}")


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


def _open(body: Body, secret: Secret, kinds: tuple[str, ...]) -> tuple[bytes, int]:
    """(vault key, index of the slot that gave it); every slot is tried, whatever opens."""
    numbered = [
        (index, slot) for index, slot in enumerate(body["slots"]) if slot["kind"] in kinds
    ]
    tried = [(try_slot(body["vault"], slot, secret), index) for index, slot in numbered]
    opened = [(key, index) for key, index in tried if key is not None]
    if not opened:
        raise _wrong(secret, anything=bool(numbered))
    key, index = opened[0]
    header.verify(body, key)
    return key, index


def _wrong(secret: Secret, *, anything: bool) -> WrongPassphrase:
    if isinstance(secret, bytes):
        return WrongKit(
            "This recovery kit does not open this vault."
            if anything
            else "This vault has no recovery kit.",
            hint="a newer kit replaces older ones" if anything else "mana recovery new",
        )
    return WrongPassphrase(
        "The passphrase is wrong." if anything else "No passphrase opens this vault.",
        hint="try again; capitals and the keyboard layout matter"
        if anything
        else "it has other key slots only",
    )


def try_slot(vault: str, slot: Body, secret: Secret) -> bytes | None:
    """The vault key if the secret opens this slot, else None; HeaderDamaged."""
    salt, cost = _kdf(
        slot.get("kdf"), "argon2id" if isinstance(secret, str) else "hkdf-sha256"
    )
    nonce = header.bytes_of(slot.get("nonce"), NONCE_BYTES)
    wrapped = header.bytes_of(slot.get("wrapped"), KEY_BYTES + TAG_BYTES)
    bound = bind(vault, slot["id"], slot["kind"])
    return unwrap(_slot_key(slot["kind"], secret, salt, cost), nonce, wrapped, bound)


def _kdf(said: object, name: str) -> tuple[bytes, Cost]:
    """(salt, cost) of a slot's parameters, which must be for this way of derivation."""
    if not isinstance(said, dict) or said.get("name") != name:
        raise _damaged(f"a key slot has no {name} parameters")
    cost = DEFAULT
    if name == "argon2id":
        cost = cost_of(said)
        if not cost.allowed():
            raise _damaged("a key slot's cost is outside what is allowed")
    return header.bytes_of(said.get("salt"), SALT_BYTES), cost


def cost_of(said: Body) -> Cost:
    """The cost that Argon2id parameters name; HeaderDamaged when they are not numbers."""
    numbers = [said.get(name) for name in Cost.__struct_fields__]
    if not all(type(number) is int for number in numbers):
        raise _damaged("a key slot's cost is not given in numbers")
    return msgspec.convert(dict(zip(Cost.__struct_fields__, numbers, strict=True)), Cost)


def _damaged(what: str) -> DamagedError:
    return HeaderDamaged(f"keyslots.json is damaged: {what}.", hint=header.FROM_BACKUP)


def _set_aside(folder: Path) -> None:
    path = folder / header.NAME
    if path.exists():
        path.rename(folder / f"keyslots-{new_id()}.json")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
