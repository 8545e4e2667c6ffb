"""Files that records carry: the same bytes come back, or an error does."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.blob import INLINE, Blob, path_of
from storage.crypto.kdf import subkey
from storage.errors import DamagedError, NotFound, TooNew, UnavailableError
from storage.record import Record
from storage.sealed import CHUNK, Sealed, seal, sealed_size
from storage.store import Store
from storage.vault import Vault
from tests.program import ROOT
from tests.storage.blob_reader import blob_id, read_sealed
from tests.storage.conftest import KEY
from tests.storage.kinds import Catalog, Task

VECTORS = json.loads((Path(__file__).parent / "vectors" / "blob.json").read_text())
LARGE = bytes(range(256)) * 5376  # 21 chunks
DAY = timedelta(days=1)


class Paper(Record, kind="paper.paper"):
    """A kind with a file."""

    title: str
    file: Blob | None = None


def put(vault: Vault, data: bytes, **said: str) -> Blob:
    return vault.blobs.put(io.BytesIO(data), **said)


def read(vault: Vault, blob: Blob) -> bytes:
    with vault.blobs.open(blob) as stream:
        return stream.read()


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "blobs").rglob("*") if path.is_file()]


# --- the format -----------------------------------------------------------------------------


@pytest.mark.parametrize("vector", VECTORS["files"], ids=lambda v: v["what"])
def test_vectors(vector: dict[str, str]) -> None:
    key, salt = bytes.fromhex(VECTORS["vault_key"]), bytes.fromhex(vector["salt"])
    content = bytes.fromhex(vector["repeat"]) * int(vector["times"])
    sealed = b"".join(seal([content], subkey(key, "mana/blob"), salt))
    assert hashlib.sha256(sealed).hexdigest() == vector["sealed_sha256"]
    assert sealed[:64].hex() == vector["sealed_first_64"]
    assert len(sealed) == sealed_size(len(content))
    assert read_sealed(key, sealed) == content
    assert blob_id(key, content) == vector["id"]


@given(st.lists(st.integers(0, 3 * CHUNK), min_size=1, max_size=5), st.data())
def test_pieces_of_any_size_and_reading_anywhere(
    sizes: list[int], data: st.DataObject
) -> None:
    content = random.Random(sum(sizes)).randbytes(sum(sizes) or 1)
    pieces, at = [], 0
    for size in (*sizes, 1):
        pieces.append(content[at : at + size])
        at += size
    sealed = b"".join(seal(pieces, KEY, bytes(16)))
    assert len(sealed) == sealed_size(len(content))
    with Sealed(io.BytesIO(sealed), KEY, bytes(16), len(content)) as stream:
        start = data.draw(st.integers(0, len(content)))
        stream.seek(start)
        assert io.BufferedReader(stream).read() == content[start:]


# --- putting and opening ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "size", [0, 1, INLINE, INLINE + 1, 2 * INLINE, CHUNK * 17, CHUNK * 17 + 1]
)
def test_what_is_put_comes_back(vault: Vault, folder: Path, size: int) -> None:
    data = random.Random(size).randbytes(size)
    made = put(vault, data, name="a.bin", media="application/octet-stream")
    assert (made.size, made.name, made.media) == (size, "a.bin", "application/octet-stream")
    assert made.id == blob_id(KEY, data)
    assert read(vault, made) == data
    assert len(files(folder)) == (size > INLINE)
    assert put(vault, data, name="b.bin").id == made.id
    assert len(files(folder)) == (size > INLINE)
    for path in files(folder):
        assert path == path_of(folder / "blobs", made.id)
        assert read_sealed(KEY, path.read_bytes()) == data
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.parent.stat().st_mode & 0o777 == 0o700
    with vault.blobs.open(made) as stream:
        stream.seek(size // 2)
        assert stream.read(10) == data[size // 2 :][:10]


def test_a_stream_that_gives_little_at_a_time(vault: Vault) -> None:
    class Slow(io.RawIOBase):
        data = io.BytesIO(LARGE)

        def read(self, size: int = -1, /) -> bytes:
            return self.data.read(min(size, 70_001))

    assert put(vault, LARGE) == vault.blobs.put(Slow())  # type: ignore[arg-type]


def test_names_say_nothing(vault: Vault, folder: Path, tmp_path: Path) -> None:
    secret = b"canary" * 300_000
    made = put(vault, secret)
    (path,) = files(folder)
    assert hashlib.blake2b(secret, digest_size=32).hexdigest() != path.name
    assert b"canary" not in path.read_bytes()
    with Vault.create(tmp_path / "o", os.urandom(32), Catalog(), person="B") as other:
        assert put(other, secret).id != made.id


def test_it_belongs_to_the_batch(vault: Vault, store: Store, folder: Path) -> None:
    with pytest.raises(RuntimeError), vault.batch("Attach"):  # noqa: PT012
        made = put(vault, LARGE)
        assert vault.blobs.has(made)
        raise RuntimeError
    assert not vault.blobs.has(made)
    with pytest.raises(NotFound, match="gone"):
        vault.blobs.open(made)
    vault.blobs.collect(datetime.now(UTC))
    assert files(folder) == []


# --- damage ------------------------------------------------------------------------------------


def test_every_change_to_a_file_is_seen(vault: Vault, folder: Path) -> None:
    made = put(vault, LARGE)
    (path,) = files(folder)
    good = path.read_bytes()
    sealed = CHUNK + 16
    chunk = [good[32 + n * sealed : 32 + (n + 1) * sealed] for n in range(21)]
    chance = random.Random(7)
    changed = [bytearray(good) for _ in range(50)]
    for data in changed:
        data[chance.randrange(len(good))] ^= 1 << chance.randrange(8)
    changed += [
        bytearray(b"".join([good[:32], *parts]))
        for parts in (
            chunk[:-1],  # without the last
            chunk[1:],  # without the first
            [*chunk[:5], chunk[6], chunk[5], *chunk[7:]],  # two swapped
            [*chunk[:-1], chunk[0]],  # one twice
            [*chunk, chunk[-1]],  # one more
            [],
        )
    ]
    changed += [bytearray(good[:-1]), bytearray(good + b"x"), bytearray()]
    for data in changed:
        path.write_bytes(data)
        with pytest.raises((DamagedError, TooNew)):
            read(vault, made)
    path.write_bytes(good)
    assert read(vault, made) == LARGE
    path.unlink()
    with pytest.raises(DamagedError, match="missing"):
        read(vault, made)


def test_files_cannot_take_each_others_place(vault: Vault, folder: Path) -> None:
    one, two = put(vault, LARGE), put(vault, LARGE[::-1])
    places = [path_of(folder / "blobs", blob.id) for blob in (one, two)]
    data = [path.read_bytes() for path in places]
    for path, other in zip(places, reversed(data), strict=True):
        path.write_bytes(other)
    for blob in (one, two):
        with pytest.raises(DamagedError):
            read(vault, blob)


def test_a_full_disk_leaves_nothing(vault: Vault, folder: Path) -> None:
    """The limit on a file's size stands for the disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    heard = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    vault.db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    resource.setrlimit(resource.RLIMIT_FSIZE, (INLINE + 70_000, before[1]))
    try:
        with pytest.raises(UnavailableError, match="cannot be kept"):
            put(vault, LARGE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, heard)
    assert files(folder) == []
    assert read(vault, put(vault, LARGE)) == LARGE


