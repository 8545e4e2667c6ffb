"""What reaches the terminal, a pipe, a program."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest

from mana_tui.output import Output, aligned, cells, cut, plain_data, safe
from modules.sdk import Col, Listing, Raw, Row, Said
from storage.record import Record


class Thing(Record, kind="thing.thing"):
    name: str
    length: timedelta = timedelta()


TABLE = Listing(
    columns=(
        Col(title="id", style="dim"),
        Col(title="n", align="right"),
        Col(title="name", grow=True),
    ),
    rows=(Row(("a1", "7", "short")), Row(("b2", "12", "日本語 and more"), "red")),
)


@pytest.mark.parametrize("bad", ["\x1b[2J", "\x07", "\x9b31m", "\u202e", "\r", "\x00"])
def test_what_steers_a_terminal_is_replaced(bad: str) -> None:
    said = safe(f"a{bad}b")
    assert said[0] == "a"
    assert said[-1] == "b"
    assert not set(said) & set("\x1b\x07\x9b\u202e\r\x00")


@pytest.mark.parametrize(
    ("text", "wide"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("", 0)]
)
def test_cells(text: str, wide: int) -> None:
    assert cells(text) == wide


@pytest.mark.parametrize(("text", "wide"), [("日本語日本語", 5), ("abcdef", 3)])
def test_cut_never_exceeds_its_width(text: str, wide: int) -> None:
    assert cells(cut(text, wide)) <= wide
    assert cut(text, wide).endswith("…")


def test_columns_line_up_and_the_growing_one_gives_way() -> None:
    wide = list(aligned(TABLE, 0, color=False))
    assert wide == ["a1   7  short", "b2  12  日本語 and more"]
    narrow = list(aligned(TABLE, 18, color=False))
    assert all(cells(line) <= 18 for line in narrow)


def test_plain_is_one_tab_separated_line_a_row() -> None:
    out = io.StringIO()
    Output("plain", out=out).human(TABLE)
    assert out.getvalue().splitlines() == ["a1\t7\tshort", "b2\t12\t日本語 and more"]


def test_no_colour_in_a_pipe() -> None:
    out = io.StringIO()
    Output(out=out).human(TABLE)
    assert "\x1b" not in out.getvalue()


def test_json_names_tags_and_counts_seconds() -> None:
    out = io.StringIO()
    thing = Thing(name="x\x1b[2J", length=timedelta(hours=1), tags=("t1",))
    Output("json", out=out).result([thing], None, {"t1": "home"})
    assert "\x1b" not in out.getvalue()
    (found,) = json.loads(out.getvalue())
    assert found["tags"] == ["home"]
    assert found["name"] == "x\x1b[2J"
    assert found["length"] == "PT3600S"


def test_jsonl_is_one_object_a_line() -> None:
    out = io.StringIO()
    Output("jsonl", out=out).result([Thing(name="a"), Thing(name="b")], None, {})
    assert [json.loads(line)["name"] for line in out.getvalue().splitlines()] == ["a", "b"]


def test_a_sentence_with_data_prints_either() -> None:
    assert plain_data(Said(text="hello", data={"n": 1}), {}) == {"n": 1}
    assert plain_data(Said(text="hello"), {}) == {"message": "hello"}


def test_empty_is_said_on_stderr() -> None:
    out, talk = io.StringIO(), io.StringIO()
    Output(out=out, talk=talk).human(Listing(columns=(), rows=(), empty="No tasks."))
    assert out.getvalue() == ""
    assert talk.getvalue() == "No tasks.\n"


def test_a_file_is_written_as_it_is() -> None:
    out = io.TextIOWrapper(io.BytesIO(), "utf-8")
    Output(out=out).human(Raw(data=b"BEGIN:VCALENDAR\r\n\x1b"))
    out.flush()
    assert out.buffer.getvalue() == b"BEGIN:VCALENDAR\r\n\x1b"  # type: ignore[attr-defined]


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_a_line_that_goes_away_and_only_a_person_sees_it() -> None:
    talk = Tty()
    output = Output(out=io.StringIO(), talk=talk)
    output.progress(10, 500, "Importing \x1b[2Jx")
    output.progress(11, 500, "Importing")
    assert "Importing" in talk.getvalue()
    assert "10 of 500" in talk.getvalue()
    assert "11" not in talk.getvalue()
    assert "\x1b[2J" not in talk.getvalue()
    output.end_progress()
    assert talk.getvalue().endswith("\r\x1b[K")
    pipe = io.StringIO()
    Output(out=io.StringIO(), talk=pipe).progress(1, 2, "x")
    assert pipe.getvalue() == ""
