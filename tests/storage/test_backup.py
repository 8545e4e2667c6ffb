"""Backups are whole or not there; a restore keeps what it replaces."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import backup, restore
from storage.backup import Backup, TargetFull, TargetGone, is_due, kept, listed
from storage.crypto.header import HeaderDamaged
from storage.crypto.kdf import Cost
from storage.crypto.slots import create
from storage.errors import DamagedError, InUse, NotFound, UnavailableError
from storage.query import Query
from storage.vault import Vault
from tests.program import ROOT
from tests.storage.kinds import Catalog, Note, Task, everything

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
NOW = datetime(2026, 11, 22, 18, 53, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def key(folder: Path) -> bytes:
    return create(folder, "secret", cost=CHEAP)


@pytest.fixture
def vault(folder: Path, key: bytes):
    made = Vault.create(folder, key, Catalog(), person="Ada")
    yield made
    made.close()


def made_by(vault: Vault, target: Path | None = None, *, at: datetime = NOW) -> Backup:
    return backup.make(vault.db, target, at=at).backup


def left_over(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir() if one.name.startswith(".")]


def opened(folder: Path, key: bytes) -> Vault:
    return Vault.open(folder, key, Catalog())


# --- making ---------------------------------------------------------------------------------


def test_a_backup_is_a_vault_folder(vault: Vault, key: bytes, folder: Path) -> None:
    store = vault.store(vault.scope())
    store.put(Note(title="x", text="y" * 100_000, tags=store.tag_ids(["z"])))
    before = everything(vault.db)
    one = made_by(vault)
    assert one.path == folder / "backups" / "2026-11-22T185300Z"
    assert sorted(p.name for p in one.path.iterdir()) == ["keyslots.json", "vault.db"]
    assert {p.stat().st_mode & 0o777 for p in one.path.iterdir()} == {0o600}
    assert one.size > 100_000
    with opened(one.path, key) as copy:
        assert everything(copy.db) == before
    again = made_by(vault)
    assert again.name == "2026-11-22T185300Z-2"
    assert [o.name for o in listed(folder / "backups")] == [again.name]  # one a day stays


def test_one_moment_while_others_write(vault: Vault, tmp_path: Path, key: bytes) -> None:
    store = vault.store(vault.scope())
    store.put_many([Note(title="old", text="x" * 20_000) for _ in range(300)])
    stop, wrote = threading.Event(), threading.Event()

    def write() -> None:
        while not stop.is_set():
            with vault.batch("Two"):
                store.put(Note(title="a", text="x" * 5_000))
                store.put(Task(title="b"))
            wrote.set()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        steps: list[int] = []

        def progress(done: int, total: int) -> None:
            steps.append(done)
            wrote.clear()
            assert wrote.wait(10)

        one = backup.make(vault.db, tmp_path, at=NOW, progress=progress).backup
    finally:
        stop.set()
        thread.join()
    assert steps
    with opened(one.path, key) as copy:
        there = copy.store(copy.scope())
        pairs = there.count(Query(Note)) - 300, there.count(Query(Task))
        assert pairs[0] == pairs[1] < store.count(Query(Task))


def test_a_damaged_vault_never_replaces_a_backup(vault: Vault, folder: Path) -> None:
    store = vault.store(vault.scope())
    store.put_many([Note(title="x", text="y" * 3000) for _ in range(100)])
    good = made_by(vault)
    vault.db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    with (folder / "vault.db").open("r+b") as file:
        file.seek(4096 * 40 + 100)
        file.write(b"damage")
    with pytest.raises(DamagedError):
        made_by(vault, at=NOW + 400 * DAY)
    assert [one.name for one in listed(folder / "backups")] == [good.name]
    assert not left_over(folder / "backups")
    (folder / "keyslots.json").write_text("{}")
    with pytest.raises(HeaderDamaged):
        made_by(vault)


# --- targets that fail -------------------------------------------------------------------------


def test_a_target_that_is_not_there(vault: Vault, tmp_path: Path) -> None:
    with pytest.raises(TargetGone, match="is not there"):
        made_by(vault, tmp_path / "stick")
    assert not (tmp_path / "stick").exists()


def test_a_target_that_goes_away(vault: Vault, tmp_path: Path) -> None:
    target = tmp_path / "stick"
    target.mkdir()
    with pytest.raises(TargetGone, match="went away"):
        backup.make(vault.db, target, at=NOW, progress=lambda *_: shutil.rmtree(target))
    assert not target.exists()


def test_a_target_without_room_is_said_before_anything(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(TargetFull, match=r"0\.0 MB left"):
        made_by(vault, tmp_path)
    assert listed(tmp_path) == []


FULL = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from storage import backup
from storage.errors import ManaError
from storage.vault import Vault
from tests.storage.kinds import Catalog
folder, target, key = Path(sys.argv[1]), Path(sys.argv[2]), bytes.fromhex(sys.argv[3])
vault = Vault.open(folder, key, Catalog())
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
try:
    backup.make(vault.db, target, at=datetime(2026, 11, 22, tzinfo=UTC))
except ManaError as error:
    print(type(error).__name__)
"""