KILLED = """
import io, os, sys
from pathlib import Path
from storage.blob import Blob
from storage.vault import Vault
from tests.storage.conftest import KEY
from tests.storage.kinds import Catalog
from tests.storage.test_blob import LARGE
folder = Path(sys.argv[1])
steps = ("open", "os.rename", "os.remove", "sqlite3.connect", "os.mkdir")
def killed(at):
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    vault, left = Vault.open(folder, KEY, Catalog()), [at]
    def count(event, _):
        left[0] -= event in steps
        if not left[0]:
            os._exit(9)
    sys.addaudithook(count)
    vault.blobs.put(io.BytesIO(LARGE))
    os._exit(0)
codes, found = [], []
while not codes or codes[-1]:
    codes.append(killed(len(codes) + 1))
    with Vault.open(folder, KEY, Catalog()) as vault:
        found.append(0)
        for id, size in vault.db.rows("SELECT id, size FROM blob"):
            found[-1] += vault.blobs.open(Blob(id=id, size=size)).read() == LARGE
print([codes, found])
"""


def test_killed_in_between(vault: Vault, folder: Path) -> None:
    """Ended at each step towards the disk: it is there whole, or not at all."""
    vault.close()
    words = [sys.executable, "-c", KILLED, str(folder)]
    ran = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False)
    assert ran.returncode == 0, ran.stderr
    codes, found = json.loads(ran.stdout)
    assert codes == [9] * (len(codes) - 1) + [0]
    assert len(codes) > 5
    assert found == sorted(found)
    assert (found[0], found[-1]) == (0, 1)


