"""Make the project's environment on a machine that has only Python and a package index.

    python3 .ci/bootstrap.py [--env DIR] [--python NAME]

Fetches uv (the version and hashes in `.ci/uv.txt`) into `.tools/`, then installs what
`uv.lock` says into `.venv/` and compiles it. Uses the standard library alone, because
Debian's Python comes without pip and without ensurepip. pip's own settings are honoured
(`PIP_INDEX_URL`, `pip.conf`), so a machine that reaches only a mirror works as well.
"""

from __future__ import annotations

import argparse
import configparser
import hashlib
import html.parser
import importlib.util
import io
import os
import platform
import re
import shutil
import ssl
import stat
import subprocess
import sys
import sysconfig
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TOOLS = ROOT / ".tools"
PINNED = HERE / "uv.txt"
PYPI = "https://pypi.org/simple"
OLDEST = (3, 11)
PYTHONS = ("python3.11", "python3.12", "python3.13", "python3.14", "python3", "python")


def main() -> int:
    """Install; say in one sentence why not when it cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--env", default=".venv", help="the environment's folder")
    parser.add_argument(
        "--python", help="which Python (default: the first that is new enough)"
    )
    parser.add_argument(
        "--uv-only", action="store_true", help="only fetch uv, print its path"
    )
    asked = parser.parse_args()
    try:
        uv = fetch_uv()
        if asked.uv_only:
            print(uv)
            return 0
        install(uv, ROOT / asked.env, asked.python or find_python())
    except (OSError, ValueError, subprocess.CalledProcessError) as error:
        print(f"bootstrap: {error}", file=sys.stderr)
        return 1
    return 0


# --- settings -----------------------------------------------------------------------


def pip_setting(name: str) -> str:
    """One of pip's settings: the environment first, then its files, nearest first."""
    said = os.environ.get("PIP_" + name.upper().replace("-", "_"))
    if said:
        return said
    home = Path("~").expanduser()
    files = (
        os.environ.get("PIP_CONFIG_FILE", ""),
        Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf",
        home / ".pip" / "pip.conf",
        "/etc/pip.conf",
        "/etc/xdg/pip/pip.conf",
    )
    for file in filter(None, files):
        parsed = configparser.RawConfigParser()
        parsed.read(file, encoding="utf-8")
        for section in ("install", "global"):
            if parsed.has_option(section, name):
                return parsed.get(section, name).split()[0]
    return ""


def mirror() -> str:
    """The index to use where it is not PyPI itself, else nothing."""
    names = ("UV_DEFAULT_INDEX", "UV_INDEX_URL")
    said = next(
        (os.environ[n] for n in names if os.environ.get(n)), pip_setting("index-url")
    )
    return "" if said.rstrip("/") == PYPI else said.rstrip("/")


def certificates() -> str:
    """A certificate bundle to trust, where one is configured."""
    return os.environ.get("SSL_CERT_FILE") or pip_setting("cert")


def uv_environment(env: Path | None = None) -> dict[str, str]:
    """The environment uv runs in: this project's folders, this machine's Pythons."""
    left_out = (
        "VIRTUAL_ENV",
        "PYTHONPATH",
        "PYTHONHOME",
        "UV_INDEX_URL",
        "UV_DEFAULT_INDEX",
    )
    made = {name: value for name, value in os.environ.items() if name not in left_out}
    made["UV_PYTHON_DOWNLOADS"] = "never"
    if env is not None:
        made["UV_PROJECT_ENVIRONMENT"] = str(env)
    if certificates():
        made["SSL_CERT_FILE"] = certificates()
    if mirror():
        made["UV_DEFAULT_INDEX"] = mirror()
    if "UV_CACHE_DIR" not in made and not _writable_cache(made):
        made["UV_CACHE_DIR"] = str(TOOLS / "cache")
    return made


