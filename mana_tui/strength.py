"""How hard a passphrase is to guess: a plain estimate, said in words."""

from __future__ import annotations

import math

import msgspec

from storage.errors import Refused

COMMON = frozenset(
    [
        "password",
        "passwort",
        "passphrase",
        "123456",
        "12345678",
        "qwertz",
        "qwerty",
        "letmein",
        "welcome",
        "hallo",
        "hello",
        "geheim",
        "secret",
        "iloveyou",
        "admin",
        "login",
        "master",
        "sunshine",
        "dragon",
        "monkey",
        "football",
        "test",
        "mana",
    ]
)
GUESSES_PER_SECOND = 20.0
"""What Argon2id at our cost leaves an attacker with one good machine, times a hundred."""

WORD_BITS = 11.0
"""A word a person thinks of: about 2,000 are likely."""


class Strength(msgspec.Struct, frozen=True):
    """`level` 0 weak, 1 fair, 2 good, 3 strong; `bits` of guessing; a sentence."""

    level: int
    bits: float
    sentence: str


def estimate(typed: str) -> Strength:
    """Words count as words, the rest as letters; repeats and well-known ones count little."""
    bits = min(_by_letters(typed), _by_words(typed))
    level = 0 if bits < 30 else 1 if bits < 45 else 2 if bits < 60 else 3
    name = ("Too easy to guess", "Fair", "Good", "Strong")[level]
    if not typed:
        return Strength(
            0, 0.0, "Four or five unusual words are strong and easy to keep in mind."
        )
    return Strength(level, bits, f"{name}: about {_time(bits)} to guess.")


def refuse_weak(typed: str, *, accepted: bool = False) -> None:
    """Refused below the floor: what one machine guesses in a day or so. `accepted`: the
    person knows and wants it."""
    if not accepted and estimate(typed).level == 0:
        raise Refused(
            estimate(typed).sentence,
            hint="four unusual words are good; --yes takes this one all the same",
        )


def _by_letters(typed: str) -> float:
    pools = (
        (26, any(c.islower() for c in typed)),
        (26, any(c.isupper() for c in typed)),
        (10, any(c.isdigit() for c in typed)),
        (33, any(not c.isalnum() for c in typed)),
    )
    pool = sum(size for size, used in pools if used) or 1
    fresh = sum(
        1.0 if n == 0 or abs(ord(c) - ord(typed[n - 1])) > 1 else 0.25
        for n, c in enumerate(typed)
    )
    return fresh * math.log2(pool) * min(1.0, 0.35 + len(set(typed)) / max(8, len(typed)))


def _by_words(typed: str) -> float:
    words = [w for w in typed.replace("-", " ").replace("_", " ").split() if w]
    if not words or not any(w.isalpha() for w in words):
        return math.inf
    bits, seen = 0.0, set[str]()
    for word in words:
        plain = word.casefold().strip("0123456789!.,?")
        if plain in seen or plain in COMMON:
            bits += 2.0
        elif word.isalpha() and len(word) > 2:
            bits += WORD_BITS + (1.0 if word != word.lower() else 0.0)
        else:
            bits += _by_letters(word)
        seen.add(plain)
    return bits + (math.log2(max(1, len(words))) if len(words) > 1 else 0.0)


def _time(bits: float) -> str:
    seconds = 2.0 ** (bits - 1) / (GUESSES_PER_SECOND * 100)
    for size, name in (
        (60, "seconds"),
        (60, "minutes"),
        (24, "hours"),
        (365, "days"),
        (1000, "years"),
    ):
        if seconds < size:
            many = max(1, round(seconds))
            return f"{many} {name if many > 1 else name[:-1]}"
        seconds /= size
    return "thousands of years"
