"""A folder of Markdown files, both ways: Obsidian's front matter, tags and wiki links."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from modules.notes.formats.file import note_of, text_of
from modules.notes.model import Note
from modules.sdk.context import Context
from modules.sdk.listing import Said
from modules.sdk.slot import Rejected, Source
from modules.sdk.text import markdown
from storage.errors import Refused, UserError
from storage.query import Query
from storage.record import Record

ENDINGS = (".md", ".markdown", ".txt")
SKIPPED = frozenset(
    {".obsidian", ".git", ".trash", ".stfolder", "node_modules", "__pycache__"}
)
MOST_BYTES = 4 * 2**20
MOST_FILES = 100_000
MOST_DEEP = 32


def detect(path: Path, head: bytes) -> bool:
    """A folder that holds Markdown, not far down."""
    return path.is_dir() and any(
        file.suffix.lower() in (".md", ".markdown") for file, _ in _files(path, most=500)
    )


def read(context: Context, source: Source) -> Iterator[Record | Rejected]:
    """Every Markdown file as a note; other files are named, not taken.

    Folders become `folder`, front matter and `#tags` become tags, dates stay, `[[links]]`
    stay as they are written and lead to the notes of their names.
    """
    for file, name in _files(source.path, most=MOST_FILES):
        if file.suffix.lower() not in ENDINGS:
            yield Rejected(item=name, reason="an attachment: only text is taken")
            continue
        try:
            if file.stat().st_size > MOST_BYTES:
                yield Rejected(item=name, reason=f"larger than {MOST_BYTES // 2**20} MB")
                continue
            text = file.read_bytes().decode()
            changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        except UnicodeDecodeError:
            yield Rejected(item=name, reason="not UTF-8 text")
        except OSError as error:
            yield Rejected(item=name, reason=error.strerror or "cannot be read")
        else:
            yield note_of(context, name, text, changed)


def _files(folder: Path, *, most: int) -> Iterator[tuple[Path, str]]:
    """(file, its path within) in order; no links out of the folder, nothing hidden."""
    count = 0
    for where, folders, names in os.walk(folder):
        here = Path(where)
        deep = len(here.relative_to(folder).parts)
        folders[:] = sorted(
            name for name in folders
            if name not in SKIPPED and not name.startswith(".") and deep < MOST_DEEP
        )  # fmt: skip
        for name in sorted(names):
            file = here / name
            if name.startswith(".") or file.is_symlink() or not file.is_file():
                continue
            yield file, file.relative_to(folder).as_posix()
            count += 1
            if count >= most:
                return


# --- one file ----------------------------------------------------------------------------


def detect_file(path: Path, head: bytes) -> bool:
    """A single Markdown file that is not a list of tasks."""
    if path.suffix.lower() not in (".md", ".markdown"):
        return False
    text = head.decode(errors="replace")
    said = [line for line in text.split("\n") if line.strip()]
    return len(markdown.checkboxes(text)) * 2 < max(1, len(said))


def read_file(context: Context, source: Source) -> Iterator[Record | Rejected]:
    """One Markdown file as a note."""
    try:
        text = source.read(MOST_BYTES).decode()
    except UnicodeDecodeError:
        yield Rejected(item=source.path.name, reason="not UTF-8 text")
        return
    yield note_of(context, source.path.name, text, context.now().astimezone(UTC))


# --- out ---------------------------------------------------------------------------------


def write(context: Context, ids: tuple[str, ...] | None) -> Iterator[bytes]:
    """Notes one after the other, each with its front matter, a line of dashes between."""
    names = context.store.tag_names()
    for number, note in enumerate(_notes(context, ids)):
        yield ("\n" if number else "").encode() + text_of(note, names).encode()


def _notes(context: Context, ids: tuple[str, ...] | None) -> Iterator[Note]:
    if ids is not None:
        yield from context.store.many(Note, ids)
    else:
        yield from context.store.each(Query(Note).order("folder", "title"))


def write_folder(context: Context, folder: str, *, overwrite: bool) -> Said:
    """Every note as a file, in folders as they are here; says what was done."""
    top = Path(folder).expanduser()
    if not folder.strip() or (top.exists() and not top.is_dir()):
        raise UserError("Name a folder to write to.", hint="mana notes export ~/notes")
    names, taken = context.store.tag_names(), set[str]()
    counts = {"written": 0, "same": 0, "differ": 0}
    total = context.store.count(Query(Note))
    for number, note in enumerate(_notes(context, None)):
        path = top / _free_name(note, taken)
        if top.resolve() not in path.resolve().parents:
            raise Refused(f"{note.title!r} would be written outside of the folder.")
        counts[_write_one(path, text_of(note, names), note.updated, overwrite)] += 1
        context.progress(number + 1, total, "Exporting notes")
    said = f"{counts['written']} written, {counts['same']} were the same"
    if counts["differ"]:
        said += f", {counts['differ']} differ and were left: --overwrite replaces them"
    return Said(text=said + ".", data=counts)


def _write_one(path: Path, text: str, changed: datetime, overwrite: bool) -> str:
    data = text.encode()
    if path.exists():
        if path.read_bytes() == data:
            return "same"
        if not overwrite:
            return "differ"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(path.name + ".part")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.utime(temporary, (changed.timestamp(), changed.timestamp()))
    temporary.replace(path)
    return "written"


def _free_name(note: Note, taken: set[str]) -> str:
    """A path no other note of this export has, whatever the file system thinks of case."""
    folder = "/".join(safe_name(part) for part in note.folder.split("/") if part)
    name = safe_name(note.title) or f"note {note.short}"
    path = f"{folder}/{name}" if folder else name
    if path.casefold() in taken:
        path += f" {note.short}"
    taken.add(path.casefold())
    return path + ".md"


_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(10))}
)


def safe_name(text: str) -> str:
    """A name every file system takes, as near to the text as can be."""
    kept = "".join("-" if c in '/\\:*?"<>|' else c for c in text if c.isprintable())
    kept = kept.strip(" .").encode()[:120].decode(errors="ignore").strip(" .")
    return f"{kept}-" if kept.casefold() in _RESERVED else kept
