"""Every drawn mark in one place, so that ASCII and linear terminals get their own."""

from __future__ import annotations

from typing import Any

import msgspec


class Glyphs(msgspec.Struct, frozen=True, kw_only=True):
    """Marks of one cell each, strings of equal length, and whether lines may be drawn.

    `ramp` are eight heights from low to high; `parts` the eighths of a horizontal bar;
    `shades` five densities of a heat map from nothing to all.
    """

    cursor: str = "▌"
    here: str = "│"
    mark: str = "●"
    more: str = "…"
    rule: str = "─"
    wall: str = "│"
    cross: str = "┼"
    tee: str = "┬"
    half: str = "╌"
    now: str = "━"
    now_left: str = "▶"
    bullet: str = "•"
    todo: str = "☐"
    done: str = "☑"
    quote: str = "▎"
    arrow: str = "→"
    back: str = "←"
    tag: str = "#"
    warn: str = "▲"
    focus: str = "▍"
    span: str = "▎"
    full: str = "█"
    ramp: str = "▁▂▃▄▅▆▇█"
    parts: str = " ▏▎▍▌▋▊▉█"
    shades: str = "·░▒▓█"
    drawn: bool = True


UNICODE = Glyphs()
"""What every terminal of today shows."""

ASCII = Glyphs(
    cursor=">", here="-", mark="*", more="~", rule="-", wall="|", cross="+", tee="+",
    half=".", now="=", now_left=">", bullet="*", todo="[ ]", done="[x]", quote="|",
    arrow="->", back="<-", warn="!", focus=">", span="|", full="#", ramp="._-=+*%#",
    parts=" .:-=+*##", shades=".:+*#",
)  # fmt: skip
"""Seven bits: old fonts, serial lines, logs."""

LINEAR = Glyphs(
    cursor=">", here="-", mark="*", more="...", rule=" ", wall=" ", cross=" ", tee=" ",
    half=" ", now="-", now_left=">", bullet="-", todo="[ ]", done="[x]", quote=">",
    arrow="to", back="from", warn="!", focus=">", span=" ", full="#", ramp="._-=+*%#",
    parts=" .:-=+*##", shades=".:+*#", drawn=False,
)  # fmt: skip
"""For screen readers: words and lines, nothing drawn."""


def glyphs_of(app: Any) -> Glyphs:
    """The marks the app decided on (`app.glyphs`), else Unicode."""
    return getattr(app, "glyphs", UNICODE)
