"""The query language: what each query means, and where a wrong one is wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.search.dates import parse_days
from storage.search.fold import fold, fold_with_places, tokens
from storage.search.language import Between, Filter, Parsed, QueryError, Term, parse

TODAY = date(2026, 11, 23)  # a Monday


def d(text: str) -> date:
    return date.fromisoformat(text)


def w(*words: str, **more: Any) -> dict[str, Any]:
    return {"words": words, "prefix": True} | more


def terms(parsed: Parsed) -> list[dict[str, Any]]:
    return [plain(term, "negated", "column") for term in parsed.terms]


def plain(one: Term | Filter, *optional: str) -> dict[str, Any]:
    found = {name: getattr(one, name) for name in one.__struct_fields__ if name != "at"}
    return {n: v for n, v in found.items() if n not in optional or v}


WORDS: list[tuple[str, list[dict[str, Any]]]] = [
    ("", []),
    ("   ", []),
    ("rent", [w("rent")]),
    ("Rent DUE", [w("rent"), w("due")]),
    ("rent\tdue\n", [w("rent"), w("due")]),
    ('"last invoice"', [w("last", "invoice", prefix=False)]),
    ('"rent"', [w("rent", prefix=False)]),
    ('rent"last invoice"', [w("rent"), w("last", "invoice", prefix=False)]),
    ("-draft", [w("draft", negated=True)]),
    ('-"old draft"', [w("old", "draft", prefix=False, negated=True)]),
    ("rent - draft", [w("rent"), w("draft")]),
    ("--draft", [w("draft", negated=True)]),
    ("Straße", [w("strasse")]),
    ("Zoë Œuvre", [w("zoe"), w("oeuvre")]),
    ("don't", [w("don", "t")]),
    ("C++", [w("c")]),
    ("2026-11-24", [w("2026", "11", "24")]),
    ("12:30", [w("12", "30")]),
    ("https://example.org/a", [w("https", "example", "org", "a")]),
    ("ada@example.org", [w("ada", "example", "org")]),
    ("東京", [w("東", "京", prefix=False)]),
    ("東京タワー", [w("東", "京", "タ", "ワ", "ー", prefix=False)]),
    ("서울", [w("서", "울", prefix=False)]),
    ("v2東", [w("v2", "東", prefix=False)]),
    ("from:anna", [w("anna", column="people")]),
    ('from:"Anna Maria"', [w("anna", "maria", prefix=False, column="people")]),
    ("with:bob", [w("bob", column="people")]),
    ("title:plan", [w("plan", column="title")]),
    ("-from:anna", [w("anna", negated=True, column="people")]),
    ("FROM:Anna", [w("anna", column="people")]),
    ("rent !!", [w("rent")]),
]


@pytest.mark.parametrize(("query", "expected"), WORDS, ids=[q for q, _ in WORDS])
def test_words(query: str, expected: list[dict[str, Any]]) -> None:
    parsed = parse(query, TODAY)
    assert terms(parsed) == expected
    assert (parsed.filters, parsed.dates, parsed.state) == ((), (), "live")
    assert parsed.empty is (not expected)


FILTERS: list[tuple[str, dict[str, Any]]] = [
    ("tag:home", {"key": "tag", "values": ("home",)}),
    ("tag:home,work", {"key": "tag", "values": ("home", "work")}),
    ('tag:"to do"', {"key": "tag", "values": ("to do",)}),
    ('tag:"to do",home', {"key": "tag", "values": ("to do", "home")}),
    ("-tag:home", {"key": "tag", "values": ("home",), "negated": True}),
    ("kind:task", {"key": "kind", "values": ("task",)}),
    ("KIND:todo.task", {"key": "kind", "values": ("todo.task",)}),
    ("in:club", {"key": "in", "values": ("club",)}),
    ("in:@me", {"key": "in", "values": ("@me",)}),
    ("is:open", {"key": "is", "values": ("open",)}),
    ("is:Done,STARRED", {"key": "is", "values": ("done", "starred")}),
    ("-is:unread", {"key": "is", "values": ("unread",), "negated": True}),
    ("has:link", {"key": "has", "values": ("link",)}),
    ("has:attachment,note", {"key": "has", "values": ("attachment", "note")}),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS, ids=[q for q, _ in FILTERS])
def test_filters(query: str, expected: dict[str, Any]) -> None:
    parsed = parse(f"x {query}", TODAY)
    assert terms(parsed) == [w("x")]
    assert [plain(one, "negated") for one in parsed.filters] == [expected]


DATES: list[tuple[str, str, str | None, str | None]] = [
    ("due:2026-11-24", "day", "2026-11-24", "2026-11-25"),
    ("due:today", "day", "2026-11-23", "2026-11-24"),
    ("due:monday", "day", "2026-11-23", "2026-11-24"),
    ("due:sunday", "day", "2026-11-29", "2026-11-30"),
    ("due:<friday", "day", None, "2026-11-27"),
    ("due:<=friday", "day", None, "2026-11-28"),
    ("due:>friday", "day", "2026-11-28", None),
    ("due:>=friday", "day", "2026-11-27", None),
    ("due:=friday", "day", "2026-11-27", "2026-11-28"),
    ("due:<fr", "day", None, "2026-11-27"),
    ("due:morgen", "day", "2026-11-24", "2026-11-25"),
    ("due:week", "day", "2026-11-23", "2026-11-30"),
    ("due:next-week", "day", "2026-11-30", "2026-12-07"),
    ("due:2w", "day", "2026-12-07", "2026-12-08"),
    ("due:24.12.", "day", "2026-12-24", "2026-12-25"),
    ("due:1.2.", "day", "2027-02-01", "2027-02-02"),
    ("due:2026-11-24..2026-11-30", "day", "2026-11-24", "2026-12-01"),
    ("due:..friday", "day", None, "2026-11-28"),
    ("due:friday..", "day", "2026-11-27", None),
    ("date:2027", "day", "2027-01-01", "2028-01-01"),
    ("created:2026-11", "created", "2026-11-01", "2026-12-01"),
    ("created:2026-12", "created", "2026-12-01", "2027-01-01"),
    ("created:friday", "created", "2026-11-20", "2026-11-21"),
    ("created:>7d", "created", "2026-11-17", None),
    ("created:last-month", "created", "2026-10-01", "2026-11-01"),
    ("created:1.12.", "created", "2025-12-01", "2025-12-02"),
    ("updated:yesterday", "updated", "2026-11-22", "2026-11-23"),
    ("updated:2026-w47", "updated", "2026-11-16", "2026-11-23"),
    ("before:2026-11-24", "any", None, "2026-11-24"),
    ("after:2026-11", "any", "2026-12-01", None),
    ("before:1m", "any", None, "2026-10-23"),
]


@pytest.mark.parametrize(
    ("query", "column", "first", "after"), DATES, ids=[q for q, *_ in DATES]
)
def test_dates(query: str, column: str, first: str | None, after: str | None) -> None:
    expected = Between(column=column, first=first and d(first), after=after and d(after))  # pyright: ignore[reportArgumentType]
    assert parse(query, TODAY).dates == (expected,)
    assert parse(f"-{query}", TODAY).dates[0].negated


def test_having_a_date_or_none() -> None:
    some, none = (parse(q, TODAY).dates[0] for q in ("due:any", "due:none"))
    assert (some.negated, none.negated) == (False, True)
    assert parse("-due:none", TODAY).dates[0].negated is False


@pytest.mark.parametrize(
    ("query", "state"),
    [("x in:trash", "trash"), ("in:trash", "trash"), ("in:all x", "all")],
)
def test_the_trash_is_asked_for(query: str, state: str) -> None:
    parsed = parse(query, TODAY)
    assert parsed.state == state
    assert parsed.filters == ()
    assert not parsed.empty


ERRORS: list[tuple[str, int, str]] = [
    ('"never closed', 0, "never closed"),
    ('rent "never closed', 5, "never closed"),
    ('tag:"home', 4, "never closed"),
    ('tag:a,"home', 6, "never closed"),
    ('""', 0, "nothing between"),
    ('a "  "', 2, "nothing between"),
    ("tag:", 4, "needs a value"),
    ("rent tag: home", 9, "needs a value"),
    ("-kind:", 6, "needs a value"),
    ("tag:,", 4, "needs a value"),
    ("tag:home,", 4, "needs a value"),
    ("tga:home", 0, "no filter tga"),
    ("rent knid:task", 5, "no filter knid"),
    ("re:invoice", 0, "no filter re"),
    ("-foo:bar", 1, "no filter foo"),
    ("is:opne", 3, "is: knows"),
    ("x is:blue", 5, "is: knows"),
    ("has:links", 4, "has: knows"),
    ("due:soonish", 4, "not a date"),
    ("rent due:<firday", 10, "not a date"),
    ("due:<", 4, "not a date"),
    ("due:>=", 5, "not a date"),
    ("due:2026-13-01", 4, "not a date"),
    ("due:2026-02-30", 4, "not a date"),
    ("due:2026-13", 4, "not a date"),
    ("due:0000", 4, "not a date"),
    ("due:9999", 4, "not a date"),
    ("due:9999y", 4, "not a date"),
    ("due:..", 4, "beginning or an end"),
    ("due:monday..x", 12, "not a date"),
    ("before:", 7, "needs a value"),
    ("before:x", 7, "not a date"),
    ("-in:trash", 4, "left out anyway"),
    ("!!", 0, "no letter"),
    ("🏠", 0, "no letter"),
    ('"!!"', 0, "no letter"),
    ("a " * 600, 1000, "at most 1000"),
    ("a " * 51, 100, "at most 50"),
]


@pytest.mark.parametrize(("query", "at", "said"), ERRORS, ids=[q[:20] for q, *_ in ERRORS])
def test_errors_point_at_the_character(query: str, at: int, said: str) -> None:
    with pytest.raises(QueryError, match=said) as caught:
        parse(query, TODAY)
    assert caught.value.at == at
    assert str(caught.value).splitlines()[-1] == "  " + " " * at + "^"


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("tga:home", "did you mean tag:"),
        ("is:opne", "did you mean open?"),
        ("has:links", "did you mean link?"),
        ("due:firday", "did you mean friday?"),
    ],
)
def test_errors_name_the_nearest(query: str, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query, TODAY)
    assert hint in caught.value.hint


def test_the_table_is_large_enough() -> None:
    assert len(WORDS) + len(FILTERS) + len(DATES) + len(ERRORS) >= 60


@given(st.text(max_size=60))
def test_any_text_is_understood_or_pointed_at(query: str) -> None:
    at = 0
    try:
        parse(query, TODAY)
    except QueryError as error:
        at = error.at
    assert 0 <= at <= len(query)


# --- folding --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hello", "hello"),
        ("STRASSE Straße", "strasse strasse"),
        ("Œuvre, Ærø", "oeuvre, aero"),
        ("Zoë ZOE\u0308", "zoe zoe"),
        ("Łódź", "lodz"),
        ("İstanbul ısı", "istanbul isi"),
        ("Ёлка й", "елка и"),
        ("ﬁn", "fin"),
        ("が", "が"),
        ("ＡＢＣ１", "abc1"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    assert " ".join(tokens(text)) == " ".join(tokens(folded))
    assert fold(text).split() == fold(folded).split()


def test_scripts_without_spaces_are_cut_into_characters() -> None:
    assert tokens("東京タワー2024年") == ("東", "京", "タ", "ワ", "ー", "2024", "年")
    assert fold("ab東京").split() == ["ab", "東", "京"]


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert tokens(fold(text)) == tokens(text)


@given(st.text(max_size=80))
def test_places_point_into_the_text(text: str) -> None:
    folded, places = fold_with_places(text)
    assert places is None or (len(places) == len(folded) and places == sorted(places))
    assert all(place < len(text) for place in places or ())


@pytest.mark.parametrize("bad", ["", "x", "32.1.", "2026-w60", "99999d", "1.13.2026", "d"])
def test_what_is_no_date(bad: str) -> None:
    assert parse_days(bad, TODAY) is None


@given(st.text(alphabet="0123456789-.dwmyW+ainexttmorwk", max_size=12), st.booleans())
def test_any_date_is_a_span_or_nothing(text: str, past: bool) -> None:
    found = parse_days(text, TODAY, past=past)
    assert found is None or found[0] < found[1]
