"""Backups, restore, check, doctor and tidying, as a person uses them."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mana_tui.config import Config
from mana_tui.demo import CHEAP
from mana_tui.jobs import AGAIN, Jobs, work
from mana_tui.keep import keep_of
from mana_tui.paths import Paths
from mana_tui.session import key_of
from mana_tui.workspace import Workspace
from modules.sdk.job import Job
from modules.sdk.registry import Catalog
from storage.backup import listed
from storage.crypto.slots import change_passphrase
from storage.errors import UnavailableError
from storage.vault import Vault
from tests.conftest import Clock
from tests.program import PASSPHRASE, Program, copy_home

NEW = "another passphrase altogether"
CANARY = "xylophonic"


@pytest.fixture
def data(home: Path) -> Path:
    """The vault's folder."""
    return home / "data" / "default"


def backups(data: Path) -> list[str]:
    return [one.name for one in listed(data / "backups")]


def damage(data: Path) -> None:
    path = data / "vault.db"
    changed = bytearray(path.read_bytes())
    for at in range(5000, len(changed), 4096 * 7):
        changed[at] ^= 255
    path.write_bytes(changed)


# --- backups -----------------------------------------------------------------------------


def test_a_backup_and_back(cli: Program, data: Path) -> None:
    cli("todo", "add", "kept")
    made = cli("backup", "--json").json
    assert made[0]["backup"]["name"] == backups(data)[0]
    assert "No backup is due." in cli("backup", "--if-due").out
    assert len(backups(data)) == 1
    listing = cli("backup", "list").out
    assert backups(data)[0] in listing
    cli("todo", "add", "later")
    tried = cli("restore", "--verify")
    assert "is whole" in tried.out
    assert len(cli("todo", "list", "--json").json) == 2
    refused = cli("restore", "--no-input")
    assert (refused.code, "say --yes" in refused.err) == (1, True)
    done = cli("restore", "--yes", "--json").json
    assert Path(done["kept"]).is_dir()
    assert [t["title"] for t in cli("todo", "list", "--json").json] == ["kept"]
    assert len(cli("search", "kept", "--json").json) == 1
    cli("restore", Path(done["kept"]).name, "--yes")
    assert len(cli("todo", "list", "--json").json) == 2
    assert cli("check").code == 0


