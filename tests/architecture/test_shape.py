"""The shape of the tree: small files, real names, documented things."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.program import ROOT

PACKAGES = ("storage", "modules", "mana_tui")
EMPTY_WORDS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "base",
    "common",
    "core",
    "manager",
    "misc",
}
MOST_LINES = 420
"""A file longer than this does several jobs. The aim is 300."""
LIMITS = {"mana_tui/app.py": 300}

FILES = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for name in PACKAGES
    for path in sorted((ROOT / name).rglob("*.py"))
    if "__pycache__" not in path.parts
}


def test_every_file_has_one_job() -> None:
    lines = {name: text.count("\n") for name, text in FILES.items()}

    assert not {n: many for n, many in lines.items() if many > LIMITS.get(n, MOST_LINES)}


def test_names_say_something() -> None:
    assert not [n for n in FILES if EMPTY_WORDS & set(Path(n).with_suffix("").parts)]


def test_what_others_use_is_documented() -> None:
    missing = [
        f"{name}: {what}" for name, text in FILES.items() for what in undocumented(text)
    ]

    assert not missing


def undocumented(text: str) -> Iterator[str]:
    tree = ast.parse(text)
    if tree.body and not ast.get_docstring(tree):
        yield "the module"
    for node in tree.body:
        public = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if public and not node.name.startswith("_") and not ast.get_docstring(node):
            yield node.name


def test_python_3_11_reads_every_file() -> None:
    """Debian 12 ships 3.11: no syntax of later versions."""
    for name, text in FILES.items():
        ast.parse(text, filename=name, feature_version=(3, 11))


def test_manifests_are_data() -> None:
    manifests = {
        n: t for n, t in FILES.items() if n.count("/") == 2 and n.endswith("__init__.py")
    }
    modules = {n: t for n, t in manifests.items() if n.startswith("modules/")}

    assert not [n for n, text in modules.items() if text.count("\n") > 200]


def test_the_top_level_is_what_the_architecture_says() -> None:
    made = {"dist", "__pycache__"}
    folders = {
        path.name for path in ROOT.iterdir() if path.is_dir() and path.name[0] != "."
    }

    assert folders - made == {"mana_tui", "modules", "screenshots", "storage", "tests"}
