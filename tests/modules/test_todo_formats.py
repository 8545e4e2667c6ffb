"""todo.txt, Taskwarrior and checklists: what goes out comes back; what is wrong is named."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import asdict, replace

from mana_tui.importing import bring, detect
from mana_tui.workspace import Workspace
from modules.sdk.slot import Rejected, Source, resolve
from modules.todo import kin, queries
from modules.todo.formats import (
    arriving,
    checklist,
    taskwarrior,
    taskwarrior_out,
    todo_txt,
    tw_dates,
)
from modules.todo.model import Project, Task
from storage.clean import clean_line, clean_text
from storage.link import Link
from storage.query import Query

FORMATS = {"todo.txt": todo_txt, "taskwarrior": taskwarrior, "checklist": checklist}


def read(workspace: Workspace, format: Any, text: str | bytes) -> list[Any]:
    data = text.encode() if isinstance(text, str) else text
    return list(format.read(workspace, Source(path=Path("-"), data=data)))


def tasks(found: Iterable[Any]) -> list[Task]:
    return [one for one in found if isinstance(one, Task)]


def wrong(found: Iterable[Any]) -> list[Rejected]:
    return [one for one in found if isinstance(one, Rejected)]


def bring_in(workspace: Workspace, name: str, text: str | bytes) -> Any:
    data = text.encode() if isinstance(text, str) else text
    with workspace.vault.batch("Import"):
        return bring(workspace, Source(path=Path("x"), data=data), name)


def written(workspace: Workspace, format: Any, ids: tuple[str, ...] | None = None) -> bytes:
    writer = taskwarrior_out if format is taskwarrior else format
    return b"".join(writer.write(workspace, ids))


# --- any task there and back ------------------------------------------------------------

DAYS = st.dates(date(2001, 1, 1), date(2099, 12, 31))
TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]), max_size=30
)
LINES = TEXT.map(str.strip)
TRICKY = st.sampled_from(
    ["x", "x y", "(A) y", "2026-01-01 y", "a +b @c", "due:2026-01-01", "http://a.b/c?d=1", "100%25", "%41",
     "a:b c", "rec:1w", "  ", "y #tag", "y 📅 2026-01-01", "- [ ] y", "note:x", "a_b %5F", "y <!-- -->", "🔁 x"]
)  # fmt: skip
TITLES = (LINES | TRICKY).map(str.strip).filter(bool)
NOTES = st.lists(TEXT, max_size=3).map("\n".join)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1))
LENGTHS = st.integers(1, 2000).map(lambda minutes: timedelta(minutes=minutes))
TIMES = st.builds(time, st.integers(0, 23), st.integers(0, 59))
RULES = st.sampled_from(
    ["FREQ=DAILY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "FREQ=MONTHLY;BYDAY=-1FR",
     "FREQ=MONTHLY", "FREQ=YEARLY;COUNT=4"]
)  # fmt: skip
EXTRA = st.dictionaries(
    st.sampled_from(["energy", "jira.id", "due", "note", "ünï", "a b"]),
    LINES | st.integers(-9, 9) | st.lists(st.integers(0, 3), max_size=2),
    max_size=2,
)


@st.composite
def any_task(draw: st.DrawFn) -> Task:
    status = draw(
        st.sampled_from(["open", "open", "waiting", "someday", "done", "dropped"])
    )
    live = status not in ("done", "dropped")
    due = draw(st.none() | DAYS)
    made = Task(
        title=draw(TITLES), status=status, notes=draw(NOTES).strip(), priority=draw(st.integers(1, 4)),
        due=due, due_time=draw(st.none() | TIMES) if due else None,
        start=draw(st.none() | DAYS), scheduled=draw(st.none() | DAYS),
        estimate=draw(st.none() | LENGTHS), actual=draw(st.none() | LENGTHS),
        people=tuple(draw(st.lists(LINES.filter(bool), max_size=2))), place=draw(LINES),
        section=draw(LINES), remind=tuple(draw(st.lists(st.integers(0, 9999), max_size=2))),
        extra=draw(EXTRA), created=datetime(2026, 1, 2, 12, tzinfo=UTC),
        done_at=None if live else draw(MOMENTS).replace(
            microsecond=0, tzinfo=UTC),
        was_late=not live and draw(st.booleans()),
    )  # fmt: skip
    if made.scheduled:
        made = replace(
            made,
            scheduled_time=draw(st.none() | TIMES),
            scheduled_length=draw(st.none() | LENGTHS),
        )
    if status == "waiting":
        made = replace(made, waiting_for=draw(LINES), waiting_until=draw(st.none() | DAYS))
    if due and live and draw(st.booleans()):
        made = replace(made, repeat=draw(RULES), repeat_day=due, repeat_anchor=draw(st.just(due) | DAYS),
                       repeat_from=draw(st.sampled_from(["schedule", "schedule-not-past", "completion"])),
                       repeat_skips=tuple(draw(st.lists(DAYS, max_size=2))))  # fmt: skip
    return made


IDENTITY = {
    "id",
    "short",
    "space",
    "author",
    "updated",
    "order",
    "parent",
    "project",
    "tags",
    "series",
    "blocked",
}


def facts(task: Task) -> dict[str, Any]:
    return {k: v for k, v in asdict(task).items() if k not in IDENTITY}


@settings(max_examples=70)
@given(any_task())
def test_a_todo_txt_line_says_all_of_a_task(workspace: Workspace, task: Task) -> None:
    line = todo_txt.line_of(task, {}, {})
    assert "\n" not in line
    (back,) = tasks(read(workspace, todo_txt, line))

    assert facts(back) == facts(task)


@settings(max_examples=70)
@given(any_task())
def test_taskwarrior_json_says_all_of_a_task(workspace: Workspace, task: Task) -> None:
    assume(not {"due", "note"} & task.extra.keys())
    stored = workspace.store.put(replace(task, id="0" * 26))
    found = read(workspace, taskwarrior, written(workspace, taskwarrior, (stored.id,)))
    assert not wrong(found)
    (back,) = tasks(found)
    extra = {k: v for k, v in back.extra.items() if k != "uuid"}

    assert facts(replace(back, extra=extra)) == facts(task)


@settings(max_examples=70)
@given(any_task())
def test_a_checklist_says_what_markdown_can(workspace: Workspace, task: Task) -> None:
    task = replace(task, repeat="", due_time=None)
    (back,) = tasks(read(workspace, checklist, f"- [{ {'open': ' ', 'waiting': '>', 'someday': '?', 'done': 'x', 'dropped': '-'}[task.status]}] {checklist.line_of(task, {})}"))  # fmt: skip

    assert (back.title, back.status, back.due, back.scheduled, back.start) == (
        task.title, task.status, task.due, task.scheduled, task.start,
    )  # fmt: skip
    assert back.priority == task.priority
    assert (back.done_at and back.done_at.date()) == (task.done_at and task.done_at.date())


def family(workspace: Workspace) -> None:
    """Projects with blanks and marks in their names, parts, an order, odd tags."""
    top = workspace.run(
        "todo.add", {"title": "Launch", "project": "My work_/100% Web", "tags": ["deep work", "a_b", "c%20d", "+x"]}
    )  # fmt: skip
    one = workspace.run("todo.add", {"title": "Text", "parent": top.id})
    two = workspace.run("todo.add", {"title": "Text", "parent": one.id, "after": [top.id]})
    workspace.run("todo.done", {"tasks": [two.id]})
    three = workspace.run("todo.add", {"title": "Photos", "parent": top.id})
    workspace.run("todo.depend", {"tasks": [top.id], "on": [three.id]})


def shape(workspace: Workspace) -> list[Any]:
    """Every task with the names of what it belongs to and comes after."""
    store = workspace.store
    paths, names = queries.paths(store), store.tag_names()
    known = {task.id: task for task in store.all(Query(Task).order("order"))}
    behind: dict[str, list[str]] = {}
    for link in store.all(Query(Link)):
        behind.setdefault(link.to_id, []).append(known[link.from_id].title)
    return sorted(
        (
            task.title, task.status, task.blocked, paths.get(task.project or ""),
            known[task.parent].title if task.parent else "", sorted(names[tag] for tag in task.tags),
            sorted(behind.get(task.id, [])),
        )
        for task in known.values()
    )  # fmt: skip


@pytest.mark.parametrize("name", ["todo.txt", "taskwarrior"])
def test_a_whole_list_comes_back_in_an_empty_space(workspace: Workspace, name: str) -> None:
    family(workspace)
    before = shape(workspace)
    data = written(workspace, FORMATS[name])
    workspace.vault.new_space("Other", "other", "team")
    workspace.switch("other")
    first = bring_in(workspace, name, data)

    assert not first.rejected
    assert shape(workspace) == before
    again = bring_in(workspace, name, data)
    assert (again.new, again.changed) == (0, 0)
    workspace.run("undo")
    assert shape(workspace) == []


def test_a_checklist_keeps_projects_and_parts(workspace: Workspace) -> None:
    family(workspace)
    data = written(workspace, checklist)
    workspace.vault.new_space("Other", "other", "team")
    workspace.switch("other")
    bring_in(workspace, "checklist", data)
    store = workspace.store
    (top,) = [task for task in store.all(Query(Task)) if task.title == "Launch"]

    assert queries.paths(store)[top.project or ""] == "My work_/100% Web"
    assert sorted(t.title for t in kin.descendants(store, top.id)) == [
        "Photos",
        "Text",
        "Text",
    ]
    assert bring_in(workspace, "checklist", data).new == 0


# --- todo.txt as others write it ------------------------------------------------------------

FOREIGN = """\
\ufeff(A) 2026-11-01 Call Mom +Family @phone due:2026-11-24 jira:ABC-1 see http://example.org/a:b
x 2026-11-20 2026-11-01 (B) not a priority here pri:B
x 2026-11-20 Pay rent rec:+1m due:2026-11-30
Water plants rec:3d t:2026-12-01
(E) low one @a @b +p +q due:soon
x

