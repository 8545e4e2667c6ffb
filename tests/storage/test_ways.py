"""The ways into a vault: each opens it alone, none can be forged, the last one stays."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from storage.crypto import header, kit, slots, ways
from storage.crypto.kdf import Cost
from storage.crypto.slots import COMMAND, PASSPHRASE, RECOVERY, WrongKit, unlock
from storage.errors import DamagedError, NotFound, Refused, UserError, WrongPassphrase
from tests.storage import header_reader

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
KIT, OTHER = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def key(place: Path) -> bytes:
    return slots.create(place, "pass phrase", cost=CHEAP)


def kinds(folder: Path) -> list[str]:
    return [way.kind for way in ways.listed(folder)]


def edit(folder: Path, key: bytes, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the header and sign it: what remains is what slots themselves refuse."""
    body = json.loads((folder / header.NAME).read_text())
    change(body)
    body["mac"] = header_reader.mac(body, key)
    body["checksum"] = header_reader.checksum(body)
    (folder / header.NAME).write_text(json.dumps(body))


# --- the recovery kit --------------------------------------------------------------------


def test_a_kit_opens_the_vault(place: Path, key: bytes) -> None:
    ways.set_kit(place, key, KIT)
    assert unlock(place, KIT, RECOVERY) == key
    assert unlock(place, "pass phrase") == key
    assert kinds(place) == [PASSPHRASE, RECOVERY]


def test_only_the_newest_kit_opens(place: Path, key: bytes) -> None:
    ways.set_kit(place, key, OTHER)
    ways.set_kit(place, key, KIT)
    assert kinds(place) == [PASSPHRASE, RECOVERY]
    with pytest.raises(WrongKit, match="does not open"):
        unlock(place, OTHER, RECOVERY)


def test_without_a_kit_none_opens(place: Path, key: bytes) -> None:
    with pytest.raises(WrongKit, match="has no recovery kit"):
        unlock(place, KIT, RECOVERY)


def test_a_kit_typed_as_a_passphrase_opens_nothing(place: Path, key: bytes) -> None:
    ways.set_kit(place, key, KIT)
    with pytest.raises(WrongPassphrase):
        unlock(place, " ".join(kit.groups_of(KIT)))


def test_a_slot_of_a_kit_opens_as_the_readme_says(place: Path, key: bytes) -> None:
    """RFC 5869 by hand, and the associated data of every slot."""
    ways.set_kit(place, key, KIT)
    body = json.loads((place / header.NAME).read_text())
    slot = body["slots"][1]
    assert slot["kdf"].keys() == {"name", "salt"}
    extracted = header_reader.hmac.digest(
        base64.b64decode(slot["kdf"]["salt"]), KIT, "sha256"
    )
    slot_key = header_reader.hmac.digest(extracted, b"mana/recovery\x01", "sha256")
    found = header_reader.AESGCM(slot_key).decrypt(
        base64.b64decode(slot["nonce"]),
        base64.b64decode(slot["wrapped"]),
        header_reader.bound(body, slot),
    )
    assert found == key


def test_a_kit_is_nowhere_in_the_header(place: Path, key: bytes) -> None:
    ways.set_kit(place, key, KIT)
    text = (place / header.NAME).read_text()
    for trace in (KIT.hex(), base64.b64encode(KIT).decode(), *kit.groups_of(KIT)):
        assert trace not in text.casefold()


@pytest.mark.parametrize(
    "damage",
    [
        lambda slot: slot["kdf"].update(name="argon2id"),
        lambda slot: slot["kdf"].update(name="none"),
        lambda slot: slot["kdf"].update(salt=""),
        lambda slot: slot.update(kdf=None),
        lambda slot: slot.update(nonce="AAAA"),
        lambda slot: slot.update(wrapped=slot["wrapped"][:-4]),
    ],
)
def test_a_damaged_slot_is_a_damaged_header(
    place: Path, key: bytes, damage: Callable[[dict[str, Any]], object]
) -> None:
    ways.set_kit(place, key, KIT)
    edit(place, key, lambda body: damage(body["slots"][1]))
    with pytest.raises(DamagedError):
        unlock(place, KIT, RECOVERY)
    assert unlock(place, "pass phrase") == key


def test_a_slot_does_not_open_as_another_kind(place: Path, key: bytes) -> None:
    ways.set_kit(place, key, KIT)
    edit(place, key, lambda body: body["slots"][1].update(kind="keyring"))
    with pytest.raises(WrongPassphrase):
        unlock(place, KIT, "keyring")


# --- passphrases and commands ---------------------------------------------------------------


def test_what_a_command_says_is_no_passphrase(place: Path, key: bytes) -> None:
    ways.add(place, key, COMMAND, "what it prints", CHEAP)
    assert unlock(place, "what it prints", COMMAND, PASSPHRASE) == key
    assert unlock(place, "pass phrase", COMMAND, PASSPHRASE) == key
    with pytest.raises(WrongPassphrase):
        unlock(place, "what it prints")


def test_a_new_passphrase_with_the_kit(place: Path, key: bytes) -> None:
    ways.set_kit(place, key, KIT)
    ways.reset_passphrase(place, key, "a new one", CHEAP)
    assert unlock(place, "a new one") == key
    with pytest.raises(WrongPassphrase):
        unlock(place, "pass phrase")
    assert unlock(place, KIT, RECOVERY) == key


