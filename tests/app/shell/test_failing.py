"""Bugs become redacted reports; other processes' commits appear; damaged settings do not stop it."""

from __future__ import annotations

import errno
import sys
import threading
from pathlib import Path

import pytest
from textual import events
from textual.drivers._writer_thread import WriterThread

from mana_tui import crash
from mana_tui.app import ManaApp
from mana_tui.paths import Paths
from mana_tui.workspace import Workspace
from storage.vault import Vault
from tests.app.shell.conftest import CANARY, make_app, two_panes
from tests.app.shell.driving import driving, press, said, screen, titles


def reports(tmp_path: Path) -> list[str]:
    return [path.read_text() for path in (tmp_path / "crashes").glob("*.txt")]


async def test_a_bug_in_a_command_is_reported_without_what_was_typed(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.run("things.add", {"title": CANARY})
    two_panes(workspace)
    app = make_app(workspace)
    async with driving(app) as pilot:
        await press(pilot, "B")
        assert "failed on a bug" in said(pilot)
        await press(pilot, "j")
        assert app.is_running
    (report,) = reports(tmp_path)
    assert "ValueError" in report
    assert "samples.py" in report
    assert CANARY not in report


async def test_a_bug_in_a_view_ends_its_pane_and_nothing_else(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace.run("things.add", {"title": CANARY})
    two_panes(workspace)
    app = make_app(workspace)
    async with driving(app) as pilot:
        await press(pilot, "ctrl+b")
        assert "failed on a bug" in screen(pilot)
        await press(pilot, "l")
        assert titles(pilot) == [CANARY], "the other pane goes on"
        app.bench.desk.strip.panes[1].view.post_message(events.Callback(fail))
        await press(pilot)
        assert screen(pilot).count("failed on a bug") == 2
        await press(pilot, "escape")
        workspace.run("scene.new", {"name": "Second"})
        await press(pilot, "]", "[")
        await press(pilot)
        assert screen(pilot).count(CANARY) == 2, "shown anew with the scene"
    assert len(reports(tmp_path)) == 2
    assert all(CANARY not in report for report in reports(tmp_path))


def fail() -> None:
    raise ValueError(CANARY)


async def test_a_bug_in_the_shell_ends_the_app_with_a_report_and_nothing_else(
    app: ManaApp, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = False
    try:
        async with driving(app) as pilot:
            app.post_message(events.Callback(fail))
            await pilot.pause(0.1)
    except ValueError:  # the pilot raises it again
        failed = True
    out = capsys.readouterr()
    assert failed
    assert app.return_code == 1
    (report,) = reports(tmp_path)
    assert "in fail" in report
    assert CANARY not in report
    assert CANARY not in out.out + out.err
    assert "Traceback" not in out.out + out.err


def test_reports_hold_types_and_places_only(tmp_path: Path) -> None:
    def inner(secret: str) -> None:
        raise KeyError(secret)

    try:
        try:
            inner(CANARY)
        except KeyError as error:
            raise ExceptionGroup(
                CANARY, [ValueError(CANARY), RuntimeError(CANARY)]
            ) from error
    except ExceptionGroup as error:
        said = crash.report(error, tmp_path)
    (path,) = tmp_path.glob("*.txt")
    text = path.read_text()
    assert CANARY not in text + said
    for word in ("KeyError", "ValueError", "RuntimeError", "test_failing.py", "in inner"):
        assert word in text
    assert path.stem in said
    assert path.stat().st_mode & 0o777 == 0o600


def test_old_reports_are_removed(tmp_path: Path) -> None:
    for _ in range(crash.KEPT + 5):
        crash.report(ValueError("x"), tmp_path)
    assert len(list(tmp_path.glob("*.txt"))) == crash.KEPT


def test_a_report_that_cannot_be_kept_is_still_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "ValueError" in crash.report(ValueError(CANARY), tmp_path / "file")


def test_the_hooks_print_no_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, name, getattr(sys, name))
    monkeypatch.setattr("threading.excepthook", __import__("threading").excepthook)
    crash.guard(tmp_path)
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    said = capfd.readouterr()
    assert "failed on a bug" in said.err
    assert CANARY not in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize("said", [errno.EIO, errno.EPIPE, errno.EBADF])
def test_a_closed_terminal_is_no_bug(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: int
) -> None:
    for name in ("excepthook", "unraisablehook"):
        monkeypatch.setattr(sys, name, getattr(sys, name))
    monkeypatch.setattr("threading.excepthook", threading.excepthook)
    crash.guard(tmp_path)

    def fail() -> None:
        raise OSError(said, "closed")

    writer = threading.Thread(target=fail, name=WriterThread(sys.stdout).name)
    writer.start()
    writer.join()
    assert not list(tmp_path.glob("*.txt"))
    other = threading.Thread(target=lambda: 1 / 0, name=writer.name)
    other.start()
    other.join()
    assert len(list(tmp_path.glob("*.txt"))) == 1, "a bug in it is one"


async def test_what_another_process_commits_appears(
    app: ManaApp, vault: Vault, tmp_path: Path
) -> None:
    async with driving(app) as pilot:
        other = Vault.open(tmp_path / "vault", bytes(vault.db._key), vault.catalog)
        try:
            Workspace(other).run("things.add", {"title": "elder"})
        finally:
            other.close()
        assert "elder" not in titles(pilot)
        app._poll()
        await press(pilot)
        assert "elder" in titles(pilot)


async def test_wrong_settings_are_said_and_do_not_stop_it(
    workspace: Workspace, scene: object, tmp_path: Path
) -> None:
    paths = Paths.find(environ={"MANA_HOME": str(tmp_path), "HOME": str(tmp_path)})
    paths.make_config()
    paths.keys_file.write_text("this is not TOML")
    app = make_app(workspace, paths=paths)
    async with driving(app) as pilot:
        assert "keys.toml cannot be read" in screen(pilot)
        await press(pilot, "j")
        paths.keys_file.write_text('[keys]\n"list.down" = "n"\n')
        app._look()
        await press(pilot, "n")
        assert app.bench.desk.view.current.title == "cherry"
