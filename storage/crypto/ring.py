"""The operating system's keyring, for sessions without a memory folder and for key slots.

Never asks on the terminal: keyrings that do, or that keep plain files, are not used.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from storage.errors import Refused, UnavailableError

SERVICE = "mana"
SAFE = ("SecretService", "kwallet", "macOS", "Windows", "libsecret")
"""Backends that encrypt; anything else (plain files, none at all) is not used."""

T = TypeVar("T")


def usable() -> bool:
    """Whether there is a keyring that encrypts what it holds."""
    return _backend() is not None


def get(name: str) -> bytes | None:
    """What is kept under a name, or None; UnavailableError when the keyring fails."""
    backend = _backend()
    if backend is None:
        return None
    said = _asked(lambda: backend.get_password(SERVICE, name))
    try:
        return bytes.fromhex(said) if said else None
    except ValueError:
        return None  # somebody else's entry


def put(name: str, data: bytes) -> None:
    """Keep bytes; Refused where no keyring can, UnavailableError when it fails."""
    backend = _backend()
    if backend is None:
        raise Refused(
            "This system has no memory folder (tmpfs) and no keyring to keep a session in.",
            hint="set MANA_PASSWORD_COMMAND, or XDG_RUNTIME_DIR to a folder on a tmpfs",
        )
    _asked(lambda: backend.set_password(SERVICE, name, data.hex()))


def remove(name: str) -> bool:
    """Forget what is kept under a name; whether there was anything."""
    backend = _backend()
    if backend is None or get(name) is None:
        return False
    _asked(lambda: backend.delete_password(SERVICE, name))
    return True


def _backend() -> Any:
    """The keyring that encrypts, or None; one behind a chain of several is found too."""
    import keyring

    try:
        found = keyring.get_keyring()
        chained = getattr(found, "backends", ()) if _is("chainer", found) else ()
    except Exception:  # noqa: BLE001 - any library of any desktop may be behind it
        return None
    return next((one for one in (found, *chained) if _is_safe(one)), None)


def _is(name: str, backend: object) -> bool:
    return type(backend).__module__.rpartition(".")[2] == name


def _is_safe(backend: object) -> bool:
    return any(_is(name, backend) for name in SAFE)


def _asked(question: Callable[[], T]) -> T:
    """Whatever a desktop's library raises becomes one sentence: no bus, a locked ring."""
    try:
        return question()
    except Exception as error:  # noqa: BLE001 - see above
        raise UnavailableError(
            f"The system's keyring does not answer ({type(error).__name__}).",
            hint="unlock it, or use the passphrase",
        ) from None
