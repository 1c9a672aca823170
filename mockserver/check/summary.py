"""The outcome of a check as text for a terminal: a line an operation, then what was found."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from mockserver.check.findings import COULD_NOT_RUN, HOLDS, CheckOutcome, Finding, Tally
from mockserver.contract.problem import on_one_line

COLUMNS = ("operation", "requests", "2xx", "3xx", "4xx", "5xx", "other method", "findings")
MOST_LINES = 6


def write_summary(outcome: CheckOutcome, out: TextIO, report_dir: Path | None = None) -> None:
    """All that a person needs to know, the findings last so that they are what stays on the screen."""
    out.writelines(f"{line}\n" for line in _lines(outcome, report_dir))
    out.flush()


def verdict(outcome: CheckOutcome) -> str:
    """The outcome in one sentence."""
    asked = f"{outcome.requests:,} requests to {len(outcome.tallies)} operations in {outcome.seconds:.1f} s"
    if outcome.exit_code == HOLDS:
        return f"The contract holds: {asked}, nothing found."
    if outcome.exit_code == COULD_NOT_RUN:
        return f"The check could not be completed: {asked}."
    count = len(outcome.findings)
    return f"The contract is broken: {asked}, {count} finding{'s' * (count != 1)}."


def row(outcome: CheckOutcome, tally: Tally) -> tuple[str, ...]:
    """The cells of one operation, under `COLUMNS`."""
    classes = (tally.of_class(hundred) for hundred in (200, 300, 400, 500))
    return tally.operation, *map(str, (tally.requests, *classes, tally.other_methods, len(outcome.of(tally.operation))))


def _lines(outcome: CheckOutcome, report_dir: Path | None) -> Iterator[str]:
    yield ""
    yield from _table(outcome)
    quiet = [tally.operation for tally in outcome.tallies if tally.never_succeeded]
    if quiet:
        yield ""
        yield f"Never answered with success, so hardly tested: {', '.join(quiet)}"
    for note in outcome.notes:
        yield ""
        yield f"Note: {on_one_line(note)}"
    for exclusion, count in outcome.excused:
        yield ""
        yield f"Excluded {count} times: {exclusion.check} of {exclusion.operation} ({on_one_line(exclusion.reason)})"
    for exclusion in outcome.stale:
        yield ""
        yield f"{exclusion.place}: {exclusion.check} of {exclusion.operation} excluded nothing; drop it if it stays so"
    for problem in outcome.problems:
        first, *more = [on_one_line(line.strip()) for line in problem.splitlines() if line.strip()]
        yield ""
        yield f"Not tested: {first}"
        yield from (f"   {line}" for line in more)
    for number, finding in enumerate(outcome.findings, 1):
        yield ""
        yield from _finding(number, finding)
    yield ""
    if report_dir is not None:
        yield f"Reports: {report_dir}"
    yield f"{verdict(outcome)} Seed {outcome.seed}."


def _table(outcome: CheckOutcome) -> Iterator[str]:
    rows = [COLUMNS, *(row(outcome, tally) for tally in outcome.tallies)]
    widths = [max(len(cells[column]) for cells in rows) for column in range(len(COLUMNS))]
    for first, *numbers in rows:
        cells = (number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True))
        yield "  ".join([first.ljust(widths[0]), *cells])


def _finding(number: int, finding: Finding) -> Iterator[str]:
    seen = f", {finding.times} times" if finding.times > 1 else ""
    yield f"{number}. {finding.operation}: {finding.check} ({finding.phase}{seen})"
    message = [line for line in finding.message.splitlines() if line.strip()]
    yield from (f"   {on_one_line(line)}" for line in [finding.title, *message[:MOST_LINES]])
    if len(message) > MOST_LINES:
        yield f"   … {len(message) - MOST_LINES} more lines in the report"
    if finding.status is not None:
        yield f"   answered {finding.status}: {on_one_line(finding.answer[:200])}"
    yield from (f"   $ {on_one_line(step)}" for step in finding.steps)
