"""Key slots: the ways into the vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from mana_tui.setup import Setup
from modules.sdk.command import command
from modules.sdk.field import Line, says
from modules.sdk.listing import Col, Listing, Row, Said
from storage.errors import UserError

if TYPE_CHECKING:
    from storage.crypto.ways import Way

Kind = Annotated[Literal["passphrase", "keyring", "command"], says("what is to open it")]

ADDED = {
    "passphrase": "The new passphrase, like the one before,",
    "keyring": "This system's keyring",
    "command": "What password_command prints",
}


def slots_listing(setup: Setup, result: list[Way]) -> Listing:
    """A line a way: its id, what it is, since when, what a guess costs."""
    return Listing(
        columns=(
            Col(title="id", style="cyan"),
            Col(title="opens with", style="bold", grow=True),
            Col(title="since"),
            Col(title="a guess costs", style="dim"),
        ),
        rows=tuple(
            Row((way.id[-6:], _words(way), way.created[:10], _cost(way))) for way in result
        ),
    )


@command(
    "List key slots",
    name="slots.list",
    effect="read",
    show="mana_tui.commands.slots:slots_listing",
)
def slots_list(setup: Setup) -> list[Any]:
    """The ways into this vault; works while it is locked."""
    from storage.crypto.ways import listed

    return listed(setup.paths.data)


@command("Add a key slot", name="slots.add", batch=False)
def slots_add(setup: Setup, kind: Kind) -> Said:
    """Let another passphrase, the system's keyring or `password_command` open the vault.

    keyring: no passphrase while you are logged in. command: what `password_command` prints.
    The recovery kit: mana recovery new.
    """
    adding = {"passphrase": _passphrase, "keyring": _keyring, "command": _command}
    way = adding[kind](setup)
    return Said(
        text=f"{ADDED[kind]} opens this vault from now on.",
        data={"id": way.id, "kind": way.kind},
    )


@command("Remove a key slot", name="slots.remove", batch=False)
def slots_remove(setup: Setup, id: Line) -> Said:
    """End one way into the vault; the last that you can use yourself stays."""
    from mana_tui.session import key_of
    from storage.crypto import ways
    from storage.crypto.slots import KEYRING

    key = key_of(setup.paths, **setup.secrets)
    way = ways.find(setup.paths.data, id)
    if not setup.given.get("yes"):
        setup.confirm(f"Remove the {_words(way)} of {way.created[:10]}?")
    ways.remove(setup.paths.data, key, way.id)
    if way.kind == KEYRING and not ways.forget_ring(way.id):
        setup.output.say("Its secret is still in the keyring; it opens nothing any more.")
    return Said(
        text=f"The {_words(way)} opens nothing any more.",
        data={"id": way.id, "kind": way.kind},
    )


def _passphrase(setup: Setup) -> Way:
    from mana_tui.commands.vault import new_passphrase
    from mana_tui.session import key_of
    from storage.crypto.kdf import tune
    from storage.crypto.slots import PASSPHRASE
    from storage.crypto.ways import add

    key = key_of(setup.paths, **setup.secrets)
    return add(setup.paths.data, key, PASSPHRASE, new_passphrase(setup), tune())


def _keyring(setup: Setup) -> Way:
    from mana_tui.session import key_of
    from storage.crypto.ways import add_ring

    return add_ring(setup.paths.data, key_of(setup.paths, **setup.secrets))


def _command(setup: Setup) -> Way:
    """Opened in another way if a person is there: what the command prints may be new."""
    from mana_tui.session import key_of, passphrase
    from mana_tui.strength import refuse_weak
    from storage.crypto.kdf import tune
    from storage.crypto.slots import COMMAND
    from storage.crypto.ways import add

    secrets: dict[str, Any] = setup.secrets
    if not secrets["password_command"]:
        raise UserError(
            "There is no password_command.",
            hint='mana config set password_command "pass show mana"',
        )
    others: dict[str, Any] = {
        **secrets,
        **({"password_command": ()} if setup.may_ask else {}),
    }
    key = key_of(setup.paths, **others)
    said = passphrase(None, None, secrets["password_command"])
    refuse_weak(said, accepted=bool(setup.given.get("yes")))
    return add(setup.paths.data, key, COMMAND, said, tune())


def _words(way: Way) -> str:
    from storage.crypto.ways import WORDS

    return WORDS.get(way.kind, f"{way.kind[:40]} (unknown here)")


def _cost(way: Way) -> str:
    cost = way.cost
    return f"{cost.memory_kib // 1024} MiB × {cost.passes}" if cost else ""
