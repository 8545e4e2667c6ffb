"""The words of days, times and numbers, English and German at once."""

from __future__ import annotations

WEEKDAYS: dict[str, int] = {
    "monday": 0, "mon": 0, "montag": 0,
    "tuesday": 1, "tue": 1, "tues": 1, "dienstag": 1,
    "wednesday": 2, "mittwoch": 2, "weds": 2,
    "thursday": 3, "thu": 3, "thur": 3, "thurs": 3, "donnerstag": 3,
    "friday": 4, "fri": 4, "freitag": 4,
    "saturday": 5, "samstag": 5, "sonnabend": 5,
    "sunday": 6, "sonntag": 6,
}  # fmt: skip
"""Names that mean a weekday wherever they stand."""

WEAK_WEEKDAYS: dict[str, int] = {"wed": 2, "sat": 5, "sun": 6}
"""Names that are also plain words: `sun cream`, `sat down`."""

SHORT_WEEKDAYS: dict[str, int] = {
    "mo": 0, "di": 1, "mi": 2, "do": 3, "fr": 4, "sa": 5, "so": 6,
}  # fmt: skip
"""German two-letter names; `do` and `so` are words of both languages."""

ALL_WEEKDAYS: dict[str, int] = WEEKDAYS | WEAK_WEEKDAYS | SHORT_WEEKDAYS

WEEKDAY_HABITS: dict[str, int] = {
    **{name + "s": day for name, day in WEEKDAYS.items() if len(name) > 5},
}
"""`mondays`, `montags`: every Monday."""

MONTHS: dict[str, int] = {
    "january": 1, "jan": 1, "januar": 1, "jänner": 1, "jaenner": 1,
    "february": 2, "feb": 2, "februar": 2, "feber": 2,
    "march": 3, "mar": 3, "märz": 3, "maerz": 3, "mär": 3, "mrz": 3,
    "april": 4, "apr": 4,
    "may": 5, "mai": 5,
    "june": 6, "jun": 6, "juni": 6,
    "july": 7, "jul": 7, "juli": 7,
    "august": 8, "aug": 8,
    "september": 9, "sep": 9, "sept": 9,
    "october": 10, "oct": 10, "oktober": 10, "okt": 10,
    "november": 11, "nov": 11,
    "december": 12, "dec": 12, "dezember": 12, "dez": 12,
}  # fmt: skip

NUMBERS: dict[str, int] = {
    "a": 1, "an": 1, "one": 1, "ein": 1, "eine": 1, "einem": 1, "einer": 1, "einen": 1,
    "two": 2, "zwei": 2, "three": 3, "drei": 3, "four": 4, "vier": 4, "five": 5,
    "fünf": 5, "fuenf": 5, "six": 6, "sechs": 6, "seven": 7, "sieben": 7, "eight": 8,
    "acht": 8, "nine": 9, "neun": 9, "ten": 10, "zehn": 10, "eleven": 11, "elf": 11,
    "twelve": 12, "zwölf": 12, "zwoelf": 12,
}  # fmt: skip

_STEMS = {
    1: ("first", "erste"), 2: ("second", "zweite"), 3: ("third", "dritte"),
    4: ("fourth", "vierte"), 5: ("fifth", "fünfte"), -1: ("last", "letzte"),
}  # fmt: skip
ORDINALS: dict[str, int] = {
    word: number
    for number, (english, german) in _STEMS.items()
    for word in (english, german, german + "n", german + "r", german + "s")
}
"""`first`, `letzten`: a place in a month; -1 counts from its end."""

UNITS: dict[str, str] = {
    **dict.fromkeys(("d", "day", "days", "tag", "tage", "tagen"), "day"),
    **dict.fromkeys(("w", "wk", "wks", "week", "weeks", "woche", "wochen"), "week"),
    **dict.fromkeys(("m", "month", "months", "monat", "monate", "monaten"), "month"),
    **dict.fromkeys(("y", "yr", "yrs", "year", "years", "jahr", "jahre", "jahren"), "year"),
    **dict.fromkeys(
        ("h", "hr", "hrs", "hour", "hours", "stunde", "stunden", "std"), "hour"
    ),
    **dict.fromkeys(("min", "mins", "minute", "minutes", "minuten"), "minute"),
    **dict.fromkeys(("quarter", "quarters", "quartal", "quartale", "quartalen"), "quarter"),
}
"""Words of length; a bare `m` is a month beside days and a minute beside hours."""

DAYS: dict[str, int] = {
    "today": 0, "tod": 0, "heute": 0, "tomorrow": 1, "tmr": 1, "tmrw": 1, "tom": 1,
    "morgen": 1, "übermorgen": 2, "uebermorgen": 2, "overmorrow": 2,
    "yesterday": -1, "gestern": -1, "vorgestern": -2,
}  # fmt: skip
"""Words for a day, as days from today."""

