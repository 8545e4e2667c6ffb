"""What a Markdown text says about itself: its title, outline, links, boxes and words.

Everything reads line by line in time that grows with the text, nothing nests.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from modules.sdk.text.tokens import pattern

PREVIEW = 80
MOST_LINKS = 10_000


class Heading(msgspec.Struct, frozen=True):
    """A heading: its level from 1, its text without marks, its line from 0."""

    level: int
    text: str
    line: int


class WikiLink(msgspec.Struct, frozen=True):
    """`[[target#heading|shown]]` and where it stands; `embed` for `![[…]]`."""

    target: str
    heading: str
    shown: str
    start: int
    end: int
    embed: bool = False


class Checkbox(msgspec.Struct, frozen=True):
    """`- [x] text` on a line; `depth` counts the levels above it."""

    text: str
    done: bool
    line: int
    depth: int = 0


def plain_line(line: str) -> str:
    """One line without its Markdown marks."""
    text = pattern(r"^[\s>]*(?:#{1,6}\s+|[-*+]\s+(?:\[[ xX]\]\s+)?|\d{1,9}[.)]\s+)?").sub(
        "", line
    )
    text = pattern(r"!?\[\[([^\[\]|]{1,500})(?:\|([^\[\]]{1,500}))?\]\]").sub(
        lambda found: found[2] or found[1], text
    )
    text = pattern(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,2000}(?:\s\"[^\"]{0,500}\")?\)").sub(
        r"\1", text
    )
    text = pattern(r"(\*\*|__|~~|==|`{1,3})(?=\S)([^*_~=`]{1,1000})\1").sub(r"\2", text)
    text = pattern(r"(?<![\w*])[*_](?=\S)([^*_]{1,1000})(?<=\S)[*_](?![\w*])").sub(
        r"\1", text
    )
    text = text.strip()
    bare = text.rstrip("#")
    return bare.rstrip() if bare[-1:].isspace() else text


def preview(text: str, room: int = PREVIEW) -> str:
    """The first line that says something, without marks, in at most `room` characters."""
    for line in _said(text):
        shown = plain_line(line)
        if shown:
            return shown if len(shown) <= room else shown[: room - 1].rstrip() + "…"
    return ""


def title_of(text: str, most: int = 200) -> str:
    """A title for a text that has none: its first line without marks."""
    return preview(text, most)


def after_title(text: str) -> str:
    """The text below its first line that says something."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if plain_line(line):
            return "\n".join(lines[number + 1 :]).lstrip("\n")
    return ""


def _said(text: str) -> Iterator[str]:
    """Lines that may carry words: no fences, rules or comments."""
    for line in text[:20_000].split("\n"):
        bare = line.strip()
        if bare and not pattern(r"(?:`{3,}.*|~{3,}.*|[-*_\s]{3,}|<!--.*|={3,})").fullmatch(
            bare
        ):
            yield line[:2000]


def outside_code(text: str) -> Iterator[tuple[int, str]]:
    """(number, line) of every line that is not inside a fence of code."""
    fence = ""
    for number, line in enumerate(text.split("\n")):
        mark = line.lstrip()[:3]
        if fence:
            if mark == fence:
                fence = ""
        elif mark in ("```", "~~~"):
            fence = mark
        else:
            yield number, line


def outline(text: str) -> list[Heading]:
    """Every heading, in order."""
    found = []
    for number, line in outside_code(text):
        if line.startswith("#"):
            marks = len(line) - len(line.lstrip("#"))
            if marks <= 6 and line[marks : marks + 1] in (" ", "\t"):
                found.append(Heading(marks, plain_line(line), number))
    return found


def wiki_links(text: str) -> list[WikiLink]:
    """Every `[[wiki link]]`, in order."""
    if "[[" not in text:
        return []
    found = pattern(
        r"(!?)\[\[([^\[\]\n|#]{0,300})(?:#([^\[\]\n|]{0,300}))?(?:\|([^\[\]\n]{0,300}))?\]\]"
    )
    made = []
    for link in found.finditer(text):
        target, heading = link[2].strip(), (link[3] or "").strip()
        if target or heading:
            shown = (link[4] or "").strip() or target or heading
            made.append(
                WikiLink(target, heading, shown, link.start(), link.end(), bool(link[1]))
            )
        if len(made) >= MOST_LINKS:
            break
    return made


def urls(text: str) -> list[str]:
    """Every http(s) address once, in order."""
    found = pattern(r"https?://[^\s<>\"'\[\]]{1,2000}").findall(text)
    return list(dict.fromkeys(one.rstrip(".,;:!?)") for one in found))


def hashtags(text: str) -> list[str]:
    """Every `#tag` of the text once, without its mark; numbers alone are no tags."""
    made: dict[str, None] = {}
    for _, line in outside_code(text):
        if "#" in line:
            for tag in pattern(r"(?<![\w#&/])#([\w][\w/-]{0,99})").findall(line):
                if not tag.isdigit():
                    made.setdefault(tag)
    return list(made)


def checkboxes(text: str) -> list[Checkbox]:
    """Every checkbox of a list, in order."""
    found = []
    for number, line in outside_code(text):
        box = pattern(r"(\s*)(?:[-*+]|\d{1,9}[.)])\s+\[([ xX])\]\s+(.*)").fullmatch(line)
        if box:
            depth = len(box[1].expandtabs(4)) // 2
            found.append(Checkbox(plain_line(box[3]), box[2] != " ", number, depth))
    return found


def check(text: str, line: int, done: bool | None = None) -> str:
    """The text with the checkbox of a line set, or turned over; unchanged without one."""
    lines = text.split("\n")
    if 0 <= line < len(lines):
        box = pattern(r"(\s*(?:[-*+]|\d{1,9}[.)])\s+\[)([ xX])(\].*)").fullmatch(
            lines[line]
        )
        if box:
            mark = done if done is not None else box[2] == " "
            lines[line] = f"{box[1]}{'x' if mark else ' '}{box[3]}"
    return "\n".join(lines)


def word_count(text: str) -> int:
    """Words as a person counts them: marks, fences and rules are none."""
    return sum(1 for _ in pattern(r"\w+(?:['’.-]\w+)*").finditer(text))


def plain(text: str) -> str:
    """The words without marks, line by line: what search reads and lists show."""
    if not pattern(r"[#*_`\[\]~>=-]").search(text):
        return text
    return "\n".join(filter(None, map(plain_line, text.split("\n"))))


def rename_link(text: str, old: str, new: str) -> str:
    """Every `[[old…]]` pointing at `new` instead; what is shown stays."""
    made, last = [], 0
    for link in wiki_links(text):
        if link.target.casefold() == old.casefold():
            whole = text[link.start : link.end]
            at = whole.index(link.target)
            made.append(
                text[last : link.start] + whole[:at] + new + whole[at + len(link.target) :]
            )
            last = link.end
    return "".join(made) + text[last:]
