"""The import contracts catch what they are there for: each is broken once, in a copy."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.program import ROOT

BREAKS = {
    "storage reaches up": ("storage/tag.py", "import modules.sdk.field"),
    "a module reaches the shell": ("modules/mood/__init__.py", "import mana_tui.workspace"),
    "a module reaches another": ("modules/mood/__init__.py", "import modules.drink"),
    "the SDK knows a module": ("modules/sdk/field.py", "import modules.mood"),
    "a manifest draws": ("modules/mood/__init__.py", "import modules.sdk.ui.view"),
    "a model draws": ("modules/todo/model.py", "import textual"),
    "the SDK draws": ("modules/sdk/field.py", "import rich.text"),
    "a command draws": ("modules/myday/commands.py", "import modules.sdk.ui.view"),
    "the workspace draws": ("mana_tui/workspace.py", "import textual"),
    "a model knows commands": ("modules/todo/model.py", "import modules.todo.commands"),
}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages and their contracts, without what was made from them."""
    where = tmp_path_factory.mktemp("copy")
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("storage", "modules", "mana_tui"):
        shutil.copytree(ROOT / name, where / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", where)
    return where


def kept(where: Path) -> subprocess.CompletedProcess[str]:
    """Run the linter there."""
    lint = "from importlinter.cli import lint_imports_command as run; run()"
    return subprocess.run(
        [sys.executable, "-c", lint, "--no-logo", "--cache-dir", str(where / ".cache")],
        cwd=where,
        env={"PYTHONPATH": str(where), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_they_hold(copy: Path) -> None:
    done = kept(copy)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", BREAKS)
def test_they_are_not_toothless(copy: Path, name: str) -> None:
    path, statement = BREAKS[name]
    file = copy / path
    before = file.read_text()
    file.write_text(f"{before}\n{statement}\n")
    try:
        done = kept(copy)
    finally:
        file.write_text(before)

    assert done.returncode == 1, done.stdout + done.stderr
    assert "BROKEN" in done.stdout
