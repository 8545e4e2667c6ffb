"""The list: what it reads, what it keeps, what it shows."""

from __future__ import annotations

from msgspec.structs import replace

from modules.sdk.ui.empty import Empty
from modules.sdk.ui.ids import Groups, Ids
from modules.sdk.ui.tabs import TabStrip
from modules.sdk.ui.view import View
from storage.record import new_id
from tests.ui.conftest import Bench, Chore, fill, settle, text_of
from tests.ui.samples import ChoreList


async def test_shows_rows_under_the_tab_and_counts_them(workspace, chores):
    app = Bench(ChoreList(workspace))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        lines = text_of(app)
        assert "[Open 26]" in lines[0]
        assert "Done 4" in lines[0]
        assert lines[1].startswith("▌  Chore 000")
        assert app.widget.status == "26"


async def test_one_statement_reads_a_short_list(workspace, chores, reads):
    app = Bench(ChoreList(workspace))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert reads.calls == [("all", 26)]
        await pilot.press("j", "j", "G", "k")
        assert reads.calls == [("all", 26)]


async def test_a_hundred_thousand_rows_cost_the_pages_that_are_seen(workspace, reads):
    fill(workspace, 100_000)
    view = ChoreList(workspace)
    view.tabs = (view.tabs[2],)
    view.group = None
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert len(view.ids) == 100_000
        assert reads.rows("all") == 128
        assert reads.rows("many") <= 256
        reads.calls.clear()
        await pilot.press("j", "j", "k", "J")
        assert reads.calls == []
        await pilot.press("G")
        await settle(pilot)
        assert view.current.title == "Chore 0099999"
        assert reads.rows("many") <= 256
        assert view.loads == 1


async def test_a_cursor_move_draws_two_lines(workspace, chores):
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        drawn: list[int] = []
        original = view.rows.render_line
        view.rows.render_line = lambda y: (drawn.append(y), original(y))[1]
        await pilot.press("j")
        await pilot.pause()
        assert sorted(set(drawn)) == [0, 1]


async def test_the_cursor_stays_on_its_record_when_rows_come_and_go(workspace, chores):
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 12)) as pilot:
        await settle(pilot)
        for _ in range(15):
            await pilot.press("j")
        record, line = view.current, view.rows.cursor_offset
        for title in ("AAA", "AAB", "ZZZ"):
            workspace.store.put(Chore(title=title))
        await settle(pilot)
        assert view.current.id == record.id
        assert view.rows.cursor_offset == line
        assert len(view.ids) == 29


async def test_a_vanished_record_leaves_the_cursor_where_it_was(workspace, chores):
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j", "j")
        following = view.ids.at(3)
        workspace.store.delete(Chore, view.cursor_id)
        await settle(pilot)
        assert view.rows.cursor == 2
        assert view.cursor_id == following


async def test_marks_and_ranges_make_the_selection(workspace, chores):
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        ids = list(view.ids)
        assert view.selection().ids == (ids[0],)
        await pilot.press("x", "j", "x")
        assert view.selection().ids == (ids[0], ids[2])
        await pilot.press("v", "j", "j")
        assert view.selection().ids == (ids[0], ids[2], ids[3], ids[4], ids[5])
        assert view.status.startswith("5 marked")
        await pilot.press("k", "v")
        assert view.selection().ids == (ids[0], ids[2], ids[3], ids[4])
        assert "●" in text_of(app)[1]
        await pilot.press("escape")
        assert len(view.selection().ids) == 1
        await pilot.press("asterisk")
        assert view.selection().ids == tuple(ids)


async def test_marks_survive_a_reload_and_lose_what_is_gone(workspace, chores):
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("x", "x", "x")
        gone, kept = view.ids.at(0), view.ids.part(1, 3)
        workspace.store.delete(Chore, gone)
        await settle(pilot)
        assert view.selection().ids == tuple(kept)


