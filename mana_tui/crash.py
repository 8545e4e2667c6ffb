"""Bugs: a redacted report in the state folder, and one sentence that names it.

A report says which types failed in which files and lines, and which versions ran. It never
holds a message, a value or a local variable: those may be what somebody typed.
"""

from __future__ import annotations

import errno
import os
import platform
import sys
import threading
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

KEPT = 20
"""How many reports stay; older ones are removed."""

DEEPEST = 60
"""Frames of one exception, at most."""

PACKAGES = ("mana-tui", "textual", "msgspec", "sqlcipher3", "cryptography", "icalendar")

_kept: dict[str, Path] = {}
_lock = threading.Lock()


def keep_in(folder: Path) -> None:
    """Write reports into this folder from now on."""
    _kept["folder"] = folder


_DISK = {errno.EROFS, errno.ENOSPC, errno.EIO, errno.EACCES} | {
    getattr(errno, name) for name in ("EDQUOT", "ESTALE") if hasattr(errno, name)
}
"""What only a person can put right."""


_HUNG_UP = {errno.EIO, errno.EPIPE, errno.EBADF}
"""What writing to a terminal that was closed says."""

WRITER = "textual-output"
"""The name of the thread that writes to the terminal."""


def report(error: BaseException, folder: Path | None = None) -> str:
    """Write a report of a bug; returns a sentence that names it.

    A disk that is full, read-only or failing is no bug: it is said, and nothing is written.
    Fails never: a report that cannot be written is only described.
    """
    if isinstance(error, OSError) and error.errno in _DISK:
        return f"{error.filename or 'A file'} cannot be used: {error.strerror}."
    name = os.urandom(4).hex()
    where = folder or _kept.get("folder") or _state_folder()
    try:
        path = _write(where, name, describe(error, name))
    except OSError as failed:
        return f"mana failed on a bug ({_type(error)}); its report was not kept ({_type(failed)})."
    return f"mana failed on a bug ({_type(error)}). Report {name}, without anything you typed: {path}"


def describe(error: BaseException, name: str = "") -> str:
    """The report as text: types, places, versions."""
    lines = [
        f"report {name}",
        f"time {datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        f"system {platform.system()} {platform.machine()}, Python {platform.python_version()}",
        *(f"{package} {version}" for package, version in _versions()),
        "",
    ]
    for depth, one in _chain(error):
        lines.append(f"{'  ' * depth}{_type(one)}")
        lines += [f"{'  ' * depth}  {frame}" for frame in _frames(one)]
    return "\n".join(lines) + "\n"


def _chain(error: BaseException) -> Iterator[tuple[int, BaseException]]:
    """The error, its causes and the members of groups, each once, outermost first."""
    seen: set[int] = set()
    waiting: list[tuple[int, BaseException]] = [(0, error)]
    while waiting and len(seen) < DEEPEST:
        depth, one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield depth, one
        before = one.__cause__ or (None if one.__suppress_context__ else one.__context__)
        if before is not None:
            waiting.append((depth, before))
        if isinstance(one, BaseExceptionGroup):
            waiting += [(depth + 1, member) for member in reversed(one.exceptions)]


def _frames(error: BaseException) -> list[str]:
    frames = [
        f"{_short(frame.f_code.co_filename)}:{line} in {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    if len(frames) <= DEEPEST:
        return frames
    half = DEEPEST // 2
    return [*frames[:half], f"… {len(frames) - DEEPEST} more", *frames[-half:]]


def _short(filename: str) -> str:
    """A file below a package's folder, without the home folder before it."""
    for root in sorted(filter(None, sys.path), key=len, reverse=True):
        if filename.startswith(root + os.sep):
            return filename[len(root) + 1 :]
    return Path(filename).name


def _type(error: BaseException) -> str:
    kind = type(error)
    return (
        kind.__name__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__name__}"
    )


def _versions() -> list[tuple[str, str]]:
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for package in PACKAGES:
        try:
            found.append((package, version(package)))
        except PackageNotFoundError:
            found.append((package, "not installed"))
    return found


def _state_folder() -> Path:
    from mana_tui.paths import Paths

    return Paths.find().state / "crashes"


def _write(folder: Path, name: str, text: str) -> Path:
    with _lock:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for old in sorted(folder.glob("*.txt"), key=lambda p: p.stat().st_mtime)[
            : -(KEPT - 1)
        ]:
            old.unlink(missing_ok=True)
        path = folder / f"{name}.txt"
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
    return path


def _hung_up(error: BaseException, thread: threading.Thread | None) -> bool:
    """Whether the terminal was closed under the app: that is how one may leave."""
    writes = thread is not None and thread.name == WRITER
    return writes and isinstance(error, OSError) and error.errno in _HUNG_UP


def guard(folder: Path) -> None:
    """From now on nothing prints a traceback: uncaught errors of any thread are reported."""
    keep_in(folder)

    def uncaught(kind: type[BaseException], error: BaseException, trace: Any) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        print(report(error.with_traceback(trace)), file=sys.__stderr__)

    def in_thread(args: threading.ExceptHookArgs) -> None:
        error = args.exc_value
        if error is None or isinstance(error, SystemExit) or _hung_up(error, args.thread):
            return
        report(error)

    sys.excepthook = uncaught
    threading.excepthook = in_thread
    sys.unraisablehook = lambda args: (
        report(args.exc_value) and None if args.exc_value else None
    )
