"""The recovery kit: 32 random bytes that a person can print, read and type.

The format is in storage/README.md, "The recovery kit".
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from storage.errors import UserError
from storage.record import ALPHABET

GROUPS = 16
LETTERS = 4
ROW = 4
"""Groups in a line of the page, and asked for at a time."""

PURPOSE = b"mana recovery kit 1"
_ALIKE = str.maketrans({"i": "1", "l": "1", "o": "0"})
_LABELLED = re.compile(r"^\s*\d+\s*-\s*\d+\s*:(.*)$", re.MULTILINE)


class TypoError(UserError):
    """A kit was not typed as it is printed; `group` (from 1) is the first that is wrong."""

    def __init__(self, message: str, group: int) -> None:
        super().__init__(message, hint=f"look at group {group}; O and 0 are the same")
        self.group = group


def new_secret() -> bytes:
    """The secret of a new kit."""
    return os.urandom(2 * GROUPS)


def groups_of(secret: bytes) -> tuple[str, ...]:
    """A secret as it is printed."""
    return tuple(_spell(_number(secret[: 2 * n + 2])) for n in range(GROUPS))


def secret_of(typed: str) -> bytes:
    """The secret of a whole kit, typed or read from its page; TypoError names the group."""
    rows = _LABELLED.findall(typed)
    found = read_groups(" ".join(rows) if rows else typed)
    if len(found) != 2 * GROUPS:
        count = len(found) // 2
        raise TypoError(
            f"A recovery kit has {GROUPS} groups of four; here are {count}.", count + 1
        )
    return found


def read_groups(typed: str, before: bytes = b"") -> bytes:
    """The bytes of some groups that follow `before`, checked one by one, put after it."""
    found = before
    for letters in _cut(typed):
        number = len(found) // 2 + 1
        if number > GROUPS:
            raise TypoError(f"A recovery kit has only {GROUPS} groups.", GROUPS)
        found = _read_one(letters, found, number)
    return found


def same_group(secret: bytes, number: int, typed: str) -> bool:
    """Whether this is group `number` (from 1) of a kit."""
    import hmac

    said = "".join(typed.split()).casefold().translate(_ALIKE)
    return hmac.compare_digest(said.encode(), groups_of(secret)[number - 1].encode())


def page(secret: bytes, *, vault: str, made: str, where: str) -> str:
    """The page to print: the groups, what they are for and how to use them."""
    spelled = [group.upper() for group in groups_of(secret)]
    rows = [
        f"    {first + 1:2}-{first + ROW:2}:   " + "   ".join(spelled[first : first + ROW])
        for first in range(0, GROUPS, ROW)
    ]
    return "\n".join(
        (
            "mana recovery kit",
            "=================",
            "",
            *rows,
            "",
            f"for the vault   {vault}",
            f"made            {made}",
            f"kept in         {where}",
            "",
            "Whoever has this page and a copy of the vault can read everything in it without",
            "the passphrase. Keep it on paper, with your documents, not on this computer.",
            "",
            "Passphrase forgotten?     mana passphrase --recovery",
            "Computer lost?            mana restore BACKUP --recovery",
            "Only look inside once?    mana unlock --recovery",
            "Does it still work?       mana recovery test",
            "",
            "Capitals do not matter; there is no I, L, O or U. To read it without mana:",
            "storage/README.md of its source.",
            "",
        )
    )


def _cut(typed: str) -> Iterator[str]:
    """What was typed in groups of four; where they are set apart, as they are set apart."""
    words = typed.casefold().translate(_ALIKE).replace("-", " ").split()
    if all(len(word) == LETTERS for word in words):
        yield from words
    elif _joined(words):
        whole = "".join(words)
        yield from (whole[n : n + LETTERS] for n in range(0, len(whole), LETTERS))
    else:
        yield from words


def _joined(words: Sequence[str]) -> bool:
    """Whether spaces stand elsewhere than between groups: typed in one go, or in pairs."""
    return sum(map(len, words)) % LETTERS == 0 and not any(
        len(word) in (LETTERS - 1, LETTERS + 1) for word in words
    )


def _read_one(letters: str, before: bytes, number: int) -> bytes:
    if len(letters) != LETTERS:
        raise TypoError(f"Group {number} has {len(letters)} characters, not four.", number)
    value = 0
    for letter in letters:
        digit = ALPHABET.find(letter)
        if digit < 0:
            raise TypoError(f"Group {number} has a character no kit has.", number)
        value = value << 5 | digit
    found = before + (value >> 4).to_bytes(2)
    if _number(found) != value:
        also = f" (or, rarely, group {number - 1})" if number > 1 else ""
        raise TypoError(f"Group {number}{also} is not as printed.", number)
    return found


def _number(upto: bytes) -> int:
    """The 20 bits of the group these bytes end with: its two bytes, then its check."""
    from hashlib import sha256

    check = sha256(PURPOSE + upto).digest()[0] >> 4
    return int.from_bytes(upto[-2:]) << 4 | check


def _spell(number: int) -> str:
    return "".join(ALPHABET[number >> shift & 31] for shift in (15, 10, 5, 0))
