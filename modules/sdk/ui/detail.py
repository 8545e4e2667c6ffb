"""One record whole: its fields, its text, its tags, what it is linked with."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import msgspec

from modules.sdk import registry
from modules.sdk.command import Command
from modules.sdk.context import Context
from modules.sdk.field import Param
from modules.sdk.outside import params_of
from modules.sdk.ui.cells import clean, fit
from modules.sdk.ui.markup import Markup, wrap
from modules.sdk.ui.page import PageLine, Run
from modules.sdk.ui.reading import PageView
from modules.sdk.ui.values import label, say, title_of, typed_refs
from modules.sdk.ui.view import Action, Selection, View
from storage.errors import ModuleNotInSpace, NotFound
from storage.kind import describe
from storage.link import INVERSE, Link
from storage.record import SHARED, Record, kind_of
from storage.store import Store

LABEL = 14


class Other(msgspec.Struct, frozen=True):
    """The record at the other end of a link, or behind a reference."""

    says: str
    kind: str
    id: str
    title: str


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """What a detail view loads."""

    record: Record
    links: tuple[Other, ...] = ()
    references: dict[str, tuple[Other, ...]] = {}
    tags: tuple[str, ...] = ()


class FieldOf(msgspec.Struct, frozen=True):
    """A line that shows a field: enter or `e` edits it."""

    name: str


class DetailView(PageView[Shown]):
    """Derived from the record's fields; subclasses may choose `fields`, or add sections.

    `edit_command` is what `e` runs (default: the module's `edit`). `extra(store, record)`
    may load more, in the thread; `sections()` may draw more.
    """

    fields: ClassVar[Sequence[str]] = ()
    hidden: ClassVar[Sequence[str]] = ()
    edit_command: ClassVar[str] = ""
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *PageView.ACTIONS,
        Action("detail.edit", "Edit", ("e",), show=True),
    )

    def __init__(
        self, context: Context, *, record: type[Record], id: str, **options: Any
    ) -> None:
        super().__init__(context, **options)
        self.record = record
        self.id_shown = id
        self.reads = (record, Link)
        self.shown: Shown | None = None
        self._params = {param.name: param for param in params_of(record)}

    # --- loading ------------------------------------------------------------------------

    def load(self, store: Store) -> Shown:
        """The record, its tags, what it refers to and what is linked with it."""
        record = store.get(self.record, self.id_shown)
        names = store.tag_names() if record.tags else {}
        return Shown(
            record=record,
            links=tuple(self._linked(store)),
            references=dict(self._references(store, record)),
            tags=tuple(names.get(tag, tag) for tag in record.tags),
        )

    def _linked(self, store: Store) -> Iterator[Other]:
        ends: list[tuple[str, str, str]] = []
        for link in store.links(self.id_shown):
            if link.from_id == self.id_shown:
                ends.append((link.verb, link.to_kind, link.to_id))
            else:
                ends.append((INVERSE[link.verb], link.from_kind, link.from_id))
        titles = _titles(store, [(kind, end) for _, kind, end in ends])
        for says, kind, end in ends:
            if end in titles:
                yield Other(says, kind, end, titles[end])

    def _references(
        self, store: Store, record: Record
    ) -> Iterator[tuple[str, tuple[Other, ...]]]:
        for param in self._params.values():
            found = getattr(record, param.name)
            if not isinstance(param.ref, type) or not found:
                continue
            kind = kind_of(param.ref)
            ids = [found] if isinstance(found, str) else list(found)
            titles = _titles(store, [(kind, end) for end in ids])
            yield (
                param.name,
                tuple(Other("", kind, end, titles.get(end, end)) for end in ids),
            )

    def show(self, data: Shown) -> None:
        """Draw it."""
        self.shown = data
        self.draw()

    # --- drawing ------------------------------------------------------------------------------

    @property
    def shown_fields(self) -> list[Param]:
        """The fields in the order they are shown, long texts last."""
        skip = {*SHARED, *self.hidden, describe(self.record).title}
        names = self.fields or [name for name in self._params if name not in skip]
        chosen = [self._params[name] for name in names]
        return sorted(chosen, key=lambda param: bool(param.extra.get("multiline")))

    def lines(self) -> list[PageLine]:
        """Title, tags, fields, texts, links, history."""
        if self.shown is None:
            return []
        lines = [*self._head(), PageLine()]
        for param in self.shown_fields:
            lines += self._field(param)
        lines += self.sections()
        lines += self._links()
        return [*lines, PageLine(), *self._foot()]

    def sections(self) -> list[PageLine]:
        """More lines of a subclass, between the fields and the links."""
        return []

    def section(self, title: str) -> list[PageLine]:
        """A heading between two parts."""
        return [PageLine(), PageLine(((title, "heading"),))]

    def _head(self) -> Iterator[PageLine]:
        assert self.shown is not None
        record = self.shown.record
        title = clean(title_of(record)) or "Untitled"
        target = FieldOf(describe(self.record).title)
        for n, runs in enumerate(wrap([(title, "heading")], self.page.room)):
            yield PageLine(tuple(runs), target=target if n == 0 else None)
        tags: list[Run] = [(f"#{clean(tag)} ", "accent") for tag in self.shown.tags]
        if record.deleted is not None:
            tags.insert(0, ("In the trash  ", "warning"))
        if tags:
            yield PageLine(tuple(tags), target=FieldOf("tags"))

    def _field(self, param: Param) -> Iterator[PageLine]:
        assert self.shown is not None
        value = getattr(self.shown.record, param.name)
        target = FieldOf(param.name)
        name = fit(label(param.name), LABEL, self.glyphs.more)
        if param.extra.get("multiline"):
            yield from self._text(param, value)
        elif others := self.shown.references.get(param.name):
            for n, other in enumerate(others):
                head = name if n == 0 else " " * LABEL
                runs = (
                    (head, "muted"),
                    (f"{self.glyphs.arrow} {clean(other.title)}", "link"),
                )
                yield PageLine(runs, target=other)
        else:
            said = clean(self.say(param.name, value))
            room = max(8, self.page.room - LABEL)
            for n, wrapped in enumerate(
                wrap([(said or "-", "" if said else "faint")], room)
            ):
                head = (name, "muted") if n == 0 else (" " * LABEL, "")
                yield PageLine((head, *wrapped), target=target if n == 0 else None)

    def say(self, name: str, value: Any) -> str:
        """A field's value in words."""
        return say(value, self.context, name=name)

    def _text(self, param: Param, value: str) -> Iterator[PageLine]:
        yield PageLine()
        runs: tuple[Run, ...] = ((label(param.name), "muted"),)
        yield PageLine(
            runs if value else (*runs, ("  -", "faint")), target=FieldOf(param.name)
        )
        yield from Markup(self.page.room, self.glyphs).lines(value)

    def _links(self) -> list[PageLine]:
        assert self.shown is not None
        if not self.shown.links:
            return []
        lines = self.section("Links")
        for other in self.shown.links:
            says = fit(other.says, LABEL, self.glyphs.more)
            runs = ((says, "muted"), (f"{self.glyphs.arrow} {clean(other.title)}", "link"))
            lines.append(PageLine(runs, target=other))
        return lines

    def _foot(self) -> Iterator[PageLine]:
        from modules.sdk.text.dates import format_ago

        assert self.shown is not None
        record, now = self.shown.record, self.context.now()
        said = [
            f"{record.short}",
            f"made {format_ago(record.created, now, self.context.locale)}",
        ]
        if record.updated != record.created:
            said.append(f"changed {format_ago(record.updated, now, self.context.locale)}")
        yield PageLine(((" · ".join([*said, "i shows its history"]), "faint"),))

    # --- title, selection ------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The record's title."""
        return title_of(self.shown.record) if self.shown else ""

    @property
    def status(self) -> str:
        """Its short id."""
        return self.shown.record.short if self.shown else ""

    def selection(self) -> Selection:
        """The record it shows."""
        return Selection(self.record, (self.id_shown,))

    def clear_content(self) -> None:
        """Forget the record."""
        super().clear_content()
        self.shown = None

    # --- following and editing -------------------------------------------------------------------------

    def open(self, target: Any) -> bool:
        """Follow a link, or edit a field."""
        if isinstance(target, Other):
            self.post_message(View.Open(target.kind, target.id))
            return True
        return isinstance(target, FieldOf) and self.edit(target.name)

    def act_detail_edit(self) -> bool:
        """Edit the field under the cursor, or the whole record."""
        target = self.page.target
        return self.edit(target.name if isinstance(target, FieldOf) else "")

    @property
    def _edit_id(self) -> str:
        return self.edit_command or f"{kind_of(self.record).partition('.')[0]}.edit"

    def edit(self, name: str = "") -> bool:
        """Edit one field here, or everything in the shell's form."""
        if self.shown is None or not self.context.has(self._edit_id):
            return False
        command = registry.find(self._edit_id)
        values = self._values(command)
        if name not in values or command.params[0].name == name:
            self.post_message(View.Ask(self._edit_id, values))
        else:
            self._edit_here(command, name, values)
        return True

    def _values(self, command: Command[..., Any]) -> dict[str, Any]:
        """What the edit command would get if nothing changed."""
        assert self.shown is not None
        about, *rest = command.params
        values: dict[str, Any] = {
            param.name: getattr(self.shown.record, param.name)
            for param in rest
            if hasattr(self.shown.record, param.name)
        }
        refs = typed_refs(self.shown.record, self.context)
        values |= {name: said for name, said in refs.items() if name in values}
        if "tags" in values:
            values["tags"] = self.shown.tags
        return {about.name: [self.id_shown] if about.many else self.id_shown} | values

    def _edit_here(
        self, command: Command[..., Any], name: str, values: dict[str, Any]
    ) -> None:
        from modules.sdk.ui.form import Form

        about = command.params[0].name
        known = {about: values[about], name: values[name]}
        form = Form(self.context, command.arguments, known, only=(name,))
        self.query(Form).remove()
        self.mount(form)

    def on_form_done(self, event: Any) -> None:
        """Run the edit command with the one field."""
        event.stop()
        self.post_message(View.Run(self._edit_id, event.values))
        self._close(event.form)

    def on_form_cancelled(self, event: Any) -> None:
        """Leave it as it was."""
        event.stop()
        self._close(event.form)

    def _close(self, form: Any) -> None:
        form.remove()
        self.post_message(View.EditDone())


def _titles(store: Store, ends: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Id to title of records of any kinds: one statement per kind."""
    by_kind: dict[str, list[str]] = {}
    for kind, end in ends:
        by_kind.setdefault(kind, []).append(end)
    found: dict[str, str] = {}
    for kind, ids in by_kind.items():
        try:
            record = store.vault.catalog.kind(kind).record
            found |= {one.id: title_of(one) for one in store.many(record, ids)}
        except (
            NotFound,
            ModuleNotInSpace,
        ):  # its module is not here: still say there is one
            found |= dict.fromkeys(ids, f"({kind})")
    return found


def detail_view(context: Context, kind: str, id: str) -> View[Any]:
    """The view of a record of any kind: its module's own (slot `Detail`), else this one.

    Raises NotFound for an unknown kind, ModuleNotInSpace where the space has no such module.
    """
    from modules.sdk.slot import Detail, resolve

    record = context.store.vault.catalog.kind(kind).record
    for _, slot in context.slots(Detail):
        if slot.kind == kind:
            make = typing.cast("type[View[Any]]", resolve(slot.view))
            return make(context, record=record, id=id)
    return DetailView(context, record=record, id=id)
