"""A vault's key pairs and the devices it knows: private halves inside, public ones in the
header. The format is in storage/README.md, "Key pairs"."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from storage.crypto import header, pairs
from storage.crypto.slots import editing

if TYPE_CHECKING:
    from storage.vault import Vault


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A device whose signatures this vault knows; `public` in base64, `since` RFC 3339."""

    public: str
    device: str
    since: str


def ensure(vault: Vault) -> bytes:
    """Give the vault its key pairs if it has none, and its header the public halves.

    Returns the public key to seal for. What is in the vault wins over what the header
    says. TooNew for a vault that can only be read here.
    """
    public = {name: pairs.public_of(name, _made(vault, name)) for name in pairs.SIZES}
    said = {name: header.text_of(value) for name, value in public.items()}
    folder = vault.db.path.parent
    present = _public(header.read(folder))
    if any(present.get(name) != value for name, value in said.items()):
        with editing(folder, vault.db.key()) as body:
            body["public"] = _public(body) | said
    return public[pairs.RECEIVING]


def published(folder: Path) -> bytes | None:
    """The key to seal for, as the header says; None in a vault not unlocked since it was
    made by an older program. DamagedError when the header is damaged."""
    said = _public(header.read(folder)).get(pairs.RECEIVING)
    if said is None:
        return None
    return header.bytes_of(said, pairs.SIZES[pairs.RECEIVING])


def receiving_seed(vault: Vault) -> bytes | None:
    """The private half of what is sealed for this vault; None if it has no pairs yet."""
    return _seed(vault, pairs.RECEIVING)


def know(vault: Vault, public: bytes, device: str) -> None:
    """Take a device's signatures for genuine from now on; nothing happens if it is known."""
    name = _signer(pairs.key_id(public))
    if vault.meta(name) is None:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        one = Device(public=b64encode(public).decode(), device=device[:100], since=since)
        vault.meta(name, msgspec.json.encode(one).decode())


def signer(vault: Vault, id: str) -> bytes | None:
    """The public key of a known device by its key id, or None."""
    said = vault.meta(_signer(id))
    return (
        None if said is None else b64decode(msgspec.json.decode(said, type=Device).public)
    )


def _public(body: header.Body) -> dict[str, object]:
    said = body.get("public")
    return said if isinstance(said, dict) else {}


def _signer(id: str) -> str:
    return f"signer {id}"


def _seed(vault: Vault, name: str) -> bytes | None:
    said = vault.meta(f"seed {name}")
    return None if said is None else bytes.fromhex(said)


def _made(vault: Vault, name: str) -> bytes:
    found = _seed(vault, name)
    if found is not None:
        return found
    with vault.writing("Key pairs"):  # looked at again: another process may have been first
        found = _seed(vault, name) or pairs.new_seed()
        vault.meta(f"seed {name}", found.hex())
    return found
