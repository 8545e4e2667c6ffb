"""What a command shows on the command line: rows in columns, or sections of them."""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class Col(msgspec.Struct, frozen=True, kw_only=True):
    """A column: its heading, which side it leans to, whether it may be shortened."""

    title: str
    align: Literal["left", "right"] = "left"
    style: str = ""
    grow: bool = False


class Row(msgspec.Struct, frozen=True):
    """Cells, and a style for the whole line (`dim`, `red`, `bold`, …)."""

    cells: tuple[str, ...]
    style: str = ""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """A table for people; `--json` prints the command's result itself instead."""

    columns: tuple[Col, ...]
    rows: tuple[Row, ...]
    empty: str = "Nothing."
    note: str = ""


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """A sentence for people, and data for `--json`."""

    text: str
    data: Any = None


class Raw(msgspec.Struct, frozen=True, kw_only=True):
    """A file's bytes: written untouched into a pipe or file, made safe on a terminal."""

    data: bytes
