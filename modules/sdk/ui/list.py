"""The one list: everything a query names, however much, and only what is seen in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import msgspec
from textual.app import ComposeResult

from modules.sdk.context import Context
from modules.sdk.ui.column import ListColumn
from modules.sdk.ui.cursor import CursorView
from modules.sdk.ui.ids import Groups, Ids
from modules.sdk.ui.rows import NO_GROUPS
from modules.sdk.ui.tabs import TabStrip
from modules.sdk.ui.view import Action, View
from storage.errors import ManaError
from storage.query import Query, col, matching
from storage.record import Record
from storage.store import Store

__all__ = ["Group", "ListColumn", "ListView", "Sort", "Tab"]

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


class ListView(CursorView[Loaded]):
    """A list over the store. Subclasses are mostly data:

        class TaskList(ListView):
            record = Task
            columns = (ListColumn("Title", 0, lambda task, view: task.title),)
            tabs = (Tab("open", "Open", lambda view: Query(Task).order("due")),)

    The first page is read by LIMIT and shown at once; all ids follow from a thread;
    pages of 128 records are fetched by id when they come into sight. The quick filter
    runs in the database.
    """

    record: type[Record]
    columns: Sequence[ListColumn] = ()
    tabs: ClassVar[tuple[Tab, ...]] = ()
    sorts: ClassVar[tuple[Sort, ...]] = ()
    group: Group | None = None
    headings: ClassVar[bool] = False
    empty: str = ""
    add_key: ClassVar[str] = "a"
    ACTIONS: ClassVar[tuple[Action, ...]] = (
        *CursorView.ACTIONS,
        Action("list.filter", "Filter", ("/",), show=True),
        Action("list.next", "Next match", ("n",)),
        Action("list.previous", "Previous match", ("N",)),
        Action("list.next-tab", "Next tab", (")",)),
        Action("list.previous-tab", "Previous tab", ("(",)),
        Action("list.sort", "Next order", ("=",)),
        Action("list.clear-filter", "Clear the filter", ("backspace",)),
    )

    def __init__(self, context: Context, **options: Any) -> None:
        super().__init__(context, **options)
        if not self.reads and getattr(self, "record", None):
            self.reads = (self.record,)
        self.tab = 0
        self.sort = 0
        self.filter = ""
        self.sought = ""
        self.counts: dict[int, int] = {}
        self.complete = False
        self.total = 0
        self.why: Why | None = None
        self._pages: dict[int, list[Any]] = {}
        self._fresh = True
        self.strip = TabStrip([tab.title for tab in self.tabs])

    def compose(self) -> ComposeResult:
        """Tabs when there are several, then the rows."""
        if len(self.tabs) > 1:
            yield self.strip
        yield self.rows

    # --- the question ------------------------------------------------------------------------

    def listed(self) -> Query[Any]:
        """What the chosen tab shows, in the chosen order, before the filter."""
        query = self.tabs[self.tab].query(self) if self.tabs else Query(self.record)
        if self.sort:
            query = query.order(*self.sorts[self.sort - 1].orders)
        return query

    def filtered(self) -> Query[Any]:
        """The same, narrowed by the quick filter."""
        query = self.listed()
        return query.where(matching(self.filter)) if self.filter else query

    def grouping(self, query: Query[Any]) -> Group | None:
        """The headers that fit this query's order, or None."""
        group = (self.tabs[self.tab].group if self.tabs else None) or self.group
        first = query.orders[0].lstrip("-") if query.orders else "id"
        return group if group is not None and group.field == first else None

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
            why=None if records else self._why(store),
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
            why=None if ids else self._why(store),
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

    def _why(self, store: Store) -> Why:
        query = self.listed()
        names = store.tag_names() if store.scope.tags else {}
        return Why(
            filter=self.filter,
            filtered=store.count(query) if self.filter else 0,
            hidden=store.hidden(query) if store.scope.tags else 0,
            tags=tuple(names.get(tag, tag) for tag in store.scope.tags),
        )

    def _count(self, store: Store) -> dict[int, int]:
        return {i: store.count(tab.query(self)) for i, tab in enumerate(self.tabs)}

    # --- showing, on the loop --------------------------------------------------------------------

    def show(self, data: Loaded) -> None:
        """Put it on screen; when only a page is there, fetch every id next."""
        self._pages = dict(data.pages)
        self.complete, self.why = data.complete, data.why
        fresh, self._fresh = self._fresh, False
        self.set_ids(data.ids, data.groups, top=fresh)
        self._show_empty()
        store, query = self.store, self.filtered()
        if not data.complete:
            asked = self._question
            self.in_thread(
                lambda: self._whole(store, query),
                lambda whole: self._all_known(whole, asked),
                group="ids",
            )
        elif len(self.tabs) > 1:
            self._count_tabs()

    def _all_known(self, whole: Loaded, asked: int) -> None:
        if asked != self._question:
            return
        self._pages |= whole.pages
        self.complete = True
        self.set_ids(whole.ids, whole.groups)
        self.retitle()
        if len(self.tabs) > 1:
            self._count_tabs()

    def _count_tabs(self) -> None:
        store = self.store
        self.in_thread(lambda: self._count(store), self._counted, group="counts")

    def _counted(self, counts: dict[int, int]) -> None:
        self.counts = counts
        self.strip.set_counts(counts)

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

    def _show_empty(self) -> None:
        from modules.sdk.ui.empty import Empty

        old = self.query_children(Empty)
        if self.ids or self.why is None:
            self.rows.display = True
            old.remove()
            return
        self.rows.display = False
        old.remove()
        teaches = (self.tabs[self.tab].empty if self.tabs else "") or self.empty
        self.mount(Empty(teaches, self.why, add_key=self.add_key), after=self.rows)

    # --- title and state --------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """The chosen tab's title."""
        return self.tabs[self.tab].title if self.tabs else ""

    @property
    def status(self) -> str:
        """Marks, filter, order and how many."""
        parts = [f"{self.marked_count} marked"] if self.marked_count else []
        if self.filter:
            parts.append(f"/{self.filter}")
        if self.sort:
            parts.append(self.sorts[self.sort - 1].title)
        parts.append(f"{len(self.ids):,}{'' if self.complete else '+'}")
        return " · ".join(parts)

    def state(self) -> dict[str, Any]:
        """Tab, order, filter, cursor."""
        return {
            "tab": self.tabs[self.tab].name if self.tabs else "",
            "sort": self.sorts[self.sort - 1].name if self.sort else "",
            "filter": self.filter,
            "cursor": self.wanted or self.cursor_id,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look as remembered."""
        names = [tab.name for tab in self.tabs]
        if state.get("tab") in names:
            self.tab = names.index(state["tab"])
            self.strip.choose(self.tab)
        orders = ["", *(sort.name for sort in self.sorts)]
        if state.get("sort") in orders:
            self.sort = orders.index(state["sort"])
        if isinstance(text := state.get("filter"), str):
            self.filter = text[:200]
        if isinstance(cursor := state.get("cursor"), str):
            self.wanted = cursor
        if self.is_attached:
            self.ask_anew()

    def ask_anew(self) -> None:
        """The question changed: start with the first page again."""
        self._fresh = True
        super().ask_anew()

    def clear_content(self) -> None:
        """Forget what was read."""
        super().clear_content()
        self._pages.clear()
        self.counts.clear()
        self.strip.set_counts({})
        self._fresh = True

    # --- actions ------------------------------------------------------------------------------------

    def open(self, record: Any) -> None:
        """Enter: show the record."""
        self.post_message(View.Open(self._kind, record.id))

    @property
    def _kind(self) -> str:
        from storage.record import kind_of

        return kind_of(self.record)

    def choose_tab(self, index: int) -> bool:
        """Switch to a tab."""
        if not self.tabs or index % len(self.tabs) == self.tab:
            return False
        self.tab = index % len(self.tabs)
        self.unmark()
        self.strip.choose(self.tab)
        self.ask_anew()
        self.retitle()
        return True

    def act_list_next_tab(self, count: int = 1) -> bool:
        """The next tab."""
        return self.choose_tab(self.tab + count)

    def act_list_previous_tab(self, count: int = 1) -> bool:
        """The previous tab."""
        return self.choose_tab(self.tab - count)

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        """A tab was clicked."""
        event.stop()
        self.choose_tab(event.index)

    def act_list_sort(self, count: int = 1) -> bool:
        """The next order."""
        if not self.sorts:
            return False
        self.sort = (self.sort + count) % (len(self.sorts) + 1)
        self.wanted = self.cursor_id
        self.ask_anew()
        self.retitle()
        return True

    def set_filter(self, text: str) -> None:
        """Narrow to what holds this text, or to nothing less."""
        text = text.strip()
        if text == self.filter:
            return
        self.filter = text
        self.sought = text or self.sought
        self.ask_anew()
        self.retitle()

    def act_list_filter(self) -> bool:
        """Open the filter line."""
        from modules.sdk.ui.filter import open_filter

        open_filter(self, self.filter)
        return True

    def act_list_clear_filter(self) -> bool:
        """Show everything again, the cursor where it is."""
        if not self.filter:
            return False
        self.wanted = self.cursor_id
        self.set_filter("")
        return True

    def back(self) -> bool:
        """Leave the range, the marks, the filter."""
        return super().back() or self.act_list_clear_filter()

    def act_list_next(self, count: int = 1) -> bool:
        """The next row the last filter matches."""
        return self._seek(count)

    def act_list_previous(self, count: int = 1) -> bool:
        """The previous row the last filter matches."""
        return self._seek(-count)

    def _seek(self, step: int) -> bool:
        if not self.sought or self.filter:
            return self.go_to(self.rows.cursor + step)
        matches = self.listed().where(matching(self.sought))
        store = self.store
        self.in_thread(
            lambda: store.ids(matches), lambda ids: self._sought(ids, step), group="seek"
        )
        return True

    def _sought(self, ids: list[str], step: int) -> None:
        places = sorted(p for p in map(self.ids.place, ids) if p is not None)
        here = self.rows.cursor
        after = [p for p in places if p > here] + [p for p in places if p <= here]
        if after:
            self.go_to(
                after[(step - 1 if step > 0 else step - (here in places)) % len(after)]
            )
