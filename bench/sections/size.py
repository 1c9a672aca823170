"""What a catalogue's size costs: the start, a read, a page of a list, and memory."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from bench.asking import Asking, slow
from bench.outcome import Bound, Outcome, Table
from bench.processes import Server
from bench.sections.worlds import MANY
from bench.servers import started
from bench.settings import SCRATCH, Settings

MANY_TABLES = 100_000
SIZES = (1_000, 10_000, MANY_TABLES)
TIMES = 2000
PAGE = 50
COLD_SECONDS, KEPT_SECONDS, MOST_MS = 30.0, 3.0, 10.0
GET, LIST, WRITE = "GET table", f"GET {PAGE} tables", "PATCH table"
HEADING = ("tables", "start anew s", "start s", "MB resident", *(f"{what} p99 ms" for what in (GET, LIST, WRITE)))


def size(settings: Settings) -> Outcome:
    """Starts twice at each size, with an empty folder of kept ones first, then asks one at a time."""
    rows, last = [], []
    for count in SIZES:
        last = list(_measured(count))
        seconds, kept, megabytes, *slowest = last
        rows.append((f"{count:,}", f"{seconds:.2f}", f"{kept:.2f}", f"{megabytes:.0f}", *(f"{p:.2f}" for p in slowest)))
    names = ("a start anew", "a start", "", GET, LIST, WRITE)
    limits = (COLD_SECONDS, KEPT_SECONDS, 0, MOST_MS, MOST_MS, MOST_MS)
    bounds = tuple(
        Bound(f"{name}, {MANY_TABLES:,} tables", figure, limit, "s" if name.startswith("a") else "ms", at_least=False)
        for name, figure, limit in zip(names, last, limits, strict=True)
        if name
    )
    return Outcome("size", (Table(HEADING, tuple(rows)),), bounds)


def _measured(count: int) -> Iterator[float]:
    """Seconds of both starts, resident megabytes, and the 99th percentile of each request in milliseconds."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=SCRATCH)))
        fixtures = folder / "many.yaml"
        fixtures.write_text(MANY.read_text().replace(f"count: {MANY_TABLES}", f"count: {count}"))
        for start in ("anew", "kept"):
            (folder / start).mkdir()
            begun = time.perf_counter()
            options = ("--fixtures", str(fixtures))
            state = {"XDG_STATE_HOME": str(folder / "state")}
            server = stack.enter_context(started(start, options, folder / start, environment=state))
            yield time.perf_counter() - begun
        yield server.memory() / 1e6
        yield from _latencies(server, count)


def _latencies(server: Server, count: int) -> Iterator[float]:
    asking = Asking(server, "/tables")
    chance = random.Random(count)
    one = [f"/name/measured.measured.measured.table_{chance.randint(1, count)}" for _ in range(TIMES)]
    yield slow([asking.timed("GET", f"{path}?fields=owners,tags,columns")[0] for path in one])
    times, after = [], ""
    for _ in range(TIMES):
        elapsed, answer = asking.timed("GET", f"?limit={PAGE}&database=measured.measured{after}")
        times.append(elapsed)
        after = f"&after={quote(found)}" if (found := answer["paging"].get("after")) else ""
    yield slow(times)
    ids = [asking.timed("GET", path)[1]["id"] for path in one]
    change = '[{"op": "add", "path": "/description", "value": "%d"}]'
    yield slow([asking.timed("PATCH", f"/{id}", change % at)[0] for at, id in enumerate(ids)])
