"""Themes as data: built-in ones, and a person's own `themes/*.toml` beside config.toml.

title = "Ink"
dark = true
primary = "#7aa2d6"       # also secondary accent success warning error
background = "#14171f"    # also foreground surface panel boost

[variables]
block-cursor-background = "#2b3a52"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from storage.errors import NotFound, UserError

PRESETS = Path(__file__).parent / "presets" / "themes"
DEFAULT = "mana-dark"
MOST_BYTES = 64 * 1024

COLORS = (
    "primary", "secondary", "accent", "success", "warning", "error", "foreground",
    "background", "surface", "panel", "boost",
)  # fmt: skip
COLOR = re.compile(r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?|ansi_[a-z_]+")
VARIABLE = re.compile(r"[a-z][a-z0-9-]{0,60}")
VALUE = re.compile(r"[#A-Za-z0-9 %._-]{1,80}")


class ThemeFile(msgspec.Struct, frozen=True, kw_only=True):
    """A theme as its file says it, checked."""

    name: str
    title: str
    dark: bool = True
    ansi: bool = False
    colors: Mapping[str, str] = {}
    variables: Mapping[str, str] = {}


def names(folder: Path | None = None) -> tuple[str, ...]:
    """Every theme's name, built-in ones and those in a config folder."""
    return tuple(sorted(_files(folder)))


def load(name: str, folder: Path | None = None) -> ThemeFile:
    """A theme by name; NotFound, or UserError that names file, key and reason."""
    files = _files(folder)
    if name not in files:
        raise NotFound(
            f"There is no theme {name!r}.", hint=f"known: {', '.join(sorted(files))}"
        )
    return read(files[name])


def read(path: Path) -> ThemeFile:
    """Read and check one file."""
    try:
        with path.open("rb") as file:
            said = tomllib.loads(file.read(MOST_BYTES).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UserError(f"{path.name} cannot be read: {error}") from error
    variables = said.pop("variables", {})
    title, dark, ansi = (
        said.pop("title", path.stem),
        said.pop("dark", True),
        said.pop("ansi", False),
    )
    for key, value in said.items():
        if key not in COLORS:
            raise UserError(
                f"{path.name}: unknown key {key!r}.", hint=f"known: {', '.join(COLORS)}"
            )
        if not isinstance(value, str) or not COLOR.fullmatch(value):
            raise UserError(f"{path.name}: {key} is no colour.", hint="such as #7aa2d6")
    if "primary" not in said:
        raise UserError(f"{path.name}: primary is missing.", hint='primary = "#7aa2d6"')
    for key, value in (
        variables.items() if isinstance(variables, dict) else [("variables", None)]
    ):
        if (
            not VARIABLE.fullmatch(key)
            or not isinstance(value, str)
            or not VALUE.fullmatch(value)
        ):
            raise UserError(f"{path.name}: the variable {key!r} cannot be used.")
    return ThemeFile(
        name=path.stem,
        title=str(title)[:60],
        dark=bool(dark),
        ansi=bool(ansi),
        colors=said,
        variables=variables,
    )


def _files(folder: Path | None) -> dict[str, Path]:
    found = {path.stem: path for path in PRESETS.glob("*.toml")}
    if folder is not None:
        found |= {path.stem: path for path in (folder / "themes").glob("*.toml")}
    return found
