"""Urgency, estimates, boards and order by numbers worked out by hand."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from msgspec.structs import replace

from modules.todo import boards
from modules.todo.estimates import Sample, estimate, overlap, score, words
from modules.todo.model import Board, BoardColumn, Task, between
from modules.todo.urgency import due_factor, urgency

TODAY = date(2026, 11, 23)


def task(**fields: object) -> Task:
    return replace(Task(title="Call Ada"), **fields)


def after(days: int) -> date:
    return TODAY + timedelta(days=days)


# --- urgency -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "factor"),
    [(30, 0.2), (14, 0.2), (7, 0.2 + 0.8 * 7 / 21), (0, 0.2 + 0.8 * 14 / 21), (-3, 0.2 + 0.8 * 17 / 21),
     (-7, 1.0), (-100, 1.0)],
)  # fmt: skip
def test_the_due_day_counts_more_as_it_comes_nearer(days: int, factor: float) -> None:
    assert due_factor(days) == pytest.approx(factor)


@pytest.mark.parametrize(
    ("fields", "more", "total"),
    [
        ({}, {}, 1.8),
        ({"priority": 1}, {}, 6.0),
        ({"priority": 2}, {}, 3.9),
        ({"priority": 4}, {}, 0.0),
        ({"priority": 4, "due": TODAY}, {}, 8.8),  # 12 × (0.2 + 0.8 × 14 / 21)
        ({"priority": 4, "due": after(-7)}, {}, 12.0),
        ({"priority": 4, "due": after(20)}, {}, 2.4),
        ({"priority": 4, "scheduled": TODAY}, {}, 5.0),
        ({"priority": 4, "scheduled": after(1)}, {}, 0.0),
        ({"priority": 4, "project": "p"}, {}, 1.0),
        ({"priority": 4, "tags": ("a",)}, {}, 0.8),
        ({"priority": 4, "tags": ("a", "b")}, {}, 0.9),
        ({"priority": 4, "tags": ("a", "b", "c", "d")}, {}, 1.0),
        ({"priority": 4, "blocked": True}, {}, -5.0),
        ({"priority": 4}, {"blocking": 2}, 8.0),
        ({"priority": 4, "status": "waiting"}, {}, -3.0),
        ({"priority": 4, "status": "waiting", "waiting_until": TODAY}, {}, 0.0),
        ({"priority": 4, "status": "someday"}, {}, -6.0),
        ({"priority": 4, "start": after(2)}, {}, -4.0),
        ({"priority": 4}, {"born": after(-73)}, 0.4),  # 2 × 73 / 365
        ({"priority": 4}, {"born": after(-3650)}, 2.0),
        (
            {"priority": 1, "due": after(-7), "project": "p", "tags": ("a",)},
            {"blocking": 1},
            27.8,
        ),
        ({"priority": 1, "due": TODAY, "status": "done"}, {"blocking": 1}, 0.0),
    ],
)
def test_urgency_is_the_sum_of_its_parts(fields: dict, more: dict, total: float) -> None:
    found = urgency(task(**fields), TODAY, **more)

    assert found.total == pytest.approx(total, abs=0.005)
    assert found.total == pytest.approx(sum(part.value for part in found.parts), abs=0.005)
    assert all(part.why for part in found.parts)


def test_the_largest_part_comes_first() -> None:
    found = urgency(task(priority=3, blocked=True, project="p"), TODAY)

    assert [part.name for part in found.parts] == ["blocked", "priority", "project"]


# --- estimates -------------------------------------------------------------------------------


def sample(title: str, minutes: float, priority: int = 4, *tags: str) -> Sample:
    return Sample(title, priority, tags, timedelta(minutes=minutes))


def test_words_have_no_case_nor_marks() -> None:
    assert words("Write the FRONT-page, a 2nd time!") == {
        "write",
        "the",
        "front",
        "page",
        "2nd",
        "time",
    }
    assert words("Über x 日本") == {"über", "日本"}


def test_overlap_is_a_share_of_the_longer_title() -> None:
    assert overlap(words("call ada"), words("call ada again now")) == 0.5
    assert overlap(words(""), words("")) == 0.0


def test_a_score_adds_title_priority_and_tags() -> None:
    one = task(priority=1, tags=("a", "b"))

    assert score(one, sample("Something else", 10)) == 1.0
    assert score(one, sample("call ADA", 10)) == 4.0
    assert score(one, sample("call ADA", 10, 1, "a", "b", "c")) == 8.0
    assert score(one, sample("Call Bob", 10, 1)) == 3.5


def test_two_done_tasks_are_too_few() -> None:
    assert estimate(task(), [sample("x", 10), sample("y", 10), sample("z", 0)]) is None


def test_a_weighted_mean_rounded_to_five_minutes() -> None:
    # scores 4, 1, 1: (4 × 30 + 1 × 60 + 1 × 90) / 6 = 45
    found = estimate(task(), [sample("call ada", 30), sample("x", 60), sample("y", 90)])
    assert found is not None
    assert (found.length, found.confidence, found.based_on) == (
        timedelta(minutes=45),
        "medium",
        3,
    )

    # scores 4, 1, 1: (4 × 20 + 30 + 31) / 6 = 23.5, so 25
    found = estimate(task(), [sample("call ada", 20), sample("x", 30), sample("y", 31)])
    assert found is not None
    assert found.length == timedelta(minutes=25)


def test_confidence() -> None:
    same, other = sample("call ada", 30), sample("x", 30)

    def sure(*samples: Sample) -> str:
        found = estimate(task(), samples)
        return found.confidence if found else ""

    assert sure(same, other, other, other, other) == "high"
    assert sure(same, other, other, other) == "medium"
    assert sure(other, other, other, other, other) == "low"
    assert sure(sample("call bob", 30), *[other] * 4) == "medium"  # best is 2.5


def test_only_the_ten_most_alike_count() -> None:
    found = estimate(task(), [sample("call ada", 30)] * 10 + [sample("x", 6000)] * 50)
    assert found is not None
    assert (found.length, found.based_on) == (timedelta(minutes=30), 10)


def test_nothing_takes_less_than_five_minutes() -> None:
    found = estimate(task(), [sample("x", 0.1)] * 3)
    assert found is not None
    assert found.length == timedelta(minutes=5)


# --- boards ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "name"),
    [(None, "none"), (-400, "overdue"), (-1, "overdue"), (0, "today"), (1, "tomorrow"), (2, "week"),
     (7, "week"), (8, "later"), (4000, "later")],
)  # fmt: skip
def test_due_buckets(days: int | None, name: str) -> None:
    assert boards.bucket(None if days is None else after(days), TODAY) == name


@pytest.mark.parametrize(
    ("priority", "days", "name"),
    [(1, -5, "do"), (2, 3, "do"), (2, 4, "plan"), (1, None, "plan"), (3, 0, "delegate"),
     (4, 3, "delegate"), (3, 4, "drop"), (4, None, "drop")],
)  # fmt: skip
def test_the_eisenhower_matrix(priority: int, days: int | None, name: str) -> None:
    due = None if days is None else after(days)

    assert boards.quadrant(task(priority=priority, due=due), TODAY) == name


def places(
    board: Board, *tasks: Task, tags: tuple[tuple[str, str], ...] = ()
) -> list[list[str]]:
    columns = boards.columns_of(board, tags)
    return [
        [t.title for t in found] for found in boards.grouped(board, columns, tasks, TODAY)
    ]


def named(title: str, **fields: object) -> Task:
    return replace(Task(title=title), **fields)


def test_a_status_board_shows_done_ones() -> None:
    found = places(
        Board(name="b"), named("a"), named("w", status="waiting"), named("s", status="someday"),
        named("d", status="done"), named("x", status="dropped"),
    )  # fmt: skip
    assert found == [["a", "s"], ["w"], ["d"]]


def test_every_other_board_hides_done_ones() -> None:
    done = named("d", status="done", priority=1, due=TODAY)

    for by in ("priority", "due", "tag", "matrix", "custom"):
        board = Board(name="b", group_by=by)
        assert not any(places(board, done))


def test_a_priority_board() -> None:
    assert places(
        Board(name="b", group_by="priority"), named("a", priority=4), named("b", priority=1)
    ) == [["b"], [], [], ["a"]]


def test_a_tag_board_shows_a_task_under_each_of_its_tags() -> None:
    board = Board(name="b", group_by="tag")
    tags = (("t1", "home"), ("t2", "work"))

    assert places(board, named("a", tags=("t1", "t2")), named("b"), tags=tags) == [
        ["a"], ["a"], ["b"],
    ]  # fmt: skip


def test_a_custom_board_puts_leftovers_last() -> None:
    one = named("a")
    board = Board(name="b", group_by="custom",
                  columns=(BoardColumn(name="Now", tasks=(one.id,)), BoardColumn(name="Rest")))  # fmt: skip

    assert places(board, one, named("b")) == [["a"], ["b"]]
    assert places(boards.listed(board, one.id, 1), one) == [[], ["a"]]


def test_a_board_may_show_only_some() -> None:
    board = Board(
        name="b", group_by="priority", only_tags=("t",), only_priorities=(1, 2), project="p"
    )

    assert boards.shows(board, task(tags=("t",), priority=1, project="p"))
    assert not boards.shows(board, task(tags=("t",), priority=3, project="p"))
    assert not boards.shows(board, task(tags=("u",), priority=1, project="p"))
    assert not boards.shows(board, task(tags=("t",), priority=1))


def test_dropping_sets_what_the_column_stands_for() -> None:
    by_priority = Board(name="b", group_by="priority")
    urgent = boards.columns_of(by_priority)[0]
    assert boards.dropped_on(by_priority, urgent, task(), ()).priority == 1

    by_tag = Board(name="b", group_by="tag")
    column = BoardColumn(name="work", value="t2")
    assert boards.dropped_on(by_tag, column, task(tags=("t1", "x")), ("t1", "t2")).tags == (
        "x",
        "t2",
    )


# --- what follows from fields -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "attention"),
    [
        ({}, None),
        ({"due": TODAY}, TODAY),
        ({"due": after(3), "scheduled": TODAY}, TODAY),
        ({"due": TODAY, "start": after(2)}, after(2)),
        ({"due": after(5), "start": after(2)}, after(5)),
        ({"start": after(2)}, None),
        ({"status": "waiting", "due": TODAY}, None),
        ({"status": "waiting", "waiting_until": after(1), "due": TODAY}, after(1)),
        ({"status": "someday", "due": TODAY}, None),
        ({"status": "done", "due": TODAY}, None),
    ],
)
def test_from_which_day_it_asks_for_attention(fields: dict, attention: date | None) -> None:
    assert task(**fields).attention == attention


def test_rank_sorts_as_a_person_would() -> None:
    ordered = [
        task(due=after(-1)), task(due=TODAY, due_time=time(9)), task(due=TODAY, due_time=time(10)),
        task(due=TODAY, priority=1), task(due=TODAY, priority=3), task(due=after(1)),
        task(priority=1), task(), task(due=after(-1), blocked=True),
    ]  # fmt: skip
    assert sorted(ordered, key=lambda one: one.rank) == ordered


def test_a_place_between() -> None:
    assert between(None, None) == -1.0
    assert between(None, 5.0) == 4.0
    assert between(5.0, None) == 6.0
    assert between(1.0, 2.0) == 1.5
    assert between(1.0, 1.0) is None


def test_no_field_is_shared_between_tasks() -> None:
    assert Task(title="x").extra is not Task(title="y").extra
