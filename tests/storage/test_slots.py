"""keyslots.json: opens with the passphrase alone, says what is wrong, never gives a wrong key."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.crypto import header, slots
from storage.crypto.kdf import DEFAULT, Cost, derive, subkey, tune
from storage.errors import (
    DamagedError,
    LockedError,
    ManaError,
    NoVault,
    Refused,
    TooNew,
    UserError,
    WrongPassphrase,
)
from tests.program import ROOT
from tests.storage import header_reader

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
VECTORS = Path(__file__).parent / "vectors"
VECTOR_KEY = bytes(range(32))
VECTOR_PASSPHRASE = "correct horse Zoë"

Edit = Callable[[dict[str, Any]], object]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "vault"


def put_vector(folder: Path, name: str = "keyslots-1-cheap.json") -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / header.NAME
    path.write_bytes((VECTORS / name).read_bytes())
    path.chmod(0o600)
    return path


def edited(folder: Path, edit: Edit, *, signed: bool = False) -> None:
    """Change the header as an attacker would: the checksum fits, the MAC only if `signed`."""
    path = put_vector(folder)
    body = json.loads(path.read_text())
    edit(body)
    if signed:
        body["mac"] = header_reader.mac(body, VECTOR_KEY)
    body["checksum"] = header_reader.checksum(body)
    path.write_text(json.dumps(body))


# --- the format -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["keyslots-1.json", "keyslots-1-cheap.json"])
def test_published_headers_open(place: Path, name: str) -> None:
    put_vector(place, name)
    assert slots.unlock(place, VECTOR_PASSPHRASE) == VECTOR_KEY


def test_an_independent_reader_opens_what_we_write(place: Path) -> None:
    key = slots.create(place, "pass phrase", cost=CHEAP)
    text = (place / header.NAME).read_text()
    assert header_reader.open_header(text, "pass phrase") == key


def test_the_header_names_nothing_but_what_the_readme_lists(place: Path) -> None:
    slots.create(place, "x", cost=CHEAP)
    body = json.loads((place / header.NAME).read_text())
    assert set(body) == {
        "format", "version", "vault", "created", "slots", "public", "mac", "checksum",
    }  # fmt: skip
    assert set(body["slots"][0]) == {"id", "kind", "created", "kdf", "nonce", "wrapped"}


def test_subkeys_are_hkdf() -> None:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    said = subkey(VECTOR_KEY, "mana/search")
    expected = HKDF(SHA256(), 32, b"mana v1", b"mana/search").derive(VECTOR_KEY)
    assert said == expected
    assert said.hex() == "239ef03eeaa1a485042ee7da231dd12a1546665c4d439fbc6de86d6c3f3dd240"
    assert subkey(VECTOR_KEY, "mana/keyslots") != said


def test_the_default_cost_is_what_the_design_promises() -> None:
    assert (DEFAULT.memory_kib, DEFAULT.passes, DEFAULT.lanes) == (65536, 3, 4)


# --- opening and changing ----------------------------------------------------------------


def test_a_new_vault_opens_with_its_passphrase_only(place: Path) -> None:
    key = slots.create(place, "right", cost=CHEAP)
    assert len(key) == 32
    assert slots.unlock(place, "right") == key
    for wrong in ("Right", "right ", "righ", "x"):
        with pytest.raises(WrongPassphrase):
            slots.unlock(place, wrong)


def test_vaults_and_slots_share_nothing(tmp_path: Path) -> None:
    keys = {slots.create(tmp_path / name, "same", cost=CHEAP) for name in "abc"}
    texts = [json.loads((tmp_path / name / header.NAME).read_text()) for name in "abc"]
    assert len(keys) == 3
    for read in (lambda t: t["vault"], lambda t: t["slots"][0]["kdf"]["salt"]):
        assert len({read(text) for text in texts}) == 3


def test_it_does_not_matter_how_an_accent_was_typed(place: Path) -> None:
    key = slots.create(place, unicodedata.normalize("NFD", "Zoë"), cost=CHEAP)
    assert slots.unlock(place, unicodedata.normalize("NFC", "Zoë")) == key


def test_another_passphrase_leaves_the_key_and_the_other_slots(place: Path) -> None:
    key = slots.create(place, "old", cost=CHEAP)
    add_slot(place, key, {"id": "x" * 26, "kind": "recovery", "future": [1, {"a": None}]})
    before = json.loads((place / header.NAME).read_text())
    slots.change_passphrase(place, "old", "new", cost=CHEAP)
    after = json.loads((place / header.NAME).read_text())
    assert slots.unlock(place, "new") == key
    with pytest.raises(WrongPassphrase):
        slots.unlock(place, "old")
    assert after["slots"][1] == before["slots"][1]
    assert after["vault"] == before["vault"]
    assert after["slots"][0]["kdf"]["salt"] != before["slots"][0]["kdf"]["salt"]
    assert after["slots"][0]["id"] != before["slots"][0]["id"]


def test_a_wrong_old_passphrase_changes_nothing(place: Path) -> None:
    slots.create(place, "old", cost=CHEAP)
    before = (place / header.NAME).read_bytes()
    with pytest.raises(WrongPassphrase):
        slots.change_passphrase(place, "wrong", "new", cost=CHEAP)
    with pytest.raises(UserError, match="empty"):
        slots.change_passphrase(place, "old", "", cost=CHEAP)
    assert (place / header.NAME).read_bytes() == before


def test_what_a_newer_program_added_to_the_header_survives(place: Path) -> None:
    edited(place, lambda body: body.update(future={"b": [1, 2]}), signed=True)
    slots.change_passphrase(place, VECTOR_PASSPHRASE, "new", cost=CHEAP)
    assert json.loads((place / header.NAME).read_text())["future"] == {"b": [1, 2]}


def test_any_of_several_passphrases_opens(place: Path) -> None:
    key = slots.create(place, "one", cost=CHEAP)
    vault = slots.vault_id(place)
    add_slot(place, key, slots.new_slot(vault, key, "passphrase", "two", CHEAP))
    assert slots.unlock(place, "one") == slots.unlock(place, "two") == key


@pytest.mark.parametrize("typed", [VECTOR_PASSPHRASE, "wrong"])
def test_every_slot_is_tried_whatever_opens(place: Path, typed: str) -> None:
    """So that the time taken says nothing: the second slot's fault shows either way."""
    bad = {"id": "y" * 26, "kind": "passphrase", "kdf": {"name": "scrypt"}}
    edited(place, lambda body: body["slots"].append(bad), signed=True)
    with pytest.raises(DamagedError):
        slots.unlock(place, typed)


