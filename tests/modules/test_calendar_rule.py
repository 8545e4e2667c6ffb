"""Recurrence rules: the same times as dateutil's, and a bound on every hostile one."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from dateutil.rrule import rrulestr

from modules.calendar import rule as rules
from modules.calendar import walking

START = datetime(2026, 1, 5, 9, 30)


def drawn(random: Random) -> str:
    """A random rule; every part turns up, alone and with others."""

    def some(low: int, high: int, most: int = 3, *, signed: bool = False) -> str:
        found = {random.randint(low, high) for _ in range(random.randint(1, most))}
        return ",".join(
            str(-x if signed and random.random() < 0.3 else x) for x in sorted(found)
        )

    freq = random.choice(rules.FREQUENCIES[:5])
    nth = freq in ("YEARLY", "MONTHLY") and random.random() < 0.5
    days = random.sample(rules.DAYS, random.randint(1, 4))
    said = [
        (0.5, f"INTERVAL={random.choice((1, 2, 3, 4, 5, 7, 12))}"),
        (0.3, f"COUNT={random.randint(1, 30)}"),
        (0.3, "BYMONTH=" + some(1, 12, 4)),
        (0.3, "BYMONTHDAY=" + some(1, 31, 5, signed=True)),
        (0.1, "BYYEARDAY=" + some(1, 366, 9, signed=True)),
        (
            0.4,
            "BYDAY="
            + ",".join(
                (str(random.choice((1, 2, 3, 5, -1, -2))) if nth else "") + d for d in days
            ),
        ),
        (0.2, "BYHOUR=" + some(0, 23)),
        (0.15, "BYMINUTE=" + some(0, 59)),
        (0.2, "BYSETPOS=" + some(1, 4, 2, signed=True)),
        (0.3, "WKST=" + random.choice(rules.DAYS)),
    ]
    if freq == "YEARLY":
        # dateutil takes the last days of some weeks 52 for week 53
        said.append((0.2, "BYWEEKNO=" + some(1, 51, 5)))
    return ";".join(
        [f"FREQ={freq}", *(part for chance, part in said if random.random() < chance)]
    )


def test_random_rules_name_the_same_times_as_dateutil() -> None:
    compared = 0
    for seed in range(500):
        random = Random(seed)
        text = drawn(random)
        start = datetime(2020, 1, 1) + timedelta(minutes=random.randint(0, 60 * 24 * 900))
        low = start + timedelta(days=random.choice((-5, 0, 10, 200)))
        high = low + timedelta(days=random.choice((1, 40, 400)))
        if "HOURLY" in text:
            high = low + timedelta(days=3)
        if _never(text):
            continue
        try:
            expected = tuple(rrulestr(text, dtstart=start).between(low, high, inc=True))
        except ValueError:  # "generates an empty set"
            expected = ()
        assert walking.between(rules.parse(text), start, low, high).times == expected, text
        compared += 1
    assert compared > 200


def _never(text: str) -> bool:
    """dateutil looks for the first time of some rules until the year 9999."""
    parts = ("BYYEARDAY", "BYMONTHDAY", "BYSETPOS", "BYWEEKNO", "BYMONTH=")
    rare = sum(part in text for part in parts) + bool(re.search(r"BYDAY=[-\d]", text))
    if "BYSETPOS" in text and "BYDAY=" not in text:
        return True
    return (
        rare > 1
        or ("DAILY" in text and "BYSETPOS" in text)
        or (rare > 0 and ("COUNT" in text or "HOURLY" in text))
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FREQ=DAILY", "05 06 07"),
        ("FREQ=DAILY;INTERVAL=10", "05 15 25"),
        ("FREQ=WEEKLY;BYDAY=MO,WE", "05 07 12"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", "05 18 19"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=MO", "05 11 19"),
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=1", "30"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "31"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "30"),
        ("FREQ=YEARLY;BYWEEKNO=3;BYDAY=MO", "12"),
        ("FREQ=YEARLY;BYYEARDAY=20", "20"),
        ("FREQ=DAILY;UNTIL=20260107T093000;X-NOTE=1", "05 06 07"),
        ("FREQ=DAILY;COUNT=0", ""),
        ("FREQ=DAILY;COUNT=-1;BYDAY=TU", "06 13 20"),
    ],
)
def test_a_rule_names_days(text: str, expected: str) -> None:
    rule = rules.parse(text)
    until = rules.parse_until(rule.until) if rule.until else None
    found = walking.between(rule, START, START, datetime(2026, 1, 31, 23), until=until)  # type: ignore[arg-type]

    assert " ".join(f"{at:%d}" for at in found.times[:3]) == expected


@pytest.mark.parametrize(
    "text",
    ["", "FREQ=OFTEN", "BYDAY=MO", "FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;BYMONTH=13",
     "FREQ=DAILY;COUNT=x", "FREQ=DAILY;UNTIL=soon", "FREQ=DAILY;BYHOUR=24", "FREQ=DAILY;NEW=1",
     "FREQ=YEARLY;RSCALE=HEBREW", "FREQ=YEARLY;BYMONTHDAY=0", "FREQ=DAILY;" + "BYHOUR=1;" * 9000,
     "every day", "FREQ=MONTHLY;BYDAY=99MO"],
)  # fmt: skip
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(rules.BadRule):
        rules.parse(text)


@pytest.mark.parametrize(
    "text",
    ["FREQ=WEEKLY;BYDAY=MO,WE", "FREQ=MONTHLY;BYDAY=-1FR,2TU", "FREQ=YEARLY;INTERVAL=2;BYMONTH=2",
     "FREQ=DAILY;COUNT=5;WKST=SU", "FREQ=DAILY;UNTIL=20261231T000000Z"],
)  # fmt: skip
def test_a_rule_is_written_as_it_was_read(text: str) -> None:
    assert rules.parse(rules.text(rules.parse(text))) == rules.parse(text)


class Counting(walking._Walk):
    """A walk that says how far it went."""

    made: list[Counting] = []

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.made.append(self)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;COUNT=1000000000",
        "FREQ=MINUTELY;COUNT=999999999;BYSECOND=0",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=3",
        "FREQ=DAILY;COUNT=999999999999",
        "FREQ=HOURLY;INTERVAL=999999999",
        "FREQ=SECONDLY;BYHOUR=3;BYMINUTE=3;BYSECOND=3;BYYEARDAY=366",
        "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR="
        + ",".join(map(str, range(24))),
    ],
)
@pytest.mark.parametrize("year", [1, 1970, 2026, 9000, 9990])
def test_hostile_rules_cost_a_fixed_number_of_steps(
    text: str, year: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "_Walk", Counting)
    monkeypatch.setattr(walking, "STEPS", 5_000)
    Counting.made.clear()
    start = datetime(year, 1, 1)
    low = datetime(2026, 11, 23)

    found = walking.between(
        rules.parse(text), start, low, low + timedelta(days=7), most=1000
    )

    assert len(found.times) <= 1000
    assert all(walk.steps <= 5_001 for walk in Counting.made)


def test_a_rule_is_entered_near_the_range(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "_Walk", Counting)
    for text in (
        "FREQ=DAILY",
        "FREQ=WEEKLY;BYDAY=MO",
        "FREQ=MONTHLY",
        "FREQ=MINUTELY;INTERVAL=90",
    ):
        Counting.made.clear()
        low = datetime(2026, 11, 23)
        found = walking.between(
            rules.parse(text), datetime(1950, 1, 2), low, low + timedelta(days=7)
        )
        assert found.whole
        assert Counting.made[0].steps < 200, text
