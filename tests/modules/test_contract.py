"""What every module promises, checked for all of them at once.

A module that is added is tested here without an edit: its records, commands, slots and
panes are read from its manifest, and values for them are drawn from their types.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mana_tui.workspace import Workspace
from modules.sdk import Capture, Command, Module, Query, registry
from modules.sdk.slot import Slot, resolve
from storage.errors import ModuleNotInSpace, UserError
from storage.kind import describe
from storage.record import SHARED, Record, ids_from, kind_of
from storage.space import SPACE_TYPES
from tests.modules import values
from tests.modules.sample import Sample, kinds, sample_of, seeds
from tests.modules.state import difference, dump
from tests.program import Program

MODULES = registry.all_modules()
COMMANDS = [(module, command) for module in MODULES for command in module.commands]
WRITES = [(m, c) for m, c in COMMANDS if c.effect == "write"]
RECORDS = [(module, record) for module in MODULES for record in module.records]


ENOUGH = 10
"""Writes of one command that are undone and redone."""


def named(pair: tuple[Module, Any]) -> str:
    module, other = pair
    return f"{module.name}.{other.__name__ if isinstance(other, type) else other.name}"


@pytest.fixture(params=MODULES, ids=lambda module: module.name)
def module(request: pytest.FixtureRequest) -> Module:
    return request.param


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One sample vault a module; every test leaves it as it found it."""
    made: dict[str, tuple[Any, Sample]] = {}

    def sample(module: Module) -> Sample:
        if module.name not in made:
            entered = sample_of(module, tmp_path_factory.mktemp(module.name) / "vault")
            made[module.name] = entered, entered.__enter__()
        return made[module.name][1]

    yield sample
    for entered, _ in made.values():
        entered.__exit__(None, None, None)


# --- the manifest -------------------------------------------------------------------


def test_the_name_is_how_it_is_found(module: Module) -> None:
    assert registry.load(module.name) is module
    assert module.name.isidentifier()
    assert module.name == module.name.lower()


def test_it_has_a_title_a_summary_and_a_one_cell_icon(module: Module) -> None:
    assert module.title
    assert module.summary.endswith((".", "!", "?"))
    assert len(module.icon) == cell_len(module.icon) == 1


def test_it_keeps_its_own_kinds(module: Module) -> None:
    assert len(kinds(module)) == len(module.records)
    for record in module.records:
        assert issubclass(record, Record)
        assert kind_of(record).startswith(f"{module.name}.")
        kind = describe(record, frozenset(module.spaces))
        assert kind.title in record.__struct_fields__
        assert set(kind.search) <= set(record.__struct_fields__)
        for columns in (*kind.indexes, *kind.unique):
            assert {name.strip("-!") for name in columns} <= set(record.__struct_fields__)


def test_every_pane_is_a_view(module: Module) -> None:
    from modules.sdk.ui.view import View

    assert len({pane.name for pane in module.panes}) == len(module.panes)
    for pane in module.panes:
        assert issubclass(resolve(pane.view), View)


def test_every_path_leads_somewhere(module: Module) -> None:
    for command in module.commands:
        if command.show:
            assert callable(resolve(command.show))
    for job in module.jobs:
        assert callable(resolve(job.run))
    for slot in module.slots:
        for path in paths_of(slot):
            assert callable(resolve(path)), path


def paths_of(slot: Slot) -> list[str]:
    said = msgspec.structs.asdict(slot).values()
    return [
        v
        for v in said
        if isinstance(v, str) and v.startswith(("modules.", "mana_")) and ":" in v
    ]


def test_names_and_keys_are_its_own(module: Module) -> None:
    names = [command.name for command in module.commands]
    assert len(set(names)) == len(names)
    for about in {command.about for command in module.commands}:
        keys = [c.key for c in module.commands if c.key and c.about is about]
        assert len(set(keys)) == len(keys), f"two commands on one key: {keys}"
    settings_ = [setting.name for setting in module.settings]
    assert len(set(settings_)) == len(settings_)


def test_modules_do_not_compete() -> None:
    """Go keys and capture kinds belong to one module each."""
    goes = [module.go for module in MODULES if module.go]
    assert len(set(goes)) == len(goes)
    captures = [
        slot for module in MODULES for slot in module.slots if isinstance(slot, Capture)
    ]
    said = [word for slot in captures for word in (slot.letter, *slot.words)]
    assert len(set(said)) == len(said), sorted(said)


def test_captures_run_a_command_there_is(module: Module) -> None:
    for slot in module.slots:
        if isinstance(slot, Capture):
            assert registry.find(slot.command).writes


# --- commands -----------------------------------------------------------------------


@pytest.mark.parametrize("pair", COMMANDS, ids=named)
def test_a_command_explains_itself(pair: tuple[Module, Command[..., Any]]) -> None:
    _, command = pair
    assert command.title
    assert command.help.endswith((".", "!", "?", "…", ":")), command.help
    assert command.schema
    assert msgspec.json.encode(command.schema)
    assert len({param.name for param in command.params}) == len(command.params)