@pytest.mark.parametrize("bad", ["", "x" * 4097, "é" * 2049])
def test_a_passphrase_has_a_length(place: Path, bad: str) -> None:
    with pytest.raises(UserError):
        slots.create(place, bad, cost=CHEAP)
    assert not place.exists()


def test_tuning_only_makes_guessing_dearer() -> None:
    ticks = iter([0.0, 0.01])
    assert tune(CHEAP, clock=lambda: next(ticks)).passes == 16
    ticks = iter([0.0, 9.0])
    assert tune(CHEAP, clock=lambda: next(ticks)) == CHEAP
    ticks = iter([0.0, 0.1])
    tuned = tune(Cost(memory_kib=64, passes=3, lanes=1), clock=lambda: next(ticks))
    assert tuned.passes == 6


# --- what can be wrong: each its own error and next step --------------------------------------


def test_no_vault(place: Path) -> None:
    with pytest.raises(NoVault) as caught:
        slots.unlock(place, "x")
    assert (caught.value.exit_code, caught.value.hint) == (10, "mana init")
    assert not slots.has_vault(place)


def test_a_missing_header(place: Path) -> None:
    place.mkdir()
    (place / "vault.db").touch()
    with pytest.raises(slots.HeaderMissing) as caught:
        slots.unlock(place, "x")
    assert "mana restore" in caught.value.hint
    assert slots.has_vault(place)


def test_a_damaged_header(place: Path) -> None:
    put_vector(place).write_bytes(b"\x00garbage")
    with pytest.raises(slots.HeaderDamaged) as caught:
        slots.unlock(place, VECTOR_PASSPHRASE)
    assert "mana restore" in caught.value.hint


def test_a_newer_format(place: Path) -> None:
    edited(place, lambda body: body.update(version=2, slots="something else"))
    with pytest.raises(TooNew) as caught:
        slots.unlock(place, VECTOR_PASSPHRASE)
    assert (caught.value.exit_code, caught.value.hint) == (13, "update mana")


def test_a_wrong_passphrase(place: Path) -> None:
    put_vector(place)
    with pytest.raises(WrongPassphrase) as caught:
        slots.unlock(place, "wrong")
    assert caught.value.exit_code == 12
    assert "wrong" not in caught.value.hint


def test_only_other_kinds_of_slot(place: Path) -> None:
    edited(place, lambda body: body["slots"][0].update(kind="keyring"), signed=True)
    with pytest.raises(LockedError, match="No passphrase"):
        slots.unlock(place, VECTOR_PASSPHRASE)


