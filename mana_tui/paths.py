"""Where everything is: config, data, state, cache and runtime folders, per profile."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from storage.errors import UserError
from storage.private import make_folder, make_private

APP = "mana"
DEFAULT_PROFILE = "default"


class Paths(msgspec.Struct, frozen=True, kw_only=True):
    """The folders of one profile. Nothing is made before something is written.

    `config` holds config.toml, keys.toml, themes; it is shared by profiles and may be
    readable by others (dotfiles are). `data` is the vault's folder. `state` keeps what
    this device remembers, without content. `runtime` is lost at logout.
    """

    profile: str
    config: Path
    data: Path
    state: Path
    cache: Path
    runtime: Path

    @classmethod
    def find(
        cls, profile: str | None = None, environ: Mapping[str, str] | None = None
    ) -> Paths:
        """The folders of a profile (else `MANA_PROFILE`, else `default`).

        `MANA_HOME` puts all of them under one folder.
        """
        env = os.environ if environ is None else environ
        name = _checked(profile or env.get("MANA_PROFILE") or DEFAULT_PROFILE)
        home = env.get("MANA_HOME")
        roots = _under(Path(home).expanduser().absolute()) if home else _system(env)
        return cls(
            profile=name,
            config=roots["config"],
            data=roots["data"] / name,
            state=roots["state"] / name,
            cache=roots["cache"] / name,
            runtime=roots["runtime"],
        )

    @property
    def config_file(self) -> Path:
        """The settings."""
        return self.config / "config.toml"

    @property
    def keys_file(self) -> Path:
        """The person's own keys."""
        return self.config / "keys.toml"

    @property
    def state_file(self) -> Path:
        """What this device remembers between runs."""
        return self.state / "device.json"

    def make_data(self) -> Path:
        """The vault's folder, made if missing; Refused when open to other people."""
        return make_private(self.data)

    def make_state(self) -> Path:
        """The state folder, made if missing."""
        return make_folder(self.state)

    def make_cache(self) -> Path:
        """The cache folder, made if missing."""
        return make_folder(self.cache)

    def make_config(self) -> Path:
        """The config folder, made if missing."""
        return make_folder(self.config)

    def as_dict(self) -> dict[str, str]:
        """Names and absolute paths, as `mana paths --json` prints them."""
        named = {name: str(getattr(self, name)) for name in self.__struct_fields__}
        return named | {"config_file": str(self.config_file), "vault": str(self.data)}


def _checked(profile: str) -> str:
    plain = profile.isascii() and profile.replace("-", "").replace("_", "").isalnum()
    if not plain or len(profile) > 40 or profile.startswith("-"):
        raise UserError(
            f"{profile[:60]!r} cannot be a profile.",
            hint="letters, digits, - and _, at most 40",
        )
    return profile


def _under(home: Path) -> dict[str, Path]:
    names = {"runtime": "run"}
    all_of_them = ("config", "data", "state", "cache", "runtime")
    return {name: home / names.get(name, name) for name in all_of_them}


def _system(env: Mapping[str, str]) -> dict[str, Path]:
    if sys.platform in ("darwin", "win32"):
        return _asked()
    home = Path(env.get("HOME") or os.path.expanduser("~"))  # noqa: PTH111 - no HOME: passwd
    return {
        "config": _xdg(env, "XDG_CONFIG_HOME", home / ".config"),
        "data": _xdg(env, "XDG_DATA_HOME", home / ".local/share"),
        "state": _xdg(env, "XDG_STATE_HOME", home / ".local/state"),
        "cache": _xdg(env, "XDG_CACHE_HOME", home / ".cache"),
        "runtime": _runtime(env),
    }


def _xdg(env: Mapping[str, str], name: str, default: Path) -> Path:
    """What platformdirs says, without its 20 ms: the specification ignores relative ones."""
    told = env.get(name, "").strip()
    return (Path(told) if told.startswith("/") else default) / APP


def _runtime(env: Mapping[str, str]) -> Path:
    told = env.get("XDG_RUNTIME_DIR", "").strip()
    if told.startswith("/"):
        return Path(told, APP)
    return Path(f"/dev/shm/{APP}-{os.getuid()}")  # noqa: S108 - made 0700, owner checked


def _asked() -> dict[str, Path]:
    from platformdirs import PlatformDirs

    dirs = PlatformDirs(APP, appauthor=False)
    return {
        "config": dirs.user_config_path,
        "data": dirs.user_data_path,
        "state": dirs.user_state_path / "state",
        "cache": dirs.user_cache_path,
        "runtime": dirs.user_runtime_path,
    }
