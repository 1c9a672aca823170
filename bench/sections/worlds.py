"""How long a fork, a snapshot and a reset take: in process, and over HTTP beside a read."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from bench.cases import GET_TABLE, Case, Request, bearer
from bench.drive import drive
from bench.generator import Task
from bench.outcome import Bound, Outcome, Table
from bench.servers import DIRECT, ours
from bench.settings import FIXTURES, Settings
from mockserver.http.sandbox import open_sandbox
from mockserver.world.registry import Limits, Registry, Source

MANY = Path(__file__).resolve().parents[1] / "many.yaml"
TIMES = 1000
MOST_MICROSECONDS = 50.0
TIMES_GET = 2.0
KEPT = "measured"
# A fork each time: once there are as many worlds as are kept, each takes the place of the oldest.
FORK = Case("fork", (Request("POST", "/__mock__/worlds", '{"from": {"world": "default"}}'),))
SNAPSHOT = Case("snapshot", (Request("PUT", f"/__mock__/snapshots/{KEPT}"),))
RESET = Case("reset", (Request("POST", "/__mock__/reset"),))
DEEDS = (FORK, SNAPSHOT, RESET)


def worlds(settings: Settings) -> Outcome:
    """Bounds on all three, both ways."""
    inside, outside = _in_process(), _over_http(settings)
    rows = [(case.name, f"{inside[case.name]:.1f}", f"{outside[case.name]:.0f}") for case in DEEDS]
    rows.append((GET_TABLE.name, "", f"{outside[GET_TABLE.name]:.0f}"))
    bounds = [
        Bound(f"{case.name}, in process", inside[case.name], MOST_MICROSECONDS, "µs", at_least=False) for case in DEEDS
    ]
    for case in DEEDS:
        times = outside[case.name] / outside[GET_TABLE.name]
        bounds.append(Bound(f"{case.name}, over HTTP, in times of {GET_TABLE.name}", times, TIMES_GET, at_least=False))
    heading = ("", "µs in process, 100,000 tables", "µs over HTTP, 10,000 tables")
    return Outcome("worlds", (Table(heading, tuple(rows)),), tuple(bounds))


def _in_process() -> dict[str, float]:
    """Median microseconds of each."""
    registry = Registry(open_sandbox(fixtures=str(MANY)).world.root, Limits(), time.monotonic)
    world = registry.default
    return {
        FORK.name: _median(lambda: registry.create(KEPT, Source(world="default")), lambda: registry.delete(KEPT)),
        SNAPSHOT.name: _median(lambda: world.snapshot(KEPT)),
        RESET.name: _median(world.reset),
    }


def _median(deed: Callable[[], object], undo: Callable[[], object] = lambda: None) -> float:
    """Only the deed is timed."""
    times = []
    for _ in range(TIMES):
        started = time.perf_counter()
        deed()
        times.append((time.perf_counter() - started) * 1e6)
        undo()
    return median(times)


def _over_http(settings: Settings) -> dict[str, float]:
    """Median microseconds from a request to its answer, one at a time."""
    found: dict[str, list[float]] = {}
    with ours(DIRECT, *FIXTURES) as server:
        headers = bearer(server.tokens["admin"])
        for _ in range(settings.rounds):
            for case in (GET_TABLE, *DEEDS):
                texts = [[request.message(headers) for request in case.requests]]
                measured = drive([server], Task([server.port], settings.seconds, texts))
                found.setdefault(case.name, []).append(1e6 / measured.rate)
    return {name: median(values) for name, values in found.items()}
