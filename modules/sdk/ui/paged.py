"""Rows of a query, a page at a time: the part of a list that reads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from modules.sdk.context import Context
from modules.sdk.ui.cursor import CursorView
from modules.sdk.ui.ids import Groups, Ids
from modules.sdk.ui.rows import NO_GROUPS
from storage.errors import ManaError
from storage.query import Query, col
from storage.record import Record
from storage.store import Store

PAGE = 128
KEPT_PAGES = 16
MANY = 2_000


class Group(msgspec.Struct, frozen=True):
    """Headers between rows: rows whose `label(value of field, view)` is the same stand
    together. The query must be ordered by that field first."""

    field: str
    label: Callable[[Any, Any], str]


class Tab(msgspec.Struct, frozen=True):
    """One of the lists a view switches between: `query(view)` says which records.

    `empty` teaches what belongs here, in place of the view's own words.
    """

    name: str
    title: str
    query: Callable[[Any], Query[Any]]
    group: Group | None = None
    empty: str = ""


class Sort(msgspec.Struct, frozen=True):
    """Another order a person may choose; the tab's own order comes first."""

    name: str
    title: str
    orders: tuple[str, ...]


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """Why a list is empty: its filter or its scope keep so many records out."""

    filter: str = ""
    filtered: int = 0
    hidden: int = 0
    tags: tuple[str, ...] = ()


class Loaded(msgspec.Struct, frozen=True, kw_only=True):
    """What a load brings: ids, headers, and the pages that will be seen."""

    ids: Ids
    groups: Groups = NO_GROUPS
    pages: dict[int, list[Any]] = {}
    complete: bool = True
    fresh: bool = False
    why: Why | None = None


class PagedView(CursorView[Loaded]):
    """Reads the first page of a new question at once, every id next, pages as they are seen.

    Subclasses say what is asked: `filtered()`, `grouping(query)`, `why(store)`.
    """

    record: type[Record]

    def __init__(self, context: Context, **options: Any) -> None:
        super().__init__(context, **options)
        self.complete = False
        self.why: Why | None = None
        self._pages: dict[int, list[Any]] = {}
        self._fresh = True
        self._shown = 0

    def filtered(self) -> Query[Any]:
        """What to show, narrowed by the quick filter."""
        raise NotImplementedError

    def grouping(self, query: Query[Any]) -> Group | None:
        """The headers that fit a query's order, or None."""
        raise NotImplementedError

    def reason(self, store: Store) -> Why:
        """Why there is nothing; runs in a thread."""
        raise NotImplementedError

    def all_known(self) -> None:
        """Every id is there now."""

    # --- loading, in a thread -------------------------------------------------------------------

    def load(self, store: Store) -> Loaded:
        """The first page of a new question, else every id and the pages in sight."""
        query = self.filtered()
        return self._head(store, query) if self._fresh else self._whole(store, query)

    def _head(self, store: Store, query: Query[Any]) -> Loaded:
        most = min(PAGE, query.most or PAGE)
        records = store.all(query.limit(most, query.skip))
        group = self.grouping(query)
        labels = (
            [group.label(getattr(r, group.field), self) for r in records] if group else ()
        )
        return Loaded(
            ids=Ids([record.id for record in records]),
            groups=Groups(labels) if group else NO_GROUPS,
            pages={0: records},
            complete=len(records) < PAGE or query.most == len(records),
            fresh=True,
            why=None if records else self.reason(store),
        )

    def _whole(self, store: Store, query: Query[Any]) -> Loaded:
        group = self.grouping(query)
        if group is None:
            ids, groups = Ids(store.ids(query)), NO_GROUPS
        else:
            pairs = store.values(query, "id", group.field)
            ids = Ids([one for one, _ in pairs])
            groups = Groups(group.label(value, self) for _, value in pairs)
        return Loaded(
            ids=ids,
            groups=groups,
            pages=self._pages_near(store, ids),
            why=None if ids else self.reason(store),
        )

    def _pages_near(self, store: Store, ids: Ids) -> dict[int, list[Any]]:
        """The records that will be in sight, so that drawing reads nothing."""
        place = ids.place(self.wanted or self.cursor_id)
        at = self.rows.cursor if place is None else place
        first = max(0, at - max(self.rows.cursor_offset, 0)) // PAGE
        last = (at + self.rows.height) // PAGE
        return {page: self._read(store, ids, page) for page in range(first, last + 1)}

    def _read(self, store: Store, ids: Ids, page: int) -> list[Any]:
        wanted = ids.part(page * PAGE, (page + 1) * PAGE)
        found = {record.id: record for record in store.many(self.record, wanted)}
        return [found.get(one) for one in wanted]

    # --- showing, on the loop --------------------------------------------------------------------

    def show(self, data: Loaded) -> None:
        """Put it on screen; when only a page is there, fetch every id next."""
        self._pages = dict(data.pages)
        self.complete, self.why = data.complete, data.why
        fresh, self._fresh = self._fresh, False
        self._shown += 1
        self.set_ids(data.ids, data.groups, top=fresh)
        if data.complete:
            self.all_known()
            return
        store, query, shown = self.store, self.filtered(), self._shown
        self.in_thread(
            lambda: self._whole(store, query),
            lambda whole: self._completed(whole, shown),
            group="ids",
        )

    def _completed(self, whole: Loaded, shown: int) -> None:
        if shown != self._shown or self._fresh:
            return  # something newer is on screen, or asked for
        self._pages |= whole.pages
        self.complete = True
        self.set_ids(whole.ids, whole.groups)
        self.all_known()
        self.retitle()

    def row(self, at: int) -> Any:
        """The record at a row; reads its page when it is the first time."""
        page, place = divmod(at, PAGE)
        known = self._pages.get(page)
        if known is None:
            if len(self._pages) >= KEPT_PAGES:
                del self._pages[next(iter(self._pages))]
            try:
                known = self._read(self.store, self.ids, page)
            except ManaError as problem:
                self.call_later(self.set_problem, problem)
                return None
            self._pages[page] = known
        return known[place] if place < len(known) else None

    def touched(self, ids: frozenset[str]) -> None:
        """Show changed rows of a long list at once; its ids take longer to come."""
        seen = {r.id for page in self._pages.values() for r in page if r is not None} & ids
        if len(self.ids) <= MANY or not seen or len(seen) > PAGE:
            return
        try:
            alike = self.filtered().where(col("id").one_of(sorted(seen)))
            new = {record.id: record for record in self.store.all(alike)}
        except ManaError:
            return  # the reload that follows says so
        for page in self._pages.values():
            page[:] = [new.get(r.id, r) if r is not None else None for r in page]
        self.rows.forget()

    def ask_anew(self) -> None:
        """The question changed: start with the first page again."""
        self._fresh = True
        super().ask_anew()

    def clear_content(self) -> None:
        """Forget what was read."""
        super().clear_content()
        self._pages.clear()
        self._fresh = True
