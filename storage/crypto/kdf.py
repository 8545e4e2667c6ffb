"""Keys from passphrases (Argon2id) and keys from keys (HKDF-SHA256)."""

from __future__ import annotations

import time
import unicodedata
from collections.abc import Callable

import msgspec

from storage.errors import UnavailableError, UserError

KEY_BYTES = 32
SALT_BYTES = 16
LONGEST = 4096
SUBKEY_SALT = b"mana v1"


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What one guess costs: memory in KiB, passes over it, lanes in parallel."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4

    def allowed(self) -> bool:
        """Whether a reader may spend this: a hostile header must not eat the machine."""
        return (
            1 <= self.lanes <= 64
            and 8 * self.lanes <= self.memory_kib <= 4 * 2**20
            and 1 <= self.passes <= 1000
        )


DEFAULT = Cost()
TARGET_SECONDS = 0.2
MOST_PASSES = 16


def passphrase_bytes(passphrase: str) -> bytes:
    """The bytes of a passphrase: NFC, UTF-8. UserError when empty or absurdly long."""
    found = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    if not found:
        raise UserError("The passphrase is empty.", hint="type at least one character")
    if len(found) > LONGEST:
        raise UserError(f"The passphrase is longer than {LONGEST} bytes.")
    return found


def derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    """The 32-byte slot key of a passphrase."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    secret = passphrase_bytes(passphrase)
    try:
        return Argon2id(
            salt=salt,
            length=KEY_BYTES,
            iterations=cost.passes,
            lanes=cost.lanes,
            memory_cost=cost.memory_kib,
        ).derive(secret)
    except MemoryError:
        raise UnavailableError(
            f"Opening this vault takes {cost.memory_kib // 1024} MiB of memory.",
            hint="close other programs and try again",
        ) from None


def tune(start: Cost = DEFAULT, *, clock: Callable[[], float] = time.perf_counter) -> Cost:
    """A cost that takes about TARGET_SECONDS here, never below `start`."""
    before = clock()
    derive("tune", bytes(SALT_BYTES), start)
    took = max(clock() - before, 1e-6)
    wanted = int(start.passes * TARGET_SECONDS / took)
    passes = max(start.passes, min(wanted, MOST_PASSES))
    return msgspec.structs.replace(start, passes=passes)


def subkey(key: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose, by HKDF; says nothing about the key it came from."""
    return subkey_of(key, SUBKEY_SALT, purpose)


def subkey_of(key: bytes, salt: bytes, purpose: str) -> bytes:
    """The same with a salt of its own."""
    import hmac

    extracted = hmac.digest(salt, key, "sha256")
    return hmac.digest(extracted, purpose.encode() + b"\x01", "sha256")
