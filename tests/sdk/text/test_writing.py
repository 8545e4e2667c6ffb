"""Display-safe text, Markdown reading."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from modules.sdk.text import clean, frontmatter, markdown

HOSTILE = {
    "a\x1b[31mred\x07": "a[31mred",
    "one\r\ntwo\tthree": "one two three",
    "abc\u202edcba\u2066x\u200f": "abcdcbax",
    "\u2764\ufe0f and \U0001f44d\U0001f3fd": "\u2764 and \U0001f44d",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467": "\U0001f468\U0001f469\U0001f467",
    "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645": "\u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "zero\u200bwidth\ufeff": "zerowidth",
    "\x9b31mC1\x90": "31mC1",
    "x\ud800y": "xy",
    "plain": "plain",
}  # fmt: skip


@pytest.mark.parametrize(("hostile", "safe"), HOSTILE.items())
def test_nothing_that_commands_a_terminal_is_shown(hostile: str, safe: str) -> None:
    assert clean.line(hostile) == safe


@given(st.text(max_size=60))
def test_clean_text_stays_clean_and_on_its_lines(text: str) -> None:
    line, lines = clean.line(text), clean.lines(text)
    assert clean.line(line) == line
    assert clean.lines(lines) == lines
    assert "\n" not in line
    for character in line + lines:
        assert character == "\n" or (character >= " " and not "\x7f" <= character <= "\x9f")


@given(st.text(max_size=40), st.integers(0, 20))
def test_cropped_text_fits(text: str, room: int) -> None:
    shown = clean.crop(clean.line(text), room)
    assert clean.width(shown) <= room
    assert clean.width(clean.pad(clean.line(text), room)) == room


@pytest.mark.parametrize(
    "text", ["plain", "größe", "日本語", "ｱ", "👍 ok", "a\u0301", "한국", "─│", "①"]
)
def test_cells_are_counted_as_the_screen_counts_them(text: str) -> None:
    assert clean.width(text) == cell_len(text)


PREVIEWS = {
    "": "",
    "\n\n  \n": "",
    "# Title\ntext": "Title",
    "## Title ##": "Title",
    "---\n***\ntext": "text",
    "- [ ] a **bold** move": "a bold move",
    "1. first": "first",
    "> quoted *words*": "quoted words",
    "see [there](https://a.example) now": "see there now",
    "![picture](a.png) text": "picture text",
    "[[Note|shown]] and [[Other]]": "shown and Other",
    "`code` and ~~old~~ ==new==": "code and old new",
    "snake_case_name stays": "snake_case_name stays",
    "2 * 3 * 4": "2 * 3 * 4",
    "```python\nx = 1\n```": "x = 1",
    "x" * 100: "x" * 79 + "…",
}


@pytest.mark.parametrize(("text", "shown"), PREVIEWS.items())
def test_a_preview_is_the_first_line_that_says_something(text: str, shown: str) -> None:
    assert markdown.preview(text) == shown


def test_headings_links_boxes_and_tags_outside_of_code() -> None:
    text = "# A\n```\n# no\n- [ ] no #no\n```\n## B [[X#y|z]] #tag/sub #12\n- [x] done #b\n  - [ ] sub\n"
    assert [(h.level, h.text, h.line) for h in markdown.outline(text)] == [
        (1, "A", 0), (2, "B z #tag/sub #12", 5),
    ]  # fmt: skip
    (link,) = markdown.wiki_links(text)
    assert (link.target, link.heading, link.shown) == ("X", "y", "z")
    assert text[link.start : link.end] == "[[X#y|z]]"
    assert markdown.hashtags(text) == ["tag/sub", "b"]
    assert [(b.text, b.done, b.line, b.depth) for b in markdown.checkboxes(text)] == [
        ("done #b", True, 6, 0), ("sub", False, 7, 1),
    ]  # fmt: skip
    assert markdown.check(text, 7).endswith("  - [x] sub\n")
    assert markdown.check(text, 0) == text


def test_links_are_renamed_where_they_point_there() -> None:
    text = "[[Old]] [[old|shown]] ![[OLD#part]] [[Older]]"
    assert (
        markdown.rename_link(text, "Old", "New")
        == "[[New]] [[New|shown]] ![[New#part]] [[Older]]"
    )


def test_words_addresses_and_what_is_below_the_title() -> None:
    assert markdown.word_count("# One two\n- [ ] three-four don't *stop*") == 5
    assert markdown.urls("see (https://a.example/x), https://a.example/x.") == [
        "https://a.example/x"
    ]
    assert markdown.after_title("\n# Title\n\nrest\nmore") == "rest\nmore"
    assert markdown.plain("# A\n- **b**") == "A\nb"


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "[[",
        "](",
        "*",
        "_",
        "`",
        "#",
        "![[",
        "- [ ] ",
        "> ",
        "**a",
        "[[a|",
        "\n",
        " ",
        " #",
        "\t-",
        "a ",
        "![",
        "~~x",
    ],
)
def test_hostile_markdown_costs_its_length(piece: str) -> None:
    text = piece * (40_000 // len(piece))
    markdown.preview(text)
    markdown.outline(text)
    markdown.wiki_links(text)
    markdown.checkboxes(text)
    markdown.hashtags(text)
    assert len(markdown.plain(text)) <= len(text)


def test_front_matter_is_read_the_simple_way_and_the_rest_is_kept() -> None:
    text = (
        "---\ntitle: 'It''s'\ntags: [a, \"b, c\"] # note\nlist:\n- x\n- y\nempty:\n"
        "block: |\n  one\n  two\nmap:\n  k: v\n---\n\nBody\n---\n"
    )
    said, body = frontmatter.split(text)
    assert said == {
        "title": "It's", "tags": ["a", "b, c"], "list": ["x", "y"], "empty": "",
        "block": "one\ntwo", "map": "  k: v",
    }  # fmt: skip
    assert body == "Body\n---\n"
    kept = frontmatter.others(text, frozenset({"title", "tags", "block"}))
    assert kept == "list:\n- x\n- y\nempty:\nmap:\n  k: v"
    assert frontmatter.split("no block") == ({}, "no block")
    assert frontmatter.split("---\nopen") == ({}, "---\nopen")
