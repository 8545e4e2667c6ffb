"""Bad disks, bad clocks, other programs: a clear error or success, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mana_tui.workspace import Workspace
from modules.notes.model import Note
from modules.sdk import Query
from modules.sdk.registry import Catalog
from modules.todo.model import Task
from storage import migrate
from storage.database import Database
from storage.errors import ManaError, TooNew, UnavailableError
from storage.vault import Vault
from tests.program import ROOT, Program, new_home
from tests.proofs.disks import Disk, Mounted, small_disk
from tests.proofs.flipping import tables

Say = Callable[..., None]
KEY = bytes(range(32))
WRITES: tuple[tuple[str, dict[str, object]], ...] = (
    ("todo.add", {"title": "a task", "tags": ("x", "y")}),
    ("notes.add", {"title": "a note", "content": "text " * 4000}),
    ("calendar.add", {"title": "an event", "when": "tomorrow 9:00"}),
    ("journal.today", {"text": "some words"}),
    ("undo", {}),
    ("redo", {}),
    ("backup", {}),
    ("space.new", {"name": "Family", "type": "family"}),
)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk") as found:
        yield found


def opened(folder: Path) -> Workspace:
    return Workspace(Vault.open(folder, KEY, Catalog()), locale="en")


def sound(vault: Vault) -> None:
    migrate.check(vault.db)


def test_a_full_disk(disk: Disk, say: Say) -> None:
    """Every kind of write, with every amount of room left, page by page."""
    folder = disk.path / "vault"
    Vault.create(folder, KEY, Catalog(), person="Ada").close()
    workspace = opened(folder)
    workspace.vault.prepare()
    workspace.run("todo.add", {"title": "kept"})
    done: Counter[str] = Counter()
    for room in range(0, 160 * 1024, 8192):
        for command, values in WRITES:
            if command == "backup":
                continue  # needs a header: it has its own test
            before, spaces = tables(workspace.vault), len(workspace.vault.spaces())
            named = {"name": f"F {room}"} if "name" in values else {}
            disk.leave(room)
            try:
                workspace.run(command, values | named)
            except UnavailableError:
                disk.free()
                assert tables(workspace.vault) == before
                assert len(workspace.vault.spaces()) == spaces
                done["refused, nothing changed"] += 1
            else:
                done["done"] += 1
        disk.free()
        workspace.run("todo.add", {"title": f"after {room}"})
    count = workspace.store.count(Query(Task))
    workspace.close()
    if isinstance(disk, Mounted):
        disk.leave(0)
        with pytest.raises(UnavailableError, match="full"):
            opened(folder)
    disk.leave(80 * 1024)  # enough to read
    again = opened(folder)
    assert again.store.count(Query(Task)) == count
    disk.free()
    sound(again.vault)
    again.close()
    assert done["refused, nothing changed"] > 20
    assert done["done"] > 5
    said = ", ".join(f"{number} {what}" for what, number in done.items())
    say(f"disk full: writes tried ({disk.name})", done.total(), said)


def test_a_full_disk_on_the_command_line(disk: Disk, say: Say) -> None:
    if not isinstance(disk, Mounted):
        say("disk full: the command line", "-", "mounting is not permitted here")
        return
    cli = Program(new_home(disk.path / "home"))
    assert cli("todo", "add", "kept").code == 0
    lines = 0
    for words in (
        ("todo", "add", "x"),
        ("backup",),
        ("add", "n y"),
        ("space", "new", "F", "family"),
    ):
        disk.leave(0)
        done = cli.apart(*words)
        disk.free()
        assert done.code == 1, f"{words}: {done.out}{done.err}"
        assert "bug" not in done.err
        assert "full" in done.err or "No space" in done.err
        lines += 1
    assert [task["title"] for task in cli("todo", "list", "--json").json] == ["kept"]
    assert list((disk.path / "home").rglob("backups/.*")) == []
    assert cli("check").code == 0
    say("disk full: the command line", lines, "commands say so, nothing changed")


def test_a_read_only_disk(disk: Disk, say: Say) -> None:
    if not isinstance(disk, Mounted):
        say("read-only disk", "-", "mounting is not permitted here")
        return
    cli = Program(new_home(disk.path / "home"))
    assert cli("todo", "add", "kept").code == 0
    disk.remount("ro")
    try:
        listed = cli.apart("todo", "list", "--json")
        assert [task["title"] for task in listed.json] == ["kept"]
        refused = 0
        for words in (
            ("todo", "add", "x"),
            ("add", "n y"),
            ("undo",),
            ("backup",),
            ("space", "new", "F", "family"),
            ("trash", "list"),
        ):
            done = cli.apart(*words)
            assert "bug" not in done.err, f"{words}: {done.err}"
            if words[0] != "trash":
                assert done.code == 1
                assert "ead-only" in done.err or "only be read" in done.err
                refused += 1
    finally:
        disk.remount("rw")
    assert cli("todo", "add", "after").code == 0
    assert cli("check").code == 0
    say("read-only disk: reading works, writes refused", refused, "nothing changed")


def test_a_disk_that_becomes_read_only_while_open(disk: Disk, say: Say) -> None:
    if not isinstance(disk, Mounted):
        return
    folder = disk.path / "vault"
    Vault.create(folder, KEY, Catalog(), person="Ada").close()
    workspace = opened(folder)
    workspace.run("todo.add", {"title": "kept"})
    held = os.open(folder, os.O_RDONLY)  # what keeps it from being remounted is a writer
    os.close(held)
    before = tables(workspace.vault)
    done = subprocess.run(
        ["mount", "-o", "remount,ro,size=8m", str(disk.path)],
        capture_output=True,
        check=False,
    )
    if done.returncode == 0:
        with pytest.raises(UnavailableError):
            workspace.run("todo.add", {"title": "x"})
        disk.remount("rw")
    assert tables(workspace.vault) == before
    workspace.run("todo.add", {"title": "after"})
    workspace.close()


@pytest.mark.parametrize("how", ["removed", "renamed", "unmounted"])
def test_the_folder_goes_while_it_is_open(
    disk: Disk, how: str, tmp_path: Path, say: Say
) -> None:
    folder = disk.path / "vault"
    Vault.create(folder, KEY, Catalog(), person="Ada").close()
    workspace = opened(folder)
    workspace.run("todo.add", {"title": "kept"})
    copy = Path(
        shutil.copytree(folder, tmp_path / "copy", ignore=shutil.ignore_patterns("*-shm"))
    )
    if how == "removed":
        shutil.rmtree(folder)
    elif how == "renamed":
        folder.rename(disk.path / "other")
    elif isinstance(disk, Mounted):
        subprocess.run(["umount", "-l", str(disk.path)], check=True)
    else:
        shutil.rmtree(folder)
    for command, values in WRITES:
        with pytest.raises(ManaError):
            workspace.run(command, values)
    workspace.close()
    if isinstance(disk, Mounted) and how == "unmounted":
        subprocess.run(["mount", "-t", "tmpfs", "none", str(disk.path)], check=True)
    again = opened(disk.path / "other" if how == "renamed" else copy)
    assert [task.title for task in again.store.all(Query(Task))] == ["kept"]
    sound(again.vault)
    again.close()
    say(f"folder {how} while open: writes refused", len(WRITES), "nothing pretended")


def test_the_clock_goes_back_a_year(tmp_path: Path, say: Say) -> None:
    """Order, undo, redo and time travel follow the history's clock, not the computer's."""
    now = [datetime(2026, 11, 22, 12, tzinfo=UTC)]
    folder = tmp_path / "vault"
    Vault.create(folder, KEY, Catalog(), person="Ada", clock=lambda: now[0]).close()
    for turn in range(4):
        vault = Vault.open(folder, KEY, Catalog(), clock=lambda: now[0])
        workspace = Workspace(vault, clock=lambda: now[0], locale="en")
        workspace.run("todo.add", {"title": f"turn {turn}"})
        now[0] -= timedelta(days=365)
        workspace.run("todo.add", {"title": f"back {turn}"})
        workspace.close()
    vault = Vault.open(folder, KEY, Catalog(), clock=lambda: now[0])
    workspace = Workspace(vault, clock=lambda: now[0], locale="en")
    ats = [row[0] for row in vault.db.rows("SELECT at FROM change ORDER BY seq")]
    assert ats == sorted(ats)
    titles = [task.title for task in workspace.store.all(Query(Task).order("created"))]
    assert titles == [f"{word} {turn}" for turn in range(4) for word in ("turn", "back")]
    for left in range(7, -1, -1):
        assert workspace.run("undo") is not None
        assert workspace.store.count(Query(Task)) == left
    for _ in range(8):
        assert workspace.run("redo") is not None
    assert workspace.store.count(Query(Task)) == 8
    sound(vault)
    workspace.close()
    say("clock back a year, four times: undone and redone", 8, "in the order they happened")


WRITER = """
import sys
from pathlib import Path
from modules.sdk.registry import Catalog
from mana_tui.workspace import Workspace
from storage.vault import Vault
name, folder, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
workspace = Workspace(Vault.open(folder, bytes(range(32)), Catalog()), locale="en")
for number in range(count):
    workspace.run("todo.add", {"title": f"{name} {number}", "tags": ("shared",)})
    if number % 10 == 0:
        workspace.run("notes.add", {"title": f"{name} {number}"})
