"""The program as tests run it: with a home of its own, in this process or in another."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mana_tui import cli
from mana_tui.demo import CHEAP
from mana_tui.paths import Paths
from mana_tui.session import create_vault, unlock_for

PASSPHRASE = "correct horse battery staple"
ROOT = Path(__file__).parent.parent
MANA = (sys.executable, "-m", "mana_tui")


@dataclass(frozen=True)
class Done:
    """What a run said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What `--json` printed, or an assertion with what was said instead."""
        assert self.code in (0, 3), f"exit {self.code}: {self.err}{self.out}"
        return json.loads(self.out)


def environment(home: Path, *, password: bool = True) -> dict[str, str]:
    """What the program sees: one folder for everything, no keyring, no locale surprises."""
    kept = {n: v for n, v in os.environ.items() if n in ("PATH", "SSL_CERT_FILE", "TMPDIR")}
    kept |= {
        "HOME": str(home / "person"),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "MANA_HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "TZ": "Europe/Zurich",
    }
    if password:
        kept["MANA_PASSWORD_COMMAND"] = f"echo '{PASSPHRASE}'"
    return kept


@contextmanager
def surroundings(variables: dict[str, str]) -> Iterator[None]:
    """Have exactly these environment variables for a while."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


class Program:
    """Runs `mana` on one home."""

    def __init__(self, home: Path) -> None:
        self.home = home
        (home / "person").mkdir(parents=True, exist_ok=True)

    def __call__(
        self, *words: str, stdin: str | bytes = b"", env: dict[str, str] | None = None
    ) -> Done:
        """Run it in this process, without a terminal."""
        data = stdin.encode() if isinstance(stdin, str) else stdin
        out, err, given = (
            io.TextIOWrapper(io.BytesIO(b), "utf-8") for b in (b"", b"", data)
        )
        before, sys.stdin = sys.stdin, given
        try:
            seen = environment(self.home) | (env or {})
            with surroundings(seen), redirect_stdout(out), redirect_stderr(err):
                code = _exit_code(words)
        finally:
            sys.stdin = before
        return Done(code, _read(out), _read(err))

    def apart(
        self, *words: str, stdin: str = "", env: dict[str, str] | None = None
    ) -> Done:
        """Run it in a process of its own, without a terminal."""
        done = subprocess.run(
            [*MANA, *words],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            cwd=self.home,
            env=environment(self.home) | (env or {}),
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)


def _exit_code(words: tuple[str, ...]) -> int:
    try:
        return cli.main(list(words))
    except SystemExit as ended:  # argparse's --help and usage errors
        return ended.code if isinstance(ended.code, int) else 1


def _read(stream: io.TextIOWrapper) -> str:
    stream.flush()
    return stream.buffer.getvalue().decode()  # type: ignore[attr-defined]


def new_home(where: Path, *, unlock: bool = True) -> Path:
    """A home with a fresh vault, as `mana init` makes it but with a cheap passphrase."""
    (where / "person").mkdir(parents=True, exist_ok=True)
    with surroundings(environment(where)):
        paths = Paths.find()
        create_vault(paths, ask=lambda _: PASSPHRASE, cost=CHEAP)
    return unlocked(where) if unlock else where


def copy_home(template: Path, where: Path) -> Path:
    """A copy of a closed home, unlocked: quicker than making one."""
    return unlocked(Path(shutil.copytree(template, where)))


def unlocked(where: Path) -> Path:
    """Open a session, which belongs to the place of the vault."""
    with surroundings(environment(where)):
        unlock_for(Paths.find(), ask=lambda _: PASSPHRASE)
    return where
