"""The command behind `t`: which tags some records carry."""

from __future__ import annotations

from typing import Annotated

from msgspec.structs import replace

from mana_tui.workspace import Workspace
from modules.sdk.command import command
from modules.sdk.field import says
from storage.record import Record


@command("Tag records", name="tag.set")
def tag_set(
    context: Workspace,
    ids: Annotated[tuple[str, ...], says("ids or short ids")],
    add: Annotated[tuple[str, ...], says("names; unknown ones are made")] = (),
    remove: Annotated[tuple[str, ...], says("names")] = (),
) -> list[Record]:
    """Put tags on records of any kind, and take others off."""
    store = context.store
    more = store.tag_ids(name.lstrip("#") for name in add)
    less = set(store.tag_ids((name.lstrip("#") for name in remove), create=False))
    done: list[Record] = []
    for text in ids:
        kind, id = store.resolve(text)
        record = store.get(context.vault.catalog.kind(kind).record, id)
        kept = tuple(tag for tag in record.tags if tag not in less)
        done.append(store.put(replace(record, tags=tuple(dict.fromkeys((*kept, *more))))))
    return done
