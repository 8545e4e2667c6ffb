"""How a record field or a command's parameter is checked, asked for and shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeAlias, TypeVar

import msgspec

from storage.record import Record

R = TypeVar("R", bound=Record)

Line = Annotated[str, msgspec.Meta(max_length=1000)]
"""One line of text, at most 1,000 characters."""

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=1000, pattern=r"\S")]
"""One line that must say something."""

Text = Annotated[str, msgspec.Meta(max_length=2_000_000, extra={"multiline": True})]
"""Several lines, Markdown where it is shown."""

Private = Annotated[
    str, msgspec.Meta(max_length=2_000_000, extra={"multiline": True, "private": True})
]
"""Text that no agent reads unasked and no list shows unmasked."""

Duration = timedelta
"""A length of time; stored in whole seconds, typed as `1h30`."""


class Money(msgspec.Struct, frozen=True):
    """An amount in a currency (ISO 4217); never a binary float."""

    amount: Decimal
    currency: str = "EUR"


def Scale(low: int, high: int) -> msgspec.Meta:  # noqa: N802 - reads as a type
    """An integer range, drawn as a scale."""
    return msgspec.Meta(
        ge=low, le=high, extra={"widget": "scale", "low": low, "high": high}
    )


def says(text: str) -> msgspec.Meta:
    """Help for one parameter: shown in forms, `--help` and tool schemas."""
    return msgspec.Meta(description=text)


if TYPE_CHECKING:

    class _To(str, Generic[R]):
        """Marks what a reference points at."""

        __slots__ = ()

    Ref: TypeAlias = str | _To[R]
else:

    class Ref:
        """`Ref[Task]`: the id of a task. Outside text may be a short id; it is resolved
        before the command runs."""

        def __class_getitem__(cls, record: type[Record] | str) -> Any:
            return Annotated[str, msgspec.Meta(extra={"ref": record})]


class Param(msgspec.Struct, frozen=True, kw_only=True):
    """One field or parameter, read from its annotation, for parsers and forms."""

    name: str
    type: Any
    required: bool
    default: Any = None
    help: str = ""
    extra: Mapping[str, Any] = {}
    many: bool = False
    optional: bool = False
    choices: tuple[Any, ...] = ()
    most: int | None = None

    @property
    def ref(self) -> Any:
        """The record type it refers to, or None."""
        return self.extra.get("ref")
