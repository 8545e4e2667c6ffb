"""Mistakes in config.toml, each with its line and the nearest known key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from storage.errors import UserError

if TYPE_CHECKING:
    from mana_tui.config import Config

TABLE = re.compile(r"\s*\[{1,2}\s*([^\[\]]+?)\s*\]")
KEY = re.compile(r"\s*([A-Za-z0-9_.\"'-]+(?:\s*\.\s*[A-Za-z0-9_\"'-]+)*)\s*=")
QUOTES = ('"""', "'''")


def check(config: Config) -> list[str]:
    """One sentence per mistake, in the order of the file; then the environment's."""
    try:
        file = config.file()
    except UserError as error:
        return [str(error)]
    lines = key_lines(config.text())
    known = config.names()
    found = sorted(_wrong(config, file, known, lines))
    return [text for _, text in found] + list(_environment(config, known))


def key_lines(text: str) -> dict[str, int]:
    """Line number of every key and table of a TOML text, by dotted name."""
    found: dict[str, int] = {}
    prefix, open_quote = "", ""
    for number, line in enumerate(text.splitlines(), 1):
        if open_quote:
            open_quote = "" if line.count(open_quote) % 2 else open_quote
            continue
        table = TABLE.match(line)
        if table:
            prefix = _dotted(table[1]) + "."
            found.setdefault(prefix[:-1], number)
            continue
        key = KEY.match(line)
        if key:
            found.setdefault(prefix + _dotted(key[1]), number)
        open_quote = next((q for q in QUOTES if line.count(q) % 2), "")
    return found


def _wrong(
    config: Config, file: Mapping[str, Any], known: list[str], lines: Mapping[str, int]
) -> Iterator[tuple[int, str]]:
    for name, value in _leaves(file, known):
        line = lines.get(name, 0)
        at = f"config.toml line {line}: " if line else "config.toml: "
        if name not in known:
            nearest = get_close_matches(name, known, 1, 0.5)
            meant = f"; did you mean {nearest[0]}?" if nearest else "."
            yield line, f"{at}there is no setting {name!r}{meant}"
            continue
        wrong = _complaint(config, name, value, name)
        if wrong:
            yield line, at + wrong


def _complaint(config: Config, name: str, value: Any, where: str) -> str:
    from mana_tui.config import checked

    try:
        checked(value, config.setting(name), where)
    except UserError as error:
        return str(error)
    return ""


def _leaves(
    table: Mapping[str, Any], known: list[str], prefix: str = ""
) -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        name = prefix + key
        if isinstance(value, Mapping) and any(one.startswith(name + ".") for one in known):
            yield from _leaves(value, known, name + ".")
        else:
            yield name, value


def _environment(config: Config, known: list[str]) -> Iterator[str]:
    from mana_tui.config import variable_of

    by_variable = {variable_of(name): name for name in known}
    for variable in sorted(config.environ):
        name = by_variable.get(variable)
        if name is not None:
            wrong = _complaint(config, name, config.environ[variable], variable)
            if wrong:
                yield wrong
        elif variable.startswith("MANA_") and "__" in variable:
            nearest = get_close_matches(variable, by_variable, 1, 0.6)
            meant = f"; did you mean {nearest[0]}?" if nearest else "."
            yield f"{variable}: there is no such setting{meant}"


def _dotted(text: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in text.split("."))
