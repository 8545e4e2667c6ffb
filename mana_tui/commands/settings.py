"""Places, settings, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from modules.sdk.command import command
from modules.sdk.field import Line, says
from modules.sdk.listing import Col, Listing, Row, Said
from storage.errors import UserError

if TYPE_CHECKING:
    pass
from mana_tui.setup import Setup


@command("Show paths", effect="read")
def paths(setup: Setup) -> Said:
    """Where the vault, settings, state, cache and runtime files are."""
    found = setup.paths.as_dict()
    return Said(
        text="\n".join(f"{name:8} {path}" for name, path in found.items()), data=found
    )


def config_listing(setup: Setup, result: dict[str, Any]) -> Listing:
    """Settings: name, value, where it comes from."""
    return Listing(
        columns=(Col(title="name", style="cyan"), Col(title="value", style="bold"), Col(title="from", style="dim"),
                 Col(title="what", grow=True)),
        rows=tuple(Row((n, _spelled(s["value"]), s["from"], s["title"])) for n, s in result.items()),
    )  # fmt: skip


@command(
    "List settings",
    name="config.list",
    effect="read",
    show="mana_tui.commands.settings:config_listing",
)
def config_list(setup: Setup) -> dict[str, Any]:
    """Every setting with its value and where it comes from."""
    return setup.config.describe()


@command("Read a setting", name="config.get", effect="read")
def config_get(setup: Setup, name: Line) -> Said:
    """One setting's value."""
    value = setup.config.get(name)
    return Said(text=_spelled(value), data=value)


@command("Change a setting", name="config.set", batch=False)
def config_set(setup: Setup, name: Line, value: str) -> Said:
    """Change a setting in config.toml; comments stay."""
    if name == "theme":
        from mana_tui.theme import load

        load(value, setup.paths.config)
    stored = setup.config.set(name, value)
    return Said(text=f"{name} = {_spelled(stored)}", data={name: stored})


@command("Reset a setting", name="config.unset", batch=False)
def config_unset(setup: Setup, name: Line) -> Said:
    """Take a setting out of config.toml: its default holds again."""
    setup.config.unset(name)
    value = setup.config.get(name)
    return Said(text=f"{name} = {_spelled(value)}", data={name: value})


def _spelled(value: Any) -> str:
    """A setting's value as a person would write it; nothing for what is not set."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        import shlex

        return shlex.join(map(str, value))
    return str(value)


@command("Check the settings", name="config.check", effect="read")
def config_check(setup: Setup) -> Said:
    """Name every mistake in config.toml with its line and the nearest known key."""
    wrong = setup.config.check()
    if wrong:
        raise UserError("\n".join(wrong))
    return Said(text="config.toml is fine.", data=[])


def keys_listing(setup: Setup, result: list[Any] | Said) -> Listing | Said:
    """The effective keys, by context."""
    if isinstance(result, Said):
        return result
    return Listing(
        columns=(Col(title="context", style="dim"), Col(title="key", style="bold"), Col(title="does", grow=True),
                 Col(title="id", style="cyan")),
        rows=tuple(Row((one["context"], one["key"], one["title"], one["id"])) for one in result),
    )  # fmt: skip


@command("Keys", effect="read", show="mana_tui.commands.settings:keys_listing")
def keys(
    setup: Setup,
    check: Annotated[bool, says("name conflicts and unknown ids in keys.toml")] = False,
) -> list[dict[str, str]] | Said:
    """The keys as they are in effect: preset, keys.toml and modules together."""
    from mana_tui import keymap

    if check:
        wrong = keymap.check(setup.paths, setup.config)
        if wrong:
            raise UserError("\n".join(wrong))
        return Said(text="keys.toml is fine.", data=[])
    return keymap.listing(setup.paths, setup.config)
