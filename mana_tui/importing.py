"""Bringing other programs' files in: which format, what would change, what was refused."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from modules.sdk.context import Context
from modules.sdk.slot import Import, Rejected, Source, resolve
from storage.errors import NotFound, UserError
from storage.record import Record

HEAD = 4096
CHUNK = 500


class Imported(msgspec.Struct, kw_only=True):
    """What one file or folder brought. `same` were there already, unchanged; `trashed`
    were there once, are in the trash, and stay there."""

    source: str
    format: str
    new: int = 0
    changed: int = 0
    same: int = 0
    trashed: int = 0
    rejected: list[Rejected] = []
    dry_run: bool = False

    @property
    def total(self) -> int:
        """How many items were usable."""
        return self.new + self.changed + self.same + self.trashed


def formats(context: Context) -> dict[str, Import]:
    """Every format that a module of this space reads, by name."""
    return {slot.format: slot for _, slot in context.slots(Import)}


def detect(context: Context, path: Path) -> Import:
    """The format of a file or folder, from its name and first bytes; UserError."""
    head = b""
    if path.is_file():
        with path.open("rb") as file:
            head = file.read(HEAD)
    for slot in formats(context).values():
        if slot.folder == path.is_dir() and resolve(slot.detect)(path, head):
            return slot
    known = ", ".join(sorted(formats(context)))
    raise UserError(
        f"Cannot tell what {path.name or path} is.", hint=f"say --as one of: {known}"
    )


def sources(
    paths: tuple[str, ...], standard_input: bytes | None = None
) -> Iterator[Source]:
    """The files and folders named; NotFound for one that is not there."""
    for name in paths:
        if name == "-":
            yield Source(path=Path("-"), data=standard_input or b"")
            continue
        path = Path(name).expanduser()
        if not path.exists():
            raise NotFound(f"There is no file {path.name!r} there.")
        yield Source(path=path)


def bring(context: Context, source: Source, format: str = "") -> Imported:
    """Read one source and put what it holds. Call it inside a batch: one undo."""
    if format:
        slot = formats(context).get(format)
        if slot is None:
            known = ", ".join(sorted(formats(context)))
            raise UserError(f"There is no format {format!r}.", hint=f"known: {known}")
    elif source.data is not None:
        raise UserError(
            "Standard input has no name to tell its format by.", hint="say --as"
        )
    else:
        slot = detect(context, source.path)
    done = Imported(source=source.path.name, format=slot.format)
    items = resolve(slot.read)(context, source)
    while chunk := list(islice(items, CHUNK)):
        _put(context, chunk, done)
        context.progress(done.total + len(done.rejected), None, f"Importing {done.source}")
    return done


def _put(context: Context, chunk: list[Record | Rejected], done: Imported) -> None:
    by_type: dict[type[Record], dict[str, Record]] = {}
    for item in chunk:
        if isinstance(item, Rejected):
            done.rejected.append(item)
        else:
            by_type.setdefault(type(item), {})[item.id] = item
    for record_type, records in by_type.items():
        store = context.store
        known: dict[str, Any] = {
            r.id: r
            for r in store.within(
                msgspec.structs.replace(store.scope, state="all", tags=())
            ).many(record_type, list(records))
        }
        wanted = [
            r for r in records.values() if r.id not in known or not known[r.id].deleted
        ]
        for stored in store.put_many(wanted):
            before = known.get(stored.id)
            if before is None:
                done.new += 1
            elif before == stored:
                done.same += 1
            else:
                done.changed += 1
        done.trashed += len(records) - len(wanted)