def test_the_errors_are_five_different_ones() -> None:
    kinds = {NoVault, slots.HeaderMissing, slots.HeaderDamaged, TooNew, WrongPassphrase}
    assert not any(a is not b and issubclass(a, b) for a in kinds for b in kinds)


FORMS: dict[str, Edit] = {
    "no slots": lambda b: b.update(slots=[]),
    "slots of another type": lambda b: b.update(slots={"a": 1}),
    "too many slots": lambda b: b.update(slots=b["slots"] * 65),
    "twice the same slot": lambda b: b.update(slots=b["slots"] * 2),
    "a slot that is text": lambda b: b["slots"].append("x"),
    "no kind": lambda b: b["slots"][0].pop("kind"),
    "no vault id": lambda b: b.pop("vault"),
    "version text": lambda b: b.update(version="1"),
    "version true": lambda b: b.update(version=True),
    "version 0": lambda b: b.update(version=0),
    "another format": lambda b: b.update(format="other"),
    "no kdf": lambda b: b["slots"][0].pop("kdf"),
    "another kdf": lambda b: b["slots"][0]["kdf"].update(name="pbkdf2"),
    "memory as text": lambda b: b["slots"][0]["kdf"].update(memory_kib="64"),
    "memory as true": lambda b: b["slots"][0]["kdf"].update(memory_kib=True),
    "all the memory there is": lambda b: b["slots"][0]["kdf"].update(memory_kib=2**40),
    "no memory": lambda b: b["slots"][0]["kdf"].update(memory_kib=1),
    "endless passes": lambda b: b["slots"][0]["kdf"].update(passes=2**31),
    "no lanes": lambda b: b["slots"][0]["kdf"].update(lanes=0),
    "a short salt": lambda b: b["slots"][0]["kdf"].update(salt="YQ=="),
    "salt not base64": lambda b: b["slots"][0]["kdf"].update(salt="ä" * 24),
    "a long nonce": lambda b: b["slots"][0].update(
        nonce=base64.b64encode(bytes(16)).decode()
    ),
    "wrapped is a number": lambda b: b["slots"][0].update(wrapped=7),
}


@pytest.mark.parametrize("edit", FORMS.values(), ids=FORMS.keys())
def test_a_header_of_the_wrong_form_is_damaged(place: Path, edit: Edit) -> None:
    edited(place, edit, signed=True)
    with pytest.raises(slots.HeaderDamaged):
        slots.unlock(place, VECTOR_PASSPHRASE)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
        b" " * (2**20 + 1),
        b'{"version": 1e999}',
    ],
    ids=["empty", "null", "list", "not utf-8", "twice", "deep", "large", "infinite"],
)
def test_bytes_that_are_no_header(place: Path, data: bytes) -> None:
    put_vector(place).write_bytes(data)
    with pytest.raises(slots.HeaderDamaged):
        slots.unlock(place, VECTOR_PASSPHRASE)


# --- tampering ------------------------------------------------------------------------------


def test_no_changed_byte_gives_a_wrong_key(place: Path) -> None:
    """Every byte of the header: refused, or (white space) the right key."""
    path = put_vector(place)
    good = path.read_bytes()
    opened = 0
    for at in range(len(good)):
        for bit in (at % 8, 5):
            path.write_bytes(good[:at] + bytes([good[at] ^ 1 << bit]) + good[at + 1 :])
            try:
                assert slots.unlock(place, VECTOR_PASSPHRASE) == VECTOR_KEY
                opened += 1
            except (DamagedError, TooNew):
                pass
    assert opened < good.count(b" ") + good.count(b"\n")


ATTACKS: dict[str, Edit] = {
    "cheaper guessing": lambda b: b["slots"][0]["kdf"].update(memory_kib=32),
    "another salt": lambda b: b["slots"][0]["kdf"].update(
        salt=base64.b64encode(bytes(16)).decode()
    ),
    "another nonce": lambda b: b["slots"][0].update(
        nonce=base64.b64encode(bytes(12)).decode()
    ),
    "another slot id": lambda b: b["slots"][0].update(id="0" * 26),
    "another kind": lambda b: b["slots"][0].update(kind="recovery"),
    "another vault": lambda b: b.update(vault="0" * 26),
    "a public key of theirs": lambda b: b["public"].update(seal="AAAA"),
    "an added slot": lambda b: b["slots"].append(
        slots.new_slot(b["vault"], bytes(32), "passphrase", "theirs", CHEAP)
    ),
    "another date": lambda b: b.update(created="2020-01-01T00:00:00Z"),
}


@pytest.mark.parametrize("edit", ATTACKS.values(), ids=ATTACKS.keys())
def test_a_header_changed_without_the_key_opens_nothing(place: Path, edit: Edit) -> None:
    edited(place, edit)
    with pytest.raises(ManaError) as caught:
        slots.unlock(place, VECTOR_PASSPHRASE)
    assert isinstance(caught.value, (slots.HeaderDamaged, LockedError))


