"""An unlocked session: kept in memory only, over when it should be, gone when it is over."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.crypto import session, slots
from storage.crypto.kdf import Cost
from storage.errors import NoVault, Refused
from tests.program import ROOT

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
HOUR = 3600.0


class Clock(session.Clock):
    """Two clocks that stand, and a boot that is told."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.up = 5_000.0
        self.this_boot = "0b3e27f2-0000-4000-8000-000000000001"

    def wall(self) -> float:
        return self.now

    def boot(self) -> float:
        return self.up

    def boot_id(self) -> str:
        return self.this_boot

    def advance(self, seconds: float) -> None:
        self.now += seconds
        self.up += seconds


class Kept:
    """A vault with a session, and what to ask it."""

    def __init__(self, folder: Path, runtime: Path) -> None:
        self.folder, self.runtime, self.clock = folder, runtime, Clock()
        self.key = slots.create(folder, "x", cost=CHEAP)

    def remember(self, seconds: float = HOUR, idle: float = 0.0) -> Path:
        kept = session.remember(
            self.folder,
            self.key,
            seconds=seconds,
            idle=idle,
            runtime=self.runtime,
            clock=self.clock,
        )
        assert kept.path is not None
        return kept.path

    def recall(self) -> bytes | None:
        return session.recall(self.folder, runtime=self.runtime, clock=self.clock)

    def files(self) -> list[Path]:
        return list(self.runtime.glob("*"))


@pytest.fixture
def runtime(memory_folder: Path) -> Path:
    return memory_folder / "run"


