"""Tags: the labels of a space."""

from __future__ import annotations

import msgspec

from mana_tui.workspace import Workspace
from modules.sdk.command import command
from modules.sdk.field import Line, Title
from storage.errors import NotFound, UserError
from storage.query import Query
from storage.tag import Tag


@command("List tags", name="tag.list", effect="read")
def tag_list(context: Workspace) -> list[Tag]:
    """The tags of this space."""
    return context.store.tags()


@command("New tag", name="tag.add")
def tag_add(context: Workspace, name: Title, color: Line = "", group: Line = "") -> Tag:
    """Make a tag."""
    return context.store.put(Tag(name=_named(name), color=color, group=group))


@command("Rename tag", name="tag.rename")
def tag_rename(context: Workspace, tag: Line, name: Title) -> Tag:
    """Give a tag another name; every record shows it at once."""
    return context.store.put(msgspec.structs.replace(_tag(context, tag), name=_named(name)))


@command("Delete tag", name="tag.delete")
def tag_delete(context: Workspace, tag: Line) -> Tag:
    """Take a tag off every record and move it to the trash."""
    found = _tag(context, tag)
    _retag(context, found.id, ())
    return context.store.delete(Tag, found.id)


@command("Merge tags", name="tag.merge")
def tag_merge(context: Workspace, tag: Line, into: Line) -> Tag:
    """Give every record of one tag another tag instead."""
    gone, kept = _tag(context, tag), _tag(context, into)
    if gone.id == kept.id:
        raise UserError("These are the same tag.")
    _retag(context, gone.id, (kept.id,))
    context.store.delete(Tag, gone.id)
    return kept


def _retag(context: Workspace, gone: str, instead: tuple[str, ...]) -> None:
    from storage.query import tagged

    for kind in context.kinds():
        for record in context.store.all(Query(kind.record).where(tagged(gone))):
            kept = tuple(t for t in record.tags if t != gone)
            tags = tuple(dict.fromkeys((*kept, *instead)))
            context.store.put(msgspec.structs.replace(record, tags=tags))


def _named(name: str) -> str:
    """A tag's name without its #; UserError on one that no line could ever say."""
    bare = name.strip().lstrip("#").strip()
    if not bare:
        raise UserError("A tag needs a name.")
    if "," in bare:
        raise UserError(
            f"{bare!r} cannot be a tag: a comma separates tags.",
            hint="make one after the other",
        )
    return bare


def _tag(context: Workspace, name: str) -> Tag:
    wanted = name.lstrip("#").casefold()
    for tag in context.store.tags():
        if tag.name.casefold() == wanted or name in (tag.id, tag.short):
            return tag
    raise NotFound(f"There is no tag {name!r}.", hint="mana tag list shows them")
