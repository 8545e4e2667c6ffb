"""Days, times and moments as people type them and read them, English and German."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from modules.sdk.text.days import match_day
from modules.sdk.text.lexicon import NAMES, day_first, language
from modules.sdk.text.times import match_time
from modules.sdk.text.tokens import Found, Here, Token, When, words_of
from storage.errors import UserError

MOST = 200
"""No day or time takes more characters than this."""

DAY_HINT = "like today, fri, 24.12., dec 24, 2026-12-24, +3d, in 2 weeks, next week"
TIME_HINT = "like 9:00, 14:30, 9am, noon"


def parse_day(text: str, today: date, locale: str = "en", *, past: bool = False) -> date:
    """A day; without a year the next one there is, or the latest when `past` is set.

    UserError when the text is anything else than one day.
    """
    here = Here(datetime.combine(today, time()), locale, past)
    words = _words(text)
    found = match_day(words, 0, here) if words else None
    if found and found.end == len(words) and found.kind == "day" and found.value.day:
        return found.value.day
    found = _bare_day(words, here)
    if found:
        return found
    raise UserError(f"{_said(text)} is not a day.", hint=DAY_HINT)


def parse_time(text: str, locale: str = "en") -> time:
    """A time of day; UserError when the text is anything else."""
    words = _words(text)
    found = match_time(words, 0) if words else None
    if found and found.end == len(words) and found.value.end is None:
        return found.value.start
    raise UserError(f"{_said(text)} is not a time of day.", hint=TIME_HINT)


def parse_moment(
    text: str, now: datetime, locale: str = "en", *, past: bool = False
) -> datetime:
    """An aware instant in the zone of `now`: `tomorrow 9:00`, `2026-12-24T09:00+01:00`.

    A day alone is its first minute; a time alone is the next such time (or the latest
    when `past` is set). A local time that does not exist in a change of clocks is moved
    on by the change. UserError when the text is anything else.
    """
    if text.strip().lower() in ("now", "jetzt"):
        return now
    exact = _iso_moment(text.strip(), now)
    if exact is not None:
        return exact
    when = parse_when(text, now, locale, past=past)
    if when is None or when.last_day is not None or when.end is not None:
        raise UserError(
            f"{_said(text)} is not a day and time.", hint="like tomorrow 9:00, 24.12. 14:30"
        )
    day = when.day or _day_of_time(when.start, now, past)
    return local(day, when.start or time(), now)


def parse_when(
    text: str, now: datetime, locale: str = "en", *, past: bool = False
) -> When | None:
    """A day, a time or both, in any order; None when there is anything else."""
    words, here = _words(text), Here(now, locale, past)
    at, day, clock = 0, None, None
    while at < len(words):
        found = match_time(words, at) if at and day else None
        found = found or match_day(words, at, here) or match_time(words, at)
        if found is None:
            return None
        day, clock = _join(found, day, clock)
        at = found.end
    if day is None and clock is None:
        return None
    day, clock = day or When(), clock or When()
    return When(day.day, day.last_day, clock.start, clock.end)


def _join(
    found: Found, day: When | None, clock: When | None
) -> tuple[When | None, When | None]:
    value = found.value
    if value.day is not None:
        day = value
    if value.start is not None:
        clock = value
    return day, clock


def local(day: date, clock: time, now: datetime) -> datetime:
    """A wall time in the zone of `now`; one that a change of clocks skips moves on by it."""
    zone = now.tzinfo
    wall = datetime.combine(day, clock, zone)
    if zone is None:
        return wall
    from datetime import UTC

    return wall.astimezone(UTC).astimezone(zone)


def _day_of_time(clock: time | None, now: datetime, past: bool) -> date:
    today = now.date()
    if clock is None or past:
        return today
    return today if clock > now.time().replace(tzinfo=None) else today + timedelta(days=1)


def _iso_moment(text: str, now: datetime) -> datetime | None:
    if len(text) < 11 or not text[:4].isdigit() or text[10:11] not in ("T", "t", " "):
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else local(found.date(), found.time(), now)


def _bare_day(words: list[Token], here: Here) -> date | None:
    """Alone, `24.12`, `the 24th`, `So` and `weekend` can only be days."""
    for lead in ("on", "this"):
        led = [Token(lead, lead, 0, 0), *words]
        found = match_day(led, 0, here) if words else None
        if found and found.end == len(led) and found.kind == "day":
            return found.value.day
    return None


def _words(text: str) -> list[Token]:
    return words_of(text) if len(text) <= MOST else []


def _said(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


# --- for people ----------------------------------------------------------------------------

_NEAR = {
    "en": {-1: "yesterday", 0: "today", 1: "tomorrow"},
    "de": {-2: "vorgestern", -1: "gestern", 0: "heute", 1: "morgen", 2: "übermorgen"},
}


def format_day(
    day: date, today: date | None = None, locale: str = "en", *, near: bool = True
) -> str:
    """`today`, `Tue` within a week, `Tue 24 Nov`, with the year when it is another one.

    `near=False` leaves out the words for days close to `today`.
    """
    speech = language(locale)
    if today is not None and near:
        away = (day - today).days
        if away in _NEAR[speech]:
            return _NEAR[speech][away]
        if 1 < away < 7:
            return NAMES[speech]["weekdays"][day.weekday()]
    return f"{NAMES[speech]['weekdays'][day.weekday()]} {format_date(day, today, locale)}"


def format_date(day: date, today: date | None = None, locale: str = "en") -> str:
    """`24 Nov`, `Nov 24`, `24. Nov`; with the year when it is another than today's."""
    speech = language(locale)
    month = NAMES[speech]["months"][day.month - 1]
    if speech == "de":
        said = f"{day.day}. {month}"
        year = f" {day.year}"
    else:
        said = f"{day.day} {month}" if day_first(locale) else f"{month} {day.day}"
        year = f" {day.year}" if day_first(locale) else f", {day.year}"
    return said + (year if today is not None and day.year != today.year else "")