workspace.close()
"""


def test_several_processes_write_at_once(tmp_path: Path, say: Say) -> None:
    folder, count, names = tmp_path / "vault", 150, ("one", "two", "three")
    Vault.create(folder, KEY, Catalog(), person="Ada").close()
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, name, str(folder), str(count)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in names
    ]
    for one in running:
        _, err = one.communicate()
        assert one.returncode == 0, err
    workspace = opened(folder)
    found = workspace.store.all(Query(Task))
    wanted = sorted(f"{name} {n}" for name in names for n in range(count))
    assert sorted(task.title for task in found) == wanted
    assert len({task.short for task in found}) == len(found)
    assert workspace.store.count(Query(Note)) == len(names) * count // 10
    assert len(workspace.store.tags()) == 1
    sound(workspace.vault)
    workspace.close()
    say(
        "three processes writing at once: commands", len(found) + 45, "all there, once each"
    )


MIGRATING = """
import sys, time
from pathlib import Path
from modules.sdk.registry import Catalog
from storage import migrate
from storage.vault import Vault
folder, log = Path(sys.argv[1]), Path(sys.argv[2])
def slow(db):
    with log.open("a") as file:
        file.write("ran\\n")
    db.execute("CREATE TABLE later (a TEXT) STRICT")
    time.sleep(0.3)
    db.execute("INSERT INTO later VALUES ('once')")
migrate.STEPS = (*migrate.STEPS, slow)
vault = Vault.open(folder, bytes(range(32)), Catalog())
assert vault.db.rows("SELECT a FROM later") == [("once",)]
vault.close()
"""


def test_a_second_process_migrates(tmp_path: Path, say: Say) -> None:
    folder, log = tmp_path / "vault", tmp_path / "log"
    Vault.create(folder, KEY, Catalog(), person="Ada").close()
    before = opened(folder)
    before.run("todo.add", {"title": "kept"})
    before.close()
    running = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATING, str(folder), str(log)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for one in running:
        _, err = one.communicate()
        assert one.returncode == 0, err
    assert log.read_text() == "ran\n"
    (backup,) = folder.glob("vault.before-*.db")
    copy = Database.open(backup, KEY, application_id=migrate.APPLICATION_ID)
    assert copy.value("SELECT title FROM todo_task") == "kept"
    copy.close()
    newer = opened(folder)  # this program does not know that step
    assert newer.vault.read_only
    assert [task.title for task in newer.store.all(Query(Task))] == ["kept"]
    with pytest.raises(TooNew):
        newer.run("todo.add", {"title": "x"})
    newer.close()
    say("four processes migrating at once: steps run", 1, "after one verified backup")
