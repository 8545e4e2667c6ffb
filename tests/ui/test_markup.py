"""Markdown for reading: what it looks like, and that hostile text only costs its length."""

from __future__ import annotations

import pytest

from modules.sdk.ui.cells import width
from modules.sdk.ui.glyphs import ASCII, LINEAR
from modules.sdk.ui.markup import Markup, links_in, wrap
from modules.sdk.ui.reader import Reader
from tests.ui.conftest import Bench, settle, text_of


def read(text: str, room: int = 40, glyphs=None) -> list[str]:
    markup = Markup(room, glyphs) if glyphs else Markup(room)
    return [line.text.rstrip() for line in markup.lines(text)]


def tones(text: str) -> dict[str, str]:
    return {said: tone for line in Markup(60).lines(text) for said, tone in line.runs}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Title", ["Title", "─────"]),
        ("## Two ##", ["Two"]),
        ("one\ntwo", ["one two"]),
        ("one  \ntwo", ["one", "two"]),
        ("one\n\n\n\ntwo", ["one", "", "two"]),
        ("- a\n  - b", ["• a", "  • b"]),
        ("- [ ] a\n- [x] b", ["☐ a", "☑ b"]),
        ("3. a\n4) b", ["3. a", "4) b"]),
        ("- a\n  goes on", ["• a goes on"]),
        ("> a\n> > b", ["▎ a", "▎ ▎ b"]),
        ("```\n  x = 1\n```\nend", ["   x = 1", "end"]),
        ("---", ["─" * 40]),
        ("a \\*b\\* c", ["a *b* c"]),
        ("[x](http://y) and [[Note|n]]", ["x and n"]),
        ("| a | b |\n|---|--:|\n| x | 1 |\n| yy | 10 |", ["a  │  b", "───────", "x  │  1", "yy │ 10"]),
        ("snake_case_word stays", ["snake_case_word stays"]),
        ("2 * 3 * 4", ["2 * 3 * 4"]),
        ("", []),
        ("\x1b[31mred\x1b[0m", ["[31mred[0m"]),
    ],
)  # fmt: skip
def test_lines(text, expected):
    assert read(text) == expected


def test_tones_of_emphasis():
    found = tones("plain **bold** *slant* ~~gone~~ ==lit== `code` #tag https://a.b/c")
    assert found["bold"] == "bold"
    assert found["slant"] == "italic"
    assert found["gone"] == "done"
    assert found["lit"] == "lit"
    assert found["code"] == "code"
    assert found["#tag"] == "accent"
    assert found["https://a.b/c"] == "link"


def test_every_line_fits_whatever_the_characters():
    text = "面包" * 60 + " " + "x" * 90 + " 🌱 word " * 20
    for room in (8, 17, 40):
        assert all(width(line.text.rstrip()) <= room for line in Markup(room).lines(text))


def test_wrapping_keeps_every_word():
    words = [f"word{i}" for i in range(50)]
    lines = wrap([(" ".join(words), "")], 20)
    assert "".join(text for line in lines for text, _ in line).split() == words


def test_links_in_order():
    text = "see [a](http://x/1), [[Note#part|n]] and https://x/2."
    assert links_in(text) == ["http://x/1", "Note#part", "https://x/2"]


def test_ascii_draws_seven_bits_and_linear_draws_no_lines():
    text = "# Title\n\n- [x] done\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n---"
    assert all(line.isascii() for line in read(text, glyphs=ASCII))
    linear = "\n".join(read(text, glyphs=LINEAR))
    assert linear.isascii()
    assert "---" not in linear
    assert "|" not in linear
    assert "# Title" in linear


@pytest.mark.parametrize(
    "evil", ["*", "[", "`", "> ", "- ", "**a", "[[", "a_", "|", "#", "~~", "<", "\\"]
)
def test_hostile_text_makes_no_more_lines_than_it_has_cells(evil):
    text = evil * 20_000
    assert len(Markup(80).lines(text)) <= len(text) + 1


def test_very_long_texts_say_how_much_is_left():
    lines = read("x\n\n" * 15_000, 20)
    assert lines[-1] == "… 9,999 more lines"


async def test_a_reader_fits_its_text_to_its_width():
    reader = Reader("# Title\n\nword " + "word " * 30)
    app = Bench(reader)
    async with app.run_test(size=(40, 20)) as pilot:
        await settle(pilot)
        assert text_of(app)[0].strip() == "Title"
        before = len(reader.lines)
        await pilot.resize_terminal(80, 20)
        await settle(pilot)
        assert len(reader.lines) < before
