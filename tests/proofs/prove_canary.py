"""Nothing that is typed can be read outside the vault, while it is open or after it is locked.

The real program on a pseudo-terminal; a word that occurs nowhere else is typed wherever
something can be typed, and looked for in every file, process argument, environment and title.
"""

from __future__ import annotations

import re
import signal
import stat
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from mana_tui.setup import Setup
from tests.modules.test_canary import RECORDS, WORD, saying, where_it_is
from tests.program import MANA, PASSPHRASE, Program, environment, new_home, surroundings
from tests.terminal.ptylib import Terminal

Say = Callable[..., None]
PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/run")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An unlocked vault with the word in every text field of every kind."""
    made = new_home(tmp_path / "home")
    (made / "temp").mkdir()
    with surroundings(seen(made)):
        workspace = Setup({"no_input": True, "quiet": True}).workspace()
        for _, record in RECORDS:
            gone = workspace.store.put(saying(record))
            workspace.store.delete(record, gone.id)
            kept = workspace.store.put(saying(record))
            workspace.store.link(kept, "related", gone)
        workspace.search(WORD)
        workspace.run("space.new", {"name": WORD, "type": "club"})
        workspace.run("scene.new", {"name": WORD, "modules": ("todo",)})
        workspace.run("backup")
        workspace.close()
    return made


def seen(home: Path) -> dict[str, str]:
    """Temporary files go where they are looked for too."""
    return environment(home, password=False) | {"TMPDIR": str(home / "temp")}


def outside(since: float) -> Iterator[Path]:
    """Files in the places for passing things on that were written meanwhile and hold it."""
    for place in PLACES:
        for path in (*Path(place).glob("*"), *Path(place).glob("mana*/*")):
            try:
                found = path.lstat()
                new = stat.S_ISREG(found.st_mode) and found.st_mtime >= since
                if new and WORD.encode() in path.read_bytes():
                    yield path
            except OSError:
                continue  # of another process, and gone


def processes(pid: int) -> list[str]:
    """What anybody may read of a process and its children: arguments, names, environment."""
    found = []
    for one in (psutil.Process(pid), *psutil.Process(pid).children(recursive=True)):
        for name in ("cmdline", "environ", "comm"):
            found.append(Path("/proc", str(one.pid), name).read_bytes().decode())
    return found


def titles(output: bytes) -> list[bytes]:
    """Everything written to the terminal that is not for the screen: titles, clipboard."""
    return re.findall(rb"\x1b[\]PX^_](.*?)(?:\x07|\x1b\\)", output, re.DOTALL)


def typed(program: Terminal, *keys: str, text: str = f"{WORD} and more") -> None:
    """Open something by keys, type the word there, and leave it."""
    program.press(*keys)
    program.settle(0.3)
    program.type(text)
    program.settle(0.4)


def look(home: Path, program: Terminal) -> None:
    """While it runs: nothing in a file, an argument or a title."""
    assert where_it_is(home) == []
    assert WORD not in "".join(processes(program.pid))
    assert not [title for title in titles(program.output) if WORD.encode() in title]


def type_everywhere(program: Terminal) -> None:
    """Capture, filters, the palette, search, a form, a note that is never saved."""
    typed(program, "A", text=f"n {WORD} first")
    program.press("enter")
    program.settle(0.5)
    typed(program, "A")
    program.press("escape", "escape")
    typed(program, "ctrl+f")
    program.settle(0.5)
    program.press("escape", "escape")
    typed(program, ":")
    program.press("escape", "escape")
    program.press("g", "t")
    typed(program, "/")
    program.press("escape", "escape")
    typed(program, "a")
    program.press("escape", "escape")
    program.press("g", "n")
    program.settle(0.3)
    typed(program, "e")


@pytest.mark.parametrize("end", ["lock", "quit", "kill", "terminate"])
def test_a_session_of_the_app(home: Path, end: str, say: Say) -> None:
    since = max(path.stat().st_mtime for path in home.rglob("*")) - 1
    command = Terminal(MANA, env=seen(home), cwd=home, columns=140, rows=40)
    with command as program:
        program.wait("My day")
        program.settle(0.5)
        type_everywhere(program)
        assert WORD in program.text, "the last of it is on the screen"
        look(home, program)
        if end == "kill":
            program.signal(signal.SIGKILL)
        elif end == "terminate":
            program.signal(signal.SIGTERM)
        else:
            program.press("escape", "escape", "!" if end == "lock" else "ctrl+q")
        if end == "lock":
            program.wait("locked")
            program.settle(0.4)
            assert WORD not in program.text
            typed(program)  # instead of the passphrase
            program.press("enter")
            program.wait("wrong")
            look(home, program)
            program.type(PASSPHRASE)
            program.press("enter")
            program.gone("locked")
            program.settle(0.5)
            program.press("ctrl+q")
        program.exit_code()
        assert not [title for title in titles(program.output) if WORD.encode() in title]
    assert Program(home)("lock").code == 0
    assert where_it_is(home) == []
    assert list(outside(since)) == []
    files = sum(path.is_file() for path in home.rglob("*"))
    say(f"canary: the app, ended by {end}", 0, f"hits in {files} files, titles, /proc")


def test_the_command_line(home: Path, say: Say) -> None:
    """Captures while locked, mistakes, a crash of the machine in between: nothing is left."""
    cli = Program(home)
    where = {"TMPDIR": str(home / "temp")}
    assert cli("lock").code == 0
    for words in (
        ("add", f"t {WORD} tomorrow #{WORD}"),
        ("add", f"n {WORD}", "--no-input"),
        ("todo", "list", f"--{WORD}"),
        ("unlock", WORD),
        ("config", "set", "locale", WORD),
        ("restore", WORD),
        ("import", f"{WORD}.ics"),
    ):
        cli(*words, env={**where, "MANA_PASSWORD_COMMAND": ""})
    waiting = list((home / "data").rglob("inbox/*.seal"))
    assert len(waiting) == 2, "captures were sealed"
    assert where_it_is(home) == []
    assert cli("todo", "list", env=where).code == 0
    for words in (("doctor",), ("check",), ("backup",), ("paths",), ("search", WORD)):
        cli(*words, env=where)
    assert cli("lock").code == 0
    assert where_it_is(home) == []
    files = sum(path.is_file() for path in home.rglob("*"))
    say("canary: the command line, locked and not", 0, f"hits in {files} files")


def test_a_passphrase_is_nowhere(home: Path, say: Say) -> None:
    """Neither while it is typed nor afterwards; a child process does not inherit it."""
    with Terminal(MANA, env=seen(home), cwd=home, columns=100, rows=30) as program:
        program.wait("My day")
        program.press("!")
        program.wait("locked")
        program.type(PASSPHRASE)
        program.settle(0.3)
        assert PASSPHRASE not in "".join(processes(program.pid))
        program.press("enter")
        program.wait("My day")
        program.press("ctrl+q")
        program.exit_code()
        assert PASSPHRASE.encode() not in program.output
    secret = re.escape(PASSPHRASE)
    found = subprocess.run(
        ["grep", "-rlaE", secret, str(home)], capture_output=True, check=False
    )
    assert found.stdout == b""
    say("canary: the passphrase, after typing it", 0, "hits in files, screen, /proc")
