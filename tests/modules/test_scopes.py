"""Nothing of one space is ever seen in another: real modules, importers, search, undo."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from mana_tui.workspace import Workspace
from modules.sdk import Query
from modules.sdk.registry import Catalog
from storage.errors import ManaError
from storage.vault import Vault

KEY = bytes(range(32))
WORDS = {"@me": "quokka", "family": "narwhal", "chess": "axolotl", "choir": "pangolin"}
"""What is written in each space, and nowhere else."""
SPACES = sorted(WORDS)
FILES = {
    "todo.txt": "(A) {word} {n} +{word} @home due:2026-12-01\nx 2026-11-01 {word} {n} done\n",
    "a.ics": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:{n}@example\r\n"
    "DTSTAMP:20261101T000000Z\r\nDTSTART:20261201T090000Z\r\nSUMMARY:{word} {n}\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n",
    "notes/one.md": "---\ntags: [{word}]\n---\n# {word} {n}\n\nText of {word}.\n",
}
"""The same numbers in every space: what an importer calls by the same name is still not it."""
LINES = ("t {word} tomorrow #{word}", "e {word} tomorrow 9:00", "n {word} | {word} text")


class Spaces(RuleBasedStateMachine):
    """One person moves between four spaces and does things in each, also with foreign ids."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        vault = Vault.create(self.folder / "v", KEY, Catalog(), person="Ada")
        self.workspace = Workspace(vault, locale="en")
        self.workspace.run("space.new", {"name": "Family", "type": "family"})
        self.workspace.run("space.new", {"name": "Chess", "type": "club"})
        self.workspace.run("space.new", {"name": "Choir", "type": "club"})
        self.ids: list[tuple[str, str]] = []

    def teardown(self) -> None:
        if hasattr(self, "workspace"):
            for space in SPACES:
                self.search(space)
            self.workspace.close()
            shutil.rmtree(self.folder)

    def at(self, space: str) -> str:
        self.workspace.switch(space)
        return WORDS[space]

    def run(self, command: str, values: dict[str, object]) -> Any:
        """What is refused is refused; it must only not leak."""
        try:
            return self.workspace.run(command, values)
        except ManaError as error:
            self.alone(str(error))
            return None

    def alone(self, text: str) -> None:
        """No other space's word is in it."""
        mine = WORDS[self.workspace.space.slug]
        assert not [w for w in WORDS.values() if w != mine and w in text.lower()], text

    def records(self) -> list[Any]:
        store = self.workspace.store
        every = store.within(msgspec.structs.replace(store.scope, state="all"))
        return [
            record
            for kind in self.workspace.kinds()
            if kind.name != "space"
            for record in every.all(Query(kind.record))
        ]

    @rule(space=st.sampled_from(SPACES), line=st.sampled_from(LINES))
    def capture(self, space: str, line: str) -> None:
        word = self.at(space)
        self.run("add", {"text": line.format(word=word)})

    @rule(
        space=st.sampled_from(SPACES),
        name=st.sampled_from(sorted(FILES)),
        n=st.integers(0, 2),
    )
    def imports(self, space: str, name: str, n: int) -> None:
        word = self.at(space)
        path = self.folder / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(FILES[name].format(word=word, n=n).encode())
        source = path.parent if name.startswith("notes/") else path
        self.run("import", {"files": (str(source),)})

    @rule(space=st.sampled_from(SPACES), what=st.sampled_from(["undo", "redo"]))
    def past(self, space: str, what: str) -> None:
        self.at(space)
        self.alone(repr(self.run(what, {})))

    @rule(
        space=st.sampled_from(SPACES),
        what=st.sampled_from(
            ["todo.delete", "todo.done", "notes.delete", "notes.pin", "calendar.delete",
             "todo.tag", "notes.append", "show", "trash.restore", "trash.purge", "history"]
        ),
        source=st.sampled_from(SPACES),
        data=st.data(),
    )  # fmt: skip
    def meddle(self, space: str, what: str, source: str, data: Any) -> None:
        """Act on any record of any space, by its whole id, from this space."""
        self.at(source)
        there = self.records()
        if not there:
            return
        id = data.draw(st.sampled_from(sorted(one.id for one in there)))
        word = self.at(space)
        command = self.workspace.find(what)
        (first, *_) = command.params
        many = "tuple" in str(first.type)
        values: dict[str, object] = {first.name: (id,) if many else id}
        values |= {"tags": (word,)} if what == "todo.tag" else {}
        values |= {"text": word} if what == "notes.append" else {}
        self.alone(repr(self.run(what, values)))

    @rule(space=st.sampled_from(SPACES))
    def search(self, space: str) -> None:
        self.at(space)
        for other, word in WORDS.items():
            found = self.workspace.search(word)
            assert other == space or not found, f"{word} is found in {space}"
            self.alone(repr(found))

    @invariant()
    def every_space_holds_only_its_own(self) -> None:
        if not hasattr(self, "workspace"):
            return
        for space in SPACES:
            self.at(space)
            store = self.workspace.store
            self.alone(repr(self.records()))
            self.alone(repr(store.trash()) + repr(store.tag_names()))
            for batch in store.batches(4):
                self.alone(repr(batch) + repr(store.changes(batch.id)))

    @invariant()
    def across_says_whose_it_is(self) -> None:
        if not hasattr(self, "workspace"):
            return
        from modules.todo.model import Task

        slugs = {space.id: space.slug for space in self.workspace.vault.spaces()}
        for task in self.workspace.across.all(Query(Task)):
            assert WORDS[slugs[task.space]] in task.title.lower()


TestSpaces = Spaces.TestCase
TestSpaces.settings = settings(
    max_examples=8,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