(a) lower case is text
2026-02-30 is no day
"""


def test_todo_txt_of_others(workspace: Workspace) -> None:
    call, second, rent, water, low, x, lower, no_day = tasks(
        read(workspace, todo_txt, FOREIGN)
    )

    assert (call.title, call.priority, call.due) == (
        "Call Mom see http://example.org/a:b", 1, date(2026, 11, 24),
    )  # fmt: skip
    assert call.created.date() == date(2026, 11, 1)
    assert call.extra == {"jira": "ABC-1"}
    assert (second.title, second.status, second.priority) == (
        "(B) not a priority here",
        "done",
        2,
    )
    assert second.done_at is not None
    assert second.done_at.date() == date(2026, 11, 20)
    assert (rent.repeat, rent.repeat_from) == ("FREQ=MONTHLY", "schedule")
    assert (water.repeat, water.repeat_from, water.start) == (
        "FREQ=DAILY;INTERVAL=3", "completion", date(2026, 12, 1),
    )  # fmt: skip
    assert water.due == workspace.today()
    assert low.extra == {"pri": "E", "projects": ["q"], "due": "soon"}
    assert (x.title, x.status) == ("x", "open")
    assert lower.title == "(a) lower case is text"
    assert no_day.title == "2026-02-30 is no day"


def test_lines_of_others_are_written_as_they_were(workspace: Workspace) -> None:
    lines = [
        "(A) 2026-11-01 Call Mom +Family @phone due:2026-11-24 jira:ABC-1",
        "(C) 2026-11-01 Third @x",
        "(E) 2026-11-01 Fifth +p +q",
        "x 2026-11-20 2026-11-01 Done +garage_sale",
        "2026-11-01 Water due:2026-12-01 t:2026-11-30 rec:+2w",
    ]
    bring_in(workspace, "todo.txt", "\n".join(lines))

    assert written(workspace, todo_txt).decode().splitlines() == lines


def test_finishing_a_line_elsewhere_is_no_new_task(workspace: Workspace) -> None:
    bring_in(
        workspace,
        "todo.txt",
        "(A) 2026-11-01 Call Mom @phone\n2026-11-01 Call Mom @phone\n",
    )
    done = bring_in(
        workspace,
        "todo.txt",
        "x 2026-11-20 2026-11-01 Call Mom @phone\n2026-11-01 Call Mom @phone\n",
    )

    assert (done.new, done.changed, done.same) == (0, 1, 1)


def test_circles_in_todo_txt_are_left_out(workspace: Workspace) -> None:
    text = "a id:1 p:2\nb id:2 p:1\nc id:3 dep:4\nd id:4 dep:3\ne id:5 p:5 dep:5\n"
    done = bring_in(workspace, "todo.txt", text)

    assert done.new == 6  # five tasks and one link
    assert workspace.store.count(Query(Link)) == 1
    assert sum(task.parent is not None for task in workspace.store.all(Query(Task))) == 1


@settings(max_examples=80)
@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_a_todo_txt(workspace: Workspace, text: str) -> None:
    found = read(workspace, todo_txt, text)

    assert all(isinstance(one, (Task, Project, Rejected, Link)) for one in found)
    assert all(task.title.strip() for task in tasks(found))


def test_a_title_of_a_megabyte_is_refused_alone(workspace: Workspace) -> None:
    for name, text in (
        ("todo.txt", "y" * 1_000_000 + "\nfine\n"),
        ("todo.txt", "y" * 5000 + "\nfine\n"),
        ("checklist", "- [ ] " + "y" * 1_000_000 + "\n- [ ] fine\n"),
        (
            "taskwarrior",
            '{"uuid":"1","description":"'
            + "y" * 1_000_000
            + '"}\n{"uuid":"2","description":"fine"}\n',
        ),
    ):
        found = read(workspace, FORMATS[name], text)

        assert [task.title for task in tasks(found)] == ["fine"]
        (bad,) = wrong(found)
        assert len(bad.raw) <= 500
        assert "longer" in bad.reason


def test_control_characters_do_not_survive(workspace: Workspace) -> None:
    bring_in(workspace, "todo.txt", "a\x1b[31mb @t\x9b31m +p\x07 note:x%1B[2J\n")
    (task,) = workspace.store.all(Query(Task))
    said = [
        task.title,
        task.notes,
        *workspace.store.tag_names().values(),
        *queries.paths(workspace.store).values(),
    ]

    assert all(text == clean_line(clean_text(text)) for text in said)


# --- Taskwarrior as it is --------------------------------------------------------------------


def export(**fields: Any) -> dict[str, Any]:
    return {
        "uuid": "a1",
        "description": "x",
        "status": "pending",
        "entry": "20261101T100000Z",
    } | fields


def encoded(*items: Any, lines: bool = False) -> bytes:
    if lines:
        return b"\n".join(msgspec.json.encode(item) for item in items)
    return b"[\n" + b",\n".join(msgspec.json.encode(item) for item in items) + b"\n]\n"


@pytest.mark.parametrize("lines", [False, True])
def test_a_taskwarrior_export(workspace: Workspace, lines: bool) -> None:
    data = encoded(
        export(due="20261123T230000Z", scheduled="20261124T080000Z", project="Work.Web", tags=["home", "next"],
               priority="H", jiraid="ABC-1", estimate="PT1H", start="20261110T100000Z", until="20270101T000000Z",
               annotations=[{"entry": "20261102T090000Z", "description": "asked again"}], depends=["b2"],
               urgency=12.5, id=3),
        export(uuid="b2", description="y", status="completed", end="20261110T100000Z", priority="L"),
        export(uuid="c3", description="z", status="waiting", wait="20261201T230000Z", depends="a1,b2"),
        export(uuid="d4", description="w", status="deleted", end="20261110T100000Z"),
        lines=lines,
    )  # fmt: skip
    found = read(workspace, taskwarrior, data)
    x, y, z, w = tasks(found)

    assert not wrong(found)
    assert (x.due, x.due_time, x.scheduled, x.scheduled_time) == (
        date(2026, 11, 24), None, date(2026, 11, 24), time(9),
    )  # fmt: skip
    assert (x.priority, y.priority, z.priority) == (1, 4, 3)
    assert x.extra == {
        "uuid": "a1", "jiraid": "ABC-1", "estimate": "PT1H", "start": "20261110T100000Z",
        "until": "20270101T000000Z",
    }  # fmt: skip
    assert x.notes == "- 2026-11-02 10:00 asked again"
    assert (y.status, w.status, z.status, z.waiting_until) == (
        "done", "dropped", "waiting", date(2026, 12, 2),
    )  # fmt: skip
    assert (x.blocked, z.blocked) == (False, True)
    assert len([one for one in found if isinstance(one, Link)]) == 3
    assert [one.name for one in found if isinstance(one, Project)] == ["Work", "Web"]


def test_attributes_of_others_are_written_back(workspace: Workspace) -> None:
    item = export(jiraid="ABC-1", size=3, annotations=[{"entry": "20261102T090000Z", "description": "again"}],
                  due="20261123T230000Z", recur="weekly", status="recurring")  # fmt: skip
    bring_in(workspace, "taskwarrior", encoded(item))
    (back,) = msgspec.json.decode(written(workspace, taskwarrior))

    assert {key: back.get(key) for key in item} == item


def test_a_template_and_its_children_are_one_task(workspace: Workspace) -> None:
    data = encoded(
        export(uuid="t", status="recurring", recur="weekly", due="20261101T230000Z", mask="+-", until="20270101T000000Z"),
        export(uuid="1", status="completed", parent="t", imask=0, due="20261101T230000Z", end="20261103T100000Z"),
        export(uuid="2", status="pending", parent="t", imask=1, due="20261122T230000Z"),
        export(uuid="3", status="pending", parent="t", imask=2, due="20261129T230000Z"),
        export(uuid="4", depends=["2"]),
    )  # fmt: skip
    bring_in(workspace, "taskwarrior", data)
    (head,) = workspace.store.all(Query(Task).where(queries.col("repeat") != ""))
    history = workspace.run("todo.turns", {"task": head.id})

    assert (head.due, head.repeat) == (date(2026, 11, 23), "FREQ=WEEKLY;UNTIL=20270101")
    assert [task.status for task in history] == ["done", "open"]
    assert [task.id for task in kin.blockers(workspace.store, _of(workspace, "4").id)] == [
        head.id
    ]
    workspace.run("todo.done", {"tasks": [head.id]})
    assert workspace.store.get(Task, head.id).due == date(2026, 11, 30)


def _of(workspace: Workspace, uuid: str) -> Task:
    return next(
        task for task in workspace.store.all(Query(Task)) if task.extra.get("uuid") == uuid
    )


@pytest.mark.parametrize(
    ("recur", "rule"),
    [("daily", "FREQ=DAILY"), ("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"), ("weekly", "FREQ=WEEKLY"),
     ("biweekly", "FREQ=WEEKLY;INTERVAL=2"), ("fortnight", "FREQ=WEEKLY;INTERVAL=2"), ("3days", "FREQ=DAILY;INTERVAL=3"),
     ("2wks", "FREQ=WEEKLY;INTERVAL=2"), ("monthly", "FREQ=MONTHLY"), ("P1M", "FREQ=MONTHLY"), ("P2W", "FREQ=WEEKLY;INTERVAL=2"),
     ("quarterly", "FREQ=MONTHLY;INTERVAL=3"), ("2q", "FREQ=MONTHLY;INTERVAL=6"), ("semiannual", "FREQ=MONTHLY;INTERVAL=6"),
     ("yearly", "FREQ=YEARLY"), ("biannual", "FREQ=YEARLY;INTERVAL=2"), ("whenever", ""), ("0d", ""), ("", "")],
)  # fmt: skip
def test_recurrences(recur: str, rule: str) -> None:
    assert tw_dates.rule(recur) == rule
    if rule and not tw_dates.recur(rule):
        pytest.fail("cannot be written back")
    assert tw_dates.rule(tw_dates.recur(rule)) == rule


BAD = [
    (b'{"uuid": "1", "description": ', "json"),
    (b"7", "object"),
    (b"null", "object"),
    (b"[1]", "object"),
    (b'{"description": "no uuid"}', "uuid"),
    (b'{"uuid": 5, "description": "x"}', "uuid"),
    (b'{"uuid": "1"}', "title"),
    (b'{"uuid": "1", "description": ["x"]}', "description"),
    (b'{"uuid": "1", "description": "x", "status": "odd"}', "status"),
    (b'{"uuid": "1", "description": "x", "due": "tomorrow"}', "date"),
    (b'{"uuid": "1", "description": "x", "due": 5}', "date"),
    (b'{"uuid": "1", "description": "x", "due": "20261399T000000Z"}', "month"),
    (b'{"uuid": "1", "description": "x", "annotations": [5]}', "annotation"),
    (b'{"uuid": "1", "description": "x", "a": ' + b"[" * 5000 + b"]" * 5000 + b"}", ""),
    (b"\xff\xfe", ""),
]


@pytest.mark.parametrize(("item", "reason"), BAD)
@pytest.mark.parametrize("array", [False, True])
def test_one_bad_item_is_named_and_the_rest_goes_on(
    workspace: Workspace, item: bytes, reason: str, array: bool
) -> None:
    good = msgspec.json.encode(export())
    data = b"[\n" + item + b",\n" + good + b"\n]" if array else item + b"\n" + good
    if not array and item == b"[1]":
        return  # a line that begins with a bracket is an array
    found = read(workspace, taskwarrior, data)

    assert [task.title for task in tasks(found)] == ["x"]
    (bad,) = wrong(found)
    assert reason.lower() in bad.reason.lower()


def test_deep_values_are_cut(workspace: Workspace) -> None:
    deep: Any = "x"
    for _ in range(200):
        deep = [deep]
    (task,) = tasks(read(workspace, taskwarrior, encoded(export(uda=deep))))

    assert workspace.store.put(task).extra["uda"]


def test_circles_of_dependencies_are_cut(workspace: Workspace) -> None:
    items = [export(uuid=str(n), depends=[str((n + 1) % 50)]) for n in range(50)]
    bring_in(
        workspace,
        "taskwarrior",
        encoded(*items, export(uuid="me", depends=["me", "nobody"])),
    )

    assert workspace.store.count(Query(Link)) == 49


def test_what_mana_carries_cannot_smuggle(workspace: Workspace) -> None:
    for carried in (
        '{"repeat":"FREQ=SECONDLY"}',
        '{"estimate":"long"}',
        "[]",
        "{",
        '{"id":"x","space":"y"}',
    ):
        found = read(workspace, taskwarrior, encoded(export(mana=carried)))
        assert all(task.id != "x" and task.space == "" for task in tasks(found))
        assert all(task.repeat == "" for task in tasks(found))


# --- checklists --------------------------------------------------------------------------------


def test_a_checklist_of_others(workspace: Workspace) -> None:
    text = """\