def test_a_second_place_that_is_not_there(cli: Program, data: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    cli("config", "set", "backup_to", str(stick))
    cli("backup")
    assert [one.name for one in listed(stick)] == backups(data)
    shutil.rmtree(stick)
    done = cli("backup")
    assert (done.code, "is not there" in done.err) == (1, True)
    assert "plug in" in done.err
    assert len(backups(data)) == 1  # the vault's own was made, and replaced the one before
    assert "backup_to" in cli("doctor").out


def test_damage_is_named_and_mended_by_a_backup(cli: Program, data: Path) -> None:
    for number in range(20):
        cli("todo", "add", f"{CANARY} {number}")
    assert cli("backup").code == 0
    damage(data)
    found = cli("check")
    assert (found.code, "is not what was written" in found.out) == (1, True)
    assert "mana restore" in found.err
    assert cli("backup").code == 1
    assert len(backups(data)) == 1
    assert cli("restore", "--yes").code == 0
    assert cli("check").code == 0
    assert len(cli("todo", "list", "--json").json) == 20


@pytest.mark.parametrize("lost", ["removed", "garbled"])
def test_only_the_header_is_lost(cli: Program, data: Path, lost: str) -> None:
    cli("backup")
    cli("todo", "add", "newer than the backup")
    header = data / "keyslots.json"
    header.unlink() if lost == "removed" else header.write_text("{}")
    said = cli("todo", "list")
    assert (said.code, "mana restore --header" in said.err) == (1, True)
    assert cli("restore", "--header").code == 0
    assert len(cli("todo", "list", "--json").json) == 1
    assert cli("check").code == 0


def test_a_vault_without_its_database(cli: Program, data: Path) -> None:
    cli("todo", "add", "kept")
    cli("backup")
    for path in data.glob("vault.db*"):
        path.unlink()
    said = cli("check")
    assert (said.code, "mana restore" in said.err) == (10, True)
    assert cli("restore", "--yes").code == 0
    assert [t["title"] for t in cli("todo", "list", "--json").json] == ["kept"]


def test_on_a_new_machine_from_a_stick(cli: Program, tmp_path: Path, data: Path) -> None:
    """A folder of another file system: its modes mean nothing."""
    cli("todo", "add", "kept")
    cli("backup")
    stick = tmp_path / "stick" / "copied"
    shutil.copytree(data / "backups" / backups(data)[0], stick)
    for path in (stick, *stick.iterdir()):
        path.chmod(0o777)
    other = Program(tmp_path / "other")
    refused = other(
        "restore", str(stick), "--yes", env={"MANA_PASSWORD_COMMAND": "echo no"}
    )
    assert refused.code == 12
    assert other("todo", "list").code == 10
    assert other("restore", str(stick), "--yes").code == 0
    assert [t["title"] for t in other("todo", "list", "--json").json] == ["kept"]
    assert (other.home / "data" / "default" / "keyslots.json").stat().st_mode & 0o77 == 0


def test_which_passphrase_holds_after_a_restore(cli: Program, data: Path) -> None:
    cli("backup")
    change_passphrase(data, PASSPHRASE, NEW, cost=CHEAP)
    new = {"MANA_PASSWORD_COMMAND": f"echo '{NEW}'"}
    assert cli("restore", "--yes").code == 0  # by the open session: today's stays
    cli("lock")
    assert cli("todo", "list").code == 12
    assert cli("todo", "list", env=new).code == 0
    assert cli("restore", "--yes", env=new).code == 12  # the backup knows the old one only
    assert cli("restore", "--yes").code == 0  # by the old one: then that holds again
    assert cli("todo", "list").code == 0


# --- check, doctor ---------------------------------------------------------------------------


def test_check_repairs_by_adding(cli: Program, home: Path, data: Path) -> None:
    cli("todo", "add", CANARY)
    with opened(home) as workspace:
        workspace.vault.db.execute("DELETE FROM short WHERE kind = 'todo.task'")
    found = cli("check", "--json")
    assert found.code == 1
    assert "mana check --repair" in cli("check").err
    assert CANARY not in found.out + cli("check").out
    mended = cli("check", "--repair")
    assert (mended.code, "1 repaired" in mended.out) == (0, True)
    assert cli("check", "--read-data").code == 0


def test_check_wants_a_vault(tmp_path: Path) -> None:
    empty = Program(tmp_path / "empty")
    assert empty("check").code == 10
    assert empty("restore").code == 1
    assert empty("backup", "list", "--json").json == []
    assert empty("doctor").code == 0


def test_doctor_says_what_wants_attention(cli: Program, data: Path) -> None:
    cli("todo", "add", CANARY)
    lines = {one["name"]: one for one in cli("doctor", "--json").json}
    assert not lines["backups"]["fine"]
    assert "todo.task 1" in lines["records"]["said"]
    cli("backup")
    assert "All is well." in cli("doctor").out
    (data / "search.db").touch()
    (data / "search.db").chmod(0o644)
    (data / "keyslots.json").rename(data / "elsewhere.json")
    lines = {one["name"]: one for one in cli("doctor", "--json").json}
    assert [name for name, one in lines.items() if not one["fine"]] == [
        "vault",
        "modes",
        "inside",
    ]
    (data / "elsewhere.json").rename(data / "keyslots.json")
    cli("lock")
    said = cli("doctor").out
    assert "locked" in said
    assert CANARY not in said


# --- how long things stay -------------------------------------------------------------------------


class opened:  # noqa: N801 - used as a statement
    """A workspace on a home, with a clock to set."""

    def __init__(self, home: Path, clock: Clock | None = None) -> None:
        self.paths = Paths.find(environ={"MANA_HOME": str(home)})
        self.clock = clock or Clock()

    def __enter__(self) -> Workspace:
        key = key_of(self.paths, lambda _: PASSPHRASE)
        vault = Vault.open(self.paths.data, key, Catalog(), clock=self.clock)
        config = Config(self.paths, environ={})
        self.made = Workspace(vault, clock=self.clock, config=config, paths=self.paths)
        return self.made

    def __exit__(self, *_: object) -> None:
        self.made.close()


@pytest.fixture
def later(home: Path) -> Iterator[tuple[Workspace, Clock]]:
    """A workspace whose clock goes on when told, starting after the vault was made."""
    clock = Clock(Clock().now + timedelta(days=3650))
    with opened(home, clock) as workspace:
        yield workspace, clock


def test_history_is_kept_as_the_space_says(later: tuple[Workspace, Clock]) -> None:
    workspace, clock = later
    task = workspace.run("todo.add", {"title": "0"})
    for step in range(6):
        clock.advance(hours=1)
        workspace.run("todo.edit", {"tasks": [task.id], "title": str(step)})
    clock.advance(days=200)
    assert workspace.run("history.trim").data["changes"] == 0
    said = workspace.run("history.keep", {"days": 100})
    assert "100 days" in said.text
    assert keep_of(workspace.vault, workspace.config, workspace.space).history_days == 100
    tried = workspace.run("history.trim", {"dry_run": True}).data["changes"]
    assert tried > 0
    assert workspace.run("history.trim").data["changes"] == tried
    assert workspace.run("history.trim").data["changes"] == 0
    with pytest.raises(Exception, match="as long as the trash"):
        workspace.run("history.trim", {"older_than": 10})


# --- jobs ---------------------------------------------------------------------------------------------


def test_jobs_back_up_and_tidy_once_a_day(
    later: tuple[Workspace, Clock], data: Path
) -> None:
    workspace, clock = later
    task = workspace.run("todo.add", {"title": "x"})
    workspace.run("todo.delete", {"tasks": [task.id]})
    jobs = Jobs(workspace)
    assert jobs.run_due() == []
    assert len(backups(data)) == 1
    for hours, made in ((1, 1), (12, 1), (12, 2)):
        clock.advance(hours=hours)
        assert Jobs(workspace).run_due() == []  # also after a restart
        assert len(backups(data)) == made
    assert len(workspace.run("trash.list")) == 1
    clock.advance(days=31)
    jobs.run_due()
    assert workspace.run("trash.list") == []
    workspace.config.set("backup", False)  # type: ignore[union-attr]
    clock.advance(days=2)
    jobs.run_due()
    assert len(backups(data)) == 3


ran: list[str] = []


def fails(workspace: Workspace) -> None:
    """A job that cannot."""
    raise UnavailableError("The disk is elsewhere.")


def has_a_bug(workspace: Workspace) -> None:
    """A job with a bug, which holds what somebody typed."""
    raise ValueError(CANARY)


def works(workspace: Workspace) -> None:
    """A job that runs."""
    ran.append("works")


def test_a_job_that_fails_keeps_no_other_from_running(
    later: tuple[Workspace, Clock], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    workspace, clock = later
    monkeypatch.setenv("MANA_HOME", str(tmp_path))
    hour = timedelta(hours=1)
    wanted = tuple(
        Job(
            name=one.__name__,
            title=one.__name__,
            run=f"{__name__}:{one.__name__}",
            every=hour,
        )
        for one in (fails, has_a_bug, works)
    )
    monkeypatch.setattr("mana_tui.jobs.SHELL", wanted)
    jobs = Jobs(workspace)
    ran.clear()
    first, second = jobs.run_due()
    assert first == "fails: The disk is elsewhere."
    assert second.startswith("has_a_bug: mana failed on a bug (ValueError)")
    assert CANARY not in second
    assert jobs.run_due() == []
    assert ran == ["works"]
    clock.advance(seconds=AGAIN.total_seconds())
    assert len(jobs.run_due()) == 2
    assert ran == ["works"] * 2


async def test_locking_ends_them(home: Path) -> None:
    with opened(home) as workspace:
        jobs = Jobs(workspace)
    said: list[str] = []
    await asyncio.gather(work(jobs, said.append), work(jobs, said.append))
    assert (said, jobs.running) == ([], False)


def test_homes_are_apart(home: Path, tmp_path: Path) -> None:
    """A copied vault has backups of the same id; each folder's are its own."""
    other = copy_home(home, tmp_path / "copy")
    Program(other)("backup")
    assert backups(home / "data" / "default") == []


async def test_the_app_backs_up_while_it_is_open(home: Path, data: Path) -> None:
    from mana_tui.app import ManaApp

    with opened(home) as workspace:
        app = ManaApp(lambda _: workspace.vault, make=lambda _: workspace)
        async with app.run_test() as pilot:
            await pilot.pause()
            app._work()
            app._work()  # one at a time
            await app.workers.wait_for_complete()
            assert len(backups(data)) == 1
            app._work()
            await app.workers.wait_for_complete()
    assert len(backups(data)) == 1
