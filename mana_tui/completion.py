"""Completion for bash, zsh and fish: the scripts ask `mana complete` for candidates."""

from __future__ import annotations

from typing import Any

from mana_tui.arguments import GLOBAL, VALUED
from storage.errors import LockedError, ManaError, UserError

SCRIPTS = {
    "bash": """_mana() {
    local IFS=$'\\n'
    COMPREPLY=($(mana --no-input complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _mana mana""",
    "zsh": """#compdef mana
_mana() {
    local -a found
    found=("${(@f)$(mana --no-input complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ -n $found ]]; then compadd -a found; else _files; fi
}
compdef _mana mana""",
    "fish": """complete -c mana -n 'not __fish_seen_subcommand_from import' -f
complete -c mana -n '__fish_seen_subcommand_from import' -F
complete -c mana -a '(mana --no-input complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'""",
}


def script(shell: str) -> str:
    """The completion script of a shell."""
    if shell not in SCRIPTS:
        raise UserError(
            f"There is no completion for {shell!r}.", hint=f"known: {', '.join(SCRIPTS)}"
        )
    return SCRIPTS[shell]


def candidates(setup: Any, words: list[str]) -> list[str]:
    """What the last of these words may become; live values where the vault is open."""
    *before, last = words or [""]
    found = _options(before) if last.startswith("-") else _words(setup, before)
    return sorted(one for one in found if one.startswith(last))


def _options(before: list[str]) -> list[str]:
    command = _command(before)
    own = (
        []
        if command is None
        else [
            "--" + p.name.rstrip("_").replace("_", "-")
            for p in command.params
            if not p.required
        ]
    )
    return own + [name for name, _ in GLOBAL + VALUED]


def _command(before: list[str]) -> Any:
    from mana_tui.manual import find

    for upto in (2, 1):
        try:
            return find(".".join(before[:upto]))
        except ManaError:
            continue
    return None


def _words(setup: Any, before: list[str]) -> list[str]:
    from mana_tui.commands.opened import SHELL
    from mana_tui.commands.unopened import SETUP
    from modules.sdk import registry

    if not before:
        return [*registry.names(), *(one.partition(".")[0] for one in (*SHELL, *SETUP))]
    if before[-1] in ("--space", "--tags", "--tag"):
        return _named(setup, before[-1].strip("-"))
    command = _command(before)
    if command is None:
        return _second(before[0])
    for param in command.params:
        if param.required and (found := _fitting(setup, param)):
            return found
    return []


def _fitting(setup: Any, param: Any) -> list[str]:
    """What may stand for a parameter."""
    if param.choices:
        return [str(choice) for choice in param.choices]
    if param.ref is not None:
        return _live(setup, lambda w: _ids(w, param.ref))
    return _named(setup, param.name)


def _named(setup: Any, name: str) -> list[str]:
    """What is known by name: spaces, tags, shells."""
    if name == "shell":
        return list(SCRIPTS)
    if name == "space":
        return _live(setup, lambda w: [space.slug for space in w.vault.spaces()])
    if name in ("tag", "tags"):
        return _live(setup, lambda w: list(w.store.tag_names().values()))
    return []


def _second(group: str) -> list[str]:
    from mana_tui.commands.opened import SHELL
    from mana_tui.commands.unopened import SETUP
    from modules.sdk import registry

    own = [o.partition(".")[2] for o in (*SHELL, *SETUP) if o.startswith(f"{group}.")]
    if own or group not in registry.names():
        return own
    return [command.name for command in registry.load(group).commands]


def _ids(workspace: Any, record: Any) -> list[str]:
    from storage.query import Query

    if not isinstance(record, type):
        return []
    found = workspace.store.values(Query(record).order("-updated").limit(50), "short")
    return [short for (short,) in found]


def _live(setup: Any, ask: Any) -> list[str]:
    """Values from the vault if a session is open; completion never asks for anything."""
    try:
        workspace = setup.workspace()
    except LockedError:
        return []
    try:
        return ask(workspace)
    finally:
        workspace.close()
