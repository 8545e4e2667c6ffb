"""Capture while locked: sealed at once, filed once, in order; nothing hostile gets in."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mana_tui import inbox
from mana_tui.app import ManaApp
from mana_tui.device import signing
from mana_tui.opening import opener_of
from mana_tui.paths import Paths
from mana_tui.session import lock
from mana_tui.workspace import Workspace
from modules.sdk.registry import Catalog
from storage import identity
from storage.crypto import header, pairs, seal
from storage.errors import LockedError, Refused, UserError
from storage.inbox import MOST_BYTES
from storage.record import new_id
from storage.vault import Vault
from tests.app.shell.driving import driving, press, screen
from tests.program import PASSPHRASE, Program, environment, surroundings, unlocked

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""When lines are captured here: a Friday, whatever day they are filed."""


@pytest.fixture
def paths(home: Path) -> Iterator[Paths]:
    """A locked vault this device knows."""
    with surroundings(environment(home, password=False)):
        found = Paths.find()
        lock(found)
        yield found


@pytest.fixture
def locked(paths: Paths) -> Program:
    """The command line on it, without any way to a passphrase."""
    return Program(paths.data.parent.parent)


def run(program: Program, *words: str, **how: object):
    return program(*words, env={"MANA_PASSWORD_COMMAND": ""}, **how)  # type: ignore[arg-type]


def folder(paths: Paths) -> Path:
    return paths.data / "inbox"


def files(paths: Paths) -> list[Path]:
    return sorted(p for p in folder(paths).iterdir() if p.name != "aside")


def aside(paths: Paths) -> list[str]:
    there = folder(paths) / "aside"
    return sorted(p.name for p in there.iterdir()) if there.exists() else []


def opened(paths: Paths, said: list[str] | None = None) -> Workspace:
    """A workspace that has filed what waited."""
    from storage.crypto.slots import unlock

    vault = Vault.open(paths.data, unlock(paths.data, PASSPHRASE), Catalog())
    made = Workspace(
        vault, paths=paths, locale="en", notify=(said if said is not None else []).append
    )
    inbox.file_waiting(made)
    return made


def titles(workspace: Workspace) -> list[str]:
    tasks = workspace.run("todo.list")
    return [t.title for t in sorted(tasks, key=lambda t: t.id)]


def sealed(
    paths: Paths,
    text: str = "a line",
    *,
    at: datetime = NOON,
    id: str = "",
    seed: bytes | None = None,
    content: bytes | None = None,
    **head: str,
) -> bytes:
    """A capture as this device seals it, or a stranger with its own seed."""
    own, to = signing(paths), identity.published(paths.data)
    assert own is not None
    assert to is not None
    said = {"kind": "capture", "vault": header.vault_id(paths.data), "space": ""} | head
    line = msgspec.json.encode(inbox.Line(text=text, at=at))
    return seal.seal(
        line if content is None else content,
        **said,  # type: ignore[arg-type]
        id=id or new_id(),
        to=to,
        seed=seed or bytes.fromhex(own.seed),
    )


def put(paths: Paths, data: bytes, name: str = "") -> Path:
    folder(paths).mkdir(mode=0o700, exist_ok=True)
    path = folder(paths) / (name or f"{new_id()}.seal")
    path.write_bytes(data)
    return path


# --- while locked -----------------------------------------------------------------------------


def test_a_line_is_sealed_without_a_passphrase(locked: Program, paths: Paths) -> None:
    done = run(locked, "add", "call Ada tomorrow 9:00", "--no-input")
    assert (done.code, done.err) == (0, "")
    assert done.out == "Sealed; it will be filed when the vault is unlocked.\n"
    assert run(locked, "add", "second", "--json").json == {"sealed": True, "waiting": 2}
    for path in files(paths):
        assert path.stat().st_mode & 0o777 == 0o600
        assert b"Ada" not in path.read_bytes()
    assert run(locked, "todo", "list", "--no-input").code == 12
    assert run(locked, "add", "x", "--dry-run").code == 12