# --- keeping and collecting -------------------------------------------------------------------------


@pytest.fixture
def timed(folder: Path):
    """(vault, its clock to set): files have ages."""
    now = [datetime(2026, 1, 1, tzinfo=UTC)]
    with Vault.create(
        folder, KEY, Catalog(Paper), person="Ada", clock=lambda: now[0]
    ) as made:
        yield made, now


def test_what_a_record_holds_is_kept(timed, folder: Path) -> None:
    vault, now = timed
    store = vault.store(vault.scope())
    held, loose, again = (put(vault, LARGE[n:]) for n in range(3))
    paper = store.put(Paper(title="x", file=held))
    assert store.get(Paper, paper.id).file == held
    now[0] += 40 * DAY
    put(vault, LARGE[2:])  # counts from now on
    assert vault.blobs.collect(now[0] - 30 * DAY) == 1
    assert [vault.blobs.has(one) for one in (held, loose, again)] == [True, False, True]
    assert len(files(folder)) == 2
    store.delete(Paper, paper.id)
    now[0] += 20 * DAY
    vault.blobs.collect(now[0] - 30 * DAY)
    store.restore(Paper, paper.id)
    assert read(vault, held) == LARGE
    store.put(msgspec.structs.replace(paper, file=None))
    vault.blobs.collect(now[0] - 30 * DAY)
    store.undo()  # what was taken off a moment ago comes back
    assert read(vault, held) == LARGE
    store.redo()
    now[0] += 31 * DAY
    assert vault.blobs.collect(now[0] - 30 * DAY) == 2
    assert files(folder) == []


def test_a_purged_record_lets_go(timed, folder: Path) -> None:
    vault, now = timed
    store = vault.store(vault.scope())
    paper = store.put(Paper(title="x", file=put(vault, LARGE)))
    store.delete(Paper, paper.id)
    now[0] += 31 * DAY
    assert vault.blobs.collect(now[0] - 30 * DAY) == 0
    assert store.expire(now[0] - 30 * DAY) == 1
    assert vault.blobs.collect(now[0] - 30 * DAY) == 1


def test_putting_while_collecting(timed) -> None:
    """What was just put is never collected, whoever is quicker."""
    vault, now = timed
    put(vault, LARGE)
    now[0] += 31 * DAY
    failed: list[Exception] = []

    def many() -> None:
        try:
            for _ in range(10):
                assert read(vault, put(vault, LARGE)) == LARGE
        except Exception as error:  # noqa: BLE001 - raised below
            failed.append(error)

    thread = threading.Thread(target=many)
    thread.start()
    while thread.is_alive():
        vault.blobs.collect(now[0] - 30 * DAY)
    thread.join()
    assert not failed


def test_a_backup_carries_them(vault: Vault, store: Store, tmp_path: Path) -> None:
    from storage.backup import copy_blobs

    store.put(Task(title=put(vault, LARGE).id))
    folder = vault.db.path.parent / "blobs"
    copy_blobs(folder, tmp_path / "one")
    copy_blobs(folder, tmp_path / "two", tmp_path / "one")
    one, two = (next((tmp_path / name).glob("??/*")) for name in ("one", "two"))
    (mine,) = folder.glob("??/*")
    assert one.samefile(two)
    assert not one.samefile(mine)
    assert one.read_bytes() == mine.read_bytes()
