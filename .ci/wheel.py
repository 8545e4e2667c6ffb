"""Check that the newest wheel in `dist/` holds every file of the packages, not only Python."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("storage", "modules", "mana_tui")


def main() -> int:
    """Compare what git keeps in the packages with what the wheel holds."""
    asked = ["git", "ls-files", *PACKAGES]
    kept = subprocess.run(
        asked, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    newest = max((ROOT / "dist").glob("*.whl"), key=lambda wheel: wheel.stat().st_mtime)
    with zipfile.ZipFile(newest) as wheel:
        missing = sorted(set(kept.split("\n")) - {""} - set(wheel.namelist()))
    for name in missing:
        print(f"{newest.name} lacks {name}", file=sys.stderr)
    if not missing:
        print(f"{newest.name} holds all of {', '.join(PACKAGES)}.")
    return bool(missing)


if __name__ == "__main__":
    sys.exit(main())
