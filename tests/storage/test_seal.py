"""Envelopes: opened by who they are for, byte for byte, or not at all."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.crypto import pairs, seal
from storage.errors import DamagedError, ManaError, TooNew, UserError
from tests.storage import envelope_reader

VECTOR = json.loads((Path(__file__).parent / "vectors" / "envelope-1.json").read_text())
SEED, SIGNER = bytes(range(32)), bytes(range(100, 132))
STRANGER = bytes(range(50, 82))
PUBLIC = pairs.receiving_public(SEED)
KNOWN = {pairs.key_id(p): p for p in [pairs.signing_public(SIGNER)]}


def make(
    content: bytes = b"buy milk", *, seed: bytes = SIGNER, to: bytes = PUBLIC
) -> bytes:
    return seal.seal(
        content, kind="capture", vault="v" * 26, space="", id="c" * 26, to=to, seed=seed
    )


def open_(data: bytes, *, seed: bytes = SEED) -> seal.Opened:
    return seal.unseal(data, seed=seed, signer=KNOWN.get)


@lru_cache
def one() -> bytes:
    return make()


# --- the format -----------------------------------------------------------------------


def test_the_published_envelope_opens() -> None:
    data = envelope_reader.base64.b64decode(VECTOR["envelope"])
    public = bytes.fromhex(VECTOR["signer_public"])
    opened = seal.unseal(
        data,
        seed=bytes.fromhex(VECTOR["recipient_seed"]),
        signer={VECTOR["signer_id"]: public}.get,
    )
    assert opened.content.decode() == VECTOR["content"]
    assert opened.head.id == VECTOR["head"]["id"]
    assert pairs.signing_public(bytes.fromhex(VECTOR["signer_seed"])) == public


def test_the_independent_reader_opens_the_published_envelope() -> None:
    found = envelope_reader.open_vector(VECTOR)
    assert found.content.decode() == VECTOR["content"]
    assert found.head == VECTOR["head"]


@given(st.binary(max_size=3000))
def test_an_independent_reader_opens_what_we_seal(content: bytes) -> None:
    found = envelope_reader.open_envelope(make(content), SEED, KNOWN)
    assert found.content == content
    assert found.head["facts"] == {}


def test_an_independent_reader_makes_the_same_public_key() -> None:
    assert envelope_reader.xwing_public(SEED) == PUBLIC
    assert len(PUBLIC) == pairs.SIZES[pairs.RECEIVING]


# --- what can be wrong ---------------------------------------------------------------------


def test_every_changed_byte_is_noticed() -> None:
    """Not one byte of an envelope can change without an error of ours."""
    data = one()
    for place in range(len(data)):
        for bit in (1, 128):
            changed = bytearray(data)
            changed[place] ^= bit
            with pytest.raises((DamagedError, TooNew, seal.UnknownSigner)):
                open_(bytes(changed))


def test_every_cut_and_every_addition_is_noticed() -> None:
    data = one()
    for end in range(len(data)):
        with pytest.raises(DamagedError):
            open_(data[:end])
    with pytest.raises(DamagedError):
        open_(data + b"\0")


@given(st.binary(max_size=400))
def test_garbage_is_damaged(data: bytes) -> None:
    for hostile in (data, seal.MAGIC + b"\1" + data, one()[:60] + data):
        with pytest.raises(DamagedError):
            open_(hostile)


def test_a_newer_version_is_named() -> None:
    data = bytearray(one())
    data[8] = 2
    with pytest.raises(TooNew, match="format 2"):
        open_(bytes(data))


def test_another_recipient_is_named() -> None:
    with pytest.raises(seal.WrongRecipient):
        open_(make(to=pairs.receiving_public(STRANGER)))


def test_an_unknown_signer_is_named() -> None:
    with pytest.raises(seal.UnknownSigner):
        open_(make(seed=STRANGER))


def resigned(data: bytes, seed: bytes, *, head: tuple[bytes, bytes] = (b"", b"")) -> bytes:
    """An envelope changed and signed by somebody else, who cannot open it."""
    signed = data[: -pairs.SIGNATURE_BYTES].replace(*head)
    return signed + pairs.sign(seed, seal.SIGNED + signed)


def test_a_known_signer_cannot_sign_what_another_sealed() -> None:
    """Stripping a signature and adding one's own does not make it one's own."""
    other = pairs.signing_public(STRANGER)
    both = KNOWN | {pairs.key_id(other): other}
    ids = (next(iter(KNOWN)).encode(), pairs.key_id(other).encode())
    stolen = resigned(one(), STRANGER, head=ids)
    with pytest.raises(seal.EnvelopeDamaged, match="does not open"):
        seal.unseal(stolen, seed=SEED, signer=both.get)


def test_what_is_public_is_bound_to_what_is_sealed() -> None:
    moved = resigned(one(), SIGNER, head=(b"v" * 26, b"w" * 26))
    with pytest.raises(seal.EnvelopeDamaged, match="does not open"):
        open_(moved)


@pytest.mark.parametrize(
    "head",
    [
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 16000,
        b'{"kind": 1}',
        one()[13 : 13 + int.from_bytes(one()[9:13])].replace(
            b'"facts":{}', b'"facts":{},"x":1'
        ),
        one()[13 : 13 + int.from_bytes(one()[9:13])].replace(
            b'"facts":{}', b'"facts":{},"kind":"capture"'
        ),
    ],
)
def test_a_head_of_another_form_is_damaged(head: bytes) -> None:
    data = (
        one()[:9] + len(head).to_bytes(4) + head + one()[13 + int.from_bytes(one()[9:13]) :]
    )
    with pytest.raises(seal.EnvelopeDamaged, match="head cannot be read"):
        open_(data)


def test_lengths_are_bounded_before_anything_is_read() -> None:
    for at in (9, 13 + int.from_bytes(one()[9:13])):
        data = one()[:at] + b"\xff" * 4 + one()[at + 4 :]
        with pytest.raises(seal.EnvelopeDamaged, match="length"):
            open_(data)


@pytest.mark.parametrize(
    "plain", [bytes(255), b"\0\0\0\5hello" + b"\1" * 247, b"\xff" * 256, bytes(512)]
)
def test_padding_that_is_not_zeros_is_damaged(plain: bytes) -> None:
    with pytest.raises(seal.EnvelopeDamaged):
        seal._content(plain)


def test_a_public_key_that_is_none_is_refused() -> None:
    for bad in (b"", bytes(31), PUBLIC[:-1], b"\xff" * 1216):
        with pytest.raises(DamagedError):
            make(to=bad)


# --- what a length tells -------------------------------------------------------------------


def test_length_tells_only_the_bucket() -> None:
    sizes = {len(make(b"x" * n)) for n in range(0, 252, 36)}
    assert len(sizes) == 1
    assert len(make(b"x" * 253)) > max(sizes)
    assert len(seal._padded(bytes(70_000))) == 131_072


def test_too_much_is_refused() -> None:
    with pytest.raises(UserError):
        make(bytes(seal.MOST_PADDED))
    with pytest.raises(UserError):
        seal.seal(
            b"",
            kind="capture",
            vault="",
            space="",
            id="",
            to=PUBLIC,
            seed=SIGNER,
            facts={"x": "y" * 20_000},
        )


def test_the_same_line_is_never_sealed_alike() -> None:
    assert make() != make()


def test_every_error_is_one_of_ours() -> None:
    assert issubclass(seal.EnvelopeDamaged, DamagedError)
    assert issubclass(seal.UnknownSigner, ManaError)
    assert issubclass(seal.WrongRecipient, ManaError)
