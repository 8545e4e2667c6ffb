"""A module is added without editing anything outside its folder, or outside its package."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.program import MANA, ROOT, environment

README = ROOT / "modules" / "README.md"
FILE = re.compile(r"`(modules/[\w/]+\.py)`:\n\n```python\n(.*?)```", re.DOTALL)
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)


@dataclass
class Installed:
    """mana with something added, and a home."""

    path: list[Path]
    home: Path
    cwd: Path

    @property
    def env(self) -> dict[str, str]:
        return environment(self.home) | {"PYTHONPATH": ":".join(map(str, self.path))}

    def mana(self, *words: str) -> str:
        """Run it; what it said, when it went well."""
        done = self._run(*MANA, *words, "--no-input")
        assert done.returncode == 0, f"{words}: {done.stderr}{done.stdout}"
        return done.stdout

    def contract(self, name: str) -> str:
        """Run the contract suite for one module there."""
        suite = "tests/modules/test_contract.py"
        words = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider"]
        done = self._run(*words, suite, "-k", name)
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr
        return done.stdout

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            words, cwd=self.cwd, env=self.env, capture_output=True, text=True, check=False
        )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's tree, and what the modules' README says to write into it."""
    where = tmp_path_factory.mktemp("tree")
    ignored = shutil.ignore_patterns("__pycache__", "test_added.py")
    for name in ("storage", "modules", "mana_tui", "tests"):
        shutil.copytree(ROOT / name, where / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", where)
    for path, text in FILE.findall(README.read_text(encoding="utf-8")):
        file = where / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return where


@pytest.fixture
def followed(copy: Path, home: Path) -> Installed:
    """The tree with the README followed."""
    return Installed([copy], home, copy)


def test_the_readme_can_be_followed(followed: Installed) -> None:
    text = README.read_text(encoding="utf-8")
    lines = [line for block in CONSOLE.findall(text) for line in block.splitlines()]
    said = {line: followed.mana(*shlex.split(line)[2:]) for line in lines}

    listed = next(out for line, out in said.items() if "tea list" in line)
    assert [cup["stars"] for cup in json.loads(listed)] == [2, 5]
    assert "pot" in next(out for line, out in said.items() if "search" in line)
    assert "Glass Bead" in next(out for line, out in said.items() if "books list" in line)
    modules = next(out for line, out in said.items() if "mana modules" in line)
    assert "Books" in modules
    assert "Tea" in modules


@pytest.mark.parametrize("name", ["tea", "books"])
def test_what_the_readme_makes_keeps_the_contract(followed: Installed, name: str) -> None:
    assert " passed" in followed.contract(name)


@pytest.fixture
def foreign(tmp_path: Path, home: Path) -> Installed:
    """A package of somebody else with an entry point, installed beside mana."""
    where = tmp_path / "site"
    written = dict(FILE.findall(README.read_text(encoding="utf-8")))
    package = where / "tea"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(
        written["modules/tea/__init__.py"], encoding="utf-8"
    )
    said = where / "mana_tea-1.0.dist-info"
    said.mkdir()
    (said / "METADATA").write_text("Metadata-Version: 2.1\nName: mana-tea\nVersion: 1.0\n")
    (said / "entry_points.txt").write_text("[mana.modules]\ntea = tea:module\n")
    return Installed([ROOT, where], home, ROOT)


def test_a_foreign_package_is_a_module_like_any(foreign: Installed) -> None:
    foreign.mana("tea", "log", "herbal", "4", "chamomile")

    assert [cup["stars"] for cup in json.loads(foreign.mana("tea", "list", "--json"))] == [
        4
    ]
    assert "chamomile" in foreign.mana("search", "chamomile")
    assert "Tea" in foreign.mana("modules")
    assert "tea" in foreign.mana("--help")
    assert " passed" in foreign.contract("tea")


def test_a_foreign_package_that_fails_is_named_and_harms_nobody(foreign: Installed) -> None:
    (foreign.path[-1] / "tea" / "__init__.py").write_text("1 / 0\n")

    assert "ZeroDivisionError" in foreign.mana("modules")
    assert foreign.mana("todo", "add", "still here")
    done = foreign._run(*MANA, "tea", "log", "--no-input")
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
