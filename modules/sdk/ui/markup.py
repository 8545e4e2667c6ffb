"""Markdown as lines of toned words: fast, bounded, for reading only.

Knows headings, lists, checkboxes, quotes, code, tables, rules, emphasis and links. Every
pattern is bounded, nesting ends at a few levels: a hostile text costs its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from modules.sdk.ui.cells import clean_lines, cut, fit, width
from modules.sdk.ui.glyphs import UNICODE, Glyphs
from modules.sdk.ui.page import PageLine, Run

MOST_LINES = 20_000
DEEPEST = 6

HEADING = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)(?:\s+#+)?\s*$")
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})\s*(\S*)")
RULE = re.compile(r"^ {0,3}([-*_])(?:\s*\1){2,}\s*$")
ITEM = re.compile(r"^(\s*)([-*+]|\d{1,9}[.)])\s+(?:\[([ xX])\]\s+)?(.*)$")
QUOTE = re.compile(r"^ {0,3}> ?(.*)$")
TABLE = re.compile(r"^\s*\|.*\|\s*$")
DIVIDER = re.compile(r"^\s*\|?(\s*:?-{1,}:?\s*\|)+\s*:?-*:?\s*\|?\s*$")
BREAK = re.compile(r"( {2,}|\\)$")
INLINE = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<ticks>`{1,3})(?P<code>[^`]{1,1000})(?P=ticks)"
    r"|!?\[\[(?P<wiki>[^\[\]|]{1,500})(?:\|(?P<shown>[^\[\]]{1,500}))?\]\]"
    r"|!?\[(?P<text>[^\[\]]{0,500})\]\((?P<to>[^()\s]{0,2000})(?:\s\"[^\"]{0,500}\")?\)"
    r"|<(?P<auto>https?://[^<>\s]{1,2000})>"
    r"|(?P<url>https?://[^\s<>()\[\]]{1,2000}[^\s<>()\[\].,;:!?])"
    r"|(?P<strong>\*\*|__)(?=\S)(?P<bold>.{1,1000}?)(?<=\S)(?P=strong)(?!\*)"
    r"|~~(?=\S)(?P<strike>[^~]{1,1000})~~"
    r"|==(?=\S)(?P<lit>[^=]{1,1000})=="
    r"|(?<![\w*])(?P<soft>[*_])(?=[^\s*_])(?P<slant>[^*_]{1,1000})(?<=\S)(?P=soft)(?![\w*])"
    r"|(?<![\w#])(?P<tag>#\w[\w/-]{0,100})"
)


def inline(text: str, tone: str = "", depth: int = 0) -> list[Run]:
    """Words of one paragraph with their tones."""
    runs: list[Run] = []
    at = 0
    for found in INLINE.finditer(text):
        if found.start() > at:
            runs.append((text[at : found.start()], tone))
        runs += _inline_one(found, tone, depth)
        at = found.end()
    if at < len(text):
        runs.append((text[at:], tone))
    return runs


def _inline_one(found: re.Match[str], tone: str, depth: int) -> list[Run]:
    said = found.groupdict()
    if said["escaped"]:
        return [(said["escaped"], tone)]
    if said["code"]:
        return [(said["code"], "code")]
    link = said["wiki"] or said["to"] or said["auto"] or said["url"]
    if link is not None:
        return [(said["shown"] or said["text"] or link, "link")]
    if said["tag"]:
        return [(said["tag"], "accent")]
    for name, style in (
        ("bold", "bold"),
        ("strike", "done"),
        ("lit", "lit"),
        ("slant", "italic"),
    ):
        if (inner := said[name]) is not None:
            deeper = style if not tone else f"{tone} {style}"
            return inline(inner, deeper, depth + 1) if depth < 2 else [(inner, style)]
    return [(found[0], tone)]


def links_in(text: str) -> list[str]:
    """Where the links of a text lead, in order: URLs and targets of wiki links."""
    found = (match.groupdict() for match in INLINE.finditer(text))
    led = (one["wiki"] or one["to"] or one["auto"] or one["url"] for one in found)
    return [link for link in led if link]


# --- wrapping ----------------------------------------------------------------------------


def wrap(runs: list[Run], room: int) -> list[list[Run]]:
    """Break runs at spaces into lines of at most `room` cells; longer words are cut up."""
    lines: list[list[Run]] = [[]]
    used = 0
    for text, tone in runs:
        for word in re.split(r"(?<= )", text):
            if not word:
                continue
            cells = width(word)
            if (
                used
                and used + len(word.rstrip(" ")) > room
                and used + width(word.rstrip(" ")) > room
            ):
                lines.append([])
                used = 0
            while cells > room + (1 if word.endswith(" ") else 0):
                head = cut(word, room, "")
                lines[-1].append((head, tone))
                lines.append([])
                word = word[len(head) :]  # noqa: PLW2901
                cells = width(word)
            if word:
                _add(lines[-1], word, tone)
                used += cells
    return lines


def _add(line: list[Run], text: str, tone: str) -> None:
    """Add to a line, joining runs of one tone."""
    if line and line[-1][1] == tone:
        line[-1] = (line[-1][0] + text, tone)
    else:
        line.append((text, tone))


# --- blocks -------------------------------------------------------------------------------


class Markup:
    """Makes lines of a text for one width."""

    def __init__(self, room: int, glyphs: Glyphs = UNICODE) -> None:
        self.room = max(8, room)
        self.glyphs = glyphs

    def lines(self, text: str) -> list[PageLine]:
        """The whole text as lines; very long ones end with how much is left."""
        source = clean_lines(text.rstrip())
        lines = [
            PageLine(tuple(runs), fill=fill)
            for runs, fill in self._blocks(source[:MOST_LINES])
        ]
        while lines and not lines[-1].runs:
            lines.pop()
        if len(source) > MOST_LINES:
            left = len(source) - MOST_LINES
            lines.append(PageLine(((f"{self.glyphs.more} {left:,} more lines", "muted"),)))
        return lines

    def _blocks(self, source: list[str], depth: int = 0) -> Iterator[tuple[list[Run], str]]:
        at, blank = 0, True
        while at < len(source):
            line = source[at]
            if not line.strip():
                if not blank:
                    yield [], ""
                blank = True
                at += 1
                continue
            blank = False
            at = yield from self._block(source, at, depth)

    def _block(
        self, source: list[str], at: int, depth: int
    ) -> Iterator[tuple[list[Run], str]]:
        line = source[at]
        if fence := FENCE.match(line):
            return (yield from self._code(source, at, fence[1]))
        if heading := HEADING.match(line):
            yield from self._heading(len(heading[1]), heading[2])
            return at + 1
        if RULE.match(line):
            yield [(self.glyphs.rule * min(self.room, 40), "faint")], ""
            return at + 1
        if QUOTE.match(line) and depth < DEEPEST:
            return (yield from self._quote(source, at, depth))
        if TABLE.match(line) and at + 1 < len(source) and DIVIDER.match(source[at + 1]):
            return (yield from self._table(source, at))
        if item := ITEM.match(line):
            return (yield from self._item(source, at, item))
        return (yield from self._paragraph(source, at))

    def _heading(self, level: int, text: str) -> Iterator[tuple[list[Run], str]]:
        mark = "" if self.glyphs.drawn else "#" * level + " "
        tone = "heading" if level <= 2 else "bold"
        runs = [(mark, tone)] if mark else []
        for wrapped in wrap(runs + inline(text, tone), self.room):
            yield wrapped, ""
        if level == 1 and self.glyphs.drawn:
            yield [(self.glyphs.rule * min(self.room, width(text)), "faint")], ""

    def _code(
        self, source: list[str], at: int, fence: str
    ) -> Iterator[tuple[list[Run], str]]:
        at += 1
        while at < len(source) and not source[at].lstrip().startswith(fence):
            yield [(" " + cut(source[at], self.room - 2, self.glyphs.more), "code")], "code"
            at += 1
        return at + 1

    def _quote(
        self, source: list[str], at: int, depth: int
    ) -> Iterator[tuple[list[Run], str]]:
        inside: list[str] = []
        while at < len(source) and (found := QUOTE.match(source[at])):
            inside.append(found[1])
            at += 1
        inner = Markup(self.room - 2, self.glyphs)
        for runs, fill in inner._blocks(inside, depth + 1):
            shown = [(text, tone or "muted") for text, tone in runs]
            yield [(self.glyphs.quote + " ", "faint"), *shown], fill
        return at

    def _item(
        self, source: list[str], at: int, item: re.Match[str]
    ) -> Iterator[tuple[list[Run], str]]:
        space, mark, box, text = item.groups()
        at += 1
        while at < len(source) and self._continues(source[at]):
            text += " " + source[at].strip()
            at += 1
        indent = min(len(space), self.room // 2, 24)
        sign = mark if mark[0].isdigit() else self.glyphs.bullet
        tone, words = "accent", ""
        if box:
            done = box in "xX"
            sign = self.glyphs.done if done else self.glyphs.todo
            tone, words = ("success", "done") if done else ("accent", "")
        lead = width(sign) + 1
        wrapped = wrap(inline(text, words), max(4, self.room - indent - lead))
        for n, runs in enumerate(wrapped):
            head: Run = (sign + " ", tone) if n == 0 else (" " * lead, "")
            yield [(" " * indent, ""), head, *runs], ""
        return at

    def _continues(self, line: str) -> bool:
        """Whether a line goes on with the paragraph above it."""
        return bool(line.strip()) and not any(
            pattern.match(line) for pattern in (ITEM, HEADING, FENCE, QUOTE, RULE, TABLE)
        )

    def _paragraph(self, source: list[str], at: int) -> Iterator[tuple[list[Run], str]]:
        parts = [source[at].strip("\n")]
        at += 1
        while at < len(source) and self._continues(source[at]):
            parts.append(source[at])
            at += 1
        said = ""
        for part in parts:
            said += BREAK.sub("", part).strip() + ("\n" if BREAK.search(part) else " ")
        for piece in said.strip().split("\n"):
            for runs in wrap(inline(piece.strip()), self.room):
                yield runs, ""
        return at

    def _table(self, source: list[str], at: int) -> Iterator[tuple[list[Run], str]]:
        rows: list[list[str]] = []
        right = [cell.strip().endswith(":") and not cell.strip().startswith(":")
                 for cell in _cells(source[at + 1])]  # fmt: skip
        while at < len(source) and TABLE.match(source[at]):
            if not DIVIDER.match(source[at]):
                cells = ["".join(t for t, _ in inline(cell)) for cell in _cells(source[at])]
                rows.append(cells[:30])
            at += 1
        widths = self._widths(rows)
        bar = f" {self.glyphs.wall} "
        for n, row in enumerate(rows):
            runs: list[Run] = []
            for i, cells in enumerate(widths):
                text = row[i] if i < len(row) else ""
                align = "right" if i < len(right) and right[i] else "left"
                runs.append(
                    (fit(text, cells, self.glyphs.more, align), "" if n else "bold")
                )
                if i < len(widths) - 1:
                    runs.append((bar, "faint"))
            yield runs, ""
            if n == 0 and self.glyphs.drawn:
                total = sum(widths) + 3 * (len(widths) - 1)
                yield [(self.glyphs.rule * min(total, self.room), "faint")], ""
        return at

    def _widths(self, rows: list[list[str]]) -> list[int]:
        """Cells per column: what each needs, the widest ones shortened until all fit."""
        columns = max((len(row) for row in rows), default=0)
        widths = [
            max((width(row[i]) for row in rows if i < len(row)), default=1) or 1
            for i in range(columns)
        ]
        spare = self.room - 3 * (columns - 1)
        while sum(widths) > spare and max(widths) > 4:
            widest = widths.index(max(widths))
            widths[widest] -= min(widths[widest] - 4, sum(widths) - spare, 8)
        return widths


def _cells(line: str) -> list[str]:
    return [
        cell.strip().replace("\\|", "|")
        for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))
    ]