@pytest.fixture
def memory_folder() -> Iterator[Path]:
    """A folder on a tmpfs: this machine's, since only memory may hold a session."""
    import tempfile

    for place in (os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm"):
        if place and session.in_memory(Path(place)):
            with tempfile.TemporaryDirectory(dir=place) as made:
                yield Path(made)
            return
    pytest.fail("tests of sessions need a tmpfs: /dev/shm or XDG_RUNTIME_DIR")


@pytest.fixture
def kept(tmp_path: Path, runtime: Path) -> Kept:
    return Kept(tmp_path / "vault", runtime)


def test_a_session_gives_the_key_back(kept: Kept) -> None:
    assert kept.recall() is None
    path = kept.remember()
    assert kept.recall() == kept.key
    assert path.parent == kept.runtime
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.stat().st_size == 176


@pytest.mark.parametrize(
    ("wall", "boot", "lives"),
    [
        (0, 0, True),
        (HOUR - 1, HOUR - 1, True),
        (HOUR, HOUR - 1, False),
        (HOUR - 1, HOUR, False),
        (-200, 10, True),
        (-400, 10, False),
        (-365 * 86_400, 10, False),
        (-200, HOUR, False),
        (10, -1, False),
    ],
)
def test_it_ends_on_either_clock(kept: Kept, wall: float, boot: float, lives: bool) -> None:
    kept.remember(HOUR)
    kept.clock.now += wall
    kept.clock.up += boot
    assert (kept.recall() == kept.key) is lives
    assert bool(kept.files()) is lives


def test_it_ends_with_the_boot(kept: Kept) -> None:
    kept.remember()
    kept.clock.this_boot = "0b3e27f2-0000-4000-8000-000000000002"
    assert kept.recall() is None
    assert kept.files() == []


def test_it_ends_when_it_is_not_used(kept: Kept) -> None:
    kept.remember(8 * HOUR, idle=600)
    for _ in range(5):
        kept.clock.advance(599)
        assert kept.recall() == kept.key
    kept.clock.advance(600)
    assert kept.recall() is None


def test_asking_when_it_ends_is_no_use(kept: Kept) -> None:
    kept.remember(HOUR, idle=600)
    kept.clock.advance(599)
    end = session.ends(kept.folder, runtime=kept.runtime, clock=kept.clock)
    assert end == kept.clock.now - 599 + HOUR
    kept.clock.advance(1)
    assert kept.recall() is None
    assert session.ends(kept.folder, runtime=kept.runtime, clock=kept.clock) is None


def test_locking_overwrites_and_removes(kept: Kept) -> None:
    path = kept.remember()
    with path.open("rb") as still_open:
        assert kept.key in still_open.read()
        assert session.forget(kept.folder, runtime=kept.runtime)
        still_open.seek(0)
        assert still_open.read() == bytes(176)
    assert kept.files() == []
    assert kept.recall() is None
    assert not session.forget(kept.folder, runtime=kept.runtime)


def test_it_is_of_one_vault_and_one_place(kept: Kept, tmp_path: Path) -> None:
    import shutil

    kept.remember()
    other = tmp_path / "other"
    slots.create(other, "x", cost=CHEAP)
    copy = tmp_path / "copy"
    shutil.copytree(kept.folder, copy)
    for folder in (other, copy):
        assert session.recall(folder, runtime=kept.runtime, clock=kept.clock) is None
    assert kept.recall() == kept.key


def test_another_vaults_bytes_under_this_name_give_nothing(
    kept: Kept, tmp_path: Path
) -> None:
    mine = kept.remember()
    other = Kept(tmp_path / "other", kept.runtime)
    theirs = other.remember()
    mine.write_bytes(theirs.read_bytes())
    assert kept.recall() is None


@pytest.mark.parametrize("size", [0, 1, 175, 177, 10_000])
def test_bytes_that_are_no_session_give_nothing(kept: Kept, size: int) -> None:
    path = kept.remember()
    path.write_bytes(b"x" * size)
    assert kept.recall() is None
    assert not path.exists()


def test_no_changed_byte_but_the_keys_own_goes_unnoticed(kept: Kept) -> None:
    """Whatever is not the key is checked, or says when: never a session that lives longer
    than the one that was begun."""
    path = kept.remember(HOUR)
    good = path.read_bytes()
    for at in range(72):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        path.chmod(0o600)
        found = kept.recall()
        assert found is None or at in (70, 71), at


def test_a_session_others_may_read_is_not_used(kept: Kept) -> None:
    path = kept.remember()
    path.chmod(0o644)
    assert kept.recall() is None


def test_a_link_in_the_place_of_the_folder_is_not_followed(
    kept: Kept, memory_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = memory_folder / "real"
    real.mkdir(mode=0o700)
    kept.runtime.symlink_to(real)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(memory_folder / "good"))
    kept.remember()
    assert list(real.iterdir()) == []
    assert list((memory_folder / "good" / "mana").iterdir())
    assert kept.recall() == kept.key


def test_unlocking_again_replaces_the_session(kept: Kept) -> None:
    kept.remember(60)
    kept.remember(HOUR)
    kept.clock.advance(120)
    assert kept.recall() == kept.key
    assert len(kept.files()) == 1


def test_sessions_that_are_over_are_swept(kept: Kept, tmp_path: Path) -> None:
    other = Kept(tmp_path / "other", kept.runtime)
    other.remember(60)
    kept.clock.advance(61)
    kept.remember()
    assert len(kept.files()) == 1


def test_a_disk_is_no_place_for_a_key(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("overlay / overlay rw 0 0\ntmpfs /run/user/1000 tmpfs rw 0 0\n")
    assert not session.in_memory(Path("/home/ada"), mounts)
    assert session.in_memory(Path("/run/user/1000/mana"), mounts)
    assert not session.in_memory(Path("/run/user/1000x"), mounts)
    assert not session.in_memory(Path("/run"), tmp_path / "missing")


def test_a_mount_over_a_mount_counts(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("tmpfs /mnt tmpfs rw 0 0\n/dev/sda1 /mnt ext4 rw 0 0\n")
    assert not session.in_memory(Path("/mnt"), mounts)


def test_without_memory_and_keyring_it_is_refused(kept: Kept, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from storage.crypto import session\n"
        "from storage.errors import Refused\n"
        "session.folders = lambda runtime=None: iter((Path(sys.argv[2]),))\n"
        "try: session.remember(Path(sys.argv[1]), bytes(32), seconds=60)\n"
        "except Refused as error: print(error.hint)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(kept.folder), str(tmp_path / "disk")],
        cwd=ROOT,
        env=os.environ | {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "MANA_PASSWORD_COMMAND" in done.stdout
    assert not (tmp_path / "disk").exists()


def test_no_vault_no_session(tmp_path: Path) -> None:
    with pytest.raises(NoVault):
        session.recall(tmp_path / "none")
    assert not session.forget(tmp_path / "none")
    with pytest.raises(NoVault):
        session.remember(tmp_path / "none", bytes(32), seconds=1)


def test_the_everyday_path_imports_no_cryptography(kept: Kept) -> None:
    session.remember(kept.folder, kept.key, seconds=HOUR, runtime=kept.runtime)
    script = (
        "import sys; from pathlib import Path; from storage.crypto.session import recall\n"
        "assert recall(Path(sys.argv[1]), runtime=Path(sys.argv[2]))\n"
        "heavy = {'cryptography', 'keyring', 'hmac', 'json', 'subprocess', 'sqlcipher3'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(kept.folder), str(kept.runtime)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_a_loose_header_is_refused_before_anything(kept: Kept) -> None:
    kept.remember()
    (kept.folder / "keyslots.json").chmod(0o644)
    with pytest.raises(Refused):
        kept.recall()


# --- systems without a memory folder: the keyring ------------------------------------------

RING = '''
import sys
from pathlib import Path
import keyring
from keyring.backend import KeyringBackend
from storage.crypto import session

class Ring(KeyringBackend):
    """Stands in for the system's: the same interface, in memory."""
    priority = 9
    held = {}
    def get_password(self, service, name): return self.held.get((service, name))
    def set_password(self, service, name, value): self.held[service, name] = value
    def delete_password(self, service, name): del self.held[service, name]

Ring.__module__ = sys.argv[2]
keyring.set_keyring(Ring())
session.folders = lambda runtime=None: iter((Path("/proc/nowhere"),))
folder, key = Path(sys.argv[1]), bytes(range(32))
'''


def in_a_ring(folder: Path, module: str, script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", RING + script, str(folder), module],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_keyring_keeps_a_session_where_no_folder_can(kept: Kept) -> None:
    said = in_a_ring(
        kept.folder,
        "keyring.backends.SecretService",
        "print(session.remember(folder, key, seconds=60, idle=30).path)\n"
        "print(session.recall(folder) == key, len(Ring.held))\n"
        "print(session.forget(folder), session.recall(folder), len(Ring.held))\n"
        "session.remember(folder, key, seconds=-1)\n"
        "print(session.recall(folder), len(Ring.held))\n",
    )
    assert said.splitlines() == ["None", "True 1", "True None 0", "None 0"]


def test_a_keyring_that_does_not_encrypt_is_not_used(kept: Kept) -> None:
    said = in_a_ring(
        kept.folder,
        "keyrings.alt.file",
        "from storage.errors import Refused\n"
        "try: session.remember(folder, key, seconds=60)\n"
        "except Refused: print('refused', len(Ring.held))\n",
    )
    assert said == "refused 0"
