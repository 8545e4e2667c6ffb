"""Lengths of time and amounts of money."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.sdk.field import Money
from modules.sdk.text.durations import (
    format_duration,
    format_hours,
    parse_duration,
    say_duration,
)
from modules.sdk.text.money import format_money, parse_money
from storage.errors import UserError

MINUTES = {
    "30m": 30, "30 min": 30, "30min": 30, "90m": 90, "45": 45, "~20m": 20, "1h": 60, "1h30": 90,
    "1h30m": 90, "1h 30m": 90, "1:30": 90, "1.5h": 90, "1,5h": 90, "1.5 Stunden": 90,
    "1,5 Stunden": 90, "2 hours": 120, "2 Stunden": 120, "zwei Stunden": 120, "2 std": 120,
    "an hour": 60, "eine Stunde": 60, "1d": 1440, "3 Tage": 4320, "2 days 4h": 3120, "1w": 10080,
    "2 Stunden und 5 Minuten": 125, "1 hour and 5 minutes": 65, "0.5h": 30, "2h05": 125,
}  # fmt: skip


@pytest.mark.parametrize(("typed", "minutes"), MINUTES.items())
def test_a_length_of_time_is_understood(typed: str, minutes: int) -> None:
    assert parse_duration(typed, "en") == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    "typed", ["", "0", "x", "-5m", "5x", "h", "1h x", "soon", "9" * 50, "99999999d", "1:99"]
)
def test_what_is_no_length_says_so(typed: str) -> None:
    with pytest.raises(UserError) as said:
        parse_duration(typed, "en")
    assert "1h30" in said.value.hint


@given(st.integers(1, 60 * 24 * 300))
def test_a_shown_length_reads_back(minutes: int) -> None:
    length = timedelta(minutes=minutes)
    assert parse_duration(format_duration(length)) == length
    assert parse_duration(say_duration(length, "de")) == length


def test_lengths_are_shown_short_on_a_clock_and_in_words() -> None:
    half = timedelta(hours=7, minutes=30)
    assert (format_duration(half), format_hours(half)) == ("7h30", "7:30")
    assert say_duration(half) == "7 hours 30 minutes"
    assert say_duration(timedelta(hours=1), "de") == "1 Stunde"
    assert format_duration(timedelta(seconds=90)) == "1m30s"
    assert format_duration(timedelta()) == "0m"


AMOUNTS = [
    ("12.50 chf", "12.50", "CHF"), ("€8", "8", "EUR"), ("8€", "8", "EUR"), ("8 €", "8", "EUR"),
    ("CHF 5", "5", "CHF"), ("$1,000", "1000", "USD"), ("1.234,50 €", "1234.50", "EUR"),
    ("1,234.50 usd", "1234.50", "USD"), ("1'200 EUR", "1200", "EUR"), ("1’200.05 CHF", "1200.05", "CHF"),
    ("12,50", "12.50", "CHF"), ("12.5", "12.5", "CHF"), ("-3.20", "-3.20", "CHF"), ("-€3", "-3", "EUR"),
    ("12 Franken", "12", "CHF"), ("5 Euro", "5", "EUR"), ("1.234.567", "1234567", "CHF"),
    ("1 000 000 jpy", "1000000", "JPY"), ("3 XYZ", "3", "XYZ"), ("5 fr.", "5", "CHF"), ("20 zł", "20", "PLN"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "amount", "currency"), AMOUNTS)
def test_an_amount_is_understood(typed: str, amount: str, currency: str) -> None:
    typed = typed.replace("1 000 000", "1\u00a0000\u00a0000")
    assert parse_money(typed, "CHF", "en") == Money(Decimal(amount), currency)


def test_one_separator_before_three_digits_follows_the_locale() -> None:
    assert parse_money("1.234", "EUR", "de").amount == 1234
    assert parse_money("1.234", "EUR", "en").amount == Decimal("1.234")
    assert parse_money("1,234", "EUR", "en").amount == 1234
    assert parse_money("0.125", "EUR", "de").amount == Decimal("0.125")


@pytest.mark.parametrize(
    "typed", ["", "chf", "1e5", "NaN", "Infinity", "5 xy", "1" * 30, "x" * 99, "5 5"]
)
def test_what_is_no_amount_says_so(typed: str) -> None:
    with pytest.raises(UserError):
        parse_money(typed, "CHF", "en")


def test_amounts_are_shown_as_the_locale_writes_them() -> None:
    money = Money(Decimal("1234.5"), "EUR")
    assert format_money(money, "en") == "€1,234.50"
    assert format_money(money, "de") == "1.234,50 €"
    assert format_money(money, "de-CH") == "1’234.50 EUR"
    assert format_money(Money(Decimal(-3), "USD")) == "-$3.00"
    assert format_money(Money(Decimal("0.125"), "CHF")) == "0.125 CHF"
    assert format_money(Money(Decimal(900), "JPY"), code=True) == "900 JPY"


@given(
    st.decimals(-(10**9), 10**9, places=2),
    st.sampled_from(["CHF", "EUR", "USD", "GBP"]),
    st.sampled_from(["en", "de", "de-CH", "en-US"]),
)
def test_a_shown_amount_reads_back(amount: Decimal, currency: str, locale: str) -> None:
    shown = format_money(Money(amount, currency), locale)
    assert parse_money(shown, "XXX", locale) == Money(amount, currency)


@given(st.text(max_size=40))
def test_any_text_is_an_amount_and_a_length_or_a_said_no(text: str) -> None:
    for parse in (parse_duration, parse_money):
        with suppress(UserError):
            parse(text)
