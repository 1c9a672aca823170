"""What both commands of the benchmark can be told, and how they end."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import TypeVar

from bench.machine import load, surroundings
from bench.outcome import Outcome, missed
from bench.report import PAGE, write

Named = TypeVar("Named")
MISSED = 1


def add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds; medians are shown")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of one measurement")
    parser.add_argument("--no-report", action="store_true", help="print only, and leave the page as it is")
    parser.set_defaults(load=load())


def chosen(parser: argparse.ArgumentParser, asked: str | None, known: Mapping[str, Named]) -> list[Named]:
    """Those of these names, in their own order; all where none is asked for."""
    names = asked.split(",") if asked is not None else list(known)
    if unknown := sorted(set(names) - set(known)):
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(known)}")
    return [each for name, each in known.items() if name in names]


def show(outcome: Outcome) -> None:
    """What people read while the rest is measured."""
    print(f"\n{outcome.section}\n")
    for table in outcome.all_tables():
        print(f"{table.text()}\n")
    for remark in outcome.remarks:
        print(remark)
    sys.stdout.flush()


def finish(asked: argparse.Namespace, outcomes: Sequence[Outcome]) -> int:
    """Writes the page and gives the exit status: 1 when a bound was missed, which is printed."""
    if not asked.no_report:
        rounds = "1 round" if asked.rounds == 1 else f"Medians of {asked.rounds} interleaved rounds"
        others = f"others kept {asked.load:.1f} cores at work before"
        write(PAGE, outcomes, f"{rounds} of {asked.seconds:g} s each, {others}; {surroundings()}")
    below = missed(outcomes)
    for line in below:
        print(f"missed: {line}")
    return MISSED if below else 0
