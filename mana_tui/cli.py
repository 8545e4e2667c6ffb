"""The command line: every command, from its signature; the app when nothing is said.

Nothing here imports the UI toolkit, and `mana todo add` loads one module only.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from storage.errors import (
    LockedError,
    ManaError,
    NotFound,
    Refused,
    UserError,
    WrongPassphrase,
)

if TYPE_CHECKING:
    from mana_tui.output import Output
    from mana_tui.setup import Setup
    from mana_tui.workspace import Workspace

INTERRUPTED = 130
PARTLY = 3
EMPTY = 4
EVERYTHING = 1_000_000
CAPTURE = "add"
"""The command that works while the vault is locked: its line is sealed."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `mana` with these words (default: the process's); returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if argv is None:
        gc.disable()  # a command lives for a tenth of a second
        _utf8()
    try:
        return _main(words)
    except ManaError as error:
        return complain(error)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except Exception as error:  # noqa: BLE001 - the boundary: a bug is reported, redacted
        from mana_tui.crash import report

        print(f"mana: {report(error)}", file=sys.stderr)
        return 1


def complain(error: ManaError) -> int:
    """Say what is wrong and what to do, on stderr; returns the exit code."""
    from mana_tui.output import safe

    print(f"mana: {safe(str(error))}", file=sys.stderr)
    if error.hint:
        print(f"hint: {safe(error.hint)}", file=sys.stderr)
    return error.exit_code


def _utf8() -> None:
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _main(words: list[str]) -> int:
    from mana_tui.arguments import split_global
    from mana_tui.commands.unopened import SETUP
    from mana_tui.setup import Setup

    given, rest = split_global(words)
    setup = Setup(given)
    if not rest or rest == ["--linear"]:
        return setup.open_app(linear=bool(rest))
    if rest[0] in ("-h", "--help", "help"):
        if len(rest) == 1:
            return _overview(setup)
        rest = [*rest[1:], "--help"]
    if rest[0] in ("-V", "--version"):
        rest[0] = "version"
    command_id, left = identify(rest, SETUP)
    if not command_id:
        return _topic(left[0], setup)
    if command_id in SETUP:
        return _finish(setup, *_run_setup(setup, command_id, left))
    return _in_vault(setup, command_id, left)


def identify(words: list[str], setup: Any) -> tuple[str, list[str]]:
    """The command id the words start with, and the words that are left.

    An empty id means that the words only name a group or module: its help is wanted.
    """
    first, second = words[0], words[1] if len(words) > 1 else ""
    if first in setup:
        return first, words[1:]
    if f"{first}.{second}" in setup:
        return f"{first}.{second}", words[2:]
    from modules.sdk import registry

    if first in registry.built_in():
        return _in_module(words)
    from mana_tui.commands.opened import SHELL

    if f"{first}.{second}" in SHELL:
        return f"{first}.{second}", words[2:]
    if first in SHELL:
        return first, words[1:]
    if first in _groups(setup) | _groups(SHELL):
        return _in_group(words, {**SHELL, **setup})
    return _in_module(words)


def _groups(commands: Any) -> set[str]:
    return {one.partition(".")[0] for one in commands if "." in one}


def _in_group(words: list[str], commands: Any) -> tuple[str, list[str]]:
    _say_unless_help(
        words, [o.partition(".")[2] for o in commands if o.startswith(f"{words[0]}.")]
    )
    return "", words


def _in_module(words: list[str]) -> tuple[str, list[str]]:
    from modules.sdk import registry

    try:
        module = registry.load(words[0])
    except NotFound as error:
        raise UserError(
            f"There is no command {words[0]!r}.", hint=_nearest(words[0])
        ) from error
    names = [command.name for command in module.commands]
    if len(words) > 1 and words[1] in names:
        return f"{module.name}.{words[1]}", words[2:]
    _say_unless_help(words, names)
    return "", words


def _say_unless_help(words: list[str], names: list[str]) -> None:
    if len(words) > 1 and words[1] not in ("-h", "--help", "help"):
        raise UserError(
            f"There is no command {' '.join(words[:2])!r}.",
            hint=f"known: {', '.join(names)}",
        )


def _nearest(word: str) -> str:
    from difflib import get_close_matches

    from mana_tui.commands.opened import SHELL
    from mana_tui.commands.unopened import SETUP
    from modules.sdk import registry

    known = [*registry.names(), *(one.partition(".")[0] for one in (*SHELL, *SETUP))]
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else "mana --help lists them"


def _topic(group: str, setup: Setup) -> int:
    from mana_tui.manual import group_help

    setup.output.human(group_help(group))
    return 0