async def test_the_filter_asks_the_database_and_escape_clears_it(workspace, chores):
    workspace.store.put(Chore(title="Descale the kettle", note="vinegar"))
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"vineg")
        await settle(pilot)
        assert [view.row(i).title for i in range(len(view.ids))] == ["Descale the kettle"]
        assert "/vineg" in view.status
        await pilot.press("enter")
        await pilot.pause()
        assert app.focused is None
        assert len(view.ids) == 1
        found = view.cursor_id
        await pilot.press("escape")
        await settle(pilot)
        assert len(view.ids) == 27
        assert view.cursor_id == found


async def test_next_finds_the_last_filter_again(workspace, chores):
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("slash", *"chore 01", "escape")
        await settle(pilot)
        await pilot.press("g", "home", "n")
        await settle(pilot)
        assert view.current.title == "Chore 011"
        await pilot.press("n")
        await settle(pilot)
        assert view.current.title == "Chore 012"
        await pilot.press("N", "N")
        await settle(pilot)
        assert view.current.title.startswith("Chore 01")


async def test_groups_have_headers_that_are_no_rows(workspace, chores):
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 40)) as pilot:
        await settle(pilot)
        view.choose_tab(2)
        await settle(pilot)
        lines = [line.split() for line in text_of(app)]
        headers = [
            line
            for line in lines
            if line[:1] in (["Overdue"], ["Today"], ["Later"], ["Some"])
        ]
        assert [" ".join(line) for line in headers] == [
            "Overdue 12", "Today 4", "Later 8", "Some day 6",
        ]  # fmt: skip
        assert len(view.ids) == 30
        assert view.rows.virtual_size.height == 34


async def test_sorting_keeps_the_record(workspace, chores):
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j")
        record = view.cursor_id
        await pilot.press("equals_sign")
        await settle(pilot)
        assert view.current.title == "Chore 001"
        assert view.cursor_id == record
        assert view.row(0).title == "Chore 029"
        assert "newest first" in view.status


async def test_state_comes_back(workspace, chores):
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("right_parenthesis", "right_parenthesis")
        await settle(pilot)
        await pilot.press("j", "j")
        saved, record = view.state(), view.cursor_id
    again = ChoreList(workspace)
    again.restore(saved)
    app = Bench(again)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert (again.tab, again.cursor_id) == (2, record)
    again.restore({"tab": 7, "sort": "none such", "filter": 3, "cursor": None})


async def test_enter_opens_the_record(workspace, chores):
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("enter")
        await pilot.pause()
        (said,) = app.said
        assert isinstance(said, View.Open)
        assert (said.kind, said.id) == ("chore.chore", chores[0].id)


async def test_the_mouse_moves_opens_and_chooses_tabs(workspace, chores):
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.click(view.rows, offset=(10, 5))
        await pilot.pause()
        assert view.rows.cursor == 5
        await pilot.click(view.rows, offset=(10, 7), times=2)
        await pilot.pause()
        assert view.rows.cursor == 7
        assert isinstance(app.said[-1], View.Open)
        await pilot.click(view.strip, offset=(14, 0))
        await settle(pilot)
        assert view.tab == 1


async def test_narrow_panes_drop_columns_by_priority(workspace, chores):
    for width, shown in ((80, {"kitchen", "2026-11"}), (44, {"2026-11"}), (26, set())):
        app = Bench(ChoreList(workspace))
        async with app.run_test(size=(width, 12)) as pilot:
            await settle(pilot)
            line = text_of(app)[2]
            assert "Chore 001" in line
            assert {word for word in ("kitchen", "2026-11") if word in line} == shown


async def test_what_commands_a_terminal_is_never_drawn(workspace):
    hostile = "a\x1b[31mb\x9bc\u202ed\x07e ⚠\ufe0f 👍🏽 面包"
    workspace.store.put(Chore(title=hostile, room=hostile))
    app = Bench(ChoreList(workspace))
    async with app.run_test(size=(60, 10)) as pilot:
        await settle(pilot)
        screen = "\n".join(text_of(app))
        assert "面包" in screen
        for bad in "\x1b\x9b\u202e\x07\ufe0f\U0001f3fd":
            assert bad not in screen


async def test_empty_teaches(workspace):
    app = Bench(ChoreList(workspace))
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        said = app.query_one(Empty).text
        assert "Chores stand here." in said
        assert "a adds the first" in said
        workspace.store.put(Chore(title="One"))
        await settle(pilot)
        assert not app.query(Empty)
        assert any("One" in line for line in text_of(app))


