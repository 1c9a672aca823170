"""Resident memory: idle, and over many requests."""

from __future__ import annotations

from functools import partial

from bench.cases import GET_TABLE, PUT_DELETE, PUT_SAME, Case, bearer, messages
from bench.drive import drive
from bench.generator import Task
from bench.outcome import Bound, Outcome, Table
from bench.recorded import own_tables
from bench.servers import DIRECT, ours
from bench.settings import FIXTURES, Settings

MB = 1e6
IDLE = 60.0
# The first parts fill the journal, the change events and what is remembered; from then on nothing may grow.
PARTS = 5
FILLED = 1
GROWTH = 1.03
HOURS = 3600.0
MIXED = Case("mixed", (*GET_TABLE.requests, *PUT_SAME.requests, *PUT_DELETE.requests))


def memory(settings: Settings) -> Outcome:
    """After the start, then after each part of the load."""
    with ours(DIRECT) as server:
        idle = server.memory() / MB
    sizes: list[float] = []
    with ours(DIRECT, *FIXTURES) as server:
        token = server.tokens["admin"]
        send = partial(messages, MIXED, own_tables(server, token), bearer(token))
        for _ in range(PARTS):
            drive([server], Task([server.port], HOURS, send(), most=settings.requests // PARTS))
            sizes.append(server.memory() / MB)
    answered = [f"{settings.requests * (at + 1) // PARTS:,}" for at in range(PARTS)]
    rows = [("none, the documented set", f"{idle:.1f}")]
    rows += [(f"{count}, the large set", f"{size:.1f}") for count, size in zip(answered, sizes, strict=True)]
    grown = f"after {answered[-1]} requests, in times of after {answered[FILLED]}"
    return Outcome(
        "memory",
        (Table(("after requests", "MB resident"), tuple(rows)),),
        (
            Bound("idle", idle, IDLE, "MB", at_least=False),
            Bound(grown, sizes[-1] / sizes[FILLED], GROWTH, at_least=False),
        ),
    )
