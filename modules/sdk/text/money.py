"""Amounts of money as people type them and read them; decimal throughout."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from modules.sdk.field import Money
from modules.sdk.text.lexicon import language
from modules.sdk.text.tokens import Found, Token, key_at, pattern
from storage.errors import UserError

HINT = "like 12.50 chf, €8, 1'200 EUR, 12,50"

SIGNS: dict[str, str] = {
    "€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "₽": "RUB", "₺": "TRY",
    "₩": "KRW", "zł": "PLN", "kč": "CZK", "fr.": "CHF", "sfr.": "CHF", "euro": "EUR",
    "euros": "EUR", "dollar": "USD", "dollars": "USD", "franken": "CHF", "francs": "CHF",
    "us$": "USD", "pfund": "GBP", "pounds": "GBP",
}  # fmt: skip
CODES = frozenset(
    [
        "AED",
        "ARS",
        "AUD",
        "BGN",
        "BRL",
        "CAD",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CZK",
        "DKK",
        "EGP",
        "EUR",
        "GBP",
        "GEL",
        "HKD",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "ISK",
        "JPY",
        "KRW",
        "KZT",
        "MAD",
        "MXN",
        "MYR",
        "NOK",
        "NZD",
        "PEN",
        "PHP",
        "PLN",
        "RON",
        "RSD",
        "RUB",
        "SAR",
        "SEK",
        "SGD",
        "THB",
        "TRY",
        "TWD",
        "UAH",
        "USD",
        "VND",
        "ZAR",
        "BTC",
    ]
)
PLAIN = frozenset("chf eur usd gbp cad aud jpy sek nok dkk pln czk huf inr cny brl".split())  # noqa: SIM905
"""Codes that mean money in lower case too."""

NO_CENTS = frozenset({"JPY", "KRW", "CLP", "ISK", "VND", "HUF", "IDR"})
MOST = Decimal(10) ** 15
_NUMBER = r"[+-]?\d[\d.,'’_\u00a0\u202f]{0,24}"


def parse_money(text: str, currency: str = "EUR", locale: str = "en") -> Money:
    """`12.50 chf`, `€8`, `1.234,50 €`, `12,50`; the last separator before at most two
    digits is the decimal one. UserError when the text is anything else."""
    said = text.strip() if len(text) <= 60 else ""
    found = pattern(rf"({_NUMBER})\s*([^\d\s]*)").fullmatch(said)
    number, unit = (found[1], found[2]) if found else ("", "")
    if not found:
        found = pattern(rf"([+-]?)([^\d\s+-]+)\s*({_NUMBER})").fullmatch(said)
        number, unit = (found[1] + found[3], found[2]) if found else ("", "")
    amount = parse_number(number, locale)
    code = (currency_of(unit) if unit else currency) or (
        unit.upper() if pattern(r"[A-Za-z]{3}").fullmatch(unit) else None
    )
    if amount is None or code is None:
        shown = text if len(text) <= 60 else text[:59] + "…"
        raise UserError(f"{shown!r} is not an amount of money.", hint=HINT)
    return Money(amount, code)


def currency_of(unit: str) -> str | None:
    """The ISO 4217 code of a sign, a name or a known code; None when it is none."""
    lower = unit.lower()
    if lower in SIGNS:
        return SIGNS[lower]
    return unit.upper() if unit.upper() in CODES else None


def parse_number(text: str, locale: str = "en") -> Decimal | None:
    """A number with a point or comma, and groups of thousands; None when it is none.

    One separator before exactly three digits groups thousands if that is its use in the
    locale (`1.234` is 1234 in German), a repeated one always does.
    """
    if not text or len(text) > 40:
        return None
    plain = pattern(r"[\s'’_\u00a0\u202f]").sub("", text)
    marks = [mark for mark in plain if mark in ".,"]
    if marks:
        plain = _point(plain, marks, locale)
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) < MOST else None


def _point(plain: str, marks: list[str], locale: str) -> str:
    last = marks[-1]
    decimals = len(plain) - plain.rindex(last) - 1
    grouping = "." if language(locale) == "de" else ","
    groups = marks.count(last) > 1 or (
        len(marks) == 1
        and decimals == 3
        and last == grouping
        and plain.lstrip("+-")[0] != "0"
    )
    for mark in set(marks):
        if mark != last or groups:
            plain = plain.replace(mark, "")
    return plain.replace(",", ".")


def match_amount(words: Sequence[Token], at: int, locale: str) -> Found | None:
    """`12.50 chf`, `€8`, `CHF 12.50`, `8€`: a number beside a currency."""
    key, text = key_at(words, at), words[at].text.rstrip(",;:!?)…")
    if not key:
        return None
    glued = pattern(rf"({_NUMBER})([^\d\s.,'+-]{{1,4}})").fullmatch(text)
    if glued:
        return _found(glued[1], glued[2], at + 1, locale)
    glued = pattern(rf"([+-]?)([^\d\s.,'+-]{{1,4}})({_NUMBER})").fullmatch(text)
    if glued:
        return _found(glued[1] + glued[3], glued[2], at + 1, locale)
    after = words[at + 1].text.rstrip(",;:!?)…") if key_at(words, at + 1) else ""
    if pattern(_NUMBER).fullmatch(text):
        return _found(text, after, at + 2, locale)
    if pattern(_NUMBER).fullmatch(after):
        return _found(after, text, at + 2, locale)
    return None


def _found(number: str, unit: str, end: int, locale: str) -> Found | None:
    code = currency_of(unit) if unit else None
    known = unit.lower() in SIGNS or unit in CODES or unit in PLAIN or unit.title() == "Chf"
    amount = parse_number(number, locale) if code and known else None
    return (
        Found("amount", end, Money(amount, code)) if amount is not None and code else None
    )


_SHOWN = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹"}


def format_money(money: Money, locale: str = "en", *, code: bool = False) -> str:
    """`12.50 CHF`, `€8.00`, `1.234,50 €`; `code=True` writes EUR for €."""
    german = language(locale) == "de"
    swiss = locale.lower().replace("_", "-").endswith("-ch")
    number = format_number(
        money.amount, locale, places=0 if money.currency in NO_CENTS else 2
    )
    sign = _SHOWN.get(money.currency)
    if code or sign is None or swiss:
        return f"{number} {money.currency}"
    if german:
        return f"{number} {sign}"
    return f"-{sign}{number[1:]}" if number.startswith("-") else f"{sign}{number}"


def format_number(number: Decimal, locale: str = "en", *, places: int = 2) -> str:
    """With groups of thousands and so many decimals; more when that would lose some."""
    exponent = number.normalize().as_tuple().exponent
    exact = max(places, -exponent) if isinstance(exponent, int) else places
    text = f"{number:,.{exact}f}"
    if locale.lower().replace("_", "-").endswith("-ch"):
        return text.replace(",", "’")
    if language(locale) == "de":
        return text.replace(",", "\0").replace(".", ",").replace("\0", ".")
    return text