def _writable_cache(environment: dict[str, str]) -> bool:
    cache = Path(environment.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(cache, os.W_OK)


# --- the right Python ----------------------------------------------------------------


def find_python() -> str:
    """The first Python that is new enough: the one running this, then those on PATH."""
    for name in (sys.executable, *filter(None, map(shutil.which, PYTHONS))):
        asked = [name, "-c", f"import sys; sys.exit(sys.version_info < {OLDEST})"]
        if subprocess.run(asked, capture_output=True, check=False).returncode == 0:
            return name
    raise ValueError("Python 3.11 or newer is needed and none was found on PATH.")


# --- uv ------------------------------------------------------------------------------


def fetch_uv() -> Path:
    """The pinned uv in `.tools/bin`, fetched with pip where there is one, else by hand."""
    uv = TOOLS / "bin" / ("uv.exe" if os.name == "nt" else "uv")
    version, hashes = pinned()
    if _is(uv, version):
        return uv
    shutil.rmtree(TOOLS, ignore_errors=True)
    print(f"fetching uv {version}", file=sys.stderr)
    if importlib.util.find_spec("pip") is None or not _with_pip():
        _by_hand(uv, version, hashes)
    if not _is(uv, version):
        raise ValueError(f"uv {version} was fetched but does not run on this machine.")
    return uv


def pinned() -> tuple[str, frozenset[str]]:
    """The version of uv and the SHA-256 hashes of its wheels."""
    text = PINNED.read_text(encoding="utf-8")
    version = re.search(r"^uv==(\S+)", text, re.MULTILINE)
    if version is None:
        raise ValueError(f"{PINNED} names no version of uv.")
    return version[1], frozenset(re.findall(r"sha256:([0-9a-f]{64})", text))


def _is(uv: Path, version: str) -> bool:
    if not uv.exists():
        return False
    asked = [uv, "--version"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return said.split()[1:2] == [version]


def _with_pip() -> bool:
    asked = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--no-deps"]
    asked += ["--disable-pip-version-check", "--require-hashes", "--only-binary=:all:"]
    asked += ["--no-warn-script-location", "--root-user-action=ignore"]
    asked += ["--target", str(TOOLS), "--requirement", str(PINNED)]
    return subprocess.run(asked, check=False).returncode == 0


def _by_hand(uv: Path, version: str, hashes: frozenset[str]) -> None:
    index = (mirror() or PYPI) + "/uv/"
    links = Links()
    links.feed(_get(index).decode())
    wheels = [link for link in links.found if f"/uv-{version}-" in link and fits(link)]
    if not wheels:
        raise ValueError(f"{index} has no uv {version} for this machine.")
    data = _get(urllib.parse.urljoin(index, wheels[0].partition("#")[0]))
    if hashlib.sha256(data).hexdigest() not in hashes:
        raise ValueError(f"The hash of {wheels[0]} is not one of those in {PINNED.name}.")
    uv.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        inside = next(n for n in wheel.namelist() if n.endswith(f"/scripts/{uv.name}"))
        uv.write_bytes(wheel.read(inside))
    uv.chmod(uv.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)


class Links(html.parser.HTMLParser):
    """The addresses on a page of a package index."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def fits(wheel: str) -> bool:
    """Whether a wheel of uv is for this machine."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    if sys.platform == "darwin":
        return "macosx" in wheel and {"aarch64": "arm64"}.get(machine, machine) in wheel
    if os.name == "nt":
        return {"x86_64": "win_amd64", "aarch64": "win_arm64"}.get(
            machine, "win32"
        ) in wheel
    libc = (
        "musllinux"
        if "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or "")
        else "many"
    )
    return libc in wheel and f"_{machine}" in wheel


def _get(address: str) -> bytes:
    # A configured bundle replaces the system's: that is what pip does with it too.
    trusted = ssl.create_default_context(cafile=certificates() or None)
    with urllib.request.urlopen(address, context=trusted, timeout=180) as answer:  # noqa: S310
        return answer.read()


# --- the environment -------------------------------------------------------------------


def install(uv: Path, env: Path, python: str) -> None:
    """Bring an environment to what the lock file says, compiled."""
    run = _Uv(uv, uv_environment(env))
    if mirror():
        # The lock names PyPI's addresses: with a mirror, the same versions and hashes are
        # installed from there instead.
        wanted = TOOLS / "requirements.txt"
        run(
            "export",
            "--frozen",
            "--quiet",
            "--all-groups",
            "--no-emit-project",
            "-o",
            wanted,
        )
        run("venv", "--quiet", "--allow-existing", "--python", python, env)
        run("pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode",
            "--python", env, wanted)  # fmt: skip
        run("pip", "install", "--quiet", "--no-deps", "--python", env, "--editable", ROOT)
    else:
        run("sync", "--quiet", "--locked", "--compile-bytecode", "--python", python)
    ours = [ROOT / name for name in ("storage", "modules", "mana_tui")]
    binary = env / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    subprocess.run([binary, "-m", "compileall", "-q", *ours], check=True)


class _Uv:
    def __init__(self, path: Path, environment: dict[str, str]) -> None:
        self.path = path
        self.environment = environment

    def __call__(self, *arguments: str | Path) -> None:
        asked = [self.path, *arguments]
        subprocess.run(asked, cwd=ROOT, env=self.environment, check=True)


if __name__ == "__main__":
    sys.exit(main())
