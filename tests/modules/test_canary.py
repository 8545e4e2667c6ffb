"""Nothing that was typed is readable while the vault is locked, and nothing in between.

A word that occurs nowhere else goes into every text field of every kind, through commands,
searches, mistakes and a crash; then every file the program has left is searched for it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, find, settings

from mana_tui.setup import Setup
from mana_tui.workspace import Workspace
from modules.sdk import registry
from storage.record import SHARED, Record
from storage.tag import Tag
from tests.modules import values
from tests.program import ROOT, Program, environment, surroundings

WORD = "zqxcanaryjvk"
RECORDS = [(m.name, r) for m in registry.all_modules() for r in m.records]

CRASHING = """
from modules.sdk import Line, Module, command

@command("Fail")
def now(context, typed: Line) -> None:
    '''Fail with what was typed in every place an error can carry it.'''
    local = typed * 2
    try:
        raise ValueError(typed)
    except ValueError as error:
        error.add_note(local)
        raise RuntimeError(local, {typed: local}) from error

module = Module(name="fails", title="Fails", icon="x", summary="Fails.", commands=(now,))
"""


def saying(record: type[Record]) -> Record:
    """A record with the word in every field that holds text."""
    own = set(record.__struct_fields__) - set(SHARED)
    once = settings(max_examples=1, phases=[Phase.generate], database=None)
    drawn = values.all_saying(WORD, record, own)
    given: dict[str, Any] = find(drawn, lambda _: True, settings=once)
    return record(**given)


def where_it_is(folder: Path) -> list[str]:
    """Files below a folder that hold the word, in any of the ways text is written."""
    needles = [WORD.encode(coding) for coding in ("utf-8", "utf-16-le", "utf-16-be")]
    needles += [WORD.upper().encode(), WORD[::-1].encode(), WORD.encode().hex().encode()]
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if (path.is_file() and any(n in path.read_bytes() for n in needles))
        or WORD in path.name
    ]


def files(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


@pytest.fixture
def told(cli: Program) -> Workspace:
    """The vault of a home, with the word in every field of every kind."""
    with surroundings(environment(cli.home)):
        workspace = Setup({"no_input": True}).workspace()
        workspace.run("tag.add", {"name": WORD})
        tag = workspace.store.tags()[0]
        assert isinstance(tag, Tag)
        for _, record in RECORDS:
            gone = workspace.store.put(saying(record))
            workspace.store.delete(record, gone.id)
            kept = workspace.store.put(saying(record))
            workspace.store.link(kept, "related", gone)
        return workspace


def test_the_search_would_find_it(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text(f"… {WORD} …")
    (tmp_path / "other.txt").write_text("nothing")

    assert where_it_is(tmp_path) == ["note.txt"]


@pytest.mark.parametrize(("name", "record"), RECORDS)
def test_the_word_is_in_every_text_field(name: str, record: type[Record]) -> None:
    text = repr(saying(record))

    assert WORD in text or " str" not in str(record.__annotations__)


def test_nothing_typed_is_left_readable(cli: Program, told: Workspace) -> None:
    with surroundings(environment(cli.home)):
        assert told.search(WORD), "search reads the word, so the index holds it"
        assert where_it_is(cli.home) == [], "while the vault is open"
        told.close()
    for words in said_on_the_command_line(cli):
        cli(*words, "--no-input")
    assert cli("lock").code == 0

    assert files(cli.home) >= 4
    assert where_it_is(cli.home) == []


def said_on_the_command_line(cli: Program) -> list[tuple[str, ...]]:
    """Things that work, and every kind of mistake."""
    return [
        ("add", f"t {WORD} tomorrow 9:00 #{WORD} @{WORD} +{WORD}"),
        ("add", WORD, "--dry-run"),
        ("todo", "add", WORD, "--due", WORD),
        ("search", WORD),
        ("search", f'kind:{WORD} "{WORD}'),
        ("show", WORD),
        ("history", WORD),
        ("undo",),
        ("redo",),
        (WORD,),
        ("todo", WORD),
        ("todo", "list", f"--{WORD}"),
        ("config", "get", WORD),
        ("import", f"{WORD}.ics"),
        ("import", "-", "--as", "ics"),
        ("space", "switch", WORD),
        ("--space", WORD, "todo", "list"),
    ]


def test_a_crash_tells_nothing_that_was_typed(cli: Program, tmp_path: Path) -> None:
    site = tmp_path / "site"
    (site / "fails").mkdir(parents=True)
    (site / "fails" / "__init__.py").write_text(CRASHING)
    info = site / "fails-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: fails\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[mana.modules]\nfails = fails:module\n")
    path = {"PYTHONPATH": f"{ROOT}:{site}"}

    done = cli.apart("fails", "now", WORD, "--no-input", env=path)

    assert done.code == 1
    assert WORD not in done.out + done.err
    assert "Traceback" not in done.err
    report = next((cli.home / "state").rglob("crashes/*.txt"))
    assert "RuntimeError" in report.read_text()
    assert "fails" in report.read_text()
    assert where_it_is(cli.home) == []
