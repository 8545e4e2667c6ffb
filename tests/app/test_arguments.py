"""Commands as command-line words."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import pytest

from mana_tui.arguments import parser_for, split_global, values_of
from modules.sdk import Context, Ref, command
from storage.errors import UserError
from storage.record import Record


class Thing(Record, kind="thing.thing"):
    name: str


@command("Add")
def add(
    context: Context,
    title: str,
    due: date | None = None,
    size: Literal["small", "large"] = "small",
    tags: tuple[str, ...] = (),
    loud: bool = False,
) -> Any:
    """Add a thing."""


@command("Delete")
def delete(context: Context, things: tuple[Ref[Thing], ...]) -> Any:
    """Delete things."""


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (["Milk"], {"title": "Milk"}),
        (["Buy", "some", "milk"], {"title": "Buy some milk"}),
        (["Milk", "--due", "tomorrow"], {"title": "Milk", "due": "tomorrow"}),
        (["--due=tomorrow", "Milk"], {"title": "Milk", "due": "tomorrow"}),
        (
            ["Milk", "--tags", "a,b", "--tags", "c"],
            {"title": "Milk", "tags": ["a", "b", "c"]},
        ),
        (["Milk", "--loud"], {"title": "Milk", "loud": True}),
        (["Milk", "--no-loud"], {"title": "Milk", "loud": False}),
        (["--", "--odd title"], {"title": "--odd title"}),
    ],
)
def test_words_become_values(words: list[str], values: dict[str, Any]) -> None:
    assert values_of("thing.add", add, words) == values


def test_several_records_are_positional() -> None:
    assert values_of("thing.delete", delete, ["a1", "b2,c3"]) == {
        "things": ["a1", "b2", "c3"]
    }


@pytest.mark.parametrize("words", [[], ["Milk", "--nonsense", "1"], ["Milk", "--due"]])
def test_words_that_do_not_fit_are_a_usage_error(words: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        values_of("thing.add", add, words)
    assert caught.value.exit_code == 2
    assert caught.value.hint == "mana thing add --help"


def test_help_names_every_parameter_and_its_choices() -> None:
    text = parser_for("thing.add", add).format_help()
    assert "TITLE" in text
    assert "--due" in text
    assert "small, large" in text


def test_global_options_may_stand_anywhere_before_a_double_dash() -> None:
    given, rest = split_global(["--json", "add", "x", "--space", "club", "--", "--quiet"])
    assert given == {"json": True, "space": "club"}
    assert rest == ["add", "x", "--", "--quiet"]


def test_a_global_option_without_its_value_is_refused() -> None:
    with pytest.raises(UserError, match="--space"):
        split_global(["add", "--space"])
