"""Opening the vault: by session, command, descriptor or a person; what this device keeps."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mana_tui import session
from mana_tui.paths import Paths
from modules.sdk.registry import Catalog
from storage.crypto.kdf import Cost
from storage.errors import (
    LockedError,
    NoVault,
    Refused,
    UnavailableError,
    UserError,
    WrongPassphrase,
)
from tests.program import PASSPHRASE, ROOT, Program

CHEAP = Cost(memory_kib=64, passes=1, lanes=1)
SECRET = PASSPHRASE


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Paths:
    paths = Paths.find(environ={"MANA_HOME": str(tmp_path_factory.mktemp("home"))})
    session.create_vault(paths, lambda _: SECRET, person="Ada", cost=CHEAP)
    return paths


@pytest.fixture
def paths(made: Paths, tmp_path: Path) -> Iterator[Paths]:
    home = tmp_path / "home"
    shutil.copytree(made.config.parent, home)
    found = Paths.find(environ={"MANA_HOME": str(home)})
    yield found
    session.lock(found)


def opened(paths: Paths, ask: session.Ask | None = None, **how: object) -> str:
    """The name of the person whose vault it is: proof that it was opened."""
    vault = session.open_vault(paths, Catalog(), ask, **how)  # pyright: ignore[reportArgumentType]
    try:
        return vault.actor.name
    finally:
        vault.close()


def never(prompt: str) -> str:
    raise AssertionError(f"asked: {prompt}")


def descriptor(data: bytes) -> int:
    read, write = os.pipe()
    os.write(write, data)
    os.close(write)
    return read


def test_a_person_is_asked(paths: Paths) -> None:
    prompts: list[str] = []
    assert opened(paths, lambda prompt: prompts.append(prompt) or SECRET) == "Ada"
    assert prompts == ["Passphrase: "]
    with pytest.raises(WrongPassphrase):
        opened(paths, lambda _: "wrong")


def test_nobody_can_be_asked(paths: Paths) -> None:
    with pytest.raises(LockedError) as caught:
        opened(paths)
    assert caught.value.exit_code == 12
    assert "mana unlock" in caught.value.hint


def test_no_vault_is_said_before_anybody_types(tmp_path: Path) -> None:
    empty = Paths.find(environ={"MANA_HOME": str(tmp_path)})
    for way in (
        opened,
        lambda p, ask: session.unlock_for(p, None, ask),
        lambda p, _: session.lock(p),
    ):
        with pytest.raises(NoVault) as caught:
            way(empty, never)
        assert (caught.value.exit_code, caught.value.hint) == (10, "mana init")
    assert list(tmp_path.iterdir()) == []


def test_a_session_asks_nobody(paths: Paths) -> None:
    until = session.unlock_for(paths, timedelta(hours=1), lambda _: SECRET)
    assert until.tzinfo is not None
    assert opened(paths, never) == "Ada"
    assert opened(paths, never, password_command=("false",)) == "Ada"
    assert session.unlock_for(paths, timedelta(hours=2), never) > until
    assert session.lock(paths)
    assert not session.lock(paths)
    with pytest.raises(LockedError):
        opened(paths)


@pytest.mark.parametrize(
    "length", [timedelta(0), timedelta(seconds=-1), timedelta(days=31)]
)
def test_a_session_has_a_length(paths: Paths, length: timedelta) -> None:
    with pytest.raises(UserError):
        session.unlock_for(paths, length, never)


@pytest.mark.parametrize(
    "command",
    [
        ("printf", "%s", SECRET),
        ("printf", "%s\\nsecond line\\n", SECRET),
        ("printf", "%s\\r\\n", SECRET),
        f"printf '%s' '{SECRET}'",
    ],
)
def test_a_command_gives_the_passphrase(
    paths: Paths, command: tuple[str, ...] | str
) -> None:
    assert opened(paths, never, password_command=command) == "Ada"


def test_no_shell_reads_the_command(paths: Paths, tmp_path: Path) -> None:
    with pytest.raises(WrongPassphrase):
        opened(paths, never, password_command=f"echo '{SECRET}' > {tmp_path}/leak; true")
    assert not (tmp_path / "leak").exists()


@pytest.mark.parametrize(
    ("command", "error", "said"),
    [
        (("false",), UnavailableError, "exit code 1"),
        (("/nowhere/at/all",), UnavailableError, "cannot be run"),
        (("true",), UserError, "Nothing came"),
        (("printf", "\\377"), UserError, "UTF-8"),
        (("printf", "wrong"), WrongPassphrase, "wrong"),
    ],
)
def test_what_commands_can_do_wrong(
    paths: Paths, command: tuple[str, ...], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        opened(paths, never, password_command=command)


def test_a_descriptor_gives_the_passphrase(paths: Paths) -> None:
    fd = descriptor(f"{SECRET}\nrest".encode())
    assert opened(paths, never, password_fd=fd, password_command=("false",)) == "Ada"
    for data in (b"", b"\n", b"\xff\n"):
        with pytest.raises(UserError):
            opened(paths, never, password_fd=descriptor(data))
    with pytest.raises(UserError, match="cannot be read"):
        opened(paths, never, password_fd=987)


def test_a_descriptor_comes_before_a_session(paths: Paths) -> None:
    session.unlock_for(paths, None, lambda _: SECRET)
    with pytest.raises(WrongPassphrase):
        opened(paths, never, password_fd=descriptor(b"wrong\n"))


def test_the_app_opens_by_session_or_by_what_is_typed(paths: Paths) -> None:
    assert session.recall_vault(paths, Catalog()) is None
    session.open_with(paths, Catalog(), SECRET).close()
    with pytest.raises(WrongPassphrase):
        session.open_with(paths, Catalog(), "wrong")
    session.unlock_for(paths, None, lambda _: SECRET)
    vault = session.recall_vault(paths, Catalog())
    assert vault is not None
    vault.close()


def test_changing_the_passphrase_keeps_the_session(paths: Paths) -> None:
    session.unlock_for(paths, None, lambda _: SECRET)
    session.change_passphrase(paths, SECRET, "another")
    assert opened(paths, never) == "Ada"
    session.lock(paths)
    assert opened(paths, lambda _: "another") == "Ada"
    with pytest.raises(WrongPassphrase):
        opened(paths, lambda _: SECRET)


# --- making one --------------------------------------------------------------------------


def test_a_new_passphrase_is_typed_twice(tmp_path: Path) -> None:
    paths = Paths.find(environ={"MANA_HOME": str(tmp_path)})
    typed = iter(["one", "two"])
    with pytest.raises(UserError, match="not the same"):
        session.create_vault(paths, lambda _: next(typed), cost=CHEAP)
    assert not session.has_vault(paths)
    assert session.create_vault(paths, lambda _: "one", cost=CHEAP) == paths.data
    assert stat.S_IMODE(paths.data.stat().st_mode) == 0o700
    with pytest.raises(Refused, match="already"):
        session.create_vault(paths, never, cost=CHEAP)


def test_a_new_vault_forgets_where_the_old_one_was(tmp_path: Path) -> None:
    paths = Paths.find(environ={"MANA_HOME": str(tmp_path)})
    session.create_vault(paths, lambda _: SECRET, cost=CHEAP)
    session.remember_space(paths, "01gone")
    shutil.rmtree(paths.data)
    session.create_vault(paths, lambda _: SECRET, cost=CHEAP)
    assert session.active_space(paths) is None


# --- what the device keeps ------------------------------------------------------------------


def test_the_device_remembers_spaces_and_scenes(paths: Paths) -> None:
    assert session.active_space(paths) is None
    session.remember_space(paths, "01a")
    session.remember_scene(paths, "01a", "01s")
    session.remember_scene(paths, "01b", "01t")
    assert session.active_space(paths) == "01a"
    assert session.active_scene(paths, "01a") == "01s"
    assert session.active_scene(paths, "01c") is None
    assert stat.S_IMODE(paths.state_file.stat().st_mode) == 0o600
    session.write_state(paths, "space", None)
    assert session.active_space(paths) is None
    assert session.active_scene(paths, "01b") == "01t"


@pytest.mark.parametrize("data", [b"", b"[]", b"{", b'{"space": 3, "scenes": []}', b"\xff"])
def test_damaged_state_is_no_state(paths: Paths, data: bytes) -> None:
    paths.make_state()
    paths.state_file.write_bytes(data)
    assert session.active_space(paths) is None
    assert session.active_scene(paths, "01a") is None
    session.remember_scene(paths, "01a", "01s")
    assert session.active_scene(paths, "01a") == "01s"


# --- the everyday path ---------------------------------------------------------------------------


def test_an_open_session_imports_nothing_heavy(paths: Paths) -> None:
    session.unlock_for(paths, None, lambda _: SECRET)
    script = (
        "import sys; from mana_tui.paths import Paths; from mana_tui.session import key_of\n"
        "assert key_of(Paths.find(), lambda prompt: sys.exit(prompt))\n"
        "print(sorted({'cryptography', 'keyring', 'hmac', 'json', 'subprocess', 'tomllib',"
        " 'platformdirs', 'sqlcipher3', 'shlex'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | {"MANA_HOME": str(paths.config.parent)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_an_unused_session_ends_early_when_the_settings_say_so(paths: Paths) -> None:
    from storage.crypto import session as kept

    program = Program(paths.config.parent)
    assert program("config", "set", "session_idle", "5").code == 0
    assert program("unlock", "--for", "1h").code == 0
    name = next(
        path
        for folder in kept.folders(paths.runtime)
        for path in folder.glob(f"{kept.vault_id(paths.data)}-*.session")
        if path.name == kept._name(kept.vault_id(paths.data), paths.data)
    )
    held = kept._parse(name.read_bytes())
    assert held is not None
    assert held.idle == 300
