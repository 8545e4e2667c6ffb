"""`python -m mana_tui` is `mana`."""

from mana_tui.cli import main

raise SystemExit(main())