async def test_empty_because_of_the_filter_names_it(workspace, chores):
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        view.set_filter("nowhere")
        await settle(pilot)
        said = app.query_one(Empty).text
        assert "/nowhere" in said
        assert "26 records" in said
        assert "esc clears it" in said
        view.perform("view.back")
        await settle(pilot)
        assert len(view.ids) == 26


async def test_empty_because_of_the_scope_names_its_tags(workspace):
    store = workspace.store
    store.put_many(Chore(title=f"x {i}", tags=store.tag_ids(["home"])) for i in range(3))
    narrow = store.within(replace(store.scope, tags=store.tag_ids(["work"])))
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert len(view.ids) == 3
        view.rescope(narrow)
        await settle(pilot)
        said = app.query_one(Empty).text
        assert "#work" in said
        assert "3 records" in said
        assert "# changes or clears the scope" in said


async def test_empty_with_a_scope_that_hides_nothing_says_both(workspace):
    store = workspace.store
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        view.rescope(store.within(replace(store.scope, tags=store.tag_ids(["work"]))))
        await settle(pilot)
        said = app.query_one(Empty).text
        assert "#work" in said
        assert "nothing either" in said
        assert "adds the first" in said


async def test_locking_forgets_rows_and_unlocking_brings_them_back(workspace, chores):
    view = ChoreList(workspace)
    app = Bench(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press("j", "j")
        record = view.cursor_id
        view.clear_content()
        await pilot.pause()
        assert not any("Chore" in line for line in text_of(app))
        assert len(view.ids) == 0
        view.reload()
        await settle(pilot)
        assert view.cursor_id == record


def test_ids_take_little_room_and_find_their_place():
    ids = [new_id() for _ in range(1000)]
    packed = Ids(ids)
    assert len(packed) == 1000
    assert packed.part(3, 6) == ids[3:6]
    assert [packed.place(one) for one in (ids[0], ids[999], "x", "0" * 26)] == [
        0,
        999,
        None,
        None,
    ]
    assert packed.at(-1) == packed.at(1000) == ""
    assert list(packed.without(ids[1:])) == ids[:1]
    odd = Ids(["a", "bb"])
    assert (odd.place("bb"), odd.at(0), list(odd)) == (1, "a", ["a", "bb"])


def test_an_id_that_straddles_two_others_is_not_found():
    ids = ["0" * 25 + "1", "0" * 26]
    assert Ids(ids).place("1" + "0" * 25) is None


def test_group_lines_map_to_rows_and_back():
    groups = Groups(["a", "a", "b", "c", "c", "c"])
    assert groups.titles == ["a", "b", "c"]
    assert [groups.line(row) for row in range(6)] == [1, 2, 4, 6, 7, 8]
    assert [groups.header(line) for line in range(9)] == [
        0,
        None,
        None,
        1,
        None,
        2,
        None,
        None,
        None,
    ]
    assert [groups.row(line) for line in range(9)] == [0, 0, 1, 2, 2, 3, 3, 4, 5]
    assert [groups.size(g) for g in range(3)] == [2, 1, 3]


async def test_many_tabs_show_the_chosen_one_and_what_fits(workspace):
    strip = TabStrip(["Today", "Upcoming", "Inbox", "Projects", "Waiting", "Done"], 0)
    strip.set_counts({0: 12})
    app = Bench(strip)
    async with app.run_test(size=(34, 3)) as pilot:
        await settle(pilot)
        assert text_of(app)[0].rstrip() == " [Today]  Upcoming   Inbox  …"
        strip.choose(3)
        await pilot.pause()
        assert text_of(app)[0].rstrip() == " … [Projects]  Waiting   Done"
        strip.choose(5)
        await pilot.pause()
        assert text_of(app)[0].rstrip() == " …  Projects   Waiting  [Done]"
        await pilot.resize_terminal(80, 3)
        await settle(pilot)
        assert " Today 12 " in text_of(app)[0]
        await pilot.resize_terminal(6, 3)
        await settle(pilot)
        assert text_of(app)[0].rstrip() == " [D…]"
