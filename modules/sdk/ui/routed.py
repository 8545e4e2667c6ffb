"""A message for the shell, which keeps keys back until it arrived."""

from __future__ import annotations

from textual._context import active_app
from textual.message import Message


class Routed(Message):
    """Something for the shell: keys typed after it wait until it arrived there.

    An app that can keep keys back has `keep_keys(what)`; others need not.
    """

    def __init__(self) -> None:
        super().__init__()
        keep = getattr(active_app.get(None), "keep_keys", None)
        if keep is not None:
            keep(self)
