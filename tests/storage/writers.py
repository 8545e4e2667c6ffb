"""Run as a program: writes from several processes, kills them, checks what is left.

python -m tests.storage.writers kill FOLDER TIMES SEED
python -m tests.storage.writers write FOLDER NAME COUNT
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

import msgspec

from storage import migrate
from storage.query import Query, col
from storage.vault import Vault
from tests.storage.conftest import KEY
from tests.storage.kinds import Catalog, Note, Task


def write_until_killed(folder: Path, said: int, seed: str) -> None:
    """Acknowledge every commit with one byte per record written."""
    with Vault.open(folder, KEY, Catalog()) as vault:
        store = vault.store(vault.scope())
        for number in range(100_000):
            name = f"{seed}.{number}"
            if number % 3 == 0:
                store.put_many([Task(title=name), Task(title=name)])
            elif number % 3 == 1:
                store.put(Note(title=name, text="x" * 5000, tags=store.tag_ids([name])))
            else:
                old = store.all(Query(Task).order("-created").limit(1))[0]
                with vault.batch("Two kinds"):
                    store.put(msgspec.structs.replace(old, notes=name))
                    store.put(Note(title=name))
            os.write(said, b".")


def kill_and_check(folder: Path, times: int, seed: int) -> None:
    """Every acknowledged write is there, whole, and the file is sound."""
    chance = random.Random(seed)
    for turn in range(times):
        heard, said = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(heard)
            write_until_killed(folder, said, f"{seed}.{turn}")
            os._exit(0)
        os.close(said)
        os.read(heard, 1)
        time.sleep(chance.random() * 0.03)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told = 1
        while chunk := os.read(heard, 65536):
            told += len(chunk)
        os.close(heard)
        _check(folder, f"{seed}.{turn}", told, last=turn == times - 1)


def _check(folder: Path, seed: str, told: int, *, last: bool) -> None:
    with Vault.open(folder, KEY, Catalog()) as vault:
        store = vault.store(vault.scope())
        for number in range(told + 1):  # one more may have been committed unheard
            name = f"{seed}.{number}"
            tasks = store.count(Query(Task).where(col("title") == name))
            notes = store.all(Query(Note).where(col("title") == name))
            noted = store.count(Query(Task).where(col("notes") == name))
            tagged = [len(note.tags) for note in notes]
            found = (tasks, tagged, noted)
            whole = [(2, [], 0), (0, [1], 0), (0, [0], 1)][number % 3]
            if found != whole and (number < told or found != (0, [], 0)):
                raise SystemExit(f"lost or torn: {name} {found}")
        if last:
            migrate.check(vault.db)


def write(folder: Path, name: str, count: int) -> None:
    """Write one by one; print the ids of what other processes wrote meanwhile."""
    with Vault.open(folder, KEY, Catalog()) as vault:
        store = vault.store(vault.scope())
        for number in range(count):
            store.put(Task(title=f"{name} {number}"))
            store.tag_ids(["shared"])
            vault.poll()


if __name__ == "__main__":
    what, folder, *rest = sys.argv[1:]
    if what == "kill":
        kill_and_check(Path(folder), int(rest[0]), int(rest[1]))
    else:
        write(Path(folder), rest[0], int(rest[1]))