def test_what_was_sealed_is_filed_by_the_next_command(
    locked: Program, paths: Paths
) -> None:
    run(locked, "add", "buy milk #home")
    done = locked("todo", "list", "--json")
    assert [t["title"] for t in done.json] == ["buy milk"]
    assert "1 line captured while locked: filed now." in done.err
    assert files(paths) == []
    assert locked("todo", "list").err.count("captured") == 0


def test_unlocking_files_as_well(locked: Program, paths: Paths) -> None:
    run(locked, "add", "buy milk")
    assert "filed now" in locked("unlock").err
    assert files(paths) == []


def test_with_a_way_to_open_nothing_is_sealed(locked: Program, paths: Paths) -> None:
    assert "Task “x”" in locked("add", "x").out
    assert locked("add", "x", env={"MANA_PASSWORD_COMMAND": "echo wrong"}).code == 12
    assert not folder(paths).exists()


def test_a_length_tells_little(paths: Paths) -> None:
    for text in ("x", "x" * 100, "a much longer line with all that one has to say"):
        inbox.seal_line(paths, text)
    sizes = {path.stat().st_size for path in files(paths)}
    assert len(sizes) == 1
    assert max(len(path.read_bytes()) for path in files(paths)) < 2048


@pytest.mark.parametrize("text", ["", "  ", "\x1b\x07", "x" * (inbox.MOST_LINE + 1)])
def test_lines_that_cannot_be_kept_are_refused_at_once(paths: Paths, text: str) -> None:
    with pytest.raises(UserError):
        inbox.seal_line(paths, text)
    assert not folder(paths).exists()


