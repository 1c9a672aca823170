"""Requests a second and processor time a request, of several servers, in interleaved rounds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.cases import Case
from bench.drive import Measured, Middle, WrongAnswers, drive, middle
from bench.generator import Task
from bench.outcome import Table
from bench.processes import Server

Messages = Callable[[Case], list[list[str]] | None]
NONE = "-"


@dataclass(frozen=True)
class Contender:
    """A running server, and what each connection sends it for a case; None for a case that it has no answer to."""

    server: Server
    messages: Messages

    @property
    def name(self) -> str:
        return self.server.name


@dataclass(frozen=True)
class Rates:
    """The medians by case and contender; what went wrong instead, where something did."""

    medians: Mapping[tuple[str, str], Middle]
    failures: Mapping[tuple[str, str], str]

    def ratio(self, case: Case, name: str, of: str) -> float | None:
        """How many times the rate of another contender."""
        one, other = (self.medians.get((case.name, each)) for each in (name, of))
        return one.rate / other.rate if one and other else None


def compare(
    contenders: Sequence[Contender], cases: Sequence[Case], rounds: int, seconds: float, warmup: float
) -> Rates:
    """Every contender with every case in each round, so that a change of the machine's pace meets all alike."""
    found: dict[tuple[str, str], list[Measured]] = {}
    failures: dict[tuple[str, str], str] = {}
    for turn in range(rounds + 1):
        for case in cases:
            for each in contenders:
                key, texts = (case.name, each.name), each.messages(case)
                if texts is None or key in failures:
                    continue
                try:
                    task = Task([each.server.port], seconds if turn else warmup, texts, awake=not each.server.helpers)
                    measured = drive([each.server], task)
                except WrongAnswers as error:
                    failures[key] = str(error)
                    continue
                if turn:
                    found.setdefault(key, []).append(measured)
    medians = {key: middle(values) for key, values in found.items() if key not in failures}
    return Rates(medians, failures)


def table(rates: Rates, cases: Sequence[Case], names: Sequence[str], yardstick: str) -> Table:
    """A row for each case and contender."""
    rows = [(case.name, name, *_cells(rates, case, name, yardstick)) for case in cases for name in names]
    heading = ("request", "server", "requests/s", "µs CPU a request", "core at work", f"of {yardstick}")
    return Table(heading, tuple(rows))


def series(rates: Rates, cases: Sequence[Case], names: Sequence[str]) -> dict[str, list[float | None]]:
    """Requests a second of each contender, in the order of the cases."""
    found = {key: value.rate for key, value in rates.medians.items()}
    return {name: [found.get((case.name, name)) for case in cases] for name in names}


def _cells(rates: Rates, case: Case, name: str, yardstick: str) -> tuple[str, str, str, str]:
    value = rates.medians.get((case.name, name))
    if value is None:
        return (NONE, NONE, NONE, NONE)
    ratio = rates.ratio(case, name, yardstick)
    shown = f"{ratio:.2f}" if ratio is not None else NONE
    return (f"{value.rate:,.0f}", f"{value.cpu:,.1f}", f"{value.busy:.0%}", shown)


def remarks(rates: Rates) -> tuple[str, ...]:
    """What went wrong, said once for each."""
    return tuple(f"{name} answered {case} with {what}" for (case, name), what in rates.failures.items())
