"""Throughput of each variant of the server, beside a bare uvicorn and Starlette."""

from __future__ import annotations

from bench.cases import CASES
from bench.floors import bounds
from bench.outcome import Outcome, Picture
from bench.sections.stage import staged
from bench.servers import BARE, VARIANTS, YARDSTICKS
from bench.settings import Settings
from bench.throughput import compare, remarks, series, table


def throughput(settings: Settings) -> Outcome:
    """Every case, on every server."""
    with staged(tuple(YARDSTICKS), VARIANTS) as contenders:
        rates = compare(contenders, CASES, settings.rounds, settings.seconds, settings.seconds)
        names = [each.name for each in contenders]
    return Outcome(
        "throughput",
        (table(rates, CASES, names, BARE),),
        tuple(bounds(rates)),
        remarks(rates),
        Picture("Requests answered on one core", tuple(case.name for case in CASES), series(rates, CASES, names)),
    )
