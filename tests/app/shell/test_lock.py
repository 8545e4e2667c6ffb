"""Locking takes everything off the screen and out of the tree; the right passphrase opens."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest

from mana_tui.app import ManaApp
from mana_tui.opening import opener_of
from mana_tui.paths import Paths
from mana_tui.screens.gate import Gate
from mana_tui.session import create_vault
from mana_tui.strength import estimate
from mana_tui.workspace import Workspace
from storage.crypto.kdf import Cost
from tests.app.shell.conftest import CANARY, make_app, two_panes
from tests.app.shell.driving import driving, press, screen

PHRASE = "correct horse battery staple"


def contents(app: ManaApp) -> str:
    """Every text any widget of the tree holds, as far as attributes reach."""
    found: list[str] = []
    for widget in [app, app.screen, *app.screen.walk_children()]:
        for value in vars(widget).values():
            if isinstance(value, (str, list, tuple, dict, set)):
                found.append(repr(value))
    return "\n".join(found)


async def test_nothing_that_was_read_stays_in_the_tree(workspace: Workspace) -> None:
    workspace.run("things.add", {"title": CANARY})
    two_panes(workspace)
    app = make_app(workspace)
    async with driving(app) as pilot:
        assert CANARY in screen(pilot)
        await press(pilot, "A", *CANARY, "escape", "colon", *CANARY[:4])
        await press(pilot, "escape")
        await app.lock()
        await press(pilot)
        assert app.bench is None
        assert CANARY not in screen(pilot)
        assert CANARY not in contents(app)
        assert "locked" in screen(pilot)
        gc.collect()
        assert not [one for one in gc.get_objects() if type(one).__name__ == "Things"]


async def test_the_key_locks(app: ManaApp) -> None:
    async with driving(app) as pilot:
        await press(pilot, "!")
        await press(pilot)
        assert app.bench is None
        assert "apple" not in screen(pilot)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.find(environ={"MANA_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)})


@pytest.fixture
def locked(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> ManaApp:
    """An app before a locked vault, with a cheap key derivation."""
    cheap = Cost(memory_kib=8 * 1024, passes=1, lanes=1)
    create_vault(paths, ask=lambda _: PHRASE, cost=cheap)
    opener, create = opener_of(paths)
    return ManaApp(opener, paths=paths, create=create)


async def typed(pilot: Any, text: str) -> None:
    await press(pilot, *(("space" if c == " " else c) for c in text), "enter")
    for _ in range(400):
        await pilot.pause(0.005)
        gates = pilot.app.query(Gate)
        if not gates or not gates.first().busy:
            break
    await press(pilot)


async def test_a_wrong_passphrase_says_so_and_the_right_one_opens(locked: ManaApp) -> None:
    async with driving(locked) as pilot:
        assert "locked" in screen(pilot)
        await typed(pilot, "wrong")
        assert "passphrase is wrong" in screen(pilot)
        assert locked.bench is None
        await typed(pilot, PHRASE)
        assert locked.bench is not None
        assert "Today" in screen(pilot)
        assert "correct" not in contents(locked)


async def test_the_first_run_makes_a_vault(paths: Paths) -> None:
    opener, create = opener_of(paths)
    app = ManaApp(opener, paths=paths, create=create)
    async with driving(app) as pilot:
        assert "Welcome" in screen(pilot)
        await typed(pilot, "1234")
        await typed(pilot, "1234")
        assert "Too easy" in screen(pilot)
        assert not (paths.data / "vault.db").exists()


async def test_two_different_passphrases_make_nothing(paths: Paths) -> None:
    opener, create = opener_of(paths)
    app = ManaApp(opener, paths=paths, create=create)
    async with driving(app) as pilot:
        await typed(pilot, PHRASE)
        assert "to guess" in screen(pilot)
        await typed(pilot, PHRASE + "x")
        assert "not the same" in screen(pilot)
        assert not (paths.data / "vault.db").exists()


async def test_the_vault_locks_by_itself(app: ManaApp) -> None:
    async with driving(app) as pilot:
        app.stream.touched -= 16 * 60
        app._look()
        await press(pilot)
        assert app.bench is None


def test_strength_counts_words_and_letters() -> None:
    assert estimate("123456").level == 0
    assert estimate("password").level == 0
    assert estimate("aaaaaaaaaaaaaaaa").level == 0
    assert estimate("hallo hallo hallo hallo").level == 0
    assert estimate("correct horse battery staple").level >= 2
    assert estimate("xK9$mQ2!vLp7").level >= 2


async def test_a_first_run_has_nothing_to_capture_into(paths: Paths) -> None:
    opener, create = opener_of(paths)
    async with driving(ManaApp(opener, paths=paths, create=create)) as pilot:
        assert "captures" not in screen(pilot)