def _overview(setup: Setup) -> int:
    from mana_tui.manual import overview

    setup.output.human(overview())
    return 0


def _wants_help(words: list[str]) -> bool:
    upto = words[: words.index("--")] if "--" in words else words
    return "-h" in upto or "--help" in upto


def _run_setup(setup: Setup, command_id: str, words: list[str]) -> tuple[Any, Any]:
    from mana_tui.arguments import parser_for, values_of
    from mana_tui.commands.unopened import SETUP

    command = SETUP[command_id]
    if _wants_help(words):
        return None, parser_for(command_id, command).format_help().rstrip()
    values = values_of(command_id, command, words)
    if setup.given.get("dry_run"):
        if "dry_run" not in {p.name for p in command.params}:
            raise Refused(f"{command.title} has no dry run.")
        values["dry_run"] = True
    result = command.invoke(setup, values)  # type: ignore[arg-type]
    return result, _shown(setup, command, result)


def _shown(context: Any, command: Any, result: Any) -> Any:
    if not command.show:
        return result
    from modules.sdk.slot import resolve

    return resolve(command.show)(context, result)


def _in_vault(setup: Setup, command_id: str, words: list[str]) -> int:
    from mana_tui.arguments import parser_for, values_of
    from mana_tui.manual import find

    command = find(command_id)
    if _wants_help(words):
        setup.output.human(parser_for(command_id, command).format_help().rstrip())
        return 0
    values = values_of(command_id, command, words)  # before anybody types a passphrase
    if setup.output.form in ("json", "jsonl"):
        values = _whole(command, values)
    workspace = _open(setup, command_id)
    if workspace is None:
        return _seal(setup, words)
    try:
        workspace.allowed(command_id)
        _confirm(setup, command)
        result = _rehearsed(setup, workspace, command_id, command, values)
        setup.output.end_progress()
        shown = (
            _shown(workspace, command, result)
            if setup.output.form in ("human", "plain")
            else None
        )
        tags = workspace.store.tag_names() if setup.output.form in ("json", "jsonl") else {}
        return _finish(setup, result, shown, tags)
    finally:
        setup.output.end_progress()
        workspace.close()


def _whole(command: Any, values: dict[str, Any]) -> dict[str, Any]:
    """A program gets the whole list where nobody set a limit; people get a page."""
    limits = [p for p in command.params if p.name == "limit" and "limit" not in values]
    if not limits or not command.name.endswith("list"):
        return values
    return values | {"limit": limits[0].most or EVERYTHING}


def _open(setup: Setup, command_id: str) -> Workspace | None:
    """The open vault; None for a capture that needs nobody to type a passphrase."""
    if command_id != CAPTURE or setup.given.get("dry_run"):
        return setup.workspace()
    try:
        return setup.workspace(asking=False)
    except WrongPassphrase:
        raise
    except LockedError:
        from mana_tui.inbox import can_seal

        return None if can_seal(setup.paths) else setup.workspace()


def _seal(setup: Setup, words: list[str]) -> int:
    from mana_tui.arguments import values_of
    from mana_tui.commands.transfer import add
    from mana_tui.inbox import capture_locked

    said = capture_locked(setup, values_of(CAPTURE, add, words)["text"])
    return _finish(setup, said, said)


def _rehearsed(
    setup: Setup,
    workspace: Workspace,
    command_id: str,
    command: Any,
    values: dict[str, Any],
) -> Any:
    """Run it; with --dry-run either the command rehearses itself or it is rolled back."""
    if not setup.given.get("dry_run"):
        return workspace.run(command_id, values)
    if "dry_run" in {param.name for param in command.params}:
        return workspace.run(command_id, {**values, "dry_run": True})
    if command.effect == "outside" or not command.batch:
        raise Refused(f"{command.title} has no dry run.")
    with workspace.vault.rehearse() if command.writes else nullcontext():
        result = workspace.run(command_id, values)
    setup.output.say("Nothing was changed: this was a dry run.")
    return result


def _confirm(setup: Setup, command: Any) -> None:
    if command.asks and not setup.given.get("yes") and not setup.given.get("dry_run"):
        setup.confirm(command.asks)


def _finish(setup: Setup, result: Any, shown: Any, tags: Any = None) -> int:
    output: Output = setup.output
    output.result(result, shown, tags or {})
    if setup.given.get("fail_empty") and not result:
        return EMPTY
    return getattr(result, "exit_code", 0) or _partly(result)


def _partly(result: Any) -> int:
    rejected = (
        [one for one in result if getattr(one, "rejected", None)]
        if isinstance(result, list)
        else []
    )
    return PARTLY if rejected else 0


if __name__ == "__main__":
    raise SystemExit(main())
