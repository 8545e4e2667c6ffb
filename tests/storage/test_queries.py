"""What queries find, in which order, and that they never read a whole table."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.connection import driver
from storage.errors import UserError
from storage.kind import describe
from storage.query import Condition, Query, col, matching, tagged
from storage.record import Record
from storage.store import Store
from storage.table import Table
from tests.storage.kinds import Note, Task

DAYS = [None, *(date(2026, 1, n) for n in range(1, 6))]
tasks = st.builds(
    Task,
    title=st.sampled_from(["Milk", "milk 100%", "a_b", "Ärger", "ÄRGER", "x\\y", ""]),
    notes=st.sampled_from(["", "buy milk\nnow"]),
    due=st.sampled_from(DAYS),
    done=st.none() | st.sampled_from([datetime(2026, 1, n, tzinfo=UTC) for n in (1, 2)]),
    priority=st.integers(0, 2),
)

PREDICATES: dict[str, Any] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a is not None and a != b,
    "<": lambda a, b: a is not None and a < b,
    "<=": lambda a, b: a is not None and a <= b,
    ">": lambda a, b: a is not None and a > b,
    ">=": lambda a, b: a is not None and a >= b,
}
leaf = st.one_of(
    st.builds(
        Condition,
        st.sampled_from(list(PREDICATES)),
        st.just("due"),
        st.sampled_from(DAYS[1:]),
    ),
    st.builds(
        Condition, st.sampled_from(list(PREDICATES)), st.just("priority"), st.integers(0, 2)
    ),
    st.builds(
        Condition,
        st.just("in"),
        st.just("priority"),
        st.lists(st.integers(0, 30), max_size=12).map(tuple),
    ),
    st.sampled_from([col("due").empty(), col("due").filled(), col("done") == None]),  # noqa: E711
    st.sampled_from(["milk", "%", "_", "\\", "ärger", "y"]).map(matching),
    st.sampled_from(["MILK", "%"]).map(col("title").contains),
)
conditions = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds(lambda a, b: a & b, inner, inner),
        st.builds(lambda a, b: a | b, inner, inner),
        st.builds(lambda a: ~a, inner),
    ),
    max_leaves=4,
)


def holds(said: Condition, task: Task) -> bool:  # noqa: C901
    """The model: what a condition means, in Python."""
    match said.operator:
        case "and":
            return all(holds(one, task) for one in said.parts)
        case "or":
            return any(holds(one, task) for one in said.parts)
        case "not":
            return not holds(said.parts[0], task)
        case "matches":
            return said.value.lower() in f"{task.title}\n{task.notes}\n{task.slug}".lower()
        case "like":
            return said.value.lower() in getattr(task, said.field).lower()
        case "in":
            return getattr(task, said.field) in said.value
        case "empty":
            return getattr(task, said.field) is None
        case operator:
            value = getattr(task, said.field)
            if said.value is None:
                return (value is None) == (operator == "=")
            return PREDICATES[operator](value, said.value)


def in_order(found: list[Task], orders: tuple[str, ...]) -> list[Task]:
    """The model: empty last either way, the id last."""
    down = bool(orders) and orders[-1].startswith("-")
    found = sorted(found, key=lambda task: task.id, reverse=down)
    for field in reversed(orders):
        name, down = field.removeprefix("-"), field.startswith("-")
        filled = [one for one in found if getattr(one, name) is not None]
        filled.sort(key=lambda one: getattr(one, name), reverse=down)
        found = filled + [one for one in found if getattr(one, name) is None]
    return found


@given(
    made=st.lists(tasks, max_size=12),
    said=st.lists(conditions, max_size=2),
    orders=st.lists(
        st.sampled_from(["due", "-due", "-priority", "title", "done"]), max_size=2
    ),
    skip=st.integers(0, 3),
)
def test_a_query_means_what_it_says(
    store: Store, made: list[Task], said: list[Condition], orders: list[str], skip: int
) -> None:
    with store.vault.rehearse():
        stored = store.put_many(made)
        query = Query(Task).where(*said).order(*orders)
        wanted = in_order(
            [one for one in stored if all(holds(c, one) for c in said)], tuple(orders)
        )
        assert store.all(query) == wanted
        assert store.ids(query) == [one.id for one in wanted]
        assert store.count(query.limit(1)) == len(wanted)
        assert store.all(query.limit(2, skip)) == wanted[skip : skip + 2]
        assert store.first(query) == (wanted[0] if wanted else None)
        assert list(store.each(query)) == wanted
        assert store.values(query, "due", "title") == [
            (one.due, one.title) for one in wanted
        ]
        groups = store.groups(query, "due")
        assert groups == {
            day: sum(o.due == day for o in wanted) for day in {o.due for o in wanted}
        }


def test_tags_narrow_and_hide(store: Store) -> None:
    home, work = store.tag_ids(["Home", "Work"])
    both, one, other, none = store.put_many(
        [
            Task(title="both", tags=(home, work)),
            Task(title="home", tags=(home,)),
            Task(title="work", tags=(work,)),
            Task(title="none"),
        ]
    )
    query = Query(Task)
    assert store.all(query.where(tagged(home))) == [both, one]
    assert store.all(query.where(~tagged(home))) == [other, none]
    assert store.groups(query, "tags") == {home: 2, work: 2}
    assert store.values(query.where(tagged(work)), "tags") == [((home, work),), ((work,),)]
    narrow = store.within(msgspec.structs.replace(store.scope, tags=(home,)))
    assert narrow.all(query) == [both, one, none]
    assert (narrow.count(query), narrow.hidden(query), store.hidden(query)) == (3, 1, 0)
    assert narrow.get(Task, other.id) == other
    assert {tag.id for tag in narrow.tags()} == {home, work}


def test_many_keeps_the_order_asked_for(store: Store) -> None:
    made = store.put_many([Task(title=f"{n}") for n in range(30)])
    asked = [made[7].id, "missing", made[3].id, made[7].id]
    before = store.vault.db.statements
    assert store.many(Task, asked) == [made[7], made[3], made[7]]
    assert store.many(Task, [one.id for one in reversed(made)]) == made[::-1]
    assert store.many(Task, []) == []
    assert store.vault.db.statements - before <= 3


def test_an_unknown_field_is_named(store: Store) -> None:
    for query in (Query(Task).where(col("x; DROP") == 1), Query(Task).order("x")):
        with pytest.raises(UserError, match="no field"):
            store.all(query)


@pytest.mark.parametrize(
    "query",
    [
        Query(Task).limit(50),
        Query(Task).where(col("done").empty()).order("due").limit(50),
        Query(Task).where(col("done").empty(), col("due") <= date(2026, 1, 1)).order("due"),
        Query(Task).where(col("slug") == "x"),
        Query(Note).where(col("at") > datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("state", ["live", "trash", "all"])
def test_no_query_reads_the_table_of_all_spaces(
    store: Store, query: Query[Any], state: Any
) -> None:
    seen = store.within(msgspec.structs.replace(store.scope, state=state, tags=("t",)))
    plan = seen.explain(query)
    if state != "all":
        assert not [step for step in plan if step.startswith("SCAN")], plan
        assert [step for step in plan if step.startswith("SEARCH t USING")], plan
    if state == "live" and "due" in query.orders:
        assert not [step for step in plan if "TEMP B-TREE" in step], plan


def test_moments_compare_across_zones(store: Store) -> None:
    from datetime import timezone

    there = timezone(timedelta(hours=9))
    made = store.put(Note(title="x", at=datetime(2026, 1, 1, 0, 30, tzinfo=there)))
    assert made.at == datetime(2025, 12, 31, 15, 30, tzinfo=UTC)
    query = Query(Note).where(col("at") < datetime(2026, 1, 1, tzinfo=UTC))
    assert store.ids(query) == [made.id]


class Visit(Record, kind="test.visit", title="place", indexes=(("day!", "place"),)):
    """A kind of which few have a day."""

    place: str
    day: date | None = None


def test_an_index_leaves_out_what_is_empty() -> None:
    (made,) = [
        sql for name, sql in Table(describe(Visit)).indexes().items() if "by" in name
    ]
    with closing(driver.connect(":memory:")) as db:
        db.execute("CREATE TABLE test_visit (id, space, place, day, visibility, deleted)")
        db.execute(made)
        asked = "SELECT id FROM test_visit WHERE deleted IS NULL AND space = 1 AND "
        plans = [
            db.execute(f"EXPLAIN QUERY PLAN {asked} {test}").fetchone()[3]
            for test in ("day > '2026'", "day IS NULL")
        ]

    assert "space=? AND day>?" in plans[0]
    assert plans[1].startswith("SCAN")
