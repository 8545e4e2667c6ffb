"""VTIMEZONE: definitions read into tables of changes, and written for IANA zones."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta, tzinfo
from hashlib import blake2b

from modules.calendar import rule as rules
from modules.calendar import walking
from modules.calendar.formats.lines import Item, Part, parts
from modules.calendar.formats.values import BadValue, moment_of
from modules.calendar.model import Zone
from modules.calendar.zones import TableZone, guess, iana
from storage.errors import UserError

_OFFSET = re.compile(r"([+-])(\d{2})(\d{2})(\d{2})?")
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - wall time
_UNTIL = datetime(2051, 1, 1)  # noqa: DTZ001 - wall time
MOST_CHANGES = 2_000


class Definitions:
    """The zones a file defines, and what its TZIDs mean."""

    def __init__(self) -> None:
        self.items: dict[str, Item] = {}
        self.used: dict[str, Zone] = {}
        self.problems: list[tuple[Item, str]] = []
        self._known: dict[str, tzinfo | None] = {}

    def add(self, item: Item) -> None:
        """Take a VTIMEZONE; the first of a name counts."""
        own, _, _ = parts(item.lines)
        tzid = next((p.value.strip() for p in own if p.name == "TZID"), "")
        if tzid:
            self.items.setdefault(tzid, item)
        else:
            self.problems.append((item, "The time zone has no name (TZID)."))

    def __call__(self, tzid: str) -> tzinfo | None:
        """The zone of a TZID: IANA's by name or by a known alias, else the file's own."""
        if tzid not in self._known:
            self._known[tzid] = self._find(tzid)
        return self._known[tzid]

    def _find(self, tzid: str) -> tzinfo | None:
        if name := guess(tzid):
            return iana(name)
        item = self.items.get(tzid)
        if item is None:
            return None
        own, _, _ = parts(item.lines)
        for one in own:
            if one.name == "X-LIC-LOCATION" and (found := iana(one.value.strip())):
                return found
        try:
            zone = zone_of(tzid, item)
        except UserError as error:
            self.problems.append((item, str(error)))
            return None
        self.used[zone.name] = zone
        return TableZone(zone.name, zone.offset, zone.changes)


def zone_of(tzid: str, item: Item) -> Zone:
    """A definition as a table of changes; its name carries a hash of what it says."""
    _, inside, _ = parts(item.lines)
    changes: list[tuple[int, int, int]] = []
    for name, lines in inside[:400]:
        if name in ("STANDARD", "DAYLIGHT"):
            changes += _onsets(lines)
    if not changes:
        raise BadValue(f"The time zone {tzid[:60]!r} says no offset.")
    changes.sort()
    body = "\n".join(line for line in item.lines if not line.upper().startswith("TZID"))
    mark = "~" + blake2b(body.encode(), digest_size=3).hexdigest()
    return Zone(
        name=tzid[:200] if tzid.endswith(mark) else tzid[:200] + mark,
        offset=changes[0][1],
        changes=tuple((at, after) for at, _, after in changes),
        raw=item.raw,
    )


def _onsets(lines: list[str]) -> list[tuple[int, int, int]]:
    """(instant, offset before, offset after) of each time a part of a zone begins."""
    own, _, _ = parts(lines)
    said: dict[str, Part] = {one.name: one for one in own}
    if not {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"} <= said.keys():
        raise BadValue("A part of the time zone lacks its start or its offsets.")
    before, after = _offset(said["TZOFFSETFROM"].value), _offset(said["TZOFFSETTO"].value)
    start = _local(said["DTSTART"].value)
    walls = {start}
    for one in own:
        if one.name == "RDATE":
            walls |= {_local(text) for text in one.value.split(",")[:1000] if text.strip()}
        elif one.name == "RRULE":
            rule = rules.parse(one.value.strip())
            walls |= set(_ruled(rule, start, before))
    return [
        ((wall - _EPOCH) // timedelta(seconds=1) - before, before, after)
        for wall in sorted(walls)[:MOST_CHANGES]
    ]


def _ruled(rule: rules.Rule, start: datetime, before: int) -> tuple[datetime, ...]:
    until = None
    if rule.until:
        said = rules.parse_until(rule.until)
        until = (
            _local(rule.until)
            if isinstance(said, datetime)
            else _local(rule.until + "T000000")
        )
        if rule.until.endswith("Z"):
            until += timedelta(seconds=before)
    return walking.between(rule, start, start, _UNTIL, until=until, most=MOST_CHANGES).times


def _local(text: str) -> datetime:
    found = moment_of(text.strip().split("/")[0], {}, lambda _: None, "DTSTART")
    if not isinstance(found, datetime):
        return datetime.combine(found, time())
    return found.replace(tzinfo=None)


def _offset(text: str) -> int:
    found = _OFFSET.fullmatch(text.strip())
    if not found:
        raise BadValue(f"An offset cannot be {text[:40]!r}.")
    sign, hours, minutes, seconds = found.groups()
    away = int(hours) * 3600 + int(minutes) * 60 + int(seconds or 0)
    if away >= 86_400:
        raise BadValue(f"An offset cannot be {text[:40]!r}.")
    return away if sign == "+" else -away


# --- writing ---------------------------------------------------------------------------------


def definition(name: str, years: Iterable[int]) -> list[str]:
    """The VTIMEZONE of an IANA zone over some years, as unfolded lines; none for UTC."""
    zone = iana(name)
    span = list(years)
    if zone is None or zone is UTC or not span:
        return []
    kinds: dict[tuple[str, int, int, str], list[datetime]] = {}
    low = datetime(max(min(span), 1970), 1, 1, tzinfo=UTC)
    high = datetime(min(max(span) + 1, 2051), 1, 1, tzinfo=UTC)
    for at, before in _changes(zone, low, high):
        after = at.astimezone(zone)
        kind = "DAYLIGHT" if after.dst() else "STANDARD"
        key = (kind, before, _seconds(after), after.tzname() or "")
        kinds.setdefault(key, []).append(
            (at + timedelta(seconds=before)).replace(tzinfo=None)
        )
    lines = ["BEGIN:VTIMEZONE", f"TZID:{name}", f"X-LIC-LOCATION:{name}"]
    for (kind, before, after, label), walls in kinds.items():
        lines += [f"BEGIN:{kind}", f"DTSTART:{walls[0]:%Y%m%dT%H%M%S}"]
        lines += [f"RDATE:{','.join(f'{w:%Y%m%dT%H%M%S}' for w in walls[1:])}"] * (
            len(walls) > 1
        )
        lines += [f"TZOFFSETFROM:{_sign(before)}", f"TZOFFSETTO:{_sign(after)}"]
        lines += [f"TZNAME:{label}", f"END:{kind}"]
    return [*lines, "END:VTIMEZONE"]


def _changes(zone: tzinfo, low: datetime, high: datetime) -> list[tuple[datetime, int]]:
    """(instant, offset before) of the first moment and of every change of offset after it."""
    found = [(low, _seconds(low.astimezone(zone)))]
    step = timedelta(days=14)
    at = low
    while at < high:
        ahead = min(at + step, high)
        before = _seconds(at.astimezone(zone))
        if _seconds(ahead.astimezone(zone)) != before:
            near, far = at, ahead
            while far - near > timedelta(seconds=1):
                middle = near + (far - near) // 2
                if _seconds(middle.astimezone(zone)) == before:
                    near = middle
                else:
                    far = middle
            found.append((far.replace(microsecond=0), before))
        at = ahead
    return found


def _seconds(at: datetime) -> int:
    return int((at.utcoffset() or timedelta()).total_seconds())


def _sign(seconds: int) -> str:
    hours, rest = divmod(abs(seconds), 3600)
    text = f"{'-' if seconds < 0 else '+'}{hours:02}{rest // 60:02}"
    return text + (f"{rest % 60:02}" if rest % 60 else "")
