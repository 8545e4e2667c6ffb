"""The block between `---` lines on top of a Markdown file: the simple part of YAML.

Scalars, quoted strings, `[a, b]` and `- a` lists, and `|` blocks are read; anything else
(nested maps, anchors) is kept as the text it was, so that writing gives it back.
"""

from __future__ import annotations

from modules.sdk.text.tokens import pattern

Value = str | list[str]
MOST_LINES = 500


def split(text: str) -> tuple[dict[str, Value], str]:
    """(properties, body) of a file; no properties when it has no such block."""
    if not text.startswith(("---\n", "---\r\n")):
        return {}, text
    lines = text.replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines[1 : MOST_LINES + 1], start=1):
        if line.rstrip() in ("---", "..."):
            body = "\n".join(lines[number + 1 :])
            return parse(lines[1:number]), body.removeprefix("\n")
    return {}, text


def parse(lines: list[str]) -> dict[str, Value]:
    """The properties of the lines between the marks; a key keeps its spelling."""
    found: dict[str, Value] = {}
    at = 0
    while at < len(lines):
        named = pattern(r"([^\s:#\-'\"\[{][^:#]{0,99}?)\s*:(?:\s+(.*)|\s*)").fullmatch(
            lines[at]
        )
        at += 1
        if not named:
            continue
        inner = at
        while inner < len(lines) and (not lines[inner].strip() or lines[inner][:1] in (" ", "\t")
                                      or lines[inner].startswith("- ")):  # fmt: skip
            inner += 1
        found[named[1].strip()] = _value(named[2] or "", lines[at:inner])
        at = inner
    return found


def _value(said: str, below: list[str]) -> Value:
    said = _uncommented(said.strip())
    if said in ("|", ">", "|-", ">-", "|+", ">+"):
        block = [line.strip() for line in below]
        return ("\n" if said[0] == "|" else " ").join(block).strip()
    if said:
        return _flow(said[1:-1]) if said[0] == "[" and said[-1] == "]" else scalar(said)
    bare = [line.strip() for line in below if line.strip()]
    if bare and all(line.startswith("- ") or line == "-" for line in bare):
        return [scalar(_uncommented(line[1:].strip())) for line in bare]
    return "\n".join(line.rstrip() for line in below).strip("\n")


def _uncommented(said: str) -> str:
    if said[:1] in ("'", '"'):
        return said
    return said.partition(" #")[0].rstrip()


def _flow(inside: str) -> list[str]:
    parts = pattern(r"\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^,]*)\s*(?:,|$)").findall(
        inside
    )
    return [scalar(part.strip()) for part in parts if part.strip()]


def scalar(said: str) -> str:
    """One value as text, its quotes undone."""
    if len(said) > 1 and said[0] == said[-1] == '"':
        undone = {"n": "\n", "t": "\t"}
        return pattern(r"\\(.)").sub(
            lambda found: undone.get(found[1], found[1]), said[1:-1]
        )
    if len(said) > 1 and said[0] == said[-1] == "'":
        return said[1:-1].replace("''", "'")
    return "" if said in ("null", "~", "Null", "NULL") else said


def join(properties: dict[str, Value], body: str) -> str:
    """A file with its block; only the body when there are no properties."""
    if not properties:
        return body
    said = []
    for name, value in properties.items():
        if isinstance(value, list):
            said.append(f"{name}: [{', '.join(map(_flow_quoted, value))}]")
        else:
            said.append(f"{name}: {quoted(value)}".rstrip())
    return "---\n" + "\n".join(said) + "\n---\n\n" + body


_SPECIAL = r"^[\s\-?:,\[\]{}#&*!|>'\"%@`]|: |:$| #|\s$|[\n\t\\]|^(?:null|~|Null|NULL|)$"


def quoted(value: str) -> str:
    """A scalar, quoted where YAML would read it as something else."""
    if not pattern(_SPECIAL).search(value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\t", "\\t") + '"'


def _flow_quoted(value: str) -> str:
    made = quoted(value)
    return (
        made if made[:1] == '"' or not pattern(r"[,\[\]{}]").search(value) else f'"{made}"'
    )


def others(text: str, known: frozenset[str]) -> str:
    """The lines of a file's block whose keys (folded) are not known, as they stand."""
    if not text.startswith(("---\n", "---\r\n")):
        return ""
    kept, keep = [], False
    for line in text.replace("\r\n", "\n").split("\n")[1 : MOST_LINES + 1]:
        if line.rstrip() in ("---", "..."):
            return "\n".join(kept)
        named = pattern(r"([^\s:#\-'\"\[{][^:#]{0,99}?)\s*:(?:\s.*|$)").match(line)
        if named:
            keep = named[1].strip().casefold() not in known
        if keep:
            kept.append(line)
    return ""
