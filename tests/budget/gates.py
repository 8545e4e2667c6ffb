"""Figures, the gates they must pass, and the table they are printed in."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figure:
    """One measured value. `most` (or `least`) is its gate; without either it informs."""

    name: str
    value: float
    unit: str = "ms"
    most: float | None = None
    least: float | None = None
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the gate is kept."""
        if self.most is not None and self.value > self.most:
            return False
        return self.least is None or self.value >= self.least

    @property
    def gate(self) -> str:
        """The gate as text."""
        if self.most is not None:
            return f"≤ {self.most:g}"
        return "" if self.least is None else f"≥ {self.least:g}"


@dataclass
class Table:
    """All figures of a run."""

    figures: list[Figure] = field(default_factory=list)

    def add(self, name: str, value: float, unit: str = "ms", **gate: object) -> None:
        """Take a figure down and show it at once."""
        figure = Figure(name, value, unit, **gate)  # type: ignore[arg-type]
        self.figures.append(figure)
        print(self._line(figure), flush=True)

    def title(self, text: str) -> None:
        """Begin a section."""
        print(f"\n{text}", flush=True)

    @staticmethod
    def _line(figure: Figure) -> str:
        digits = 2 if figure.value < 10 else 1 if figure.value < 1000 else 0
        mark = "" if not figure.gate else "ok" if figure.holds else "BROKEN"
        value = f"{figure.value:,.{digits}f}"
        line = (
            f"  {figure.name:<52} {value:>10} {figure.unit:<5} {figure.gate:<10} {mark:<7}"
        )
        return f"{line} {figure.note}".rstrip()

    @property
    def broken(self) -> list[Figure]:
        """Figures whose gate does not hold."""
        return [figure for figure in self.figures if not figure.holds]
