"""Draw the gallery: the app on the demo vault, always the same day, seed and clock.

    make screenshots

Writes `screenshots/<name>-<columns>x<rows>.svg`. Nothing here is edited by hand: when the app
looks different, run this again and look at what it drew.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
os.environ |= {"TZ": "Europe/Zurich", "COLORTERM": "truecolor", "TERM": "xterm-256color"}
os.environ.pop("NO_COLOR", None)

from textual.pilot import Pilot

from mana_tui.app import ManaApp
from mana_tui.demo import CHEAP, PASSPHRASE, clock_of, make_demo
from mana_tui.paths import Paths
from mana_tui.session import create_vault
from mana_tui.workspace import Workspace
from modules.sdk.registry import Catalog
from storage.crypto.slots import unlock
from storage.vault import Vault

DAY = "2026-11-23"
SIZES = ((140, 40), (80, 24))
CAPTURED = "Dentist fri 14:30 ~45m #health every 6 months"


@dataclass(frozen=True)
class Picture:
    """One picture: what is pressed before it is taken. `=text` is typed."""

    name: str
    press: tuple[str, ...] = ()
    locked: bool = False
    empty: bool = False


PICTURES = (
    Picture("unlock", locked=True),
    Picture("workbench"),
    Picture("capture", ("A", f"={CAPTURED}")),
    Picture("palette", (":", "=add")),
    Picture("week", ("g", "c", "z", "w")),
    Picture("todo", ("g", "t", "z")),
    Picture("empty", ("g", "t"), empty=True),
)


@contextmanager
def vaults() -> Iterator[dict[str, Path]]:
    """A filled and an empty vault in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="mana-pictures-") as folder:
        made = {"demo": Path(folder, "demo"), "empty": Path(folder, "empty")}
        make_demo(made["demo"], records=700, seed=1, date=DAY)
        paths = Paths.find(environ={"MANA_HOME": str(made["empty"])})
        create_vault(paths, ask=lambda _: PASSPHRASE, cost=CHEAP, person="Robin")
        yield made


def app_for(home: Path, *, locked: bool) -> ManaApp:
    """The app on a vault, with a clock that stands."""
    paths = Paths.find(environ={"MANA_HOME": str(home)})
    clock = clock_of(DAY)

    def opener(typed: str | None) -> Vault | None:
        if typed is None and locked:
            return None
        return Vault.open(
            paths.data, unlock(paths.data, PASSPHRASE), Catalog(), clock=clock
        )

    def make(vault: Vault) -> Workspace:
        return Workspace(vault, clock=clock, zone=ZoneInfo("Europe/Zurich"), locale="en")

    return ManaApp(opener, make=make)


async def settle(pilot: Pilot[int]) -> None:
    """Until nothing loads any more."""
    for _ in range(3):
        await pilot.pause(0.15)
        await pilot.app.workers.wait_for_complete()
    await pilot.pause()


async def take(picture: Picture, home: Path, size: tuple[int, int]) -> str:
    """One picture as SVG."""
    app = app_for(home, locked=picture.locked)
    async with app.run_test(size=size, tooltips=False) as pilot:
        await settle(pilot)
        for keys in picture.press:
            await pilot.press(*(typed(keys[1:]) if keys.startswith("=") else (keys,)))
            await settle(pilot)
        return app.export_screenshot(title="mana")


def typed(text: str) -> tuple[str, ...]:
    """The keys of a text."""
    names = {" ": "space", ":": "colon", "#": "number_sign", "~": "tilde", ".": "full_stop"}
    return tuple(names.get(one, one) for one in text)


def main() -> int:
    """Draw all of them, or those named."""
    wanted = set(sys.argv[1:])
    with vaults() as homes:
        for picture in PICTURES:
            if wanted and picture.name not in wanted:
                continue
            for size in SIZES:
                home = homes["empty" if picture.empty else "demo"]
                drawn = asyncio.run(take(picture, home, size))
                file = HERE / f"{picture.name}-{size[0]}x{size[1]}.svg"
                file.write_text(drawn, encoding="utf-8")
                print(file.relative_to(HERE.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
