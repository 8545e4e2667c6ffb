"""Old history grows thin, a space ends with everything in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from storage.change import Commit
from storage.errors import NotFound, Refused
from storage.query import Query
from storage.store import Store
from storage.vault import Vault
from tests.storage.conftest import KEY
from tests.storage.kinds import Catalog, Note, Task, everything


def test_old_history_keeps_one_value_a_day(folder: Path) -> None:
    now = datetime(2026, 1, 1, 9, tzinfo=UTC)
    with Vault.create(folder, KEY, Catalog(), person="Ada", clock=lambda: now) as vault:
        store = vault.store(vault.scope())
        task = store.put(Task(title="0"))
        ends = {}
        for day in range(3):
            for step in range(5):
                now = datetime(2026, 1, 2 + day, 9 + step, tzinfo=UTC)
                task = store.put(msgspec.structs.replace(task, title=f"{day}.{step}"))
            ends[now] = task
        now = datetime(2027, 2, 1, tzinfo=UTC)
        with pytest.raises(Refused):
            store.trim(now - timedelta(days=29))
        assert (
            store.trim(datetime(2026, 1, 4, tzinfo=UTC)) == 2 * 4 * 2
        )  # title and updated
        for at, then in ends.items():
            assert store.as_of(Task, task.id, at + timedelta(minutes=1)) == then
        assert [len(store.changes(batch.id)) for batch in store.batches()][:7] == [2] * 7
        for title in ("2.3", "2.2", "2.1", "2.0", "1.4", "0.4", "0"):
            assert store.undo() is not None
            assert store.get(Task, task.id).title == title
        assert store.undo() is not None
        assert store.count(Query(Task)) == 0


def test_a_space_ends_with_all_that_was_in_it(vault: Vault, store: Store) -> None:
    kept = store.put(Task(title="kept", tags=store.tag_ids(["kept"])))
    before = everything(vault.db)
    family = vault.store(vault.scope(vault.new_space("Xylophon", "fam", "family").id))
    task = family.put(Task(title="Xylophon", tags=family.tag_ids(["Xylophon"])))
    family.link(task, "related", family.put(Note(title="Xylophon")))
    told: list[Commit] = []
    family.listen(told.append)
    vault.end_space(family.scope.space)
    assert everything(vault.db) == before
    for (table,) in vault.db.rows("SELECT name FROM sqlite_master WHERE type = 'table'"):
        assert "Xylophon" not in repr(vault.db.rows(f'SELECT * FROM "{table}"')), table
    assert len(told) == 1
    with pytest.raises(NotFound):
        vault.scope("fam")
    for space, error in ((store.scope.space, Refused), (family.scope.space, NotFound)):
        with pytest.raises(error):
            vault.end_space(space)
    assert store.get(Task, kept.id) == kept
    assert store.undo() is not None  # the record, not the end of the space
    assert store.find(Task, kept.id) is None
