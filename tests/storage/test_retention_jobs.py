"""Tidying: what is old enough goes, exactly that, and everything stays consistent."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from storage.check import CHECKS
from storage.history import seq_before
from storage.keeping import Keep, Tidied, tidy, trim
from storage.query import Query
from storage.retention import TRASH
from storage.scope import Scope
from storage.transaction import ticks_of
from storage.vault import Vault
from tests.storage.conftest import KEY
from tests.storage.kinds import Catalog, Note, Task

DAY = timedelta(days=1)


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def vault(folder: Path, clock: Clock):
    with Vault.create(folder, KEY, Catalog(), person="Ada", clock=clock) as made:
        yield made


def sound(vault: Vault) -> bool:
    return not [one for check in CHECKS.values() for one in check(vault)]


def write_daily(vault: Vault, clock: Clock, days: int, scope: Scope | None = None) -> Task:
    store = vault.store(scope or vault.scope())
    task = store.put(Task(title="begun"))
    for day in range(days):
        for step in range(3):
            clock.now += timedelta(hours=2)
            task = store.put(msgspec.structs.replace(task, title=f"{day}.{step}"))
        clock.now += timedelta(hours=18)
    return task


def test_history_older_than_the_space_keeps_it(vault: Vault, clock: Clock) -> None:
    task = write_daily(vault, clock, 100)
    before = vault.db.value("SELECT count(*) FROM change")
    store = vault.store(vault.scope())
    done = tidy(vault, lambda _: Keep(history_days=60))
    gone = before - vault.db.value("SELECT count(*) FROM change")
    assert done == Tidied(changes=gone)
    assert (
        39 * 2 * 2 <= gone <= 41 * 2 * 2
    )  # of three steps a day one stays; title, updated
    assert sound(vault)
    end = datetime(2026, 1, 11, 9, tzinfo=UTC)
    assert store.as_of(Task, task.id, end - timedelta(hours=1)).title == "9.2"  # type: ignore[union-attr]
    young = [c for c in store.history(task.id) if c.at > clock.now - 59 * DAY]
    assert len(young) == 59 * 3 * 2


def test_a_second_time_only_looks_at_what_is_new(vault: Vault, clock: Clock) -> None:
    write_daily(vault, clock, 90)
    keep = Keep(history_days=40)
    space = vault.scope().space
    assert trim(vault, space, keep) > 0
    assert trim(vault, space, keep) == 0
    clock.now += 10 * DAY
    some = trim(vault, space, keep)
    assert 9 * 4 <= some <= 11 * 4
    assert sound(vault)
    clock.now -= 50 * DAY  # the clock goes back: nothing younger goes
    assert trim(vault, space, keep) == 0


def test_the_trash_is_older_than_what_goes(vault: Vault, clock: Clock) -> None:
    assert Keep(history_days=1).history_before(clock.now) == clock.now - TRASH
    assert (
        Keep(history_days=1, trash_days=90).history_before(clock.now)
        == clock.now - 90 * DAY
    )
    store = vault.store(vault.scope())
    old, new = store.put(Task(title="old")), store.put(Task(title="new"))
    store.delete(Task, old.id)
    clock.now += 20 * DAY
    store.delete(Task, new.id)
    clock.now += 20 * DAY
    assert tidy(vault, lambda _: Keep(trash_days=45)).records == 0
    assert tidy(vault, lambda _: Keep()).records == 1
    assert [one.title for one in store.trash()] == ["new"]
    assert store.find(Task, old.id) is None
    assert sound(vault)


def test_each_space_keeps_its_own(vault: Vault, clock: Clock) -> None:
    family = vault.new_space("Family", "fam", "family")
    other = vault.new_space("Old", "old", "club")
    for slug in ("@me", "fam", "old"):
        store = vault.store(vault.scope(slug))
        store.delete(Note, store.put(Note(title=slug)).id)
    vault.store(vault.scope("old")).put(msgspec.structs.replace(other, archived=True))
    clock.now += 40 * DAY
    kept = {family.id: Keep(trash_days=100)}
    assert tidy(vault, lambda space: kept.get(space.id, Keep())).records == 1
    left = [len(vault.store(vault.scope(slug)).trash()) for slug in ("@me", "fam", "old")]
    assert left == [0, 1, 1]


def test_files_go_with_the_last_who_held_them(vault: Vault, clock: Clock) -> None:
    blob = vault.blobs.put(io.BytesIO(b"x" * 10))
    store = vault.store(vault.scope())
    note = store.put(Note(title=blob.id))
    store.delete(Note, note.id)
    clock.now += 31 * DAY
    assert tidy(vault, lambda _: Keep()) == Tidied(records=1, blobs=1)
    assert store.count(Query(Note)) == 0


def test_the_last_change_before_a_moment(vault: Vault, clock: Clock) -> None:
    write_daily(vault, clock, 5)
    rows = vault.db.rows("SELECT seq, at FROM change ORDER BY seq")
    for moment in (
        0,
        *(at + by for _, at in rows for by in (-1, 0, 1)),
        ticks_of(clock.now),
    ):
        before = [seq for seq, at in rows if at < moment]
        assert seq_before(vault.db, moment) == (before[-1] if before else 0)
