"""Kill a working process again and again: what it acknowledged must be there, and whole.

python -m tests.proofs.kills HOME KILLS SEED

Everything is imported once; each worker is a fork that opens the vault, works through the
workspace like the command line does, and says each command after it returned. It is
killed at a random moment. Prints one line of JSON; exits with 1 and a sentence when
anything is lost, torn or damaged.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Any

from mana_tui.commands import opened  # noqa: F401 - imported before the first fork
from mana_tui.inbox import seal_line
from mana_tui.paths import Paths
from mana_tui.setup import Setup
from mana_tui.workspace import Workspace
from modules.notes.model import Note
from modules.sdk import Query, registry
from modules.sdk.registry import Catalog
from modules.todo.model import Task
from storage import backup, restore
from storage.check import check
from storage.errors import Refused, UserError
from storage.table import table_name
from storage.vault import Vault
from tests.program import environment, new_home, surroundings

ITEMS = 25
"""Tasks in each file that is imported."""
RENEWED = 50
"""Kills after which the vault is checked to the last byte and a new one is made."""
SEALING = 0.08
"""How many of the workers capture lines while the vault is locked."""
LONGEST = 0.16
"""Seconds a worker has at most after its first word."""

Rows = dict[str, str | None]
"""Every record by id as a digest of its row and tags; None: it is no more."""


# --- the worker ----------------------------------------------------------------------------


def work(said: int, seed: str, folder: Path) -> None:
    """Give commands without end; one line each once it was acknowledged."""
    workspace = Setup({"no_input": True, "quiet": True}).workspace()
    chance = random.Random(seed)
    touched: list[Any] = []
    workspace.vault.listen(touched.append)
    tell(said, "open", workspace.vault, changed(workspace.vault, "inbox"))
    for number in count():
        name, values = drawn(workspace, chance, f"{seed}.{number}", folder)
        try:
            workspace.run(name, values)
        except (Refused, UserError):
            continue  # closed already, in the trash: chance does not look
        tell(said, name, workspace.vault, {id for one in touched for id in one.ids})
        touched.clear()


def tell(said: int, did: str, vault: Vault, ids: set[str]) -> None:
    """One line: what was done, and the records it left behind."""
    now = {**dict.fromkeys(ids), **rows(vault, ids)}
    line = {"did": did, "seq": vault.last_seq(), "rows": now}
    os.write(said, json.dumps(line).encode() + b"\n")


def changed(vault: Vault, origin: str, after: int = 0) -> set[str]:
    """Records that batches of this origin changed."""
    sql = (
        "SELECT DISTINCT c.record FROM change c JOIN batch b ON b.seq = c.batch"
        " WHERE b.origin = ? AND c.seq > ?"
    )
    return {row[0] for row in vault.db.rows(sql, (origin, after))}


def seal(said: int, seed: str) -> None:
    """Capture lines while the vault is locked; a line for each that was sealed."""
    paths = Paths.find()
    for number in count():
        seal_line(paths, f"t sealed {seed}.{number}")
        line = {"did": "seal", "title": f"sealed {seed}.{number}"}
        os.write(said, json.dumps(line).encode() + b"\n")


def drawn(
    workspace: Workspace, chance: random.Random, word: str, folder: Path
) -> tuple[str, dict[str, object]]:
    """What to do next: a command and its values."""
    tasks = workspace.store.ids(Query(Task).limit(60))
    notes = workspace.store.ids(Query(Note).limit(20))
    some = tuple(chance.sample(tasks, min(len(tasks), 3)))
    choices: list[tuple[int, str, dict[str, object]]] = [
        (20, "todo.add", {"title": f"task {word}", "due": "tomorrow", "tags": ("a", word)}),
        (4, "calendar.add", {"title": f"event {word}", "when": "tomorrow 9:00-10:00"}),
        (4, "mood.log", {"level": chance.randint(1, 10)}),
        (6, "notes.add", {"title": f"note {word}", "content": "text " * 900}),
        (4, "undo", {}),
        (2, "redo", {}),
        (2, "backup", {}),
    ]
    if some:
        choices += [
            (12, "todo.edit", {"tasks": some[:1], "title": f"edited {word}"}),
            (8, "todo.done", {"tasks": some}),
            (6, "todo.delete", {"tasks": some}),
        ]
    if notes:
        choices.append((8, "notes.append", {"note": chance.choice(notes), "text": word}))
    choices.append((3, "import", {"files": (str(imported(folder, word)),)}))
    weights = [weight for weight, *_ in choices]
    _, name, values = chance.choices(choices, weights)[0]
    return name, values


def imported(folder: Path, word: str) -> Path:
    """A file of tasks nobody has seen."""
    path = folder / "todo.txt"
    path.write_text("".join(f"imported {word} {n}\n" for n in range(ITEMS)))
    return path


def rows(vault: Vault, ids: set[str] | None = None) -> Rows:
    """Digests of the records with these ids, or of all."""
    found: Rows = {}
    tags: dict[str, list[str]] = {}
    for record, tag in vault.db.rows("SELECT record, tag FROM tagging ORDER BY tag"):
        tags.setdefault(record, []).append(tag)
    for (kind,) in vault.db.rows("SELECT DISTINCT name FROM kind"):
        some = "" if ids is None else f" WHERE id IN ({', '.join('?' * len(ids))})"
        sql = f'SELECT * FROM "{table_name(kind)}"{some}'
        for row in vault.db.named(sql, list(ids or ())):
            said = repr((kind, sorted(row.items()), tags.get(row["id"])))
            found[row["id"]] = blake2b(said.encode(), digest_size=8).hexdigest()
    return found


# --- the one who kills ------------------------------------------------------------------------


@dataclass
class Told:
    """What is known to be there: what was acknowledged, and what was found unsaid."""

    seq: int = 0
    rows: Rows = field(default_factory=dict)
    acknowledged: int = 0
    unsaid: int = 0
    sealed: list[str] = field(default_factory=list)

    def hear(self, line: dict[str, Any]) -> None:
        """A command was acknowledged."""
        if line["did"] == "seal":
            self.sealed.append(line["title"])
        else:
            self.seq = max(self.seq, line["seq"])
            self.rows |= line["rows"]
        self.acknowledged += line["did"] != "open"


class Lost(Exception):
    """The promise is broken."""


def killed(chance: random.Random, act: Callable[[int], None]) -> Iterator[dict[str, Any]]:
    """What a worker said before it was ended at a random moment."""
    heard, said = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        try:
            act(said)
        except BaseException:  # noqa: BLE001 - said here: the fork must not go on
            traceback.print_exc()
            os._exit(3)
    os.close(said)
    data = b""
    if chance.random() < 0.85:  # the others end while they open the vault, or soon after
        data = os.read(heard, 65536)
    time.sleep(chance.random() * LONGEST)
    os.kill(child, signal.SIGKILL)
    while chunk := os.read(heard, 65536):
        data += chunk
    os.close(heard)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status != -signal.SIGKILL:
        raise Lost(f"the worker ended by itself with {status}")
    for line in data.split(b"\n")[:-1]:  # a line cut off was not acknowledged
        yield json.loads(line)


def look(told: Told) -> None:
    """Open the vault as the next command would; Lost when anything acknowledged is not so."""
    workspace = Setup({"no_input": True, "quiet": True}).workspace()
    try:
        vault = workspace.vault
        for pragma, sound in (("quick_check", [("ok",)]), ("foreign_key_check", [])):
            if vault.db.rows(f"PRAGMA {pragma}") != sound:
                raise Lost(f"{pragma} finds something")
        if vault.last_seq() < told.seq:
            raise Lost(f"the history ends at {vault.last_seq()}, not at {told.seq}")
        now = rows(vault)
        mine = unsaid(vault, told)
        wrong = [
            id
            for id in told.rows.keys() | now.keys()
            if id not in mine and told.rows.get(id) != now.get(id)
        ]
        if wrong:
            raise Lost(f"{len(wrong)} records are not as they were acknowledged")
        told.rows, told.seq = now, vault.last_seq()
        filed = vault.db.rows(  # the history knows, whatever became of them afterwards
            "SELECT c.after ->> 'title' FROM change c JOIN batch b ON b.seq = c.batch"
            " WHERE b.origin = 'inbox' AND c.kind = 'todo.task' AND c.field = '*'"
        )
        if missing := set(told.sealed) - {row[0] for row in filed}:
            raise Lost(f"{len(missing)} lines captured while locked were not filed")
        if len(set(filed)) != len(filed):
            raise Lost("a line captured while locked was filed twice")
    finally:
        workspace.close()


def unsaid(vault: Vault, told: Told) -> set[str]:
    """Records of the one command that may have been committed and not yet said."""
    found = vault.db.rows(
        "SELECT b.origin, c.record, c.field, c.kind, b.seq FROM change c"
        " JOIN batch b ON b.seq = c.batch WHERE c.seq > ? AND b.origin <> 'inbox'",
        (told.seq,),
    )
    if found:
        told.unsaid += 1
    if len({batch for *_, batch in found}) > 1:
        raise Lost("more than one command was not acknowledged")
    new = [kind for origin, _, name, kind, _ in found if (origin, name) == ("import", "*")]
    if new and new.count("todo.task") != ITEMS:
        raise Lost(f"{new.count('todo.task')} of {ITEMS} imported tasks are there")
    return {record for _, record, *_ in found} | changed(vault, "inbox", told.seq)


def finish(folder: Path) -> int:
    """Check everything to the last byte; how many backups there are, each a whole one."""
    from mana_tui.session import key_of

    key = key_of(Paths.find())
    found = list(check(folder, key, Catalog(), deep=True))
    if found:
        raise Lost(f"check finds {found[0].check}: {found[0].what}")
    kept = backup.listed(folder / backup.FOLDER)
    for one in kept:
        restore.verify(one, folder, key)
    return len(kept)


def main(where: Path, kills: int, seed: str) -> dict[str, float]:
    """Kill so many times, in vaults of their own; the figures."""
    chance = random.Random(seed)
    registry.all_modules()
    began, acknowledged, unsaid, opening, backups = time.monotonic(), 0, 0, 0, 0
    for first in range(0, kills, RENEWED):
        home = new_home(where / f"home-{first}")
        with surroundings(environment(home, password=False)):
            folder, told = Paths.find().data, Told()
            look(told)
            told.unsaid = 0
            for number in range(first, min(kills, first + RENEWED)):
                before = told.acknowledged
                name = f"{seed}.{number}"
                sealing = chance.random() < SEALING and number % RENEWED
                act = (
                    partial(seal, seed=name)
                    if sealing
                    else partial(work, seed=name, folder=home)
                )
                for line in killed(chance, act):
                    told.hear(line)
                opening += told.acknowledged == before
                if not sealing or (number + 1) % RENEWED == 0 or number + 1 == kills:
                    look(told)  # else the next one is killed while it files the lines
            backups += finish(folder)
        acknowledged += told.acknowledged
        unsaid += told.unsaid
    return {
        "kills": kills,
        "acknowledged": acknowledged,
        "unsaid": unsaid,
        "opening": opening,
        "backups": backups,
        "seconds": round(time.monotonic() - began, 1),
    }


if __name__ == "__main__":
    try:
        print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])))  # noqa: T201
    except Lost as lost:
        raise SystemExit(f"seed {sys.argv[3]}: {lost}") from None
