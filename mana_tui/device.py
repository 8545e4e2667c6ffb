"""The key of this device: what it signs captures with while the vault is locked."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mana_tui.paths import Paths

if TYPE_CHECKING:
    from storage.vault import Vault

FILE = "signing.json"


class Signing(msgspec.Struct, frozen=True, kw_only=True):
    """For the vault of this id: an Ed25519 seed and the id of the key to seal for."""

    vault: str
    seed: str
    to: str


def signing(paths: Paths) -> Signing | None:
    """The device's key for the vault that is there now; None before the first unlock.

    It is no secret of the vault: a damaged file is as good as none, the next unlock makes
    another.
    """
    from storage.crypto.header import vault_id
    from storage.private import check_private

    try:
        check_private(_file(paths))
        found = msgspec.json.decode(_file(paths).read_bytes(), type=Signing)
        bytes.fromhex(found.seed)
    except (OSError, msgspec.DecodeError, ValueError):
        return None
    return found if found.vault == vault_id(paths.data) else None


def is_known(paths: Paths) -> bool:
    """Whether this device can seal for the vault that is there: cheap, needs no key."""
    from storage.crypto.pairs import key_id
    from storage.identity import published

    own, to = signing(paths), published(paths.data)
    return own is not None and to is not None and key_id(to) == own.to


def sign_in(paths: Paths, vault: Vault) -> None:
    """Make the vault and this device know each other's keys; nothing when they do.

    Needed before anything can be captured while the vault is locked.
    """
    from storage import identity
    from storage.crypto import pairs
    from storage.crypto.header import vault_id
    from storage.private import write_private

    if vault.read_only:
        return
    to = pairs.key_id(identity.ensure(vault))
    known = signing(paths)
    seed = bytes.fromhex(known.seed) if known else pairs.new_seed()
    identity.know(vault, pairs.signing_public(seed), platform.node() or "a device")
    fresh = Signing(vault=vault_id(paths.data), seed=seed.hex(), to=to)
    if fresh != known:
        paths.make_state()
        write_private(_file(paths), msgspec.json.encode(fresh) + b"\n")


def _file(paths: Paths) -> Path:
    return paths.state / FILE
