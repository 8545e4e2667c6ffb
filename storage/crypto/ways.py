"""The ways into a vault: which there are, adding and removing them.

Every function that changes something needs the vault key: the header is signed with it.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from storage.crypto import header, slots
from storage.crypto.header import Body
from storage.crypto.kdf import DEFAULT, KEY_BYTES, Cost, passphrase_bytes
from storage.crypto.slots import COMMAND, KEYRING, PASSPHRASE, RECOVERY, Secret
from storage.errors import NotFound, Refused, UnavailableError
from storage.record import new_id

HUMAN = (PASSPHRASE, RECOVERY)
"""Ways a person can use with nothing but themselves and what they keep."""

WORDS = {
    PASSPHRASE: "passphrase",
    RECOVERY: "recovery kit",
    KEYRING: "this system's keyring",
    COMMAND: "password_command",
}


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """A key slot without its secrets; `cost` where guesses are slowed down."""

    id: str
    kind: str
    created: str
    cost: Cost | None = None


def listed(folder: Path) -> list[Way]:
    """The ways into this vault, oldest first; needs no key."""
    return [_way(slot) for slot in header.read(folder)["slots"]]


def find(folder: Path, id: str) -> Way:
    """One way by its id or the end of it; NotFound."""
    return _way(_named(header.read(folder), id))


def add(folder: Path, key: bytes, kind: str, secret: Secret, cost: Cost = DEFAULT) -> Way:
    """Let this secret open the vault as well. Refused when there are too many ways."""
    if isinstance(secret, str):
        passphrase_bytes(secret)
    with slots.editing(folder, key) as body:
        return _way(_append(body, slots.new_slot(body["vault"], key, kind, secret, cost)))


def set_kit(folder: Path, key: bytes, secret: bytes) -> Way:
    """Let this recovery kit open the vault, and no older one."""
    with slots.editing(folder, key) as body:
        body["slots"] = [one for one in body["slots"] if one["kind"] != RECOVERY]
        return _way(_append(body, slots.new_slot(body["vault"], key, RECOVERY, secret)))


def reset_passphrase(folder: Path, key: bytes, new: str, cost: Cost) -> Way:
    """Put a new passphrase in the place of the one there is, without that one.

    Refused when there are several: which was forgotten, nobody can tell.
    """
    passphrase_bytes(new)
    with slots.editing(folder, key) as body:
        old = [one for one in body["slots"] if one["kind"] == PASSPHRASE]
        if len(old) > 1:
            raise Refused(
                f"This vault has {len(old)} passphrases.",
                hint="mana slots list; remove the forgotten one, then add a new one",
            )
        body["slots"] = [one for one in body["slots"] if one not in old]
        return _way(
            _append(body, slots.new_slot(body["vault"], key, PASSPHRASE, new, cost))
        )


def remove(folder: Path, key: bytes, id: str) -> Way:
    """End one way, named by its id or the end of it; NotFound, Refused for the
    last one that a person can use."""
    with slots.editing(folder, key) as body:
        slot = _named(body, id)
        kept = [one for one in body["slots"] if one is not slot]
        if not any(one["kind"] in HUMAN for one in kept):
            raise Refused(
                f"This {WORDS[slot['kind']]} is the last way in that you can use yourself.",
                hint="mana recovery new, or mana slots add passphrase",
            )
        body["slots"] = kept
    return _way(slot)


# --- the system's keyring ------------------------------------------------------------------


def add_ring(folder: Path, key: bytes) -> Way:
    """Let this system's keyring open the vault; Refused where there is none that
    encrypts."""
    from storage.crypto import ring

    secret, id = os.urandom(KEY_BYTES), new_id()
    if not ring.usable():
        raise Refused(
            "This system has no keyring that encrypts what it holds.",
            hint="mana slots add command, or mana unlock --for 8h",
        )
    ring.put(_ring_name(id), secret)
    with slots.editing(folder, key) as body:
        slot = slots.new_slot(body["vault"], key, KEYRING, secret, id=id)
        return _way(_append(body, slot))


def unlock_by_ring(folder: Path) -> bytes | None:
    """The vault key if a slot of the keyring gives it without asking anybody, else None."""
    body = header.read(folder)
    of_ring = [slot for slot in body["slots"] if slot["kind"] == KEYRING]
    for slot in of_ring:
        secret = _secret_in_ring(slot["id"])
        key = slots.try_slot(body["vault"], slot, secret) if secret else None
        if key is not None:
            header.verify(body, key)
            return key
    return None


def forget_ring(id: str) -> bool:
    """Take the secret of a removed slot out of the keyring; whether that was possible."""
    from storage.crypto import ring

    try:
        return ring.remove(_ring_name(id))
    except UnavailableError:
        return False


def _secret_in_ring(id: str) -> bytes | None:
    from storage.crypto import ring

    try:
        found = ring.get(_ring_name(id))
    except UnavailableError:
        return None  # no session bus, a locked ring: the other ways are tried
    return found if found and len(found) == KEY_BYTES else None


def _ring_name(id: str) -> str:
    return f"slot-{id}"


# --- slots ------------------------------------------------------------------------------------


def _append(body: Body, slot: Body) -> Body:
    if len(body["slots"]) >= header.MOST_SLOTS:
        raise Refused(
            f"A vault has at most {header.MOST_SLOTS} key slots.", hint="mana slots list"
        )
    body["slots"].append(slot)
    return slot


def _named(body: Body, id: str) -> Body:
    found = [
        slot
        for slot in body["slots"]
        if id and (slot["id"] == id or slot["id"].endswith(id.casefold()))
    ]
    if len(found) != 1:
        raise NotFound(
            f"There is no key slot {id!r}." if not found else f"{id!r} names several.",
            hint="mana slots list",
        )
    return found[0]


def _way(slot: Body) -> Way:
    kdf = slot.get("kdf")
    stretched = isinstance(kdf, dict) and kdf.get("name") == "argon2id"
    return Way(
        id=slot["id"],
        kind=slot["kind"],
        created=str(slot.get("created", ""))[:40],
        cost=slots.cost_of(kdf) if stretched else None,  # type: ignore[arg-type]
    )
