"""Make the sample vault of the present format: once, when a format is released.

python -m tests.storage.vaults.make 1
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from mana_tui.paths import Paths
from mana_tui.session import open_with
from mana_tui.workspace import Workspace
from modules.notes.model import Note
from modules.sdk import Query, registry
from modules.sdk.registry import Catalog
from modules.todo.model import Task
from storage.vault import Vault
from tests.program import PASSPHRASE, environment, new_home, surroundings

HERE = Path(__file__).parent
START = datetime(2026, 11, 22, 9, tzinfo=UTC)
LINES = (
    "Call Ada tomorrow 16:00 ~30m #home p1",
    "t Grüße an 日本語 👩‍🔬 next friday",
    "e Dentist 24.12. 14:30-15:15",
    "n Shed | measure it twice",
)
COMMANDS: tuple[tuple[str, dict[str, object]], ...] = (
    ("journal.today", {"text": "The first page."}),
    ("mood.log", {"level": 7, "feeling": "calm", "note": "after a walk"}),
    ("drink.log", {"beverage": "tea", "quantity": 300}),
    ("todo.project-add", {"name": "Garden", "sections": ("Now", "Later")}),
    ("todo.add", {"title": "water the plants", "project": "Garden", "repeat": "every week",
                  "due": "2026-11-24"}),
    ("calendar.add", {"title": "Run", "when": "tomorrow 7:00-7:45", "repeat": "every week"}),
)  # fmt: skip


def workspace_of(vault: Vault) -> Workspace:
    """A workspace whose clock goes on by a minute a look."""
    ticks = iter(range(10**6))

    def clock() -> datetime:
        return START + timedelta(minutes=next(ticks))

    vault.clock = clock
    return Workspace(vault, clock=clock, zone=ZoneInfo("Europe/Zurich"), locale="en")


def fill(workspace: Workspace) -> None:
    """Something of every module, tags, links, a second space, the trash, an undo."""
    for line in LINES:
        workspace.run("add", {"text": line})
    for command, values in COMMANDS:
        workspace.run(command, values)
    store = workspace.store
    task, note = store.all(Query(Task))[0], store.all(Query(Note))[0]
    store.link(task, "related", note)
    workspace.run("todo.edit", {"tasks": (task.id,), "title": "Call Ada Lovelace"})
    gone = workspace.run("todo.add", {"title": "in the trash"})
    workspace.run("todo.delete", {"tasks": (gone.id,)})
    workspace.run("space.new", {"name": "Chess", "type": "club"})
    workspace.switch("chess")
    workspace.run("todo.add", {"title": "book the room", "tags": ("chess",)})
    workspace.switch("@me")
    workspace.run("notes.add", {"title": "last", "content": "to be undone"})


def said(workspace: Workspace) -> dict[str, Any]:
    """Everything a person sees in each space, by kind; sorted, in plain JSON."""
    found: dict[str, Any] = {}
    for space in workspace.vault.spaces():
        workspace.switch(space.id)
        found[space.slug] = {
            **dict(_kinds(workspace)),
            "tags": sorted(workspace.store.tag_names().values()),
            "trash": sorted(one.title for one in workspace.store.trash()),
            "history": [batch.title for batch in workspace.store.batches(100)],
        }
    workspace.switch("@me")
    return found


def _kinds(workspace: Workspace) -> Iterator[tuple[str, Any]]:
    for kind in sorted(workspace.kinds(), key=lambda one: one.name):
        module = kind.name.partition(".")[0]
        if module in registry.built_in() or kind.name in ("link", "tag", "space"):
            records = workspace.store.all(Query(kind.record))
            yield (
                kind.name,
                sorted(
                    (msgspec.to_builtins(one) for one in records), key=lambda one: one["id"]
                ),
            )


def make(number: int) -> Path:
    """Write `format-<number>/`: keyslots.json, vault.db and expected.json."""
    target = HERE / f"format-{number}"
    target.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        home = new_home(Path(folder, "home"), unlock=False)
        with surroundings(environment(home, password=False)):
            paths = Paths.find()
            workspace = workspace_of(open_with(paths, Catalog(), PASSPHRASE))
            fill(workspace)
            expected = {
                "passphrase": PASSPHRASE,
                "format": number,
                "steps": workspace.vault.db.value("PRAGMA user_version"),
                "contents": said(workspace),
            }
            workspace.close()
        for name in ("keyslots.json", "vault.db"):
            shutil.copyfile(paths.data / name, target / name)
    text = msgspec.json.format(msgspec.json.encode(expected), indent=1)
    (target / "expected.json").write_bytes(text + b"\n")
    return target


if __name__ == "__main__":
    print(make(int(sys.argv[1])))  # noqa: T201
