"""What importing really loads; the import contracts only see what could be loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from modules.sdk import registry
from tests.program import MANA, ROOT, environment

SCREEN = {"textual", "rich"}
SLOW = SCREEN | {"sqlite_utils", "click", "cryptography", "keyring", "httpx", "icalendar"}

HEADLESS = [
    "storage.store",
    "storage.vault",
    "modules.sdk",
    "mana_tui.workspace",
    "mana_tui.commands.opened",
    "mana_tui.commands.unopened",
    "mana_tui.cli",
    *(f"modules.{name}" for name in registry.built_in()),
]


def loaded(*run: str, env: dict[str, str] | None = None, cwd: Path = ROOT) -> set[str]:
    """The top-level packages a Python process had loaded when it ended."""
    probe = (
        "import atexit, json, runpy, sys\n"
        "atexit.register(lambda: print('\\n@' + json.dumps(sorted("
        "{n.partition('.')[0] for n in sys.modules})), file=sys.stderr))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe + run[0], *run[1:]],
        capture_output=True,
        text=True,
        env=env,
        cwd=cwd,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.rpartition("@")[2]))


@pytest.mark.parametrize("name", HEADLESS)
def test_importing_it_draws_nothing(name: str) -> None:
    assert not loaded(f"import {name}") & SCREEN


@pytest.mark.parametrize("words", ["todo add milk", "todo list"])
def test_everyday_commands_load_nothing_slow(home: Path, words: str) -> None:
    run = "sys.argv = ['mana', *sys.argv[1:]]; from mana_tui.cli import main; sys.exit(main())"
    seen = environment(home, password=False)

    assert not loaded(run, *words.split(), env=seen, cwd=home) & SLOW


def test_everyday_commands_load_one_module(home: Path) -> None:
    others = set(registry.built_in()) - {"todo"}
    run = (
        "sys.argv = ['mana', 'todo', 'list']\n"
        "atexit.register(lambda: print(*sys.modules, file=sys.stdout))\n"
        "from mana_tui.cli import main; sys.exit(main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", "import atexit, sys\n" + run],
        capture_output=True,
        text=True,
        env=environment(home, password=False),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not {f"modules.{name}" for name in others} & set(done.stdout.split())


def test_the_program_starts_as_a_module_too() -> None:
    done = subprocess.run([*MANA, "--version"], capture_output=True, text=True, check=False)

    assert done.returncode == 0
    assert "0.1" in done.stdout
