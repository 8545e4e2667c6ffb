"""Large contents in files of their own: sealed chunk by chunk, read from anywhere.

The format is in storage/README.md, "Blobs".
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any

from storage.errors import DamagedError, TooNew

MAGIC, VERSION = b"manablob", 1
CHUNK, TAG = 64 * 1024, 16
SALT_BYTES = 16
HEAD = len(MAGIC) + 8 + SALT_BYTES


def file_key(key: bytes, salt: bytes) -> bytes:
    """The key of one file, from the subkey for blobs and the file's salt (HKDF-SHA256)."""
    import hmac

    extracted = hmac.digest(salt, key, "sha256")
    return hmac.digest(extracted, b"mana blob 1\x01", "sha256")


def head_of(salt: bytes) -> bytes:
    """The bytes before the chunks."""
    return MAGIC + bytes([VERSION]) + bytes(7) + salt


def seal(pieces: Iterable[bytes], key: bytes, salt: bytes) -> Iterator[bytes]:
    """The bytes of a file: its head, then each chunk. `pieces` have any size, some bytes
    in all; a salt is used once."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    cipher, head = AESGCM(file_key(key, salt)), head_of(salt)
    yield head
    held, number = bytearray(), 0
    for piece in pieces:
        held += piece
        while len(held) > CHUNK:  # more follows, so this one is not the last
            yield cipher.encrypt(_nonce(number), bytes(held[:CHUNK]), _bound(head, number))
            del held[:CHUNK]
            number += 1
    yield cipher.encrypt(_nonce(number), bytes(held), _bound(head, number, last=True))


def sealed_size(size: int) -> int:
    """How long the file of so many bytes of content is."""
    return HEAD + size + TAG * -(-size // CHUNK)


class Sealed(io.RawIOBase):
    """Reads a sealed file as what is in it; DamagedError at the chunk that was changed."""

    def __init__(self, file: IO[bytes], key: bytes, salt: bytes, size: int) -> None:
        super().__init__()
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._file = file
        self._size = size
        self._at = 0
        self._held = (-1, b"")
        self._head = head_of(salt)
        self._cipher = AESGCM(file_key(key, salt))
        self._check(file)

    def _check(self, file: IO[bytes]) -> None:
        found = file.read(HEAD)
        if found[:8] == MAGIC and found[8:9] > bytes([VERSION]):
            raise TooNew("This blob was written by a newer mana.", hint="update mana")
        if found != self._head or file.seek(0, 2) != sealed_size(self._size):
            raise _damaged()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Go to a place in the content."""
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def readinto(self, buffer: Any, /) -> int:
        """Fill a buffer with what comes next; 0 at the end."""
        if self._at >= self._size:
            return 0
        number, start = divmod(self._at, CHUNK)
        part = self._chunk(number)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def _chunk(self, number: int) -> bytes:
        from cryptography.exceptions import InvalidTag

        if self._held[0] == number:
            return self._held[1]
        last = number == (self._size - 1) // CHUNK
        self._file.seek(HEAD + number * (CHUNK + TAG))
        sealed = self._file.read(CHUNK + TAG)
        try:
            bound = _bound(self._head, number, last=last)
            found = self._cipher.decrypt(_nonce(number), sealed, bound)
        except InvalidTag:
            raise _damaged() from None
        self._held = (number, found)
        return found

    def close(self) -> None:
        """Close the file; what was read is forgotten."""
        self._held = (-1, b"")
        self._file.close()
        super().close()


def open_sealed(path: Path, key: bytes, salt: bytes, size: int) -> IO[bytes]:
    """A sealed file to read; DamagedError when it is missing or not what was written."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise DamagedError("The file of a blob is missing.", hint="mana restore") from None
    try:
        return io.BufferedReader(Sealed(file, key, salt, size), CHUNK)
    except BaseException:
        file.close()
        raise


def _nonce(number: int) -> bytes:
    return bytes(4) + number.to_bytes(8, "big")


def _bound(head: bytes, number: int, *, last: bool = False) -> bytes:
    return head + number.to_bytes(8, "big") + bytes([last])


def _damaged() -> DamagedError:
    return DamagedError("The file of a blob is damaged.", hint="mana check, mana restore")
