"""Every error a person may see, cut by who has to act.

* ManaError
  + UserError          the person fixes the input
    + NotFound         no such record, command, module, file
    + Refused          allowed input, forbidden by policy or state
      + ModuleNotInSpace   the type of the space has no such module
      + ScopeNotReady      nothing is read or written without an active space
  + NoVault            there is no vault yet (exit 10)
  + InUse              another process holds what must be exclusive (exit 11)
  + LockedError        the person unlocks (exit 12)
    + WrongPassphrase
  + TooNew             the vault was written by a newer program (exit 13)
  + ConflictError      the person chooses
  + UnavailableError   nobody: retried, shown as offline
  + DamagedError       nobody can safely: writes stop, restore offered

Anything else is a bug. `None` means absent, never failed.
"""

from __future__ import annotations


class ManaError(Exception):
    """Something failed and we know why: a sentence, and a hint what to do next."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class UserError(ManaError):
    """The input cannot be used as given."""

    exit_code = 2


class NotFound(UserError):
    """No such record, space, command or file."""

    exit_code = 1


class Refused(UserError):
    """Understood, but not allowed here or now."""

    exit_code = 1


class ModuleNotInSpace(Refused):
    """The active space's type does not have this module."""


class ScopeNotReady(Refused):
    """No space is active yet."""


class NoVault(ManaError):
    """There is no vault at this place."""

    exit_code = 10


class InUse(ManaError):
    """Another process holds something that only one may hold."""

    exit_code = 11


class LockedError(ManaError):
    """The vault is locked."""

    exit_code = 12


class WrongPassphrase(LockedError):
    """The passphrase opens no key slot."""


class TooNew(ManaError):
    """The vault's format is newer than this program."""

    exit_code = 13


class ConflictError(ManaError):
    """Two truths; a person must choose."""


class UnavailableError(ManaError):
    """Something outside does not answer."""


class DamagedError(ManaError):
    """Stored bytes are not what was written."""
