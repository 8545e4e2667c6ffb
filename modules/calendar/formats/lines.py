"""iCalendar as lines: unfolding, splitting into components, one line's parts, and back.

Reads what is there, however broken: a line that is no content line is kept as it is and
named, and every bound (bytes, depth, number of lines) is fixed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

DEEPEST = 16
TOP = frozenset(("VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"))
"""Components that never hold one another: a second one means that the first did not end."""

LONGEST = 2_000_000
"""The most characters of one component that are kept."""

_FOLD = re.compile(rb"\n+[ \t]")
_PLAIN = re.compile(r"([A-Za-z0-9-]+):(.*)", re.DOTALL)
_SAFE = re.compile(r'[^",:;\x00-\x1f]*')


class Part(msgspec.Struct, frozen=True):
    """One content line: `name` in capitals, `params` by name, the raw value, the line."""

    name: str
    params: dict[str, str]
    value: str
    line: str


class Item(msgspec.Struct, frozen=True):
    """One component found in a file.

    `lines` are its lines without BEGIN and END, those of parts inside it included.
    `calendar` counts the VCALENDARs; `problem` says what is wrong with its frame.
    """

    name: str
    lines: list[str]
    calendar: int
    problem: str = ""

    @property
    def raw(self) -> str:
        """Its text, unfolded."""
        body = "\n".join(self.lines)
        if len(body) > LONGEST:
            body = body[:LONGEST]
        return f"BEGIN:{self.name}\n{body}\nEND:{self.name}" if self.name else body


def unfold(data: bytes) -> Iterator[str]:
    """The lines of a file; bytes that are no UTF-8 are read as Windows-1252."""
    data = data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for line in _FOLD.sub(b"", data).split(b"\n"):
        if line.strip():
            try:
                yield line.decode()
            except UnicodeDecodeError:
                yield line.decode("cp1252", "replace")


def items(data: bytes) -> Iterator[Item]:
    """Every component of a file: events and the like, zones, then each calendar itself.

    A calendar's own lines come as an Item named VCALENDAR after what it holds; lines
    outside of any component as one without a name.
    """
    split = _Split()
    for line in unfold(data):
        yield from split.line(line)
    yield from split.end()


class _Split:
    """Cuts lines into the components directly inside a calendar."""

    def __init__(self) -> None:
        self.calendars = 0
        self.frame: list[str] | None = None
        self.stray: list[str] = []
        self.open: list[str] = []
        self.lines: list[str] = []
        self.problem = ""

    def line(self, line: str) -> Iterator[Item]:
        """Take one line; yields what it completes."""
        word, _, name = line.partition(":")
        word, name = word.strip().upper(), name.strip().upper()
        if word == "BEGIN":
            yield from self._begin(name, line)
        elif word == "END":
            yield from self._close(name, line)
        elif self.open:
            self.lines.append(line)
        elif self.frame is not None:
            self.frame.append(line)
        else:
            self.stray.append(line)

    def _begin(self, name: str, line: str) -> Iterator[Item]:
        if name == "VCALENDAR" and not self.open:
            yield from self._frame()
            self.frame = []
        elif not self.open:
            self.open, self.lines, self.problem = [name], [], ""
        elif name in TOP and self.open[0] in TOP:
            self.problem = (
                self.problem or f"The {self.open[0]} before the next one never ends."
            )
            yield self._item()
            self.open, self.lines, self.problem = [name], [], ""
        else:
            if len(self.open) >= DEEPEST:
                self.problem = f"Components inside one another, deeper than {DEEPEST}."
            self.open.append(name)
            self.lines.append(line)

    def _close(self, name: str, line: str) -> Iterator[Item]:
        if not self.open:
            if name == "VCALENDAR" and self.frame is not None:
                yield from self._frame()
            return
        if name != self.open[-1]:
            self.problem = self.problem or f"END:{name[:40]} closes a {self.open[-1][:40]}."
            if name not in self.open:
                if name == "VCALENDAR":
                    yield self._item()
                    self.open = []
                    yield from self._frame()
                return
            del self.open[self.open.index(name) + 1 :]
        if len(self.open) == 1:
            yield self._item()
            self.open = []
        else:
            self.open.pop()
            self.lines.append(line)

    def _item(self) -> Item:
        return Item(self.open[0], self.lines, max(self.calendars, 0), self.problem)

    def _frame(self) -> Iterator[Item]:
        if self.frame is not None:
            yield Item("VCALENDAR", self.frame, self.calendars)
            self.calendars += 1
        self.frame = None

    def end(self) -> Iterator[Item]:
        """What is still open when the file ends."""
        if self.open:
            self.problem = self.problem or f"The {self.open[0][:40]} never ends."
            yield self._item()
        yield from self._frame()
        if self.stray:
            yield Item("", self.stray, 0, "Lines outside of any calendar.")


# --- one line ----------------------------------------------------------------------------


def part(line: str) -> Part | None:
    """A content line taken apart; None when it is none."""
    if plain := _PLAIN.fullmatch(line):
        return Part(plain[1].upper(), {}, plain[2], line)
    colon = _outside(line, ":")
    if colon < 0:
        return None
    head, value = line[:colon], line[colon + 1 :]
    name, *params = _split(head, ";")
    name = name.strip().upper()
    if not re.fullmatch(r"[A-Z0-9-]+", name):
        return None
    said: dict[str, str] = {}
    for one in params[:200]:
        key, _, text = one.partition("=")
        said[key.strip().upper()] = _caret(
            ",".join(p.strip('"') for p in _split(text, ","))
        )
    return Part(name, said, value, line)


def _outside(text: str, sign: str) -> int:
    """Where a sign stands first outside of quotes, or -1."""
    if '"' not in text:
        return text.find(sign)
    quoted = False
    for at, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif letter == sign and not quoted:
            return at
    return text.find(sign)


def _split(text: str, sign: str) -> list[str]:
    if '"' not in text:
        return text.split(sign)
    found, quoted, begin = [], False, 0
    for at, letter in enumerate(text):
        if letter == '"':
            quoted = not quoted
        elif letter == sign and not quoted:
            found.append(text[begin:at])
            begin = at + 1
    return [*found, text[begin:]]


def _caret(text: str) -> str:
    """RFC 6868: `^n`, `^'` and `^^` in parameters."""
    if "^" not in text:
        return text
    signs = {"n": "\n", "'": '"', "^": "^"}
    return re.sub(r"\^([n'^])", lambda m: signs[m[1]], text)


def parts(lines: list[str]) -> tuple[list[Part], list[tuple[str, list[str]]], list[str]]:
    """(lines of a component itself, components inside it, lines that are neither)."""
    own: list[Part] = []
    inside: list[tuple[str, list[str]]] = []
    odd: list[str] = []
    depth = 0
    for line in lines:
        upper = line[:6].upper()
        if upper.startswith("BEGIN:"):
            depth += 1
            if depth == 1:
                inside.append((line[6:].strip().upper(), []))
                continue
        elif upper.startswith("END:"):
            depth -= 1
            if depth <= 0:
                depth = 0
                continue
        if depth:
            inside[-1][1].append(line)
        elif (found := part(line)) is not None:
            own.append(found)
        else:
            odd.append(line)
    return own, inside, odd


_UNESCAPE = {"n": "\n", "N": "\n", ",": ",", ";": ";", "\\": "\\"}


def unescape(text: str) -> str:
    """A TEXT value as people read it."""
    if "\\" not in text:
        return text
    return re.sub(r"\\([nN,;\\])", lambda m: _UNESCAPE[m[1]], text)


def escape(text: str) -> str:
    """Text as a TEXT value."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def parameter(text: str) -> str:
    """Text as a parameter's value: quoted where it must be, `^` escapes (RFC 6868)."""
    text = text.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    return text if _SAFE.fullmatch(text) else f'"{text}"'


def fold(line: str) -> bytes:
    """A content line in lines of at most 75 bytes, never cutting a character."""
    data = line.replace("\n", "").replace("\r", "").encode()
    if len(data) <= 75:
        return data + b"\r\n"
    out, begin, room = [], 0, 75
    while begin < len(data):
        end = min(begin + room, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:
            end -= 1
        out.append(data[begin:end])
        begin, room = end, 74
    return b"\r\n ".join(out) + b"\r\n"
