"""How results reach a person, a pipe or a program: stdout is data, stderr is talk."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any, Literal, TextIO

import msgspec

from modules.sdk.listing import Col, Listing, Raw, Row, Said
from modules.sdk.text.clean import crop as cut
from modules.sdk.text.clean import width as cells
from storage.record import SHARED, Record

PAUSE = 0.1
"""Seconds between two reports of progress."""

Form = Literal["human", "plain", "json", "jsonl"]

UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]"
)
"""What must not reach a terminal: control characters and direction overrides."""

STYLES = {
    "bold": "1", "dim": "2", "italic": "3", "strike": "9",
    "red": "31", "green": "32", "yellow": "33", "blue": "34", "magenta": "35", "cyan": "36",
}  # fmt: skip


def safe(text: str) -> str:
    """Text that cannot steer a terminal; tabs and new lines stay."""
    return UNSAFE.sub("\ufffd", text)


class Output:
    """Writes one command's result in the form asked for."""

    def __init__(
        self,
        form: Form = "human",
        *,
        out: TextIO | None = None,
        talk: TextIO | None = None,
        quiet: bool = False,
        color: bool | None = None,
    ) -> None:
        self.form: Form = form
        self.out = out or sys.stdout
        self.talk = talk or sys.stderr
        self.quiet = quiet
        self._said = 0.0
        tty = self.out.isatty()
        plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
        self.color = (tty and not plain) if color is None else color
        self.width = _columns() if tty else 0

    def say(self, text: str) -> None:
        """Talk to the person, unless --quiet."""
        if not self.quiet:
            print(safe(text), file=self.talk)

    def progress(self, done: int, total: int | None, what: str) -> None:
        """Say how far long work is, on a line of its own that goes away again."""
        if self.quiet or not self.talk.isatty():
            return
        now = monotonic()
        if now - self._said < PAUSE and done != total:
            return
        self._said = now
        text = f"{what} {done:,}" + (f" of {total:,}" if total else "")
        self.talk.write("\r\x1b[K" + ("" if done == total else cut(safe(text), 76)))
        self.talk.flush()

    def end_progress(self) -> None:
        """Take the line away."""
        if self._said and not self.quiet and self.talk.isatty():
            self.talk.write("\r\x1b[K")
            self.talk.flush()

    def result(self, result: Any, shown: Any, tags: Mapping[str, str]) -> None:
        """Write a command's result; `shown` is what its formatter made of it for people."""
        if self.form == "json":
            self._bytes(msgspec.json.encode(plain_data(result, tags), enc_hook=_encode))
        elif self.form == "jsonl":
            rows = result if isinstance(result, (list, tuple)) else [result]
            for row in rows:
                self._bytes(msgspec.json.encode(plain_data(row, tags), enc_hook=_encode))
        elif shown is not None:
            self.human(shown)

    def human(self, shown: Any) -> None:
        """Write for a person."""
        if isinstance(shown, Listing):
            self.listing(shown)
        elif isinstance(shown, Said):
            self._line(shown.text)
        elif isinstance(shown, Raw):
            self.raw(shown.data)
        elif isinstance(shown, Record):
            self.listing(record_listing(shown))
        elif isinstance(shown, (list, tuple)):
            self.listing(records_listing(shown))
        elif shown is not None:
            self._line(str(shown))

    def raw(self, data: bytes) -> None:
        """Write a file as it is, unless a terminal would read it."""
        if self.out.isatty():
            self._line(data.decode(errors="replace").replace("\r\n", "\n").rstrip("\n"))
        else:
            self.out.flush()
            self.out.buffer.write(data)

    def listing(self, listing: Listing) -> None:
        """Write a table: aligned for people, tab-separated with --plain."""
        if not listing.rows:
            if self.form == "human":
                self.say(listing.empty)
            return
        if self.form == "plain":
            for row in listing.rows:
                self._line(
                    "\t".join(
                        safe(c).replace("\t", " ").replace("\n", " ") for c in row.cells
                    )
                )
            return
        for line in aligned(listing, self.width, color=self.color):
            self._line(line, clean=False)
        if listing.note:
            self.say(listing.note)

    def _line(self, text: str, *, clean: bool = True) -> None:
        self.out.write((safe(text) if clean else text) + "\n")

    def _bytes(self, data: bytes) -> None:
        self.out.write(data.decode() + "\n")


