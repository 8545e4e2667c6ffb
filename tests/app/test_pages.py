"""What README.md and CONTRIBUTING.md show exists: commands, options, keys, settings, links."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from mana_tui import cli, keycheck
from mana_tui.arguments import parser_for, split_global
from mana_tui.commands.opened import SHELL
from mana_tui.commands.unopened import SETUP
from mana_tui.config import OTHER_VARIABLES, Config, variable_of
from mana_tui.keymap import load, spell
from mana_tui.manual import find
from mana_tui.paths import Paths
from modules.sdk import registry
from modules.sdk.slot import Export, Import
from tests.program import ROOT

PAGES = ("README.md", "CONTRIBUTING.md")
ROOT_PAGES = (*PAGES, "ARCHITECTURE.md", "CHANGELOG.md", "SECURITY.md")
HIDDEN = {"complete"}
CODE = re.compile(r"`([^`\n]+)`")


@cache
def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def section(title: str) -> str:
    return page("README.md").split(f"\n## {title}\n")[1].split("\n## ")[0]


def console_lines() -> Iterator[tuple[str, str]]:
    """(page, line) of everything typed in a console block."""
    for name in PAGES:
        for block in re.findall(r"```console\n(.*?)```", page(name), re.DOTALL):
            for line in block.splitlines():
                assert line.startswith("$ "), f"{name}: {line}"
                yield name, line[2:]


def programs(line: str) -> Iterator[list[str]]:
    """The words of each program a shell line runs."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;<>")
    lexer.whitespace_split = True
    words: list[str] = []
    target = False
    for word in [*lexer, ";"]:
        if target:
            target = False
        elif word in ("<", ">", ">>"):
            target = True
        elif set(word) <= set("|&;"):
            yield [one for at, one in enumerate(words) if at or "=" not in one]
            words = []
        else:
            words.append(word)


MANA = [
    (name, line, words[1:])
    for name, line in console_lines()
    for words in programs(line)
    if words and Path(words[0]).name == "mana"
]


def test_the_pages_show_commands() -> None:
    assert len([one for one in MANA if one[0] == "README.md"]) >= 20


@pytest.mark.parametrize(("name", "line", "words"), MANA)
def test_every_line_parses(name: str, line: str, words: list[str]) -> None:
    _, rest = split_global(words)
    if not rest or rest[0] == "--linear" or "--help" in rest or rest[0] == "--version":
        return
    command_id, left = cli.identify(rest, SETUP)

    parser_for(command_id, find(command_id)).parse_args(left)


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))
    shown = {
        target
        for _, line in console_lines()
        for words in programs(line)
        if words and words[0] == "make"
        for target in words[1:]
    }
    shown |= {
        code.split()[1]
        for name in ROOT_PAGES
        for code in CODE.findall(page(name))
        if code.startswith("make ")
    }

    assert shown
    assert not shown - targets


def test_commands_named_in_a_sentence_exist() -> None:
    for name in ROOT_PAGES:
        for code in CODE.findall(page(name)):
            if not code.startswith("mana ") or code.startswith(("mana -", "mana …")):
                continue
            words = [word for word in code.split()[1:] if word != "…"]
            for word in words[0].split("|"):
                for second in words[1].split("|") if len(words) > 1 else [""]:
                    cli.identify([word, second] if second else [word], SETUP)


def test_the_table_of_commands_is_whole() -> None:
    named = set()
    bullets = section("Commands").partition("\n- ")[2]
    for code in CODE.findall(bullets):
        words = code.split()[1:]
        for word in words[0].split("|"):
            seconds = words[1].split("|") if len(words) > 1 else [""]
            named |= {f"{word}.{second}".strip(".") for second in seconds}
    modules = {f"{name}.…" for name in registry.built_in()}

    assert named == (set(SETUP) | set(SHELL)) - HIDDEN | modules


def test_the_table_of_keys_is_what_mana_keys_says() -> None:
    bound = {
        (spell(one.keys), plain(one.title))
        for one in keycheck.effective(load(), list(registry.all_modules()))
    }
    shown = set()
    for row in re.findall(r"^\| `.*\|$", section("Keys"), re.MULTILINE):
        cells = row.strip("| ").split(" | ")
        for keys, title in zip(cells[::2], cells[1::2], strict=True):
            shown |= {(key, plain(title)) for key in CODE.findall(keys)}

    assert len(shown) > 30
    wrong = shown - bound
    assert not wrong


def plain(title: str) -> str:
    return title.rstrip(" …").strip().lower()


def test_the_table_of_formats_is_whole() -> None:
    slots = [slot for module in registry.all_modules() for slot in module.slots]
    table = section("In and out")
    rows = [row.split("|") for row in re.findall(r"^\|.*\|$", table, re.MULTILINE)[2:]]
    read = {code for row in rows for code in CODE.findall(row[2])}
    written = {code for row in rows for code in CODE.findall(row[3])}

    assert read == {slot.format for slot in slots if isinstance(slot, Import)}
    assert written == {slot.format for slot in slots if isinstance(slot, Export)}


def test_variables_exist(tmp_path: Path) -> None:
    paths = Paths.find(environ={"MANA_HOME": str(tmp_path)})
    settings = {variable_of(name) for name, _ in Config(paths, environ={}).settings()}
    known = settings | OTHER_VARIABLES | {"MANA_PROOF_KILLS"}
    shown = {
        word for name in ROOT_PAGES for word in re.findall(r"MANA_[A-Z_]+", page(name))
    }

    assert not shown - known


@pytest.mark.parametrize("name", ROOT_PAGES)
def test_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page(name))

    assert not [link for link in links if not (ROOT / link).exists()]


def test_the_tree_is_there() -> None:
    tree = page("ARCHITECTURE.md").split("```tree\n")[1].split("```")[0]
    at: list[str] = []
    missing = []
    for line in tree.splitlines():
        named = re.split(r" {3,}", line.strip())[0].split()
        depth = (len(line) - len(line.lstrip())) // 4
        missing += [one for one in named if not ROOT.joinpath(*at[:depth], one).exists()]
        at = [*at[:depth], named[0]]

    assert not missing
