"""Puts a server under mixed load for a while, and ends with 1 when anything was not asked for, or grew."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from bench.machine import surroundings
from bench.options import MISSED, show
from bench.outcome import Bound, Outcome, Table, missed
from bench.report import write
from bench.soak.run import Run, Sample, Soak, serving

PAGE = Path(__file__).resolve().parents[2] / "docs" / "soak.md"
MIB = 2**20
GROWTH = 8.0


def parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    found.add_argument("--minutes", type=float, default=30.0, help="how long it takes; 30 unless said")
    found.add_argument("--callers", type=int, default=32, help="connections, and worlds, at once")
    found.add_argument("--reload-every", type=float, default=10.0, metavar="SECONDS", help="starts over so often")
    found.add_argument("--plain-asgi", action="store_true", help="of the server: answer through ASGI alone")
    found.add_argument("--no-report", action="store_true", help="print only, and leave the page as it is")
    return found


def outcome_of(run: Run) -> Outcome:
    """The figures, and what they are held to."""
    tally = run.tally
    rows = [
        (kind, f"{answers:,}", *(f"{tally.milliseconds(kind, share):.2f}" for share in (0.5, 0.99, 0.999)))
        for kind, answers in sorted(tally.answers.items())
    ]
    kinds = Table(("request", "answers", "median ms", "p99 ms", "p99.9 ms"), tuple(rows))
    quarter = max(len(run.samples) // 4, 1)
    parts = [run.samples[at : at + quarter] for at in range(0, quarter * 4, quarter)]
    held = Table(("the server holds", "1st quarter", "2nd", "3rd", "4th"), tuple(_held(parts)))
    return Outcome("soak", (kinds, held), _bounds(run, parts), tuple(tally.told + run.complaints[:20]))


def _held(parts: list[list[Sample]]) -> list[tuple[str, ...]]:
    least = (f"{_least(part) / MIB:.1f}" for part in parts)
    most = (f"{max(sample.memory for sample in part) / MIB:.1f}" for part in parts)
    files = (str(max(sample.files for sample in part)) for part in parts)
    threads = (str(max(sample.threads for sample in part)) for part in parts)
    return [
        ("MiB of memory, at least", *least),
        ("MiB, at most", *most),
        ("files, at most", *files),
        ("threads, at most", *threads),
    ]


def _least(part: list[Sample]) -> int:
    """What stays held: a server that starts over holds the old and the new at once for a moment, and gives one back."""
    return min(sample.memory for sample in part)


def _bounds(run: Run, parts: list[list[Sample]]) -> tuple[Bound, ...]:
    assert run.before is not None
    assert run.after is not None
    second, fourth = (_least(parts[at]) for at in (1, 3))
    # One for each job that may be done beside the loop; Python makes them when they are first needed, and keeps them.
    threads = run.before.threads + (os.cpu_count() or 1) + 4
    return (
        Bound("errors that were not asked for", run.tally.errors, 0, at_least=False),
        Bound("lines of complaint in the server's log", len(run.complaints), 0, at_least=False),
        Bound("memory that stays, 4th quarter over 2nd", (fourth - second) / MIB, GROWTH, "MiB", at_least=False),
        Bound("files open at the end", run.after.files, run.before.files, at_least=False),
        Bound("threads at the end", run.after.threads, threads, at_least=False),
        Bound("worlds left at the end", run.worlds, 1, at_least=False),
        Bound("times it started over", run.reloads, 2),
    )


def main(arguments: list[str] | None = None) -> int:
    asked = parser().parse_args(arguments)
    # Short journals are full soon, and what is kept on purpose does not hide what grows.
    options = ["--journal-size", "50", *(["--plain-asgi"] if asked.plain_asgi else [])]
    with serving(*options) as (server, folder):
        soak = Soak(server, folder, asked.minutes * 60, asked.reload_every)
        run = asyncio.run(soak.whole(asked.callers))
    outcome = outcome_of(run)
    show(outcome)
    total, repeated = run.tally.answers.total(), run.tally.repeated
    said = (
        f"{run.seconds / 60:.1f} minutes, {asked.callers} callers, {total:,} answers, {run.reloads} reloads"
        f" ({repeated} tours begun again because of one)"
    )
    print(said)
    if not asked.no_report:
        write(PAGE, [outcome], f"{said}; {surroundings()}")
    below = missed([outcome])
    for line in below:
        print(f"missed: {line}")
    return MISSED if below else 0


if __name__ == "__main__":
    sys.exit(main())
