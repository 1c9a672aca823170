"""What a measurement came to: tables for people, and figures held to bounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Rows of cells under a heading; every column but the first stands to the right when `numbers`."""

    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: bool = True

    def text(self) -> str:
        widths = [max(map(len, column)) for column in zip(self.heading, *self.rows, strict=True)]
        return "\n".join(self._line(cells, widths) for cells in (self.heading, *self.rows))

    def markdown(self) -> str:
        rule = ["---", *("---:" if self.numbers else "---" for _ in self.heading[1:])]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in (self.heading, rule, *self.rows))

    def _line(self, cells: Sequence[str], widths: Sequence[int]) -> str:
        first, *others = (
            cell.rjust(width) if at and self.numbers else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join([first, *others]).rstrip()


@dataclass(frozen=True)
class Bound:
    """A figure and what it must reach, or must not pass."""

    what: str
    figure: float
    limit: float
    unit: str = ""
    at_least: bool = True

    @property
    def kept(self) -> bool:
        return self.figure >= self.limit if self.at_least else self.figure <= self.limit

    def row(self) -> tuple[str, ...]:
        side = "at least" if self.at_least else "at most"
        verdict = "kept" if self.kept else "missed"
        return (self.what, self._with_unit(self.figure), f"{side} {self._with_unit(self.limit)}", verdict)

    def _with_unit(self, figure: float) -> str:
        shown = f"{figure:,.0f}" if abs(figure) >= 100 else f"{figure:.3g}"
        return f"{shown} {self.unit}".rstrip()


@dataclass(frozen=True)
class Picture:
    """Groups of bars, one bar of each series: requests a second, None where there was no answer."""

    title: str
    groups: tuple[str, ...]
    series: Mapping[str, Sequence[float | None]]


@dataclass(frozen=True)
class Outcome:
    """A measurement's part of the report."""

    section: str
    tables: tuple[Table, ...]
    bounds: tuple[Bound, ...] = ()
    remarks: tuple[str, ...] = ()
    picture: Picture | None = None

    def all_tables(self) -> tuple[Table, ...]:
        """With the bounds as the last one."""
        if not self.bounds:
            return self.tables
        return (*self.tables, Table(("figure", "measured", "bound", ""), tuple(bound.row() for bound in self.bounds)))


def missed(outcomes: Sequence[Outcome]) -> list[str]:
    """A line for each bound that was not kept."""
    return [
        f"{outcome.section}: {' | '.join(bound.row()[:3])}"
        for outcome in outcomes
        for bound in outcome.bounds
        if not bound.kept
    ]
