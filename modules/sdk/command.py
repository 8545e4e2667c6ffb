"""One typed function, five callers: a key, the palette, the command line, an agent, a tool.

    @command("Complete tasks", key="space")
    def done(context: Context, tasks: tuple[Ref[Task], ...]) -> list[Task]:
        '''Mark tasks as done.'''

The signature becomes a msgspec type: parser, form and JSON Schema. A first parameter
`tuple[Ref[X], ...]` takes the marked records of a pane, or one or more ids.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, get_type_hints

import msgspec

from modules.sdk.field import Param
from modules.sdk.outside import convert, params_of
from modules.sdk.slot import Effect

P = ParamSpec("P")
T = TypeVar("T")


class Command(Generic[P, T]):
    """A registered action. Calling it calls the function it was made from."""

    def __init__(
        self,
        function: Callable[Concatenate[Any, P], T],
        title: str,
        *,
        name: str = "",
        key: str = "",
        effect: Effect = "write",
        show: str = "",
        takes: type[msgspec.Struct] | None = None,
        asks: str = "",
        batch: bool = True,
    ) -> None:
        self.function = function
        self.title = title
        self.name = name or function.__name__.strip("_").replace("_", "-")
        self.key = key
        self.effect: Effect = effect
        self.show = show
        self.asks = asks
        self.batch = batch
        self._takes = takes

    def __call__(self, context: Any, /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Call the function itself, typed."""
        return self.function(context, *args, **kwargs)

    def __repr__(self) -> str:
        """For people reading test output."""
        return f"<command {self.name!r}>"

    @property
    def writes(self) -> bool:
        """Whether it may change anything."""
        return self.effect != "read"

    @property
    def help(self) -> str:
        """The docstring's first line; also what an agent is told."""
        return self.manual.partition("\n")[0]

    @property
    def manual(self) -> str:
        """The whole docstring."""
        return inspect.getdoc(self.function) or self.title

    @cached_property
    def arguments(self) -> type[msgspec.Struct]:
        """The parameters as a type: its schema, its form and its validation."""
        if self._takes is not None:
            return self._takes
        _, *asked = inspect.signature(self.function).parameters.values()
        hints = get_type_hints(self.function, include_extras=True)
        return msgspec.defstruct(
            "".join(part.title() for part in self.name.split("-")),
            [
                (p.name, hints[p.name])
                if p.default is p.empty
                else (p.name, hints[p.name], p.default)
                for p in asked
            ],
            kw_only=True,
            forbid_unknown_fields=True,
        )

    @cached_property
    def params(self) -> tuple[Param, ...]:
        """The parameters one by one, for parsers and forms."""
        return params_of(self.arguments)

    @property
    def about(self) -> Any:
        """The record type it acts on: what its first parameter refers to, or None."""
        return self.params[0].ref if self.params else None

    @property
    def schema(self) -> dict[str, Any]:
        """The arguments as JSON Schema, for tools."""
        return msgspec.json.schema(self.arguments)

    def invoke(self, context: Any, values: Mapping[str, object]) -> T:
        """Run from the outside world: text in, checked and converted.

        Raises UserError naming the parameter when a value cannot be used.
        """
        checked = convert(values, self.arguments, self.params, context)
        call: Any = self.function
        return call(context, **checked)


def command(
    title: str,
    *,
    name: str = "",
    key: str = "",
    effect: Effect = "write",
    show: str = "",
    asks: str = "",
    batch: bool = True,
) -> Callable[[Callable[Concatenate[Any, P], T]], Command[P, T]]:
    """Turn a function into a command.

    `name` is how it is typed (default: the function's). `effect` says whether it reads,
    writes, or reaches outside. `show` names `(context, result) -> Listing | str` for the
    command line. `asks` is a yes/no question put before it runs from a key. `batch=False` is for commands
    that make batches themselves (undo) or none (switching the space).
    """
    return lambda function: Command(
        function,
        title,
        name=name,
        key=key,
        effect=effect,
        show=show,
        asks=asks,
        batch=batch,
    )
