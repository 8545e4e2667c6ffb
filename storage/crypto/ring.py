"""The operating system's keyring, where a system has no memory folder for sessions."""

from __future__ import annotations

from storage.errors import Refused

SERVICE = "mana"
SAFE = ("SecretService", "kwallet", "macOS", "Windows", "libsecret")
"""Backends that encrypt; anything else (plain files, none at all) is not used."""


def usable() -> bool:
    """Whether there is a keyring that encrypts what it holds."""
    import keyring

    return type(keyring.get_keyring()).__module__.rpartition(".")[2] in SAFE


def get(name: str) -> bytes | None:
    """What is kept under a name, or None."""
    if not usable():
        return None
    import keyring

    said = keyring.get_password(SERVICE, name)
    return bytes.fromhex(said) if said else None


def put(name: str, data: bytes) -> None:
    """Keep bytes; Refused where no keyring can."""
    if not usable():
        raise Refused(
            "This system has no memory folder (tmpfs) and no keyring to keep a session in.",
            hint="set MANA_PASSWORD_COMMAND, or XDG_RUNTIME_DIR to a folder on a tmpfs",
        )
    import keyring

    keyring.set_password(SERVICE, name, data.hex())


def remove(name: str) -> bool:
    """Forget what is kept under a name; whether there was anything."""
    if get(name) is None:
        return False
    import keyring

    keyring.delete_password(SERVICE, name)
    return True
