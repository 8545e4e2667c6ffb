"""How the app looks and which keys it has, by the settings; wrong ones fall back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from mana_tui import keymap, theme
from modules.sdk.ui.glyphs import ASCII, LINEAR, UNICODE, Glyphs
from storage.errors import ManaError

if TYPE_CHECKING:
    from mana_tui.config import Config
    from mana_tui.paths import Paths


class Appearance:
    """Reads settings for the app. `trouble` is what was wrong with the last one read."""

    def __init__(self, config: Config | None, paths: Paths | None, *, linear: bool) -> None:
        self.config = config
        self.folder = paths.config if paths is not None else None
        self.trouble: ManaError | None = None
        self._linear = linear

    def setting(self, name: str, default: Any) -> Any:
        """A setting's value; the default when it cannot be read."""
        if self.config is None:
            return default
        try:
            return self.config.get(name)
        except ManaError as error:
            self.trouble = error
            return default

    def glyphs(self) -> Glyphs:
        """What lines and marks are drawn with."""
        if self._linear or self.setting("linear", False):
            return LINEAR
        utf8 = "utf" in (sys.stdout.encoding or "utf").lower()
        return ASCII if self.setting("ascii", False) or not utf8 else UNICODE

    def keymap(self) -> keymap.Keymap:
        """The keys in effect."""
        try:
            return keymap.load(self.folder, str(self.setting("keymap", keymap.DEFAULT)))
        except ManaError as error:
            self.trouble = error
            return keymap.load()

    def theme(self, name: str = "") -> theme.ThemeFile:
        """A theme by name, or the one chosen in the settings."""
        wanted = name or str(self.setting("theme", theme.DEFAULT))
        try:
            return theme.load(wanted, self.folder)
        except ManaError as error:
            self.trouble = error
            return theme.load(theme.DEFAULT)

    def keep_theme(self, name: str) -> None:
        """Look like this from now on."""
        if self.config is not None:
            self.config.set("theme", name)

    def signature(self) -> tuple[float, ...]:
        """When the files it reads were last changed: keys apply without a restart."""
        if self.folder is None:
            return ()
        found = []
        for name in ("keys.toml", "config.toml"):
            try:
                found.append((self.folder / name).stat().st_mtime)
            except OSError:
                found.append(0.0)
        return tuple(found)


def textual_theme(chosen: theme.ThemeFile) -> Any:
    """The theme as Textual takes it."""
    from textual.theme import Theme

    return Theme(
        name=chosen.name,
        dark=chosen.dark,
        ansi=chosen.ansi,
        variables=dict(chosen.variables),
        **chosen.colors,  # type: ignore[arg-type]
    )