WEAK_DAYS = frozenset({"tom", "tod"})
"""A name, and a German noun: only in lower case and where the line could end."""

NEXT = frozenset({"next", "nächste", "nächsten", "nächster", "nächstes", "nächstem",
                  "naechste", "naechsten", "naechster", "naechstes", "naechstem"})  # fmt: skip
COMING = frozenset({"coming", "kommende", "kommenden", "kommender", "kommendes"})
THIS = frozenset({"this", "diese", "diesen", "dieser", "dieses", "diesem"})
LAST = frozenset({"last", "letzte", "letzten", "letzter", "letztes", "vergangene",
                  "vergangenen", "vorige", "vorigen", "voriges"})  # fmt: skip
WEEKEND = frozenset({"weekend", "wochenende"})

DUE = frozenset({"due", "fällig", "faellig", "by", "bis", "until", "till", "on", "am", "den",
                 "the", "zum", "ab", "vom"})  # fmt: skip
"""Words that lead a date and go with it."""

CLOCK: dict[str, int] = {
    "noon": 12, "midday": 12, "mittag": 12, "mittags": 12, "midnight": 0, "mitternacht": 0,
    "mitternachts": 0, "eod": 17, "cob": 17, "feierabend": 17,
}  # fmt: skip
"""Words for an hour of the clock."""

WEAK_CLOCK = frozenset(CLOCK) - {"eod", "cob"}

DAYTIMES: dict[str, int] = {
    "morning": 9, "morgen": 9, "morgens": 9, "früh": 9, "frueh": 9, "vormittag": 10,
    "vormittags": 10, "lunchtime": 12, "mittag": 12, "mittags": 12, "noon": 12,
    "afternoon": 15, "nachmittag": 15, "nachmittags": 15, "evening": 19, "abend": 19,
    "abends": 19, "night": 21, "nacht": 21, "nachts": 21,
}  # fmt: skip
"""Parts of a day and the hour they stand for, after a day or `in the`, `am`."""

AT = frozenset({"at", "um", "by", "bis", "ab", "from", "von", "gegen", "around"})
"""Words that lead a time and go with it."""

TO = frozenset({"-", "to", "bis", "until", "till"})
"""Words between the ends of a range."""

NOT_TIME_AFTER = frozenset({"page", "pages", "pp", "seite", "seiten", "chapter", "chapters",
                            "kapitel", "version", "step", "steps", "room", "raum", "nr",
                            "no", "aged", "alter", "exercise", "exercises", "aufgabe",
                            "aufgaben", "items", "lines"})  # fmt: skip
"""Words after which `9-11` counts something else than hours."""

FOLLOW = frozenset({"with", "mit", "at", "in", "im", "bei", "for", "für", "and", "und", "on",
                    "am", "um", "@", "because", "weil", "via", "über", "from", "von"})  # fmt: skip
"""Words that may stand after a date without making it part of a name."""

EVERY = frozenset({"every", "each", "every!", "jeden", "jede", "jedes", "jeder", "alle",
                   "alle!", "jeden!", "jede!", "jedes!"})  # fmt: skip

PRIORITIES: dict[str, int] = {
    "urgent": 1, "dringend": 1, "important": 2, "wichtig": 2, "high": 2, "hoch": 2,
    "normal": 3, "medium": 3, "mittel": 3, "low": 4, "later": 4, "später": 4, "spaeter": 4,
    "niedrig": 4,
}  # fmt: skip
"""Words of priority behind a `!`."""

PLAIN_PRIORITIES = frozenset({"urgent", "dringend", "wichtig"})
"""Words of priority that need no `!` where the line could end."""

GERMAN_PRIORITIES = frozenset({"normal", "später"})
"""The same, in a German line only."""

NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "weekdays": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        "long_weekdays": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
                          "Saturday", "Sunday"),
        "months": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
                   "Nov", "Dec"),
        "long_months": ("January", "February", "March", "April", "May", "June", "July",
                        "August", "September", "October", "November", "December"),
    },
    "de": {
        "weekdays": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
        "long_weekdays": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag",
                          "Samstag", "Sonntag"),
        "months": ("Jan", "Feb", "März", "Apr", "Mai", "Juni", "Juli", "Aug", "Sep", "Okt",
                   "Nov", "Dez"),
        "long_months": ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli",
                        "August", "September", "Oktober", "November", "Dezember"),
    },
}  # fmt: skip


def language(locale: str) -> str:
    """`de` or `en`, the two languages that things are shown in."""
    return "de" if locale[:2].lower() == "de" else "en"


def day_first(locale: str) -> bool:
    """Whether 5/6 is the fifth of June here (everywhere but in the United States)."""
    return locale.lower().replace("_", "-").partition(".")[0] != "en-us"
