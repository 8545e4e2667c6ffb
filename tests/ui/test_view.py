"""Views follow commits: at once, once, and only while they are displayed."""

from __future__ import annotations

import threading

import pytest
from textual.containers import Vertical
from textual.widgets import Label

from modules.sdk.ui.problem import ProblemLine
from modules.sdk.ui.view import Action, View
from storage.errors import NotFound
from storage.query import Query
from tests.ui.conftest import Bench, Chore, Sip, settle, text_of


class Titles(View):
    """Shows how many chores there are."""

    reads = (Chore,)
    ACTIONS = (
        *View.ACTIONS,
        Action("titles.shout", "Shout", ("s",)),
        Action("titles.add", "Add", ("a",)),
    )

    def __init__(self, context) -> None:
        super().__init__(context)
        self.shown: list[int] = []
        self.label = Label("")
        self.fails: BaseException | None = None
        self.shouted = 0
        self.threads: set[str] = set()

    def compose(self):
        yield self.label

    def load(self, store):
        self.threads.add(threading.current_thread().name)
        if self.fails:
            raise self.fails
        return store.count(Query(Chore))

    def show(self, data):
        self.shown.append(data)
        self.label.update(f"{data} chores")

    @property
    def status(self):
        return str(self.shown[-1]) if self.shown else ""

    def act_titles_shout(self, count):
        self.shouted += count

    def act_titles_add(self):
        return False


async def test_loads_once_off_the_loop_and_shows(workspace, chores):
    view = Titles(workspace)
    app = Bench(view)
    async with app.run_test() as pilot:
        await settle(pilot)
        assert (view.loads, view.shown) == (1, [30])
        assert threading.current_thread().name not in view.threads


async def test_fifty_commits_in_a_row_are_one_reload(workspace):
    view = Titles(workspace)
    app = Bench(view)
    async with app.run_test() as pilot:
        await settle(pilot)
        await pilot.pause(0.1)
        for i in range(50):
            workspace.store.put(Chore(title=f"Chore {i}"))
        await settle(pilot)
        await pilot.pause(0.1)
        assert view.loads == 2
        assert view.shown[-1] == 50


async def test_commits_from_another_thread_are_seen_and_bounded(workspace):
    view = Titles(workspace)
    app = Bench(view)
    async with app.run_test() as pilot:
        await settle(pilot)

        def write() -> None:
            for i in range(50):
                workspace.store.put(Chore(title=f"Chore {i}"))

        writer = threading.Thread(target=write)
        writer.start()
        while writer.is_alive():
            await pilot.pause(0.01)
        await pilot.pause(0.2)
        await settle(pilot)
        assert view.shown[-1] == 50
        assert view.loads < 50


async def test_other_kinds_and_other_spaces_are_not_followed(workspace, clock):
    view = Titles(workspace)
    app = Bench(view)
    async with app.run_test() as pilot:
        await settle(pilot)
        workspace.store.put(Sip(at=clock.now))
        elsewhere = workspace.vault.new_space("Club", "club", "club")
        workspace.vault.store(workspace.vault.scope(elsewhere.id)).put(
            Chore(title="theirs")
        )
        await pilot.pause(0.1)
        await settle(pilot)
        assert view.loads == 1


async def test_a_hidden_view_loads_nothing_until_it_is_displayed(workspace):
    view = Titles(workspace)
    view.display = False
    app = Bench(Vertical(view))
    async with app.run_test() as pilot:
        await settle(pilot)
        workspace.store.put(Chore(title="One"))
        await pilot.pause(0.1)
        assert view.loads == 0
        view.display = True
        await settle(pilot)
        assert (view.loads, view.shown) == (1, [1])


async def test_a_view_in_a_hidden_scene_is_hidden(workspace):
    view = Titles(workspace)
    scene = Vertical(view)
    app = Bench(scene)
    async with app.run_test() as pilot:
        await settle(pilot)
        scene.display = False
        await pilot.pause()
        for i in range(5):
            workspace.store.put(Chore(title=f"Chore {i}"))
        await pilot.pause(0.1)
        assert view.loads == 1
        scene.display = True
        await settle(pilot)
        assert (view.loads, view.shown) == (2, [0, 5])


async def test_a_known_failure_is_shown_in_place_and_goes_again(workspace, chores):
    view = Titles(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 10)) as pilot:
        await settle(pilot)
        view.fails = NotFound("There is no such list.", hint="mana list")
        view.reload()
        await settle(pilot)
        assert "There is no such list.  mana list" in text_of(app)[0]
        assert "30 chores" in text_of(app)[1]
        view.fails = None
        view.reload()
        await settle(pilot)
        assert not app.query(ProblemLine)


async def test_a_bug_is_handed_to_the_app(workspace):
    view = Titles(workspace)
    view.fails = ZeroDivisionError("a bug")
    app = Bench(view)
    with pytest.raises(ZeroDivisionError):
        async with app.run_test() as pilot:
            await pilot.pause(0.2)


async def test_a_question_that_changed_drops_the_answer_under_way(workspace):
    view = Titles(workspace)
    gate, started = threading.Event(), threading.Event()
    answers = iter([1, 2])

    def slow(store):
        answer = next(answers)
        started.set()
        if answer == 1:
            gate.wait(5)
        return answer

    view.load = slow
    app = Bench(view)
    async with app.run_test() as pilot:
        while not started.is_set():
            await pilot.pause(0.01)
        view.ask_anew()
        gate.set()
        await settle(pilot)
        assert view.shown == [2]


async def test_actions_are_performed_by_id_with_a_count(workspace):
    view = Titles(workspace)
    app = Bench(view)
    async with app.run_test() as pilot:
        await settle(pilot)
        assert view.perform("titles.shout", 3)
        assert view.shouted == 3
        assert not view.perform("titles.add")
        assert not view.perform("no.such")
        assert not view.perform("view.back")


async def test_titles_are_announced_when_they_change(workspace):
    view = Titles(workspace)
    app = Bench(view)
    async with app.run_test() as pilot:
        await settle(pilot)
        workspace.store.put(Chore(title="One"))
        await settle(pilot)
        view.reload()
        await settle(pilot)
        assert app.titles == [("", "0"), ("", "1")]


async def test_an_unmounted_view_follows_nothing(workspace):
    view = Titles(workspace)
    app = Bench(Vertical(view))
    async with app.run_test() as pilot:
        await settle(pilot)
        await view.remove()
        workspace.store.put(Chore(title="One"))
        await pilot.pause(0.1)
        assert view.loads == 1
