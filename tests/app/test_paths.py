"""Where everything is."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from mana_tui.paths import Paths
from storage.errors import Refused, UserError
from tests.program import ROOT

XDG = ("config", "data", "state", "cache")


def test_one_folder_for_everything(tmp_path: Path) -> None:
    found = Paths.find(environ={"MANA_HOME": str(tmp_path)})
    assert found.config == tmp_path / "config"
    assert found.data == tmp_path / "data" / "default"
    assert found.state == tmp_path / "state" / "default"
    assert found.cache == tmp_path / "cache" / "default"
    assert found.runtime == tmp_path / "run"
    assert list(tmp_path.iterdir()) == []


def test_a_relative_home_does_not_move_with_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = Paths.find(environ={"MANA_HOME": "here"})
    assert found.data == tmp_path / "here" / "data" / "default"


@pytest.mark.parametrize("told", ["", "/elsewhere", "relative/ignored"])
@pytest.mark.skipif(sys.platform != "linux", reason="XDG folders")
def test_the_folders_are_those_of_the_specification(told: str) -> None:
    """The same as platformdirs says, which costs a tenth of a second to ask."""
    variables = {f"XDG_{name.upper()}_HOME": told for name in XDG} if told else {}
    environ = {"HOME": "/home/ada", "PATH": os.environ["PATH"]} | variables
    script = (
        "import json, platformdirs; d = platformdirs.PlatformDirs('mana', appauthor=False)\n"
        "print(json.dumps([d.user_config_dir, d.user_data_dir, d.user_state_dir,"
        " d.user_cache_dir]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environ,
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [Path(one) for one in json.loads(done.stdout)]
    found = Paths.find(environ=environ)
    ours = [found.config, found.data.parent, found.state.parent, found.cache.parent]
    assert ours == expected if not told.startswith("relative") else ours[0].is_absolute()


def test_the_runtime_folder_is_memory(tmp_path: Path) -> None:
    assert Paths.find(
        environ={"HOME": "/h", "XDG_RUNTIME_DIR": "/run/user/7"}
    ).runtime == Path("/run/user/7/mana")
    assert str(Paths.find(environ={"HOME": "/h"}).runtime).startswith("/dev/shm/mana-")


def test_profiles_are_apart_and_share_the_settings(tmp_path: Path) -> None:
    environ = {"MANA_HOME": str(tmp_path), "MANA_PROFILE": "work"}
    work = Paths.find(environ=environ)
    told = Paths.find("club", environ)
    assert (work.profile, told.profile) == ("work", "club")
    assert work.data != told.data
    assert work.state != told.state
    assert work.config == told.config


@pytest.mark.parametrize("name", ["../x", "a/b", ".", "-rf", "ä", "x" * 41, "a b", "a\n"])
def test_a_profile_is_a_plain_name(name: str) -> None:
    with pytest.raises(UserError):
        Paths.find(name, {"MANA_HOME": "/x"})


def test_folders_are_made_private(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        found = Paths.find(environ={"MANA_HOME": str(tmp_path / "home")})
        made = [
            found.make_data(),
            found.make_state(),
            found.make_cache(),
            found.make_config(),
        ]
    finally:
        os.umask(before)
    for folder in (*made, tmp_path / "home", found.data.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_vault_folder_open_to_others_is_refused(tmp_path: Path) -> None:
    found = Paths.find(environ={"MANA_HOME": str(tmp_path)})
    found.make_data().chmod(0o755)
    with pytest.raises(Refused) as caught:
        found.make_data()
    assert caught.value.hint == f"chmod 700 {found.data}"
    assert found.make_state().is_dir()


def test_everything_is_named(tmp_path: Path) -> None:
    said = Paths.find(environ={"MANA_HOME": str(tmp_path)}).as_dict()
    assert set(said) >= {
        "profile",
        "config",
        "data",
        "state",
        "cache",
        "runtime",
        "config_file",
    }
    assert all(Path(path).is_absolute() for name, path in said.items() if name != "profile")


def test_finding_them_costs_no_library() -> None:
    script = (
        "import sys; from mana_tui.paths import Paths; Paths.find()\n"
        "print(sorted({'platformdirs', 'tomllib', 'tempfile', 'random'} & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
