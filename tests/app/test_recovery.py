"""The recovery kit and key slots on the command line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mana_tui import recovery
from mana_tui.paths import Paths
from storage.crypto import header, kit, ways
from storage.crypto.slots import RECOVERY, unlock
from storage.errors import LockedError, Refused, UserError
from tests.program import PASSPHRASE, Done, Program, environment, surroundings

KIT = bytes(range(32))
GROUPS = kit.groups_of(KIT)
ROWS = [" ".join(GROUPS[n : n + 4]) for n in range(0, 16, 4)]
PAGE = kit.page(KIT, vault="v" * 26, made="2026-11-23", where="/home/ada")


@pytest.fixture
def paths(home: Path) -> Iterator[Paths]:
    with surroundings(environment(home)):
        yield Paths.find()


@pytest.fixture
def key(paths: Paths) -> bytes:
    return unlock(paths.data, PASSPHRASE)


def with_kit(cli: Program, *words: str, typed: str = PAGE) -> Done:
    """Run with a kit on a descriptor."""
    read, write = os.pipe()
    os.write(write, typed.encode())
    os.close(write)
    return cli(*words, "--password-fd", str(read))


def answers(*said: str) -> tuple[recovery.Ask, list[str]]:
    """Somebody who types these, and what they were asked."""
    asked: list[str] = []
    waiting = iter(said)

    def ask(prompt: str) -> str:
        asked.append(prompt)
        return next(waiting)

    return ask, asked


# --- making one -------------------------------------------------------------------------


def test_a_kit_counts_once_two_groups_were_typed_back(paths: Paths, key: bytes) -> None:
    pages: list[str] = []

    def ask(prompt: str) -> str:
        found = re.search(r"group (\d+)", prompt)
        assert found
        return kit.groups_of(kit.secret_of(pages[0]))[int(found[1]) - 1].upper()

    recovery.new_kit(paths, key, pages.append, ask)
    assert unlock(paths.data, kit.secret_of(pages[0]), RECOVERY) == key


def test_a_kit_that_is_not_confirmed_opens_nothing(paths: Paths, key: bytes) -> None:
    ways.set_kit(paths.data, key, KIT)
    before = (paths.data / header.NAME).read_bytes()
    with pytest.raises(Refused, match="does not count"):
        recovery.new_kit(paths, key, lambda _: None, lambda _: "0000")
    assert (paths.data / header.NAME).read_bytes() == before
    assert unlock(paths.data, KIT, RECOVERY) == key


def test_the_page_goes_into_a_new_private_file(tmp_path: Path) -> None:
    path = tmp_path / "kit.txt"
    recovery.write_page(path, PAGE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert kit.secret_of(path.read_text()) == KIT
    with pytest.raises(Refused, match="already"):
        recovery.write_page(path, "another")
    with pytest.raises(UserError, match="cannot be written"):
        recovery.write_page(tmp_path / "no" / "kit.txt", PAGE)


def test_nobody_to_type_it_back_makes_none(cli: Program, tmp_path: Path) -> None:
    done = cli("recovery", "new", "--file", str(tmp_path / "kit.txt"))
    assert done.code == 1
    assert "nobody can be asked" in done.err
    assert not (tmp_path / "kit.txt").exists()
    assert "no recovery kit" in cli("recovery", "show").out


# --- typing one -----------------------------------------------------------------------------


def test_a_kit_is_typed_row_by_row_or_pasted() -> None:
    ask, asked = answers(*ROWS)
    assert recovery.kit_from(ask) == KIT
    assert asked[0] == "Groups 1 to 4: "
    assert asked[-1] == "Groups 13 to 16: "
    assert recovery.kit_from(answers(" ".join(GROUPS))[0]) == KIT
    assert recovery.kit_from(answers(" ".join(GROUPS[:3]), " ".join(GROUPS[3:]))[0]) == KIT


def test_only_the_row_with_the_typo_is_typed_again() -> None:
    ask, asked = answers(ROWS[0], ROWS[2], ROWS[1], *ROWS[2:])
    assert recovery.kit_from(ask) == KIT
    assert asked[2].startswith("Group 5")
    assert asked[2].endswith("Groups 5 to 8: ")


def test_a_typo_that_shows_a_row_late_is_found() -> None:
    """One in sixteen checks fits by chance: then the row before is asked for again."""
    late = next(
        row
        for digit in kit.ALPHABET
        for row in [ROWS[0][:-1] + digit]
        if row != ROWS[0] and _reads(row)
    )
    ask, asked = answers(late, ROWS[1], ROWS[1], ROWS[0], *ROWS[1:])
    assert recovery.kit_from(ask) == KIT
    assert asked[3].endswith("Groups 1 to 4: ")


def _reads(row: str) -> bool:
    try:
        return bool(kit.read_groups(row))
    except kit.TypoError:
        return False


def test_typing_ends() -> None:
    with pytest.raises(kit.TypoError):
        recovery.kit_from(answers(*(["xxxx"] * recovery.TRIES))[0])
    with pytest.raises(UserError, match="Nothing was typed"):
        recovery.kit_from(answers(ROWS[0], "")[0])
    with pytest.raises(LockedError, match="nobody can be asked"):
        recovery.kit_from(None)


# --- commands --------------------------------------------------------------------------------


def test_the_kit_unlocks_and_is_never_shown_again(
    cli: Program, paths: Paths, key: bytes
) -> None:
    ways.set_kit(paths.data, key, KIT)
    cli("lock")
    assert with_kit(cli, "recovery", "test").out == "The recovery kit opens this vault.\n"
    assert "Unlocked" in with_kit(cli, "unlock", "--recovery").out
    assert cli("todo", "list", env={"MANA_PASSWORD_COMMAND": ""}).code == 0
    shown = cli("recovery", "show").out
    assert shown.startswith("There is a recovery kit, made on 20")
    assert not [group for group in GROUPS if group in shown.casefold()]


def test_a_wrong_kit_and_a_typo_are_told_apart(
    cli: Program, paths: Paths, key: bytes
) -> None:
    ways.set_kit(paths.data, key, KIT)
    other = kit.page(bytes(32), vault="", made="", where="")
    wrong = with_kit(cli, "recovery", "test", typed=other)
    assert (wrong.code, "does not open this vault" in wrong.err) == (12, True)
    typo = with_kit(cli, "recovery", "test", typed=PAGE.replace(GROUPS[8].upper(), "0000"))
    assert (typo.code, "Group 9" in typo.err) == (2, True)


def test_a_drill_restores_the_newest_backup_with_the_kit(
    cli: Program, paths: Paths, key: bytes
) -> None:
    assert "no backup here" in with_kit(cli, "recovery", "drill").err
    cli("todo", "add", "buy milk")
    cli("backup")
    ways.set_kit(paths.data, key, KIT)
    newer = with_kit(cli, "recovery", "drill")
    assert newer.code == 12
    assert "a backup opens with the kit of its time" in newer.err
    cli("backup")
    done = with_kit(cli, "recovery", "drill", "--json")
    assert done.json["records"] >= 1
    cli("todo", "add", "later")
    done = with_kit(cli, "restore", "--recovery", "--yes")
    assert done.code == 0, done.err
    assert [task["title"] for task in cli("todo", "list", "--json").json] == ["buy milk"]
    folder = max((paths.data / "backups").glob("2*"))
    database = folder / "vault.db"
    data = bytearray(database.read_bytes())
    data[5000] ^= 1
    database.write_bytes(data)
    assert with_kit(cli, "recovery", "drill", "--backup", str(folder)).code == 1


def test_slots_are_listed_added_and_removed(cli: Program, paths: Paths, key: bytes) -> None:
    assert [way["kind"] for way in cli("slots", "list", "--json").json] == ["passphrase"]
    only = cli("slots", "list", "--json").json[0]["id"]
    assert "last way in" in cli("slots", "remove", only, "--yes").err
    refused = cli("slots", "add", "keyring")
    assert (refused.code, "no keyring" in refused.err) == (1, True)
    strong = {"MANA_PASSWORD_COMMAND": "echo seven purple otters juggle"}
    assert (
        "What password_command prints opens this vault"
        in cli("slots", "add", "command", env=strong).out
    )
    ways.set_kit(paths.data, key, KIT)
    listed = cli("slots", "list").out
    assert "recovery kit" in listed
    assert "MiB" in listed
    cli("lock")
    assert cli("todo", "list", env=strong).code == 0
    assert cli("slots", "remove", only[-6:]).code == 1  # nobody says yes
    assert "opens nothing any more" in cli("slots", "remove", only, "--yes", env=strong).out
    assert cli("todo", "list").code == 12


def test_a_weak_secret_is_refused_unless_it_is_wanted(cli: Program, tmp_path: Path) -> None:
    weak = {"MANA_PASSWORD_COMMAND": "echo hello", "MANA_HOME": str(tmp_path / "new")}
    done = cli("init", env=weak)
    assert done.code == 1
    assert "Too easy to guess" in done.err
    assert "--yes" in done.err
    assert not (tmp_path / "new" / "data").exists()
    assert (
        "Too easy"
        in cli("slots", "add", "command", env={"MANA_PASSWORD_COMMAND": "echo hi"}).err
    )
    assert cli("init", "--yes", env=weak).code == 0
