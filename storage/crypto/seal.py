"""Envelopes: sealed for one key, signed by another, their public head bound to both.

The format is in storage/README.md, "Envelopes".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from storage.crypto import pairs
from storage.errors import DamagedError, Refused, TooNew, UserError

MAGIC, VERSION = b"manaseal", 1
START = len(MAGIC) + 1
MOST_HEAD = 16 * 1024
MOST_PADDED = 16 * 2**20
ENC, TAG = 1120, 16
MOST_SEALED = MOST_PADDED + ENC + TAG
BUCKETS = (256, 1024, 4096, 16384, 65536)
INFO = b"mana envelope 1\0"
SIGNED = b"mana signature 1\0"


class EnvelopeDamaged(DamagedError):
    """A sealed envelope is not what was written, or not one at all."""


class WrongRecipient(Refused):
    """An envelope was sealed for another key."""


class UnknownSigner(Refused):
    """An envelope was signed by nobody we know."""


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What may be seen of an envelope: its kind, the vault's, the space's (empty: the
    personal one) and its own id, the ids of the two keys, and public facts."""

    kind: str
    vault: str
    space: str
    id: str
    to: str
    signer: str
    facts: dict[str, str]


class Opened(NamedTuple):
    """An envelope's head and content."""

    head: Head
    content: bytes


class _Parts(NamedTuple):
    head: Head
    before: bytes
    sealed: bytes
    signed: bytes
    signature: bytes


def seal(
    content: bytes,
    *,
    kind: str,
    vault: str,
    space: str,
    id: str,
    to: bytes,
    seed: bytes,
    facts: dict[str, str] | None = None,
) -> bytes:
    """Seal content for the public key `to`, signed with an Ed25519 `seed`.

    UserError when the content or the facts are too large.
    """
    signer = pairs.key_id(pairs.signing_public(seed))
    head = Head(
        kind=kind,
        vault=vault,
        space=space,
        id=id,
        to=pairs.key_id(to),
        signer=signer,
        facts=facts or {},
    )
    said = msgspec.json.encode(head)
    if len(said) > MOST_HEAD:
        raise UserError("Too much is to be public about an envelope.")
    plain = _padded(content)
    length = len(plain) + ENC + TAG
    before = b"".join(
        (MAGIC, bytes([VERSION]), len(said).to_bytes(4), said, length.to_bytes(4))
    )
    signed = before + _suite().encrypt(plain, pairs.receiver(to), INFO + before)
    return signed + pairs.sign(seed, SIGNED + signed)


def head_of(data: bytes) -> Head:
    """The head, before anything of it is known to be true; EnvelopeDamaged, TooNew."""
    return _parse(data).head


def unseal(data: bytes, *, seed: bytes, signer: Callable[[str], bytes | None]) -> Opened:
    """Open an envelope with a receiving seed; `signer` gives a public key by its id.

    TooNew, UnknownSigner, WrongRecipient, EnvelopeDamaged: content is given only when
    every byte is as it was written.
    """
    parts = _parse(data)
    public = signer(parts.head.signer)
    if public is None:
        raise UnknownSigner("A sealed envelope was signed by nobody this vault knows.")
    if pairs.key_id(public) != parts.head.signer or not pairs.signed_by(
        public, parts.signature, SIGNED + parts.signed
    ):
        raise _damaged("its signature does not fit")
    if parts.head.to != pairs.key_id(pairs.receiving_public(seed)):
        raise WrongRecipient("A sealed envelope is for another vault's key.")
    return Opened(parts.head, _content(_open(parts, seed)))


def _open(parts: _Parts, seed: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag

    try:
        return _suite().decrypt(
            parts.sealed, pairs.receiving_key(seed), INFO + parts.before
        )
    except InvalidTag:
        raise _damaged("it does not open") from None


def _suite() -> Any:
    from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


# --- form --------------------------------------------------------------------------------


def _parse(data: bytes) -> _Parts:
    if data[: len(MAGIC)] != MAGIC or len(data) <= START:
        raise _damaged("it does not begin like one")
    version = data[START - 1]
    if version != VERSION:
        raise TooNew(
            f"A sealed envelope has format {version}; this program reads {VERSION}.",
            hint="update mana",
        )
    said, at = _part(data, START, MOST_HEAD)
    sealed, end = _part(data, at, MOST_SEALED)
    if len(data) != end + pairs.SIGNATURE_BYTES:
        raise _damaged("its length does not fit")
    return _Parts(_head(said), data[: at + 4], sealed, data[:end], data[end:])


def _part(data: bytes, at: int, most: int) -> tuple[bytes, int]:
    """(the bytes of a part that begins with its length, where it ends)."""
    size = int.from_bytes(data[at : at + 4])
    end = at + 4 + size
    if len(data) < at + 4 or size > most or end > len(data):
        raise _damaged("a length in it is wrong")
    return data[at + 4 : end], end


def _head(said: bytes) -> Head:
    try:
        json.loads(said.decode("utf-8"), object_pairs_hook=_unique)
        return msgspec.json.decode(said, type=Head)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise _damaged("its head cannot be read") from None


def _unique(pairs_: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs_)
    if len(found) != len(pairs_):
        raise ValueError("a name twice")
    return found


# --- length tells little ---------------------------------------------------------------------


def _padded(content: bytes) -> bytes:
    wanted = len(content) + 4
    if wanted > MOST_PADDED:
        raise UserError("This is too large for one envelope.")
    last = BUCKETS[-1]
    size = next((b for b in BUCKETS if b >= wanted), -(-wanted // last) * last)
    return len(content).to_bytes(4) + content + bytes(size - wanted)


def _content(plain: bytes) -> bytes:
    size = int.from_bytes(plain[:4])
    content = plain[4 : 4 + size]
    if _padded(content) != plain:
        raise _damaged("what is in it has the wrong form")
    return content


def _damaged(what: str) -> EnvelopeDamaged:
    return EnvelopeDamaged(f"A sealed envelope is damaged: {what}.")
