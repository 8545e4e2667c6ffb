"""Settings: flag > environment > space > config.toml > default."""

from __future__ import annotations

import os
import types
import typing
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec

from mana_tui.paths import Paths
from mana_tui.settings import SHELL
from modules.sdk.setting import Setting
from storage.errors import NotFound, UserError

MOST_BYTES = 2**20
OTHER_VARIABLES = frozenset({"MANA_HOME", "MANA_PROFILE"})


class Config:
    """What a person chose. Values are checked against the setting's type when read.

    `flags` are values given for this run, by setting id. Settings of modules are found
    through their manifests: asking for `todo.x` loads the module todo and no other.
    """

    def __init__(
        self,
        paths: Paths,
        *,
        flags: Mapping[str, Any] | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.paths = paths
        self.flags = dict(flags or {})
        self.environ = os.environ if environ is None else environ
        self._file: dict[str, Any] | None = None

    # --- reading -------------------------------------------------------------------

    def get(self, name: str, space: Mapping[str, Any] | None = None) -> Any:
        """The value of a setting by id; `space` holds the active space's own values."""
        return self.find(name, space)[0]

    def source(self, name: str, space: Mapping[str, Any] | None = None) -> str:
        """Where the value comes from: flag, environment, space, config, device, default."""
        return self.find(name, space)[1]

    def find(self, name: str, space: Mapping[str, Any] | None = None) -> tuple[Any, str]:
        """(value, source); NotFound for an unknown id, UserError for a wrong value."""
        setting = self.setting(name)
        for source, where, value in self._candidates(
            name, setting, {} if space is None else space
        ):
            if value is not None:
                return checked(value, setting, where), source
        return setting.default, "default"

    def setting(self, name: str) -> Setting:
        """The declaration of a setting, or NotFound naming the nearest."""
        module, dot, rest = name.partition(".")
        for one in _of_module(module) if dot else SHELL:
            if one.name == (rest if dot else name):
                return one
        nearest = _nearest(name, self.names())
        raise NotFound(
            f"There is no setting {name!r}.",
            hint=f"did you mean {nearest}?" if nearest else "mana config list",
        )

    def names(self) -> list[str]:
        """Every setting's id, the shell's first; loads every module."""
        return [name for name, _ in self.settings()]

    def settings(self) -> Iterator[tuple[str, Setting]]:
        """Every (id, declaration)."""
        from modules.sdk import registry

        for one in SHELL:
            yield one.name, one
        for module in registry.all_modules():
            for one in module.settings:
                yield f"{module.name}.{one.name}", one

    def describe(self, space: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Every setting by id: value, from, default, title, help, level."""
        return {
            name: {
                "value": self.get(name, space),
                "from": self.source(name, space),
                "default": one.default,
                "title": one.title,
                "help": one.help,
                "level": one.level,
            }
            for name, one in self.settings()
        }

    # --- writing -------------------------------------------------------------------

    def set(self, name: str, value: Any) -> Any:
        """Store a value in config.toml (or the device's state); returns it as it reads.

        Comments, order and spacing of the file stay.
        """
        setting = self.setting(name)
        ready = checked(value, setting, name)
        plain = value if isinstance(ready, timedelta) else msgspec.to_builtins(ready)
        if setting.level == "device":
            self._set_device(name, plain)
        else:
            self._edit(name, plain)
        return ready

    def unset(self, name: str) -> bool:
        """Take a setting out of config.toml; whether it was there. Unknown ids may go too."""
        if "." not in name or _declared(self, name):
            setting = self.setting(name)
            if setting.level == "device":
                return self._set_device(name, None)
        return self._edit(name, None)

    def reload(self) -> None:
        """Read config.toml again when it is next asked."""
        self._file = None

    def check(self) -> list[str]:
        """Every mistake in config.toml and the environment, with line and nearest key."""
        from mana_tui.configcheck import check

        return check(self)

    # --- where values come from --------------------------------------------------------

    def _candidates(
        self, name: str, setting: Setting, space: Mapping[str, Any]
    ) -> Iterator[tuple[str, str, Any]]:
        yield "flag", f"--{name}", self.flags.get(name)
        variable = variable_of(name)
        yield "environment", variable, self.environ.get(variable) or None
        if setting.level == "space":
            yield "space", f"the space's {name}", space.get(name)
        if setting.level == "device":
            yield "device", name, self._device().get(name)
        yield "config", f"{name} in config.toml", _lookup(self.file(), name)

    def file(self) -> dict[str, Any]:
        """config.toml as it is; empty when there is none. UserError with the line."""
        if self._file is None:
            self._file = _parse(self.text())
        return self._file

    def text(self) -> str:
        """The text of config.toml, or empty."""
        path = self.paths.config_file
        try:
            with path.open("rb") as file:
                data = file.read(MOST_BYTES + 1)
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError as error:
            raise UserError(f"{path} cannot be read: {error.strerror}.") from None
        if len(data) > MOST_BYTES:
            raise UserError(f"{path} is larger than 1 MB.")
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UserError(f"{path} is not UTF-8 text.") from None

    def _edit(self, name: str, value: Any) -> bool:
        import tomlkit
        from tomlkit.exceptions import TOMLKitError

        from storage.private import write_private

        text = self.text()
        _parse(text)
        try:
            document = tomlkit.parse(text)
        except TOMLKitError as error:
            raise UserError(f"config.toml: {error}", hint="mana config check") from None
        changed = _change(document, name, value)
        if changed:
            self.paths.make_config()
            write_private(self.paths.config_file, tomlkit.dumps(document).encode())
            self.reload()
        return changed

    def _device(self) -> Mapping[str, Any]:
        from mana_tui.session import read_state

        found = read_state(self.paths).get("settings")
        return found if isinstance(found, dict) else {}

    def _set_device(self, name: str, value: Any) -> bool:
        from mana_tui.session import write_state

        held = dict(self._device())
        changed = held.get(name) != value
        if value is None:
            held.pop(name, None)
        else:
            held[name] = value
        write_state(self.paths, "settings", held)
        return changed


def variable_of(name: str) -> str:
    """The environment variable of a setting: `todo.sort` is MANA_TODO__SORT."""
    return "MANA_" + name.replace(".", "__").replace("-", "_").upper()


def _of_module(module: str) -> tuple[Setting, ...]:
    from modules.sdk import registry

    try:
        return registry.load(module).settings
    except NotFound:
        return ()


def _declared(config: Config, name: str) -> bool:
    try:
        config.setting(name)
    except NotFound:
        return False
    return True


def _nearest(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, known, 1, 0.5)), "")


def _lookup(table: Mapping[str, Any], name: str) -> Any:
    found: Any = table
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _parse(text: str) -> dict[str, Any]:
    if not text:
        return {}
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        last = f"at line {text.rstrip().count(chr(10)) + 1}"
        said = str(error).replace("at end of document", last)
        raise UserError(f"config.toml: {said}.", hint="mana config check") from None


def _change(document: Any, name: str, value: Any) -> bool:
    *tables, last = name.split(".")
    table = document
    for part in tables:
        if part not in table:
            if value is None:
                return False
            import tomlkit

            table[part] = tomlkit.table()
        table = table[part]
        if not hasattr(table, "keys"):
            raise UserError(f"{part!r} in config.toml is not a table.")
    if value is None:
        return table.pop(last, None) is not None
    changed = last not in table or table[last] != value
    table[last] = value
    return changed


# --- values ---------------------------------------------------------------------------------


def checked(value: Any, setting: Setting, where: str) -> Any:
    """A value as the setting's type; UserError that says where it came from."""
    try:
        return msgspec.convert(_prepared(value, setting.type), setting.type, strict=False)
    except (msgspec.ValidationError, ValueError) as error:
        shown = str(value)[:60]
        reason = str(error).partition(" - at ")[0]
        raise UserError(
            f"{where} cannot be {shown!r}: {reason}.",
            hint=setting.help or f"the default is {setting.default!r}",
        ) from None


def _prepared(value: Any, annotation: Any) -> Any:
    if not isinstance(value, str):
        return value
    plain = _plain(annotation)
    if plain is timedelta:
        from modules.sdk.text.durations import parse_duration

        return parse_duration(value)
    if typing.get_origin(plain) in (tuple, list, frozenset, set):
        return _words(value)
    if typing.get_origin(plain) is typing.Literal:
        return _choice(value, typing.get_args(plain))
    if plain is bool:
        return {"yes": True, "on": True, "no": False, "off": False}.get(
            value.lower(), value.lower()
        )
    return value


def _plain(annotation: Any) -> Any:
    """The type itself, out of Annotated and `| None`."""
    while True:
        origin = typing.get_origin(annotation)
        if origin is typing.Annotated:
            annotation = typing.get_args(annotation)[0]
        elif origin in (typing.Union, types.UnionType):
            left = [a for a in typing.get_args(annotation) if a is not type(None)]
            if len(left) != 1:
                return annotation
            annotation = left[0]
        else:
            return annotation


def _words(text: str) -> list[Any]:
    if text.lstrip().startswith("["):
        return msgspec.json.decode(text)
    import shlex

    return shlex.split(text)


def _choice(text: str, choices: tuple[Any, ...]) -> Any:
    return next((one for one in choices if str(one) == text), text)