def test_a_planted_slot_does_not_open_with_its_own_passphrase(place: Path) -> None:
    edited(place, ATTACKS["an added slot"])
    with pytest.raises(slots.HeaderDamaged, match="did not have the key"):
        slots.unlock(place, "theirs")


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.text())
def test_wraps_open_under_what_made_them_only(key: bytes, other: bytes, kind: str) -> None:
    bound = slots.bind("v", "s", kind)
    wrapped = slots.wrap(key, bytes(12), b"k" * 32, bound)
    assert slots.unwrap(key, bytes(12), wrapped, bound) == b"k" * 32
    assert slots.unwrap(key, bytes(12), wrapped, slots.bind("v", "t", kind)) is None
    if other != key:
        assert slots.unwrap(other, bytes(12), wrapped, bound) is None


# --- files --------------------------------------------------------------------------------------


def test_modes_are_private_and_looser_ones_are_refused(place: Path) -> None:
    slots.create(place, "x", cost=CHEAP)
    path = place / header.NAME
    assert place.stat().st_mode & 0o777 == 0o700
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o640)
    with pytest.raises(Refused) as caught:
        slots.unlock(place, "x")
    assert caught.value.hint == f"chmod 600 {path}"


def test_a_vault_is_never_overwritten(place: Path) -> None:
    slots.create(place, "x", cost=CHEAP)
    (place / "vault.db").touch()
    before = (place / header.NAME).read_bytes()
    with pytest.raises(Refused):
        slots.create(place, "y", cost=CHEAP)
    assert (place / header.NAME).read_bytes() == before


def test_the_header_of_an_interrupted_init_is_kept_aside(place: Path) -> None:
    first = slots.create(place, "x", cost=CHEAP)
    second = slots.create(place, "y", cost=CHEAP)
    assert slots.unlock(place, "y") == second != first
    (aside,) = place.glob("keyslots-*.json")
    assert header_reader.open_header(aside.read_text(), "x") == first


def test_nothing_is_left_lying_about(place: Path) -> None:
    slots.create(place, "x", cost=CHEAP)
    slots.change_passphrase(place, "x", "y", cost=CHEAP)
    assert [path.name for path in place.iterdir()] == [header.NAME]


def test_a_disk_that_takes_nothing_more_keeps_the_old_header(place: Path) -> None:
    key = slots.create(place, "x", cost=CHEAP)
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from storage.crypto import slots; from storage.crypto.kdf import Cost\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try: slots.change_passphrase(Path(sys.argv[1]), 'x', 'y',"
        " cost=Cost(memory_kib=64, passes=1, lanes=1))\n"
        "except OSError: sys.exit(7)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(place)], cwd=ROOT, check=False)
    assert done.returncode == 7
    assert slots.unlock(place, "x") == key
    assert [path.name for path in place.iterdir()] == [header.NAME]


def test_processes_changing_the_passphrase_at_once_leave_one_that_opens(
    place: Path,
) -> None:
    key = slots.create(place, "old", cost=CHEAP)
    script = (
        "import sys; from pathlib import Path; from storage.crypto import slots\n"
        "from storage.crypto.kdf import Cost; from storage.errors import WrongPassphrase\n"
        "try: slots.change_passphrase(Path(sys.argv[1]), 'old', sys.argv[2],"
        " cost=Cost(memory_kib=64, passes=1, lanes=1))\n"
        "except WrongPassphrase: sys.exit(3)\n"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(place), str(n)], cwd=ROOT)
        for n in range(3)
    ]
    codes = [one.wait() for one in running]
    assert sorted(codes) == [0, 3, 3]
    assert slots.unlock(place, str(codes.index(0))) == key


def test_keys_are_32_bytes_and_differ_by_every_parameter() -> None:
    salt = bytes(16)
    said = {
        derive("a", salt, CHEAP),
        derive("b", salt, CHEAP),
        derive("a", bytes([1]) * 16, CHEAP),
        derive("a", salt, Cost(memory_kib=128, passes=1, lanes=1)),
        derive("a", salt, Cost(memory_kib=64, passes=2, lanes=1)),
        derive("a", salt, Cost(memory_kib=64, passes=1, lanes=2)),
    }
    assert len(said) == 6
    assert {len(one) for one in said} == {32}


def add_slot(folder: Path, key: bytes, slot: dict[str, Any]) -> None:
    body = header.read(folder)
    body["slots"].append(slot)
    header.write(folder, body, key)