def test_a_disk_that_fills_up_leaves_nothing_half(
    vault: Vault, folder: Path, tmp_path: Path, key: bytes
) -> None:
    """The limit on a file's size stands for the disk: writing beyond it fails midway."""
    store = vault.store(vault.scope())
    store.put_many([Note(title="x", text="y" * 3000) for _ in range(200)])
    target = tmp_path / "target"
    target.mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", FULL, str(folder), str(target), key.hex()],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert ran.stdout.strip() in ("TargetFull", "UnavailableError"), ran.stderr
    assert list(target.iterdir()) == []


def test_what_a_killed_backup_left_goes(vault: Vault, tmp_path: Path) -> None:
    one = made_by(vault, tmp_path)
    half, other = tmp_path / f".{one.vault}-1-dead", tmp_path / ".another"
    half.mkdir()
    other.mkdir()
    made_by(vault, tmp_path, at=NOW + DAY)
    assert left_over(tmp_path) == [".another"]


# --- rotation -----------------------------------------------------------------------------------


def test_a_backup_a_day_for_two_years() -> None:
    there: set[datetime] = set()
    for day in range(800):
        there.add(NOW + day * DAY)
        there = kept(there)
        assert len(there) <= 7 + 4 + 12
    ages = sorted((NOW + 799 * DAY - moment).days for moment in there)
    assert ages[:7] == list(range(7))
    assert 21 <= ages[9] <= 35
    assert 300 <= ages[-1] <= 366


@given(
    st.sets(st.integers(0, 5000), max_size=40), st.integers(0, 9), st.integers(0, 5),
    st.integers(0, 13),
)  # fmt: skip
def test_rotation(hours: set[int], days: int, weeks: int, months: int) -> None:
    moments = {NOW + timedelta(hours=hour) for hour in hours}
    stay = kept(moments, days, weeks, months)
    assert stay <= moments
    assert max(moments, default=NOW) in stay or not moments
    assert len(stay) <= max(1, days + weeks + months)
    assert kept(stay, days, weeks, months) == stay
    assert len({m.date() for m in moments} & {m.date() for m in stay}) >= min(
        days, len({m.date() for m in moments})
    )


def test_rotation_leaves_other_vaults_and_replaced_ones(
    vault: Vault, tmp_path: Path
) -> None:
    first = made_by(vault, tmp_path)
    for name, text in (("2026-11-22T100000Z", "another"), ("2026-11-22T110000Z", "")):
        shutil.copytree(first.path, tmp_path / name)
        (tmp_path / name / "keyslots.json").write_text(f'{{"vault": "{text}"}}')
    shutil.copytree(first.path, tmp_path / "replaced-2026-11-22T120000Z")
    done = backup.make(vault.db, tmp_path, at=NOW + timedelta(hours=1))
    assert done.removed == (first.name,)
    assert len(listed(tmp_path)) == 4