@pytest.mark.parametrize("pair", WRITES, ids=named)
def test_a_write_undoes_and_redoes(
    pair: tuple[Module, Command[..., Any]], samples: Any
) -> None:
    """Undo gives the identical state, redo the identical result; a refusal changes nothing."""
    module, command = pair
    sample: Sample = samples(module)
    done: list[dict[str, Any]] = []
    refusals: list[str] = []

    def drive(given_values: dict[str, Any]) -> None:
        if len(done) >= ENOUGH:
            return
        before = dump(sample.workspace.vault)
        try:
            sample.workspace.run(f"{module.name}.{command.name}", given_values)
        except UserError as error:
            refusals.append(str(error))
            assert not difference(before, dump(sample.workspace.vault))
            return
        if dump(sample.workspace.vault) != before:
            done.append(given_values)
            undo_and_redo(sample.workspace, before)

    for examples in (20, 300):  # the second only where a command is choosy
        if not done:
            drawn = given(arguments(command, sample))(drive)
            settings(max_examples=examples)(drawn)()
    assert done, f"nothing drawn from its types made it write: {sorted(set(refusals))[:5]}"


def arguments(
    command: Command[..., Any], sample: Sample
) -> st.SearchStrategy[dict[str, Any]]:
    """What is required, and at most two of the rest, so that most draws make sense."""
    fields = msgspec.structs.fields(command.arguments)
    needed = {field.name for field in fields if field.required}
    names = sample.names
    free = sorted({field.name for field in fields} - needed)
    some = st.sets(st.sampled_from(free), max_size=2) if free else st.just(set[str]())
    return some.flatmap(
        lambda chosen: st.fixed_dictionaries(
            {
                f.name: values.of(f.type, sample.pick, names)
                for f in fields
                if f.name in needed | chosen
            }
        )
    )


def undo_and_redo(workspace: Workspace, before: Any) -> None:
    after = dump(workspace.vault)
    undone = workspace.run("undo")
    assert undone is not None
    assert not undone.kept
    assert not difference(before, dump(workspace.vault)), "undo left a difference"
    redone = workspace.run("redo")
    assert redone is not None
    assert not redone.kept
    assert not difference(after, dump(workspace.vault)), "redo left a difference"
    workspace.run("undo")
    assert not difference(before, dump(workspace.vault)), (
        "the second undo left a difference"
    )


# --- spaces -------------------------------------------------------------------------


def test_it_exists_only_in_its_spaces(module: Module, workspace: Workspace) -> None:
    for number, kind in enumerate(sorted(set(SPACE_TYPES) - {"personal"})):
        space = workspace.vault.new_space(f"Space {number}", f"space-{number}", kind)
        workspace.switch(space.slug)
        if kind in module.spaces:
            assert module in workspace.modules()
            continue
        assert module not in workspace.modules()
        for command in module.commands:
            assert not workspace.has(f"{module.name}.{command.name}")
            with pytest.raises(ModuleNotInSpace):
                workspace.run(f"{module.name}.{command.name}", {})
        for record in module.records:
            with pytest.raises(ModuleNotInSpace):
                workspace.store.all(Query(record))


def test_the_command_line_refuses_there_too(module: Module, cli: Program) -> None:
    elsewhere = sorted(set(SPACE_TYPES) - set(module.spaces) - {"personal"})
    if not elsewhere:
        return
    assert cli("space", "new", "Other", elsewhere[0]).code == 0
    for command in module.commands:
        words = ["1" for param in command.params if param.required]
        done = cli(module.name, command.name, *words, "--space", "other", "--no-input")

        assert done.code == 1, f"{command.name}: {done.err or done.out}"
        assert elsewhere[0] in done.err


# --- records ------------------------------------------------------------------------


@pytest.mark.parametrize("pair", RECORDS, ids=named)
def test_a_record_comes_back_as_it_went(
    pair: tuple[Module, type[Record]], workspace: Workspace
) -> None:
    _, record = pair
    own = set(record.__struct_fields__) - set(SHARED)

    @settings(max_examples=40)
    @given(values.fields_of(record, lambda _: st.sampled_from(["0" * 26, "1" * 26]), own))
    def drive(given_values: dict[str, Any]) -> None:
        made = record(**given_values)
        try:
            stored = workspace.store.put(made)
        except UserError:  # taken already, where something is unique
            assume(False)
        found = workspace.store.get(record, made.id)

        assert found == stored
        assert {n: getattr(found, n) for n in own} == {n: getattr(made, n) for n in own}
        assert workspace.store.put(found) == found

    drive()


# --- seeds --------------------------------------------------------------------------


def test_seeds_are_the_same_every_time(module: Module, workspace: Workspace) -> None:
    drawn = []
    for _ in range(2):
        with ids_from(lambda: b"0123456789", 1_700_000_000_000):
            drawn.append(seeds(module, workspace, 30))
    one, other = drawn

    assert one == other
    assert {kind_of(type(record)) for record in one} <= kinds(module)
    assert len({record.id for record in one}) == len(one)
    if module.records:
        assert one, "every module shows itself in the demo"


def test_seeds_grow_with_what_is_asked(module: Module, workspace: Workspace) -> None:
    if module.records:
        assert (
            len(seeds(module, workspace, 400)) >= 4 * len(seeds(module, workspace, 40)) > 0
        )
