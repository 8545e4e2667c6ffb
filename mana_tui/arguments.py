"""A command's parameters as command-line words, in both directions."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from modules.sdk.command import Command
from modules.sdk.field import Param
from storage.errors import UserError

GLOBAL = (
    ("--json", "print data as JSON"),
    ("--jsonl", "print one JSON object a line"),
    ("--plain", "print tab-separated values"),
    ("--dry-run", "show what would happen and change nothing"),
    ("--yes", "do not ask for confirmation"),
    ("--quiet", "print results only"),
    ("--no-input", "never ask for anything"),
    ("--no-color", "no colours"),
    ("--fail-empty", "exit 4 when nothing is found"),
)
VALUED = (
    ("--space", "the space to work in (slug; default: the active one)"),
    ("--profile", "which profile's vault"),
    ("--password-fd", "read the passphrase from this file descriptor"),
)


class Parser(argparse.ArgumentParser):
    """argparse that raises our error instead of exiting."""

    def error(self, message: str) -> NoReturn:
        """A usage error with a hint where help is."""
        message = message.replace("the following arguments are required", "missing")
        raise UserError(message[:1].upper() + message[1:] + ".", hint=f"{self.prog} --help")


def split_global(words: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """Take the options that mean the same everywhere out of the words, wherever they
    stand (up to `--`)."""
    flags = {name for name, _ in GLOBAL}
    valued = {name for name, _ in VALUED}
    given: dict[str, Any] = {}
    rest: list[str] = []
    waiting = iter(words)
    for word in waiting:
        name, equals, value = word.partition("=")
        if word == "--":
            rest += [word, *waiting]
        elif word in flags:
            given[_key(word)] = True
        elif name in valued:
            if not equals:
                value = next(waiting, "")
            if not value:
                raise UserError(f"{name} needs a value.")
            given[_key(name)] = value
        else:
            rest.append(word)
    return given, rest


def _key(option: str) -> str:
    return option.removeprefix("--").replace("-", "_")


def parser_for(command_id: str, command: Command[..., Any]) -> Parser:
    """The argparse parser of one command, made from its parameters."""
    parser = Parser(
        prog=f"mana {command_id.replace('.', ' ')}",
        description=command.manual,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="everywhere: " + " ".join(name for name, _ in GLOBAL + VALUED),
        allow_abbrev=True,
    )
    spoken = [p for p in command.params if _positional(p)]
    for param in command.params:
        if param in spoken:
            _add_positional(parser, param, last=param is spoken[-1])
        else:
            _add_option(parser, param)
    return parser


def _positional(param: Param) -> bool:
    return param.required or bool(param.extra.get("positional"))


def _add_positional(parser: Parser, param: Param, *, last: bool) -> None:
    many = param.many or (
        last and param.type is str and param.ref is None and not param.choices
    )
    need = "+" if param.required else "*"
    parser.add_argument(
        param.name,
        nargs=need if many else (None if param.required else "?"),
        metavar=param.name.upper().replace("_", "-"),
        help=_help(param),
        default=None,
    )


def _add_option(parser: Parser, param: Param) -> None:
    option = "--" + param.name.rstrip("_").replace("_", "-")
    if param.type is bool:
        parser.add_argument(
            option, dest=param.name, action=argparse.BooleanOptionalAction, default=None,
            help=_help(param),
        )  # fmt: skip
        return
    parser.add_argument(
        option,
        dest=param.name,
        default=None,
        action="append" if param.many else "store",
        metavar=param.name.upper().replace("_", "-"),
        help=_help(param),
    )


def _help(param: Param) -> str:
    parts = [param.help] if param.help else []
    if param.choices:
        parts.append("one of: " + ", ".join(map(str, param.choices)))
    if not param.required and param.default not in (None, "", (), False):
        parts.append(f"default: {param.default}")
    return "; ".join(parts).replace("%", "%%")


def values_of(
    command_id: str, command: Command[..., Any], words: Sequence[str]
) -> dict[str, Any]:
    """The values these words give a command's parameters; UserError when they do not fit."""
    parsed = vars(parser_for(command_id, command).parse_args(list(words)))
    values: dict[str, Any] = {}
    for param in command.params:
        value = parsed.get(param.name)
        if value is None or value == []:
            continue
        values[param.name] = _value(param, value)
    return values


def _value(param: Param, value: Any) -> Any:
    if param.many:
        return [part for item in value for part in _commas(param, item)]
    if isinstance(value, list):
        value = " ".join(value)
    if value == "-" and param.type is str and param.ref is None:
        return sys.stdin.read().rstrip("\n")
    return value


def _commas(param: Param, item: str) -> list[str]:
    return (
        [item] if param.extra.get("whole") else [part for part in item.split(",") if part]
    )
