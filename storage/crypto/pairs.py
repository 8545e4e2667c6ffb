"""Key pairs from 32-byte seeds: X-Wing to receive, Ed25519 to sign.

The format is in storage/README.md, "Key pairs".
"""

from __future__ import annotations

import os
from typing import Any

from storage.errors import DamagedError

SEED_BYTES = 32
SIGNATURE_BYTES = 64
RECEIVING, SIGNING = "seal", "sign"
SIZES = {RECEIVING: 1184 + 32, SIGNING: 32}
"""Bytes of the public keys, by name in the header."""

_LATTICE_SEED, _LATTICE_PUBLIC = 64, 1184


def new_seed() -> bytes:
    """A new private half."""
    return os.urandom(SEED_BYTES)


def key_id(public: bytes) -> str:
    """How a public key is named: half its SHA-256, in hexadecimal."""
    from hashlib import sha256

    return sha256(public).hexdigest()[:32]


def public_of(name: str, seed: bytes) -> bytes:
    """The public half of a seed that is for this (`seal` or `sign`)."""
    return receiving_public(seed) if name == RECEIVING else signing_public(seed)


# --- to receive ------------------------------------------------------------------------


def receiving_key(seed: bytes) -> Any:
    """The private key HPKE opens with."""
    from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

    return MLKEM768X25519PrivateKey(*_halves(seed))


def receiving_public(seed: bytes) -> bytes:
    """1,216 bytes that others seal for."""
    lattice, curve = _halves(seed)
    return lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()


def receiver(public: bytes) -> Any:
    """The public key HPKE seals for; DamagedError when these bytes are none."""
    from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PublicKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
    from cryptography.hazmat.primitives.hpke import MLKEM768X25519PublicKey

    try:
        lattice = MLKEM768PublicKey.from_public_bytes(public[:_LATTICE_PUBLIC])
        curve = X25519PublicKey.from_public_bytes(public[_LATTICE_PUBLIC:])
    except ValueError:
        raise DamagedError("This is not a public key to seal for.") from None
    return MLKEM768X25519PublicKey(lattice, curve)


def _halves(seed: bytes) -> tuple[Any, Any]:
    from hashlib import shake_256

    from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    expanded = shake_256(seed).digest(_LATTICE_SEED + 32)
    lattice = MLKEM768PrivateKey.from_seed_bytes(expanded[:_LATTICE_SEED])
    return lattice, X25519PrivateKey.from_private_bytes(expanded[_LATTICE_SEED:])


# --- to sign -----------------------------------------------------------------------------


def signing_public(seed: bytes) -> bytes:
    """32 bytes that signatures are checked with."""
    return _signer(seed).public_key().public_bytes_raw()


def sign(seed: bytes, data: bytes) -> bytes:
    """A signature, 64 bytes."""
    return _signer(seed).sign(data)


def signed_by(public: bytes, signature: bytes, data: bytes) -> bool:
    """Whether this key's owner signed exactly this."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def _signer(seed: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed)
