"""Opens a sealed envelope from storage/README.md alone: shares no code with the program.

HPKE and X-Wing are written out, so that what is on disk is the standard's and not what
one library makes of it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import (
    X25519PrivateKey,
    X25519PublicKey,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SUITE = b"HPKE" + bytes.fromhex("647a 0001 0002")


def raw(public: Any) -> bytes:
    return public.public_bytes_raw()


def labeled_extract(salt: bytes, label: bytes, key: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + SUITE + label + key, "sha256")


def labeled_expand(key: bytes, label: bytes, info: bytes, size: int) -> bytes:
    said = size.to_bytes(2, "big") + b"HPKE-v1" + SUITE + label + info + b"\x01"
    return hmac.digest(key, said, "sha256")[:size]


def xwing_keys(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    expanded = hashlib.shake_256(seed).digest(96)
    return (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
        X25519PrivateKey.from_private_bytes(expanded[64:]),
    )


def xwing_public(seed: bytes) -> bytes:
    lattice, curve = xwing_keys(seed)
    return raw(lattice.public_key()) + raw(curve.public_key())


def xwing_shared(enc: bytes, seed: bytes) -> bytes:
    lattice, curve = xwing_keys(seed)
    of_lattice = lattice.decapsulate(enc[:1088])
    of_curve = curve.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    label = b"\\.//^\\"
    return hashlib.sha3_256(
        of_lattice + of_curve + enc[1088:] + raw(curve.public_key()) + label
    ).digest()


def hpke_open(sealed: bytes, seed: bytes, info: bytes) -> bytes:
    secret = labeled_extract(xwing_shared(sealed[:1120], seed), b"secret", b"")
    nobody = labeled_extract(b"", b"psk_id_hash", b"")
    context = b"\x00" + nobody + labeled_extract(b"", b"info_hash", info)
    key = labeled_expand(secret, b"key", context, 32)
    nonce = labeled_expand(secret, b"base_nonce", context, 12)
    return AESGCM(key).decrypt(nonce, sealed[1120:], b"")


class Envelope(NamedTuple):
    head: dict[str, Any]
    content: bytes


def key_id(public: bytes) -> str:
    return hashlib.sha256(public).digest()[:16].hex()


def open_envelope(data: bytes, seed: bytes, signers: dict[str, bytes]) -> Envelope:
    """The head and the content; an exception when anything is wrong."""
    assert data[:8] == b"manaseal"
    assert data[8] == 1
    size = int.from_bytes(data[9:13], "big")
    head = json.loads(data[13 : 13 + size])
    begin = 13 + size + 4
    end = begin + int.from_bytes(data[begin - 4 : begin], "big")
    assert len(data) == end + 64
    public = signers[head["signer"]]
    assert key_id(public) == head["signer"]
    Ed25519PublicKey.from_public_bytes(public).verify(
        data[end:], b"mana signature 1\0" + data[:end]
    )
    assert head["to"] == key_id(xwing_public(seed))
    plain = hpke_open(data[begin:end], seed, b"mana envelope 1\0" + data[:begin])
    length = int.from_bytes(plain[:4], "big")
    assert not any(plain[4 + length :])
    return Envelope(head, plain[4 : 4 + length])


def open_vector(vector: dict[str, Any]) -> Envelope:
    """The envelope of `vectors/envelope-1.json`."""
    public = bytes.fromhex(vector["signer_public"])
    return open_envelope(
        base64.b64decode(vector["envelope"]),
        bytes.fromhex(vector["recipient_seed"]),
        {key_id(public): public},
    )