def test_the_longest_line_fits(paths: Paths) -> None:
    inbox.seal_line(paths, '"\\' * (inbox.MOST_LINE // 2))
    workspace = opened(paths, said := [])
    (task,) = workspace.run("todo.list")
    assert task.notes == '"\\' * (inbox.MOST_LINE // 2)
    assert len(said) == 2
    workspace.close()


def test_a_device_that_never_unlocked_seals_nothing(locked: Program, paths: Paths) -> None:
    for content in (None, b"", b"{}", b"\xff", b'{"vault":"x","seed":"zz","to":""}'):
        (paths.state / "signing.json").unlink()
        if content is not None:
            (paths.state / "signing.json").write_bytes(content)
            (paths.state / "signing.json").chmod(0o600)
        assert run(locked, "add", "x").code == 12
        with pytest.raises(LockedError, match="never unlocked"):
            inbox.seal_line(paths, "x")
        (paths.state / "signing.json").touch()
    assert not folder(paths).exists()
    locked("unlock")
    locked("lock")
    assert run(locked, "add", "x").code == 0


def test_a_replaced_header_receives_nothing(locked: Program, paths: Paths) -> None:
    """Somebody who can write the folder puts a key of their own in: it is not used."""
    body = json.loads((paths.data / header.NAME).read_text())
    theirs = pairs.receiving_public(bytes(32))
    body["public"]["seal"] = base64.b64encode(theirs).decode()
    body["checksum"] = header._checksum(body)
    (paths.data / header.NAME).write_text(json.dumps(body))
    done = run(locked, "add", "secret plan")
    assert done.code == 1
    assert "not the one this device knows" in done.err
    assert not folder(paths).exists()


def test_a_vault_from_before_gets_its_keys_at_the_next_unlock(
    locked: Program, paths: Paths
) -> None:
    from storage.crypto.slots import unlock

    key = unlock(paths.data, PASSPHRASE)
    body = header.read(paths.data)
    body["public"] = {}
    header.write(paths.data, body, key)
    with Vault.open(paths.data, key, Catalog()) as vault, vault.writing("x"):
        vault.db.execute(
            "DELETE FROM meta WHERE name LIKE 'seed %' OR name LIKE 'signer %'"
        )
    assert run(locked, "add", "x").code == 12
    locked("unlock")
    locked("lock")
    assert run(locked, "add", "x").code == 0
    assert locked("todo", "list", "--json").json[0]["title"] == "x"


# --- filing --------------------------------------------------------------------------------------


def test_lines_are_filed_in_order_one_undo_each_and_say_by_whom(paths: Paths) -> None:
    for n in (2, 0, 1):
        put(paths, sealed(paths, f"line {n}", at=NOON + timedelta(seconds=n)))
    with_them = opened(paths, said := [])
    assert titles(with_them) == ["line 0", "line 1", "line 2"]
    assert said == ["3 lines captured while locked: filed now."]
    batches = with_them.store.batches(3)
    assert {(b.title, b.actor.kind, b.actor.name) for b in batches} == {
        ("Capture", "system", "Captured while locked")
    }
    with_them.run("undo")
    assert titles(with_them) == ["line 0", "line 1"]
    with_them.close()


def test_tomorrow_is_the_day_after_it_was_typed(paths: Paths) -> None:
    put(paths, sealed(paths, "call Ada tomorrow"))
    workspace = opened(paths)
    (task,) = workspace.run("todo.list")
    assert task.due.isoformat() == "2026-11-21"
    workspace.close()


@pytest.mark.parametrize("year", [1, 1970, 9999])
def test_a_clock_that_was_never_set_does_not_matter(paths: Paths, year: int) -> None:
    put(paths, sealed(paths, "call Ada tomorrow", at=NOON.replace(year=year)))
    workspace = opened(paths)
    (task,) = workspace.run("todo.list")
    assert task.due.year == workspace.today().year
    workspace.close()


def test_a_line_that_is_refused_becomes_a_plain_task(paths: Paths) -> None:
    put(paths, sealed(paths, "m 99"))
    workspace = opened(paths, said := [])
    assert titles(workspace) == ["m 99"]
    assert "became a plain task" in said[1]
    workspace.close()


def test_a_line_goes_to_its_space(locked: Program, paths: Paths) -> None:
    locked("space", "new", "Club", "club")
    locked("space", "switch", "club")
    run(locked, "add", "by the active space")
    run(locked, "add", "by its name", "--space", "@me")
    run(locked, "add", "nowhere", "--space", "gone")
    done = locked("--space", "club", "todo", "list", "--json")
    assert [t["title"] for t in done.json] == ["by the active space"]
    assert "'gone'" in done.err
    mine = locked("--space", "@me", "todo", "list", "--json").json
    assert {t["title"] for t in mine} == {"by its name", "nowhere"}


# --- exactly once ---------------------------------------------------------------------------------


def test_a_file_that_comes_back_changes_nothing(paths: Paths) -> None:
    path = put(paths, sealed(paths))
    kept = path.read_bytes()
    workspace = opened(paths)
    workspace.run("undo")
    put(paths, kept, "another-name.seal")
    assert inbox.file_waiting(workspace).lines == 0
    assert titles(workspace) == []
    assert files(paths) == []
    workspace.close()


KILLED_AT = """
import os, sys
from mana_tui.cli import main
def hook(event, args):
    if event == "os.remove" and str(args[0]).endswith(".seal"):
        os.kill(os.getpid(), 9)
sys.addaudithook(hook)
main(["todo", "list"])
"""


def test_killed_after_the_commit_and_before_the_end_files_once(paths: Paths) -> None:
    """The worst moment there is: committed, and the file is still there."""
    home = paths.data.parent.parent
    for n in range(3):
        put(paths, sealed(paths, f"line {n}", at=NOON + timedelta(seconds=n)))
    for _ in range(2):  # the second finds the first filed and dies at the same place
        done = subprocess.run(
            [sys.executable, "-c", KILLED_AT], env=environment(home), cwd=home,
            capture_output=True, check=False,
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL
        assert len(files(paths)) == 3
    workspace = opened(paths)
    assert titles(workspace) == ["line 0", "line 1", "line 2"]
    assert files(paths) == []
    workspace.close()


def test_two_programs_at_once_file_once(paths: Paths) -> None:
    home = unlocked(paths.data.parent.parent)
    for n in range(12):
        put(paths, sealed(paths, f"line {n:2}", at=NOON + timedelta(seconds=n)))
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "mana_tui", "todo", "list"], env=environment(home), cwd=home,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(3)
    ]  # fmt: skip
    assert [(p.communicate()[0] != b"", p.returncode) for p in running] == [(True, 0)] * 3
    workspace = opened(paths)
    assert titles(workspace) == [f"line {n:2}".rstrip() for n in range(12)]
    assert len(workspace.store.batches(100)) == 13
    workspace.close()


# --- hostile inboxes ------------------------------------------------------------------------------

Hostile = Callable[[Paths], object]


def _link(paths: Paths) -> None:
    folder(paths).mkdir(mode=0o700, exist_ok=True)
    secret = paths.data / "secret"
    secret.write_bytes(sealed(paths))
    (folder(paths) / "x.seal").symlink_to(secret)


def _odd(make: Callable[[Path], object]) -> Hostile:
    def made(paths: Paths) -> None:
        folder(paths).mkdir(mode=0o700, exist_ok=True)
        make(folder(paths) / "x.seal")

    return made


def _flipped(paths: Paths) -> None:
    data = bytearray(sealed(paths))
    data[len(data) // 2] ^= 1
    put(paths, bytes(data))


HOSTILE: dict[str, tuple[Hostile, str]] = {
    "nothing in it": (lambda p: put(p, b""), "damaged"),
    "garbage": (lambda p: put(p, os.urandom(5000)), "damaged"),
    "huge": (lambda p: put(p, bytes(MOST_BYTES + 1)), "too large"),
    "a changed byte": (_flipped, "damaged"),
    "a stranger's": (lambda p: put(p, sealed(p, seed=bytes(32))), "nobody this vault knows"),
    "a newer one": (lambda p: put(p, b"manaseal\x02" + sealed(p)[9:]), "format 2"),
    "another vault's": (lambda p: put(p, sealed(p, vault="0" * 26)), "no capture for this"),
    "another kind": (lambda p: put(p, sealed(p, kind="capsule")), "no capture for this"),
    "other content": (lambda p: put(p, sealed(p, content=b"[]")), "no capture"),
    "no time": (
        lambda p: put(p, sealed(p, content=b'{"text":"x","at":"2026-11-20T12:00:00"}')),
        "no time",
    ),
    "a link": (_link, "no file"),
    "a folder": (_odd(lambda path: path.mkdir()), "no file"),
    "a pipe": (_odd(os.mkfifo), "no file"),
    "a name to write over": (lambda p: put(p, b"x", "aside.seal\x1b[31m"), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_named_and_keeps_nobody_waiting(paths: Paths, name: str) -> None:
    make, why = HOSTILE[name]
    make(paths)
    put(paths, sealed(paths, "a good line"))
    workspace = opened(paths, said := [])
    assert titles(workspace) == ["a good line"]
    assert files(paths) == []
    assert len(aside(paths)) == 1
    assert why in said[1]
    assert "It is now in" in said[1]
    assert said[1].isprintable()
    assert inbox.file_waiting(workspace) == inbox.Filed()
    workspace.close()


def test_what_was_set_aside_is_never_written_over(paths: Paths) -> None:
    for n in range(3):
        put(paths, b"%d" % n, "same.seal")
        opened(paths).close()
    assert len(aside(paths)) == 3


def test_no_changed_byte_files_a_line(paths: Paths) -> None:
    """One file for each byte of a capture, that byte changed: not one line appears."""
    data = sealed(paths)
    for place in range(0, len(data), 4):
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        put(paths, bytes(changed), f"{place:04}.seal")
    workspace = opened(paths)
    assert titles(workspace) == []
    assert files(paths) == []
    workspace.close()


def test_a_vault_that_can_only_be_read_files_nothing(paths: Paths) -> None:
    put(paths, sealed(paths))
    workspace = opened(paths)
    put(paths, sealed(paths, "later"))
    workspace.vault.read_only = True
    assert inbox.file_waiting(workspace) == inbox.Filed()
    assert len(files(paths)) == 1
    workspace.close()


def test_an_inbox_that_cannot_be_moved_still_opens(paths: Paths) -> None:
    put(paths, b"garbage")
    (folder(paths) / "aside").write_bytes(b"not a folder")
    workspace = opened(paths, said := [])
    assert "cannot be moved" in said[0]
    workspace.close()


def test_the_inbox_of_another_device_is_known_once_it_unlocked(
    paths: Paths, tmp_path: Path
) -> None:
    """Two computers, one synced vault folder, each with a key of its own."""
    other = msgspec.structs.replace(paths, state=tmp_path / "other")
    with pytest.raises(LockedError):
        inbox.seal_line(other, "from there")
    from mana_tui.device import sign_in

    workspace = opened(paths)
    sign_in(other, workspace.vault)
    inbox.seal_line(other, "from there")
    inbox.seal_line(paths, "from here")
    inbox.file_waiting(workspace)
    assert set(titles(workspace)) == {"from here", "from there"}
    one, two = signing(paths), signing(other)
    assert one is not None
    assert two is not None
    assert one.seed != two.seed
    workspace.close()


def test_an_inbox_open_to_others_is_refused(paths: Paths) -> None:
    folder(paths).mkdir(mode=0o700)
    folder(paths).chmod(0o755)
    with pytest.raises(Refused, match="open to other people"):
        inbox.seal_line(paths, "x")
    shutil.rmtree(folder(paths))


def test_a_restored_vault_that_never_met_this_device_takes_its_lines(paths: Paths) -> None:
    """The vault is older than the device's key: it is ours all the same."""
    inbox.seal_line(paths, "a line")
    from storage.crypto.slots import unlock

    with (
        Vault.open(paths.data, unlock(paths.data, PASSPHRASE), Catalog()) as vault,
        vault.writing("x"),
    ):
        vault.db.execute("DELETE FROM meta WHERE name LIKE 'signer %'")
    workspace = opened(paths)
    assert titles(workspace) == ["a line"]
    workspace.close()


async def test_a_line_is_captured_before_the_vault_is_open(paths: Paths) -> None:
    """Sealed at once, in no widget afterwards, and a task when the passphrase was typed."""
    opener, create = opener_of(paths)
    app = ManaApp(opener, paths=paths, create=create)
    async with driving(app) as pilot:
        assert "tab captures a line" in screen(pilot)
        await press(pilot, "tab", *"water", "space", *"plants")
        await press(pilot)
        assert "water plants" in screen(pilot)
        await press(pilot, "enter")
        await press(pilot)
        assert "filed when you unlock" in screen(pilot)
        assert "water plants" not in screen(pilot)
        assert len(list((paths.data / "inbox").glob("*.seal"))) == 1
        await press(pilot, "tab")
        await press(pilot, *(("space" if c == " " else c) for c in PASSPHRASE), "enter")
        for _ in range(600):
            await pilot.pause(0.01)
            if app.bench is not None and not files(paths):
                break
        assert app.bench is not None
        found = app.bench.workspace.run("todo.list")
        assert [task.title for task in found] == ["water plants"]
        await press(pilot)
        assert "captured while locked: filed now" in screen(pilot)


def test_a_header_whose_public_keys_are_gone_gets_them_again(
    locked: Program, paths: Paths
) -> None:
    from storage.crypto.slots import unlock

    key = unlock(paths.data, PASSPHRASE)
    for odd in ([], "x", {"seal": 1, "sign": "", "later": "kept"}):
        body = header.read(paths.data)
        body["public"] = odd
        header.write(paths.data, body, key)
        assert run(locked, "add", "x").code != 0
        assert locked("unlock").code == 0
        locked("lock")
        assert run(locked, "add", "x").code == 0
    assert header.read(paths.data)["public"]["later"] == "kept"