def plain_data(result: Any, tags: Mapping[str, str]) -> Any:
    """What --json prints: records as objects, tags by name instead of id."""
    if isinstance(result, Raw):
        return result.data.decode(errors="replace")
    if isinstance(result, Said):
        return result.data if result.data is not None else {"message": result.text}
    if isinstance(result, Record):
        fields = {name: getattr(result, name) for name in result.__struct_fields__}
        return fields | {"tags": [tags.get(tag, tag) for tag in result.tags]}
    if isinstance(result, (list, tuple)):
        return [plain_data(one, tags) for one in result]
    return result


def _encode(value: Any) -> Any:
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return str(value)


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (OSError, ValueError):
        return 0


# --- tables --------------------------------------------------------------------------


def aligned(listing: Listing, width: int, *, color: bool) -> Iterable[str]:
    """The lines of a table; the growing column gives way when the terminal is narrow."""
    rows = [tuple(safe(c).replace("\n", " ") for c in row.cells) for row in listing.rows]
    widths = [max(cells(r[i]) for r in rows) for i in range(len(listing.columns))]
    shown = [i for i, wide in enumerate(widths) if wide]
    if width:
        grow = next((i for i in shown if listing.columns[i].grow), None)
        over = sum(widths[i] for i in shown) + 2 * (len(shown) - 1) - width
        if over > 0 and grow is not None:
            widths[grow] = max(10, widths[grow] - over)
    for row, texts in zip(listing.rows, rows, strict=True):
        parts = [
            _cell(
                texts[i],
                widths[i],
                listing.columns[i],
                row,
                color=color,
                last=i == shown[-1],
            )
            for i in shown
        ]
        yield "  ".join(parts).rstrip()


def _cell(text: str, width: int, column: Col, row: Row, *, color: bool, last: bool) -> str:
    text = cut(text, width)
    fill = " " * (width - cells(text))
    styled = paint(text, row.style or column.style) if color else text
    if column.align == "right":
        return fill + styled
    return styled if last else styled + fill


def paint(text: str, style: str) -> str:
    """Text in colour: a style is words such as `bold red`."""
    codes = ";".join(STYLES[word] for word in style.split() if word in STYLES)
    return f"\x1b[{codes}m{text}\x1b[0m" if codes and text else text


def human(value: Any) -> str:
    """One value for a person."""
    if value in (None, (), ""):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone().strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        from modules.sdk.text.durations import format_duration

        return format_duration(value)
    if isinstance(value, (tuple, list)):
        return ", ".join(human(one) for one in value)
    return str(value)


def record_listing(record: Record) -> Listing:
    """A record's own fields, one a line."""
    names = [n for n in record.__struct_fields__ if n not in SHARED]
    rows = [
        ("id", record.short or record.id),
        *((n, human(getattr(record, n))) for n in names),
    ]
    return Listing(
        columns=(Col(title="field", style="dim"), Col(title="value", grow=True)),
        rows=tuple(Row((name, value)) for name, value in rows if value),
    )


def records_listing(records: Iterable[Any]) -> Listing:
    """Any list of records or structs as a table of their own fields."""
    found = list(records)
    if not found:
        return Listing(columns=(), rows=())
    if not isinstance(found[0], msgspec.Struct):
        return Listing(
            columns=(Col(title="value", grow=True),),
            rows=tuple(Row((human(o),)) for o in found),
        )
    names = [n for n in found[0].__struct_fields__ if n not in SHARED or n == "short"][:7]
    return Listing(
        columns=tuple(
            Col(title=n, grow=i == 1, style="dim" if n == "short" else "")
            for i, n in enumerate(names)
        ),
        rows=tuple(Row(tuple(human(getattr(one, n)) for n in names)) for one in found),
    )
