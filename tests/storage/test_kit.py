"""The recovery kit: typed as printed it gives its secret; a typo is named, never opens."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.crypto import kit
from storage.record import ALPHABET

VECTORS = json.loads((Path(__file__).parent / "vectors" / "kit.json").read_text())
SECRET = bytes(range(7, 39))
GROUPS = kit.groups_of(SECRET)


@pytest.mark.parametrize("vector", VECTORS)
def test_published_kits_give_their_secrets(vector: dict[str, str]) -> None:
    assert kit.secret_of(vector["groups"]).hex() == vector["secret"]


@given(st.binary(min_size=32, max_size=32))
def test_what_is_printed_reads_back(secret: bytes) -> None:
    assert kit.secret_of(" ".join(kit.groups_of(secret))) == secret


@pytest.mark.parametrize(
    "typed",
    [
        " ".join(GROUPS).upper(),
        "-".join(GROUPS),
        "".join(GROUPS),
        "\n".join(GROUPS),
        "  ".join(a + b for a, b in zip(GROUPS[::2], GROUPS[1::2], strict=True)),
        " ".join(GROUPS).replace("1", "l").replace("0", "O"),
        " ".join(GROUPS).replace("1", "I").replace("0", "o"),
        kit.page(
            SECRET, vault="v" * 26, made="2026-11-23", where="/home/ada/2026-11: 1-4:"
        ),
    ],
)
def test_a_kit_is_read_however_it_is_typed(typed: str) -> None:
    assert kit.secret_of(typed) == SECRET


def test_every_single_typo_is_named_where_it_is() -> None:
    """All 64 places × 31 other characters: the group, or the next one when it is missed."""
    exact = near = unseen = 0
    for place in range(64):
        for digit in ALPHABET:
            letters = list("".join(GROUPS))
            if letters[place] == digit:
                continue
            letters[place] = digit
            wrong = place // 4 + 1
            try:
                kit.secret_of("".join(letters))
            except kit.TypoError as error:
                exact += error.group == wrong
                near += wrong < error.group
            else:
                unseen += 1
                assert wrong == 16
    assert exact + near + unseen == 64 * 31
    assert exact >= 0.92 * 64 * 31
    assert unseen <= 0.01 * 64 * 31


def test_groups_in_another_order_are_named() -> None:
    swapped = [*GROUPS[:4], GROUPS[5], GROUPS[4], *GROUPS[6:]]
    with pytest.raises(kit.TypoError) as caught:
        kit.secret_of(" ".join(swapped))
    assert caught.value.group == 5


@pytest.mark.parametrize(
    ("typed", "group", "said"),
    [
        (" ".join(GROUPS[:9]), 10, "here are 9"),
        (" ".join((*GROUPS, "0000")), 16, "only 16"),
        (" ".join((*GROUPS[:2], GROUPS[2][:3], *GROUPS[3:])), 3, "has 3 characters"),
        (" ".join((*GROUPS[:6], GROUPS[6] + "x", *GROUPS[7:])), 7, "has 5 characters"),
        (" ".join((GROUPS[0], "ab!d", *GROUPS[2:])), 2, "no kit has"),
        (" ".join((GROUPS[0], "abüd", *GROUPS[2:])), 2, "no kit has"),
        ("", 1, "here are 0"),
    ],
)
def test_what_is_wrong_is_said(typed: str, group: int, said: str) -> None:
    with pytest.raises(kit.TypoError, match=said) as caught:
        kit.secret_of(typed)
    assert caught.value.group == group


@given(st.text())
def test_other_text_is_a_typo(typed: str) -> None:
    with pytest.raises(kit.TypoError):
        kit.secret_of(typed)


def test_a_group_is_asked_back_as_printed() -> None:
    assert kit.same_group(SECRET, 3, f" {GROUPS[2].upper()} ")
    assert not kit.same_group(SECRET, 3, GROUPS[3])
    assert not kit.same_group(SECRET, 3, "")


def test_kits_are_random() -> None:
    assert len({kit.new_secret() for _ in range(100)}) == 100
    assert len(kit.new_secret()) == 32


def test_the_page_fits_a_narrow_terminal_and_names_the_way_back() -> None:
    page = kit.page(SECRET, vault="v" * 26, made="2026-11-23", where="/home/ada/vault")
    assert max(map(len, page.splitlines())) <= 80
    assert page.isascii()
    assert "mana passphrase --recovery" in page
