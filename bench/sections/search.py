"""What a search costs as a catalogue grows, and what engines for texts that could do it cost."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from bench.asking import Asking, slow
from bench.engines import ENGINES, measured_apart
from bench.outcome import Bound, Outcome, Table
from bench.processes import Server
from bench.sections.size import MANY_TABLES, SIZES
from bench.sections.worlds import MANY
from bench.servers import started
from bench.settings import SCRATCH, Settings

TIMES = 500
MOST_MS = 10.0
# Each kind of query, made of a number that is another one each time.
QUERIES: Mapping[str, Callable[[int], str]] = {
    "a word": lambda number: f"/query?q=table_{number}",
    "a word of all": lambda number: f"/query?q=measured&from={number % 1000}",
    "a phrase": lambda number: f'/query?q="table {number}"',
    "a field": lambda number: f"/query?q=name:table_{number}",
    "a prefix": lambda number: f"/query?q=table_{number}*",
    "a short prefix": lambda number: f"/query?q=tab*&from={number % 1000}",
    "an infix": lambda number: f"/query?q=*ble_{number}*",
    "an infix of many": lambda number: f"/query?q=*{number % 10}*&from={number % 1000}",
    "a suffix": lambda number: f"/query?q=*_{number % 1000}",
    "everything": lambda number: f"/query?q=&index=table&from={number % 1000}&size=15",
    "a deep page": lambda number: f"/query?q=measured&index=table&from={9000 + number % 900}",
    "by a field": lambda number: f"/query?q=&sort_field=name.keyword&sort_order=asc&from={number % 1000}",
    "by a field, deep": lambda number: f"/query?q=&sort_field=name.keyword&from={9000 + number % 900}",
    "behind a key": lambda number: f"/query?q=&sort_field=name.keyword&sort_order=asc&search_after=table_{number}",
    "a related field": lambda number: f"/query?q=service.name:measured&from={number % 1000}",
    "counts by a related field": lambda number: f"/aggregate?q=&field=service.name.keyword&size={number % 100 + 1}",
    "a filter": lambda number: f'/query?q=table_{number}&query_filter={{"term":{{"entityType":"table"}}}}',
    "counts by type": lambda number: f"/aggregate?q=table_{number}*&field=entityType",
    "counts of an infix": lambda number: f"/aggregate?q=*ble_{number % 1000}*&field=entityType",
    "counts of an infix of many": lambda number: (
        f"/aggregate?q=*{number % 10}*&field=entityType&size={number % 100 + 1}"
    ),
    "counts by name": lambda number: f"/aggregate?q=&field=name.keyword&size={number % 100 + 1}",
}
AFTER_A_WRITE = "a word, after a PATCH"


def search(settings: Settings) -> Outcome:
    """The 99th percentile of each kind at each size; then the engines."""
    found = {count: _measured(count) for count in SIZES}
    rows = [(what, *(f"{found[count][what]:.2f}" for count in SIZES)) for what in found[MANY_TABLES]]
    bounds = tuple(
        Bound(f"{what}, p99 at {MANY_TABLES:,} tables", figure, MOST_MS, "ms", at_least=False)
        for what, figure in found[MANY_TABLES].items()
        if what != FIRST
    )
    heading = ("query, p99 ms", *(f"{count:,} tables" for count in SIZES))
    engines = [
        (name, f"{count:,}", *(f"{figure:,.2f}" for figure in measured_apart(name, count)))
        for name in ENGINES
        for count in SIZES
    ]
    costs = ("engine", "documents", "made s", "MB", "a word ms", "a word of all ms", "a write ms", "a fork ms")
    return Outcome("search", (Table(heading, tuple(rows)), Table(costs, tuple(engines))), bounds)


FIRST = "the first search of all"


def _measured(count: int) -> dict[str, float]:
    SCRATCH.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=SCRATCH)))
        fixtures = folder / "many.yaml"
        fixtures.write_text(MANY.read_text().replace(f"count: {MANY_TABLES}", f"count: {count}"))
        server = stack.enter_context(started("searched", ("--fixtures", str(fixtures)), folder))
        return _latencies(server, count)


def _latencies(server: Server, count: int) -> dict[str, float]:
    asking, chance = Asking(server, "/search"), random.Random(count)
    found = {FIRST: asking.timed("GET", "/query?q=table_1")[0] * 1e3}

    def drawn(made: Callable[[int], str]) -> str:
        return quote(made(chance.randint(1, count)), safe="/?=&:")

    for what, made in QUERIES.items():
        # What is asked of a field is worked out the first time.
        asking.timed("GET", drawn(made))
        found[what] = slow([asking.timed("GET", drawn(made))[0] for _ in range(TIMES)])
    tables, times = Asking(server, "/tables"), []
    for at in range(TIMES):
        change = f'[{{"op": "add", "path": "/description", "value": "written {at}"}}]'
        tables.timed("PATCH", f"/name/measured.measured.measured.table_{chance.randint(1, count)}", change)
        times.append(asking.timed("GET", drawn(QUERIES["a word"]))[0])
    found[AFTER_A_WRITE] = slow(times)
    return found