def test_when_one_is_due(vault: Vault) -> None:
    one = made_by(vault)
    assert is_due([], NOW)
    assert not is_due([one], NOW + timedelta(hours=2))
    assert is_due([one], NOW + DAY)
    assert is_due([one], NOW - DAY)  # the clock went back


# --- restoring ------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["damaged", "no header", "no database", "nothing", "fine"])
def test_restoring(vault: Vault, folder: Path, key: bytes, what: str) -> None:
    store = vault.store(vault.scope())
    store.put(Task(title="kept"))
    before = everything(vault.db)
    one = made_by(vault, folder.parent / "elsewhere" if not _make(folder) else None)
    store.put(Task(title="later"))
    vault.close()
    DAMAGE[what](folder)
    aside = restore.restore(one, folder, key, at=NOW)
    with opened(folder, key) as again:
        assert everything(again.db) == before
        assert again.db.value("PRAGMA journal_mode") == "wal"
        again.store(again.scope()).put(Task(title="goes on"))
    assert not left_over(folder)
    assert (aside is None) == (what == "nothing")
    if what == "fine":
        assert aside is not None
        replaced = listed(folder / "backups")[0]
        assert replaced.replaced
        restore.restore(replaced, folder, key, at=NOW + DAY)
        with opened(folder, key) as again:
            assert again.store(again.scope()).count(Query(Task)) == 2


def _make(folder: Path) -> bool:
    (folder.parent / "elsewhere").mkdir()
    return False


def _damage(folder: Path) -> None:
    path = folder / "vault.db"
    data = bytearray(path.read_bytes())
    for at in range(20, len(data), 1000):
        data[at] ^= 255
    path.write_bytes(data)


def _nothing(folder: Path) -> None:
    shutil.rmtree(folder)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "damaged": _damage,
    "no header": lambda folder: (folder / "keyslots.json").unlink(),
    "no database": lambda folder: (folder / "vault.db").unlink(),
    "nothing": _nothing,
    "fine": lambda folder: None,
}


def test_a_damaged_backup_changes_nothing(vault: Vault, folder: Path, key: bytes) -> None:
    vault.store(vault.scope()).put_many([Note(title="x", text="y" * 3000)] * 1)
    one = made_by(vault)
    vault.close()
    before = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    chance = random.Random(1)
    path = one.path / "vault.db"
    good = path.read_bytes()
    for at in (20, 4000, *(chance.randrange(16, len(good)) for _ in range(20))):
        data = bytearray(good)
        data[at] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        with pytest.raises(DamagedError, match="cannot be used"):
            restore.restore(one, folder, key, at=NOW)
    path.write_bytes(good[: len(good) - 4096])
    with pytest.raises(DamagedError):
        restore.verify(one, folder, key)
    path.write_bytes(good)
    assert restore.verify(one, folder, key) > 0
    now = {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()}
    assert {n: d for n, d in now.items() if not n.endswith(".lock")} == {
        n: d for n, d in before.items() if not n.endswith(".lock")
    }
    assert not left_over(folder)


def test_nothing_is_restored_under_an_open_vault(
    vault: Vault, folder: Path, key: bytes
) -> None:
    one = made_by(vault)
    vault.store(vault.scope()).put(Task(title="open"))
    code = (
        "import sys; from pathlib import Path; from storage import restore, backup;"
        "from storage.errors import InUse\n"
        "try: restore.check_unused(Path(sys.argv[1])); print('free')\n"
        "except InUse: print('in use')"
    )

    def asked() -> str:
        words = [sys.executable, "-c", code, str(folder)]
        return subprocess.run(
            words, capture_output=True, text=True, cwd=ROOT, check=True
        ).stdout.strip()

    assert asked() == "in use"
    vault.close()
    assert asked() == "free"
    assert issubclass(InUse, Exception)
    restore.restore(one, folder, key, at=NOW)


def test_a_folder_that_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="not a backup"):
        backup.read_backup(tmp_path)
    assert listed(tmp_path / "missing") == []
    assert issubclass(TargetGone, UnavailableError)
    assert os.listdir(tmp_path) == []  # noqa: PTH208