def test_which_of_two_passphrases_was_forgotten_is_asked(place: Path, key: bytes) -> None:
    ways.add(place, key, PASSPHRASE, "two", CHEAP)
    with pytest.raises(Refused, match="2 passphrases"):
        ways.reset_passphrase(place, key, "three", CHEAP)
    with pytest.raises(UserError):
        ways.reset_passphrase(place, key, "", CHEAP)
    assert unlock(place, "two") == key


# --- removing ---------------------------------------------------------------------------------


def test_the_last_way_a_person_can_use_stays(place: Path, key: bytes) -> None:
    ways.add(place, key, COMMAND, "what it prints", CHEAP)
    only = ways.listed(place)[0].id
    with pytest.raises(Refused, match="last way in"):
        ways.remove(place, key, only)
    ways.set_kit(place, key, KIT)
    ways.remove(place, key, only[-6:])
    assert kinds(place) == [COMMAND, RECOVERY]
    with pytest.raises(Refused, match="last way in"):
        ways.remove(place, key, ways.listed(place)[1].id)
    with pytest.raises(WrongPassphrase):
        unlock(place, "pass phrase")


def test_a_way_that_is_not_there_is_named(place: Path, key: bytes) -> None:
    for id in ("zzzzzz", "", "*"):
        with pytest.raises(NotFound):
            ways.remove(place, key, id)


def test_nothing_changes_without_the_key(place: Path, key: bytes) -> None:
    before = (place / header.NAME).read_bytes()
    with pytest.raises(DamagedError):
        ways.set_kit(place, bytes(32), KIT)
    with pytest.raises(DamagedError):
        ways.add(place, bytes(32), PASSPHRASE, "theirs", CHEAP)
    assert (place / header.NAME).read_bytes() == before


def test_there_are_at_most_64_ways(place: Path, key: bytes) -> None:
    def crowd(body: dict[str, Any]) -> None:
        body["slots"] += [{"id": f"x{n}", "kind": "later"} for n in range(63)]

    edit(place, key, crowd)
    with pytest.raises(Refused, match="at most 64"):
        ways.set_kit(place, key, KIT)
    assert len(ways.listed(place)) == 64


# --- the keyring ---------------------------------------------------------------------------------


class Ring(KeyringBackend):
    """A keyring in memory that says it is a desktop's."""

    __module__ = "keyring.backends.SecretService"
    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[str, str] = {}
        self.broken = False

    def _check(self) -> None:
        if self.broken:
            raise RuntimeError("no session bus")

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.held.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.held[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        del self.held[username]


class Chain(KeyringBackend):
    """What `keyring` chooses where there are several."""

    __module__ = "keyring.backends.chainer"
    priority = 10  # type: ignore[assignment]

    def __init__(self, *backends: KeyringBackend) -> None:
        super().__init__()
        self.backends = backends

    def get_password(self, service: str, username: str) -> str | None:
        raise AssertionError("the chain may ask a backend that keeps plain files")

    set_password = delete_password = get_password  # type: ignore[assignment]


@pytest.fixture
def ring() -> Iterator[Ring]:
    before, made = keyring.get_keyring(), Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_the_keyring_opens_without_asking(place: Path, key: bytes, ring: Ring) -> None:
    way = ways.add_ring(place, key)
    assert ways.unlock_by_ring(place) == key
    assert list(ring.held) == [f"slot-{way.id}"]
    assert len(bytes.fromhex(ring.held[f"slot-{way.id}"])) == 32
    ways.remove(place, key, way.id)
    assert ways.forget_ring(way.id)
    assert not ring.held
    assert ways.unlock_by_ring(place) is None


def test_a_ring_behind_a_chain_is_found(place: Path, key: bytes, ring: Ring) -> None:
    keyring.set_keyring(Chain(fail.Keyring(), ring))
    ways.add_ring(place, key)
    assert ways.unlock_by_ring(place) == key
    assert ring.held


def test_a_ring_that_does_not_answer_is_passed_over(
    place: Path, key: bytes, ring: Ring
) -> None:
    way = ways.add_ring(place, key)
    ring.broken = True
    assert ways.unlock_by_ring(place) is None
    assert not ways.forget_ring(way.id)
    ring.broken = False
    for other in ("", "zz", "00" * 31, "00" * 32):
        ring.held[f"slot-{way.id}"] = other
        assert ways.unlock_by_ring(place) is None


def test_a_ring_that_does_not_answer_takes_no_slot(
    place: Path, key: bytes, ring: Ring
) -> None:
    ring.broken = True
    with pytest.raises(ways.UnavailableError, match="keyring does not answer"):
        ways.add_ring(place, key)
    assert kinds(place) == [PASSPHRASE]


def test_without_a_ring_that_encrypts_there_is_no_slot(
    place: Path, key: bytes, ring: Ring
) -> None:
    keyring.set_keyring(fail.Keyring())
    with pytest.raises(Refused, match="no keyring"):
        ways.add_ring(place, key)
    assert kinds(place) == [PASSPHRASE]