def format_time(clock: time, locale: str = "en") -> str:
    """`14:05`; `2:05 PM` where clocks have twelve hours."""
    if day_first(locale):
        return f"{clock.hour:02}:{clock.minute:02}"
    return f"{clock.hour % 12 or 12}:{clock.minute:02} {'AM' if clock.hour < 12 else 'PM'}"


def format_moment(
    moment: datetime, now: datetime, locale: str = "en", *, near: bool = True
) -> str:
    """A day and a time in the zone of `now`: `tomorrow 09:00`, `Tue 24 Nov 14:30`."""
    there = moment.astimezone(now.tzinfo) if moment.tzinfo and now.tzinfo else moment
    day = format_day(there.date(), now.date(), locale, near=near)
    return f"{day} {format_time(there.time(), locale)}"


def format_ago(moment: datetime, now: datetime, locale: str = "en") -> str:
    """`just now`, `5 min ago`, `3 h ago`, then the day."""
    seconds = (now - moment).total_seconds()
    german = language(locale) == "de"
    if 0 <= seconds < 60:
        return "gerade eben" if german else "just now"
    if 0 <= seconds < 3600:
        minutes = int(seconds // 60)
        return f"vor {minutes} min" if german else f"{minutes} min ago"
    if 0 <= seconds < 6 * 3600:
        hours = int(seconds // 3600)
        return f"vor {hours} h" if german else f"{hours} h ago"
    there = moment.astimezone(now.tzinfo) if moment.tzinfo and now.tzinfo else moment
    return format_day(there.date(), now.date(), locale)


def format_month(day: date, locale: str = "en") -> str:
    """`November 2026`."""
    return f"{NAMES[language(locale)]['long_months'][day.month - 1]} {day.year}"


def weekday_names(locale: str = "en", *, long: bool = False) -> tuple[str, ...]:
    """Seven names from Monday on."""
    return NAMES[language(locale)]["long_weekdays" if long else "weekdays"]


def month_names(locale: str = "en", *, long: bool = False) -> tuple[str, ...]:
    """Twelve names from January on."""
    return NAMES[language(locale)]["long_months" if long else "months"]
