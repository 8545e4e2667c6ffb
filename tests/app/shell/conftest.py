"""What the shell's tests start from: a module of their own, and an app on a real vault."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mana_tui import crash
from mana_tui.app import ManaApp
from mana_tui.scene import PaneEntry, Scene, with_keys
from mana_tui.workspace import Workspace
from modules.sdk import registry
from modules.sdk.registry import Catalog
from storage.kind import Kind, describe
from storage.record import kind_of
from tests.app.shell.samples import Thing, module

CANARY = "zanzibarquokka"
"""Something typed that must turn up nowhere it does not belong."""


class WithThings(Catalog):
    """Knows the record of these tests beside the real ones."""

    @staticmethod
    def kind(name: str) -> Kind:
        """One kind."""
        return (
            describe(Thing, frozenset(module.spaces))
            if name == kind_of(Thing)
            else Catalog.kind(name)
        )

    @staticmethod
    def kinds() -> tuple[Kind, ...]:
        """Every kind."""
        return (*Catalog.kinds(), describe(Thing, frozenset(module.spaces)))


@pytest.fixture(autouse=True)
def things(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """The module of these tests is installed, and reports stay in the test's folder."""
    known = {"things": "tests.app.shell.samples:module"}
    monkeypatch.setattr(registry, "third_party", lambda: known)
    monkeypatch.setattr(registry, "built_in", lambda: ())
    crash.keep_in(tmp_path / "crashes")
    registry.load.cache_clear()
    yield
    registry.load.cache_clear()


@pytest.fixture
def catalog() -> Catalog:
    """The real kinds, and ours."""
    return WithThings()


@pytest.fixture
def scene(workspace: Workspace) -> Scene:
    """A stored scene of two panes, with some things to see."""
    for title in ("apple", "banana", "cherry", "damson"):
        workspace.run("things.add", {"title": title})
    return two_panes(workspace)


def two_panes(workspace: Workspace) -> Scene:
    """Make the first scene one of two panes."""
    entries = (PaneEntry(module="things"), PaneEntry(module="things", pane="other"))
    return workspace.store.put(Scene(name="Today", panes=with_keys(entries)))


@pytest.fixture
def app(workspace: Workspace, scene: Scene) -> ManaApp:
    """The app on that scene."""
    return make_app(workspace)


def make_app(workspace: Workspace, **options: Any) -> ManaApp:
    """The app on an open workspace."""
    return ManaApp(lambda typed: workspace.vault, make=lambda vault: workspace, **options)
