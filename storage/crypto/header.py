"""`keyslots.json`: the public header of a vault, read with suspicion, written whole."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from storage.errors import DamagedError, NoVault, Refused, TooNew
from storage.private import check_private, write_private

NAME = "keyslots.json"
DATABASE = "vault.db"
FORMAT = "mana keyslots"
VERSION = 1
MOST_BYTES = 2**20
MOST_SLOTS = 64
FROM_BACKUP = "mana restore --header puts it back from a backup"

Body = dict[str, Any]


class HeaderMissing(DamagedError):
    """There is a vault, but its keyslots.json is gone."""


class HeaderDamaged(DamagedError):
    """keyslots.json is not what was written."""


class _Identity(msgspec.Struct):
    vault: str


def vault_id(folder: Path) -> str:
    """The vault's id, without checking the rest: what session files are bound to."""
    try:
        found = msgspec.json.decode(_bytes(folder), type=_Identity).vault
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise HeaderDamaged("keyslots.json is damaged.", hint=FROM_BACKUP) from None
    if not (len(found) == 26 and found.isascii() and found.isalnum()):
        raise HeaderDamaged("keyslots.json has no vault id.", hint=FROM_BACKUP)
    return found


def read(folder: Path) -> Body:
    """The header, its form and checksum verified (its MAC only once the key is known)."""
    body = _parse(_bytes(folder))
    if body.get("format") != FORMAT:
        raise _damaged("it is not a mana header")
    if body.get("checksum") != _checksum(body):
        raise _damaged("its checksum does not fit")
    version = body.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _damaged("it has no version")
    if version > VERSION:
        raise TooNew(
            f"This vault's header has format {version}; this program reads up to {VERSION}.",
            hint="update mana",
        )
    _check_form(body)
    return body


def write(folder: Path, body: Body, key: bytes, *, replace: bool = True) -> None:
    """Sign and store a header; `replace=False` never overwrites one."""
    import json

    body["mac"] = _mac(body, key)
    body["checksum"] = _checksum(body)
    text = json.dumps(body, indent=1) + "\n"
    write_private(folder / NAME, text.encode(), replace=replace)


def verify(body: Body, key: bytes) -> None:
    """Check that whoever wrote this header had the vault key; HeaderDamaged if not."""
    import hmac

    if not hmac.compare_digest(str(body.get("mac")).encode(), _mac(body, key).encode()):
        raise _damaged("it was changed by a program that did not have the key")


def bytes_of(value: Any, size: int) -> bytes:
    """Base64 of exactly `size` bytes; HeaderDamaged otherwise."""
    try:
        found = b64decode(value, validate=True)
    except (ValueError, TypeError):
        raise _damaged("a value is not base64") from None
    if len(found) != size:
        raise _damaged("a value has the wrong length")
    return found


def text_of(value: bytes) -> str:
    """Base64, as bytes are written in the header."""
    return b64encode(value).decode()


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """One process at a time changes the header."""
    if os.name != "posix":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _bytes(folder: Path) -> bytes:
    path = folder / NAME
    try:
        check_private(path)
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise _missing(folder) from None
    except (PermissionError, IsADirectoryError):
        raise Refused(
            f"{path} cannot be read.", hint=f"ls -l {path} says whose file it is"
        ) from None
    if len(data) > MOST_BYTES:
        raise _damaged("it is too large")
    return data


def _missing(folder: Path) -> Exception:
    if (folder / DATABASE).exists():
        return HeaderMissing(
            f"There is a vault in {folder}, but its keyslots.json is gone.",
            hint=FROM_BACKUP,
        )
    return NoVault(f"There is no vault in {folder}.", hint="mana init")


def _parse(data: bytes) -> Body:
    import json

    try:
        body = json.loads(data.decode("utf-8"), object_pairs_hook=_unique)
    except (ValueError, RecursionError):
        raise _damaged("it is not JSON") from None
    if not isinstance(body, dict):
        raise _damaged("it is not an object")
    return body


def _unique(pairs: list[tuple[str, Any]]) -> Body:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found


def _check_form(body: Body) -> None:
    slots = body.get("slots")
    if not isinstance(body.get("vault"), str) or not isinstance(slots, list):
        raise _damaged("a part of it is missing")
    if not 1 <= len(slots) <= MOST_SLOTS:
        raise _damaged("it has no key slots, or too many")
    for slot in slots:
        words = isinstance(slot, dict) and (slot.get("id"), slot.get("kind"))
        if not words or not all(isinstance(word, str) and word for word in words):
            raise _damaged("a key slot has no id or kind")
    if len({slot["id"] for slot in slots}) != len(slots):
        raise _damaged("two key slots have the same id")


def _canonical(body: Body, *without: str) -> bytes:
    import json

    kept = {name: value for name, value in body.items() if name not in without}
    return json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()


def _checksum(body: Body) -> str:
    import hashlib

    return text_of(hashlib.sha256(_canonical(body, "checksum")).digest())


def _mac(body: Body, key: bytes) -> str:
    import hmac

    from storage.crypto.kdf import subkey

    signed = _canonical(body, "checksum", "mac")
    return text_of(hmac.digest(subkey(key, "mana/keyslots"), signed, "sha256"))


def _damaged(what: str) -> HeaderDamaged:
    return HeaderDamaged(f"keyslots.json is damaged: {what}.", hint=FROM_BACKUP)
