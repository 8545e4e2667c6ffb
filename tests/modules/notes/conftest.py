"""What views read, counted."""

from tests.ui.conftest import reads

__all__ = ["reads"]
