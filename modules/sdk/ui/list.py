"""The one list: everything a query names, however much, and only what is seen in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult

from modules.sdk.context import Context
from modules.sdk.ui.column import ListColumn
from modules.sdk.ui.paged import Group, Loaded, PagedView, Sort, Tab, Why
from modules.sdk.ui.rows import HeadLine
from modules.sdk.ui.tabs import TabStrip
from modules.sdk.ui.view import Action, View
from storage.query import Query, matching
from storage.record import Record, kind_of
from storage.store import Store

__all__ = ["Group", "ListColumn", "ListView", "Loaded", "Sort", "Tab", "Why"]


class ListView(PagedView):
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
        *PagedView.ACTIONS,
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
        self.strip = TabStrip([tab.title for tab in self.tabs])

    def compose(self) -> ComposeResult:
        """Tabs when there are several, then the rows."""
        if len(self.tabs) > 1:
            yield self.strip
        if self.headings:
            yield HeadLine(self)
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

    def reason(self, store: Store) -> Why:
        """Its filter or its scope, with how many they keep out."""
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
        """Rows, or why there are none."""
        super().show(data)
        self._show_empty()

    def all_known(self) -> None:
        """Count the tabs last."""
        if len(self.tabs) > 1:
            store = self.store
            self.in_thread(lambda: self._count(store), self._counted, group="counts")

    def _counted(self, counts: dict[int, int]) -> None:
        self.counts = counts
        self.strip.set_counts(counts)

    def _show_empty(self) -> None:
        from modules.sdk.ui.empty import Empty, put_empty

        empty = None
        if not self.ids and self.why is not None:
            teaches = (self.tabs[self.tab].empty if self.tabs else "") or self.empty
            empty = Empty(teaches, self.why, add_key=self.add_key)
        put_empty(self, empty, self.rows)

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

    def clear_content(self) -> None:
        """Forget what was read."""
        super().clear_content()
        self.counts.clear()
        self.strip.set_counts({})

    # --- actions ------------------------------------------------------------------------------------

    def open(self, record: Any) -> None:
        """Enter: show the record."""
        self.post_message(View.Open(self._kind, record.id))

    @property
    def _kind(self) -> str:
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