# Home

Some words that are no task.

- [ ] Paint the fence 🔺 📅 2026-12-01 #garden #diy
  - [x] Buy paint ✅ 2026-11-20
      - [ ] White (due: 2026-11-30)
    the weatherproof one
- [X] Old
* [-] Dropped

## Work

1. [ ] Write #1 report 🔁 every week
- not a box
"""
    found = read(workspace, checklist, text)
    fence, paint, white, old, dropped, report = tasks(found)

    assert (fence.title, fence.priority, fence.due, len(fence.tags)) == (
        "Paint the fence", 1, date(2026, 12, 1), 2,
    )  # fmt: skip
    assert (paint.status, paint.parent, white.parent) == ("done", fence.id, paint.id)
    assert (white.due, white.notes) == (date(2026, 11, 30), "the weatherproof one")
    assert (old.status, dropped.status) == ("done", "dropped")
    assert (report.title, report.repeat) == ("Write #1 report", "FREQ=WEEKLY")
    assert fence.project != report.project


@settings(max_examples=50)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8"), max_size=40).map(
            lambda text: f"- [ ] {text}"
        ),
        max_size=5,
    )
)
def test_any_text_is_a_checklist(workspace: Workspace, lines: list[str]) -> None:
    found = read(workspace, checklist, "\n".join(lines))

    assert all(task.title.strip() for task in tasks(found))


def test_deep_checklists_are_flattened(workspace: Workspace) -> None:
    text = "\n".join("  " * depth + f"- [ ] {depth}" for depth in range(200))
    done = bring_in(workspace, "checklist", text)

    assert done.new == 200
    deepest = max(
        len(kin.ancestors(workspace.store, t)) for t in workspace.store.all(Query(Task))
    )
    assert deepest < 50


# --- which is which --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "format"),
    [
        ("todo.txt", "anything", "todo.txt"),
        ("list.txt", "(A) one\nx 2026-01-01 two\n", "todo.txt"),
        (
            "export.json",
            '[\n{"description":"x","status":"pending","uuid":"1"}\n]',
            "taskwarrior",
        ),
        (
            "tasks.jsonl",
            '{"description":"x","status":"pending","uuid":"1"}\n',
            "taskwarrior",
        ),
        ("list.md", "# L\n- [ ] a\n- [x] b\n", "checklist"),
    ],
)
def test_detecting(
    workspace: Workspace, tmp_path: Path, name: str, text: str, format: str
) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")

    assert detect(workspace, path).format == format


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", "Dear Ada,\nhow are you?\n"),
        ("a.json", '{"a": 1}'),
        ("a.md", "# Only words\n"),
    ],
)
def test_other_files_are_not_ours(
    workspace: Workspace, tmp_path: Path, name: str, text: str
) -> None:
    path = tmp_path / name

    for format in FORMATS.values():
        assert not format.detect(path, text.encode())


def test_empty_files_bring_nothing(workspace: Workspace) -> None:
    for name in FORMATS:
        assert bring_in(workspace, name, b"").total == 0


def test_an_empty_export_can_be_read(workspace: Workspace) -> None:
    for format in FORMATS.values():
        assert read(workspace, format, written(workspace, format)) == []


def test_loops_and_circles_by_themselves() -> None:
    assert arriving.without_loops({"a": "b", "b": "c", "c": "a"}) == {"a": "b", "b": "c"}
    assert arriving.without_circles([("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")]) == [
        ("a", "b"),
        ("b", "c"),
    ]
    assert resolve("modules.todo.formats.todo_txt:read") is todo_txt.read
