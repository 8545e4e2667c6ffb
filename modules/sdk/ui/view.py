"""What a pane of a scene shows: loads off the event loop, follows commits, takes no focus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future, wait
from contextvars import copy_context
from functools import partial
from typing import Any, ClassVar, Generic, TypeVar

import msgspec
from textual import events
from textual.message import Message
from textual.widget import AwaitMount, Widget
from textual.worker import Worker, WorkerState

from modules.sdk.context import Context
from modules.sdk.ui.action import Action, Selection
from modules.sdk.ui.glyphs import Glyphs, glyphs_of
from modules.sdk.ui.routed import Routed
from storage.change import Commit
from storage.errors import ManaError
from storage.record import Record, kind_of
from storage.store import Store

Data = TypeVar("Data")
Result = TypeVar("Result")

REST = 0.05
"""Seconds between two reloads that commits of a long burst cause."""


class View(Widget, Generic[Data], can_focus=False):
    """A surface of a module. Subclasses say what they read, load and show.

    `load` runs in a thread and touches no widget; `show` runs on the event loop. A view
    that is not displayed loads nothing: it is stale until it is displayed again. Several
    commits in one turn of the loop are one reload; while one load runs at most one more
    waits.
    """

    reads: tuple[type[Record], ...] = ()
    ACTIONS: ClassVar[tuple[Action, ...]] = (Action("view.back", "Back", ("escape",)),)

    class Push(Routed):
        """Put a view on top of this one in its pane."""

        def __init__(self, view: View[Any]) -> None:
            super().__init__()
            self.view = view

    class Pop(Routed):
        """The view is done: show the one below."""

    class Open(Routed):
        """Show a record of any kind, in this pane."""

        def __init__(self, kind: str, id: str) -> None:
            super().__init__()
            self.kind = kind
            self.id = id

    class Run(Routed):
        """Run a command."""

        def __init__(
            self, command_id: str, values: Mapping[str, Any] | None = None
        ) -> None:
            super().__init__()
            self.command_id = command_id
            self.values = dict(values or {})

    class Ask(Run):
        """Run a command after a form asked for what is missing."""

    class Capture(Ask):
        """Run a command after one line was typed; the values hold where it says nothing."""

    class Titled(Message):
        """The title or the status changed."""

        def __init__(self, view: View[Any]) -> None:
            super().__init__()
            self.view = view

        def can_replace(self, message: Message) -> bool:
            """Only the newest counts."""
            return isinstance(message, View.Titled) and message.view is self.view

    class EditDone(Routed):
        """An input inside the view gave its focus back."""

    def __init__(self, context: Context, **options: Any) -> None:
        super().__init__()
        self.context = context
        self.options = options
        self.active = False
        self.loads = 0
        self.problem: ManaError | None = None
        self._scoped: Store | None = None
        self._stale = True
        self._loading = False
        self._question = 0
        self._asked = 0
        self._resting = self._again = False
        self._touched: set[str] = set()
        self._knocked = False
        self._ahead: Future[Any] | None = None
        self._unlisten: Callable[[], None] = lambda: None
        self._jobs: dict[Worker[Any], Callable[[Any], None]] = {}
        self._titled: tuple[str, str] = ("", "")

    # --- for subclasses ------------------------------------------------------------------

    def load(self, store: Store) -> Data:
        """Read what the view needs; runs in a thread. A ManaError is shown in place."""
        raise NotImplementedError

    def show(self, data: Data) -> None:
        """Put it on screen; runs on the event loop."""
        raise NotImplementedError

    @property
    def title(self) -> str:
        """What the pane's title line says."""
        return ""

    @property
    def status(self) -> str:
        """Counts, filter and marks, for the right end of the title line."""
        return ""

    def selection(self) -> Selection:
        """What the next command acts on."""
        return Selection()

    def here(self) -> dict[str, Any]:
        """What a command that adds something here is told: a day, a project."""
        return {}

    def set_active(self, on: bool) -> None:
        """Keys come here now, or no longer."""
        self.active = on

    def state(self) -> dict[str, Any]:
        """What to remember of how it looks: plain data."""
        return {}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Look as remembered; unknown or wrong entries are ignored."""

    def clear_content(self) -> None:
        """Forget everything that was read; the vault was locked. `reload` brings it back."""
        self._stale = True

    def back(self) -> bool:
        """Undo one step inside the view (a range, marks, a filter); False when none."""
        return False

    def follows(self, commit: Commit) -> bool:
        """Whether a commit concerns this view. Called from any thread."""
        return self.store.scope.space in commit.spaces and bool(
            commit.kinds & {kind_of(record) for record in self.reads}
        )

    def touched(self, ids: frozenset[str]) -> None:
        """Commits changed these records; called on the loop before the reload."""

    # --- what the shell calls ------------------------------------------------------------------

    @property
    def store(self) -> Store:
        """The store this view reads: the scene's scope, else the active space."""
        return self._scoped or self.context.store

    @property
    def glyphs(self) -> Glyphs:
        """The marks to draw with."""
        return glyphs_of(self.app)

    def rescope(self, store: Store) -> None:
        """Read through another scope from now on: the scene's tags changed."""
        self._scoped = store
        self.ask_anew()

    def perform(self, action_id: str, count: int = 1) -> bool:
        """Do an action by id, `count` times; False when this view has none, or did nothing."""
        for action in self.ACTIONS:
            if action.id == action_id:
                return self._act(getattr(self, action.method), count)
        return False

    def _act(self, method: Callable[..., Any], count: int) -> bool:
        counts = method.__code__.co_argcount > 1  # beside self
        return (method(count) if counts else method()) is not False

    def act_view_back(self) -> bool:
        """Go back one step inside the view."""
        return self.back()

    def reload(self) -> None:
        """Read again, now or when next displayed."""
        self._stale = True
        self._load_if_displayed()

    def ask_anew(self) -> None:
        """The question changed (tab, filter, scope): an answer under way is thrown away."""
        self._question += 1
        self.reload()

    @property
    def displayed(self) -> bool:
        """Whether it takes part in the layout (it may still be scrolled out of sight)."""
        return self.is_attached and all(
            node.display for node in self.ancestors_with_self if isinstance(node, Widget)
        )

    @property
    def busy(self) -> bool:
        """Whether it loads, or is about to."""
        return self._loading or self._again or self._knocked or bool(self._jobs)

    def mount(self, *widgets: Widget, **where: Any) -> AwaitMount:
        """Mount; keys wait until what takes them has the focus."""
        awaited = super().mount(*widgets, **where)
        keep = getattr(self.app, "keep_keys", None)
        if keep is None or not self.active:
            return awaited
        for one in widgets:
            if one.can_focus or getattr(one, "takes_keys", False):
                one.call_later(self.app.call_later, keep(one))
        return awaited

    # --- following commits ------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Start to follow commits, and load."""
        self._unlisten = self.context.store.vault.listen(self._committed)
        if self._ahead is not None:
            self._ahead.add_done_callback(self._tell)
        self._load_if_displayed()

    def on_unmount(self) -> None:
        """Stop following."""
        self._unlisten()

    def on_show(self) -> None:
        """Catch up with what was missed while hidden."""
        self._load_if_displayed()

    def _committed(self, commit: Commit) -> None:
        """Any thread: note what changed and knock once at the loop."""
        if not self.follows(commit):
            return
        self._touched |= commit.ids
        if not self._knocked:
            self._knocked = True
            self.post_message(events.Callback(self._knock))

    def _knock(self) -> None:
        self._knocked = False
        ids, self._touched = frozenset(self._touched), set()
        if self.displayed:
            self.touched(ids)
        if self._resting:
            self._again = True
        else:
            self.reload()

    def _rested(self) -> None:
        self._resting = False
        if self._again:
            self._again = False
            self.reload()

    # --- loading ---------------------------------------------------------------------------------

    def _load_if_displayed(self) -> None:
        if not self._stale or self._loading or not self.displayed:
            return
        self._stale = False
        self._loading = self._resting = True
        self._asked = self._question
        self.loads += 1
        self.set_timer(REST, self._rested)
        self.in_thread(partial(self.load, self.store), self._loaded, group="load")

    def _loaded(self, data: Data) -> None:
        self._loading = False
        if self._asked == self._question:
            self.set_problem(None)
            self.show(data)
            self.retitle()
        self._load_if_displayed()

    def load_ahead(self, readers: Executor) -> None:
        """Start the first load before the view is mounted: what it brings is shown by
        `take_ahead`, else when it comes."""
        self._stale, self._loading = False, True
        self._asked = self._question
        self.loads += 1
        work = partial(self.load, self.store)
        self._ahead = readers.submit(copy_context().run, _attempt, work)

    def take_ahead(self, patience: float) -> None:
        """Show what was loaded ahead if it comes within so many seconds, so that the very
        first paint has it."""
        ahead = self._ahead
        if ahead is not None and wait([ahead], patience).done and not ahead.exception():
            self._came(ahead)

    def _tell(self, ahead: Future[Any]) -> None:
        """Any thread: what was loaded ahead is there."""
        self.post_message(events.Callback(partial(self._came, ahead)))

    def _came(self, ahead: Future[Any]) -> None:
        if ahead is self._ahead:
            self._ahead, self._loading = None, False
            self._brought(ahead.result(), self._loaded, "load")

    def in_thread(
        self, work: Callable[[], Result], then: Callable[[Result], None], *, group: str
    ) -> None:
        """Call `work` in a thread and `then` with its result on the loop.

        The newest of a group wins: an older one's result is dropped.
        """
        worker = self.run_worker(
            partial(_attempt, work),
            thread=True,
            group=group,
            exclusive=group != "load",
            exit_on_error=False,
        )
        self._jobs[worker] = then

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A thread is done: show a known failure in place, hand a bug to the app."""
        worker = event.worker
        if event.state in (WorkerState.PENDING, WorkerState.RUNNING):
            return
        then = self._jobs.pop(worker, None)
        if then is None:
            return
        event.stop()
        if worker.group == "load" and event.state is not WorkerState.SUCCESS:
            self._loading = False
        if event.state is WorkerState.ERROR:
            raise worker.error or RuntimeError("a worker failed without an error")
        if event.state is WorkerState.SUCCESS:
            self._brought(worker.result, then, worker.group)

    def _brought(self, result: Any, then: Callable[[Any], None], group: str) -> None:
        if not isinstance(result, _Failed):
            then(result)
            return
        self.set_problem(result.problem)
        if group == "load":
            self._loading = False
            self._load_if_displayed()

    def set_problem(self, problem: ManaError | None) -> None:
        """Say above what was last known good what is wrong, or that nothing is."""
        if problem is self.problem:
            return
        self.problem = problem
        if problem is None:
            for old in self.query_children("ProblemLine"):
                old.remove()
            return
        from modules.sdk.ui.problem import ProblemLine

        for old in self.query_children("ProblemLine"):
            old.remove()
        self.mount(ProblemLine(problem), before=0 if self.children else None)

    def retitle(self) -> None:
        """Tell the pane when title or status are no longer what they were."""
        now = (self.title, self.status)
        if now != self._titled:
            self._titled = now
            self.post_message(self.Titled(self))


class _Failed(msgspec.Struct, frozen=True):
    """What a thread brings back instead of a result: something known went wrong."""

    problem: ManaError


def _attempt(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except ManaError as problem:
        return _Failed(problem)
